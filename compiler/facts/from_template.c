#include "facts/devcontainer.h"
#include "facts/template.h"
#include "syntax/syntax.h"

typedef struct Reading {
    Template *template;
    uint32_t file; /* devcontainer.json, as it stands */
    Configuration like;
    Diags *diags; /* of the facts */
    uint32_t said;
    Arena *arena;
    Symbols *seen;           /* what makes a reference another one than those before */
    ReferenceReach *reaches; /* that it had, by symbol of `seen` */
    uint32_t nreaches, reaches_capacity;
} Reading;

/* --- what was seen before --- */

/* The kind, the place, and the value; of what is opaque, the note. */
static Text key_of(const Reading *reading, const Reference *reference)
{
    const Facts *facts = reading->like.facts;
    Span span = span_origin(facts->sources, reference->span);
    bool is_opaque = reference->reach == REACH_OPAQUE;
    Text value = is_opaque ? reference->note : reference->value;

    return arena_format(facts->scratch, "%d %d %u %u %u %.*s", (int)reference->kind,
                        is_opaque, span.file, span.start, span.end, TEXT_ARG(value));
}

/* Whether the reference is new, or is reached now where it was not. */
static bool see(Reading *reading, const Reference *reference)
{
    uint32_t id = symbol_intern(reading->seen, key_of(reading, reference)).id;

    if (id > reading->nreaches) { /* symbol 0 is none, and they come in order */
        ARRAY_GROW(reading->arena, reading->reaches, reading->nreaches,
                   reading->reaches_capacity);
        reading->reaches[reading->nreaches++] = reference->reach;
        return true;
    }
    ReferenceReach *reach = &reading->reaches[id - 1];
    if (*reach != REACH_DECLARED || reference->reach == REACH_DECLARED)
        return false;
    *reach = reference->reach;
    return true;
}

/* --- what is said --- */

static bool is_said(const Reading *reading, const Diag *diag, Span span)
{
    for (uint32_t i = reading->said; i < reading->diags->count; i++) {
        const Diag *other = &reading->diags->items[i];

        if (other->span.file == span.file && other->span.start == span.start &&
            other->span.end == span.end &&
            text_equal(text_of(other->rule), text_of(diag->rule)) &&
            text_equal(other->message, diag->message))
            return true;
    }
    return false;
}

/* " (with the value '24' of the Template's option 'version')"; empty: the defaults. */
static Text condition_of(const Reading *reading, Arena *arena)
{
    const Template *template = reading->template;

    if (!template->chosen)
        return (Text){0};
    return arena_format(arena, "with the value '%.*s' of the Template's option '%.*s'",
                        TEXT_ARG(template->value), TEXT_ARG(template->chosen->name));
}

/* What a reader refuses for a hole alone is no fault of the file: what it may pull there
 * is not known. */
static bool is_hole(Reading *reading, Configuration *configuration, const Diag *diag,
                    Span span)
{
    Facts *facts = reading->like.facts;
    Text name = template_hole(reading->template, span_bytes(facts->sources, span));

    if (name.len == 0 || !text_equal(text_of(diag->rule), TEXT("input/syntax")))
        return false;
    const Reference unknown = {
        .kind = KIND_TEMPLATE,
        .reach = REACH_OPAQUE,
        .note = arena_format(facts->scratch,
                             "the Template's option '%.*s' has neither a default nor "
                             "values",
                             TEXT_ARG(name)),
        .span = span};
    if (see(reading, &unknown))
        reference_extract(configuration, &unknown);
    return true;
}

/* What was said of views, at its place in the files. */
static void say(Reading *reading, Configuration *configuration, const Diags *diags)
{
    Facts *facts = reading->like.facts;
    Text condition = condition_of(reading, facts->scratch);

    for (uint32_t i = 0; i < diags->count; i++) {
        const Diag *diag = &diags->items[i];
        Span span = span_origin(facts->sources, diag->span);

        if (is_said(reading, diag, span) || is_hole(reading, configuration, diag, span))
            continue;
        Diag *said = diag_add(reading->diags, diag->rule, span, "%.*s%s%.*s%s",
                              TEXT_ARG(diag->message), condition.len ? " (" : "",
                              TEXT_ARG(condition), condition.len ? ")" : "");
        said->help = arena_copy(reading->diags->arena, diag->help);
        said->related = span_origin(facts->sources, diag->related);
        said->related_says = arena_copy(reading->diags->arena, diag->related_says);
    }
    reading->diags->dropped += diags->dropped;
}

/* --- with one set of values --- */

/* What is not resolved is shown as the file has it, holes included. */
static Text written(const Reading *reading, const Reference *reference)
{
    const Sources *sources = reading->like.facts->sources;
    Text text = span_bytes(sources, span_origin(sources, reference->span));

    if (text.len >= 2 && text.at[0] == '"' && text_ends_with(text, TEXT("\"")))
        return text_slice(text, 1, text.len - 1);
    return text;
}

static void add_references(Reading *reading, Configuration *configuration)
{
    Arena *arena = configuration->facts->scratch;
    Text condition = condition_of(reading, arena);

    for (uint32_t i = 0; i < configuration->references.count; i++) {
        Reference reference = configuration->references.items[i];

        if (!see(reading, &reference))
            continue;
        if (reference.hole.len)
            reference.text = written(reading, &reference);
        if (condition.len) {
            if (reference.reach == REACH_PULLED)
                reference.reach = REACH_CONDITIONAL;
            reference.note = reference.note.len ? arena_format(arena, "%.*s; %.*s",
                                                               TEXT_ARG(condition),
                                                               TEXT_ARG(reference.note))
                                                : condition;
        }
        reference_extract(configuration, &reference);
    }
}

/* Reads the configuration with the chosen values, in an arena of its own. */
static void read_once(Reading *reading, Arena *arena)
{
    Facts *facts = reading->like.facts;
    Configuration configuration = reading->like;
    Diags *diags = diags_new(arena);

    facts->scratch = arena;
    facts->diags = diags;
    configuration.references.arena = arena;
    configuration.tree =
        jsonc_read(arena, facts->sources,
                   template_view(reading->template, facts, reading->file), diags);
    if (!reading->template->chosen)
        devcontainer_declare(&configuration);
    reading->like.config = configuration.config;
    devcontainer_references(&configuration);
    if (!reading->template->chosen)
        devcontainer_commands(&configuration);
    add_references(reading, &configuration);
    say(reading, &configuration, diags);
    facts->diags = reading->diags;
    facts->scratch = reading->arena;
    arena_reset(arena);
}

static void say_limit(Reading *reading, const TemplateOption *option)
{
    const Reference rest = {
        .kind = KIND_TEMPLATE,
        .reach = REACH_OPAQUE,
        .note = TEXT("more than 64 values of options; the rest was not looked at"),
        .span = option->span};

    reference_extract(&reading->like, &rest);
}

/* Each value of each option that occurs; files that are read for one may hold further
 * options, so that the list is gone through until none is new. */
static void read_values(Reading *reading, Arena *arena)
{
    Template *template = reading->template;
    bool *is_done = ARENA_ARRAY(reading->arena, template->noptions, bool);
    uint32_t values = 0;

    for (uint32_t i = 0; i < template->noptions;) {
        TemplateOption *option = &template->options[i];

        if (is_done[i] || !option->is_used) {
            i++;
            continue;
        }
        is_done[i] = true;
        for (uint32_t k = 0; k < option->nvalues; k++) {
            if (values++ == TEMPLATE_VALUES_MAX) {
                say_limit(reading, option);
                return;
            }
            template_choose(template, reading->like.facts, option, option->values[k]);
            read_once(reading, arena);
        }
        i = 0;
    }
}

static void template_extract(Reading *reading)
{
    Facts *facts = reading->like.facts;
    Arena *arena = arena_scratch(facts->scratch);

    read_once(reading, arena);
    read_values(reading, arena);
    sources_drop_views(facts->sources);
}

void configuration_extract(Facts *facts, Files *files, uint32_t file, Text repository,
                           Text root, Text path, Text platform)
{
    Template *template = template_read(facts, files, root, path);

    if (!template) {
        devcontainer_extract(
            facts, files,
            jsonc_read(facts->scratch, facts->sources, file, facts->diags), repository,
            root, path, platform);
        return;
    }
    Reading reading = {.template = template,
                       .file = file,
                       .like = {.facts = facts,
                                .files = files,
                                .repo = fact_repository(facts, repository),
                                .root = root,
                                .folder = template->folder,
                                .path = path,
                                .directory = path_directory(path),
                                .platform = platform,
                                .template = template},
                       .diags = facts->diags,
                       .said = facts->diags->count,
                       .arena = facts->scratch,
                       .seen = symbols_new(facts->scratch)};
    template_extract(&reading);
}
