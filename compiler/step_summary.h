/*
 * step_summary.h: what the page of a workflow run shows of a step.
 *
 * The runner hands each step a file of its own, $GITHUB_STEP_SUMMARY, and shows what was
 * appended to it as Markdown, 1 MiB at most; a larger file is not shown at all.
 */
#ifndef BERTH_STEP_SUMMARY_H
#define BERTH_STEP_SUMMARY_H

#include "base/attributes.h"
#include "report/report.h"

/* Appends the report to the file as far as there is room. False when it could not be
 * written; *problem then says why. */
bool step_summary_append(const Report *report, Text path, Text *problem) BERTH_MUST_USE;

#endif
