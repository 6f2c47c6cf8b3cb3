/*
 * Random organizations, two states each: comparing the pairs that some differing fact is
 * about gives what comparing every pair gives; and another spelling of the same manifest
 * gives nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "compile.h"
#include "random_organization.h"
#include "report/access.h"

enum { ROUNDS = 120 };

static void compile_state(Compilation *cc, CompileOptions *options, const char *path)
{
    *options = (CompileOptions){.path = text_of(path), .facts_only = true};
    *cc = (Compilation){.options = options, .arena = arena_new((size_t)1 << 28)};
    assert_true(arena_run(cc->arena, compile, cc));
    assert_false(cc->is_unusable);
    compile_report(cc, cc->arena);
}

static void add_edges(const AccessDiff *diff, Buffer *out)
{
    for (uint32_t i = 0; i < diff->count; i++) {
        const AccessEdge *edge = &diff->edges[i];

        /* Something tells why access was gained or lost. */
        if (text_equal(edge->now, TEXT("allowed")) ||
            text_equal(edge->before, TEXT("allowed")))
            assert_true(edge->because.len && edge->span.file);
        buffer_format(out, "%.*s %.*s %.*s %.*s\n", TEXT_ARG(edge->repository),
                      TEXT_ARG(edge->target), TEXT_ARG(edge->before),
                      TEXT_ARG(edge->now));
    }
}

/* The difference of the two directories, as text in `arena`. */
static Text difference(Arena *arena, const char *left, const char *right,
                       bool every_pair)
{
    Buffer out = {.arena = arena};
    CompileOptions options[2];
    Compilation cc[2];
    AccessDiff diff;
    Text problem;

    compile_state(&cc[0], &options[0], left);
    compile_state(&cc[1], &options[1], right);
    AccessSide before = {&cc[0].report, cc[0].database};
    AccessSide now = {&cc[1].report, cc[1].database};
    assert_true(access_diff(&before, &now, every_pair, cc[1].diags, &diff, &problem));
    add_edges(&diff, &out);
    arena_free(cc[0].arena);
    arena_free(cc[1].arena);
    return buffer_text(&out);
}

static void few_pairs_give_what_all_give(void **context)
{
    char left[DIRECTORY_ROOM], right[DIRECTORY_ROOM];
    uint32_t differences = 0;

    (void)context;
    organization_make(left);
    organization_make(right);
    for (int round = 0; round < ROUNDS; round++) {
        Arena *arena = arena_new((size_t)1 << 24);
        Organization it = {0};

        organization_randomize(&it);
        organization_write(&it, left, false);
        organization_write(&it, right, true);
        assert_int_equal(difference(arena, left, right, false).len, 0);
        for (int changes = 1 + organization_pick(2); changes > 0; changes--)
            organization_change(&it);
        organization_write(&it, right, organization_pick(2));
        Text few = difference(arena, left, right, false);
        Text all = difference(arena, left, right, true);
        if (!text_equal(few, all))
            fail_msg("round %d\n--- few\n%.*s--- all\n%.*s", round, TEXT_ARG(few),
                     TEXT_ARG(all));
        differences += few.len != 0;
        arena_free(arena);
    }
    organization_remove(left);
    organization_remove(right);
    assert_true(differences > ROUNDS / 4);
    printf("%d organizations, %u of them with a difference\n", ROUNDS, differences);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(few_pairs_give_what_all_give)};

    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
