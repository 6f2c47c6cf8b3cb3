#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runner/auth_file.h"

#define ENTRY "{\"auth\": \"eA==\"}"

/* The entries that every case adds. */
static const AuthEntry entries[] = {
    {TEXT_INIT("a.example"), TEXT_INIT(ENTRY)},
    {TEXT_INIT("https://index.docker.io/v1/"), TEXT_INIT("{}")},
};

#define HUB "\"https://index.docker.io/v1/\": {}"

typedef struct Case {
    const char *name;
    Text before;
    Text after;          /* the file with the entries */
    const char *problem; /* else part of why it is refused */
} Case;

static Case cases[] = {
    {"an empty file", TEXT_INIT(""),
     TEXT_INIT("{\n\t\"auths\": {\n\t\t\"a.example\": " ENTRY ",\n\t\t" HUB
               "\n\t}\n}\n"),
     NULL},
    {"an empty object", TEXT_INIT("{}"),
     TEXT_INIT("{\n\t\"auths\": {\n\t\t\"a.example\": " ENTRY ",\n\t\t" HUB "\n\t}\n}"),
     NULL},
    {"an object without auths keeps its form", TEXT_INIT("{ \"x\" : [ 1 ] }\r\n"),
     TEXT_INIT("{ \"x\" : [ 1 ], \"auths\": {\n\t\t\"a.example\": " ENTRY ",\n\t\t" HUB
               "\n\t} }\r\n"),
     NULL},
    {"empty auths", TEXT_INIT("{\"auths\":{},\"x\":1}"),
     TEXT_INIT("{\"auths\":{\n\t\t\"a.example\": " ENTRY ",\n\t\t" HUB
               "\n\t},\"x\":1}"),
     NULL},
    {"new entries are set off like the last one",
     TEXT_INIT("{\n  \"auths\": {\n    \"b.example\": {}\n  }\n}\n"),
     TEXT_INIT("{\n  \"auths\": {\n    \"b.example\": {},\n    \"a.example\": " ENTRY
               ",\n    " HUB "\n  }\n}\n"),
     NULL},
    {"on one line too", TEXT_INIT("{\"auths\":{\"b.example\":{}}}"),
     TEXT_INIT("{\"auths\":{\"b.example\":{},\"a.example\": " ENTRY "," HUB "}}"),
     NULL},
    {"what is there is replaced in its place",
     TEXT_INIT("{\"auths\": {\"a.example\" : {\"auth\":\"old\", \"more\":1} , "
               "\"b.example\": {}, \"https://index.docker.io/v1/\":null}}"),
     TEXT_INIT("{\"auths\": {\"a.example\" : " ENTRY " , \"b.example\": {}, "
               "\"https://index.docker.io/v1/\":{}}}"),
     NULL},
    {"one replaced, one new", TEXT_INIT("{\"auths\": {\"a.example\": {}}}"),
     TEXT_INIT("{\"auths\": {\"a.example\": " ENTRY "," HUB "}}"), NULL},
    {"a key in other letters is another entry",
     TEXT_INIT("{\"auths\":{\"A.example\":{}}}"),
     TEXT_INIT("{\"auths\":{\"A.example\":{},\"a.example\": " ENTRY "," HUB "}}"),
     NULL},
    {"numbers, escapes and order stay as they are written",
     TEXT_INIT("{\"n\": 1.0e+2, \"s\": \"\\u00e9\\/\", \"auths\": {\"x\": {}}, "
               "\"credsStore\": \"\", \"credHelpers\": {}}"),
     TEXT_INIT("{\"n\": 1.0e+2, \"s\": \"\\u00e9\\/\", \"auths\": {\"x\": "
               "{},\"a.example\": " ENTRY "," HUB
               "}, \"credsStore\": \"\", \"credHelpers\": {}}"),
     NULL},
    {"a byte order mark stays", TEXT_INIT("\xEF\xBB\xBF{\"auths\":{\"x\":{}}}"),
     TEXT_INIT("\xEF\xBB\xBF{\"auths\":{\"x\":{},\"a.example\": " ENTRY "," HUB "}}"),
     NULL},
    {"a helper for another host is no matter",
     TEXT_INIT("{\"credHelpers\":{\"b.example\":\"x\"},\"auths\":{\"x\":{}}}"),
     TEXT_INIT(
         "{\"credHelpers\":{\"b.example\":\"x\"},\"auths\":{\"x\":{},\"a.example\""
         ": " ENTRY "," HUB "}}"),
     NULL},
    {"malformed", TEXT_INIT("{\"auths\": {"), {0}, "is not JSON (line 1, column "},
    {"comments", TEXT_INIT("{}\n//"), {0}, "is not JSON (line 2, column 1)"},
    {"text behind it", TEXT_INIT("{} {}"), {0}, "is not JSON"},
    {"no UTF-8", TEXT_INIT("{\"\xFF\": 1}"), {0}, "is not JSON"},
    {"nothing but blanks", TEXT_INIT(" \n"), {0}, "is not JSON"},
    {"a list", TEXT_INIT("[]"), {0}, "is not a JSON object"},
    {"auths that is a list", TEXT_INIT("{\"auths\": []}"), {0}, "'auths'"},
    {"auths that is null", TEXT_INIT("{\"auths\": null}"), {0}, "'auths'"},
    {"a key that stands twice",
     TEXT_INIT("{\"auths\": {\"x\": {}, \"x\": {}}}"),
     {0},
     "holds a key twice"},
    {"auths that stands twice",
     TEXT_INIT("{\"auths\": {}, \"auths\": {}}"),
     {0},
     "holds a key twice"},
    {"a credential store", TEXT_INIT("{\"credsStore\": \"pass\"}"), {0}, "credsStore"},
    {"a credential store that is no text",
     TEXT_INIT("{\"credsStore\": 1}"),
     {0},
     "'credsStore'"},
    {"helpers that are no object",
     TEXT_INIT("{\"credHelpers\": \"x\"}"),
     {0},
     "'credHelpers'"},
    {"a helper for the host",
     TEXT_INIT("{\"credHelpers\": {\"a.example\": \"x\"}}"),
     {0},
     "a credential helper for a.example"},
    {"a helper for Docker Hub by another name",
     TEXT_INIT("{\"credHelpers\": {\"index.docker.io\": \"x\"}}"),
     {0},
     "a credential helper for docker.io"},
};

/* What becomes of a file: its bytes with the entries, or *problem. */
static bool merge(Arena *arena, Text before, Text *after, Text *problem)
{
    AuthFile file;

    if (!auth_file_read(arena, before, &file, problem) ||
        auth_file_is_shadowed(&file, SECTION_AUTHS, TEXT("a.example"), TEXT("berth"),
                              problem) ||
        auth_file_is_shadowed(&file, SECTION_AUTHS, TEXT("docker.io"), TEXT("berth"),
                              problem))
        return false;
    *after = auth_file_merge(&file, SECTION_AUTHS, entries, 2);
    return true;
}

static void check(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(64 << 20);
    Text after, again, problem, value;
    AuthFile file;

    if (!merge(arena, c->before, &after, &problem)) {
        Text said = arena_copy(arena, problem);

        if (!c->problem)
            fail_msg("refused: %s", said.at);
        else if (!strstr(said.at, c->problem))
            fail_msg("expected '%s', got '%s'", c->problem, said.at);
        arena_free(arena);
        return;
    }
    assert_null(c->problem);
    assert_string_equal(arena_copy(arena, after).at, c->after.at);
    assert_true(auth_file_read(arena, after, &file, &problem));
    assert_true(auth_file_entry(&file, SECTION_AUTHS, entries[0].key, &value));
    assert_true(text_equal(value, entries[0].value));
    assert_true(merge(arena, after, &again, &problem));
    assert_true(text_equal(after, again)); /* twice is as good as once */
    arena_free(arena);
}

static Text nested(Arena *arena, size_t depth)
{
    Buffer text = {.arena = arena};

    buffer_add(&text, TEXT("{\"x\": "));
    buffer_add_times(&text, '[', depth - 1);
    buffer_add_times(&text, ']', depth - 1);
    buffer_add(&text, TEXT("}"));
    return buffer_text(&text);
}

static void depth_and_size_have_limits(void **state)
{
    Arena *arena = arena_new(256 << 20);
    Text after, problem;

    (void)state;
    assert_true(merge(arena, nested(arena, 64), &after, &problem));
    assert_false(merge(arena, nested(arena, 65), &after, &problem));
    assert_non_null(strstr(problem.at, "deeper than 64"));
    assert_false(merge(arena, nested(arena, 100000), &after, &problem));
    Text large = {arena_alloc(arena, (1 << 20) + 1, 1), (1 << 20) + 1};
    assert_false(merge(arena, large, &after, &problem));
    assert_non_null(strstr(problem.at, "1 MiB"));
    arena_free(arena);
}

static void an_entry_is_given_as_it_is_written(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Text problem, value;
    AuthFile file;

    (void)state;
    assert_true(auth_file_read(arena,
                               TEXT("{\"auths\": {\"a\": {\"auth\":\"eDo=\",\n"
                                    "\"identitytoken\": \"t\" }, \"b\": 1}}"),
                               &file, &problem));
    assert_true(auth_file_entry(&file, SECTION_AUTHS, TEXT("a"), &value));
    assert_true(
        text_equal(value, TEXT("{\"auth\":\"eDo=\",\n\"identitytoken\": \"t\" }")));
    assert_false(auth_file_entry(&file, SECTION_AUTHS, TEXT("c"), &value));
    arena_free(arena);
}

typedef struct Removal {
    const char *name;
    Text before, key, after;
} Removal;

static Removal removals[] = {
    {"the only entry", TEXT_INIT("{\"auths\": {\n\t\"a\": {}\n}, \"x\" : 1 }"),
     TEXT_INIT("a"), TEXT_INIT("{\"auths\": {}, \"x\" : 1 }")},
    {"the first", TEXT_INIT("{\"auths\": {\n \"a\": {},\n \"b\": {}\n}}"),
     TEXT_INIT("a"), TEXT_INIT("{\"auths\": {\n \"b\": {}\n}}")},
    {"the last", TEXT_INIT("{\"auths\": {\n \"a\": {},\n \"b\": {}\n}}"),
     TEXT_INIT("b"), TEXT_INIT("{\"auths\": {\n \"a\": {}\n}}")},
    {"one between", TEXT_INIT("{\"auths\":{\"a\":1 , \"b\": 2, \"c\" :3}}"),
     TEXT_INIT("b"), TEXT_INIT("{\"auths\":{\"a\":1, \"c\" :3}}")},
    {"one that is not there", TEXT_INIT("{\"auths\": {\"a\": {}}}\n"), TEXT_INIT("b"),
     TEXT_INIT("{\"auths\": {\"a\": {}}}\n")},
    {"a file without such a section", TEXT_INIT("{\"credHelpers\": {\"a\": \"x\"}}"),
     TEXT_INIT("a"), TEXT_INIT("{\"credHelpers\": {\"a\": \"x\"}}")},
};

static void check_removal(void **state)
{
    const Removal *c = *state;
    Arena *arena = arena_new(1 << 20);
    Text problem, value;
    AuthFile file;

    assert_true(auth_file_read(arena, c->before, &file, &problem));
    Text after = auth_file_without(&file, SECTION_AUTHS, c->key);
    assert_string_equal(arena_copy(arena, after).at, c->after.at);
    assert_true(auth_file_read(arena, after, &file, &problem));
    assert_false(auth_file_entry(&file, SECTION_AUTHS, c->key, &value));
    arena_free(arena);
}

/* Of helpers only another than ours is in the way; a store is asked after them. */
static void our_own_helper_is_not_in_the_way(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Text problem;
    AuthFile file;
    const AuthEntry helper = {TEXT("b.example"), TEXT("\"berth\"")};

    (void)state;
    assert_true(auth_file_read(
        arena,
        TEXT("{\"credsStore\":\"pass\",\"credHelpers\":{\"a.example\":\"berth\",\n"
             "\"c.example\":\"other\"}}"),
        &file, &problem));
    assert_false(auth_file_is_shadowed(&file, SECTION_HELPERS, TEXT("a.example"),
                                       TEXT("berth"), &problem));
    assert_true(auth_file_is_shadowed(&file, SECTION_HELPERS, TEXT("c.example"),
                                      TEXT("berth"), &problem));
    assert_true(auth_file_is_shadowed(&file, SECTION_AUTHS, TEXT("a.example"),
                                      TEXT("berth"), &problem));
    Text after = auth_file_merge(&file, SECTION_HELPERS, &helper, 1);
    assert_string_equal(
        arena_copy(arena, after).at,
        "{\"credsStore\":\"pass\",\"credHelpers\":{\"a.example\":\"berth\",\n"
        "\"c.example\":\"other\",\n\"b.example\": \"berth\"}}");
    arena_free(arena);
}

int main(void)
{
    enum { REMOVALS = sizeof(removals) / sizeof(*removals) };
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    const struct CMUnitTest others[] = {
        cmocka_unit_test(depth_and_size_have_limits),
        cmocka_unit_test(an_entry_is_given_as_it_is_written),
        cmocka_unit_test(our_own_helper_is_not_in_the_way),
    };
    struct CMUnitTest tests[COUNT], gone[REMOVALS];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check, NULL, NULL, &cases[i]};
    for (size_t i = 0; i < REMOVALS; i++)
        gone[i] = (struct CMUnitTest){removals[i].name, check_removal, NULL, NULL,
                                      &removals[i]};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    failed += cmocka_run_group_tests(gone, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
