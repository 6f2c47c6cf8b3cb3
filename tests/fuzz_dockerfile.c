/*
 * fuzz_dockerfile.c: the reader and the resolver of Dockerfiles, on any bytes.
 *
 * Reading ends. Every span of a reference and of a Diag lies in the file (of an inline
 * Dockerfile: is the scalar's). A value has a hole only where an argument is unknown, or
 * where the file writes one itself behind an escape or in quotes.
 */
#include <stdint.h>
#include <stdlib.h>

#include "facts/configuration.h"
#include "syntax/dockerfile.h"

typedef struct Input {
    Arena *arena;
    Text bytes;
} Input;

static void check(bool holds)
{
    if (!holds)
        abort();
}

static Configuration configuration_new(Arena *arena, Text bytes, uint32_t *file)
{
    Sources *sources = sources_new(arena);

    *file = sources_add(sources, TEXT("Dockerfile"), bytes);
    return (Configuration){
        .facts = facts_new(arena, symbols_new(arena), sources, diags_new(arena)),
        .platform = TEXT("linux/amd64"),
        .references = {.arena = arena},
    };
}

static bool can_write_a_hole(Text bytes)
{
    return text_find_byte(bytes, '\\') < bytes.len ||
           text_find_byte(bytes, '`') < bytes.len ||
           text_find_byte(bytes, '\'') < bytes.len;
}

static void check_span(Span span, Span within)
{
    check(span.file == within.file && span.start >= within.start &&
          span.start <= span.end && span.end <= within.end);
}

static void check_result(const Configuration *configuration, Text bytes, Span within,
                         bool is_known)
{
    const References *references = &configuration->references;
    const Diags *diags = configuration->facts->diags;

    for (uint32_t i = 0; i < references->count; i++) {
        Text hole = references->items[i].hole;

        check_span(references->items[i].span, within);
        check(hole.len == 0 || can_write_a_hole(bytes) ||
              (!is_known && text_equal(hole, TEXT("A"))));
        check((references->items[i].reach == REACH_UNRESOLVED) <= (hole.len > 0));
    }
    for (uint32_t i = 0; i < diags->count; i++)
        check_span(diags->items[i].span, within);
}

static void extract(const Input *input, bool is_known)
{
    const BuildArgument arguments[] = {
        {.name = TEXT_INIT("A"), .value = TEXT_INIT("a"), .has_value = is_known},
        {.name = TEXT_INIT("B"), .value = TEXT_INIT("b/c:1"), .has_value = true},
    };
    const Build build = {
        .arguments = arguments, .narguments = 2, .reach = REACH_PULLED};
    uint32_t file;
    Configuration configuration = configuration_new(input->arena, input->bytes, &file);

    dockerfile_extract(&configuration, file, &build);
    check_result(&configuration, input->bytes,
                 (Span){file, 0, (uint32_t)input->bytes.len}, is_known);
}

static void spans_lie_in_the_file(void *context)
{
    static const Build build = {.reach = REACH_PULLED};
    const Input *input = context;
    Buffer out = {.arena = input->arena};
    uint32_t file;

    extract(input, true);
    extract(input, false);
    Configuration configuration =
        configuration_new(input->arena, TEXT("dockerfile_inline: x"), &file);
    const Span scalar = {file, 19, 20};
    dockerfile_extract_inline(&configuration, input->bytes, scalar, &build);
    check_result(&configuration, input->bytes, scalar, true);
    configuration = configuration_new(input->arena, input->bytes, &file);
    Diags *diags = diags_new(input->arena);
    dockerfile_dump(
        dockerfile_read(input->arena, configuration.facts->sources, file, diags),
        configuration.facts->sources, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input = {arena_new((size_t)1 << 28), {(const char *)data, size}};

    bool fits = arena_run(input.arena, spans_lie_in_the_file, &input);

    (void)fits; /* what memory did not suffice for was left */
    arena_free(input.arena);
    return 0;
}
