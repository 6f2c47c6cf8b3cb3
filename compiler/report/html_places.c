#include "report/html_parts.h"

#include <inttypes.h>
#include <stdlib.h>

#include "report/cells.h"
#include "report/snippet.h"

enum {
    CONTEXT_LINES = 2, /* around a line that is cited */
    SPAN_LINES = 8     /* of one place, at most */
};

typedef struct Cited {
    uint32_t file, line, last;
} Cited;

struct HtmlPlaces {
    const Report *report;
    Cited *items;
    uint32_t count, capacity;
    uint32_t *numbers; /* by file: its part of the page, from 1; 0: it is not cited */
};

HtmlPlaces *html_places_new(const Report *report)
{
    HtmlPlaces *places = ARENA_NEW(report->arena, HtmlPlaces);

    places->report = report;
    places->numbers =
        ARENA_ARRAY(report->arena, sources_count(report->sources) + 1, uint32_t);
    return places;
}

void html_places_cite(HtmlPlaces *places, Span span)
{
    Sources *sources = places->report->sources;

    if (span.file == 0)
        return;
    uint32_t line = source_place(sources, span.file, span.start).line, last = line;
    if (span.end > span.start)
        last = source_place(sources, span.file, span.end - 1).line;
    if (last >= line + SPAN_LINES)
        last = line + SPAN_LINES - 1;
    ARRAY_GROW(places->report->arena, places->items, places->count, places->capacity);
    places->items[places->count++] = (Cited){span.file, line, last};
}

/* Recursion follows the proof, whose depth proof.c bounds. */
static void cite_proof(HtmlPlaces *places, const Proof *proof)
{
    html_places_cite(places, proof->span);
    for (uint32_t i = 0; i < proof->nbecause; i++)
        cite_proof(places, proof->because[i]);
}

void html_places_cite_finding(HtmlPlaces *places, const Finding *finding,
                              const Proof *proof)
{
    html_places_cite(places, finding->span);
    for (uint32_t i = 0; i < finding->nrelated; i++)
        html_places_cite(places, finding->related[i].span);
    if (proof)
        cite_proof(places, proof);
}

/* --- order: files by path --- */

typedef struct Named {
    Text path;
    uint32_t file;
} Named;

static int by_path(const void *left, const void *right)
{
    return text_compare(((const Named *)left)->path, ((const Named *)right)->path);
}

static void number_files(HtmlPlaces *places)
{
    const Report *report = places->report;
    uint32_t files = sources_count(report->sources), count = 0;
    Named *named = ARENA_ARRAY(report->arena, files, Named);

    for (uint32_t i = 0; i < places->count; i++)
        places->numbers[places->items[i].file] = 1;
    for (uint32_t i = 1; i <= files; i++) {
        if (places->numbers[i])
            named[count++] = (Named){source_path(report->sources, i), i};
    }
    if (count)
        qsort(named, count, sizeof(Named), by_path);
    for (uint32_t i = 0; i < count; i++)
        places->numbers[named[i].file] = i + 1;
}

typedef struct Ranked {
    uint32_t number;
    Cited cited;
} Ranked;

static int by_number_and_line(const void *left, const void *right)
{
    const Ranked *one = left, *other = right;

    if (one->number != other->number)
        return one->number < other->number ? -1 : 1;
    if (one->cited.line != other->cited.line)
        return one->cited.line < other->cited.line ? -1 : 1;
    return one->cited.last < other->cited.last   ? -1
           : one->cited.last > other->cited.last ? 1
                                                 : 0;
}

void html_places_sort(HtmlPlaces *places)
{
    Ranked *ranked = ARENA_ARRAY(places->report->arena, places->count, Ranked);
    uint32_t count = 0;

    number_files(places);
    for (uint32_t i = 0; i < places->count; i++)
        ranked[i] = (Ranked){places->numbers[places->items[i].file], places->items[i]};
    if (places->count)
        qsort(ranked, places->count, sizeof(Ranked), by_number_and_line);
    for (uint32_t i = 0; i < places->count; i++) {
        if (i == 0 || by_number_and_line(&ranked[i], &ranked[i - 1]) != 0)
            places->items[count++] = ranked[i].cited;
    }
    places->count = count;
}

void html_places_add_link(const HtmlPlaces *places, Span span, Buffer *out)
{
    Sources *sources = places->report->sources;

    if (span.file == 0)
        return;
    Place place = source_place(sources, span.file, span.start);

    buffer_format(out, "<a class=\"place\" href=\"#L%" PRIu32 "-%" PRIu32 "\">",
                  places->numbers[span.file], place.line);
    html_add_text(out, source_path(sources, span.file));
    buffer_format(out, ":%" PRIu32 ":%" PRIu32 "</a>", place.line, place.column);
}

/* --- the files --- */

static void add_bytes(const Report *report, uint32_t file, uint32_t from, uint32_t to,
                      Buffer *out)
{
    Buffer bytes = {.arena = report->arena};

    source_add_shown(report->sources, &bytes, (Span){file, from, to});
    html_add_text(out, buffer_text(&bytes));
}

static void add_row(const HtmlPlaces *places, uint32_t file, uint32_t line,
                    bool is_cited, Buffer *out)
{
    const Report *report = places->report;
    uint32_t start;

    (void)source_line(report->sources, file, line, &start);
    SnippetPart part = snippet_part(report, (Span){file, start, start}, SNIPPET_BYTES);

    buffer_format(out,
                  "<span class=\"row%s\" id=\"L%" PRIu32 "-%" PRIu32
                  "\"><span class=\"number\">%" PRIu32 "</span>",
                  is_cited ? " cited" : "", places->numbers[file], line, line);
    add_bytes(report, file, part.from, part.to, out);
    buffer_add(out, part.is_cut_after ? TEXT("...</span>") : TEXT("</span>"));
}

/* The lines of the items [from, to), which are of one file. */
static void add_file(const HtmlPlaces *places, uint32_t from, uint32_t to, Buffer *out)
{
    const Cited *items = places->items;
    uint32_t file = items[from].file, next = 1;
    uint32_t lines = source_line_count(places->report->sources, file), start;

    /* What follows the last LF is a line only when something stands there. */
    if (source_line(places->report->sources, file, lines, &start).len == 0 && lines > 1)
        lines--;
    buffer_add(out, TEXT("<h3><code>"));
    html_add_text(out, source_path(places->report->sources, file));
    buffer_add(out, TEXT("</code></h3>\n<pre tabindex=\"0\">"));
    for (uint32_t i = from; i < to; i++) {
        uint32_t line =
            items[i].line > CONTEXT_LINES ? items[i].line - CONTEXT_LINES : 1;
        uint32_t last = items[i].last + CONTEXT_LINES;

        last = last < lines ? last : lines;
        if (line > next)
            buffer_add(out, TEXT("<span class=\"gap\">...</span>"));
        for (line = line > next ? line : next; line <= last; line++) {
            bool is_cited = false;

            for (uint32_t j = i; j < to && items[j].line <= line && !is_cited; j++)
                is_cited = line <= items[j].last;
            /* An item before this one may go further than it does. */
            for (uint32_t j = i; j > from && i - j < SPAN_LINES && !is_cited; j--)
                is_cited = items[j - 1].line <= line && line <= items[j - 1].last;
            add_row(places, file, line, is_cited, out);
            next = line + 1;
        }
    }
    buffer_add(out, TEXT("</pre>\n"));
}

void html_places_add(const HtmlPlaces *places, Buffer *out)
{
    uint32_t from = 0;

    for (uint32_t i = 1; i <= places->count; i++) {
        if (i < places->count && places->items[i].file == places->items[from].file)
            continue;
        add_file(places, from, i, out);
        from = i;
    }
}

void html_add_snippet(const Report *report, Span span, Text label, Buffer *out)
{
    SnippetPart part = snippet_part(report, span, SNIPPET_BYTES);

    buffer_format(out,
                  "<pre tabindex=\"0\"><span class=\"number\">%" PRIu32 "</span>%s",
                  part.line, part.is_cut_before ? "..." : "");
    add_bytes(report, span.file, part.from, part.start, out);
    buffer_add(out, TEXT("<mark>"));
    add_bytes(report, span.file, part.start, part.end, out);
    buffer_add(out, TEXT("</mark>"));
    add_bytes(report, span.file, part.end, part.to, out);
    buffer_add(out, part.is_cut_after ? TEXT("...</pre>\n") : TEXT("</pre>\n"));
    if (label.len) {
        buffer_add(out, TEXT("<p class=\"note\">"));
        html_add_text(out, label);
        buffer_add(out, TEXT("</p>\n"));
    }
}
