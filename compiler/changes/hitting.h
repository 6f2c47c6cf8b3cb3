/*
 * hitting.h: the fewest items of which every set holds one.
 *
 * Exact, by branch and bound over each connected part by itself, as long as it takes at
 * most the given steps; else the best set that was found, with a bound from below that
 * holds. Of several least ones the answer is always the same.
 */
#ifndef BERTH_CHANGES_HITTING_H
#define BERTH_CHANGES_HITTING_H

#include "base/arena.h"

typedef struct ItemSet {
    const uint32_t *items; /* ascending, none twice; at least one */
    uint32_t count;
} ItemSet;

typedef struct Hitting {
    uint32_t *items; /* ascending */
    uint32_t count;
    uint32_t at_least; /* no fewer items do; `count` when it is exact */
} Hitting;

/* Items are numbers below `nitems`. `steps` bounds the sets looked at while branching,
 * each branch all of its part's, of all parts together. In `arena`. */
Hitting hitting_find(Arena *arena, const ItemSet *sets, uint32_t nsets, uint32_t nitems,
                     uint64_t steps);

#endif
