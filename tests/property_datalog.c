/*
 * Random stratified programs on random facts: dl_run and dl_run_naive give the same
 * relations and the same heights, and every proof is one.
 *
 * BERTH_SEED=n takes one seed, BERTH_PROGRAMS=n so many programs.
 */
#include "random_program.h"

#include "datalog/eval.h"

/* Whether a proof's height is one more than its highest leaf's, and its parts hold. */
static bool proof_is_sound(const DlDatabase *database, const DlProof *proof)
{
    uint32_t highest = 0, number;

    if (!dl_find(database, proof->relation, proof->row, &number))
        return false;
    if (proof->height == 0)
        return proof->is_input && proof->nbecause == 0;
    for (uint32_t i = 0; i < proof->nbecause; i++) {
        const DlProof *part = proof->because[i];

        highest = part->height > highest ? part->height : highest;
        if (!part->absent && !dl_find(database, part->relation, part->row, &number))
            return false;
        for (uint32_t row = 0;
             part->absent && row < dl_row_count(database, part->relation); row++) {
            const uint32_t *cells = dl_row(database, part->relation, row);
            bool same = true;

            for (uint32_t j = 0;
                 j < dl_relation(database->program, part->relation)->arity; j++)
                same &= part->any[j] || part->row[j] == cells[j];
            if (same)
                return false;
        }
    }
    return proof->height == highest + 1;
}

typedef struct Totals {
    uint64_t rows;
    uint32_t highest; /* of the proofs */
} Totals;

static const char *difference(Bench *one, Bench *other, Totals *totals)
{
    for (uint32_t i = 0; i < dl_relation_count(one->program); i++) {
        DlRelationId id = {i};
        uint32_t count = dl_row_count(one->database, id);
        Buffer texts_of[2] = {{.arena = one->arena}, {.arena = other->arena}};

        totals->rows += count;
        dl_dump_relation(one->database, id, &texts_of[0]);
        dl_dump_relation(other->database, id, &texts_of[1]);
        if (!text_equal(buffer_text(&texts_of[0]), buffer_text(&texts_of[1])))
            return "the rows differ";
        const uint32_t *orders[] = {dl_sorted(one->arena, one->database, id),
                                    dl_sorted(other->arena, other->database, id)};
        for (uint32_t j = 0; j < count; j++) {
            const DlProof *proof = dl_why(one->arena, one->database, id, orders[0][j]);

            if (proof->height > totals->highest)
                totals->highest = proof->height;
            if (proof->height !=
                store_height(&other->database->stores[i], orders[1][j]))
                return "the heights differ";
            if (!proof_is_sound(one->database, proof))
                return "a proof is none";
        }
    }
    return NULL;
}

/* Whether a database of other rows in one input, all else shared, derives what one of the
 * same rows does that shares nothing. */
static const char *fork_difference(Bench *bench, const Made *relations, Random *random)
{
    uint32_t count = dl_relation_count(bench->program);
    bool *changed = ARENA_ARRAY(bench->arena, count, bool);
    bool *needed = ARENA_ARRAY(bench->arena, count, bool);
    DlRelationId goal = {random_below(random, count)};
    Bench fresh = *bench, fork = *bench;
    Random twice[] = {*random, *random};

    changed[dl_relation_find(bench->program, text_of(relations[0].name)).index] = true;
    fork.database = dl_fork(bench->arena, bench->database, changed);
    fresh.database = dl_database(bench->arena, bench->program);
    add_rows_of(&twice[0], &fork, &relations[0]);
    add_rows_of(&twice[1], &fresh, &relations[0]);
    for (uint32_t i = 1; i < INPUTS; i++) {
        DlRelationId id = dl_relation_find(bench->program, text_of(relations[i].name));

        for (uint32_t j = 0; j < dl_row_count(bench->database, id); j++)
            dl_add(fresh.database, id, dl_row(bench->database, id, j));
    }
    dl_needed(bench->program, &goal, 1, needed);
    if (!dl_run_needed(fork.database, needed, dl_default_limits, bench->diags) ||
        !dl_run_naive(fresh.database, dl_default_limits, bench->diags))
        return "a limit was met behind a fork";
    for (uint32_t i = 0; i < count; i++) {
        Buffer dumps[2] = {{.arena = bench->arena}, {.arena = bench->arena}};

        dl_dump_relation(fork.database, (DlRelationId){i}, &dumps[0]);
        dl_dump_relation(fresh.database, (DlRelationId){i}, &dumps[1]);
        if (!needed[i])
            continue;
        if (!text_equal(buffer_text(&dumps[0]), buffer_text(&dumps[1])))
            return "a fork derives other rows";
        for (uint32_t j = 0; j < dl_row_count(fork.database, (DlRelationId){i}); j++) {
            if (!proof_is_sound(fork.database, dl_why(bench->arena, fork.database,
                                                      (DlRelationId){i}, j)))
                return "a proof of a fork is none";
        }
    }
    return NULL;
}

static bool run_seed(uint64_t seed, Totals *totals)
{
    Random random = {seed};
    Made relations[INPUTS + LAYERS * RELATIONS_OF_LAYER];
    uint32_t count = make_relations(&random, relations);
    Bench benches[2] = {bench_new(), bench_new()};
    const DlLimits limits = {.rows = 100000, .rounds = 1000, .joins = 20000000};
    Text program = mark_single_variables(
        benches[0].arena, make_program(&random, benches[0].arena, relations, count));
    const char *wrong = NULL;

    for (uint32_t i = 0; i < 2 && !wrong; i++) {
        Random again = {seed + 1000000007};
        Bench *bench = &benches[i];

        if (!bench_compile(bench, program.at)) {
            wrong = "it does not compile";
            break;
        }
        add_rows(&again, bench, relations);
        bool ran = i ? dl_run_naive(bench->database, limits, bench->diags)
                     : dl_run(bench->database, limits, bench->diags);
        if (!ran)
            wrong = "a limit was met";
    }
    if (!wrong)
        wrong = difference(&benches[0], &benches[1], totals);
    if (!wrong)
        wrong = fork_difference(&benches[0], relations, &random);
    if (wrong)
        fprintf(stderr, "seed %llu: %s\n%.*s\n%s", (unsigned long long)seed, wrong,
                TEXT_ARG(bench_diags(&benches[0])), program.at);
    bench_free(&benches[0]);
    bench_free(&benches[1]);
    return !wrong;
}

static void both_evaluators_agree(void **state)
{
    uint64_t seed = setting("BERTH_SEED", 1);
    uint64_t programs = setting("BERTH_PROGRAMS", getenv("BERTH_SEED") ? 1 : 600);
    Totals totals = {0};

    (void)state;
    for (uint64_t i = 0; i < programs; i++)
        assert_true(run_seed(seed + i, &totals));
    printf("%llu programs, %llu rows, proofs up to height %u\n",
           (unsigned long long)programs, (unsigned long long)totals.rows,
           totals.highest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_evaluators_agree)};

    return cmocka_run_group_tests_name("datalog property", tests, NULL, NULL);
}
