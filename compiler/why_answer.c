#include "why_answer.h"

#include <stdlib.h>

#include "changes/repairs.h"

enum { WHY_NOT_DEPTH = 10 };

typedef struct Why {
    Compilation *cc;
    Arena *arena; /* of the answer */
    WhyAnswer found;
} Why;

static DlRelationId relation_of(const Why *why, RelationId relation)
{
    return dl_relation_find(why->cc->program, text_of(relations[relation].name));
}

/* The verdict is the same where only the asked configuration is judged, and takes a
 * fraction of the work. */
static const Change *judge_alone(Why *why, const uint32_t *verdict)
{
    ChangedRow *row = ARENA_NEW(why->arena, ChangedRow);
    Change *change = ARENA_NEW(why->arena, Change);

    *row = (ChangedRow){relation_of(why, REL_judged_alone), verdict};
    *change = (Change){.added = row, .nadded = 1};
    return change;
}

/* A check asks no question. */
static const Change *ask_nothing(Why *why)
{
    DlRelationId asked = relation_of(why, REL_asked);
    uint32_t count = dl_row_count(why->cc->database, asked);
    ChangedRow *rows = ARENA_ARRAY(why->arena, count, ChangedRow);
    Change *change = ARENA_NEW(why->arena, Change);

    for (uint32_t i = 0; i < count; i++)
        rows[i] = (ChangedRow){asked, dl_row(why->cc->database, asked, i)};
    *change = (Change){.dropped = rows, .ndropped = count};
    return change;
}

/* --- what a repair creates --- */

/* Marks what the rules that say a leak, and those that they yield to, are derived from. */
static const bool *leaks_need(const Why *why)
{
    const Catalogue *catalogue = &why->cc->catalogue;
    uint32_t relations_count = dl_relation_count(why->cc->program), count = 0;
    bool *needed = ARENA_ARRAY(why->arena, relations_count, bool);
    DlRelationId *goals = ARENA_ARRAY(why->arena, relations_count, DlRelationId);
    bool *is_goal = ARENA_ARRAY(why->arena, relations_count, bool);

    for (uint32_t i = 0; i < catalogue->count; i++) {
        const Rule *rule = &catalogue->rules[i];

        if (!rule_says_a_leak(rule))
            continue;
        is_goal[rule->relation.index] = true;
        for (uint32_t j = 0; j < rule->nyields_to; j++) {
            const Rule *other = rule_find(catalogue, rule->yields_to[j]);

            if (other->relation.index != DL_NO_RELATION)
                is_goal[other->relation.index] = true;
        }
    }
    for (uint32_t i = 0; i < relations_count; i++) {
        if (is_goal[i])
            goals[count++] = (DlRelationId){i};
    }
    dl_needed(why->cc->program, goals, count, needed);
    return needed;
}

typedef struct Leaks {
    const DlDatabase *database;
    const Finding *items; /* of all rules that were run */
    uint32_t count;
    bool is_cut_off;
} Leaks;

/* What a check finds with these changes to `from`; of what a reader found nothing
 * changes. */
static Leaks find_leaks(Why *why, const bool *needed, const DlDatabase *from,
                        const Change *const *changes, uint32_t count)
{
    Report report = why->cc->report;
    Diags *diags = diags_new(why->arena);
    DlDatabase *database =
        changes_apply(why->arena, why->cc->program, from, changes, count);
    bool whole = dl_run_needed(database, needed, dl_default_limits, diags);

    report.database = database;
    report.findings = NULL;
    report.count = report.capacity = 0;
    findings_collect(&report, diags_new(why->arena));
    return (Leaks){database, report.findings, report.count, !whole};
}

static bool has_finding(const Leaks *leaks, const Finding *finding)
{
    for (uint32_t i = 0; i < leaks->count; i++) {
        if (text_equal(leaks->items[i].fingerprint, finding->fingerprint))
            return true;
    }
    return false;
}

static bool has_text(const Text *texts, uint32_t count, Text text)
{
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(texts[i], text))
            return true;
    }
    return false;
}

static int by_text(const void *left, const void *right)
{
    return text_compare(*(const Text *)left, *(const Text *)right);
}

static void note_created(Why *why, ShownRepair *shown, const Leaks *before,
                         const Leaks *after)
{
    Text *creates = ARENA_ARRAY(why->arena, after->count, Text);
    uint32_t count = 0;

    for (uint32_t i = 0; i < after->count; i++) {
        const Finding *finding = &after->items[i];

        if (rule_says_a_leak(finding->rule) && !has_finding(before, finding) &&
            !has_text(creates, count, finding->rule->id))
            creates[count++] = finding->rule->id;
    }
    if (count)
        qsort(creates, count, sizeof(*creates), by_text);
    shown->creates = creates;
    shown->ncreates = count;
}

static void show_steps(Why *why, ShownRepair *shown, const Repair *repair)
{
    RepairStep *steps = ARENA_ARRAY(why->arena, repair->count, RepairStep);

    for (uint32_t i = 0; i < repair->count; i++)
        steps[i] =
            (RepairStep){repair->changes[i]->says,
                         site_span(why->cc->sources, (Site){repair->changes[i]->site})};
    shown->steps = steps;
    shown->nsteps = repair->count;
}

/* Of one size, those that create a leak come last; else the order stays. */
static void order_shown(Why *why, const ShownRepair *shown, uint32_t count)
{
    ShownRepair *ordered = ARENA_ARRAY(why->arena, count, ShownRepair);
    uint32_t used = 0;

    for (uint32_t size = 1; size <= REPAIR_SIZE_MAX; size++) {
        for (int creates = 0; creates < 2; creates++) {
            for (uint32_t i = 0; i < count; i++) {
                if (shown[i].nsteps == size && (shown[i].ncreates != 0) == creates)
                    ordered[used++] = shown[i];
            }
        }
    }
    why->found.repairs = ordered;
    why->found.nrepairs = count;
}

static void show_repairs(Why *why, const Repairs *repairs)
{
    ShownRepair *shown = ARENA_ARRAY(why->arena, repairs->count, ShownRepair);
    const bool *needed = leaks_need(why);
    const Change *unasked = ask_nothing(why);
    Leaks before = find_leaks(why, needed, why->cc->database, &unasked, 1);

    for (uint32_t i = 0; i < repairs->count; i++) {
        const Repair *repair = &repairs->items[i];

        Leaks after =
            find_leaks(why, needed, before.database, repair->changes, repair->count);
        show_steps(why, &shown[i], repair);
        note_created(why, &shown[i], &before, &after);
        if (before.is_cut_off || after.is_cut_off)
            why->cc->is_incomplete = true;
    }
    order_shown(why, shown, repairs->count);
}

/* What fails of the clauses that would allow it, as far as a change could mend it. */
static void find_why_not(Why *why, const uint32_t *wanted)
{
    const DlProgram *program = why->cc->program;
    DlRelationId relation = why->found.verdict.relation;
    bool *open = ARENA_ARRAY(why->arena, dl_relation_count(program), bool);
    bool *any = ARENA_ARRAY(why->arena, dl_relation(program, relation)->arity, bool);

    changes_mark_touched(program, open);
    dl_mark_derived(program, open);
    why->found.why_not =
        why_not_proofs(&why->cc->report,
                       dl_why_not(why->arena, why->cc->database, relation, wanted, any,
                                  open, WHY_NOT_DEPTH),
                       &why->found.nwhy_not);
}

/* False when the rules of changes cannot be used, which is then in the Diags. */
static bool find_repairs(Why *why)
{
    Compilation *cc = why->cc;
    const Verdict *verdict = &why->found.verdict;
    const DlRelation *relation = dl_relation(cc->program, verdict->relation);
    const uint32_t *row = dl_row(cc->database, verdict->relation, verdict->row);
    uint32_t *wanted = ARENA_ARRAY(why->arena, relation->arity, uint32_t);
    ChangeSet changes;

    if (!changes_find(why->arena, cc->symbols, cc->program, cc->database,
                      TEXT("change"), cc->diags, &changes))
        return false;
    for (uint32_t i = 0; i < relation->arity; i++)
        wanted[i] = row[i];
    wanted[relation->arity - 1] = fact_symbol(cc->facts, TEXT("allowed"));
    find_why_not(why, wanted);
    RepairQuestion question = {.program = cc->program,
                               .database = cc->database,
                               .always = judge_alone(why, wanted),
                               .relation = verdict->relation,
                               .row = wanted};
    Repairs repairs =
        repairs_find(why->arena, &question, &changes, repair_default_limits);
    why->found.nchanges = changes.count;
    why->found.size_max = repair_default_limits.size;
    why->found.is_cut_off = repairs.is_cut_off;
    show_repairs(why, &repairs);
    return true;
}

bool why_answer(Compilation *cc, Arena *arena, const Verdict *verdict,
                WhyAnswer *answer)
{
    Why why = {.cc = cc, .arena = arena, .found = {.verdict = *verdict}};
    bool is_usable = verdict_is_allowed(verdict) || find_repairs(&why);

    *answer = why.found;
    return is_usable;
}
