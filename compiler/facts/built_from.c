#include "facts/built_from.h"

#include "facts/dockerfile_stages.h"

typedef struct Reading {
    Facts *facts;
    Files *files;
    const Workspace *workspace;
    Text platform;
    const Checkout **checkouts; /* by the repository's symbol; NULL: no tree */
    uint32_t *links;            /* by the package's symbol: its repository; 0: none */
    uint32_t count;             /* symbols */
} Reading;

static void find_checkouts(Reading *reading)
{
    const Workspace *workspace = reading->workspace;
    Symbol repository;

    for (uint32_t i = 0; i < workspace->ncheckouts; i++) {
        const Checkout *checkout = &workspace->checkouts[i];

        if (checkout->is_there && checkout->repository.len &&
            symbol_find(reading->facts->symbols, checkout->repository, &repository))
            reading->checkouts[repository.id] = checkout;
    }
}

static void find_links(Reading *reading)
{
    const Rows *rows = &reading->facts->rows[REL_package_repository];

    for (uint32_t i = 0; i < rows->count; i += rows->arity)
        reading->links[rows->cells[i + 1]] = rows->cells[i + 2];
}

/* --- the base --- */

/* Of what is written in the file, a variable may change the tag or the digest alone:
 * which package it is then stands there. */
static bool is_stated(Text written)
{
    size_t variable = text_find_byte(written, '$');
    Text before = text_slice(written, 0, variable);
    size_t slash = text_find_last_byte(before, '/');
    Text last = slash == before.len ? before : text_from(before, slash);

    return variable == written.len || text_find_byte(last, ':') < last.len ||
           text_find_byte(last, '@') < last.len;
}

/* The node whose base is the image under the last stage; NULL: there is none, or what
 * it is cannot be seen. */
static const BuildNode *find_base(const BuildGraph *graph)
{
    const BuildNode *node = NULL;

    if (graph->is_stopped)
        return NULL;
    for (uint32_t number = graph->nstages; number; number = node->parent) {
        node = &graph->nodes[number - 1];
        if (node->hole.len || !is_stated(node->text))
            return NULL;
    }
    bool is_image = node && node->base.len && !text_equal(node->base, TEXT("scratch"));
    return is_image ? node : NULL;
}

/* --- the label that links a package to its repository --- */

static bool is_name_byte(char byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '.' || byte == '-';
}

/* Whether the words of a LABEL set it; an argument in a key may be its name. */
static Text label_answer(const Instruction *label)
{
    Text key = TEXT("org.opencontainers.image.source"), answer = TEXT("false");

    for (uint32_t i = 0; i < label->nwords; i++) {
        Text word = label->words[i].text;
        Text rest = text_from(word, text_find(word, key));

        if (rest.len == key.len ||
            (rest.len > key.len && !is_name_byte(rest.at[key.len])))
            return TEXT("true");
        if (text_find_byte(word, '$') < text_find_byte(word, '='))
            answer = TEXT("unknown");
    }
    return answer;
}

/* The labels of the last stage, and of the stages that it is built from. */
static void add_source_label(Facts *facts, uint32_t package, const BuildGraph *graph)
{
    Text answer = TEXT("false");

    if (graph->is_stopped || graph->nstages == 0)
        return;
    for (uint32_t number = graph->nstages; number;) {
        const BuildNode *node = &graph->nodes[number - 1];

        for (uint32_t i = node->instruction; i < node->end; i++) {
            const Instruction *instruction = &graph->dockerfile->instructions[i];

            if (instruction->kind != INSTRUCTION_LABEL ||
                text_equal(answer, TEXT("true")))
                continue;
            Text said = label_answer(instruction);
            if (!text_equal(said, TEXT("false")))
                answer = said;
        }
        number = node->parent;
    }
    FACT(facts, REL_source_label,
         fact_site(facts, graph->nodes[graph->nstages - 1].span), package,
         fact_symbol(facts, answer));
}

static void read_dockerfile(Reading *reading, uint32_t package, uint32_t file)
{
    Facts *facts = reading->facts;
    Diags *said = diags_new(facts->scratch);
    const Build build = {.reach = REACH_PULLED};
    ImageName name;
    Text problem;

    const Dockerfile *dockerfile =
        dockerfile_read(facts->scratch, facts->sources, file, said);
    if (dockerfile->syntax.text.len &&
        !dockerfile_frontend_is_docker(dockerfile->syntax.text))
        return; /* it may be another language than ours */
    const BuildGraph *graph =
        build_graph_read(facts->scratch, said, dockerfile, &build, reading->platform);
    add_source_label(facts, package, graph);
    const BuildNode *base = find_base(graph);
    if (base && image_name_read(facts->scratch, base->base, &name, &problem))
        FACT(facts, REL_built_on, fact_site(facts, base->span), package,
             reference_name_extract(facts, &name));
    for (uint32_t i = 0; i < said->count; i++)
        diag_add(facts->diags, said->items[i].rule, said->items[i].span, "%.*s",
                 TEXT_ARG(said->items[i].message));
    facts->diags->dropped += said->dropped;
}

static void read_row(Reading *reading, uint32_t site, uint32_t package, Text path)
{
    Facts *facts = reading->facts;
    const Checkout *checkout = reading->checkouts[reading->links[package]];
    uint32_t file;
    Text clean;

    if (!checkout)
        return;
    Configuration configuration = {.facts = facts,
                                   .files = reading->files,
                                   .root = checkout->root,
                                   .folder = checkout->root,
                                   .directory = checkout->root,
                                   .platform = reading->platform,
                                   .references = {.arena = facts->scratch}};
    if (configuration_read(&configuration, checkout->root, path,
                           site_span(facts->sources, (Site){site}), "Dockerfile", &file,
                           &clean))
        read_dockerfile(reading, package, file);
    arena_reset(facts->scratch);
}

void built_from_extract(Facts *facts, Files *files, const Workspace *workspace,
                        Text platform)
{
    const Rows *rows = &facts->rows[REL_package_built_from];
    Reading reading = {.facts = facts,
                       .files = files,
                       .workspace = workspace,
                       .platform = platform,
                       .count = symbols_count(facts->symbols)};

    if (rows->count == 0)
        return;
    reading.checkouts = ARENA_ARRAY(facts->arena, reading.count, const Checkout *);
    reading.links = ARENA_ARRAY(facts->arena, reading.count, uint32_t);
    find_checkouts(&reading);
    find_links(&reading);
    for (uint32_t i = 0; i < rows->count; i += rows->arity)
        read_row(&reading, rows->cells[i], rows->cells[i + 1],
                 symbol_text(facts->symbols, (Symbol){rows->cells[i + 2]}));
}
