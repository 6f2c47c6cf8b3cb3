/*
 * Random small organizations: every repair that is proposed, made in the manifests and
 * read again, makes the pull allowed, no part of it does, and what it creates is what a
 * check then finds anew. In some of them all sets of changes are made so: the minimal
 * ones are those that are proposed.
 *
 * BERTH_SEED=n takes one of them, BERTH_PROGRAMS=n so many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "changes/repairs.h"
#include "repair_model.h"
#include "why_answer.h"

enum { BRUTE_EVERY = 3, BRUTE_CHANGES_MAX = 9, SETS_MAX = 64 };

typedef struct Run {
    Arena *arena;
    CompileOptions options;
    Compilation cc;
    WhyQuestion question;
    Verdict verdict;
} Run;

typedef struct Totals {
    uint32_t workspaces, verdicts[3], repairs, sizes[REPAIR_SIZE_MAX + 1], creates;
    uint32_t compilations, brute, sets;
} Totals;

static char directory[] = "/tmp/berth-repairs-XXXXXX";
static Totals totals;

/* The workspace, compiled; asked about the pull, or not. */
static Run *run_new(const Model *model, bool asked)
{
    Arena *arena = arena_new((size_t)1 << 30);
    Run *run = ARENA_NEW(arena, Run);

    model_write(model, arena, directory);
    run->arena = arena;
    run->options = (CompileOptions){.path = text_of(directory)};
    if (asked) {
        run->options.asked_repository = model->repositories[0].name;
        run->options.asked_image = model->image;
    }
    run->cc = (Compilation){.options = &run->options, .arena = arena};
    assert_true(arena_run(arena, compile, &run->cc));
    compile_report(&run->cc, arena);
    if (run->cc.is_unusable)
        model_print(model, stderr);
    assert_false(run->cc.is_unusable);
    totals.compilations++;
    if (asked) {
        run->question =
            (WhyQuestion){run->cc.asked_configuration, run->cc.asked_repository,
                          run->cc.asked_reference, model->phase};
        assert_true(verdict_find(&run->cc.report, &run->question, &run->verdict));
    }
    return run;
}

static bool is_allowed(const Model *model)
{
    Run *run = run_new(model, true);
    bool allowed = verdict_is_allowed(&run->verdict);

    arena_free(run->arena);
    return allowed;
}

static void change(Model *model, Arena *arena, Text says)
{
    if (!model_change(model, arena, says)) {
        model_print(model, stderr);
        fail_msg("'%.*s' is not understood", TEXT_ARG(says));
    }
}

/* With the steps of a repair whose bits are set. */
static Model changed(const Model *model, Arena *arena, const ShownRepair *repair,
                     uint32_t steps)
{
    Model result = *model;

    for (uint32_t i = 0; i < repair->nsteps; i++) {
        if (steps >> i & 1)
            change(&result, arena, repair->steps[i].says);
    }
    return result;
}

static void print_repair(const Model *model, const ShownRepair *repair)
{
    model_print(model, stderr);
    for (uint32_t i = 0; i < repair->nsteps; i++)
        fprintf(stderr, "# %.*s\n", TEXT_ARG(repair->steps[i].says));
}

static bool is_leak(const Finding *finding)
{
    return text_starts_with(finding->rule->id, TEXT("leak/"));
}

static bool has_finding(const Report *report, const Finding *finding)
{
    for (uint32_t i = 0; i < report->count; i++) {
        if (text_equal(report->findings[i].fingerprint, finding->fingerprint))
            return true;
    }
    return false;
}

static void check_creates(const Model *before, const Model *after,
                          const ShownRepair *repair)
{
    Run *old = run_new(before, false);
    findings_collect(&old->cc.report, old->cc.diags);
    Run *new = run_new(after, false);
    findings_collect(&new->cc.report, new->cc.diags);
    uint32_t seen = 0;

    for (uint32_t i = 0; i < new->cc.report.count; i++) {
        const Finding *finding = &new->cc.report.findings[i];
        bool is_told = false;

        if (!is_leak(finding) || has_finding(&old->cc.report, finding))
            continue;
        for (uint32_t j = 0; j < repair->ncreates; j++) {
            if (text_equal(repair->creates[j], finding->rule->id)) {
                is_told = true;
                seen |= 1u << j;
            }
        }
        if (!is_told) {
            print_repair(before, repair);
            fail_msg("it creates %.*s untold", TEXT_ARG(finding->rule->id));
        }
    }
    if (seen != (1u << repair->ncreates) - 1) {
        print_repair(before, repair);
        fail_msg("it does not create what it is told to");
    }
    totals.creates += repair->ncreates != 0;
    arena_free(old->arena);
    arena_free(new->arena);
}

static void check_repair(const Model *model, Arena *arena, const ShownRepair *repair)
{
    uint32_t all = (1u << repair->nsteps) - 1;

    totals.repairs++;
    totals.sizes[repair->nsteps]++;
    for (uint32_t steps = 1; steps <= all; steps++) {
        Model result = changed(model, arena, repair, steps);

        if (is_allowed(&result) != (steps == all)) {
            print_repair(model, repair);
            fail_msg("with the steps %#x it is%s allowed", (unsigned)steps,
                     steps == all ? " not" : "");
        }
        if (steps == all)
            check_creates(model, &result, repair);
    }
}

/* --- all sets --- */

typedef struct Sets {
    uint32_t bits[SETS_MAX];
    uint32_t count;
} Sets;

static uint32_t size_of(uint32_t set)
{
    uint32_t size = 0;

    for (; set; set &= set - 1)
        size++;
    return size;
}

static bool all_agree(const DlProgram *program, const ChangeSet *changes, uint32_t set)
{
    for (uint32_t i = 0; i < changes->count; i++) {
        for (uint32_t j = i + 1; j < changes->count; j++) {
            if (set >> i & set >> j & 1 &&
                !changes_agree(program, &changes->items[i], &changes->items[j]))
                return false;
        }
    }
    return true;
}

static Sets minimal_sets(const Model *model, const Run *run, const ChangeSet *changes)
{
    Sets found = {.count = 0};

    for (uint32_t size = 1; size <= REPAIR_SIZE_MAX; size++) {
        for (uint32_t set = 1; set < 1u << changes->count; set++) {
            Model result = *model;
            bool is_minimal = true;

            for (uint32_t i = 0; i < found.count; i++)
                is_minimal &= (found.bits[i] & set) != found.bits[i];
            if (size_of(set) != size || !is_minimal ||
                !all_agree(run->cc.program, changes, set))
                continue;
            for (uint32_t i = 0; i < changes->count; i++) {
                if (set >> i & 1)
                    change(&result, run->arena, changes->items[i].says);
            }
            totals.sets++;
            if (!is_allowed(&result))
                continue;
            assert_true(found.count < SETS_MAX);
            found.bits[found.count++] = set;
        }
    }
    return found;
}

static uint32_t bits_of(const ChangeSet *changes, const ShownRepair *repair)
{
    uint32_t bits = 0;

    for (uint32_t i = 0; i < repair->nsteps; i++) {
        for (uint32_t j = 0; j < changes->count; j++) {
            if (text_equal(changes->items[j].says, repair->steps[i].says))
                bits |= 1u << j;
        }
    }
    return bits;
}

static void check_all_sets(const Model *model, Run *run, const WhyAnswer *answer)
{
    ChangeSet changes;

    assert_true(changes_find(run->arena, run->cc.symbols, run->cc.program,
                             run->cc.database, TEXT("change"), run->cc.diags,
                             &changes));
    if (changes.count > BRUTE_CHANGES_MAX)
        return;
    Sets sets = minimal_sets(model, run, &changes);
    totals.brute++;
    for (uint32_t i = 0; i < sets.count; i++) {
        bool is_told = false;

        for (uint32_t j = 0; j < answer->nrepairs; j++)
            is_told |= bits_of(&changes, &answer->repairs[j]) == sets.bits[i];
        if (!is_told) {
            model_print(model, stderr);
            for (uint32_t j = 0; j < changes.count; j++)
                fprintf(stderr, "# %u %.*s\n", sets.bits[i] >> j & 1,
                        TEXT_ARG(changes.items[j].says));
            fail_msg("a minimal set is not told");
        }
    }
    assert_int_equal(sets.count, answer->nrepairs);
}

/* --- a workspace --- */

static void check_order(const WhyAnswer *answer)
{
    for (uint32_t i = 1; i < answer->nrepairs; i++) {
        const ShownRepair *one = &answer->repairs[i - 1], *other = &answer->repairs[i];

        assert_true(one->nsteps <= other->nsteps);
        if (one->nsteps == other->nsteps)
            assert_true(!one->ncreates || other->ncreates);
    }
}

static void check_workspace(uint64_t seed, bool brute)
{
    Arena *arena = arena_new((size_t)1 << 26);
    Model model = model_random(arena, seed);
    Run *run = run_new(&model, true);
    WhyAnswer answer;

    totals.workspaces++;
    totals.verdicts[run->verdict.says.at[0] == 'a'   ? 0
                    : run->verdict.says.at[0] == 'u' ? 1
                                                     : 2]++;
    assert_true(why_answer(&run->cc, run->arena, &run->verdict, &answer));
    assert_false(answer.is_cut_off);
    if (verdict_is_allowed(&run->verdict))
        assert_int_equal(answer.nrepairs, 0);
    check_order(&answer);
    for (uint32_t i = 0; i < answer.nrepairs; i++)
        check_repair(&model, arena, &answer.repairs[i]);
    if (brute && !verdict_is_allowed(&run->verdict))
        check_all_sets(&model, run, &answer);
    arena_free(run->arena);
    arena_free(arena);
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);

    return value ? strtoull(value, NULL, 10) : otherwise;
}

static void repairs_flip_the_verdict_and_no_part_of_them_does(void **state)
{
    uint64_t seed = setting("BERTH_SEED", 1);
    uint64_t count = setting("BERTH_PROGRAMS", getenv("BERTH_SEED") ? 1 : 160);

    (void)state;
    for (uint64_t i = 0; i < count; i++)
        check_workspace(seed + i, count == 1 || i % BRUTE_EVERY == 0);
    printf(
        "%u workspaces (%u allowed, %u unknown, %u denied), %u repairs (%u, %u, %u of "
        "1, 2, 3 changes; %u create a leak), %u compilations; all %u sets of %u "
        "workspaces\n",
        totals.workspaces, totals.verdicts[0], totals.verdicts[1], totals.verdicts[2],
        totals.repairs, totals.sizes[1], totals.sizes[2], totals.sizes[3],
        totals.creates, totals.compilations, totals.sets, totals.brute);
    assert_true(totals.repairs > 0);
}

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
    static const char *const paths[] = {"repos/octo-org/site/.devcontainer.json",
                                        "repos/octo-org/site",
                                        "repos/octo-org",
                                        "repos",
                                        "berth/access.yaml",
                                        "berth",
                                        "berth.yaml"};
    Arena *arena = arena_new(1 << 16);

    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
        (void)remove(arena_format(arena, "%s/%s", directory, paths[i]).at);
    arena_free(arena);
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repairs_flip_the_verdict_and_no_part_of_them_does)};

    return cmocka_run_group_tests_name("repairs", tests, make_directory,
                                       remove_directory);
}
