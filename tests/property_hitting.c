#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "changes/hitting.h"

enum { ROUNDS = 3000, ITEMS_MAX = 12, SETS_MAX = 14 };

static uint32_t pick(uint64_t *state, uint32_t count)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % count;
}

typedef struct Problem {
    ItemSet sets[SETS_MAX];
    uint32_t items[SETS_MAX][ITEMS_MAX], masks[SETS_MAX];
    uint32_t nsets, nitems;
} Problem;

static void randomize(uint64_t *state, Problem *problem)
{
    uint32_t rarity = 2 + pick(state, 4);

    problem->nitems = 1 + pick(state, ITEMS_MAX);
    problem->nsets = pick(state, SETS_MAX + 1);
    for (uint32_t i = 0; i < problem->nsets; i++) {
        uint32_t count = 0, mask = 1u << pick(state, problem->nitems);

        for (uint32_t j = 0; j < problem->nitems; j++)
            mask |= pick(state, rarity) == 0 ? 1u << j : 0;
        for (uint32_t j = 0; j < problem->nitems; j++) {
            if (mask & 1u << j)
                problem->items[i][count++] = j;
        }
        problem->masks[i] = mask;
        problem->sets[i] = (ItemSet){problem->items[i], count};
    }
}

static bool hits_all(const Problem *problem, uint32_t mask)
{
    for (uint32_t i = 0; i < problem->nsets; i++) {
        if ((problem->masks[i] & mask) == 0)
            return false;
    }
    return true;
}

static uint32_t bits(uint32_t mask)
{
    uint32_t count = 0;

    for (; mask; mask &= mask - 1)
        count++;
    return count;
}

static uint32_t least(const Problem *problem)
{
    uint32_t best = UINT32_MAX;

    for (uint32_t mask = 0; mask < 1u << problem->nitems; mask++) {
        if (bits(mask) < best && hits_all(problem, mask))
            best = bits(mask);
    }
    return best;
}

static uint32_t mask_of(const Hitting *hitting)
{
    uint32_t mask = 0;

    for (uint32_t i = 0; i < hitting->count; i++) {
        assert_true(i == 0 || hitting->items[i - 1] < hitting->items[i]);
        mask |= 1u << hitting->items[i];
    }
    return mask;
}

static void it_is_the_least(void **context)
{
    uint64_t state = 25112026;

    (void)context;
    for (int round = 0; round < ROUNDS; round++) {
        Arena *arena = arena_new((size_t)1 << 22);
        Problem problem;

        randomize(&state, &problem);
        Hitting hitting = hitting_find(arena, problem.sets, problem.nsets,
                                       problem.nitems, UINT32_MAX);
        assert_true(hits_all(&problem, mask_of(&hitting)));
        assert_int_equal(hitting.count, least(&problem));
        assert_int_equal(hitting.at_least, hitting.count);
        arena_free(arena);
    }
}

static void with_few_steps_the_bounds_hold(void **context)
{
    uint64_t state = 1;
    uint32_t inexact = 0;

    (void)context;
    for (int round = 0; round < ROUNDS; round++) {
        Arena *arena = arena_new((size_t)1 << 22);
        Problem problem;

        randomize(&state, &problem);
        Hitting hitting = hitting_find(arena, problem.sets, problem.nsets,
                                       problem.nitems, pick(&state, 3));
        assert_true(hits_all(&problem, mask_of(&hitting)));
        assert_true(hitting.at_least <= least(&problem));
        assert_true(hitting.count >= least(&problem));
        inexact += hitting.at_least < hitting.count;
        arena_free(arena);
    }
    assert_true(inexact > 0);
}

enum { MANY = 20000, FEW = 700, EACH = 6, STEPS = 40000000 };

/* The limit is of work, not of branches: with these it once took more than a minute. */
static void a_large_part_ends_within_its_steps(void **context)
{
    Arena *arena = arena_new((size_t)1 << 26);
    ItemSet *sets = ARENA_ARRAY(arena, MANY, ItemSet);
    bool *is_chosen = ARENA_ARRAY(arena, FEW, bool);
    uint64_t state = 7;

    (void)context;
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t *items = ARENA_ARRAY(arena, EACH, uint32_t);

        for (uint32_t j = 0; j < EACH; j++)
            items[j] = FEW / EACH * j + pick(&state, FEW / EACH);
        sets[i] = (ItemSet){items, EACH};
    }
    Hitting hitting = hitting_find(arena, sets, MANY, FEW, STEPS);
    assert_true(hitting.at_least < hitting.count);
    for (uint32_t i = 0; i < hitting.count; i++)
        is_chosen[hitting.items[i]] = true;
    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t hits = 0;

        for (uint32_t j = 0; j < EACH; j++)
            hits += is_chosen[sets[i].items[j]];
        assert_true(hits > 0);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_least),
        cmocka_unit_test(with_few_steps_the_bounds_hold),
        cmocka_unit_test(a_large_part_ends_within_its_steps),
    };

    return cmocka_run_group_tests_name("hitting", tests, NULL, NULL);
}
