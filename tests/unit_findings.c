#include "report_fixture.h"

static const char program[] = TYPES
    ".decl image(at: Site, repo: Repo, name: symbol, days: number, stated_at: Site)\n"
    ".input image\n"
    ".decl leak_x(at: Site, repo: Repo, name: symbol, days: number, stated_at: Site)\n"
    ".output leak_x\n"
    "leak_x(at, repo, name, days, stated) :- image(at, repo, name, days, stated).\n"
    ".decl place(at: Site, repo: Repo)\n"
    ".input place\n"
    ".decl leak_y(at: Site, repo: Repo)\n"
    ".output leak_y\n"
    "leak_y(at, repo) :- place(at, repo).\n";

static const char a_yaml[] = "one\ntwo\nthree\n";

/* leak/x with a label for each place; leak/y; input/syntax of a reader. */
static Fixture *new_fixture(void)
{
    static const Label labels[] = {
        {TEXT_INIT("at"), TEXT_INIT("{name} stands here")},
        {TEXT_INIT("stated_at"), TEXT_INIT("of {days} days")}};
    Fixture *fixture = fixture_new(program);

    fixture_file(fixture, "b.yaml", a_yaml);
    fixture_file(fixture, "a.yaml", a_yaml);
    fixture_rule(fixture, "input/syntax", SEVERITY_ERROR, NULL, "{message}")->help =
        TEXT("mend it");
    Rule *rule = fixture_rule(fixture, "leak/x", SEVERITY_WARNING, "leak_x",
                              "{repo} has {name}, {days} days old, {nothing}");
    rule->help = TEXT("remove {name}");
    rule->labels = labels;
    rule->nlabels = 2;
    fixture_rule(fixture, "leak/y", SEVERITY_INFO, "leak_y", "{repo} is placed");
    return fixture;
}

static void collect(Fixture *fixture)
{
    fixture_run(fixture);
    findings_collect(&fixture->report, fixture->diags);
}

/* "rule path:line message" of each finding, a line each. */
static void assert_findings(const Fixture *fixture, const char *expected)
{
    const Report *report = &fixture->report;
    Buffer out = {.arena = fixture->arena};

    for (uint32_t i = 0; i < report->count; i++) {
        const Finding *finding = &report->findings[i];

        buffer_add(&out, finding->rule->id);
        if (finding->span.file) {
            buffer_add(&out, TEXT(" "));
            buffer_add(&out, source_path(report->sources, finding->span.file));
            buffer_format(
                &out, ":%u",
                source_place(report->sources, finding->span.file, finding->span.start)
                    .line);
        }
        buffer_add(&out, TEXT(" "));
        buffer_add(&out, finding->message);
        buffer_add(&out, TEXT("\n"));
    }
    assert_text(buffer_text(&out), expected);
}

static void a_row_is_a_finding(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    FIXTURE_ROW(fixture, "image", "a.yaml#two", "o/site", "base", "-3", "b.yaml#three");
    collect(fixture);
    assert_int_equal(fixture->report.count, 1);
    assert_int_equal(fixture->report.warnings, 1);
    assert_int_equal(fixture->report.errors, 0);
    const Finding *finding = &fixture->report.findings[0];

    assert_text(finding->message, "o/site has base, -3 days old, {nothing}");
    assert_text(finding->help, "remove base");
    assert_text(finding->label, "base stands here");
    assert_text(finding->repository, "o/site");
    assert_int_equal(finding->nrelated, 1);
    assert_text(finding->related[0].message, "of -3 days");
    assert_text(span_bytes(fixture->report.sources, finding->span), "two");
    assert_text(span_bytes(fixture->report.sources, finding->related[0].span), "three");
    arena_free(fixture->arena);
}

static void a_related_place_that_is_nowhere_is_left_out(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    FIXTURE_ROW(fixture, "image", "", "o/site", "base", "1", "");
    collect(fixture);
    assert_int_equal(fixture->report.count, 1);
    assert_int_equal(fixture->report.findings[0].span.file, 0);
    assert_int_equal(fixture->report.findings[0].nrelated, 0);
    arena_free(fixture->arena);
}

static void findings_are_sorted_by_path_place_rule_and_message(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    FIXTURE_ROW(fixture, "place", "b.yaml#one", "o/a");
    FIXTURE_ROW(fixture, "place", "a.yaml#three", "o/a");
    FIXTURE_ROW(fixture, "place", "a.yaml#two", "o/b");
    FIXTURE_ROW(fixture, "place", "a.yaml#two", "o/a");
    FIXTURE_ROW(fixture, "image", "a.yaml#two", "o/z", "i", "1", "");
    (void)diag_add(fixture->diags, "input/syntax", fixture_span(fixture, "a.yaml#two"),
                   "it ends early");
    collect(fixture);
    assert_findings(fixture, "input/syntax a.yaml:2 it ends early\n"
                             "leak/x a.yaml:2 o/z has i, 1 days old, {nothing}\n"
                             "leak/y a.yaml:2 o/a is placed\n"
                             "leak/y a.yaml:2 o/b is placed\n"
                             "leak/y a.yaml:3 o/a is placed\n"
                             "leak/y b.yaml:1 o/a is placed\n");
    assert_int_equal(fixture->report.errors, 1);
    assert_int_equal(fixture->report.warnings, 1);
    assert_int_equal(fixture->report.infos, 4);
    arena_free(fixture->arena);
}

/* Two rows that differ in a further place alone are one finding; which one is kept does
 * not depend on the order of the rows. */
static void what_says_the_same_at_one_place_is_one_finding(void **state)
{
    (void)state;
    static const char *const places[] = {"b.yaml#one", "a.yaml#three", "a.yaml#one"};

    for (int first = 0; first < 3; first++) {
        Fixture *fixture = new_fixture();

        for (int i = 0; i < 3; i++)
            FIXTURE_ROW(fixture, "image", "a.yaml#two", "o/a", "i", "1",
                        places[(first + i) % 3]);
        for (int i = 0; i < 2; i++)
            (void)diag_add(fixture->diags, "input/syntax",
                           fixture_span(fixture, "a.yaml#two"), "it ends early");
        collect(fixture);
        assert_int_equal(fixture->report.count, 2);
        Span span = fixture->report.findings[1].related[0].span;
        assert_text(source_path(fixture->report.sources, span.file), "a.yaml");
        assert_int_equal(span.start, 0);
        arena_free(fixture->arena);
    }
}

static void a_rule_that_is_off_finds_nothing(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    FIXTURE_ROW(fixture, "place", "a.yaml#two", "o/a");
    (void)diag_add(fixture->diags, "input/syntax", fixture_span(fixture, "a.yaml#two"),
                   "it ends early");
    fixture->catalogue.rules[0].is_off = fixture->catalogue.rules[2].is_off = true;
    collect(fixture);
    assert_int_equal(fixture->report.count, 0);
    arena_free(fixture->arena);
}

static void an_error_of_a_rule_file_is_no_finding(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();

    (void)diag_add(fixture->diags, "", fixture_span(fixture, "program.dl#.decl"),
                   "no relation 'x'");
    collect(fixture);
    assert_int_equal(fixture->report.count, 0);
    arena_free(fixture->arena);
}

static void without_a_database_readers_alone_speak(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Diag *diag = diag_add(fixture->diags, "input/syntax",
                          fixture_span(fixture, "a.yaml#two"), "a key stands twice");

    diag->help = TEXT("remove one");
    diag->related = fixture_span(fixture, "a.yaml#one");
    diag->related_says = TEXT("the first");
    findings_collect(&fixture->report, fixture->diags);
    assert_int_equal(fixture->report.count, 1);
    const Finding *finding = &fixture->report.findings[0];
    assert_text(finding->help, "remove one");
    assert_text(finding->related[0].message, "the first");
    assert_null(finding_proof(&fixture->report, finding));
    arena_free(fixture->arena);
}

/* --- yields_to --- */

typedef struct Yield {
    const char *name;
    const char *other;      /* the place of the more specific finding */
    const char *repository; /* its repository */
    Severity severity;      /* of the finding that may yield; the other is a warning */
    bool is_silent;
} Yield;

static Yield yields[] = {
    {"a finding yields to a more specific one at its place", "a.yaml#two", "o/a",
     SEVERITY_WARNING, true},
    {"a less severe finding yields", "a.yaml#two", "o/a", SEVERITY_INFO, true},
    {"a more severe finding does not yield", "a.yaml#two", "o/a", SEVERITY_ERROR,
     false},
    {"a finding at another place silences nothing", "a.yaml#one", "o/a",
     SEVERITY_WARNING, false},
    {"a finding of another span at the same start silences nothing", "a.yaml#tw", "o/a",
     SEVERITY_WARNING, false},
    {"a finding of another repository silences nothing", "a.yaml#two", "o/b",
     SEVERITY_WARNING, false},
    {"a finding that is nowhere silences nothing", "", "o/a", SEVERITY_WARNING, false},
};

static void is_silent_where_it_yields(void **state)
{
    static const Text specific[] = {TEXT_INIT("leak/x")};
    const Yield *c = *state;
    Fixture *fixture = new_fixture();
    Rule *rule = &fixture->catalogue.rules[2];

    rule->yields_to = specific;
    rule->nyields_to = 1;
    rule->severity = c->severity;
    FIXTURE_ROW(fixture, "place", "a.yaml#two", "o/a");
    FIXTURE_ROW(fixture, "image", c->other, c->repository, "i", "1", "");
    collect(fixture);
    assert_int_equal(fixture->report.count, c->is_silent ? 1 : 2);
    assert_int_equal(fixture->report.warnings + fixture->report.infos +
                         fixture->report.errors,
                     fixture->report.count);
    arena_free(fixture->arena);
}

/* --- fingerprints --- */

static Text fingerprint(const char *at, const char *repo, const char *name,
                        const char *days, const char *stated, char *copy)
{
    Fixture *fixture = new_fixture();

    FIXTURE_ROW(fixture, "image", at, repo, name, days, stated);
    collect(fixture);
    Text text = fixture->report.findings[0].fingerprint;
    assert_int_equal(text.len, 16);
    memcpy(copy, text.at, 16);
    arena_free(fixture->arena);
    return (Text){copy, 16};
}

static void fingerprints_are_of_the_subject_not_of_the_place(void **state)
{
    (void)state;
    char bytes[6][16];
    Text first = fingerprint("a.yaml#two", "o/a", "i", "1", "a.yaml#one", bytes[0]);

    assert_true(
        text_equal(first, fingerprint("b.yaml#three", "o/a", "i", "1", "", bytes[1])));
    assert_false(text_equal(
        first, fingerprint("a.yaml#two", "o/b", "i", "1", "a.yaml#one", bytes[2])));
    assert_false(text_equal(
        first, fingerprint("a.yaml#two", "o/a", "j", "1", "a.yaml#one", bytes[3])));
    assert_false(text_equal(
        first, fingerprint("a.yaml#two", "o/a", "i", "2", "a.yaml#one", bytes[4])));
    /* Users' baselines hold such digests: it never changes. */
    assert_text(first, "f719c16af5648eef");
}

static void a_reader_s_fingerprint_is_of_path_and_message(void **state)
{
    (void)state;
    static const char *const places[] = {"a.yaml#one", "a.yaml#two", "b.yaml#one",
                                         "a.yaml#three"};
    static const char *const messages[] = {"m", "m", "m", "n"};
    Fixture *fixture = new_fixture();

    for (int i = 0; i < 4; i++)
        (void)diag_add(fixture->diags, "input/syntax", fixture_span(fixture, places[i]),
                       "%s", messages[i]);
    findings_collect(&fixture->report, fixture->diags);
    const Finding *findings = fixture->report.findings;
    assert_int_equal(fixture->report.count, 4);
    assert_true(text_equal(findings[0].fingerprint, findings[1].fingerprint));
    assert_false(text_equal(findings[0].fingerprint, findings[2].fingerprint));
    assert_false(text_equal(findings[0].fingerprint, findings[3].fingerprint));
    arena_free(fixture->arena);
}

static void a_rule_is_found_by_its_id(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    const Catalogue *catalogue = &fixture->catalogue;

    for (uint32_t i = 0; i < catalogue->count; i++)
        assert_ptr_equal(rule_find(catalogue, catalogue->rules[i].id),
                         &catalogue->rules[i]);
    assert_null(rule_find(catalogue, TEXT("leak/xx")));
    assert_null(rule_find(catalogue, TEXT("")));
    arena_free(fixture->arena);
}

int main(void)
{
    enum { COUNT = sizeof(yields) / sizeof(*yields) };
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(a_row_is_a_finding),
        cmocka_unit_test(a_related_place_that_is_nowhere_is_left_out),
        cmocka_unit_test(findings_are_sorted_by_path_place_rule_and_message),
        cmocka_unit_test(what_says_the_same_at_one_place_is_one_finding),
        cmocka_unit_test(a_rule_that_is_off_finds_nothing),
        cmocka_unit_test(an_error_of_a_rule_file_is_no_finding),
        cmocka_unit_test(without_a_database_readers_alone_speak),
        cmocka_unit_test(fingerprints_are_of_the_subject_not_of_the_place),
        cmocka_unit_test(a_reader_s_fingerprint_is_of_path_and_message),
        cmocka_unit_test(a_rule_is_found_by_its_id),
    };
    struct CMUnitTest tests[COUNT + sizeof(rest) / sizeof(*rest)];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){yields[i].name, is_silent_where_it_yields, NULL,
                                       NULL, &yields[i]};
    memcpy(tests + COUNT, rest, sizeof(rest));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
