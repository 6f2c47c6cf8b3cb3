#include "report/snippet.h"

#include <inttypes.h>

#include "report/shown.h"
#include "report/text.h"
#include "report/wrap.h"

enum {
    LINE_BYTES_MIN = 20,
    LABEL_COLUMNS_MIN = 16, /* beside carets; else it goes below them */
    BEFORE_BYTES = 50       /* of it at least, where it has them, before the span */
};

static uint32_t least(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

static bool is_inside_character(const Report *report, uint32_t file, uint32_t at)
{
    Text bytes = source_bytes(report->sources, file);

    return at < bytes.len && ((unsigned char)bytes.at[at] & 0xC0) == 0x80;
}

/* Whether a cut at `at` would part a secret, and so show it as two. */
static bool is_inside_secret(const Report *report, uint32_t file, uint32_t at)
{
    return at > 0 && span_has_secret(report->sources, (Span){file, at - 1, at}) &&
           span_has_secret(report->sources, (Span){file, at, at + 1});
}

static bool is_inside_unit(const Report *report, uint32_t file, uint32_t at)
{
    return is_inside_character(report, file, at) || is_inside_secret(report, file, at);
}

/* Cuts a long line to `most` bytes around the span's start. */
static void cut_line(const Report *report, uint32_t file, uint32_t most,
                     SnippetPart *part)
{
    const uint32_t first = part->from, last = part->to;

    if (last - first <= most)
        return;
    part->from =
        part->start - least(part->start - first, least(BEFORE_BYTES, most / 3));
    part->from = least(part->from, last - most);
    part->to = part->from + most;
    while (part->from < part->start && is_inside_character(report, file, part->from))
        part->from++;
    while (part->to > part->start && is_inside_character(report, file, part->to))
        part->to--;
    part->end = least(part->end, part->to);
    part->is_cut_before = part->from > first;
    part->is_cut_after = part->to < last;
}

/* What of a line has room on the terminal, with dots on both sides. */
static uint32_t line_bytes(const Report *report, uint32_t gutter)
{
    uint32_t taken = gutter + 3 + 6;

    if (report->width == 0)
        return SNIPPET_BYTES;
    return report->width < taken + LINE_BYTES_MIN
               ? LINE_BYTES_MIN
               : least(SNIPPET_BYTES, report->width - taken);
}

SnippetPart snippet_part(const Report *report, Span span, uint32_t most)
{
    Sources *sources = report->sources;
    SnippetPart part = {.line = source_place(sources, span.file, span.start).line};
    Text line = source_line(sources, span.file, part.line, &part.from);

    part.to = part.from + (uint32_t)line.len;
    while (line.len &&
           (text_ends_with(line, TEXT(" ")) || text_ends_with(line, TEXT("\t")) ||
            text_ends_with(line, TEXT("\r"))))
        line.len--;
    uint32_t trimmed = part.from + (uint32_t)line.len;
    part.start = span.start < part.from ? part.from : least(span.start, part.to);
    part.end = span.end < part.start ? part.start : least(span.end, part.to);
    part.last_line = part.line;
    if (span.end > span.start)
        part.last_line = source_place(sources, span.file, span.end - 1).line;
    if (part.last_line > part.line && part.end > trimmed)
        part.end = trimmed > part.start ? trimmed : part.start;
    part.to = trimmed > part.end ? trimmed : part.end;
    cut_line(report, span.file, most, &part);
    while (part.start > part.from && is_inside_unit(report, span.file, part.start))
        part.start--;
    while (part.end < part.to && is_inside_unit(report, span.file, part.end))
        part.end++;
    return part;
}

static uint32_t add_bytes(const Report *report, Span span, uint32_t column, Buffer *out)
{
    Buffer bytes = {.arena = report->arena};

    source_add_shown(report->sources, &bytes, span);
    return shown_add(out, buffer_text(&bytes), column);
}

static void add_gutter(const Report *report, uint32_t gutter, uint32_t line,
                       Buffer *out)
{
    Buffer text = {.arena = report->arena};

    if (line)
        buffer_format(&text, "%*" PRIu32, (int)gutter, line);
    else
        buffer_add_times(&text, ' ', gutter);
    buffer_add(&text, TEXT(" |"));
    ink_add(report, INK_FRAME, buffer_text(&text), out);
}

/* A further line under the carets, up to `column`. */
static Text label_start(const Report *report, uint32_t gutter, uint32_t column)
{
    Buffer before = {.arena = report->arena};

    add_gutter(report, gutter, 0, &before);
    buffer_add_times(&before, ' ', column - gutter - 2);
    return buffer_text(&before);
}

/* The label goes beside the carets, or below them where the terminal has no room. */
static void add_carets(const Report *report, const SnippetPart *part, uint32_t gutter,
                       uint32_t start, uint32_t columns, Text label, Ink ink,
                       Buffer *out)
{
    Buffer text = {.arena = report->arena};
    uint32_t column = gutter + 3 + start;

    buffer_add_times(&text, '^', columns ? columns : 1);
    if (part->last_line > part->line)
        buffer_format(&text, " ... to line %" PRIu32 "%s", part->last_line,
                      label.len ? ":" : "");
    ink_add(report, ink, buffer_text(&text), out);
    if (label.len == 0)
        return;
    uint32_t beside = column + (uint32_t)text.len + 1;
    uint32_t needed = least(shown_width(report->arena, label), LABEL_COLUMNS_MIN);
    if (report->width && beside + needed > report->width) {
        column = column + LABEL_COLUMNS_MIN > report->width ? gutter + 3 : column;
        beside = column;
        buffer_add_byte(out, '\n');
        buffer_add(out, label_start(report, gutter, column));
    } else {
        buffer_add_byte(out, ' ');
        column = beside;
    }
    wrap_add(report, ink, label, report->width, beside,
             label_start(report, gutter, column), column, out);
}

uint32_t snippet_gutter(const Report *report, Span span)
{
    uint32_t digits = 1;

    if (span.file == 0)
        return digits;
    for (uint32_t line = source_place(report->sources, span.file, span.start).line;
         line >= 10; line /= 10)
        digits++;
    return digits;
}

void snippet_add(const Report *report, Span span, Text label, Ink ink, uint32_t gutter,
                 Buffer *out)
{
    const uint32_t file = span.file;
    SnippetPart part = snippet_part(report, span, line_bytes(report, gutter));
    Buffer line = {.arena = report->arena};

    if (part.is_cut_before)
        buffer_add(&line, TEXT("..."));
    uint32_t from = part.is_cut_before ? 3 : 0;
    uint32_t start =
        add_bytes(report, (Span){file, part.from, part.start}, from, &line);
    uint32_t end = add_bytes(report, (Span){file, part.start, part.end}, start, &line);
    add_bytes(report, (Span){file, part.end, part.to}, end, &line);
    if (part.is_cut_after)
        buffer_add(&line, TEXT("..."));

    add_gutter(report, gutter, 0, out);
    buffer_add_byte(out, '\n');
    add_gutter(report, gutter, part.line, out);
    if (line.len)
        buffer_add_byte(out, ' ');
    buffer_add(out, buffer_text(&line));
    buffer_add_byte(out, '\n');
    add_gutter(report, gutter, 0, out);
    buffer_add_times(out, ' ', (size_t)start + 1);
    add_carets(report, &part, gutter, start, end - start, label, ink, out);
    buffer_add_byte(out, '\n');
}
