/* What comments silence, by each reader: the part of the file that a comment covers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ignore.h"
#include "syntax/dockerfile.h"
#include "syntax/dotenv.h"
#include "syntax/syntax.h"

#define IGNORE "berth: ignore[a/b] x"

typedef enum Kind { JSONC, JSON, YAML, DOCKERFILE, DOTENV } Kind;

typedef struct Case {
    const char *name;
    Kind kind;
    Text bytes;
    const char *covers; /* of each comment, then "|"; "!": malformed */
} Case;

static Case cases[] = {
    {"a member with its key and all in it", JSONC,
     TEXT_INIT("{\n// " IGNORE "\n\"a\": {\"b\": [1]}, \"c\": 2}"),
     "\n\"a\": {\"b\": [1]}|"},
    {"the whole value of a file", JSONC, TEXT_INIT("/* " IGNORE " */ [1, 2] "),
     " [1, 2]|"},
    {"an item of a list", JSONC, TEXT_INIT("[1,\n // " IGNORE "\n [2], 3]"), "\n [2]|"},
    {"the value behind its key", JSONC,
     TEXT_INIT("{\"a\": /* " IGNORE " */ {\"b\": 1}, \"c\": 2}"), " {\"b\": 1}|"},
    {"a comment between a key and its colon", JSONC,
     TEXT_INIT("{\"a\" /* " IGNORE " */ : 1, \"c\": 2}"), " : 1|"},
    {"the line that it ends", JSONC,
     TEXT_INIT("{\n\"a\": 1, \"b\": 2 // " IGNORE "\n}"),
     "\"a\": 1, \"b\": 2 // " IGNORE "|"},
    {"behind a comma, and before it", JSONC,
     TEXT_INIT("[\n1, // " IGNORE "\n2 /* " IGNORE " */,\n3]"),
     "1, // " IGNORE "|2 /* " IGNORE " */,|"},
    {"the line that opens a container, not what is in it", JSONC,
     TEXT_INIT("{\"a\": { // " IGNORE "\n\"b\": 1}}"), "{\"a\": { // " IGNORE "|"},
    {"a comment that nothing follows in its container", JSONC,
     TEXT_INIT("{\"a\": {\"b\": 1\n// " IGNORE "\n}, \"c\": 2}"), "|"},
    {"a comment behind the last value", JSONC, TEXT_INIT("[1]\n// " IGNORE "\n"), "|"},
    {"what the reader had to pass over is covered, too", JSONC,
     TEXT_INIT("{\n// " IGNORE "\na: 1,\n\"b\": 2}"), "\na: 1,\n\"b\": 2|"},
    {"two comments for one node", JSONC,
     TEXT_INIT("[/* " IGNORE " *//* " IGNORE " */1]"), "/* " IGNORE " */1|1|"},
    {"CR and LF end a line", JSONC, TEXT_INIT("[\r\n1, // " IGNORE "\r\n2]"),
     "1, // " IGNORE "\r|"},
    {"a byte order mark is nothing", JSONC, TEXT_INIT("\xEF\xBB\xBF// " IGNORE "\n[1]"),
     "\n[1]|"},
    {"a comment that is never closed", JSONC, TEXT_INIT("[1]\n/* " IGNORE), "|"},
    {"a string is no comment", JSONC, TEXT_INIT("[\"// " IGNORE "\"]"), ""},
    {"a comment that speaks to nobody", JSONC,
     TEXT_INIT("[/* see berth: ignore[a/b] x */ 1]"), ""},
    {"where comments are errors, none counts", JSON, TEXT_INIT("[ // " IGNORE "\n1]"),
     ""},

    {"the first key, not all of them", YAML, TEXT_INIT("# " IGNORE "\na: 1\nb: 2\n"),
     "\na: 1|"},
    {"the first item, not the list", YAML,
     TEXT_INIT("a:\n  # " IGNORE "\n  - b: 1\n    c: 2\n  - d\n"),
     "\n  - b: 1\n    c: 2|"},
    {"an item, from behind its dash", YAML,
     TEXT_INIT("- # " IGNORE "\n  b: 1\n  c: 2\n- d\n"), "\n  b: 1\n  c: 2|"},
    {"a list in a list", YAML, TEXT_INIT("# " IGNORE "\n- - 1\n  - 2\n- 3\n"),
     "\n- - 1\n  - 2|"},
    {"a flow collection is a value", YAML,
     TEXT_INIT("a:\n  # " IGNORE "\n  {b: 1, c: 2}\nd: 3\n"), "\n  {b: 1, c: 2}|"},
    {"inside a flow collection", YAML,
     TEXT_INIT("[1,\n # " IGNORE "\n 2, 3\n # " IGNORE "\n]\n"), "\n 2||"},
    {"the line of a key", YAML, TEXT_INIT("a: # " IGNORE "\n  b: 1\n"),
     "a: # " IGNORE "|"},
    {"the header of a block scalar", YAML,
     TEXT_INIT("a: |- # " IGNORE "\n  # " IGNORE "\n"), "a: |- # " IGNORE "|"},
    {"a value with an anchor and a tag", YAML,
     TEXT_INIT("a:\n  # " IGNORE "\n  &x !!map\n  b: 1\nc: 2\n"),
     "\n  &x !!map\n  b: 1|"},
    {"bytes, not characters", YAML,
     TEXT_INIT("\xEF\xBB\xBF# " IGNORE "\n\xC3\xA4: 1\n\xC3\xA4\xC3\xA4: 2 # " IGNORE
               "\n"),
     "\n\xC3\xA4: 1|\xC3\xA4\xC3\xA4: 2 # " IGNORE "|"},
    {"the next document", YAML, TEXT_INIT("a: 1\n---\n# " IGNORE "\nb: 2\n"),
     "\nb: 2|"},
    {"strings and words are no comments", YAML,
     TEXT_INIT("a: '# " IGNORE "'\nb: \"x # " IGNORE "\"\nc: x#" IGNORE
               "\nd: >\n  # " IGNORE "\n"),
     ""},
    {"up to where the file breaks off", YAML,
     TEXT_INIT("# " IGNORE "\na: 1\n# " IGNORE "\nb: [\n"), "\na: 1|\nb: [|"},

    {"an instruction with its heredoc", DOCKERFILE,
     TEXT_INIT("# " IGNORE "\nFROM a\n  # " IGNORE "\nRUN <<E\n# " IGNORE
               "\nE\nRUN b\n"),
     "\nFROM a\n|\nRUN <<E\n# " IGNORE "\nE\n|"},
    {"what follows among continued lines", DOCKERFILE,
     TEXT_INIT("FROM a\nRUN b \\\n# " IGNORE "\n  c \\\n  d\nRUN e\n"),
     "\n  c \\\n  d\n|"},
    {"not what the shell takes for one", DOCKERFILE,
     TEXT_INIT("FROM a\nRUN b # " IGNORE "\n"), ""},
    {"behind the last instruction", DOCKERFILE, TEXT_INIT("FROM a\n# " IGNORE "\n"),
     "|"},

    {"an entry", DOTENV, TEXT_INIT("# " IGNORE "\nA=1\nB=2\n"), "\nA=1|"},
    {"the line of an entry", DOTENV, TEXT_INIT("A=1 # " IGNORE "\nB=#" IGNORE "\n"),
     "A=1 # " IGNORE "|"},
    {"all lines of a quoted value", DOTENV,
     TEXT_INIT("A='1\n2' # " IGNORE "\nB='# " IGNORE "'\n"), "A='1\n2' # " IGNORE "|"},
    {"what is no entry", DOTENV, TEXT_INIT("# " IGNORE "\n?\nA=1\n"), "\n?|"},

    {"no reason", JSONC, TEXT_INIT("[// berth: ignore[a/b]\n1]"), "!|"},
    {"a reason of marks alone", JSONC, TEXT_INIT("[// berth: ignore[a/b] -- ...\n1]"),
     "!|"},
    {"an empty list", JSONC, TEXT_INIT("[// berth: ignore[] x\n1]"), "!|"},
    {"an empty rule", JSONC, TEXT_INIT("[// berth: ignore[a/b,] x\n1]"), "!|"},
    {"a list without an end", JSONC, TEXT_INIT("[// berth: ignore[a/b x\n1]"), "!|"},
    {"no such day", JSONC, TEXT_INIT("[// berth: ignore[a/b] until=2027-02-29 x\n1]"),
     "!|"},
    {"capitals in the address", JSONC, TEXT_INIT("[/*Berth: " IGNORE "*/ 1]"), "!|"},
};

static VariableState find_none(void *context, Text name, Text *value)
{
    (void)context;
    (void)name;
    (void)value;
    return VARIABLE_UNSET;
}

static uint32_t read_file(Arena *arena, Sources *sources, Kind kind, Text bytes)
{
    Diags *diags = diags_new(arena);
    uint32_t file = sources_add(sources, TEXT("file"), bytes);

    switch (kind) {
    case JSONC:
        (void)jsonc_read(arena, sources, file, diags);
        break;
    case JSON:
        (void)json_read(arena, sources, file, diags);
        break;
    case YAML:
        (void)yaml_read(arena, sources, file, diags);
        break;
    case DOCKERFILE:
        (void)dockerfile_read(arena, sources, file, diags);
        break;
    case DOTENV:
        dotenv_read(dotenv_new(arena), arena, sources, file,
                    (Variables){find_none, NULL}, diags);
        break;
    }
    return file;
}

static void run_case(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 24);
    Sources *sources = sources_new(arena);
    Buffer out = {.arena = arena};
    uint32_t count;

    uint32_t file = read_file(arena, sources, c->kind, c->bytes);
    const Ignore *ignores = ignores_of(sources_ignores(sources), file, &count);
    for (uint32_t i = 0; i < count; i++) {
        buffer_add(&out, ignores[i].problem.len
                             ? TEXT("!")
                             : span_bytes(sources, ignores[i].covers));
        buffer_add_byte(&out, '|');
    }
    assert_string_equal(arena_copy(arena, buffer_text(&out)).at, c->covers);
    arena_free(arena);
}

static void what_a_comment_says_is_kept(void **state)
{
    (void)state;
    Arena *arena = arena_new(1 << 24);
    Sources *sources = sources_new(arena);
    uint32_t count;
    uint32_t file = read_file(arena, sources, JSONC,
                              TEXT("/** berth:ignore [a/b , c-1/*] until=2027-01-31 it "
                                   "is\n * meant\n\n */ 1"));
    const Ignore *ignore = ignores_of(sources_ignores(sources), file, &count);

    assert_int_equal(count, 1);
    assert_int_equal(ignore->nrules, 2);
    assert_true(text_equal(ignore->rules[0], TEXT("a/b")));
    assert_true(text_equal(ignore->rules[1], TEXT("c-1/*")));
    assert_true(text_equal(ignore->until, TEXT("2027-01-31")));
    assert_int_equal(ignore->until_day, 20849);
    assert_true(text_equal(ignore->reason, TEXT("it is meant")));
    arena_free(arena);
}

static void a_file_that_is_read_twice_has_its_comments_once(void **state)
{
    (void)state;
    Arena *arena = arena_new(1 << 24);
    Sources *sources = sources_new(arena);
    uint32_t count, file = read_file(arena, sources, JSONC, TEXT("[// " IGNORE "\n1]"));
    const Replacement replacement = {0, 0, TEXT("  ")};

    (void)jsonc_read(arena, sources, file, diags_new(arena));
    /* And of a view with other offsets, as a Template is read. */
    uint32_t view = sources_add_view(sources, arena, file, &replacement, 1);
    (void)jsonc_read(arena, sources, view, diags_new(arena));
    (void)ignores_of(sources_ignores(sources), file, &count);
    assert_int_equal(count, 1);
    arena_free(arena);
}

static void of_too_many_comments_the_first_count(void **state)
{
    (void)state;
    Arena *arena = arena_new(1 << 26);
    Sources *sources = sources_new(arena);
    Buffer bytes = {.arena = arena};
    uint32_t count, malformed = 0;

    for (int i = 0; i < 2 * IGNORES_PER_FILE; i++)
        buffer_add(&bytes, TEXT("# " IGNORE "\n- 1\n"));
    uint32_t file = read_file(arena, sources, YAML, buffer_text(&bytes));
    const Ignore *ignores = ignores_of(sources_ignores(sources), file, &count);
    assert_int_equal(count, IGNORES_PER_FILE + 1);
    for (uint32_t i = 0; i < count; i++)
        malformed += ignores[i].problem.len != 0;
    assert_int_equal(malformed, 1);
    assert_true(ignores[IGNORES_PER_FILE].problem.len != 0);
    arena_free(arena);
}

static void an_inline_dockerfile_has_no_place_for_one(void **state)
{
    (void)state;
    Arena *arena = arena_new(1 << 24);
    Sources *sources = sources_new(arena);
    uint32_t file = sources_add(sources, TEXT("compose.yaml"), TEXT("0123456789"));
    uint32_t count;

    (void)dockerfile_read_inline(arena, sources, TEXT("# " IGNORE "\nFROM a\n"),
                                 (Span){file, 2, 8}, diags_new(arena));
    const Ignore *ignores = ignores_of(sources_ignores(sources), file, &count);
    assert_int_equal(count, 1);
    assert_int_equal(ignores[0].comment.start, 2);
    assert_int_not_equal(ignores[0].problem.len, 0);
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 4] = {
        cmocka_unit_test(what_a_comment_says_is_kept),
        cmocka_unit_test(a_file_that_is_read_twice_has_its_comments_once),
        cmocka_unit_test(of_too_many_comments_the_first_count),
        cmocka_unit_test(an_inline_dockerfile_has_no_place_for_one)};

    for (size_t i = 0; i < COUNT; i++)
        tests[4 + i] =
            (struct CMUnitTest){cases[i].name, run_case, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
