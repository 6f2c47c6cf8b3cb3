/*
 * verify.h: each login tried by the real client, in the stage, before any is stored.
 *
 * Up to eight at once, each in a directory of its own; what a registry did not answer
 * is tried again as often as the options say, never what it refused. All of them must
 * be good, unless the options keep going. reference/runner.md, section 5.
 */
#ifndef BERTH_RUNNER_VERIFY_H
#define BERTH_RUNNER_VERIFY_H

#include "client.h"
#include "logins.h"

/* Tries every login whose result is LOGIN_SKIPPED, by `total` (clock_now), and sets what
 * came of each. False when there is no place to stage them, which has been said. */
bool verify_logins(Run *run, const Client *client, Logins logins, int64_t total);

/* What the logins make a run end with: STATUS_OK when each is good or left alone;
 * STATUS_PARTIAL when the options keep going and some are; else the gravest. */
Status verify_status(const Run *run, Logins logins);

/* Whether it may be stored. */
bool login_is_good(const Login *login);

#endif
