/*
 * session.h: logins in a private directory: for one command, or for a shell.
 *
 * No other process's configuration is touched, and nothing is merged. The directory is
 * removed when the command has ended; one for a shell stays until --logout. Docker
 * finds it by DOCKER_CONFIG, podman, skopeo and buildah by REGISTRY_AUTH_FILE.
 */
#ifndef BERTH_RUNNER_SESSION_H
#define BERTH_RUNNER_SESSION_H

#include "logins.h"
#include "runner.h"

/* Runs the command of the options with these logins, and without the variables that
 * the plan reads in its environment. Signals are passed on to it. Its status, 128 + the
 * number of the signal that ended it, or why it was not run. */
Status session_run(Run *run, const Plan *plan, Logins logins, char *const *environment,
                   int64_t deadline);

/* Writes the logins where --logout finds them, and prints the lines that lead there. */
Status session_print(Run *run, Logins logins, int64_t deadline);

#endif
