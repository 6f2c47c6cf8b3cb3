/*
 * actions.h: what GitHub Actions is told, so that a job's log holds no secret.
 *
 * It reads both streams of a step; standard output may be data, so that this goes to
 * standard error.
 */
#ifndef BERTH_RUNNER_ACTIONS_H
#define BERTH_RUNNER_ACTIONS_H

#include "logins.h"

/* Whether this is a job of Actions: GITHUB_ACTIONS=true. */
bool actions_is_here(void);

/* Masks the passwords of these steps, and what clients make of them with their users:
 * before anything else is said, whether they can be used or not. */
void actions_mask(Run *run, Logins logins, char *const *environment);

/* Masks what was got in the place of a secret. */
void actions_mask_login(Run *run, Text user, Text password);

#endif
