#include "report/text.h"

#include <inttypes.h>

#include "base/escape.h"
#include "report/shown.h"
#include "report/wrap.h"

/* --- ink --- */

Ink severity_ink(Severity severity)
{
    static const Ink inks[] = {INK_INFO, INK_WARNING, INK_ERROR};

    return inks[severity];
}

void ink_add(const Report *report, Ink ink, Text text, Buffer *out)
{
    static const char *const codes[] = {"",     "1",    "1;31",
                                        "1;33", "1;36", "1;34"}; /* by Ink */
    bool is_colored = report->color && ink != INK_PLAIN && text.len;

    if (is_colored)
        buffer_format(out, "\x1B[%sm", codes[ink]);
    shown_add(out, text, 0);
    if (is_colored)
        buffer_add(out, TEXT("\x1B[0m"));
}

/* --- places --- */

Text place_text(const Report *report, Span span)
{
    Buffer text = {.arena = report->arena};

    if (span.file == 0)
        return TEXT("");
    Place place = source_place(report->sources, span.file, span.start);

    shown_add(&text, source_path(report->sources, span.file), 0);
    buffer_format(&text, ":%" PRIu32 ":%" PRIu32, place.line, place.column);
    return buffer_text(&text);
}

/* As a link of a terminal (OSC 8). The address is percent-encoded, and so holds nothing
 * that ends it. */
void place_add(const Report *report, Span span, Buffer *out)
{
    if (span.file == 0)
        return;
    if (report->links.len) {
        buffer_add(out, TEXT("\x1B]8;;"));
        buffer_add(out, report->links);
        escape_add_uri_path(out, source_path(report->sources, span.file));
        buffer_add(out, TEXT("\x1B\\"));
    }
    buffer_add(out, place_text(report, span));
    if (report->links.len)
        buffer_add(out, TEXT("\x1B]8;;\x1B\\"));
}

static void add_arrow(const Report *report, Text arrow, Span span, uint32_t gutter,
                      Buffer *out)
{
    buffer_add_times(out, ' ', gutter);
    ink_add(report, INK_FRAME, arrow, out);
    buffer_add_byte(out, ' ');
    place_add(report, span, out);
    buffer_add_byte(out, '\n');
}

/* "= help: ..." under a snippet. */
static void add_note(const Report *report, Text name, Text says, uint32_t gutter,
                     Buffer *out)
{
    if (says.len == 0)
        return;
    Buffer before = {.arena = report->arena};
    uint32_t column = gutter + 5 + shown_width(report->arena, name);

    buffer_add_times(out, ' ', (size_t)gutter + 1);
    ink_add(report, INK_FRAME, TEXT("="), out);
    buffer_add_byte(out, ' ');
    ink_add(report, INK_BOLD, name, out);
    buffer_add(out, TEXT(": "));
    buffer_add_times(&before, ' ', (size_t)gutter + 3);
    wrap_add(report, INK_PLAIN, says, report->width, column, buffer_text(&before),
             gutter + 3, out);
    buffer_add_byte(out, '\n');
}

/* --- proofs --- */

/* A proof being printed. `before` is what stands before each line. */
typedef struct Branches {
    const Report *report;
    Buffer before;
    const Proof **unfolded; /* steps whose reasons stand above */
    uint32_t count, capacity;
    Buffer *out;
} Branches;

static bool span_is(Span left, Span right)
{
    return left.file == right.file && left.start == right.start &&
           left.end == right.end;
}

/* Whether the reasons of a step that says the same stand above; remembers the step. */
static bool is_unfolded(Branches *branches, const Proof *step)
{
    if (step->nbecause == 0)
        return false;
    for (uint32_t i = 0; i < branches->count; i++) {
        const Proof *other = branches->unfolded[i];

        if (span_is(other->span, step->span) && text_equal(other->says, step->says))
            return true;
    }
    ARRAY_GROW(branches->report->arena, branches->unfolded, branches->count,
               branches->capacity);
    branches->unfolded[branches->count++] = step;
    return false;
}

/* "(mark)" behind a step, and where it is a place its span; on a line of its own where
 * the terminal has no room. */
static uint32_t add_mark(const Report *report, Text mark, Span span, uint32_t column,
                         uint32_t columns, Text before, Buffer *out)
{
    uint32_t width = shown_width(report->arena, mark) + 2;

    if (report->width && column + 2 + width > report->width) {
        buffer_add_byte(out, '\n');
        buffer_add(out, before);
        column = columns;
    } else {
        buffer_add(out, TEXT("  "));
        column += 2;
    }
    buffer_add_byte(out, '(');
    if (span.file)
        place_add(report, span, out);
    else
        buffer_add(out, mark);
    buffer_add_byte(out, ')');
    return column + width;
}

/* `before`: what stands before a further line of it, in so many columns. */
static void add_step(const Report *report, const Proof *step, bool is_above,
                     uint32_t columns, Text before, Buffer *out)
{
    uint32_t column = wrap_add(report, INK_PLAIN, step->says, report->width, columns,
                               before, columns, out);

    Span nowhere = {0};

    if (step->absent)
        column =
            add_mark(report, TEXT("absent"), nowhere, column, columns, before, out);
    else if (step->span.file)
        column = add_mark(report, place_text(report, step->span), step->span, column,
                          columns, before, out);
    if (is_above)
        add_mark(report, TEXT("as above"), nowhere, column, columns, before, out);
    buffer_add_byte(out, '\n');
}

/* What goes before a step's further lines, as add_branches prints its first. */
static Text further_lines(const Branches *branches, bool is_last)
{
    Buffer before = {.arena = branches->report->arena};
    Buffer out = {.arena = branches->report->arena};

    buffer_add(&before, buffer_text(&branches->before));
    buffer_add(&before, is_last ? TEXT("   ") : TEXT("│  "));
    ink_add(branches->report, INK_FRAME, buffer_text(&before), &out);
    return buffer_text(&out);
}

/* Recursion follows the proof, whose depth proof.c bounds. */
static void add_branches(Branches *branches, const Proof *proof)
{
    Buffer *before = &branches->before;

    for (uint32_t i = 0; i < proof->nbecause; i++) {
        const Proof *step = proof->because[i];
        bool is_last = i + 1 == proof->nbecause;
        bool is_above = is_unfolded(branches, step);
        size_t len = before->len;

        buffer_add(before, is_last ? TEXT("└─ ") : TEXT("├─ "));
        ink_add(branches->report, INK_FRAME, buffer_text(before), branches->out);
        before->len = len;
        uint32_t columns =
            shown_width(branches->report->arena, buffer_text(before)) + 3;
        add_step(branches->report, step, is_above, columns,
                 further_lines(branches, is_last), branches->out);
        before->len = len;
        if (is_above)
            continue;
        buffer_add(before, is_last ? TEXT("   ") : TEXT("│  "));
        add_branches(branches, step);
        before->len = len;
    }
}

void reasons_add(const Report *report, const Proof *proof, uint32_t indent, Buffer *out)
{
    Branches branches = {
        .report = report, .before = {.arena = report->arena}, .out = out};

    buffer_add_times(&branches.before, ' ', indent);
    add_branches(&branches, proof);
}

void text_add_proof(const Report *report, const Proof *proof, Buffer *out)
{
    add_step(report, proof, false, 0, TEXT(""), out);
    reasons_add(report, proof, 0, out);
}

/* --- findings and diagnostics --- */

static void add_places(const Report *report, const Finding *finding, uint32_t gutter,
                       Buffer *out)
{
    for (uint32_t i = 0; i < finding->nrelated; i++) {
        const Related *related = &finding->related[i];

        if (span_is(related->span, finding->span)) {
            add_note(report, TEXT("note"), related->message, gutter, out);
            continue;
        }
        add_arrow(report, TEXT(":::"), related->span, gutter, out);
        snippet_add(report, related->span, related->message, INK_FRAME, gutter, out);
    }
}

static void add_nowhere(const Report *report, Text repository, Buffer *out)
{
    buffer_add_byte(out, ' ');
    ink_add(report, INK_FRAME, TEXT("-->"), out);
    buffer_add(out, TEXT(" (no file)"));
    if (repository.len) {
        buffer_add(out, TEXT(" of "));
        shown_add(out, repository, 0);
    }
    buffer_add_byte(out, '\n');
}

static uint32_t gutter_of(const Report *report, const Finding *finding)
{
    uint32_t widest = snippet_gutter(report, finding->span);

    for (uint32_t i = 0; i < finding->nrelated; i++) {
        uint32_t digits = snippet_gutter(report, finding->related[i].span);

        widest = digits > widest ? digits : widest;
    }
    return widest;
}

void finding_add_text(const Report *report, const Finding *finding, const Proof *proof,
                      Buffer *out)
{
    const Rule *rule = finding->rule;
    uint32_t gutter = gutter_of(report, finding);
    Ink ink = severity_ink(rule->severity);
    Buffer head = {.arena = report->arena};

    buffer_format(&head, "%s[%.*s]", severity_name(rule->severity), TEXT_ARG(rule->id));
    ink_add(report, ink, buffer_text(&head), out);
    ink_add(report, INK_BOLD, TEXT(":"), out);
    buffer_add_byte(out, ' ');
    wrap_add(report, INK_BOLD, finding->message, report->width,
             shown_width(report->arena, buffer_text(&head)) + 2, TEXT("  "), 2, out);
    buffer_add_byte(out, '\n');
    if (finding->span.file) {
        add_arrow(report, TEXT("-->"), finding->span, gutter, out);
        snippet_add(report, finding->span, finding->label, ink, gutter, out);
    } else {
        add_nowhere(report, finding->repository, out);
    }
    add_places(report, finding, gutter, out);
    add_note(report, TEXT("help"), finding->help, gutter, out);
    if (report->verbose && finding->fix)
        add_note(report, TEXT("fix"), finding->fix->says, gutter, out);
    if (proof && proof->nbecause) {
        buffer_add_times(out, ' ', (size_t)gutter + 1);
        ink_add(report, INK_FRAME, TEXT("="), out);
        buffer_add_byte(out, ' ');
        ink_add(report, INK_BOLD, TEXT("because"), out);
        buffer_add(out, TEXT(":\n"));
        reasons_add(report, proof, gutter + 3, out);
    }
}

void text_add_diag(const Report *report, const Diag *diag, const char *severity,
                   Buffer *out)
{
    Ink ink = text_equal(text_of(severity), TEXT("error")) ? INK_ERROR : INK_WARNING;
    uint32_t gutter = snippet_gutter(report, diag->span);
    uint32_t related_gutter = snippet_gutter(report, diag->related);

    gutter = related_gutter > gutter ? related_gutter : gutter;
    ink_add(report, ink, text_of(severity), out);
    buffer_add(out, TEXT(": "));
    if (diag->span.file) {
        place_add(report, diag->span, out);
        buffer_add(out, TEXT(": "));
    }
    ink_add(report, INK_BOLD, diag->message, out);
    buffer_add_byte(out, '\n');
    if (diag->span.file)
        snippet_add(report, diag->span, TEXT(""), ink, gutter, out);
    if (diag->related.file) {
        add_arrow(report, TEXT(":::"), diag->related, gutter, out);
        snippet_add(report, diag->related, diag->related_says, INK_FRAME, gutter, out);
    }
    add_note(report, TEXT("help"), diag->help, gutter, out);
}

/* --- the whole --- */

/* What was not analysed, or in part only. */
static void add_coverage(const Report *report, Buffer *out)
{
    for (uint32_t i = 0; i < report->ncoverage; i++) {
        const Coverage *file = &report->coverage[i];

        if (text_equal(file->status, TEXT("analysed")))
            continue;
        ink_add(report, INK_WARNING, file->status, out);
        buffer_add(out, TEXT(": "));
        shown_add(out, file->path, 0);
        if (file->reason.len) {
            buffer_add(out, TEXT(": "));
            shown_add(out, file->reason, 0);
        }
        buffer_add_byte(out, '\n');
    }
}

static void add_count(Buffer *out, uint32_t count, const char *one, const char *several)
{
    buffer_format(out, "%" PRIu32 " %s", count, count == 1 ? one : several);
}

static bool is_complete(const Report *report)
{
    for (uint32_t i = 0; i < report->ncoverage; i++) {
        if (!text_equal(report->coverage[i].status, TEXT("analysed")))
            return false;
    }
    return true;
}

static void add_findings_count(const Report *report, Buffer *out)
{
    add_count(out, report->errors, report->is_change ? "new error" : "error",
              report->is_change ? "new errors" : "errors");
    buffer_add(out, TEXT(", "));
    add_count(out, report->warnings, "warning", "warnings");
    buffer_add(out, TEXT(", "));
    add_count(out, report->infos, "info", "infos");
}

static void add_summary(const Report *report, Buffer *to)
{
    Buffer summary = {.arena = report->arena}, *out = &summary;
    Text joint = TEXT(" in ");

    if (report->count) {
        add_findings_count(report, out);
    } else if (report->configurations == 0) {
        buffer_format(out, "no %sfindings, and no configuration was found",
                      report->is_change ? "new " : "");
    } else if (is_complete(report)) {
        buffer_format(out, "no %sfindings", report->is_change ? "new " : "");
    } else {
        buffer_format(out, "no %sfindings in what could be read",
                      report->is_change ? "new " : "");
        joint = TEXT(": ");
    }
    if (report->configurations) {
        buffer_add(out, joint);
        add_count(out, report->configurations, "configuration", "configurations");
        buffer_add(out, TEXT(" of "));
        add_count(out, report->repositories, "repository", "repositories");
        buffer_add(out, TEXT(" ("));
        add_count(out, report->references, "reference", "references");
        buffer_add(out, TEXT(")"));
    }
    if (report->suppressed)
        buffer_format(out, ", %" PRIu32 " suppressed", report->suppressed);
    if (report->has_baseline)
        buffer_format(out, ", %" PRIu32 " in the baseline", report->known);
    if (report->is_change)
        buffer_format(out, "; the change fixed %" PRIu32 " and left %" PRIu32,
                      report->fixed, report->unchanged);
    if (!report->database)
        buffer_add(out, TEXT("; access was not judged"));
    wrap_add(report, INK_PLAIN, buffer_text(&summary), report->width, 0, TEXT(""), 0,
             to);
    buffer_add_byte(to, '\n');
}

void report_text(const Report *report, Buffer *out)
{
    for (uint32_t i = 0; i < report->count; i++) {
        const Finding *finding = &report->findings[i];

        finding_add_text(report, finding,
                         report->verbose ? finding_proof(report, finding) : NULL, out);
        buffer_add_byte(out, '\n');
    }
    if (report->verbose)
        silenced_add_text(report, out);
    proposed_add_text(report, out);
    add_coverage(report, out);
    if (!report->quiet)
        add_summary(report, out);
}
