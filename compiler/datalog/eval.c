/*
 * Evaluation, stratum by stratum, by rising height.
 *
 * A row's height is 0 if it was given, else one more than that of the highest row it
 * is derived from, by the derivation for which this is least. Round h of a stratum
 * derives what has height h + 1: from bodies whose highest row has height h. Rows of
 * earlier strata count by their heights too, so that the round of a row is its height
 * and nothing has to be remembered of its derivation. A body's solutions are split by
 * the first of its atoms to have a row of height h; atoms before it see lower rows
 * only, atoms behind it rows of height h too: so each is found once.
 */
#include "datalog/eval.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

const DlLimits dl_default_limits = {
    .rows = 20000000, .rounds = 1000000, .joins = 2000000000};

enum { ROWS_MAX = 1 << 30 }; /* of a relation: what its tables can number */

static void add_facts(DlDatabase *database, uint32_t relation)
{
    const DlProgram *program = database->program;
    Store *store = &database->stores[relation];
    uint32_t first = program->head_first[relation];
    uint32_t end = program->head_first[relation + 1];
    uint32_t *facts = ARENA_ARRAY(database->arena, end - first, uint32_t);

    for (uint32_t i = first; i < end; i++) {
        const Clause *clause = &program->clauses[program->by_head[i]];
        Join join = {.database = database};
        uint32_t row[ARITY_MAX], number;

        if (clause->count)
            continue;
        join.plan = program->plans[clause->plans];
        if (join_head(&join, row) && store_add(database->arena, store, row, &number))
            facts[number] = program->by_head[i];
    }
    store->facts = facts;
    store->nfacts = store->count;
    database->rows += store->count;
}

static DlDatabase *database_new(Arena *arena, const DlProgram *program)
{
    DlDatabase *database = ARENA_NEW(arena, DlDatabase);

    database->arena = arena;
    database->self = database;
    database->program = program;
    database->scratch.arena = arena;
    database->limits = dl_default_limits;
    database->stores = ARENA_ARRAY(arena, program->nrelations, Store);
    database->indexes = ARENA_ARRAY(arena, program->nindexes, Index);
    database->memos = ARENA_ARRAY(arena, program->npatterns, Memo);
    for (uint32_t i = 0; i < program->nindexes; i++)
        index_init(&database->indexes[i], program->indexes[i].columns);
    for (uint32_t i = 0; i < program->nrelations; i++)
        database->stores[i].arity = program->relations[i].arity;
    return database;
}

DlDatabase *dl_database(Arena *arena, const DlProgram *program)
{
    DlDatabase *database = database_new(arena, program);

    for (uint32_t i = 0; i < program->nrelations; i++)
        add_facts(database, i);
    return database;
}

DlDatabase *dl_fork(Arena *arena, const DlDatabase *database, const bool *changed)
{
    const DlProgram *program = database->program;
    DlDatabase *fork = database_new(arena, program);

    assert(database->has_run);
    fork->stale = ARENA_ARRAY(arena, program->nrelations, bool);
    memcpy(fork->stale, changed, program->nrelations * sizeof(*changed));
    dl_mark_derived(program, fork->stale);
    if (program->npatterns)
        memcpy(fork->memos, database->memos, program->npatterns * sizeof(*fork->memos));
    for (uint32_t i = 0; i < program->nrelations; i++) {
        if (fork->stale[i]) {
            add_facts(fork, i);
            continue;
        }
        fork->stores[i] = database->stores[i];
        fork->rows += fork->stores[i].count;
    }
    /* An index that is behind would be brought up to date in what is shared. */
    for (uint32_t i = 0; i < program->nindexes; i++) {
        uint32_t relation = program->indexes[i].relation;

        if (!fork->stale[relation] &&
            database->indexes[i].rows == fork->stores[relation].count)
            fork->indexes[i] = database->indexes[i];
    }
    return fork;
}

void dl_add(DlDatabase *database, DlRelationId relation, const uint32_t *row)
{
    Store *store = &database->stores[relation.index];
    uint32_t number;

    assert(relation.index < database->program->nrelations && !database->has_run);
    assert(!database->stale || database->stale[relation.index]);
    assert(store->count < ROWS_MAX);
    database->rows += store_add(database->arena, store, row, &number);
}

void database_start(DlDatabase *database, DlLimits limits)
{
    assert(!database->has_run);
    database->has_run = true;
    database->limits = limits;
    if (limits.rows > ROWS_MAX)
        database->limits.rows = ROWS_MAX;
    if (database->rows > database->limits.rows)
        database->stopped = "rows";
    for (uint32_t i = 0; i < database->program->nrelations; i++) {
        if (!database->stale || database->stale[i])
            store_close(database->arena, &database->stores[i], 1);
    }
}

bool database_stopped(const DlDatabase *database, Diags *diags, Span span)
{
    const DlLimits *limits = &database->limits;
    Text stopped = text_of(database->stopped);

    if (text_equal(stopped, TEXT("rows")))
        return diag_error(diags, "", span, "limit: more than %" PRIu64 " rows",
                          limits->rows);
    if (text_equal(stopped, TEXT("rounds")))
        return diag_error(diags, "", span, "limit: more than %" PRIu32 " rounds",
                          limits->rounds);
    if (text_equal(stopped, TEXT("steps of joins")))
        return diag_error(diags, "", span, "limit: more than %" PRIu64 " %.*s",
                          limits->joins, TEXT_ARG(stopped));
    return diag_error(diags, "", span, "limit: %.*s", TEXT_ARG(stopped));
}

/* --- one stratum --- */

static bool add_solution(Join *join)
{
    DlDatabase *database = join->database;
    Store *store = join->context;
    uint32_t row[ARITY_MAX], number;

    if (!join_head(join, row))
        return database->stopped == NULL;
    if (!store_add(database->arena, store, row, &number))
        return true;
    if (++database->rows > database->limits.rows)
        database->stopped = "rows";
    return database->stopped == NULL;
}

static bool add_held_solution(Join *join)
{
    join->database->held[join->clause] = true;
    return add_solution(join);
}

/* The ranges in which `delta` is the first atom with a row of this height. False when
 * one of them is empty. */
static bool set_ranges(Join *join, uint32_t delta, uint32_t height)
{
    const Plan *plan = join->plan;

    for (uint32_t i = 0; i < plan->natoms; i++) {
        const Store *store = &join->database->stores[plan->atoms[i]];
        uint32_t below = store_below(store, height);

        join->low[i] = i == delta ? below : 0;
        join->high[i] = i < delta ? below : store_below(store, height + 1);
        if (join->low[i] == join->high[i])
            return false;
    }
    return true;
}

static bool run_clause(DlDatabase *database, uint32_t number, uint32_t height)
{
    const Clause *clause = &database->program->clauses[number];
    Join join = {.database = database, .found = add_solution, .clause = number};

    if (database->held)
        join.found = add_held_solution;
    join.context = &database->stores[clause->head.relation];
    if (clause->natoms == 0) {
        join.plan = database->program->plans[clause->plans];
        return height != 0 || join_run(&join);
    }
    for (uint32_t i = 0; i < clause->natoms; i++) {
        join.plan = database->program->plans[clause->plans + i];
        if (set_ranges(&join, i, height) && !join_run(&join))
            return false;
    }
    return true;
}

typedef struct Stratum {
    const uint32_t *clauses;
    uint32_t count;
} Stratum;

/* Whether an atom of the stratum's bodies has a row of this height, or of a greater
 * one. */
static bool has_rows(const DlDatabase *database, const Stratum *stratum,
                     uint32_t height, bool *beyond)
{
    const DlProgram *program = database->program;
    bool here = false;

    *beyond = false;
    for (uint32_t i = 0; i < stratum->count; i++) {
        const Clause *clause = &program->clauses[stratum->clauses[i]];
        const Plan *plan = program->plans[clause->plans];

        for (uint32_t j = 0; j < plan->natoms; j++) {
            const Store *store = &database->stores[plan->atoms[j]];
            uint32_t below = store_below(store, height);

            here |= store_below(store, height + 1) > below;
            *beyond |= store->count > below;
        }
    }
    return here;
}

static void close_heights(DlDatabase *database, const Stratum *stratum, uint32_t height)
{
    const DlProgram *program = database->program;

    for (uint32_t i = 0; i < stratum->count; i++) {
        uint32_t head = program->clauses[stratum->clauses[i]].head.relation;

        store_close(database->arena, &database->stores[head], height);
    }
}

static bool run_stratum(DlDatabase *database, const Stratum *stratum, Diags *diags)
{
    const DlProgram *program = database->program;
    uint32_t rounds = 0;
    bool beyond = true;

    for (uint32_t height = 0; beyond; height++) {
        close_heights(database, stratum, height + 1);
        if (!has_rows(database, stratum, height, &beyond) && height)
            continue;
        if (++rounds > database->limits.rounds)
            database->stopped = "rounds";
        for (uint32_t i = 0; i < stratum->count; i++) {
            const Clause *clause = &program->clauses[stratum->clauses[i]];

            if (clause->count == 0)
                continue;
            if (database->stopped || !run_clause(database, stratum->clauses[i], height))
                return database_stopped(database, diags, clause->span);
        }
        beyond = true; /* perhaps what was derived now */
    }
    return true;
}

/* All relations of a stratum are needed, or none; and so are those of a fork stale. */
static bool has_to_run(const DlDatabase *database, const Stratum *stratum,
                       const bool *needed)
{
    if (stratum->count == 0)
        return false;
    uint32_t head = database->program->clauses[stratum->clauses[0]].head.relation;
    return (!needed || needed[head]) && (!database->stale || database->stale[head]);
}

bool dl_run_needed(DlDatabase *database, const bool *needed, DlLimits limits,
                   Diags *diags)
{
    const DlProgram *program = database->program;

    database_start(database, limits);
    if (database->stopped)
        return database_stopped(database, diags, (Span){0});
    for (uint32_t i = 0; i < program->nstrata; i++) {
        uint32_t first = program->stratum_first[i];
        Stratum stratum = {program->by_stratum + first,
                           program->stratum_first[i + 1] - first};

        if (has_to_run(database, &stratum, needed) &&
            !run_stratum(database, &stratum, diags))
            return false;
    }
    return true;
}

bool dl_run(DlDatabase *database, DlLimits limits, Diags *diags)
{
    return dl_run_needed(database, NULL, limits, diags);
}

uint64_t dl_joins(const DlDatabase *database)
{
    return database->joins;
}

void dl_note_held(DlDatabase *database, bool *held)
{
    assert(!database->has_run);
    database->held = held;
}

uint32_t dl_row_count(const DlDatabase *database, DlRelationId relation)
{
    assert(relation.index < database->program->nrelations);
    return database->stores[relation.index].count;
}

const uint32_t *dl_row(const DlDatabase *database, DlRelationId relation, uint32_t row)
{
    assert(row < dl_row_count(database, relation));
    return store_row(&database->stores[relation.index], row);
}

bool dl_find(const DlDatabase *database, DlRelationId relation, const uint32_t *row,
             uint32_t *number)
{
    assert(relation.index < database->program->nrelations);
    *number = store_find(&database->stores[relation.index], row);
    return *number != NO_ROW;
}
