#include "datalog/eval.h"

static bool take(Join *join, uint32_t at);

static bool count_solution(Join *join)
{
    uint32_t *count = join->context;

    *count += *count < INT32_MAX;
    return true;
}

/* How many solutions the body of a count has, each variable that is bound here bound
 * there. */
static uint32_t count_solutions(const Join *outer, uint32_t plan)
{
    DlDatabase *database = outer->database;
    uint32_t count = 0;
    Join join;

    join.database = database;
    join.plan = database->program->plans[plan];
    join.found = count_solution;
    join.context = &count;
    for (uint32_t i = 0; i < VARIABLES_MAX; i++)
        join.variables[i] = outer->variables[i];
    for (uint32_t i = 0; i < join.plan->natoms; i++) {
        join.low[i] = 0;
        join.high[i] = database->stores[join.plan->atoms[i]].count;
    }
    (void)join_run(&join); /* if it was stopped, so is the one around it */
    return count;
}

/* Recursion: at most TERM_DEPTH. */
static bool term_value(Join *join, uint32_t number, uint32_t *value)
{
    const DlProgram *program = join->database->program;
    const Term *term = &program->terms[number];
    uint32_t values[ARITY_MAX];

    if (term->kind == TERM_COUNT) {
        *value = count_solutions(join, term->value);
        return join->database->stopped == NULL;
    }
    for (uint32_t i = 0; i < term->count; i++) {
        Operand operand = operand_of(program, program->arguments[term->first + i]);

        if (!join_value(join, operand, &values[i]))
            return false;
    }
    return builtin_call(join->database, term->value, values, term->count, value);
}

bool join_value(Join *join, Operand operand, uint32_t *value)
{
    switch (operand.kind) {
    case OPERAND_CONSTANT:
        *value = operand.value;
        return true;
    case OPERAND_VARIABLE:
        *value = join->variables[operand.value];
        return true;
    case OPERAND_TERM:
        return term_value(join, operand.value, value);
    case OPERAND_ANY:
        break;
    }
    return false;
}

bool join_head(Join *join, uint32_t *row)
{
    const Plan *plan = join->plan;

    for (uint32_t i = 0; i < plan->nhead; i++) {
        if (!join_value(join, plan->head[i], &row[i]))
            return false;
    }
    return true;
}

/* Binds what the row gives, if it fits, and goes on. */
static inline bool take_row(Join *join, uint32_t at, const uint32_t *cells,
                            uint32_t row)
{
    const Step *step = &join->plan->steps[at];
    DlDatabase *database = join->database;

    if (++database->joins > database->limits.joins) {
        database->stopped = "steps of joins";
        return false;
    }
    for (uint32_t i = 0; i < step->nbinds; i++)
        join->variables[step->binds[i].operand.value] = cells[step->binds[i].column];
    for (uint32_t i = 0; i < step->nchecks; i++) {
        if (join->variables[step->checks[i].operand.value] !=
            cells[step->checks[i].column])
            return true;
    }
    join->rows[step->atom] = row;
    return take(join, at + 1);
}

static bool key_values(Join *join, const Step *step, uint32_t *key)
{
    for (uint32_t i = 0; i < step->nkeys; i++) {
        if (!join_value(join, step->keys[i].operand, &key[i]))
            return false;
    }
    return true;
}

static inline bool has_key(const Step *step, const uint32_t *cells, const uint32_t *key)
{
    for (uint32_t i = 0; i < step->nkeys; i++) {
        if (cells[step->keys[i].column] != key[i])
            return false;
    }
    return true;
}

static bool scan(Join *join, uint32_t at, const uint32_t *key)
{
    const Step *step = &join->plan->steps[at];
    const Store *store = &join->database->stores[step->relation];
    uint32_t high = join->high[step->atom];

    for (uint32_t row = join->low[step->atom]; row < high; row++) {
        const uint32_t *cells = store_row(store, row);

        if (!has_key(step, cells, key))
            continue;
        if (!take_row(join, at, cells, row))
            return false;
        if (step->once)
            break;
    }
    return true;
}

static bool look_up(Join *join, uint32_t at, const uint32_t *key)
{
    const Step *step = &join->plan->steps[at];
    const Store *store = &join->database->stores[step->relation];
    const Index *index = &join->database->indexes[step->index];
    uint32_t low = join->low[step->atom], high = join->high[step->atom];

    /* Rising, and NO_ROW is the highest number there is. */
    for (uint32_t row = index_first(index, store, key); row < high;
         row = index_next(index, row)) {
        if (row < low)
            continue;
        if (!take_row(join, at, store_row(store, row), row))
            return false;
        if (step->once)
            break;
    }
    return true;
}

static bool find_member(Join *join, uint32_t at, const uint32_t *key)
{
    const Step *step = &join->plan->steps[at];
    const Store *store = &join->database->stores[step->relation];
    uint32_t row = store_find(store, key);

    if (row < join->low[step->atom] || row >= join->high[step->atom])
        return true;
    return take_row(join, at, store_row(store, row), row);
}

static bool is_absent(const DlDatabase *database, const Step *step, const uint32_t *key)
{
    const Store *store = &database->stores[step->relation];

    if (step->nkeys == store->arity)
        return store_find(store, key) == NO_ROW;
    if (step->nkeys == 0)
        return store->count == 0;
    return index_first(&database->indexes[step->index], store, key) == NO_ROW;
}

static bool holds(Join *join, const Step *step)
{
    DlDatabase *database = join->database;
    uint32_t key[ARITY_MAX], left, right;

    if (step->kind == STEP_ABSENT)
        return key_values(join, step, key) && is_absent(database, step, key);
    if (!join_value(join, step->right, &right))
        return false;
    if (step->kind == STEP_ASSIGN) {
        join->variables[step->left.value] = right;
        return true;
    }
    if (step->kind == STEP_MATCH)
        return builtin_match(database, step->pattern, right, step->negated);
    if (!join_value(join, step->left, &left))
        return false;
    if (step->kind == STEP_CONTAINS)
        return builtin_contains(database, left, right) != step->negated;
    return builtin_compare(database, step->base, step->comparison, left, right);
}

/* The steps from `at` on: tests one after the other, each loop around the rest.
 * Recursion: one level for each atom of the body. */
static bool take(Join *join, uint32_t at)
{
    const Plan *plan = join->plan;
    uint32_t key[ARITY_MAX];

    for (; at < plan->count; at++) {
        const Step *step = &plan->steps[at];

        if (step->kind > STEP_MEMBER) {
            if (!holds(join, step))
                return join->database->stopped == NULL;
            continue;
        }
        if (!key_values(join, step, key))
            return join->database->stopped == NULL;
        if (step->kind == STEP_SCAN)
            return scan(join, at, key);
        return step->kind == STEP_LOOKUP ? look_up(join, at, key)
                                         : find_member(join, at, key);
    }
    return join->database->stopped == NULL && join->found(join);
}

/* Brings the indexes that a plan uses up to date. */
static void update_indexes(DlDatabase *database, const Plan *plan)
{
    for (uint32_t i = 0; i < plan->count; i++) {
        const Step *step = &plan->steps[i];
        Store *store = &database->stores[step->relation];

        if (step->kind == STEP_LOOKUP ||
            (step->kind == STEP_ABSENT && step->nkeys && step->nkeys < store->arity))
            index_update(database->arena, &database->indexes[step->index], store);
    }
}

bool join_run(Join *join)
{
    update_indexes(join->database, join->plan);
    return take(join, 0);
}
