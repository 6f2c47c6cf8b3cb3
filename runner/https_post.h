/*
 * https_post.h: one POST over TLS, by a program that has no secret key.
 *
 * berth-https-post lies beside berth-run. It is given a request that is already signed,
 * and an environment from scratch; so what speaks to the network, and reads what comes
 * back, never holds the key, and berth-run has no TLS in it (reference/runner.md,
 * section 7). Redirects are not followed; certificates are checked; no proxy but
 * HTTPS_PROXY of that environment.
 *
 *   in:   host LF, (name ": " value LF)*, LF, body
 *   out:  status LF, date LF, LF, body      where the host has answered
 *         what went wrong                   else, with exit status 1; 2: its certificate
 */
#ifndef BERTH_RUNNER_HTTPS_POST_H
#define BERTH_RUNNER_HTTPS_POST_H

enum { HTTPS_FAILED = 1, HTTPS_UNTRUSTED = 2 };

#define HTTPS_POST "berth-https-post"

#endif
