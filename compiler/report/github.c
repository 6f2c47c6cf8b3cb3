#include <inttypes.h>

#include "report/shown.h"
#include "report/told.h"

/*
 * Workflow commands: "::error file=a.json,line=1,title=x::message", one a line. Data has
 * %, CR and LF percent-encoded, a property ":" and "," too; what a runner should not see
 * as a line or a control is spelt out before that.
 */

enum {
    ANNOTATIONS = 10, /* GitHub shows no more of one kind of a step; so many are read */
    ANNOTATION_TEXT = 2000
};

static void add_escaped(const Report *report, Text text, const char *escaped,
                        Buffer *out)
{
    Text shown = shown_text(report->arena, text, ANNOTATION_TEXT);
    Text set = text_of(escaped);

    for (size_t i = 0; i < shown.len; i++) {
        if (text_find_byte(set, shown.at[i]) < set.len)
            buffer_format(out, "%%%02X", (unsigned)(unsigned char)shown.at[i]);
        else
            buffer_add_byte(out, shown.at[i]);
    }
}

static void add_property(const Report *report, const char *name, Text value,
                         Buffer *out)
{
    buffer_format(out, "%s=", name);
    add_escaped(report, value, "%:,", out);
}

/* Columns hold for a place of one line only. */
static void add_place(const Report *report, Span span, Buffer *out)
{
    Place start = {1, 1}, end = {1, 1};

    add_property(report, "file", told_path(report, span), out);
    if (span.file) {
        start = source_place(report->sources, span.file, span.start);
        end = source_place(report->sources, span.file, span.end);
    }
    buffer_format(out, ",line=%" PRIu32 ",endLine=%" PRIu32, start.line, end.line);
    if (start.line == end.line && span.file)
        buffer_format(out, ",col=%" PRIu32 ",endColumn=%" PRIu32, start.column,
                      end.column);
}

static void add_annotation(const Report *report, const Finding *finding, Buffer *out)
{
    static const char *const commands[] = {"notice", "warning", "error"};

    buffer_format(out, "::%s ", commands[finding->rule->severity]);
    add_place(report, told_span(report, finding), out);
    buffer_add_byte(out, ',');
    add_property(report, "title", finding->rule->id, out);
    buffer_add(out, TEXT("::"));
    add_escaped(report, finding->message, "%", out);
    if (finding->help.len) {
        buffer_add(out, TEXT("%0Ahelp: "));
        add_escaped(report, finding->help, "%", out);
    }
    buffer_add_byte(out, '\n');
}

static void add_summary(const Report *report, uint32_t hidden, Buffer *out)
{
    uint32_t left = told_not_analysed(report);

    buffer_format(out, "::notice title=berth::%.*s", TEXT_ARG(told_counts(report)));
    if (hidden)
        buffer_format(out, "; %" PRIu32 " of them are not annotated", hidden);
    if (left)
        buffer_format(out, "; %" PRIu32 " file%s not analysed in full", left,
                      left == 1 ? " was" : "s were");
    if (!report->database)
        buffer_add(out,
                   TEXT("; access was not judged, since the policy cannot be used"));
    buffer_add_byte(out, '\n');
}

void report_github(const Report *report, Buffer *out)
{
    const Finding **worst = findings_worst_first(report);
    uint32_t shown = report->count < ANNOTATIONS ? report->count : ANNOTATIONS;

    for (uint32_t i = 0; i < shown; i++)
        add_annotation(report, worst[i], out);
    add_summary(report, report->count - shown, out);
}
