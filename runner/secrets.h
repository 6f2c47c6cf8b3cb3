/*
 * secrets.h: what the environment holds for a plan's steps, checked.
 *
 * Clients disagree on the same bytes (reference/runner.md, 3.3): docker trims blanks,
 * skopeo stops at a line end, both drop what is too long. So a value is used only
 * where all agree; the one repair is a single line end behind it, which is cut off.
 * A problem is told without the value.
 */
#ifndef BERTH_RUNNER_SECRETS_H
#define BERTH_RUNNER_SECRETS_H

#include "base/arena.h"
#include "plan/plan.h"

enum { SECRET_BYTES_MAX = 8192 };

/* The value of a variable, a view of `environment`; false when it is not set. */
bool secret_find(char *const *environment, Text name, Text *value);

/* Checks a user or a password and gives what is to be sent: a view of `value`, but for
 * a Google key, which is minified to one line in memory that is wiped. *trimmed: a line
 * end was cut off. False with *problem ("is empty") when it cannot be used. */
bool secret_check_user(Text value, Text *user, bool *trimmed, const char **problem);
bool secret_check_password(Arena *arena, Text user, Text value, Text *password,
                           bool *trimmed, const char **problem);
/* Cuts one LF or CRLF off the end; what a SERVER goes through as well. */
Text secret_without_line_end(Text value, bool *trimmed);

/* Overwrites the values of every variable that the plan names. */
void secrets_wipe(char *const *environment, const Plan *plan);

/* Whether the plan reads this variable. */
bool secret_is_named(const Plan *plan, Text name);

#endif
