/*
 * wrap.h: words over lines, as wide as the terminal.
 *
 * Private to the reports. Without a width (Report.width 0) a text stays on its line: so it
 * is in files, pipes and goldens.
 */
#ifndef BERTH_REPORT_WRAP_H
#define BERTH_REPORT_WRAP_H

#include "report/text.h"

/* Adds `text`, which begins at `column` (from 0), and breaks it between words where it
 * would pass `width`; `before`, which is printed as it is and takes `before_columns`, goes
 * before each further line. A word that is wider than a line has one of its own. Returns
 * the column after it. */
uint32_t wrap_add(const Report *report, Ink ink, Text text, uint32_t width,
                  uint32_t column, Text before, uint32_t before_columns, Buffer *out);

#endif
