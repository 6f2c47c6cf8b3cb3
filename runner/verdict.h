/*
 * verdict.h: what a client's output means.
 *
 * Every client ends with the same status whatever went wrong, so that only what it
 * prints tells a refusal from a registry that does not answer. Skopeo, podman and
 * buildah also say, line by line of their debug output, whether the registry asked for
 * a login at all; these lines are not shown. reference/runner.md, 3.5.
 */
#ifndef BERTH_RUNNER_VERDICT_H
#define BERTH_RUNNER_VERDICT_H

#include "base/arena.h"

typedef enum Verdict {
    VERDICT_REFUSED,     /* 401, 403, or words that are not known */
    VERDICT_EXPIRED,     /* refused, and the registry says why */
    VERDICT_FOREIGN,     /* led to a host that is not of the plan */
    VERDICT_ABSENT,      /* there is no such image */
    VERDICT_NO_HOST,     /* its name is not known */
    VERDICT_UNTRUSTED,   /* its certificate is not, or it speaks plain HTTP */
    VERDICT_UNREACHABLE, /* no connection, or no answer */
    VERDICT_BUSY         /* 429, 5xx */
} Verdict;

/* Of what a client that failed has printed. */
Verdict verdict_of(Text output);
/* Whether trying again may help. Never after a refusal. */
bool verdict_may_pass(Verdict verdict);
/* What it means, as the end of a sentence. */
const char *verdict_says(Verdict verdict);

typedef enum Challenge {
    CHALLENGE_UNKNOWN,
    CHALLENGE_PRESENT,
    CHALLENGE_ABSENT /* anybody is let in: a login proves nothing */
} Challenge;

/* Of the debug output of a login. */
Challenge verdict_challenge(Text output);
/* Of what a client printed that asked for an image with no login: `failed` is whether
 * it got none. */
Challenge verdict_probe(bool failed, Text output);

/* The output without the lines of debugging. */
Text verdict_without_debug(Arena *arena, Text output);

#endif
