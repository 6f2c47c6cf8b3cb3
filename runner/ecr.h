/*
 * ecr.h: an access key of AWS, swapped for a token that a registry of ECR takes.
 *
 * GetAuthorizationToken, signed here and sent by a process of its own (https_post.h):
 * one POST, to the host that the registry's own name says. What comes back must be for
 * the registry of the plan. A token lasts 12 hours; it is kept nowhere but where the
 * login is. T13, T14 and T20 of reference/runner.md, section 9; section 4 has the
 * exchange.
 */
#ifndef BERTH_RUNNER_ECR_H
#define BERTH_RUNNER_ECR_H

#include "logins.h"

/* What makes a step's secrets useless, before anything is sent: the user of one that is
 * about ECR, or (*of_user is false) its password; NULL: nothing. Sets `expires`. */
const char *ecr_problem(Arena *arena, Login *login, bool *of_user);
/* Of the user of a step that asks for an exchange. "AWS" needs none: its password is a
 * token. */
const char *ecr_check_user(Text user);
/* Until when a token of ECR is good, by what is written in it, in seconds since 1970;
 * 0 where that cannot be read. */
int64_t ecr_token_expires(Arena *arena, Text token);
/* "2026-01-02T03:04:05Z" */
Text ecr_time(Arena *arena, int64_t seconds);

/* Makes user and password of the login AWS and a token, by `deadline` (clock_now). When
 * it cannot be had, says why, sets the login's result and returns its status. */
Status ecr_exchange(Run *run, Login *login, int64_t deadline);

/* What an answer of the API means: `answer` is its status, its date, and its body, as
 * https_post.h has them; `now` is this machine's clock. Sets the login as ecr_exchange
 * does. */
Status ecr_take_answer(Run *run, Login *login, Text answer, int64_t now);

#endif
