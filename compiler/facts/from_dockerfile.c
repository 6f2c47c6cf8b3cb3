#include "facts/dockerfile_stages.h"
#include "facts/secret_facts.h"

/* What is the same for all references of one build. */
typedef struct Extraction {
    Configuration *configuration;
    const Build *build;
    const BuildGraph *graph;
    bool is_foreign; /* the frontend may read another language than ours */
} Extraction;

/* The build's own reach is the most that anything in it has. */
static ReferenceReach reach_of(const Extraction *extraction, Need need, Text *note)
{
    ReferenceReach reach = need == NEED_SURE    ? REACH_PULLED
                           : need == NEED_MAYBE ? REACH_CONDITIONAL
                                                : REACH_DECLARED;

    if (extraction->build->reach == REACH_DECLARED) {
        *note = TEXT("this image is not built");
        return REACH_DECLARED;
    }
    if (extraction->is_foreign) {
        *note = TEXT("what a frontend other than Docker's makes of it cannot be seen");
        return REACH_OPAQUE;
    }
    if (reach == REACH_DECLARED)
        return reach;
    if (extraction->graph && extraction->graph->is_stopped) {
        *note = TEXT("BuildKit ends with an error before it pulls this");
        return REACH_CONDITIONAL;
    }
    if (reach == REACH_CONDITIONAL)
        *note = TEXT("which stage is built depends on what only the machine knows");
    else if (extraction->build->reach == REACH_CONDITIONAL)
        *note = TEXT("not every command builds this image");
    else
        *note = (Text){0};
    return note->len ? REACH_CONDITIONAL : REACH_PULLED;
}

static void add(const Extraction *extraction, Reference reference, Need need, Text note)
{
    Text why = note;

    reference.via = extraction->build->via;
    reference.reach = reach_of(extraction, need, &why);
    if (reference.hole.len &&
        (reference.reach == REACH_PULLED || reference.reach == REACH_CONDITIONAL)) {
        reference.reach = REACH_UNRESOLVED;
        why = (Text){0};
    }
    reference.note = why;
    references_add(&extraction->configuration->references, reference);
}

/* --- frontends --- */

bool dockerfile_frontend_is_docker(Text name)
{
    return text_starts_with(name, TEXT("docker/dockerfile")) ||
           text_starts_with(name, TEXT("docker.io/docker/dockerfile"));
}

/* Adds the frontend that reads the file. BUILDKIT_SYNTAX goes before "# syntax="; where
 * only the machine knows it, it is taken to be unset. Returns whether the frontend is a
 * foreign one. [D2, D21] */
static bool add_frontend(Extraction *extraction, DockerfileWord syntax)
{
    Reference reference = {.kind = KIND_FRONTEND,
                           .text = syntax.text,
                           .value = syntax.text,
                           .span = syntax.span};

    for (uint32_t i = 0; i < extraction->build->narguments; i++) {
        const BuildArgument *argument = &extraction->build->arguments[i];
        Text value = text_trim(argument->value);

        if (!text_equal(argument->name, TEXT("BUILDKIT_SYNTAX")) || value.len == 0)
            continue;
        reference.text = argument->value;
        reference.value = text_slice(value, 0, text_find_byte(value, ' '));
        reference.span = argument->span;
        reference.hole = reference_hole(reference.value);
    }
    if (reference.value.len == 0)
        return false;
    add(extraction, reference, NEED_SURE, (Text){0});
    return !dockerfile_frontend_is_docker(reference.value);
}

/* --- images --- */

static Text note_of(const BuildNode *node)
{
    if (node->context)
        return TEXT("a named context takes its place");
    if (node->kind == KIND_ONBUILD)
        return TEXT("a trigger: pulled by what is built from this stage");
    return TEXT("no stage that is built needs it");
}

static void add_node(const Extraction *extraction, const BuildNode *node)
{
    Reference reference = {.kind = node->kind,
                           .text = node->text,
                           .value = node->base,
                           .hole = node->hole,
                           .span = node->span};

    if (node->parent || node->base.len == 0 || text_equal(node->base, TEXT("scratch")))
        return;
    add(extraction, reference, node->context ? NEED_NONE : node->need, note_of(node));
}

/* "docker-image://name"; other kinds of contexts are in no registry. [D20] */
static void add_context(const Extraction *extraction, uint32_t index)
{
    const NamedContext *context = &extraction->build->contexts[index];
    Text hole = reference_hole(context->value), value = context->value;
    const Text scheme = TEXT("docker-image:");

    if (text_starts_with(value, scheme)) {
        value = text_from(value, scheme.len);
        if (text_starts_with(value, TEXT("//")))
            value = text_from(value, 2);
    } else if (!text_starts_with(value, TEXT("${"))) {
        return; /* a hole at the start may hold the scheme */
    }
    if (text_equal(value, TEXT("scratch")))
        return;
    add(extraction,
        (Reference){.kind = KIND_NAMED_CONTEXT,
                    .text = context->value,
                    .value = value,
                    .hole = hole,
                    .span = context->span},
        extraction->graph->context_needs[index],
        TEXT("no stage that is built uses this context"));
}

/* A file that a foreign frontend reads is not known, even when we find nothing in it. */
static void add_opaque(const Extraction *extraction, const Dockerfile *dockerfile)
{
    DockerfileWord syntax = dockerfile->syntax;
    bool has_directive = syntax.text.len > 0;

    add(extraction,
        (Reference){.kind = KIND_FRONTEND,
                    .text = syntax.text,
                    .value = syntax.text,
                    .span = has_directive ? syntax.span : dockerfile->start},
        NEED_SURE, (Text){0});
}

static void extract(Configuration *configuration, const Build *build,
                    const Dockerfile *dockerfile, Diags *said)
{
    Facts *facts = configuration->facts;
    Extraction extraction = {.configuration = configuration, .build = build};
    uint32_t before;

    dockerfile_secrets_extract(configuration, dockerfile);
    extraction.is_foreign = add_frontend(&extraction, dockerfile->syntax);
    before = configuration->references.count;
    extraction.graph = build_graph_read(facts->scratch, said, dockerfile, build,
                                        configuration->platform);
    for (uint32_t i = 0; i < build->ncontexts; i++)
        add_context(&extraction, i);
    for (uint32_t i = 0; i < extraction.graph->nnodes; i++)
        add_node(&extraction, &extraction.graph->nodes[i]);
    if (extraction.is_foreign && configuration->references.count == before)
        add_opaque(&extraction, dockerfile);
    /* What we refuse of another language says nothing. */
    for (uint32_t i = 0; i < said->count && !extraction.is_foreign; i++)
        diag_add(facts->diags, said->items[i].rule, said->items[i].span, "%.*s",
                 TEXT_ARG(said->items[i].message));
    facts->diags->dropped += extraction.is_foreign ? 0 : said->dropped;
}

void dockerfile_extract(Configuration *configuration, uint32_t file, const Build *build)
{
    Facts *facts = configuration->facts;
    Diags *said = diags_new(facts->scratch);

    secret_facts_scan(configuration, file);
    extract(configuration, build,
            dockerfile_read(facts->scratch, facts->sources, file, said), said);
}

void dockerfile_extract_inline(Configuration *configuration, Text text, Span span,
                               const Build *build)
{
    Arena *arena = configuration->facts->scratch;
    Diags *said = diags_new(arena);

    extract(
        configuration, build,
        dockerfile_read_inline(arena, configuration->facts->sources, text, span, said),
        said);
}
