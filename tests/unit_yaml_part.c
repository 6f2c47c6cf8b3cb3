#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "syntax/syntax.h"

typedef struct Case {
    const char *name;
    Text before, part, after;
    const char *says; /* "line:column text" of the value of `key`, and of each Diag */
} Case;

static Case cases[] = {
    {"a part of a file has the file's places", TEXT_INIT("/*---\n"),
     TEXT_INIT("title: t\nkey: v\n"), TEXT_INIT("---*/\n.decl x(\n"), "3:6 v\n"},
    {"a part may start within a line", TEXT_INIT("// "), TEXT_INIT("{key: v}"),
     TEXT_INIT(" }}"), "1:10 v\n"},
    {"columns count code points, before the part and in it",
     TEXT_INIT("/* \xC3\xA9\xF0\x9F\x98\x80 "), TEXT_INIT("{\xC3\xA9: 1, key: v}"),
     TEXT_INIT(" \xC3\xA9 */"), "1:19 v\n"},
    {"an error in a part has the file's place", TEXT_INIT("/* \xC3\xA9\n"),
     TEXT_INIT("key: v\n\xC3\xA9: [\n"), TEXT_INIT("]\n"),
     "2:6 v\n"
     "4:1 did not find expected node content; what follows was not read\n"},
    {"a byte that is no UTF-8 has the file's place", TEXT_INIT("/* x\n"),
     TEXT_INIT("key: \xFF\n"), TEXT_INIT("*/"),
     "2:6 invalid leading UTF-8 octet; what follows was not read\n"},
    {"what is no UTF-8 behind the part is not seen", TEXT_INIT(""),
     TEXT_INIT("key: v\n"), TEXT_INIT("\xFF"), "1:6 v\n"},
    {"a byte order mark counts at the start of the file", TEXT_INIT(""),
     TEXT_INIT("\xEF\xBB\xBFkey: v\n"), TEXT_INIT(""), "1:6 v\n"},
    {"UTF-16 is said", TEXT_INIT(""), TEXT_INIT("\xFF\xFEk\0:\0"), TEXT_INIT(""),
     "1:1 the file is in UTF-16; write it in UTF-8\n"},
    {"an empty part holds nothing", TEXT_INIT("key: v\n"), TEXT_INIT(""),
     TEXT_INIT("key: w\n"), ""},
    {"an error at the end lies in the file", TEXT_INIT(""), TEXT_INIT("key: \"v"),
     TEXT_INIT(""), "1:8 found unexpected end of stream; what follows was not read\n"},
};

static void add_line(Buffer *out, Sources *sources, Span span, Text text)
{
    Place place = source_place(sources, span.file, span.start);

    assert_in_range(span.end, span.start, source_bytes(sources, span.file).len);
    buffer_format(out, "%u:%u %.*s\n", place.line, place.column, TEXT_ARG(text));
}

static void is_read(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 20);
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    Buffer bytes = {.arena = arena}, out = {.arena = arena};

    buffer_add(&bytes, c->before);
    buffer_add(&bytes, c->part);
    buffer_add(&bytes, c->after);
    uint32_t file = sources_add(sources, TEXT("x"), buffer_text(&bytes));
    uint32_t start = (uint32_t)c->before.len;
    const Tree *tree = yaml_read_part(
        arena, sources, (Span){file, start, start + (uint32_t)c->part.len}, diags);
    NodeId key = tree_find(tree, tree->root, TEXT("key"));

    if (key.index)
        add_line(&out, sources, tree_span(tree, key), tree_scalar(tree, key));
    for (uint32_t i = 0; i < diags->count; i++)
        add_line(&out, sources, diags->items[i].span, diags->items[i].message);
    assert_string_equal(arena_copy(arena, buffer_text(&out)).at, c->says);
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, is_read, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
