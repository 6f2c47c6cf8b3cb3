/*
 * picture.h: how findings come about, as a Mermaid flowchart.
 *
 * repository -> configuration -> the way to the reference -> what it is about, and beside
 * that the places that decide, each with what it says there. Nodes are shared between
 * findings. Private to the reports.
 */
#ifndef BERTH_REPORT_PICTURE_H
#define BERTH_REPORT_PICTURE_H

#include "report/told.h"

enum { PICTURE_FINDINGS = 5, PICTURE_TEXT = 80 }; /* drawn at most; bytes of a label */

/* Adds the flowchart of the first of these findings (the worst first) that rules found
 * and that are no mere infos, a line a node or an arrow. False, and nothing is added, when
 * there are none. */
bool picture_add(const Report *report, const Finding *const *findings, uint32_t count,
                 Buffer *out);

#endif
