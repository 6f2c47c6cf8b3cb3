/*
 * plan_diff_command.h: `berth plan --diff OLD NEW`, which reads no workspace.
 */
#ifndef BERTH_PLAN_DIFF_COMMAND_H
#define BERTH_PLAN_DIFF_COMMAND_H

#include "options.h"

/* The exit status: 0; 1 where a secret goes to a server that the old plan does not send
 * it to, and with --exit-code where anything differs; 2 where one is no plan. What there
 * is to say goes to standard error. */
int plan_diff_command(const Options *options);

#endif
