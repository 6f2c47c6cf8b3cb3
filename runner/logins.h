/*
 * logins.h: a plan's steps with what the environment holds for them.
 *
 * All of the plan is looked at before anything is sent: every variable that is missing
 * or malformed and every server that differs is told in one run (T3, T4, T5 of
 * reference/runner.md). Then the environment is overwritten.
 */
#ifndef BERTH_RUNNER_LOGINS_H
#define BERTH_RUNNER_LOGINS_H

#include "plan/plan.h"
#include "runner.h"

typedef struct Login {
    const PlanStep *step;
    Text host;           /* as image references name it */
    Text key;            /* in "auths" */
    Text user, password; /* in memory that is wiped */
} Login;

/* One Login for each step, in order. STATUS_OK, or why none may be tried: what is
 * wrong has been said. */
Status logins_read(Run *run, const Plan *plan, char *const *environment,
                   Login **logins);

#endif
