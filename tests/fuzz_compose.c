/*
 * fuzz_compose.c: any bytes as a compose file.
 *
 * What is found stands in the file; a value is nested at most COMPOSE_DEPTH deep, and
 * its keys are unique and found; a file that is merged over itself gives the same
 * images and the same builds. Nothing else is read: what the file names is not there.
 */
#include <stdlib.h>

#include "facts/compose_model.h"

typedef struct Input {
    Arena *arena;
    Text bytes;
} Input;

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* The one file that there is, in a directory that is not. */
bool configuration_read(Configuration *configuration, Text directory, Text path,
                        Span span, const char *what, uint32_t *file, Text *clean)
{
    (void)directory;
    (void)span;
    (void)what;
    *file = text_equal(path, TEXT("c.yml")) && span.file == 0;
    *clean = TEXT("absent/c.yml");
    must(sources_count(configuration->facts->sources) == 1);
    return *file == 1;
}

const Via *configuration_via(Configuration *configuration, Span span, const Via *from)
{
    Via *via = ARENA_NEW(configuration->facts->arena, Via);

    *via = (Via){.span = span, .from = from};
    return via;
}

static void check_span(const Configuration *configuration, Span span)
{
    must(span.start <= span.end);
    must(span.file <= 1);
    must(span.file == 0 ||
         span.end <= source_bytes(configuration->facts->sources, span.file).len);
}

static void check_build(const Configuration *configuration, const Build *build)
{
    for (uint32_t i = 0; i < build->narguments; i++)
        check_span(configuration, build->arguments[i].span);
    for (uint32_t i = 0; i < build->ncontexts; i++)
        check_span(configuration, build->contexts[i].span);
    for (const Via *via = build->via; via; via = via->from)
        check_span(configuration, via->span);
}

void dockerfile_extract(Configuration *configuration, uint32_t file, const Build *build)
{
    must(file == 1);
    check_build(configuration, build);
}

void dockerfile_extract_inline(Configuration *configuration, Text text, Span span,
                               const Build *build)
{
    must(text.len > 0);
    check_span(configuration, span);
    check_build(configuration, build);
}

static VariableState find_nothing(void *context, Text name, Text *value)
{
    (void)context;
    (void)name;
    (void)value;
    return VARIABLE_UNSET;
}

static Configuration *configuration_new(const Input *input)
{
    Arena *arena = input->arena;
    Configuration *configuration = ARENA_NEW(arena, Configuration);
    Symbols *symbols = symbols_new(arena);
    Sources *sources = sources_new(arena);
    const char *problem;

    configuration->facts = facts_new(arena, symbols, sources, diags_new(arena));
    configuration->files = files_open(arena, symbols, sources, TEXT("."), &problem);
    configuration->root = TEXT("absent");
    configuration->directory = TEXT("absent");
    configuration->platform = TEXT("linux/amd64");
    configuration->references.arena = arena;
    must(configuration->files != NULL);
    must(sources_add(sources, TEXT("absent/c.yml"), input->bytes) == 1);
    return configuration;
}

static void check_value(const Configuration *configuration, const ComposeValue *value,
                        uint32_t depth)
{
    must(depth <= COMPOSE_DEPTH + 1); /* a mapping may stand for a string */
    check_span(configuration, value->span);
    for (uint32_t i = 0; i < value->count; i++) {
        const ComposeMember *member = &value->members[i];

        must(value->kind != NODE_OBJECT ||
             compose_member(value, member->key) == member);
        check_value(configuration, member->value, depth + 1);
    }
}

static void check_references(const Configuration *configuration)
{
    for (uint32_t i = 0; i < configuration->references.count; i++) {
        const Reference *reference = &configuration->references.items[i];

        check_span(configuration, reference->span);
        must(reference->reach != REACH_UNRESOLVED || reference->hole.len > 0);
        must(reference->reach != REACH_PULLED || reference->hole.len == 0);
        must(reference->reach == REACH_OPAQUE || reference->value.len > 0);
    }
    for (uint32_t i = 0; i < configuration->facts->diags->count; i++)
        check_span(configuration, configuration->facts->diags->items[i].span);
}

static Text image_of(const ComposeValue *service)
{
    return compose_text(compose_find(service, "image"));
}

static void check_equal(const ComposeModel *once, const ComposeModel *twice)
{
    if (once->work.is_exhausted || twice->work.is_exhausted)
        return;
    must((once->services != NULL) == (twice->services != NULL));
    if (!once->services)
        return;
    must(once->services->count == twice->services->count);
    for (uint32_t i = 0; i < once->services->count; i++) {
        const ComposeMember *service = &once->services->members[i];
        const ComposeMember *other = compose_member(twice->services, service->key);

        must(other != NULL);
        must(text_equal(image_of(service->value), image_of(other->value)));
        must((compose_find(service->value, "build") != NULL) ==
             (compose_find(other->value, "build") != NULL));
    }
}

static void the_file_is_read(void *context)
{
    Input *input = context;
    const ComposeFile files[] = {{TEXT("c.yml"), {0}}, {TEXT("c.yml"), {0}}};
    ComposeProject project = {.files = files, .nfiles = 1, .service = TEXT("a")};
    Configuration *first = configuration_new(input);
    Configuration *second = configuration_new(input);
    Configuration *third = configuration_new(input);

    compose_extract(first, &project);
    check_references(first);
    const ComposeModel *once =
        compose_load(second, &project, (Variables){find_nothing, NULL});
    check_value(second, once->root, 0);
    project.nfiles = 2;
    check_equal(once, compose_load(third, &project, (Variables){find_nothing, NULL}));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input = {arena_new((size_t)1 << 30), {(const char *)data, size}};

    (void)arena_run(input.arena, the_file_is_read, &input);
    arena_free(input.arena);
    return 0;
}
