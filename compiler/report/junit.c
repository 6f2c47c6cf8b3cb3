#include <inttypes.h>
#include <stdlib.h>

#include "base/escape.h"
#include "report/shown.h"
#include "report/told.h"

/*
 * As the schema of Jenkins has it. A suite is a rule, a case a repository where it has
 * findings; a rule without any is one case that passed. A case fails when its findings
 * fail the run (--fail-on); else they are its output.
 */

enum { JUNIT_TEXT = 2000, JUNIT_FINDINGS = 100 }; /* bytes of a text; of a case */

static bool fails(const Report *report, const Rule *rule)
{
    return !report->run.never_fails && rule->severity >= report->run.fail_on;
}

static void add_attribute(const Report *report, const char *name, Text value,
                          Buffer *out)
{
    buffer_format(out, " %s=\"", name);
    escape_add_xml(out, shown_text(report->arena, value, JUNIT_TEXT));
    buffer_add_byte(out, '"');
}

static void add_counts(Buffer *out, uint32_t tests, uint32_t failures, uint32_t errors)
{
    buffer_format(
        out, " tests=\"%" PRIu32 "\" failures=\"%" PRIu32 "\" errors=\"%" PRIu32 "\"",
        tests, failures, errors);
}

/* --- findings by rule and repository --- */

static int by_rule(const void *left, const void *right)
{
    const Finding *one = *(const Finding *const *)left;
    const Finding *other = *(const Finding *const *)right;
    int order = text_compare(one->rule->id, other->rule->id);

    if (order == 0)
        order = text_compare(one->repository, other->repository);
    if (order == 0)
        order = (one > other) - (one < other); /* the report's own order */
    return order;
}

static const Finding **sorted_findings(const Report *report)
{
    const Finding **list = ARENA_ARRAY(report->arena, report->count, const Finding *);

    for (uint32_t i = 0; i < report->count; i++)
        list[i] = &report->findings[i];
    qsort(list, report->count, sizeof(*list), by_rule);
    return list;
}

/* How many from `at` on are of its rule, and of its repository too. */
static uint32_t run_length(const Finding *const *list, uint32_t at, uint32_t end,
                           bool of_repository)
{
    uint32_t count = 0;

    while (at + count < end && list[at + count]->rule == list[at]->rule &&
           (!of_repository ||
            text_equal(list[at + count]->repository, list[at]->repository)))
        count++;
    return count;
}

static uint32_t count_cases(const Finding *const *list, uint32_t count)
{
    uint32_t cases = 0;

    for (uint32_t i = 0; i < count; i += run_length(list, i, count, true))
        cases++;
    return cases;
}

/* --- output --- */

static void add_finding(const Report *report, const Finding *finding, Buffer *out)
{
    Span span = told_span(report, finding);
    uint32_t line =
        span.file ? source_place(report->sources, span.file, span.start).line : 1;
    Arena *arena = report->arena;

    escape_add_xml(out, shown_text(arena, told_path(report, span), JUNIT_TEXT));
    buffer_format(out, ":%" PRIu32 ": ", line);
    escape_add_xml(out, shown_text(arena, finding->message, JUNIT_TEXT));
    if (finding->help.len) {
        buffer_add(out, TEXT("\n  help: "));
        escape_add_xml(out, shown_text(arena, finding->help, JUNIT_TEXT));
    }
    buffer_add_byte(out, '\n');
}

static void add_case(const Report *report, const Finding *const *findings,
                     uint32_t count, Buffer *out)
{
    const Rule *rule = findings[0]->rule;
    const char *element = fails(report, rule) ? "failure" : "system-out";
    Text repository = findings[0]->repository;

    buffer_add(out, TEXT("    <testcase"));
    add_attribute(report, "classname", rule->id, out);
    add_attribute(report, "name", repository.len ? repository : rule->title, out);
    buffer_format(out, " time=\"0\">\n      <%s", element);
    if (fails(report, rule)) {
        add_attribute(report, "type", text_of(severity_name(rule->severity)), out);
        add_attribute(report, "message", findings[0]->message, out);
    }
    buffer_add_byte(out, '>');
    for (uint32_t i = 0; i < count && i < JUNIT_FINDINGS; i++)
        add_finding(report, findings[i], out);
    if (count > JUNIT_FINDINGS)
        buffer_format(out, "and %" PRIu32 " more\n", count - JUNIT_FINDINGS);
    buffer_format(out, "</%s>\n    </testcase>\n", element);
}

static void add_suite(const Report *report, const Rule *rule,
                      const Finding *const *findings, uint32_t count, Buffer *out)
{
    uint32_t cases = count_cases(findings, count);

    buffer_add(out, TEXT("  <testsuite"));
    add_attribute(report, "name", rule->id, out);
    add_counts(out, cases ? cases : 1, fails(report, rule) ? cases : 0, 0);
    buffer_add(out, TEXT(" time=\"0\">\n"));
    if (count == 0) {
        buffer_add(out, TEXT("    <testcase"));
        add_attribute(report, "classname", rule->id, out);
        add_attribute(report, "name", rule->title, out);
        buffer_add(out, TEXT(" time=\"0\"/>\n"));
    }
    for (uint32_t i = 0; i < count; i += run_length(findings, i, count, true))
        add_case(report, &findings[i], run_length(findings, i, count, true), out);
    buffer_add(out, TEXT("  </testsuite>\n"));
}

/* What was not analysed did not pass: it is an error of the analysis. */
static void add_analysis(const Report *report, Buffer *out)
{
    uint32_t left = told_not_analysed(report);
    bool failed = !report->run.is_complete || !report->database;

    buffer_add(out, TEXT("  <testsuite name=\"analysis\""));
    add_counts(out, 1, 0, failed);
    buffer_add(out, TEXT(" time=\"0\">\n    <testcase classname=\"analysis\" "
                         "name=\"everything was analysed\" time=\"0\">\n"));
    if (failed)
        buffer_add(out,
                   report->database
                       ? TEXT("      <error message=\"the analysis is not "
                              "complete\"/>\n")
                       : TEXT("      <error message=\"access was not judged, since "
                              "the policy cannot be used\"/>\n"));
    if (left) {
        buffer_add(out, TEXT("      <system-out>"));
        for (uint32_t i = 0, shown = 0; i < report->ncoverage && shown < JUNIT_FINDINGS;
             i++) {
            const Coverage *coverage = &report->coverage[i];

            if (text_equal(coverage->status, TEXT("analysed")))
                continue;
            shown++;
            escape_add_xml(out, shown_text(report->arena, coverage->path, JUNIT_TEXT));
            buffer_add(out, TEXT(": "));
            escape_add_xml(out, coverage->status);
            buffer_add(out, TEXT(": "));
            escape_add_xml(out, coverage->reason);
            buffer_add_byte(out, '\n');
        }
        if (left > JUNIT_FINDINGS)
            buffer_format(out, "and %" PRIu32 " more\n", left - JUNIT_FINDINGS);
        buffer_add(out, TEXT("</system-out>\n"));
    }
    buffer_add(out, TEXT("    </testcase>\n  </testsuite>\n"));
}

void report_junit(const Report *report, Buffer *out)
{
    const Finding **list = sorted_findings(report);
    const Catalogue *catalogue = report->catalogue;
    Buffer suites = {.arena = report->arena};
    uint32_t at = 0, tests = 1, failures = 0;
    bool failed = !report->run.is_complete || !report->database;

    for (uint32_t i = 0; i < catalogue->count; i++) {
        const Rule *rule = &catalogue->rules[i];
        uint32_t count = 0, cases;

        if (rule->is_off)
            continue;
        if (at < report->count && list[at]->rule == rule)
            count = run_length(list, at, report->count, false);
        cases = count_cases(&list[at], count);
        tests += cases ? cases : 1;
        failures += fails(report, rule) ? cases : 0;
        add_suite(report, rule, &list[at], count, &suites);
        at += count;
    }
    buffer_add(out, TEXT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "
                         "name=\"berth\""));
    add_counts(out, tests, failures, failed);
    buffer_add(out, TEXT(" time=\"0\">\n"));
    buffer_add(out, buffer_text(&suites));
    add_analysis(report, out);
    buffer_add(out, TEXT("</testsuites>\n"));
}
