#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "syntax/expand.h"
#include "vectors.h"

/* The environment of a line of the vectors: what is not in it is not set. */
static VariableState find_in_line(void *context, Text name, Text *value)
{
    const Tree *line = context;
    NodeId variable = tree_find(line, tree_find(line, line->root, TEXT("env")), name);

    *value = tree_string(line, variable);
    return variable.index ? VARIABLE_SET : VARIABLE_UNSET;
}

static VariableState find_nothing(void *context, Text name, Text *value)
{
    (void)context;
    (void)name;
    (void)value;
    return VARIABLE_UNKNOWN;
}

static void variables_are_replaced_as_by_the_reference_tool(void **state)
{
    (void)state;
    Vectors *vectors = vectors_read("vars");

    for (uint32_t i = 0; i < vectors->count; i++) {
        union {
            const Tree *line;
            void *context;
        } environment = {vectors->lines[i]};
        const Tree *line = environment.line;
        Expansion expansion = expand_devcontainer(
            vectors->arena, vector_text(line, "in"), vector_text(line, "basename"),
            (Variables){find_in_line, environment.context});
        bool refused = vector_is_null(line, "out");

        assert_int_equal(expansion.problem.len != 0, refused);
        if (!refused && !text_equal(expansion.value, vector_text(line, "out")))
            fail_msg("'%.*s' became '%.*s'", TEXT_ARG(vector_text(line, "in")),
                     TEXT_ARG(expansion.value));
    }
    assert_int_equal(vectors->count, 16);
    vectors_free(vectors);
}

typedef struct Case {
    const char *name;
    Text in, basename;
    const char *out, *hole;
} Case;

static Case cases[] = {
    {"a variable of the machine is a hole",
     TEXT_INIT("a/${localEnv:X}:1"),
     {0},
     "a/${localEnv:X}:1",
     "localEnv:X"},
    {"its default is assumed",
     TEXT_INIT("${localEnv:X:ghcr.io}/a"),
     {0},
     "ghcr.io/a",
     ""},
    {"an empty default is a default", TEXT_INIT("a${localEnv:X:}b"), {0}, "ab", ""},
    {"the default ends at the second colon",
     TEXT_INIT("${localEnv:X:reg.io:5000/x}"),
     {0},
     "reg.io",
     ""},
    {"the first hole is the one that is named",
     TEXT_INIT("${localEnv:A}${localEnv:B}"),
     {0},
     "${localEnv:A}${localEnv:B}",
     "localEnv:A"},
    {"what nobody replaces is no hole", TEXT_INIT("x:${FOO}"), {0}, "x:${FOO}", ""},
    {"nor what is replaced in the container alone",
     TEXT_INIT("x:${containerEnv:T:1}"),
     {0},
     "x:${containerEnv:T:1}",
     ""},
    {"an option of a template is a hole",
     TEXT_INIT("x:${templateOption:v}"),
     {0},
     "x:${templateOption:v}",
     "templateOption:v"},
    {"the container's id is a hole",
     TEXT_INIT("x:${devcontainerId}"),
     {0},
     "x:${devcontainerId}",
     "devcontainerId"},
    {"a known folder name", TEXT_INIT("${localWorkspaceFolderBasename}_x"),
     TEXT_INIT("site"), "site_x", ""},
    {"an unknown folder name",
     TEXT_INIT("${localWorkspaceFolderBasename}_x"),
     {0},
     "${localWorkspaceFolderBasename}_x",
     "localWorkspaceFolderBasename"},
    {"a line end inside is no variable",
     TEXT_INIT("${localEnv\n:X:y}${localEnv:Z:z}"),
     {0},
     "${localEnv\n:X:y}z",
     ""},
    {"U+2028 ends a line, too",
     TEXT_INIT("${localEnv:X\xE2\x80\xA8:y}"),
     {0},
     "${localEnv:X\xE2\x80\xA8:y}",
     ""},
    {"nothing is closed", TEXT_INIT("a${localEnv:X"), {0}, "a${localEnv:X", ""},
    {"nothing to replace", TEXT_INIT("a$b{c}"), {0}, "a$b{c}", ""},
};

static void it_expands(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 20);
    Expansion expansion =
        expand_devcontainer(arena, c->in, c->basename, (Variables){find_nothing, NULL});

    if (!text_equal(expansion.value, text_of(c->out)))
        fail_msg("became '%.*s'", TEXT_ARG(expansion.value));
    assert_true(text_equal(expansion.hole, text_of(c->hole)));
    assert_int_equal(expansion.problem.len, 0);
    arena_free(arena);
}

static void a_nul_is_a_byte_like_others(void **state)
{
    (void)state;
    Arena *arena = arena_new(1 << 20);
    Text text = TEXT("${a\0b}${localEnv:X\0}z");
    Expansion expansion =
        expand_devcontainer(arena, text, TEXT("site"), (Variables){find_nothing, NULL});

    assert_true(text_equal(expansion.value, text));
    assert_true(text_equal(expansion.hole, TEXT("localEnv:X\0")));
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 2] = {
        cmocka_unit_test(variables_are_replaced_as_by_the_reference_tool),
        cmocka_unit_test(a_nul_is_a_byte_like_others)};

    for (size_t i = 0; i < COUNT; i++)
        tests[2 + i] =
            (struct CMUnitTest){cases[i].name, it_expands, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
