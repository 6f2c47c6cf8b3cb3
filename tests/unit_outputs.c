#include "report_fixture.h"

#include "report/packed_size.h"

/* What the outputs for other programs keep when there is too much for them. */

static const char program[] = TYPES
    ".type Package <: symbol\n"
    ".decl pulls(at: Site, repo: Repo, package: Package)\n"
    ".input pulls\n"
    ".decl leak_x(at: Site, repo: Repo, package: Package)\n"
    ".output leak_x\n"
    "leak_x(at, repo, package) :- pulls(at, repo, package).\n"
    ".decl note_x(at: Site, repo: Repo, package: Package)\n"
    ".output note_x\n"
    "note_x(at, repo, package) :- pulls(at, repo, package), package = \"last\".\n";

static uint32_t count_of(Text text, const char *part)
{
    Text what = text_of(part);
    uint32_t count = 0;

    for (size_t at = text_find(text, what); at < text.len; at = text_find(text, what)) {
        text = text_from(text, at + what.len);
        count++;
    }
    return count;
}

static bool holds(Text text, const char *part)
{
    return count_of(text, part) > 0;
}

/* Text that does not compress. */
static Text noise(Arena *arena, uint32_t len)
{
    static uint32_t state = 1;
    Buffer out = {.arena = arena};

    for (uint32_t i = 0; i < len; i++) {
        state = state * 1664525 + 1013904223;
        buffer_add_byte(&out, (char)('A' + (state >> 24) % 58));
    }
    return buffer_text(&out);
}

/* `count` findings of one rule, each on its own line of a file and with so much noise in
 * its message, and one of another rule on the last. */
static Fixture *many_noisy(uint32_t count, Severity severity, Severity last,
                           uint32_t noise_bytes)
{
    Fixture *fixture = fixture_new(program);
    Report *report = &fixture->report;
    Buffer lines = {.arena = fixture->arena};
    DlRelationId pulls = fixture_relation(fixture, "pulls");

    for (uint32_t i = 0; i < count; i++)
        buffer_format(&lines, "%05u\n", (unsigned)i);
    uint32_t file = sources_add(report->sources, TEXT("a.yaml"), buffer_text(&lines));
    for (uint32_t i = 0; i < count; i++) {
        Span span = {file, 6 * i, 6 * i + 5};
        Text bytes = span_bytes(report->sources, span);
        Text package = arena_format(fixture->arena, "%.*s%.*s", TEXT_ARG(bytes),
                                    TEXT_ARG(noise(fixture->arena, noise_bytes)));
        if (i + 1 == count)
            package = TEXT("last");
        uint32_t row[] = {site_intern(report->sources, span).id,
                          symbol_intern(report->symbols, TEXT("octo-org/site")).id,
                          symbol_intern(report->symbols, package).id};

        dl_add(fixture->database, pulls, row);
    }
    fixture_rule(fixture, "leak/x", severity, "leak_x", "{package} leaks");
    fixture_rule(fixture, "note/x", last, "note_x", "the {package} one");
    fixture_says(fixture, "pulls", "{repo} pulls {package}", "");
    fixture_run(fixture);
    report->run.version = TEXT("1.2.3");
    report->run.is_complete = true;
    findings_collect(report, fixture->diags);
    return fixture;
}

static Fixture *many(uint32_t count, Severity severity, Severity last)
{
    return many_noisy(count, severity, last, 0);
}

static Text emit(Fixture *fixture, Emitter *emitter)
{
    Buffer out = {.arena = fixture->arena};

    emitter(&fixture->report, &out);
    return buffer_text(&out);
}

static void sarif_keeps_the_worst_results_and_says_what_was_cut(void **state)
{
    enum { COUNT = 5100 };
    Fixture *fixture = many(COUNT, SEVERITY_WARNING, SEVERITY_ERROR);
    Text log = emit(fixture, report_sarif);
    size_t results = text_find(log, TEXT("\"results\""));

    (void)state;
    assert_int_equal(count_of(log, "\"ruleId\""), 5000);
    /* The error, which stands last in the file, goes before all warnings. */
    assert_true(text_find(text_from(log, results), TEXT("\"ruleId\": \"note/x\"")) <
                text_find(text_from(log, results), TEXT("\"ruleId\": \"leak/x\"")));
    assert_true(holds(log, "\"text\": \"101 results are not here\""));
    arena_free(fixture->arena);
}

static void sarif_leaves_out_proofs_before_results(void **state)
{
    enum { COUNT = 4200 };
    Fixture *fixture = many_noisy(COUNT, SEVERITY_ERROR, SEVERITY_INFO, 1500);
    Text log = emit(fixture, report_sarif);
    uint32_t flows = count_of(log, "\"codeFlows\"");

    (void)state;
    assert_in_range(flows, 1, COUNT - 1);
    assert_int_equal(count_of(log, "\"ruleId\""), COUNT + 1);
    assert_true(holds(log, arena_format(fixture->arena,
                                        "\"text\": \"%u results are here without",
                                        (unsigned)(COUNT + 1 - flows))
                               .at));
    arena_free(fixture->arena);
}

static void sarif_keeps_to_what_github_takes(void **state)
{
    Fixture *fixture = many_noisy(5000, SEVERITY_ERROR, SEVERITY_INFO, 1900);
    Text log = emit(fixture, report_sarif);
    Buffer all = {.arena = fixture->arena};

    (void)state;
    buffer_add(&all, log);
    assert_true(packed_size_add(packed_size_new(fixture->arena), &all) <= 10000000);
    assert_in_range(count_of(log, "\"ruleId\""), 2000, 4999);
    assert_true(holds(log, " results are not here\""));
    arena_free(fixture->arena);
}

static void a_packed_size_is_that_of_what_is_new(void **state)
{
    Arena *arena = arena_new(1 << 24);
    PackedSize *size = packed_size_new(arena);
    Buffer out = {.arena = arena};

    (void)state;
    buffer_add(&out, noise(arena, 5000));
    assert_in_range(packed_size_add(size, &out), 4900, 5000);
    assert_in_range(packed_size_add(size, &out), 4900, 5000);
    buffer_add(&out, text_slice(buffer_text(&out), 0, 5000));
    assert_in_range(packed_size_add(size, &out), 4900, 5200); /* it stood there */
    out.len = 5000;
    (void)packed_size_add(size, &out);
    buffer_add(&out, noise(arena, 40000));
    assert_true(packed_size_add(size, &out) > 44000);
    buffer_add(&out, text_slice(buffer_text(&out), 0, 5000));
    assert_true(packed_size_add(size, &out) > 48000); /* out of reach */
    arena_free(arena);
}

static void github_shows_ten_errors_and_then_counts(void **state)
{
    Fixture *fixture = many(40, SEVERITY_ERROR, SEVERITY_INFO);
    Text commands = emit(fixture, report_github);

    (void)state;
    assert_int_equal(count_of(commands, "::error "), 10);
    assert_int_equal(count_of(commands, "::notice "), 1);
    assert_true(holds(commands, "::notice title=berth::40 errors, 0 warnings, 1 info; "
                                "31 of them are not annotated\n"));
    arena_free(fixture->arena);
}

static void the_worst_comes_first(void **state)
{
    Fixture *fixture = many(40, SEVERITY_INFO, SEVERITY_WARNING);
    Text commands = emit(fixture, report_github);

    (void)state;
    assert_int_equal(count_of(commands, "::notice "), 10);
    assert_true(text_starts_with(commands, TEXT("::warning file=a.yaml,line=40,")));
    arena_free(fixture->arena);
}

static void a_comment_has_room_for_so_many_findings(void **state)
{
    Fixture *fixture = many(3000, SEVERITY_ERROR, SEVERITY_INFO);
    Text page = emit(fixture, report_markdown);
    uint32_t rows = count_of(page, "\n| error |");

    (void)state;
    assert_true(page.len <= 65000);
    assert_in_range(rows, 100, 2999);
    assert_true(holds(page, arena_format(fixture->arena,
                                         "\n%u more findings are not shown here.\n",
                                         (unsigned)(3001 - rows))
                                .at));
    assert_true(holds(page, "```mermaid\nflowchart LR\n"));
    arena_free(fixture->arena);
}

static void a_summary_keeps_to_its_room(void **state)
{
    Fixture *fixture = many(300, SEVERITY_ERROR, SEVERITY_INFO);

    (void)state;
    for (size_t limit = 0; limit < 4000; limit += 7) {
        Buffer out = {.arena = fixture->arena};

        report_step_summary(&fixture->report, limit, &out);
        assert_true(out.len <= limit);
    }
    arena_free(fixture->arena);
}

static void a_finding_of_one_line_is_one_result(void **state)
{
    Fixture *fixture = fixture_new(program);

    (void)state;
    fixture_file(fixture, "a.yaml", "# \xF0\x9F\x98\x80\n\xF0\x9F\x98\x80 a b c\n");
    FIXTURE_ROW(fixture, "pulls", "a.yaml#a", "octo-org/site", "one");
    FIXTURE_ROW(fixture, "pulls", "a.yaml#b", "octo-org/site", "two");
    FIXTURE_ROW(fixture, "pulls", "a.yaml#c", "octo-org/site", "two");
    fixture_rule(fixture, "leak/x", SEVERITY_ERROR, "leak_x", "[{package}](1) leaks");
    fixture_says(fixture, "pulls", "{repo} pulls {package}", "");
    fixture_run(fixture);
    findings_collect(&fixture->report, fixture->diags);
    Text log = emit(fixture, report_sarif);

    assert_int_equal(count_of(log, "\"ruleId\""), 1);
    assert_int_equal(count_of(log, "\"threadFlows\""), 3);
    assert_true(
        holds(log, "\"text\": \"\\\\[one](1) leaks.\\nAlso: \\\\[two](1) leaks.\""));
    assert_true(holds(log, "\"startLine\": 2,\n                  \"startColumn\": 4,"));
    /* The two of one message have one fingerprint, which GitLab would take for one. */
    Text report = emit(fixture, report_gitlab);
    Text fingerprint = fixture->report.findings[1].fingerprint;

    assert_true(text_equal(fingerprint, fixture->report.findings[2].fingerprint));
    assert_int_equal(count_of(report, arena_copy(fixture->arena, fingerprint).at), 2);
    assert_true(holds(
        report, arena_format(fixture->arena, "\"%.*s-2\"", TEXT_ARG(fingerprint)).at));
    arena_free(fixture->arena);
}

static void what_fails_the_run_fails_in_junit(void **state)
{
    Fixture *fixture = many(3, SEVERITY_WARNING, SEVERITY_INFO);

    (void)state;
    fixture->report.run.fail_on = SEVERITY_ERROR;
    assert_true(holds(emit(fixture, report_junit), "failures=\"0\""));
    assert_false(holds(emit(fixture, report_junit), "<failure"));
    fixture->report.run.fail_on = SEVERITY_WARNING;
    assert_int_equal(count_of(emit(fixture, report_junit), "<failure"), 1);
    fixture->report.run.never_fails = true;
    assert_false(holds(emit(fixture, report_junit), "<failure"));
    arena_free(fixture->arena);
}

static void what_a_change_brings_is_a_category_of_its_own(void **state)
{
    Fixture *fixture = many(1, SEVERITY_ERROR, SEVERITY_INFO);
    Report *report = &fixture->report;

    (void)state;
    report->run.category = TEXT("octo-org/site/");
    assert_true(holds(emit(fixture, report_sarif), "\"id\": \"berth/octo-org/site/\""));
    report->is_change = true;
    report->fixed = 2;
    report->unchanged = 3;
    assert_true(
        holds(emit(fixture, report_sarif), "\"id\": \"berth-pr/octo-org/site/\""));
    assert_true(
        holds(emit(fixture, report_github),
              "::notice title=berth::1 new error, 0 warnings, 1 info; the change "
              "fixed 2 and left 3\n"));
    arena_free(fixture->arena);
}

static void places_begin_where_berth_runs(void **state)
{
    static Emitter *const emitters[] = {report_sarif, report_github, report_gitlab,
                                        report_junit, report_markdown};
    Fixture *fixture = many(1, SEVERITY_ERROR, SEVERITY_INFO);

    (void)state;
    fixture->report.run.prefix = TEXT("sub/");
    for (size_t i = 0; i < sizeof(emitters) / sizeof(*emitters); i++)
        assert_true(holds(emit(fixture, emitters[i]), "sub/a.yaml"));
    assert_false(holds(emit(fixture, report_ndjson), "sub/a.yaml"));
    arena_free(fixture->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sarif_keeps_the_worst_results_and_says_what_was_cut),
        cmocka_unit_test(sarif_leaves_out_proofs_before_results),
        cmocka_unit_test(sarif_keeps_to_what_github_takes),
        cmocka_unit_test(a_packed_size_is_that_of_what_is_new),
        cmocka_unit_test(github_shows_ten_errors_and_then_counts),
        cmocka_unit_test(the_worst_comes_first),
        cmocka_unit_test(a_comment_has_room_for_so_many_findings),
        cmocka_unit_test(a_summary_keeps_to_its_room),
        cmocka_unit_test(a_finding_of_one_line_is_one_result),
        cmocka_unit_test(what_fails_the_run_fails_in_junit),
        cmocka_unit_test(what_a_change_brings_is_a_category_of_its_own),
        cmocka_unit_test(places_begin_where_berth_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
