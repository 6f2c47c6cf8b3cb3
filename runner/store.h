/*
 * store.h: verified logins, to where the options keep them.
 */
#ifndef BERTH_RUNNER_STORE_H
#define BERTH_RUNNER_STORE_H

#include "client.h"
#include "commit.h"
#include "logins.h"

/* The plan that docker-credential-berth reads, beside the file that names the helper. */
#define HELPER_PLAN "berth-plan.json"

/* Stores the good logins, by `deadline` (clock_now), in the file `target`; each then is
 * `is_stored`. `plan`: its bytes, which a helper needs. What went wrong has been said. */
Status store_logins(Run *run, const Client *client, Text target, Logins logins,
                    Text plan, int64_t deadline);

/* The good logins as entries of "auths", and those left alone too if `with_left`: each
 * key once, the last one counts, as it does for whoever logs in twice. */
uint32_t store_entries(Run *run, Logins logins, bool with_left, AuthEntry **entries);

#endif
