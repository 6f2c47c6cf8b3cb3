/*
 * https_post.h: one POST over TLS, by a process that has no secret key.
 *
 * berth-run starts itself by another name, with an environment from scratch, and gives
 * it a request that is already signed; so what speaks to the network, and reads what
 * comes back, never holds the key (reference/runner.md, section 7). Redirects are not
 * followed; certificates are checked; no proxy but HTTPS_PROXY of that environment.
 *
 *   in:   host LF, (name ": " value LF)*, LF, body
 *   out:  status LF, date LF, LF, body      where the host has answered
 *         what went wrong                   else, with exit status 1; 2: its certificate
 */
#ifndef BERTH_RUNNER_HTTPS_POST_H
#define BERTH_RUNNER_HTTPS_POST_H

#include "child.h"
#include "runner.h"

enum { HTTPS_FAILED = 1, HTTPS_UNTRUSTED = 2 };

/* Whether this process was started for it. */
bool https_post_is_meant(const char *program);
/* What that process does; it ends with one of the statuses, or 0. */
_Noreturn void https_post_serve(Arena *arena);

/* The call that does it; `request` as above. */
Child https_post_call(Run *run, Text request, int64_t deadline);

#endif
