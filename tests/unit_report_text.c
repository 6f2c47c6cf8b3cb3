#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/report.h"

#define SPLIT "octo-org/site is public, and octo-org/base is internal"
#define IMAGE "\"ghcr.io/octo-org/base:1\""
#define HEAD "error[leak/x]: m\n"
#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define CARETS_50 "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"

typedef struct Fixture {
    Arena *arena;
    Report report;
    Catalogue catalogue;
    Rule rule;
} Fixture;

static Fixture fixture_new(Severity severity)
{
    Fixture fixture = {.arena = arena_new(1 << 24)};

    fixture.rule =
        (Rule){.id = TEXT("leak/x"), .basis = TEXT("documented"), .severity = severity};
    fixture.rule.relation.index = DL_NO_RELATION;
    fixture.report.arena = fixture.arena;
    fixture.report.symbols = symbols_new(fixture.arena);
    fixture.report.sources = sources_new(fixture.arena);
    return fixture;
}

static Span find_in(const Fixture *fixture, uint32_t file, const char *part)
{
    Text bytes = source_bytes(fixture->report.sources, file);
    uint32_t start = (uint32_t)text_find(bytes, text_of(part));

    return (Span){file, start, start + (uint32_t)strlen(part)};
}

static void assert_text(const Buffer *out, const char *expected)
{
    Text text = buffer_text(out);
    char *string = arena_alloc(out->arena, text.len + 1, 1);

    if (text.len)
        memcpy(string, text.at, text.len);
    assert_string_equal(string, expected);
}

/* --- one finding at one place --- */

typedef struct Case {
    const char *name;
    Text bytes;         /* of "a.json" */
    const char *part;   /* what the span covers */
    const char *secret; /* NULL: none */
    const char *label;
    const char *expected; /* after HEAD */
} Case;

static Case cases[] = {
    {"a span has its line, its carets and its label",
     TEXT_INIT("{\n  \"image\": " IMAGE ",\n}\n"), IMAGE, NULL, "pulled",
     " --> a.json:2:12\n"
     "  |\n"
     "2 |   \"image\": " IMAGE ",\n"
     "  |            ^^^^^^^^^^^^^^^^^^^^^^^^^ pulled\n"},
    {"without a label there are carets alone", TEXT_INIT("abc"), "b", NULL, "",
     " --> a.json:1:2\n"
     "  |\n"
     "1 | abc\n"
     "  |  ^\n"},
    {"tabs are filled up with blanks, and carets stand under what they mean",
     TEXT_INIT("\ta:\tbc\t#\n"), "bc", NULL, "here",
     " --> a.json:1:5\n"
     "  |\n"
     "1 |     a:  bc  #\n"
     "  |         ^^ here\n"},
    {"a tab inside the span has carets under all of it", TEXT_INIT("a\tb"), "a\tb",
     NULL, "",
     " --> a.json:1:1\n"
     "  |\n"
     "1 | a   b\n"
     "  | ^^^^^\n"},
    {"CRLF is no part of a line", TEXT_INIT("a\r\nbcd\r\n"), "cd", NULL, "",
     " --> a.json:2:2\n"
     "  |\n"
     "2 | bcd\n"
     "  |  ^^\n"},
    {"a byte order mark is no part of a line",
     TEXT_INIT("\xEF\xBB\xBF"
               "ab"),
     "b", NULL, "",
     " --> a.json:1:2\n"
     "  |\n"
     "1 | ab\n"
     "  |  ^\n"},
    {"two bytes may be one column", TEXT_INIT("é: ü"), "ü", NULL, "",
     " --> a.json:1:4\n"
     "  |\n"
     "1 | é: ü\n"
     "  |    ^\n"},
    {"a wide character takes two columns of the terminal and is one column",
     TEXT_INIT("日本: 語x"), "語", NULL, "",
     " --> a.json:1:5\n"
     "  |\n"
     "1 | 日本: 語x\n"
     "  |       ^^\n"},
    {"a combining mark takes none", TEXT_INIT("e\xCC\x81: x"), "x", NULL, "",
     " --> a.json:1:5\n"
     "  |\n"
     "1 | e\xCC\x81: x\n"
     "  |    ^\n"},
    {"an emoji is wide", TEXT_INIT("\xF0\x9F\x98\x80 x"), "x", NULL, "",
     " --> a.json:1:3\n"
     "  |\n"
     "1 | \xF0\x9F\x98\x80 x\n"
     "  |    ^\n"},
    {"a span inside a character covers all of it", TEXT_INIT("aéb"), "\xA9", NULL, "",
     " --> a.json:1:3\n"
     "  |\n"
     "1 | aéb\n"
     "  |  ^\n"},
    {"a secret is not shown, and the carets are under what stands for it",
     TEXT_INIT("password: hunter22 # x\n"), "hunter22", "hunter22", "a value",
     " --> a.json:1:11\n"
     "  |\n"
     "1 | password: ••• # x\n"
     "  |           ^^^ a value\n"},
    {"a secret before the span moves the carets",
     TEXT_INIT("docker login -p hunter22 ghcr.io\n"), "ghcr.io", "hunter22", "",
     " --> a.json:1:26\n"
     "  |\n"
     "1 | docker login -p ••• ghcr.io\n"
     "  |                     ^^^^^^^\n"},
    {"a span that begins inside a secret covers all of it",
     TEXT_INIT("user:hunter22@host/x"), "22@host", "hunter22", "",
     " --> a.json:1:12\n"
     "  |\n"
     "1 | user:•••@host/x\n"
     "  |      ^^^^^^^^\n"},
    {"a span inside a secret shows it once", TEXT_INIT("x hunter22 y"), "nter",
     "hunter22", "",
     " --> a.json:1:5\n"
     "  |\n"
     "1 | x ••• y\n"
     "  |   ^^^\n"},
    {"a span over several lines shows the first, and where it ends",
     TEXT_INIT("{\n  \"build\": {  \n    \"x\": 1\n  }\n}\n"), "{  \n    \"x\": 1\n  }",
     NULL, "leads there",
     " --> a.json:2:12\n"
     "  |\n"
     "2 |   \"build\": {\n"
     "  |            ^ ... to line 4: leads there\n"},
    {"a span that ends with its line's end is of that line", TEXT_INIT("a: b\nc: d\n"),
     "a: b\n", NULL, "",
     " --> a.json:1:1\n"
     "  |\n"
     "1 | a: b\n"
     "  | ^^^^\n"},
    {"an empty span has one caret", TEXT_INIT("abc\n"), "", NULL, "here",
     " --> a.json:1:1\n"
     "  |\n"
     "1 | abc\n"
     "  | ^ here\n"},
    {"an empty file has a line too", TEXT_INIT(""), "", NULL, "nothing",
     " --> a.json:1:1\n"
     "  |\n"
     "1 |\n"
     "  | ^ nothing\n"},
    {"the gutter is as wide as the line number", TEXT_INIT("\n\n\n\n\n\n\n\n\n\n\nx\n"),
     "x", NULL, "",
     "  --> a.json:12:1\n"
     "   |\n"
     "12 | x\n"
     "   | ^\n"},
    {"control characters are spelt out",
     TEXT_INIT("a\x1B[31m\x01"
               "b"),
     "b", NULL, "",
     " --> a.json:1:8\n"
     "  |\n"
     "1 | a\\x1B[31m\\x01b\n"
     "  |              ^\n"},
    {"a C1 control and malformed UTF-8 are spelt out",
     TEXT_INIT("\xC2\x9B\xFF"
               "b"),
     "b", NULL, "",
     " --> a.json:1:3\n"
     "  |\n"
     "1 | \\xC2\\x9B\\xFFb\n"
     "  |             ^\n"},
    {"what turns the direction of writing is spelt out",
     TEXT_INIT("a\xE2\x80\xAE"
               "b"),
     "b", NULL, "",
     " --> a.json:1:3\n"
     "  |\n"
     "1 | a<U+202E>b\n"
     "  |          ^\n"},
    {"a label cannot start a new line", TEXT_INIT("a"), "a", NULL, "x\nerror: y",
     " --> a.json:1:1\n"
     "  |\n"
     "1 | a\n"
     "  | ^ x\\x0Aerror: y\n"},
    {"of a long line, what is around the span is shown",
     TEXT_INIT(FIFTY FIFTY FIFTY "X" FIFTY FIFTY FIFTY), "X", NULL, "here",
     " --> a.json:1:151\n"
     "  |\n"
     "1 | ..." FIFTY "X" FIFTY FIFTY "012345678...\n"
     "  |    "
     "                                                  ^ here\n"},
    {"a long line is not cut before its beginning",
     TEXT_INIT("X" FIFTY FIFTY FIFTY FIFTY), "X", NULL, "",
     " --> a.json:1:1\n"
     "  |\n"
     "1 | X" FIFTY FIFTY FIFTY "012345678...\n"
     "  | ^\n"},
    {"at the end of a long line there is no more to cut",
     TEXT_INIT(FIFTY FIFTY FIFTY FIFTY "X"), "X", NULL, "",
     " --> a.json:1:201\n"
     "  |\n"
     "1 | ...123456789" FIFTY FIFTY FIFTY "X\n"
     "  |             "
     "                                                  "
     "                                                  "
     "                                                  ^\n"},
    {"a span longer than what is shown is cut", TEXT_INIT("ab" FIFTY FIFTY FIFTY FIFTY),
     "b" FIFTY FIFTY FIFTY FIFTY, NULL, "",
     " --> a.json:1:2\n"
     "  |\n"
     "1 | ab" FIFTY FIFTY FIFTY "01234567...\n"
     "  |  ^" CARETS_50 CARETS_50 CARETS_50 "^^^^^^^^\n"},
};

static void is_laid_out(void **state)
{
    const Case *c = *state;
    Fixture fixture = fixture_new(SEVERITY_ERROR);
    Report *report = &fixture.report;
    Buffer out = {.arena = fixture.arena};
    uint32_t file = sources_add(report->sources, TEXT("a.json"), c->bytes);
    Finding finding = {.rule = &fixture.rule,
                       .message = TEXT("m"),
                       .span = find_in(&fixture, file, c->part),
                       .label = text_of(c->label)};

    finding.relation.index = DL_NO_RELATION;
    if (c->secret)
        source_mark_secret(report->sources, find_in(&fixture, file, c->secret));
    report->findings = &finding;
    report->count = 1;
    report->quiet = true;
    report_text(report, &out);
    Buffer expected = {.arena = fixture.arena};
    buffer_format(&expected, HEAD "%s\n%c", c->expected, '\0');
    assert_text(&out, expected.at);
    arena_free(fixture.arena);
}

/* --- the rest of the form --- */

static Finding finding_of(const Fixture *fixture, Span span)
{
    Finding finding = {.rule = &fixture->rule,
                       .message = TEXT(SPLIT),
                       .help = TEXT("grant it"),
                       .repository = TEXT("octo-org/site"),
                       .span = span,
                       .label = TEXT("pulled when a codespace is created")};

    finding.relation.index = DL_NO_RELATION;
    return finding;
}

static void the_form_is_that_of_the_design(void **state)
{
    (void)state;
    Fixture fixture = fixture_new(SEVERITY_ERROR);
    Report *report = &fixture.report;
    uint32_t json =
        sources_add(report->sources, TEXT(".devcontainer/devcontainer.json"),
                    TEXT("\n\n\n  \"image\": " IMAGE ",\n"));
    uint32_t yaml =
        sources_add(report->sources, TEXT("access/packages.yaml"),
                    TEXT("\n\n\n\n\n\n\n\n\n\n\n    visibility: internal\n"));
    Related related = {find_in(&fixture, yaml, "visibility: internal"),
                       TEXT("internal, and octo-org/site is not among its "
                            "codespaces_access")};
    Finding finding = finding_of(&fixture, find_in(&fixture, json, IMAGE));
    Buffer out = {.arena = fixture.arena};

    finding.related = &related;
    finding.nrelated = 1;
    report->findings = &finding;
    report->count = 1;
    report->errors = 1;
    report->repositories = report->configurations = 1;
    report->references = 3;
    report->suppressed = 2;
    report_text(report, &out);
    assert_text(
        &out, "error[leak/x]: " SPLIT "\n"
              "  --> .devcontainer/devcontainer.json:4:12\n"
              "   |\n"
              " 4 |   \"image\": " IMAGE ",\n"
              "   |            ^^^^^^^^^^^^^^^^^^^^^^^^^ pulled when a codespace is "
              "created\n"
              "  ::: access/packages.yaml:12:5\n"
              "   |\n"
              "12 |     visibility: internal\n"
              "   |     ^^^^^^^^^^^^^^^^^^^^ internal, and octo-org/site is not among "
              "its codespaces_access\n"
              "   = help: grant it\n"
              "\n"
              "1 error, 0 warnings, 0 infos in 1 configuration of 1 repository "
              "(3 references), 2 suppressed; access was not judged\n");
    arena_free(fixture.arena);
}

static void places_follow_in_their_order(void **state)
{
    (void)state;
    Fixture fixture = fixture_new(SEVERITY_WARNING);
    Report *report = &fixture.report;
    uint32_t a = sources_add(report->sources, TEXT("a.yaml"), TEXT("one\ntwo\n"));
    uint32_t b = sources_add(report->sources, TEXT("b.yaml"), TEXT("three\n"));
    Related related[] = {{find_in(&fixture, b, "three"), TEXT("in another file")},
                         {find_in(&fixture, a, "one"), TEXT("in the same file")},
                         {find_in(&fixture, a, "two"), TEXT("at the same place")},
                         {find_in(&fixture, a, "wo"), TEXT("")}};
    Finding finding = finding_of(&fixture, find_in(&fixture, a, "two"));
    Buffer out = {.arena = fixture.arena};

    finding.related = related;
    finding.nrelated = 4;
    report->findings = &finding;
    report->count = 1;
    report->quiet = true;
    report_text(report, &out);
    assert_text(&out, "warning[leak/x]: " SPLIT "\n"
                      " --> a.yaml:2:1\n"
                      "  |\n"
                      "2 | two\n"
                      "  | ^^^ pulled when a codespace is created\n"
                      " ::: b.yaml:1:1\n"
                      "  |\n"
                      "1 | three\n"
                      "  | ^^^^^ in another file\n"
                      " ::: a.yaml:1:1\n"
                      "  |\n"
                      "1 | one\n"
                      "  | ^^^ in the same file\n"
                      "  = note: at the same place\n"
                      " ::: a.yaml:2:2\n"
                      "  |\n"
                      "2 | two\n"
                      "  |  ^^\n"
                      "  = help: grant it\n"
                      "\n");
    arena_free(fixture.arena);
}

static void a_finding_may_have_no_place(void **state)
{
    (void)state;
    Fixture fixture = fixture_new(SEVERITY_INFO);
    Report *report = &fixture.report;
    Finding findings[2] = {finding_of(&fixture, (Span){0}),
                           finding_of(&fixture, (Span){0})};
    Buffer out = {.arena = fixture.arena};

    findings[1].repository = findings[1].help = TEXT("");
    report->findings = findings;
    report->count = 2;
    report->quiet = true;
    report_text(report, &out);
    assert_text(&out, "info[leak/x]: " SPLIT "\n"
                      " --> (no file) of octo-org/site\n"
                      "  = help: grant it\n"
                      "\n"
                      "info[leak/x]: " SPLIT "\n"
                      " --> (no file)\n"
                      "\n");
    arena_free(fixture.arena);
}

static void colours_are_there_when_asked_for(void **state)
{
    (void)state;
    Fixture fixture = fixture_new(SEVERITY_ERROR);
    Report *report = &fixture.report;
    uint32_t a = sources_add(report->sources, TEXT("a.yaml"), TEXT("one\n"));
    Finding finding = finding_of(&fixture, find_in(&fixture, a, "one"));
    Buffer out = {.arena = fixture.arena};

    finding.message = TEXT("m\x1B[0m");
    finding.label = TEXT("l");
    report->findings = &finding;
    report->count = 1;
    report->quiet = report->color = true;
    report_text(report, &out);
    assert_text(&out, "\x1B[1;31merror[leak/x]\x1B[0m\x1B[1m:\x1B[0m "
                      "\x1B[1mm\\x1B[0m\x1B[0m\n"
                      " \x1B[1;34m-->\x1B[0m a.yaml:1:1\n"
                      "\x1B[1;34m  |\x1B[0m\n"
                      "\x1B[1;34m1 |\x1B[0m one\n"
                      "\x1B[1;34m  |\x1B[0m \x1B[1;31m^^^\x1B[0m \x1B[1;31ml\x1B[0m\n"
                      "  \x1B[1;34m=\x1B[0m \x1B[1mhelp\x1B[0m: grant it\n"
                      "\n");
    arena_free(fixture.arena);
}

static void what_was_not_read_is_said(void **state)
{
    (void)state;
    static const Coverage coverage[] = {
        {TEXT_INIT("a.json"), TEXT_INIT("analysed"), TEXT_INIT("")},
        {TEXT_INIT("b\n.json"), TEXT_INIT("partial"), TEXT_INIT("has errors")},
        {TEXT_INIT("c.json"), TEXT_INIT("refused"), TEXT_INIT("is too large")}};
    Fixture fixture = fixture_new(SEVERITY_ERROR);
    Report *report = &fixture.report;
    Buffer out = {.arena = fixture.arena};

    report->coverage = coverage;
    report->ncoverage = 3;
    report->configurations = 2;
    report->repositories = 2;
    report_text(report, &out);
    assert_text(&out, "partial: b\\x0A.json: has errors\n"
                      "refused: c.json: is too large\n"
                      "no findings in what could be read: 2 configurations of 2 "
                      "repositories (0 references); access was not judged\n");
    arena_free(fixture.arena);
}

static void no_findings_are_said_in_a_sentence(void **state)
{
    (void)state;
    Fixture fixture = fixture_new(SEVERITY_ERROR);
    Report *report = &fixture.report;
    Buffer out = {.arena = fixture.arena}, quiet = {.arena = fixture.arena};

    report_text(report, &out);
    assert_text(&out, "no findings, and no configuration was found; access was not "
                      "judged\n");
    report->quiet = true;
    report_text(report, &quiet);
    assert_text(&quiet, "");
    arena_free(fixture.arena);
}

static void a_diagnostic_has_its_snippet(void **state)
{
    (void)state;
    Fixture fixture = fixture_new(SEVERITY_ERROR);
    Report *report = &fixture.report;
    uint32_t a = sources_add(report->sources, TEXT("p.dl"), TEXT("a(x) :-\n  b(y).\n"));
    Diag diag = {.rule = "",
                 .span = find_in(&fixture, a, "b"),
                 .message = TEXT("no relation 'b'"),
                 .help = TEXT("declare it"),
                 .related = find_in(&fixture, a, "a(x)"),
                 .related_says = TEXT("used here")};
    Diag nowhere = {.rule = "", .message = TEXT("the directory is not there")};
    Buffer out = {.arena = fixture.arena};

    text_add_diag(report, &diag, "error", &out);
    text_add_diag(report, &nowhere, "warning", &out);
    assert_text(&out, "error: p.dl:2:3: no relation 'b'\n"
                      "  |\n"
                      "2 |   b(y).\n"
                      "  |   ^\n"
                      " ::: p.dl:1:1\n"
                      "  |\n"
                      "1 | a(x) :-\n"
                      "  | ^^^^ used here\n"
                      "  = help: declare it\n"
                      "warning: the directory is not there\n");
    arena_free(fixture.arena);
}

static void a_proof_is_a_tree(void **state)
{
    (void)state;
    Fixture fixture = fixture_new(SEVERITY_ERROR);
    Report *report = &fixture.report;
    uint32_t a = sources_add(report->sources, TEXT("a.yaml"), TEXT("one\ntwo\n"));
    const Proof fact = {.says = TEXT("two stands there"),
                        .span = find_in(&fixture, a, "two")};
    const Proof missing = {.says = TEXT("no grant\nof it"), .absent = true};
    const Proof *const reasons[] = {&fact, &missing};
    const Proof step = {.says = TEXT("both hold"), .because = reasons, .nbecause = 2};
    const Proof *const once_more[] = {&step};
    const Proof last = {.says = TEXT("once more"), .because = once_more, .nbecause = 1};
    const Proof *const steps[] = {&step, &fact, &last};
    const Proof root = {.says = TEXT("so it is"), .because = steps, .nbecause = 3};
    Buffer out = {.arena = fixture.arena};

    text_add_proof(report, &root, &out);
    assert_text(&out, "so it is\n"
                      "├─ both hold\n"
                      "│  ├─ two stands there  (a.yaml:2:1)\n"
                      "│  └─ no grant\\x0Aof it  (absent)\n"
                      "├─ two stands there  (a.yaml:2:1)\n"
                      "└─ once more\n"
                      "   └─ both hold  (as above)\n");
    arena_free(fixture.arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(the_form_is_that_of_the_design),
        cmocka_unit_test(places_follow_in_their_order),
        cmocka_unit_test(a_finding_may_have_no_place),
        cmocka_unit_test(colours_are_there_when_asked_for),
        cmocka_unit_test(what_was_not_read_is_said),
        cmocka_unit_test(no_findings_are_said_in_a_sentence),
        cmocka_unit_test(a_diagnostic_has_its_snippet),
        cmocka_unit_test(a_proof_is_a_tree),
    };
    struct CMUnitTest tests[COUNT + sizeof(rest) / sizeof(*rest)];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] =
            (struct CMUnitTest){cases[i].name, is_laid_out, NULL, NULL, &cases[i]};
    memcpy(tests + COUNT, rest, sizeof(rest));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
