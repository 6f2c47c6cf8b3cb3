/*
 * check.h: what is at fault, by the steps that the documentation has a person take.
 *
 * Are the three secrets there and well formed; does the registry answer; does it ask
 * for a login; does it take this one; may each image be read? Where a step fails, what
 * is at fault is named, and where the secret is to be set. Nothing is stored.
 */
#ifndef BERTH_RUNNER_CHECK_H
#define BERTH_RUNNER_CHECK_H

#include "client.h"
#include "logins.h"

/* `logins` as logins_read left them. The status of the gravest fault. */
Status check_logins(Run *run, const Plan *plan, const Client *client, Logins logins,
                    int64_t total);

#endif
