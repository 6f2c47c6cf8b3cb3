/*
 * commit.h: the verified logins, into the file that clients read.
 *
 * One write for all of them: under a lock on the file's directory, so that concurrent
 * runs keep each other's entries; beside the file, mode 0600, synced, and renamed into
 * place, so that the file is the old or the new one whatever happens; then read again.
 * T7 to T10 and T12 of reference/runner.md, section 9.
 */
#ifndef BERTH_RUNNER_COMMIT_H
#define BERTH_RUNNER_COMMIT_H

#include "auth_file.h"
#include "runner.h"

/* The file that the tool reads, or the options' own; false when the environment does
 * not say where that is. */
bool commit_target(Run *run, Tool tool, Text *path);

/* Whether logins for these hosts could be stored; told before any is tried, so that no
 * password is sent in vain. Changes nothing. */
Status commit_check(Run *run, Text path, const Text *hosts, uint32_t count);

/* Stores the entries, by `deadline` (clock_now); what went wrong has been said, and the
 * file then is as it was. */
Status commit_write(Run *run, Text path, const Text *hosts, const AuthEntry *entries,
                    uint32_t count, int64_t deadline);

#endif
