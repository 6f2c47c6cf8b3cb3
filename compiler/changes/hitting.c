#include "changes/hitting.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 500 }; /* an answer that is longer is not searched for a shorter */

typedef struct Part {
    Arena *arena;
    const ItemSet *sets; /* connected by their items */
    uint32_t nsets;
    bool *is_chosen, *is_excluded; /* by item */
    bool *is_used;                 /* by item: while sets are packed */
    uint32_t *chosen, nchosen;
    uint32_t *best, nbest;
    uint32_t *hits;  /* by item: 0, but while be_greedy counts */
    uint64_t *steps; /* left, of all parts */
    bool is_cut_off;
} Part;

static bool is_hit(const Part *part, const ItemSet *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (part->is_chosen[set->items[i]])
            return true;
    }
    return false;
}

static uint32_t choices(const Part *part, const ItemSet *set)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < set->count; i++)
        count += !part->is_excluded[set->items[i]];
    return count;
}

/* The set that leaves the fewest choices; NULL when all are hit. */
static const ItemSet *next_set(const Part *part)
{
    const ItemSet *next = NULL;
    uint32_t fewest = UINT32_MAX;

    for (uint32_t i = 0; i < part->nsets; i++) {
        const ItemSet *set = &part->sets[i];
        uint32_t count = is_hit(part, set) ? UINT32_MAX : choices(part, set);

        if (count < fewest) {
            fewest = count;
            next = set;
        }
    }
    return next;
}

/* Sets that share no item need an item each. */
static uint32_t bound(const Part *part)
{
    uint32_t apart = 0;

    for (uint32_t i = 0; i < part->nsets; i++) {
        const ItemSet *set = &part->sets[i];
        bool shares = is_hit(part, set);

        for (uint32_t j = 0; j < set->count && !shares; j++)
            shares = part->is_used[set->items[j]];
        if (shares)
            continue;
        apart++;
        for (uint32_t j = 0; j < set->count; j++)
            part->is_used[set->items[j]] = true;
    }
    for (uint32_t i = 0; i < part->nsets; i++) {
        for (uint32_t j = 0; j < part->sets[i].count; j++)
            part->is_used[part->sets[i].items[j]] = false;
    }
    return apart;
}

static void keep(Part *part)
{
    part->nbest = part->nchosen;
    memcpy(part->best, part->chosen, part->nchosen * sizeof(*part->best));
}

/* Recursion is as deep as the best answer is long, DEPTH_MAX at most: the bound ends what
 * is longer. */
static void search(Part *part)
{
    const ItemSet *set = next_set(part);

    if (!set) {
        if (part->nchosen < part->nbest)
            keep(part);
        return;
    }
    if (*part->steps < part->nsets) {
        part->is_cut_off = true;
        return;
    }
    *part->steps -= part->nsets;
    if (part->nchosen + bound(part) >= part->nbest)
        return;
    uint32_t excluded = 0;
    uint32_t *undo = ARENA_ARRAY(part->arena, set->count, uint32_t);
    for (uint32_t i = 0; i < set->count && !part->is_cut_off; i++) {
        uint32_t item = set->items[i];

        if (part->is_excluded[item])
            continue;
        part->is_chosen[item] = true;
        part->chosen[part->nchosen++] = item;
        search(part);
        part->nchosen--;
        part->is_chosen[item] = false;
        /* What holds this item was looked at: further branches do without it. */
        part->is_excluded[item] = true;
        undo[excluded++] = item;
    }
    while (excluded)
        part->is_excluded[undo[--excluded]] = false;
}

/* How many sets the item hits that hits most of those that are left; 0: none is. */
static uint32_t count_hits(Part *part, uint32_t *most)
{
    uint32_t best = 0;

    for (uint32_t i = 0; i < part->nsets; i++) {
        const ItemSet *set = &part->sets[i];
        bool is_left = !is_hit(part, set);

        for (uint32_t j = 0; is_left && j < set->count; j++) {
            uint32_t hits = ++part->hits[set->items[j]];

            if (hits > best) {
                best = hits;
                *most = set->items[j];
            }
        }
    }
    return best;
}

/* A first answer: always the item that hits most of what is left. */
static void be_greedy(Part *part)
{
    uint32_t most, hits;

    part->nchosen = 0;
    while ((hits = count_hits(part, &most)) != 0) {
        for (uint32_t i = 0; i < part->nsets; i++) {
            for (uint32_t j = 0; j < part->sets[i].count; j++)
                part->hits[part->sets[i].items[j]] = 0;
        }
        part->is_chosen[most] = true;
        part->chosen[part->nchosen++] = most;
    }
    keep(part);
    for (uint32_t i = 0; i < part->nbest; i++)
        part->is_chosen[part->best[i]] = false;
    part->nchosen = 0;
}

/* --- connected parts --- */

static uint32_t find_root(uint32_t *parents, uint32_t item)
{
    while (parents[item] != item) {
        parents[item] = parents[parents[item]];
        item = parents[item];
    }
    return item;
}

static void join(uint32_t *parents, const ItemSet *set)
{
    for (uint32_t i = 1; i < set->count; i++) {
        uint32_t one = find_root(parents, set->items[0]);
        uint32_t other = find_root(parents, set->items[i]);

        parents[one > other ? one : other] = one > other ? other : one;
    }
}

typedef struct Rooted {
    uint32_t root, number;
    ItemSet set;
} Rooted;

static int by_root(const void *left, const void *right)
{
    const Rooted *one = left, *other = right;

    if (one->root != other->root)
        return one->root < other->root ? -1 : 1;
    return one->number < other->number ? -1 : 1;
}

static int by_number(const void *left, const void *right)
{
    uint32_t one = *(const uint32_t *)left, other = *(const uint32_t *)right;

    return (one > other) - (one < other);
}

static void solve(Part *part, Hitting *hitting)
{
    uint32_t least = bound(part);

    be_greedy(part);
    part->is_cut_off = part->nbest > DEPTH_MAX;
    if (part->nbest > least && !part->is_cut_off)
        search(part);
    part->is_cut_off &= part->nbest > least;
    memcpy(hitting->items + hitting->count, part->best,
           part->nbest * sizeof(*part->best));
    hitting->count += part->nbest;
    hitting->at_least += part->is_cut_off ? least : part->nbest;
}

Hitting hitting_find(Arena *arena, const ItemSet *sets, uint32_t nsets, uint32_t nitems,
                     uint64_t steps)
{
    Arena *scratch = arena_scratch(arena);
    Hitting hitting = {.items = ARENA_ARRAY(arena, nitems, uint32_t)};
    Part part = {.arena = scratch,
                 .is_chosen = ARENA_ARRAY(scratch, nitems, bool),
                 .is_excluded = ARENA_ARRAY(scratch, nitems, bool),
                 .is_used = ARENA_ARRAY(scratch, nitems, bool),
                 .chosen = ARENA_ARRAY(scratch, nitems, uint32_t),
                 .best = ARENA_ARRAY(scratch, nitems, uint32_t),
                 .hits = ARENA_ARRAY(scratch, nitems, uint32_t),
                 .steps = &steps};
    uint32_t *parents = ARENA_ARRAY(scratch, nitems, uint32_t);
    Rooted *rooted = ARENA_ARRAY(scratch, nsets, Rooted);
    ItemSet *ordered = ARENA_ARRAY(scratch, nsets, ItemSet);

    for (uint32_t i = 0; i < nitems; i++)
        parents[i] = i;
    for (uint32_t i = 0; i < nsets; i++)
        join(parents, &sets[i]);
    for (uint32_t i = 0; i < nsets; i++)
        rooted[i] = (Rooted){find_root(parents, sets[i].items[0]), i, sets[i]};
    if (nsets)
        qsort(rooted, nsets, sizeof(*rooted), by_root);
    for (uint32_t i = 0; i < nsets; i++)
        ordered[i] = rooted[i].set;
    for (uint32_t i = 0, end; i < nsets; i = end) {
        for (end = i + 1; end < nsets && rooted[end].root == rooted[i].root;)
            end++;
        part.sets = ordered + i;
        part.nsets = end - i;
        solve(&part, &hitting);
    }
    if (hitting.count)
        qsort(hitting.items, hitting.count, sizeof(*hitting.items), by_number);
    arena_reset(scratch);
    return hitting;
}
