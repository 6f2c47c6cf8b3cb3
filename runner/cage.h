/*
 * cage.h: what the kernel holds a client to: Landlock, where it is there.
 *
 * A client may write in one directory and to /dev/null, and nowhere else: not to the
 * user's own configuration, not to a repository; and it may connect to its gate alone
 * (egress.h), from Linux 6.12 on to no abstract socket of others either. UDP, MPTCP and
 * sockets that lie in directories are beyond it: a client that means to talk to somebody
 * can, one that a registry leads astray cannot. An older kernel has no such thing, or
 * none for ports (before 6.7); then the client is not held to it, which dry runs say
 * (reference/runner.md, section 6).
 */
#ifndef BERTH_RUNNER_CAGE_H
#define BERTH_RUNNER_CAGE_H

#include <stdint.h>

/* The version of Landlock's interface that the kernel has; 0: none. */
int cage_version(void);

/* Whether it can hold a client to ports. */
_Bool cage_holds_ports(void);

/* A ruleset's descriptor, closed on exec; CAGE_NONE where the kernel has none, or nothing
 * is asked for; CAGE_FAILED when it has one that could not be made. `writable`: the one
 * directory; NULL: files are not held to anything. `ports`: those that it may connect to
 * by TCP; none: any. */
enum { CAGE_NONE = -1, CAGE_FAILED = -2 };
int cage_make(const char *writable, const uint16_t *ports, uint32_t nports);

/* For a run that calls no client: from here on this process opens no connection and
 * starts no program, whatever it reads. Where the kernel refuses, nothing changes. */
void cage_enter_alone(void);

/* Enters it for good: after a fork, with no new privileges, before exec. Always fine for
 * CAGE_NONE, never for CAGE_FAILED. */
_Bool cage_enter(int cage);

#endif
