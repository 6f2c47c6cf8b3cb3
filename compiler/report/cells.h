/*
 * cells.h: what a report asks of a row.
 *
 * Private to the reports. A cell is a symbol's id or a signed number, as its
 * attribute says; an attribute of type Site is a place.
 */
#ifndef BERTH_REPORT_CELLS_H
#define BERTH_REPORT_CELLS_H

#include "report/report.h"

bool cell_is_site(const DlAttribute *attribute);

/* A symbol's text, a number's digits, a place as "path:line". */
Text cell_text(const Report *report, const DlAttribute *attribute, uint32_t cell);

/* Where a row stands: its first attribute of type Site; file 0 when it has none. */
Span cells_span(const Report *report, const DlRelation *relation, const uint32_t *row);

/* The total order of places: by path, start, end. */
int place_compare(const Report *report, Span left, Span right);

/* The order of two rows of one relation by what their cells show, which depends on no
 * number that was given to a symbol or a site. */
int cells_compare(const Report *report, const DlRelation *relation,
                  const uint32_t *left, const uint32_t *right);

#endif
