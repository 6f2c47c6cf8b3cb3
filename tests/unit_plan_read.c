#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan/plan_json.h"
#include "plan/plan_read.h"
#include "runner/pin.h"

#define HEAD                                                                           \
    "{\"version\": 1, \"repository\": \"o/r\", \"configuration\": \"c\", "             \
    "\"target\": \"codespaces\", \"steps\": ["
#define TAIL "], \"without_login\": [], \"blocked\": []}"
#define SECRETS                                                                        \
    "\"username\": {\"env\": \"U\"}, \"password\": {\"env\": \"P\"}, \"images\": []"
#define STEP(registry, method, server, rest)                                           \
    "{\"registry\": \"" registry "\", \"method\": \"" method                           \
    "\", \"server\": {" server "}, " rest "}"
#define CONFLICT(registry, rest)                                                       \
    TEXT_INIT(HEAD "], \"conflicts\": [{\"registry\": \"" registry                     \
                   "\", \"rule\": \"r\", \"images\": [], " rest                        \
                   "}], \"without_login\": [], \"blocked\": []}")
#define RIVAL "{\"identifier\": \"A\", \"level\": \"user\", \"owner\": \"octocat\"}"
#define HOST "\"env\": \"S\", \"expect\": \"a.example\""

typedef struct Case {
    const char *name;
    Text text;
    const char *problem; /* part of a message; NULL: the plan is fine */
} Case;

static Case cases[] = {
    {"a plan of no steps", TEXT_INIT(HEAD TAIL), NULL},
    {"a step", TEXT_INIT(HEAD STEP("a.example", "basic", HOST, SECRETS) TAIL), NULL},
    {"members that are not known are passed over",
     TEXT_INIT(HEAD STEP("a.example", "basic", HOST, SECRETS ", \"new\": [1]") TAIL),
     NULL},
    {"a server that is not read",
     TEXT_INIT(HEAD STEP("ghcr.io", "github-token", "\"expect\": \"ghcr.io\"", SECRETS)
                   TAIL),
     NULL},
    {"GitHub's registry of a data residency",
     TEXT_INIT(HEAD STEP("containers.octo.ghe.com", "github-token",
                         "\"env\": null, \"expect\": \"containers.octo.ghe.com\"",
                         SECRETS) TAIL),
     NULL},
    {"Docker Hub in its documented form",
     TEXT_INIT(HEAD STEP("docker.io", "basic",
                         "\"expect\": \"https://index.docker.io/v1/\"", SECRETS) TAIL),
     NULL},
    {"Docker Hub as images name it",
     TEXT_INIT(HEAD STEP("docker.io", "basic", "\"expect\": \"docker.io\"", SECRETS)
                   TAIL),
     NULL},
    {"candidates",
     TEXT_INIT(HEAD STEP("a.example", "basic", "\"expect\": \"a.example\"",
                         "\"candidates\": [\"A\", \"B_2\"], \"images\": []") TAIL),
     NULL},
    {"no JSON", TEXT_INIT("{"), "the file ends"},
    {"an empty file", TEXT_INIT(""), "the file is empty"},
    {"comments are not JSON", TEXT_INIT("//\n" HEAD TAIL), "no comments"},
    {"a comma too many", TEXT_INIT(HEAD "1," TAIL), "comma"},
    {"a key that stands twice", TEXT_INIT("{\"version\": 1, \"version\": 1}"), "twice"},
    {"no object", TEXT_INIT("[1]"), "expected an object"},
    {"no version", TEXT_INIT("{}"), "'version' is missing"},
    {"another version", TEXT_INIT("{\"version\": 2}"), "of this version"},
    {"a version that only looks like it", TEXT_INIT("{\"version\": 1.0}"),
     "of this version"},
    {"a version in quotes", TEXT_INIT("{\"version\": \"1\"}"), "of this version"},
    {"no steps", TEXT_INIT("{\"version\": 1}"), "'steps' is missing"},
    {"steps that are no list", TEXT_INIT("{\"version\": 1, \"steps\": {}}"),
     "'steps' is not an array"},
    {"a step that is no object", TEXT_INIT(HEAD "7" TAIL), "expected an object here"},
    {"a target that is not known", TEXT_INIT("{\"version\": 1, \"target\": \"moon\"}"),
     "'target' is not one of"},
    {"a method that is not known",
     TEXT_INIT(HEAD STEP("a.example", "magic", HOST, SECRETS) TAIL), "method"},
    {"GITHUB_TOKEN for another host",
     TEXT_INIT(HEAD STEP("a.example", "github-token", HOST, SECRETS) TAIL),
     "GitHub's container registry alone"},
    {"no password",
     TEXT_INIT(HEAD STEP("a.example", "basic", HOST,
                         "\"username\": {\"env\": \"U\"}, \"images\": []") TAIL),
     "'password' is missing"},
    {"a value in the place of a name",
     TEXT_INIT(HEAD STEP("a.example", "basic", HOST,
                         "\"username\": \"me\", \"password\": {\"env\": \"P\"}, "
                         "\"images\": []") TAIL),
     "'username' is not an object"},
    {"a name in lower case",
     TEXT_INIT(HEAD STEP("a.example", "basic",
                         "\"env\": \"s\", \"expect\": \"a.example\"", SECRETS) TAIL),
     "no name of a secret's variable"},
    {"a name that starts with a digit",
     TEXT_INIT(HEAD STEP("a.example", "basic",
                         "\"env\": \"1A\", \"expect\": \"a.example\"", SECRETS) TAIL),
     "no name of a secret's variable"},
    {"an empty name",
     TEXT_INIT(HEAD STEP("a.example", "basic",
                         "\"env\": \"\", \"expect\": \"a.example\"", SECRETS) TAIL),
     "no name of a secret's variable"},
    {"a name with an equals sign",
     TEXT_INIT(HEAD STEP("a.example", "basic",
                         "\"env\": \"A=B\", \"expect\": \"a.example\"", SECRETS) TAIL),
     "no name of a secret's variable"},
    {"a name with a NUL",
     TEXT_INIT(HEAD STEP("a.example", "basic",
                         "\"env\": \"A\\u0000B\", \"expect\": \"a.example\"", SECRETS)
                   TAIL),
     "no name of a secret's variable"},
    {"a candidate that is no name",
     TEXT_INIT(HEAD STEP("a.example", "basic", "\"expect\": \"a.example\"",
                         "\"candidates\": [\"a-b\"], \"images\": []") TAIL),
     "no name of a secret's variable"},
    {"candidates and a password",
     TEXT_INIT(HEAD STEP("a.example", "basic", "\"expect\": \"a.example\"",
                         "\"candidates\": [\"A\"], " SECRETS) TAIL),
     "a step with candidates has no user"},
    {"candidates and a server's variable",
     TEXT_INIT(HEAD STEP("a.example", "basic", HOST,
                         "\"candidates\": [\"A\"], \"images\": []") TAIL),
     "has no variable for its server"},
    {"no candidate",
     TEXT_INIT(HEAD STEP("a.example", "basic", "\"expect\": \"a.example\"",
                         "\"candidates\": [], \"images\": []") TAIL),
     "at least one"},
    {"an empty server, which docker takes for Docker Hub",
     TEXT_INIT(HEAD STEP("docker.io", "basic", "\"expect\": \"\"", SECRETS) TAIL),
     "no server"},
    {"no server at all",
     TEXT_INIT(HEAD STEP("a.example", "basic", "\"env\": \"S\"", SECRETS) TAIL),
     "'expect' is missing"},
    {"a server with a path",
     TEXT_INIT(HEAD STEP("a.example", "basic", "\"expect\": \"a.example/x\"", SECRETS)
                   TAIL),
     "not a plain host"},
    {"a server with a scheme",
     TEXT_INIT(HEAD STEP("a.example", "basic", "\"expect\": \"https://a.example\"",
                         SECRETS) TAIL),
     "not a plain host"},
    {"a server with a user",
     TEXT_INIT(HEAD STEP("a.example", "basic", "\"expect\": \"me@a.example\"", SECRETS)
                   TAIL),
     "not a plain host"},
    {"a server in upper case",
     TEXT_INIT(HEAD STEP("a.example", "basic", "\"expect\": \"A.example\"", SECRETS)
                   TAIL),
     "not a plain host"},
    {"an alias of Docker Hub",
     TEXT_INIT(HEAD STEP("docker.io", "basic", "\"expect\": \"index.docker.io\"",
                         SECRETS) TAIL),
     "not a plain host"},
    {"a server that is an option",
     TEXT_INIT(HEAD STEP("-x", "basic", "\"expect\": \"--help.example\"", SECRETS)
                   TAIL),
     "no server"},
    {"a server with a line end",
     TEXT_INIT(HEAD STEP("a.example", "basic", "\"expect\": \"a.example\\nb\"", SECRETS)
                   TAIL),
     "no server"},
    {"a registry that is shown, and another that is meant",
     TEXT_INIT(HEAD STEP("a.example", "basic", "\"expect\": \"evil.example\"", SECRETS)
                   TAIL),
     "not the one that 'expect' names"},
    {"an image that is no text",
     TEXT_INIT(HEAD STEP("a.example", "basic", HOST,
                         "\"username\": {\"env\": \"U\"}, \"password\": {\"env\": "
                         "\"P\"}, \"images\": [1]") TAIL),
     "expected a string here"},
    {"a lifetime below zero",
     TEXT_INIT(HEAD STEP("a.example", "basic", HOST, SECRETS ", \"expires_after\": -1")
                   TAIL),
     "number of seconds"},
    {"a lifetime without end",
     TEXT_INIT(HEAD STEP("a.example", "basic", HOST,
                         SECRETS ", \"expires_after\": 99999999999") TAIL),
     "number of seconds"},
    {"a blocked image without a rule",
     TEXT_INIT(HEAD "], \"without_login\": [], \"blocked\": [{\"image\": \"x\"}]}"),
     "'rule' is missing"},
    {"two triples for one registry",
     CONFLICT("a.example", "\"between\": [" RIVAL ", " RIVAL "]"), NULL},
    {"a conflict of one", CONFLICT("a.example", "\"between\": [" RIVAL "]"),
     "between two at least"},
    {"a conflict of nobody", CONFLICT("a.example", "\"between\": []"),
     "between two at least"},
    {"a conflict that does not say of whom", CONFLICT("a.example", "\"x\": 1"),
     "'between' is missing"},
    {"a rival without a name",
     CONFLICT("a.example", "\"between\": [" RIVAL ", {\"level\": \"user\"}]"),
     "'identifier' is missing"},
    {"a conflict about no registry",
     CONFLICT("https://a.example/v2", "\"between\": [" RIVAL ", " RIVAL "]"),
     "this is no registry"},
};

/* The messages, one a line with its place. */
static Text read(Arena *arena, Text text, Plan *plan, bool *fine)
{
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    Buffer out = {.arena = arena};
    uint32_t file = sources_add(sources, TEXT("plan"), text);

    *fine = plan_read(arena, sources, file, diags, plan);
    assert_int_equal(*fine, diags->count == 0);
    for (uint32_t i = 0; i < diags->count; i++) {
        Place place = source_place(sources, file, diags->items[i].span.start);

        assert_int_equal(diags->items[i].span.file, file);
        buffer_format(&out, "%u:%u: %.*s\n", place.line, place.column,
                      TEXT_ARG(diags->items[i].message));
    }
    buffer_add_byte(&out, '\0');
    return (Text){out.at, out.len - 1};
}

static void check(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(16 << 20);
    Plan plan;
    bool fine;
    Text said = read(arena, c->text, &plan, &fine);

    if (!c->problem)
        assert_string_equal(said.at, "");
    else if (!strstr(said.at, c->problem))
        fail_msg("expected '%s', got '%s'", c->problem, said.at);
    arena_free(arena);
}

static void problems_stand_at_their_places(void **state)
{
    Arena *arena = arena_new(16 << 20);
    Plan plan;
    bool fine;

    (void)state;
    Text said =
        read(arena,
             TEXT("{\"version\": 1,\n"
                  " \"repository\": \"o/r\", \"configuration\": \"c\",\n"
                  " \"target\": \"moon\",\n"
                  " \"steps\": [\n"
                  "  {\"registry\": \"\xC3\xA9\", \"server\": {\"expect\": 7},\n"
                  "   \"method\": \"magic\",\n"
                  "   \"username\": {\"env\": \"u\"}, \"password\": {},\n"
                  "   \"images\": []}],\n"
                  " \"without_login\": [], \"blocked\": []}"),
             &plan, &fine);
    assert_string_equal(
        said.at,
        "3:2: 'target' is not one of codespaces, actions and local\n"
        "5:32: 'expect' is not a string\n"
        "6:4: this method is not known: expected basic, ecr-exchange, ecr-token or "
        "github-token\n"
        "7:17: this is no name of a secret's variable: expected upper case letters, "
        "digits and '_', no digit first, at most 256 bytes\n"
        "7:30: 'env' is missing here\n");
    assert_false(fine);
    arena_free(arena);
}

static Text many_steps(Arena *arena, uint32_t count)
{
    Buffer text = {.arena = arena};

    buffer_add(&text, TEXT(HEAD));
    for (uint32_t i = 0; i < count; i++) {
        buffer_add(&text, i ? TEXT(",") : TEXT(""));
        buffer_add(&text, TEXT(STEP("a.example", "basic", HOST, SECRETS)));
    }
    buffer_add(&text, TEXT(TAIL));
    return buffer_text(&text);
}

static void sizes_have_limits(void **state)
{
    Arena *arena = arena_new(64 << 20);
    Plan plan;
    bool fine;

    (void)state;
    (void)read(arena, many_steps(arena, 256), &plan, &fine);
    assert_true(fine);
    assert_int_equal(plan.nsteps, 256);
    Text said = read(arena, many_steps(arena, 257), &plan, &fine);
    assert_non_null(strstr(said.at, "more than 256 steps"));
    char *large = arena_alloc(arena, (1 << 20) + 1, 1);
    memset(large, ' ', (1 << 20) + 1);
    said = read(arena, (Text){large, (1 << 20) + 1}, &plan, &fine);
    assert_non_null(strstr(said.at, "larger than 1 MiB"));
    arena_free(arena);
}

static void what_is_written_is_read_back(void **state)
{
    static const Text images[] = {TEXT_INIT("a.example/\"x\":1"), TEXT_INIT("b")};
    static const Text names[] = {TEXT_INIT("A"), TEXT_INIT("B")};
    const PlanStep steps[] = {{.registry = TEXT("123456789012.dkr.ecr.eu-west-1."
                                                "amazonaws.com"),
                               .method = METHOD_ECR_TOKEN,
                               .server_env = TEXT("S"),
                               .server_expect = TEXT("123456789012.dkr.ecr.eu-west-1."
                                                     "amazonaws.com"),
                               .username_env = TEXT("U"),
                               .password_env = TEXT("P"),
                               .images = images,
                               .nimages = 2,
                               .identifier = TEXT("ECR"),
                               .level = TEXT("user"),
                               .owner = TEXT("octocat"),
                               .expires_after = 43200},
                              {.registry = TEXT("a.example:5000"),
                               .server_expect = TEXT("a.example:5000"),
                               .candidates = names,
                               .ncandidates = 2,
                               .images = images,
                               .nimages = 1}};
    const PlanImage image = {TEXT("x"), TEXT("is public")};
    const PlanBlock block = {TEXT("y"), TEXT("access/unknown")};
    const Plan plan = {.repository = TEXT("o/r"),
                       .configuration = TEXT("c"),
                       .target = TEXT("local"),
                       .phase = TEXT("runtime"),
                       .steps = steps,
                       .nsteps = 2,
                       .without_login = &image,
                       .nwithout_login = 1,
                       .blocked = &block,
                       .nblocked = 1};
    Arena *arena = arena_new(16 << 20);
    Buffer out = {.arena = arena}, again = {.arena = arena};
    Plan back;
    bool fine;

    (void)state;
    plan_json(&plan, NULL, &out);
    Text said = read(arena, buffer_text(&out), &back, &fine);
    assert_string_equal(said.at, "");
    plan_json(&back, NULL, &again);
    assert_int_equal(out.len, again.len);
    assert_memory_equal(out.at, again.at, out.len);
    arena_free(arena);
}

typedef struct Pin {
    Text value, expect;
    PinResult result;
} Pin;

static void a_server_is_what_was_expected_or_it_is_not(void **state)
{
    static const Pin pins[] = {
        {TEXT_INIT("a.example"), TEXT_INIT("a.example"), PIN_EQUAL},
        {TEXT_INIT("A.Example"), TEXT_INIT("a.example"), PIN_EQUAL},
        {TEXT_INIT("https://a.example/v2/"), TEXT_INIT("a.example"), PIN_EQUAL},
        {TEXT_INIT("https://index.docker.io/v1/"), TEXT_INIT("docker.io"), PIN_EQUAL},
        {TEXT_INIT("docker.io"), TEXT_INIT("https://index.docker.io/v1/"), PIN_EQUAL},
        {TEXT_INIT("http://127.0.0.1:5000"), TEXT_INIT("127.0.0.1:5000"), PIN_EQUAL},
        {TEXT_INIT("a.example:5000"), TEXT_INIT("a.example"), PIN_DIFFERENT},
        {TEXT_INIT("a.example.evil.example"), TEXT_INIT("a.example"), PIN_DIFFERENT},
        {TEXT_INIT("http://a.example"), TEXT_INIT("a.example"), PIN_DIFFERENT},
        {TEXT_INIT("http://127.0.0.1.evil.example"),
         TEXT_INIT("127.0.0.1.evil.example"), PIN_DIFFERENT},
        {TEXT_INIT("evil.example"), TEXT_INIT("docker.io"), PIN_DIFFERENT},
        {TEXT_INIT(""), TEXT_INIT("docker.io"), PIN_INVALID},
        {TEXT_INIT("a.example@evil.example"), TEXT_INIT("a.example"), PIN_INVALID},
        {TEXT_INIT("evil@a.example"), TEXT_INIT("a.example"), PIN_INVALID},
        {TEXT_INIT("a.example?x"), TEXT_INIT("a.example"), PIN_INVALID},
        {TEXT_INIT(" a.example"), TEXT_INIT("a.example"), PIN_INVALID},
        {TEXT_INIT("a.ex\xC3\xA4mple"), TEXT_INIT("a.example"), PIN_INVALID},
        {TEXT_INIT("a.example\x1B[31m"), TEXT_INIT("a.example"), PIN_INVALID},
    };
    Arena *arena = arena_new(1 << 20);
    Text host, problem;

    (void)state;
    for (size_t i = 0; i < sizeof(pins) / sizeof(*pins); i++) {
        if (pin_compare(arena, pins[i].value, pins[i].expect, &host, &problem) !=
            pins[i].result)
            fail_msg("%s against %s", pins[i].value.at, pins[i].expect.at);
    }
    arena_free(arena);
}

static void only_this_machine_is_loopback(void **state)
{
    static const char *const loopback[] = {"localhost", "localhost:5000", "127.0.0.1",
                                           "127.8.9.10:5000", "[::1]:5000"};
    static const char *const other[] = {
        "localhost.example", "127.evil.example", "127.0.0.1.example",
        "128.0.0.1",         "127.0.0.256",      "127.0.0.08",
        "127.0.1",           "127.0.0.0.1",      "[::2]",
        "a.example:127"};

    (void)state;
    for (size_t i = 0; i < sizeof(loopback) / sizeof(*loopback); i++)
        assert_true(pin_is_loopback(text_of(loopback[i])));
    for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++)
        assert_false(pin_is_loopback(text_of(other[i])));
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    const struct CMUnitTest others[] = {
        cmocka_unit_test(problems_stand_at_their_places),
        cmocka_unit_test(sizes_have_limits),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_server_is_what_was_expected_or_it_is_not),
        cmocka_unit_test(only_this_machine_is_loopback),
    };
    struct CMUnitTest tests[COUNT];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check, NULL, NULL, &cases[i]};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
