/*
 * egress.h: a client reaches the hosts of its login, and no others.
 *
 * A registry says where its tokens are to be had, and a client sends the password there,
 * wherever that is. So each login has a gate: a port of this machine where a process of
 * this run, which holds no secret, connects to that login's hosts and to nothing else
 * (CONNECT; TLS stays between the client and the host). Where the kernel has Landlock's
 * rules for ports, a client can connect to its gate only (cage.h). A registry on this
 * machine is reached without one, as clients do. T19 and T20 of reference/runner.md,
 * section 9.
 */
#ifndef BERTH_RUNNER_EGRESS_H
#define BERTH_RUNNER_EGRESS_H

#include "child.h"
#include "logins.h"

typedef struct Egress Egress;

/* Opens a gate for each login; from here on their `gate` is set. Before any secret is
 * read: the process gets a copy of this one's memory, and overwrites the environment in
 * it. It ends with the arena. NULL with *problem. */
Egress *egress_start(Run *run, Logins logins, Text *problem);
/* Ends it before. */
void egress_end(Egress *egress);

/* What the client of a login asked for at its gate and did not get, "host:port", as a
 * host may be written; empty: nothing. */
Text egress_refused(const Run *run, const Login *login);

/* The ports of this machine that a client of this login may connect to: its gate, and
 * those of its hosts that are on this machine. How many. */
uint32_t egress_ports(const Run *run, const Login *login,
                      uint16_t ports[CHILD_PORTS_MAX]);

#endif
