/*
 * Random organizations: the cut is as small as the smallest of all subsets of what could
 * be removed, and it ends what can be ended: no leak is left but those that are there when
 * all of it is removed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "changes/cut.h"
#include "compile.h"
#include "random_organization.h"

enum { ROUNDS = 150, REMOVALS_MAX = 11, GOALS_MAX = 64 };

typedef struct Round {
    Compilation cc;
    CompileOptions options;
    ChangeSet removals;
    DlRelationId goals[GOALS_MAX];
    uint32_t ngoals;
    bool *needed;
} Round;

static void begin(Round *round, const char *directory)
{
    round->options = (CompileOptions){.path = text_of(directory), .asks_cut = true};
    round->cc =
        (Compilation){.options = &round->options, .arena = arena_new((size_t)1 << 30)};
    assert_true(arena_run(round->cc.arena, compile, &round->cc));
    assert_false(round->cc.is_unusable);
    assert_true(changes_find(round->cc.arena, round->cc.symbols, round->cc.program,
                             round->cc.database, TEXT("removal"), round->cc.diags,
                             &round->removals));
    round->ngoals = 0;
    for (uint32_t i = 0; i < round->cc.catalogue.count; i++) {
        const Rule *rule = &round->cc.catalogue.rules[i];

        if (text_starts_with(rule->id, TEXT("leak/")) &&
            rule->relation.index != DL_NO_RELATION)
            round->goals[round->ngoals++] = rule->relation;
    }
    round->needed =
        ARENA_ARRAY(round->cc.arena, dl_relation_count(round->cc.program), bool);
    dl_needed(round->cc.program, round->goals, round->ngoals, round->needed);
}

static DlDatabase *without(const Round *round, Arena *arena, uint32_t mask)
{
    const Change *changes[32];
    uint32_t count = 0;

    for (uint32_t i = 0; i < round->removals.count; i++) {
        if (mask & 1u << i)
            changes[count++] = &round->removals.items[i];
    }
    DlDatabase *database =
        changes_apply(arena, round->cc.program, round->cc.database, changes, count);
    assert_true(
        dl_run_needed(database, round->needed, dl_default_limits, diags_new(arena)));
    return database;
}

/* Whether every leak of one database is in the other, too. */
static bool has_no_more(const Round *round, const DlDatabase *left,
                        const DlDatabase *all)
{
    uint32_t number;

    for (uint32_t i = 0; i < round->ngoals; i++) {
        for (uint32_t j = 0; j < dl_row_count(left, round->goals[i]); j++) {
            if (!dl_find(all, round->goals[i], dl_row(left, round->goals[i], j),
                         &number))
                return false;
        }
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

static uint32_t smallest(const Round *round)
{
    uint32_t everything = (1u << round->removals.count) - 1, best = UINT32_MAX;
    DlDatabase *all = without(round, round->cc.arena, everything);
    Arena *scratch = arena_scratch(round->cc.arena);

    for (uint32_t mask = 0; mask <= everything; mask++) {
        if (bits(mask) < best && has_no_more(round, without(round, scratch, mask), all))
            best = bits(mask);
        arena_reset(scratch);
    }
    return best;
}

static void the_cut_is_the_smallest(void **context)
{
    char directory[DIRECTORY_ROOM];
    uint32_t tried = 0, cuts = 0, largest = 0;

    (void)context;
    organization_make(directory);
    while (tried < ROUNDS) {
        Organization it = {0};
        Round round;

        organization_randomize(&it);
        organization_write(&it, directory, false);
        begin(&round, directory);
        if (round.removals.count <= REMOVALS_MAX) {
            CutQuestion question = {round.cc.program, round.cc.database,
                                    &round.removals, round.goals, round.ngoals};
            Cut cut = cut_find(round.cc.arena, &question, cut_default_limits);
            uint32_t mask = 0;

            for (uint32_t i = 0; i < cut.count; i++)
                mask |= 1u << cut.removals[i];
            uint32_t everything = (1u << round.removals.count) - 1;
            assert_true(has_no_more(&round, without(&round, round.cc.arena, mask),
                                    without(&round, round.cc.arena, everything)));
            assert_int_equal(cut.count, smallest(&round));
            assert_int_equal(cut.count, cut.at_least);
            assert_false(cut.is_cut_off);
            tried++;
            cuts += cut.count != 0;
            largest = cut.count > largest ? cut.count : largest;
        }
        arena_free(round.cc.arena);
    }
    organization_remove(directory);
    assert_true(cuts > ROUNDS / 2 && largest > 3);
    printf("%u organizations, %u with something to cut, %u removals at most\n", tried,
           cuts, largest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_cut_is_the_smallest)};

    return cmocka_run_group_tests_name("cut", tests, NULL, NULL);
}
