#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/line_hash.h"

#define X10 "xxxxxxxxxx"
#define X150 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10

/* What github/codeql-action's src/fingerprints.ts (of 2026-06-13) printed for these
 * texts, which are not its own. Its answers for 400 files of random bytes were compared by
 * hand; tests/validators has an implementation of its own for the tests. */
typedef struct Case {
    const char *name;
    Text bytes;
    const char *hashes[5];
} Case;

static Case cases[] = {
    {"an empty file has one line", TEXT_INIT(""), {"c129715d7a2bc9a3:1"}},
    {"a newline begins a line",
     TEXT_INIT("\n"),
     {"3c5bef55b72b93c9:1", "c129715d7a2bc9a3:1"}},
    {"a line is hashed with what follows it",
     TEXT_INIT("{\n  \"image\": \"ghcr.io/octo-org/base:1\"\n}\n"),
     {"554a40b503bf8c3a:1", "3b337cb8663339e9:1", "32dce9ccfdbc9d3e:1",
      "c129715d7a2bc9a3:1"}},
    {"CRLF and tabs change nothing",
     TEXT_INIT("{\r\n\t\"image\": \"ghcr.io/octo-org/base:1\"\r\n}\r\n"),
     {"554a40b503bf8c3a:1", "3b337cb8663339e9:1", "32dce9ccfdbc9d3e:1",
      "c129715d7a2bc9a3:1"}},
    {"nor does CR alone",
     TEXT_INIT("{\r  \"image\": \"ghcr.io/octo-org/base:1\"\r}\r"),
     {"554a40b503bf8c3a:1", "3b337cb8663339e9:1", "32dce9ccfdbc9d3e:1",
      "c129715d7a2bc9a3:1"}},
    {"a blank between CR and LF makes two ends",
     TEXT_INIT("a\r \nb"),
     {"67c066a59e652f5e:1", "cc4c43d77869440f:1", "8ee5a81e681643c1:1"}},
    {"equal lines near the end differ by what follows",
     TEXT_INIT("- x\n- x\n- x\n"),
     {"b8db434f909f1954:1", "fe903a3fcce49f6d:1", "6dd04605551aa002:1",
      "c129715d7a2bc9a3:1"}},
    {"characters are UTF-16 units, a byte order mark is one",
     TEXT_INIT("\xEF\xBB\xBF"
               "a: \xC3\xA9\nb: \xE6\x97\xA5\nc: \xF0\x9F\x98\x80\n"),
     {"ec11a71153a639c3:1", "edb84e48e2412be2:1", "dbdc82f0c0c4aecb:1",
      "c129715d7a2bc9a3:1"}},
    {"malformed bytes are U+FFFD, what begins a character is one",
     TEXT_INIT("\xFF\xE2\x80z\n\xF0\x9F\x98\n\xED\xA0\x80"),
     {"c33fd7d8c276791b:1", "b62df18e7fe2c801:1", "ac45acb456cd20ee:1"}},
    {"equal hashes are numbered",
     TEXT_INIT(X150 "\n" X150 "\n"),
     {"52b56201ffb58620:1", "52b56201ffb58620:2", "c129715d7a2bc9a3:1"}},
};

static Text hash_of(Arena *arena, LineHash hash)
{
    Buffer out = {.arena = arena};

    line_hash_add(&out, hash);
    buffer_add_byte(&out, '\0');
    return buffer_text(&out);
}

static void check(void **state)
{
    static const uint32_t lines[] = {1, 2, 3, 4, 5};
    const Case *c = *state;
    Arena *arena = arena_new(1 << 20);
    LineHash hashes[5] = {{0}};
    uint32_t count = 0;

    line_hashes(arena, c->bytes, lines, 5, hashes);
    for (; c->hashes[count]; count++)
        assert_string_equal(hash_of(arena, hashes[count]).at, c->hashes[count]);
    for (uint32_t i = count; i < 5; i++)
        assert_int_equal(hashes[i].ordinal, 0);
    arena_free(arena);
}

/* A line's number among equal ones counts those that nobody asked for. */
static void any_lines_may_be_asked_for(void **state)
{
    static const uint32_t lines[] = {2, 2, 3};
    Arena *arena = arena_new(1 << 20);
    LineHash hashes[3] = {{0}};

    (void)state;
    line_hashes(arena, TEXT(X150 "\n" X150 "\n"), lines, 3, hashes);
    assert_string_equal(hash_of(arena, hashes[0]).at, "52b56201ffb58620:2");
    assert_string_equal(hash_of(arena, hashes[1]).at, "52b56201ffb58620:2");
    assert_string_equal(hash_of(arena, hashes[2]).at, "c129715d7a2bc9a3:1");
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 1];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check, NULL, NULL, &cases[i]};
    tests[COUNT] = (struct CMUnitTest)cmocka_unit_test(any_lines_may_be_asked_for);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
