/*
 * text.h: the parts of the text form that several reports are made of.
 *
 * Private to the reports. Everything that comes from an input goes through shown_add.
 */
#ifndef BERTH_REPORT_TEXT_H
#define BERTH_REPORT_TEXT_H

#include "report/report.h"

typedef enum Ink {
    INK_PLAIN,
    INK_BOLD,
    INK_ERROR,
    INK_WARNING,
    INK_INFO,
    INK_FRAME /* gutters, arrows, branches */
} Ink;

Ink severity_ink(Severity severity);

/* Adds `text`, safe to be seen, in this ink where the report has colours. */
void ink_add(const Report *report, Ink ink, Text text, Buffer *out);

/* "path:line:column"; nothing for a span that is nowhere. */
Text place_text(const Report *report, Span span);
/* The same, as a link where the terminal has links. */
void place_add(const Report *report, Span span, Buffer *out);

/* snippet.c: the digits of a span's line number. */
uint32_t snippet_gutter(const Report *report, Span span);
/* The line where `span` begins, with carets of this ink under it and the label after
 * them. `gutter` is the width of the line numbers. Not for a span that is nowhere. */
void snippet_add(const Report *report, Span span, Text label, Ink ink, uint32_t gutter,
                 Buffer *out);

/* The steps under a proof's root as a tree, each line after `indent` blanks. What was
 * unfolded once is not unfolded again. */
void reasons_add(const Report *report, const Proof *proof, uint32_t indent,
                 Buffer *out);

/* A finding with its places; `proof` (NULL: none) as a tree under it. */
void finding_add_text(const Report *report, const Finding *finding, const Proof *proof,
                      Buffer *out);

#endif
