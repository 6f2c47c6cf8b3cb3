/*
 * pattern.h: regular expressions, by PCRE2 with its JIT.
 *
 * Patterns keep to what PCRE2 and std::regex (ECMAScript) share. Matching is by
 * byte, with a limit on steps, so that no pattern and no input hang it.
 */
#ifndef BERTH_BASE_PATTERN_H
#define BERTH_BASE_PATTERN_H

#include "base/arena.h"
#include "base/text.h"

typedef struct Pattern Pattern;

/* NULL when the pattern does not compile; *error then says why and *at is the
 * offset in the pattern. Freed with the arena. `whole`: it must match all of the
 * subject; else any part of it. */
Pattern *pattern_compile(Arena *arena, Text pattern, bool whole, Text *error,
                         size_t *at);

typedef enum PatternResult { PATTERN_NO, PATTERN_YES, PATTERN_LIMIT } PatternResult;

/* *start and *end, when not NULL, receive the match. Not for two threads at once. */
PatternResult pattern_match(Pattern *pattern, Text subject, size_t *start, size_t *end);

#endif
