/*
 * snippet.h: which part of a line a report shows.
 *
 * Private to the reports. A long line is cut around the span, never inside a character
 * or a secret.
 */
#ifndef BERTH_REPORT_SNIPPET_H
#define BERTH_REPORT_SNIPPET_H

#include "report/report.h"

enum { SNIPPET_BYTES = 160 }; /* of a longer line only a part is shown */

/* The part of a line that is shown, and of it what is marked: from <= start <= end <=
 * to, bytes of the file. */
typedef struct SnippetPart {
    uint32_t line, last_line; /* the span may go on to a later one */
    uint32_t from, start, end, to;
    bool is_cut_before, is_cut_after;
} SnippetPart;

/* Of the line where the span begins, `most` bytes. Not for a span that is nowhere. */
SnippetPart snippet_part(const Report *report, Span span, uint32_t most);

#endif
