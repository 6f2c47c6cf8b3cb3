#include "report_fixture.h"

static const char program[] =
    TYPES ".decl pulls(at: Site, repo: Repo, stated_at: Site)\n"
          ".input pulls\n"
          ".decl leak_x(at: Site, repo: Repo, stated_at: Site)\n"
          ".output leak_x\n"
          "leak_x(at, repo, stated) :- pulls(at, repo, stated).\n";

static const char devcontainer[] = "\n\n\n  \"image\": \"ghcr.io/octo-org/base:1\",\n";

static Fixture *new_fixture(void)
{
    static const Label labels[] = {{TEXT_INIT("stated_at"), TEXT_INIT("of {repo}")}};
    Fixture *fixture = fixture_new(program);

    fixture_file(fixture, "devcontainer.json", devcontainer);
    fixture_file(fixture, "b.yaml", "é: {\n日本: x}\n");
    fixture_rule(fixture, "input/syntax", SEVERITY_WARNING, NULL, "{message}")->help =
        TEXT("mend it");
    Rule *rule =
        fixture_rule(fixture, "leak/x", SEVERITY_ERROR, "leak_x", "{repo} is public");
    rule->help = TEXT("grant it");
    rule->labels = labels;
    rule->nlabels = 1;
    fixture_says(fixture, "pulls", "{repo} pulls it", "");
    return fixture;
}

static const char expected_report[] =
    "{\n"
    "  \"version\": 1,\n"
    "  \"findings\": [\n"
    "    {\n"
    "      \"rule\": \"input/syntax\",\n"
    "      \"severity\": \"warning\",\n"
    "      \"message\": \"it is \\u0001 empty\",\n"
    "      \"help\": \"mend it\",\n"
    "      \"repository\": null,\n"
    "      \"basis\": \"documented\",\n"
    "      \"fingerprint\": \"0123456789abcdef\",\n"
    "      \"location\": null,\n"
    "      \"related\": [],\n"
    "      \"proof\": null\n"
    "    },\n"
    "    {\n"
    "      \"rule\": \"leak/x\",\n"
    "      \"severity\": \"error\",\n"
    "      \"message\": \"o/\\\"site\\\" is public\",\n"
    "      \"help\": \"grant it\",\n"
    "      \"repository\": \"o/\\\"site\\\"\",\n"
    "      \"basis\": \"documented\",\n"
    "      \"fingerprint\": \"0123456789abcdef\",\n"
    "      \"location\": {\n"
    "        \"path\": \"devcontainer.json\",\n"
    "        \"line\": 4,\n"
    "        \"column\": 12,\n"
    "        \"endLine\": 4,\n"
    "        \"endColumn\": 37\n"
    "      },\n"
    "      \"related\": [\n"
    "        {\n"
    "          \"message\": \"of o/\\\"site\\\"\",\n"
    "          \"location\": {\n"
    "            \"path\": \"b.yaml\",\n"
    "            \"line\": 1,\n"
    "            \"column\": 4,\n"
    "            \"endLine\": 2,\n"
    "            \"endColumn\": 7\n"
    "          }\n"
    "        }\n"
    "      ],\n"
    "      \"proof\": {\n"
    "        \"says\": \"o/\\\"site\\\" is public\",\n"
    "        \"location\": {\n"
    "          \"path\": \"devcontainer.json\",\n"
    "          \"line\": 4,\n"
    "          \"column\": 12,\n"
    "          \"endLine\": 4,\n"
    "          \"endColumn\": 37\n"
    "        },\n"
    "        \"because\": [\n"
    "          {\n"
    "            \"says\": \"o/\\\"site\\\" pulls it\",\n"
    "            \"location\": {\n"
    "              \"path\": \"devcontainer.json\",\n"
    "              \"line\": 4,\n"
    "              \"column\": 12,\n"
    "              \"endLine\": 4,\n"
    "              \"endColumn\": 37\n"
    "            },\n"
    "            \"because\": []\n"
    "          }\n"
    "        ]\n"
    "      }\n"
    "    }\n"
    "  ],\n"
    "  \"suppressed\": [],\n"
    "  \"coverage\": [\n"
    "    {\n"
    "      \"path\": \"b.yaml\",\n"
    "      \"status\": \"partial\",\n"
    "      \"reason\": \"has errors\"\n"
    "    },\n"
    "    {\n"
    "      \"path\": \"devcontainer.json\",\n"
    "      \"status\": \"analysed\",\n"
    "      \"reason\": null\n"
    "    }\n"
    "  ],\n"
    "  \"summary\": {\n"
    "    \"repositories\": 1,\n"
    "    \"configurations\": 1,\n"
    "    \"references\": 3,\n"
    "    \"error\": 1,\n"
    "    \"warning\": 1,\n"
    "    \"info\": 0,\n"
    "    \"suppressed\": 4\n"
    "  }\n"
    "}\n";

static void a_report_is_as_its_schema_says(void **state)
{
    (void)state;
    static const Coverage coverage[] = {
        {TEXT_INIT("b.yaml"), TEXT_INIT("partial"), TEXT_INIT("has errors")},
        {TEXT_INIT("devcontainer.json"), TEXT_INIT("analysed"), TEXT_INIT("")}};
    Fixture *fixture = new_fixture();
    Report *report = &fixture->report;
    Buffer out = {.arena = fixture->arena};

    FIXTURE_ROW(fixture, "pulls", "devcontainer.json#\"ghcr.io/octo-org/base:1\"",
                "o/\"site\"", "b.yaml#{\n日本: x}");
    (void)diag_add(fixture->diags, "input/syntax", (Span){0}, "it is \x01 empty");
    fixture_run(fixture);
    findings_collect(report, fixture->diags);
    report->findings[0].fingerprint = report->findings[1].fingerprint =
        TEXT("0123456789abcdef");
    report->coverage = coverage;
    report->ncoverage = 2;
    report->repositories = report->configurations = 1;
    report->references = 3;
    report->suppressed = 4;
    report_json(report, &out);
    assert_text(buffer_text(&out), expected_report);
    arena_free(fixture->arena);
}

static const char empty_report[] = "{\n"
                                   "  \"version\": 1,\n"
                                   "  \"findings\": [],\n"
                                   "  \"suppressed\": [],\n"
                                   "  \"coverage\": [],\n"
                                   "  \"summary\": {\n"
                                   "    \"repositories\": 0,\n"
                                   "    \"configurations\": 0,\n"
                                   "    \"references\": 0,\n"
                                   "    \"error\": 0,\n"
                                   "    \"warning\": 0,\n"
                                   "    \"info\": 0,\n"
                                   "    \"suppressed\": 0\n"
                                   "  }\n"
                                   "}\n";

static void an_empty_report_has_all_its_members(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Buffer out = {.arena = fixture->arena};

    report_json(&fixture->report, &out);
    assert_text(buffer_text(&out), empty_report);
    arena_free(fixture->arena);
}

static void the_catalogue_is_listed(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Buffer text = {.arena = fixture->arena}, json = {.arena = fixture->arena};

    fixture->catalogue.rules[0].is_off = true;
    fixture->catalogue.rules[1].is_organization_wide = true;
    rules_text(&fixture->report, &text);
    assert_text(buffer_text(&text), "input/syntax  off      A title\n"
                                    "leak/x        error    A title\n");
    rules_json(&fixture->report, &json);
    assert_text(buffer_text(&json),
                "{\n"
                "  \"version\": 1,\n"
                "  \"rules\": [\n"
                "    {\n"
                "      \"id\": \"input/syntax\",\n"
                "      \"severity\": \"off\",\n"
                "      \"title\": \"A title\",\n"
                "      \"basis\": \"documented\",\n"
                "      \"scope\": \"repository\",\n"
                "      \"documentation\": \"https://docs.example/x\"\n"
                "    },\n"
                "    {\n"
                "      \"id\": \"leak/x\",\n"
                "      \"severity\": \"error\",\n"
                "      \"title\": \"A title\",\n"
                "      \"basis\": \"documented\",\n"
                "      \"scope\": \"organization\",\n"
                "      \"documentation\": \"https://docs.example/x\"\n"
                "    }\n"
                "  ]\n"
                "}\n");
    arena_free(fixture->arena);
}

static void a_finding_is_explained_by_its_proof(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Report *report = &fixture->report;
    Buffer out = {.arena = fixture->arena};

    FIXTURE_ROW(fixture, "pulls", "devcontainer.json#\"ghcr.io/octo-org/base:1\"",
                "o/site", "");
    fixture_run(fixture);
    findings_collect(report, fixture->diags);
    report->findings[0].fingerprint = TEXT("0123456789abcdef");
    explain_finding(report, &report->findings[0], &out);
    assert_text(buffer_text(&out), "error[leak/x]: o/site is public\n"
                                   " --> devcontainer.json:4:12\n"
                                   "  |\n"
                                   "4 |   \"image\": \"ghcr.io/octo-org/base:1\",\n"
                                   "  |            ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
                                   "  = help: grant it\n"
                                   "  = because:\n"
                                   "    └─ o/site pulls it  (devcontainer.json:4:12)\n"
                                   "\n"
                                   "fingerprint    0123456789abcdef\n"
                                   "repository     o/site\n"
                                   "basis          documented\n"
                                   "documentation  https://docs.example/x\n");
    arena_free(fixture->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_is_as_its_schema_says),
        cmocka_unit_test(an_empty_report_has_all_its_members),
        cmocka_unit_test(the_catalogue_is_listed),
        cmocka_unit_test(a_finding_is_explained_by_its_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
