#include "report_fixture.h"

static const char program[] = TYPES
    ".type Owner <: symbol\n"
    ".type Host <: symbol\n"
    ".decl configuration(at: Site, config: Config, repo: Repo, path: symbol)\n"
    ".input configuration\n"
    ".decl reference(at: Site, config: Config, ref: Ref, kind: symbol, reach: symbol, "
    "phase: symbol)\n"
    ".input reference\n"
    ".decl reference_name(ref: Ref, host: Host, path: symbol, namespace: Owner, tag: "
    "symbol, digest: symbol)\n"
    ".input reference_name\n"
    ".decl unresolved_reference(at: Site, config: Config, kind: symbol, text: symbol, "
    "hole: symbol)\n"
    ".input unresolved_reference\n"
    ".decl reference_auth(kind: symbol, auth: symbol)\n"
    ".input reference_auth\n"
    ".decl opaque(at: Site, config: Config, kind: symbol, what: symbol)\n"
    ".input opaque\n"
    ".decl via(config: Config, at: Site, from: Site)\n"
    ".input via\n"
    ".decl uses(config: Config)\n"
    ".output uses\n"
    "uses(c) :- configuration(_, c, _, _).\n"
    "uses(c) :- reference(_, c, r, k, _, _), reference_name(r, _, _, _, _, _), "
    "reference_auth(k, _).\n"
    "uses(c) :- unresolved_reference(_, c, _, _, _).\n"
    "uses(c) :- opaque(_, c, _, _), via(c, _, _).\n";

static Fixture *new_fixture(void)
{
    Fixture *fixture = fixture_new(program);

    fixture_file(fixture, "d.json", "{\n\"image\": \"base:1\",\n\"file\": \"c\"\n}\n");
    fixture_file(fixture, "c.yaml", "services:\n  app:\n    build: .\n");
    fixture_file(fixture, "Dockerfile", "FROM base:1\nFROM ${X}/y\n");
    FIXTURE_ROW(fixture, "configuration", "d.json#{", "o/b:z.json", "o/b", "z.json");
    FIXTURE_ROW(fixture, "configuration", "d.json#{", "o/a:d.json", "o/a", "d.json");
    FIXTURE_ROW(fixture, "reference", "Dockerfile#base:1", "o/a:d.json",
                "docker.io/base:1", "stage", "pulled", "create");
    FIXTURE_ROW(fixture, "reference", "d.json#\"base:1\"", "o/a:d.json",
                "docker.io/base:1", "image", "declared", "create");
    FIXTURE_ROW(fixture, "unresolved_reference", "Dockerfile#${X}/y", "o/a:d.json",
                "stage", "${X}/y", "X");
    FIXTURE_ROW(fixture, "opaque", "c.yaml#build: .", "o/a:d.json", "stage",
                "a build on another machine");
    FIXTURE_ROW(fixture, "reference_name", "docker.io/base:1", "docker.io",
                "library/base", "library", "1", "");
    FIXTURE_ROW(fixture, "reference_auth", "stage", "docker-client");
    FIXTURE_ROW(fixture, "via", "o/a:d.json", "Dockerfile#base:1", "c.yaml#build: .");
    FIXTURE_ROW(fixture, "via", "o/a:d.json", "Dockerfile#base:1", "d.json#\"image\"");
    FIXTURE_ROW(fixture, "via", "o/a:d.json", "c.yaml#build: .", "d.json#\"c\"");
    FIXTURE_ROW(fixture, "via", "o/b:z.json", "d.json#\"c\"", "d.json#\"c\"");
    fixture_run(fixture);
    return fixture;
}

static void references_are_grouped_with_the_way_to_each(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Buffer out = {.arena = fixture->arena};

    refs_text(&fixture->report, TEXT(""), TEXT(""), &out);
    assert_text(
        buffer_text(&out),
        "o/a: d.json\n"
        "  stage  pulled      create  docker.io/base:1  d.json:3 -> c.yaml:3 -> "
        "Dockerfile:1:6\n"
        "  stage  unresolved  -       ${X}/y            Dockerfile:2:6  (depends on "
        "X)\n"
        "  stage  opaque      -       build: .          d.json:3 -> c.yaml:3:5  (a "
        "build on another machine)\n"
        "  image  declared    create  docker.io/base:1  d.json:2:10\n"
        "\n"
        "o/b: z.json\n"
        "  no references\n");
    arena_free(fixture->arena);
}

static void one_configuration_may_be_asked_for(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    const Report *report = &fixture->report;
    Buffer by_repository = {.arena = fixture->arena};
    Buffer by_path = {.arena = fixture->arena}, by_both = {.arena = fixture->arena};

    refs_text(report, TEXT("O/B"), TEXT(""), &by_repository);
    assert_text(buffer_text(&by_repository), "o/b: z.json\n  no references\n");
    refs_text(report, TEXT(""), TEXT("z.json"), &by_path);
    assert_text(buffer_text(&by_path), "o/b: z.json\n  no references\n");
    refs_text(report, TEXT("o/a"), TEXT("o/b:z.json"), &by_both);
    assert_text(buffer_text(&by_both), "no configuration was found\n");
    arena_free(fixture->arena);
}

static void a_reference_has_the_members_of_its_schema(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Buffer out = {.arena = fixture->arena};

    refs_json(&fixture->report, TEXT(""), TEXT("d.json"), &out);
    Text json = buffer_text(&out);
    assert_text(
        text_slice(json, 0, text_find(json, TEXT("    {\n      \"text\": \"${X}"))),
        "{\n"
        "  \"version\": 1,\n"
        "  \"references\": [\n"
        "    {\n"
        "      \"reference\": \"docker.io/base:1\",\n"
        "      \"text\": \"base:1\",\n"
        "      \"kind\": \"stage\",\n"
        "      \"reach\": \"pulled\",\n"
        "      \"phase\": \"create\",\n"
        "      \"registry\": \"docker.io\",\n"
        "      \"path\": \"library/base\",\n"
        "      \"tag\": \"1\",\n"
        "      \"digest\": null,\n"
        "      \"auth\": \"docker-client\",\n"
        "      \"repository\": \"o/a\",\n"
        "      \"configuration\": \"d.json\",\n"
        "      \"location\": {\n"
        "        \"path\": \"Dockerfile\",\n"
        "        \"line\": 1,\n"
        "        \"column\": 6,\n"
        "        \"endLine\": 1,\n"
        "        \"endColumn\": 12\n"
        "      },\n"
        "      \"via\": [\n"
        "        {\n"
        "          \"location\": {\n"
        "            \"path\": \"d.json\",\n"
        "            \"line\": 3,\n"
        "            \"column\": 9,\n"
        "            \"endLine\": 3,\n"
        "            \"endColumn\": 12\n"
        "          }\n"
        "        },\n"
        "        {\n"
        "          \"location\": {\n"
        "            \"path\": \"c.yaml\",\n"
        "            \"line\": 3,\n"
        "            \"column\": 5,\n"
        "            \"endLine\": 3,\n"
        "            \"endColumn\": 13\n"
        "          }\n"
        "        }\n"
        "      ]\n"
        "    },\n");
    assert_true(
        text_find(json, TEXT("\"reach\": \"unresolved\",\n      \"phase\": null,\n"
                             "      \"registry\": null,\n")) < json.len);
    assert_true(text_find(json, TEXT("\"note\": \"depends on X\"")) < json.len);
    arena_free(fixture->arena);
}

/* The quotes of the file are not part of what it says, a secret part is not shown, and
 * of a text of several lines the canonical form stands. */
static void the_text_is_what_the_file_says(void **state)
{
    (void)state;
    Fixture *fixture = fixture_new(program);
    Buffer out = {.arena = fixture->arena};
    uint32_t file = fixture_file(fixture, "d.json", "\"u:pw@h/x\"\n'q'\n\"a\nb\"\n");

    source_mark_secret(fixture->report.sources, (Span){file, 3, 5});
    FIXTURE_ROW(fixture, "configuration", "", "c", "", "d.json");
    FIXTURE_ROW(fixture, "reference", "d.json#\"u:pw@h/x\"", "c", "h/x", "image",
                "pulled", "create");
    FIXTURE_ROW(fixture, "reference", "d.json#'q'", "c", "q", "image", "pulled",
                "create");
    FIXTURE_ROW(fixture, "reference", "d.json#\"a\nb\"", "c", "ab", "image", "pulled",
                "create");
    fixture_run(fixture);
    refs_json(&fixture->report, TEXT(""), TEXT(""), &out);
    Text json = buffer_text(&out);
    assert_true(text_find(json, TEXT("\"text\": \"u:•••@h/x\"")) < json.len);
    assert_true(text_find(json, TEXT("\"text\": \"q\"")) < json.len);
    assert_true(text_find(json, TEXT("\"text\": \"ab\"")) < json.len);
    assert_true(text_find(json, TEXT("\"repository\": null")) < json.len);
    arena_free(fixture->arena);
}

static void a_way_in_a_circle_ends(void **state)
{
    (void)state;
    Fixture *fixture = fixture_new(program);
    Buffer out = {.arena = fixture->arena};

    fixture_file(fixture, "d.json", "a b\n");
    FIXTURE_ROW(fixture, "configuration", "", "c", "o/a", "d.json");
    FIXTURE_ROW(fixture, "reference", "d.json#a", "c", "x", "image", "pulled",
                "create");
    FIXTURE_ROW(fixture, "via", "c", "d.json#a", "d.json#b");
    FIXTURE_ROW(fixture, "via", "c", "d.json#b", "d.json#a");
    fixture_run(fixture);
    refs_text(&fixture->report, TEXT(""), TEXT(""), &out);
    assert_text(buffer_text(&out),
                "o/a: d.json\n"
                "  image  pulled  create  x  d.json:1 -> d.json:1:1\n");
    arena_free(fixture->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_are_grouped_with_the_way_to_each),
        cmocka_unit_test(one_configuration_may_be_asked_for),
        cmocka_unit_test(a_reference_has_the_members_of_its_schema),
        cmocka_unit_test(the_text_is_what_the_file_says),
        cmocka_unit_test(a_way_in_a_circle_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
