#include <inttypes.h>

#include "base/escape.h"
#include "report/picture.h"
#include "report/shown.h"

enum {
    COMMENT_BYTES = 65000, /* GitHub takes 65,536 characters */
    MARKDOWN_TEXT = 600,   /* bytes of a text */
    MARKDOWN_FILES = 20,   /* of those that were not analysed */
    MARKDOWN_REST = 200    /* bytes for "and N more" and the like */
};

static void add_text(const Report *report, Text text, Buffer *out)
{
    escape_add_markdown(out, shown_text(report->arena, text, MARKDOWN_TEXT));
}

static void add_code(const Report *report, Text text, Buffer *out)
{
    buffer_add(out, TEXT("<code>"));
    add_text(report, text, out);
    buffer_add(out, TEXT("</code>"));
}

static void add_heading(const Report *report, Buffer *out)
{
    buffer_format(out, "### berth: %.*s\n\n", TEXT_ARG(told_counts(report)));
    buffer_format(out,
                  "%" PRIu32 " configuration%s of %" PRIu32 " repositor%s and %" PRIu32
                  " reference%s were read.",
                  report->configurations, report->configurations == 1 ? "" : "s",
                  report->repositories, report->repositories == 1 ? "y" : "ies",
                  report->references, report->references == 1 ? "" : "s");
    if (!report->database)
        buffer_add(out, TEXT(" **Access was not judged**, since the policy cannot be "
                             "used."));
    else if (!report->run.is_complete)
        buffer_add(out, TEXT(" **The analysis is not complete.**"));
    buffer_add(out, TEXT("\n\n"));
}

static void add_row(const Report *report, const Finding *finding, Buffer *out)
{
    Span span = told_span(report, finding);
    uint32_t line =
        span.file ? source_place(report->sources, span.file, span.start).line : 1;

    buffer_format(out, "| %s | ", severity_name(finding->rule->severity));
    add_code(report, finding->rule->id, out);
    buffer_add(out, TEXT(" | "));
    add_code(report,
             arena_format(report->arena, "%.*s:%" PRIu32,
                          TEXT_ARG(told_path(report, span)), line),
             out);
    buffer_add(out, TEXT(" | "));
    add_text(report, finding->message, out);
    if (finding->help.len) {
        buffer_add(out, TEXT("<br>**Help:** "));
        add_text(report, finding->help, out);
    }
    buffer_add(out, TEXT(" |\n"));
}

/* As many findings as there is room for, the worst first. */
static void add_findings(const Report *report, const Finding *const *worst, size_t room,
                         Buffer *out)
{
    size_t before = out->len;
    uint32_t written = 0;

    if (report->count == 0)
        return;
    buffer_add(out, TEXT("| severity | rule | place | finding |\n|---|---|---|---|\n"));
    for (; written < report->count; written++) {
        size_t start = out->len;

        add_row(report, worst[written], out);
        if (out->len - before > room) {
            out->len = start;
            break;
        }
    }
    if (written < report->count)
        buffer_format(out, "\n%" PRIu32 " more findings are not shown here.\n",
                      report->count - written);
    buffer_add_byte(out, '\n');
}

static void add_picture(const Report *report, const Finding *const *worst, Buffer *out)
{
    Buffer picture = {.arena = report->arena};

    if (!picture_add(report, worst, report->count, &picture))
        return;
    buffer_add(out, TEXT("How the worst of it comes about:\n\n```mermaid\n"));
    buffer_add(out, buffer_text(&picture));
    buffer_add(out, TEXT("```\n\n"));
}

static void add_coverage(const Report *report, Buffer *out)
{
    uint32_t left = told_not_analysed(report), shown = 0;

    if (left == 0)
        return;
    buffer_add(out, TEXT("Not analysed in full:\n\n"));
    for (uint32_t i = 0; i < report->ncoverage && shown < MARKDOWN_FILES; i++) {
        const Coverage *coverage = &report->coverage[i];

        if (text_equal(coverage->status, TEXT("analysed")))
            continue;
        shown++;
        buffer_add(out, TEXT("- "));
        add_code(report, told_coverage_path(report, coverage), out);
        buffer_add(out, TEXT(": "));
        add_text(report, coverage->reason, out);
        buffer_add_byte(out, '\n');
    }
    if (left > shown)
        buffer_format(out, "- and %" PRIu32 " more\n", left - shown);
    buffer_add_byte(out, '\n');
}

static void add_report(const Report *report, size_t limit, Buffer *out)
{
    const Finding **worst = findings_worst_first(report);
    Buffer heading = {.arena = report->arena}, rest = {.arena = report->arena};

    add_heading(report, &heading);
    add_picture(report, worst, &rest);
    add_coverage(report, &rest);
    if (heading.len + rest.len + MARKDOWN_REST > limit)
        rest.len = 0;
    size_t taken = heading.len + rest.len + MARKDOWN_REST;

    if (taken > limit)
        return;
    buffer_add(out, buffer_text(&heading));
    add_findings(report, worst, limit - taken, out);
    buffer_add(out, buffer_text(&rest));
    while (out->len > 1 && out->at[out->len - 1] == '\n' &&
           out->at[out->len - 2] == '\n')
        out->len--;
}

/* The first line is for who updates a comment instead of adding another. */
void report_markdown(const Report *report, Buffer *out)
{
    Text mark = TEXT("<!-- berth -->\n");

    buffer_add(out, mark);
    add_report(report, COMMENT_BYTES - mark.len, out);
}

void report_step_summary(const Report *report, size_t limit, Buffer *out)
{
    add_report(report, limit, out);
}
