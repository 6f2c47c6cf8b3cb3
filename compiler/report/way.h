/*
 * way.h: how a reference is reached: "devcontainer.json:3 -> compose.yaml:12 -> here".
 *
 * Private to the reports. The steps are the input relation `via`, indexed once.
 */
#ifndef BERTH_REPORT_WAY_H
#define BERTH_REPORT_WAY_H

#include "report/report.h"

/* Of the report's database; no steps when there is none. */
const Ways *ways_new(const Report *report);

/* The places that lead to the site `at` of a configuration (a symbol), the first in the
 * configuration itself; returns how many. In the report's arena. */
uint32_t way_find(const Ways *ways, uint32_t config, uint32_t at, Span **via);

#endif
