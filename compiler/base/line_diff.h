/*
 * line_diff.h: which lines of a text are new, and where those that went stood.
 *
 * A shortest edit script by Myers's algorithm (E. W. Myers, "An O(ND) Difference
 * Algorithm and Its Variations", 1986). Where two texts differ in too many lines for it,
 * all lines between their common beginning and end count as changed, which is true and
 * not the least.
 */
#ifndef BERTH_BASE_LINE_DIFF_H
#define BERTH_BASE_LINE_DIFF_H

#include "base/arena.h"

/* Lines count from 1; a line ends with LF, or with the text. */
typedef struct LineDiff {
    uint32_t *old_of_new; /* by line of the new text: the old line, 0: it is new */
    uint32_t *new_of_old; /* by line of the old text: the new line, 0: it went */
    uint32_t nold, nnew;
} LineDiff;

/* In `arena`. Lines are compared byte by byte, their LF included. */
LineDiff line_diff(Arena *arena, Text old_text, Text new_text);

/* Whether one of the new text's lines [first, last] is not in the old one. */
bool line_diff_touches(const LineDiff *diff, uint32_t first, uint32_t last);

/* Where an old line that went stood: the new line that follows the gap, or the last one
 * when none does; 0 when the new text has no line. */
uint32_t line_diff_gap(const LineDiff *diff, uint32_t old_line);

#endif
