/*
 * gate.h: the process behind the gates of egress.h: a CONNECT proxy that knows what each
 * of its ports may lead to.
 *
 * It is forked, not started: what it works with is in its memory. Each connection is a
 * process of its own, at most CONNECTIONS_MAX at once, which ends with the run.
 */
#ifndef BERTH_RUNNER_GATE_H
#define BERTH_RUNNER_GATE_H

#include "base/arena.h"

enum { GATE_REFUSED_MAX = 256 };

/* How a client is refused; clients print it. */
#define GATE_REFUSAL "not a host of the plan"

typedef struct Gate {
    int listener;
    const Text *hosts; /* "host:port", in lower case */
    uint32_t nhosts;
    char *refused; /* GATE_REFUSED_MAX bytes that both processes see; a C string */
} Gate;

/* The proxy that the environment names, which leads to every host that `without` does
 * not name. */
typedef struct Upstream {
    Text host, port; /* empty: there is none */
    Text authorization;
    Text without; /* as NO_PROXY has it */
} Upstream;

/* Reads HTTPS_PROXY: ["http://"] [user [":" password] "@"] host [":" port] ["/"]. False
 * when it is anything else. */
bool gate_read_upstream(Arena *arena, Text proxy, Upstream *upstream);
/* Whether a host is reached directly: "*", a name, or a domain with or without its dot;
 * ports and networks are not known. */
bool gate_goes_around(const Upstream *upstream, Text host);

/* Serves, and never returns. */
_Noreturn void gate_serve(const Gate *gates, uint32_t count, const Upstream *upstream,
                          unsigned seconds);

#endif
