/*
 * plan_file.h: the plan's bytes, from a file that only its owner can have written, or
 * from standard input. T1 and T17 of reference/runner.md, section 9.
 */
#ifndef BERTH_RUNNER_PLAN_FILE_H
#define BERTH_RUNNER_PLAN_FILE_H

#include "plan/plan.h"
#include "runner.h"

/* Reads and checks the plan of the options into *plan; what is wrong has been said, each
 * problem of the text with its line and column. *bytes: as they were read. */
Status plan_file_read(Run *run, Plan *plan, Text *bytes);

/* Opens a file that decides where secrets go: a regular one, ours or root's, that
 * nobody else can write; no symbolic link. -1 with *status when it is none: why has
 * been said; *status is STATUS_OK when `may_lack` and there is none. */
int plan_file_open(Run *run, Text path, bool may_lack, Status *status);

#endif
