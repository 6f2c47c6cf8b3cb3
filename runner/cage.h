/*
 * cage.h: what the kernel holds a client to: Landlock, where it is there.
 *
 * A client may write in one directory and to /dev/null, and nowhere else: not to the
 * user's own configuration, not to a repository. An older kernel has no such thing;
 * then the client is not held to it, which dry runs say (reference/runner.md,
 * section 6). The one place for further rules of this kind, such as which ports a
 * client may connect to.
 */
#ifndef BERTH_RUNNER_CAGE_H
#define BERTH_RUNNER_CAGE_H

/* The version of Landlock's interface that the kernel has; 0: none. */
int cage_version(void);

/* A ruleset's descriptor, closed on exec; -1 where the kernel has none. */
int cage_make(const char *writable);

/* For a run that calls no client: from here on this process opens no connection and
 * starts no program, whatever it reads. Where the kernel refuses, nothing changes. */
void cage_enter_alone(void);

/* Enters it for good: after a fork, with no new privileges, before exec. Always fine
 * for -1. */
_Bool cage_enter(int cage);

#endif
