/*
 * commit.h: the verified logins, into the file that clients read; and out of it.
 *
 * One write for all of them: under a lock on the file's directory, so that concurrent
 * runs keep each other's entries; beside the file, mode 0600, synced, and renamed into
 * place, so that the file is the old or the new one whatever happens; then read again.
 * A record beside it has the digest of each stored entry, so that a logout removes what
 * was stored and nothing else. T7 to T10, T12 and T25 of reference/runner.md, section 9.
 */
#ifndef BERTH_RUNNER_COMMIT_H
#define BERTH_RUNNER_COMMIT_H

#include "auth_file.h"
#include "logins.h"
#include "runner.h"

/* The helper that answers for a login of STORE_HELPER: docker-credential-berth. */
#define HELPER_NAME "berth"

/* The file that the tool reads, or the options' own; false when the environment does
 * not say where that is. */
bool commit_target(Run *run, Tool tool, Text *path);

/* Whether these logins could be stored as the options say; told before any is tried, so
 * that no password is sent in vain. `leave`: of a login that somebody else has stored
 * already, the result becomes LOGIN_LEFT, and `entry` what there is. Changes nothing. */
Status commit_check(Run *run, Text path, Logins logins, bool leave);

/* Stores the entries, by `deadline` (clock_now), unless a signal has come; what went
 * wrong has been said, and the file then is as it was. */
Status commit_write(Run *run, Text path, Section section, const AuthEntry *entries,
                    uint32_t count, int64_t deadline);

/* Writes another file beside it, whole, in the same way. */
Status commit_beside(Run *run, Text path, Text name, Text bytes, int64_t deadline);

/* Runs `work` while no other run can change the file. */
Status commit_locked(Run *run, Text path, int64_t deadline,
                     Status (*work)(void *context), void *context);

/* Removes the entries of these logins that are as they were stored; sets each login's
 * `because`, and LOGIN_OK where there is none any more. */
Status commit_remove(Run *run, Text path, Logins logins, int64_t deadline);

#endif
