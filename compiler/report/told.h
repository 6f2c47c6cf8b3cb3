/*
 * told.h: what every report for other programs tells alike.
 *
 * Their limits keep the worst: findings_worst_first is the one order of all of them. A
 * place is told as a path from where berth runs, which is the root of the repository in
 * CI. A finding that is nowhere is placed where the first of its related places is, or
 * the first step of its proof; else at the first line of berth.yaml. Private to the
 * reports.
 */
#ifndef BERTH_REPORT_TOLD_H
#define BERTH_REPORT_TOLD_H

#include "report/report.h"

/* Errors, then warnings, then infos, each in the report's order. */
const Finding **findings_worst_first(const Report *report);

/* file 0 only when no place is known; told_path then gives "berth.yaml". */
Span told_span(const Report *report, const Finding *finding);
Text told_path(const Report *report, Span span);
Text told_coverage_path(const Report *report, const Coverage *coverage);

/* "2 errors, 1 warning, 0 infos", and what was suppressed, is in the baseline, or was
 * fixed and left by a change. */
Text told_counts(const Report *report);
/* Files that were refused or read in part. */
uint32_t told_not_analysed(const Report *report);

/* A proof as a list, for those who show no trees: what it rests on first, the finding
 * last. A step that is nowhere is left out, but for what is absent: that stands where the
 * finding does. */
typedef struct Step {
    Text says;
    Span span;
} Step;

/* At most `max` steps. None when a reader found it, for it needs no proof. */
uint32_t told_steps(const Report *report, const Finding *finding, uint32_t max,
                    Step *steps);

/* The places on the way from a configuration to a finding's own; none when it stands in
 * the configuration. In the proof's arena. */
uint32_t told_way(const Report *report, const Finding *finding, const Span **way);

#endif
