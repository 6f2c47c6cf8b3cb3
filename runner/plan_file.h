/*
 * plan_file.h: the plan's bytes, from a file that only its owner can have written, or
 * from standard input. T1 and T17 of reference/runner.md, section 9.
 */
#ifndef BERTH_RUNNER_PLAN_FILE_H
#define BERTH_RUNNER_PLAN_FILE_H

#include "plan/plan.h"
#include "runner.h"

/* Reads and checks the plan of the options into *plan; what is wrong has been said, each
 * problem of the text with its line and column. */
Status plan_file_read(Run *run, Plan *plan);

#endif
