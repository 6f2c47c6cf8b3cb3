/*
 * shell_pattern.h: the patterns of "${X#p}", "${X%p}" and "${X/p/r}".
 *
 * "*" is any text, "?" one character, "\*", "\?" and "\\" are themselves; there are no
 * brackets, and neither wildcard takes a line end. As BuildKit's shell lexer (its
 * translation into regular expressions), for expand_dockerfile.c. The work is bounded by
 * `steps`, which every call counts down.
 */
#ifndef BERTH_SYNTAX_SHELL_PATTERN_H
#define BERTH_SYNTAX_SHELL_PATTERN_H

#include "base/arena.h"
#include "base/text.h"

typedef struct ShellPattern {
    Text pattern;
    bool at_end;  /* trim: the match ends where the value ends */
    bool longest; /* trim: of several matches the longest; replace: always */
    bool all;     /* replace: every match */
    uint32_t *steps;
} ShellPattern;

/* `value` without the part that matches. False: *problem says why it cannot be told. */
bool shell_trim(Arena *arena, const ShellPattern *pattern, Text value, Text *result,
                Text *problem);
/* `value` with what matches replaced. */
bool shell_replace(Arena *arena, const ShellPattern *pattern, Text value,
                   Text replacement, Text *result, Text *problem);

#endif
