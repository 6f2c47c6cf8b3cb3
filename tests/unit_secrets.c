#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runner/redact.h"
#include "runner/secrets.h"

#define LONG_7000 7000
#define LONG_8193 8193

typedef struct Case {
    const char *name;
    Text user;  /* empty: the value is a user's */
    Text value; /* or, when it is empty, `times` letters */
    size_t times;
    const char *sent;    /* what all clients then send; NULL: refused, or `times` */
    const char *problem; /* part of why it is refused */
} Case;

#define ME TEXT_INIT("me")
#define KEY TEXT_INIT("_json_key")
#define NONE                                                                           \
    {                                                                                  \
        0                                                                              \
    }

/* reference/runner.md, 3.3 */
static Case cases[] = {
    {"a password", ME, TEXT_INIT("pw"), 0, "pw", NULL},
    {"an LF behind it is cut off", ME, TEXT_INIT("pw\n"), 0, "pw", NULL},
    {"a CRLF behind it is cut off", ME, TEXT_INIT("pw\r\n"), 0, "pw", NULL},
    {"two line ends are not", ME, TEXT_INIT("pw\n\n"), 0, NULL, "control character"},
    {"a CR alone is not", ME, TEXT_INIT("pw\r"), 0, NULL, "control character"},
    {"a line end within", ME, TEXT_INIT("p\nw"), 0, NULL, "control character"},
    {"blanks around it", ME, TEXT_INIT(" pw "), 0, NULL, "blank"},
    {"a blank behind it, before a line end", ME, TEXT_INIT("pw \n"), 0, NULL, "blank"},
    {"a blank within", ME, TEXT_INIT("p w"), 0, "p w", NULL},
    {"a tab", ME, TEXT_INIT("p\tw"), 0, NULL, "control character"},
    {"an escape", ME, TEXT_INIT("p\x1Bw"), 0, NULL, "control character"},
    {"a DEL", ME, TEXT_INIT("p\x7Fw"), 0, NULL, "control character"},
    {"bytes beyond ASCII", ME, TEXT_INIT("p\xC3\xA4\xFFw"), 0, "p\xC3\xA4\xFFw", NULL},
    {"colons, quotes and dollars", ME, TEXT_INIT("a:b'c\"d$e\\"), 0, "a:b'c\"d$e\\",
     NULL},
    {"one that looks like an option", ME, TEXT_INIT("--help"), 0, "--help", NULL},
    {"an empty one", ME, TEXT_INIT(""), 0, NULL, "is empty"},
    {"nothing but a line end", ME, TEXT_INIT("\n"), 0, NULL, "is empty"},
    {"nothing but blanks", ME, TEXT_INIT("   "), 0, NULL, "nothing but blanks"},
    {"7,000 bytes", ME, NONE, LONG_7000, NULL, NULL},
    {"8,193 bytes", ME, NONE, LONG_8193, NULL, "longer than 8192"},
    {"the user's name", ME, TEXT_INIT("me"), 0, NULL, "part of the user"},
    {"a part of the user's name", ME, TEXT_INIT("e"), 0, NULL, "part of the user"},
    {"a Google key loses its white space", KEY,
     TEXT_INIT("{\n  \"k\": \"a \\\" b\\\\\",\r\n\t\"l\": [1, 2]\n}\n\n"), 0,
     "{\"k\":\"a \\\" b\\\\\",\"l\":[1,2]}", NULL},
    {"a Google key in one line is as it was", KEY, TEXT_INIT("{\"k\":\"x\\n\"}"), 0,
     "{\"k\":\"x\\n\"}", NULL},
    {"a Google key that is no JSON", KEY, TEXT_INIT("{\n"), 0, NULL, "no JSON object"},
    {"a Google key that is another value", KEY, TEXT_INIT("\"x\""), 0, NULL,
     "no JSON object"},
    {"a line end in a string of a Google key", KEY, TEXT_INIT("{\"k\": \"a\nb\"}"), 0,
     NULL, "no JSON object"},
    {"a user", NONE, TEXT_INIT("alice"), 0, "alice", NULL},
    {"a robot", NONE, TEXT_INIT("robot$project+name"), 0, "robot$project+name", NULL},
    {"a line end behind a user", NONE, TEXT_INIT("alice\n"), 0, "alice", NULL},
    {"a user with a colon", NONE, TEXT_INIT("a:b"), 0, NULL, "':'"},
    {"a user with a control character", NONE, TEXT_INIT("a\x01"), 0, NULL,
     "control character"},
    {"an empty user", NONE, TEXT_INIT(""), 0, NULL, "is empty"},
    {"a user of blanks", NONE, TEXT_INIT(" "), 0, NULL, "nothing but blanks"},
    {"a user with a blank behind", NONE, TEXT_INIT("a "), 0, NULL, "blank"},
};

static void check(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(4 << 20);
    Text value = c->value, clean;
    const char *problem = NULL;
    bool trimmed, fine;

    if (c->times) {
        char *letters = arena_alloc(arena, c->times, 1);

        memset(letters, 'x', c->times);
        value = (Text){letters, c->times};
    }
    fine = c->user.len ? secret_check_password(arena, c->user, value, &clean, &trimmed,
                                               &problem)
                       : secret_check_user(value, &clean, &trimmed, &problem);
    if (c->problem) {
        assert_false(fine);
        if (!strstr(problem, c->problem))
            fail_msg("expected '%s', got '%s'", c->problem, problem);
    } else {
        assert_true(fine);
        assert_true(text_equal(clean, c->sent ? text_of(c->sent) : value));
        if (!text_equal(c->user, TEXT("_json_key")))
            assert_int_equal(trimmed, clean.len < value.len);
    }
    arena_free(arena);
}

static void variables_are_found_and_wiped_by_name(void **state)
{
    char one[] = "A=first", longer[] = "AB=second", again[] = "A=third",
         server[] = "C_CONTAINER_REGISTRY_SERVER=host",
         secret[] = "C_CONTAINER_REGISTRY_PASSWORD=pw", other[] = "CX=kept";
    char *environment[] = {longer, one, again, server, secret, other, NULL};
    const Text candidates[] = {TEXT("C")};
    const PlanStep steps[] = {{.server_env = TEXT("A"), .password_env = TEXT("AB")},
                              {.candidates = candidates, .ncandidates = 1}};
    const Plan plan = {.steps = steps, .nsteps = 2};
    Text value;

    (void)state;
    assert_true(secret_find(environment, TEXT("A"), &value));
    assert_true(text_equal(value, TEXT("first")));
    assert_false(secret_find(environment, TEXT("ABC"), &value));
    assert_false(secret_find(environment, TEXT("C"), &value));
    secrets_wipe(environment, &plan);
    assert_memory_equal(one, "A=\0\0\0\0\0", sizeof(one));
    assert_memory_equal(longer, "AB=\0\0\0\0\0\0", sizeof(longer));
    assert_memory_equal(again, "A=\0\0\0\0\0", sizeof(again));
    assert_string_equal(server, "C_CONTAINER_REGISTRY_SERVER=");
    assert_string_equal(secret, "C_CONTAINER_REGISTRY_PASSWORD=");
    assert_string_equal(other, "CX=kept");
}

static void base64_is_that_of_rfc_4648(void **state)
{
    Arena *arena = arena_new(1 << 20);

    (void)state;
    assert_true(text_equal(secret_basic(arena, TEXT("a"), TEXT("b")), TEXT("YTpi")));
    assert_true(
        text_equal(secret_basic(arena, TEXT("a"), TEXT("bc")), TEXT("YTpiYw==")));
    assert_true(
        text_equal(secret_basic(arena, TEXT("a"), TEXT("bcd")), TEXT("YTpiY2Q=")));
    assert_true(text_equal(secret_basic(arena, TEXT("\xFF\xFE"), TEXT("\xFD")),
                           TEXT("//46/Q==")));
    arena_free(arena);
}

typedef struct Shown {
    Text printed;
    bool users, cut;
    const char *shown;
} Shown;

static void no_form_of_a_secret_is_shown(void **state)
{
    static const Shown rows[] = {
        {TEXT_INIT("nothing"), true, true, "nothing"},
        {TEXT_INIT("<p\"w/1>"), true, false, "<•••>"},
        {TEXT_INIT("p\"w/1p\"w/1"), true, false, "••••••"},
        {TEXT_INIT("say \"p\\\"w/1\""), true, false, "say \"•••\""},
        {TEXT_INIT("?q=p%22w%2F1&"), true, false, "?q=•••&"},
        {TEXT_INIT("?q=p%22w/1&"), true, false, "?q=•••&"},
        {TEXT_INIT("\"p\\u0022w\\/1\""), true, false, "\"•••\""},
        {TEXT_INIT("p\\x22w%2f1"), true, false, "•••"},
        {TEXT_INIT("cut within a form p%2"), true, true, "cut within a form •••"},
        {TEXT_INIT("another p%23w"), true, false, "another p%23w"},
        {TEXT_INIT("Basic bWU6cCJ3LzE="), true, false, "Basic •••="},
        {TEXT_INIT("token cCJ3LzE"), true, false, "token •••"},
        {TEXT_INIT("for me"), true, false, "for •••"},
        {TEXT_INIT("for me"), false, false, "for me"},
        {TEXT_INIT("cut p\"w"), true, true, "cut •••"},
        {TEXT_INIT("whole p\"w"), true, false, "whole p\"w"},
        {TEXT_INIT("a ##[error]b ###[x ##"), true, false,
         "a \\u0023#[error]b #\\u0023#[x ##"},
        {TEXT_INIT("\x1B[31mred\a\x7F\xC2\x9B\xFF"), true, false,
         "\\x1B[31mred\\x07\\x7F\\xC2\\x9B\\xFF"},
    };
    Arena *arena = arena_new(1 << 20);
    Redaction redaction = {.arena = arena};

    (void)state;
    redact_learn(&redaction, TEXT("me"), TEXT("p\"w/1"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        Buffer out = {.arena = arena};

        redact_add(&redaction, &out, rows[i].printed, rows[i].users, rows[i].cut);
        buffer_add_byte(&out, '\0');
        assert_string_equal(out.at, rows[i].shown);
    }
    arena_free(arena);
}

/* As a client's debug output has it: JSON, or another user, in either alphabet. What is
 * left is less than one byte of it at either end. */
static void a_secret_is_found_within_base64(void **state)
{
    static const char *const rows[][2] = {
        /* {"password":"...", then x:..., ab...! and abc...! */
        {"eyJwYXNzd29yZCI6InMzY3JldD8+fnB3fn4ifQ==", "eyJwYXNzd29yZCI6In•••4ifQ=="},
        {"eyJwYXNzd29yZCI6InMzY3JldD8-fnB3fn4ifQ", "eyJwYXNzd29yZCI6In•••4ifQ"},
        {"eDpzM2NyZXQ_Pn5wd35-", "eDp•••"},
        {"YWJzM2NyZXQ/Pn5wd35+IQ==", "YWJ•••IQ=="},
        {"YWJjczNjcmV0Pz5+cHd+fiE=", "YWJj•••iE="},
    };
    Arena *arena = arena_new(1 << 20);
    Redaction redaction = {.arena = arena};

    (void)state;
    redact_learn(&redaction, TEXT("me"), TEXT("s3cret?>~pw~~"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        Buffer out = {.arena = arena};

        redact_add(&redaction, &out, text_of(rows[i][0]), true, false);
        buffer_add_byte(&out, '\0');
        assert_string_equal(out.at, rows[i][1]);
    }
    arena_free(arena);
}

/* Blanks, backslashes and what looks like a form stand in a secret itself. */
static void a_secret_is_found_in_every_spelling(void **state)
{
    static const char *const secrets[] = {"a<b>&c dEf", "a\\\\b%41\\x42+c", "%25%25"};
    static const char *const printed[][3] = {
        {"a\\u003cb\\u003e\\u0026c dEf", "a%3cb%3E%26c+dEf", "a<b>&c dEf"},
        {"a\\\\b%41\\x42+c", "a\\\\\\\\b%41\\\\x42+c", "a%5C%5Cb%2541%5Cx42%2Bc"},
        {"%25%25", "%2525%2525", "\\u002525\\x2525"}};

    (void)state;
    for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
        Arena *arena = arena_new(1 << 20);
        Redaction redaction = {.arena = arena};

        redact_learn(&redaction, TEXT("me"), text_of(secrets[i]));
        for (size_t j = 0; j < 3; j++) {
            Buffer out = {.arena = arena};

            redact_add(&redaction, &out, text_of(printed[i][j]), true, false);
            buffer_add_byte(&out, '\0');
            assert_string_equal(out.at, "•••");
        }
        arena_free(arena);
    }
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    const struct CMUnitTest others[] = {
        cmocka_unit_test(variables_are_found_and_wiped_by_name),
        cmocka_unit_test(base64_is_that_of_rfc_4648),
        cmocka_unit_test(no_form_of_a_secret_is_shown),
        cmocka_unit_test(a_secret_is_found_within_base64),
        cmocka_unit_test(a_secret_is_found_in_every_spelling),
    };
    struct CMUnitTest tests[COUNT];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check, NULL, NULL, &cases[i]};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
