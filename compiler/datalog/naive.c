/*
 * The slow evaluator. It shares the parser, the checks, the rows and the functions of
 * values with eval.c, and nothing of how solutions are found: no plan, no index, no
 * range. A stratum's clauses are taken again and again, each body literal by literal
 * in the order written (one that needs what is bound later waits), until no row is
 * new and no height can be lowered.
 */
#include "datalog/eval.h"

typedef struct Naive {
    DlDatabase *database;
    const Clause *clause;
    bool changed;
} Naive;

/* A body that is being solved: a clause's, or that of a count. */
typedef struct Body {
    Naive *naive;
    uint32_t first, count;
    uint32_t solutions;
    bool is_count;
} Body;

/* What is known so far; passed on by value, so that nothing has to be undone. */
typedef struct State {
    uint32_t values[VARIABLES_MAX];
    uint64_t bound;
    uint64_t done;   /* literals */
    uint32_t height; /* of the highest row so far */
} State;

static uint32_t count_solutions(Naive *naive, const Term *count, const State *outside);
static bool solve(Body *body, const State *state);

/* Recursion: at most TERM_DEPTH, with a count's body among them once. */
static bool value_of(Naive *naive, uint32_t number, const State *state, uint32_t *value)
{
    const DlProgram *program = naive->database->program;
    const Term *term = &program->terms[number];
    uint32_t values[ARITY_MAX] = {0};

    for (uint32_t i = 0; term->kind != TERM_COUNT && i < term->count; i++) {
        if (!value_of(naive, program->arguments[term->first + i], state, &values[i]))
            return false;
    }
    switch (term->kind) {
    case TERM_VARIABLE:
        *value = state->values[term->value];
        return true;
    case TERM_WILDCARD:
        return false;
    case TERM_CONSTANT:
        *value = term->value;
        return true;
    case TERM_CALL:
        return builtin_call(naive->database, term->value, values, term->count, value);
    case TERM_AS:
        *value = values[0];
        return true;
    case TERM_COUNT:
        *value = count_solutions(naive, term, state);
        return true;
    }
    return false;
}

static bool is_bound(const Body *body, uint32_t term, uint64_t bound)
{
    uint64_t scope = body->is_count ? ~(uint64_t)0 : body->naive->clause->outer;

    return (term_variables(body->naive->database->program, term) & scope & ~bound) == 0;
}

/* The variables that an atom's row, or an equation's other side, would bind. */
static uint64_t binds(const Body *body, const Literal *literal, const State *state)
{
    const DlProgram *program = body->naive->database->program;
    uint64_t variables = 0;

    for (uint32_t i = 0; i < literal->count; i++) {
        const Term *term = argument_term(program, literal->first, i);
        bool is_given = literal->kind == LITERAL_ATOM;

        if (literal->kind == LITERAL_COMPARE && literal->comparison == COMPARE_EQUAL)
            is_given = is_bound(body, program->arguments[literal->first + 1 - i],
                                state->bound);
        if (is_given && term->kind == TERM_VARIABLE)
            variables |= (uint64_t)1 << term->value;
    }
    return variables & ~state->bound;
}

static bool is_ready(const Body *body, const Literal *literal, const State *state)
{
    const DlProgram *program = body->naive->database->program;
    uint64_t bound = state->bound | binds(body, literal, state);

    for (uint32_t i = 0; i < literal->count; i++) {
        if (!is_bound(body, program->arguments[literal->first + i], bound))
            return false;
    }
    return true;
}

/* Whether a row has the atom's arguments; variables not bound become bound. */
static bool unify(Naive *naive, const Literal *atom, const uint32_t *row, State *state)
{
    const DlProgram *program = naive->database->program;

    for (uint32_t i = 0; i < atom->count; i++) {
        const Term *term = argument_term(program, atom->first, i);

        if (term->kind == TERM_VARIABLE && (state->bound >> term->value & 1) == 0) {
            state->values[term->value] = row[i];
            state->bound |= (uint64_t)1 << term->value;
        }
    }
    for (uint32_t i = 0; i < atom->count; i++) {
        uint32_t number = program->arguments[atom->first + i], value;

        if (program->terms[number].kind != TERM_WILDCARD &&
            (!value_of(naive, number, state, &value) || value != row[i]))
            return false;
    }
    return true;
}

/* An absent atom with an argument that has no value does not hold. */
static bool has_values(Naive *naive, const Literal *atom, const State *state)
{
    const DlProgram *program = naive->database->program;
    uint32_t value;

    for (uint32_t i = 0; i < atom->count; i++) {
        uint32_t number = program->arguments[atom->first + i];

        if (program->terms[number].kind != TERM_WILDCARD &&
            !value_of(naive, number, state, &value))
            return false;
    }
    return true;
}

static bool holds(Body *body, const Literal *literal, State *state)
{
    Naive *naive = body->naive;
    DlDatabase *database = naive->database;
    const uint32_t *arguments = &database->program->arguments[literal->first];
    uint64_t given = binds(body, literal, state);
    uint32_t values[2] = {0};

    if (literal->kind == LITERAL_ABSENT) {
        const Store *store = &database->stores[literal->relation];

        for (uint32_t row = 0; row < store->count; row++) {
            if (unify(naive, literal, store_row(store, row), state))
                return false;
        }
        return has_values(naive, literal, state);
    }
    for (uint32_t i = 0; i < 2; i++) {
        const Term *term = &database->program->terms[arguments[i]];

        if (given && term->kind == TERM_VARIABLE && given >> term->value & 1) {
            if (!value_of(naive, arguments[1 - i], state, &values[i]))
                return false;
            state->values[term->value] = values[i];
            state->bound |= given;
            return true;
        }
        if (!value_of(naive, arguments[i], state, &values[i]))
            return false;
    }
    if (literal->kind == LITERAL_MATCH)
        return builtin_match(database, literal->pattern, values[1], literal->negated);
    if (literal->kind == LITERAL_CONTAINS)
        return builtin_contains(database, values[0], values[1]) != literal->negated;
    return builtin_compare(database, literal->base, literal->comparison, values[0],
                           values[1]);
}

static uint32_t count_solutions(Naive *naive, const Term *count, const State *outside)
{
    Body body = {naive, count->first, count->count, 0, true};
    State state = *outside;

    state.done = 0;
    (void)solve(&body, &state);
    return body.solutions;
}

static bool add_solution(Body *body, const State *state)
{
    Naive *naive = body->naive;
    DlDatabase *database = naive->database;
    const Literal *head = &naive->clause->head;
    Store *store = &database->stores[head->relation];
    uint32_t row[ARITY_MAX], number, capacity = store->capacity;

    for (uint32_t i = 0; i < head->count; i++) {
        uint32_t argument = database->program->arguments[head->first + i];

        if (!value_of(naive, argument, state, &row[i]))
            return true;
    }
    bool added = store_add(database->arena, store, row, &number);
    if (store->capacity != capacity) {
        uint32_t *heights = ARENA_ARRAY(database->arena, store->capacity, uint32_t);

        for (uint32_t i = 0; i < number; i++)
            heights[i] = store->heights[i];
        store->heights = heights;
    }
    if (added || store->heights[number] > state->height + 1) {
        store->heights[number] = state->height + 1;
        naive->changed = true;
    }
    if (added && ++database->rows > database->limits.rows)
        database->stopped = "rows";
    return database->stopped == NULL;
}

/* Recursion: one level for each literal of a body. False when a limit was met. */
static bool solve(Body *body, const State *state)
{
    DlDatabase *database = body->naive->database;
    const Literal *literal = NULL;
    State next = *state;

    for (uint32_t i = 0; i < body->count && !literal; i++) {
        const Literal *candidate = &database->program->literals[body->first + i];

        if ((state->done >> i & 1) == 0 && is_ready(body, candidate, state)) {
            literal = candidate;
            next.done |= (uint64_t)1 << i;
        }
    }
    if (++database->joins > database->limits.joins)
        database->stopped = "steps of joins";
    if (database->stopped)
        return false;
    if (!literal) {
        body->solutions++;
        return body->is_count || add_solution(body, state);
    }
    if (literal->kind != LITERAL_ATOM)
        return !holds(body, literal, &next) || solve(body, &next);
    const Store *store = &database->stores[literal->relation];
    for (uint32_t row = 0, count = store->count; row < count; row++) {
        State with = next;

        if (!unify(body->naive, literal, store_row(store, row), &with))
            continue;
        if (store->heights[row] > with.height && !body->is_count)
            with.height = store->heights[row];
        if (!solve(body, &with))
            return false;
    }
    return true;
}

static bool run_stratum(Naive *naive, uint32_t stratum, Diags *diags)
{
    DlDatabase *database = naive->database;
    const DlProgram *program = database->program;
    uint32_t first = program->stratum_first[stratum];
    uint32_t end = program->stratum_first[stratum + 1], rounds = 0;

    do {
        naive->changed = false;
        for (uint32_t i = first; i < end; i++) {
            Body body = {.naive = naive};
            State state = {0};

            naive->clause = &program->clauses[program->by_stratum[i]];
            body.first = naive->clause->first;
            body.count = naive->clause->count;
            if (body.count && !solve(&body, &state))
                return database_stopped(database, diags, naive->clause->span);
        }
        if (++rounds > database->limits.rounds) {
            database->stopped = "rounds";
            return database_stopped(database, diags, naive->clause->span);
        }
    } while (naive->changed);
    return true;
}

bool dl_run_naive(DlDatabase *database, DlLimits limits, Diags *diags)
{
    Naive naive = {.database = database};

    database_start(database, limits);
    for (uint32_t i = 0; i < database->program->nrelations; i++) {
        Store *store = &database->stores[i];

        store->heights = ARENA_ARRAY(database->arena, store->capacity, uint32_t);
    }
    for (uint32_t i = 0; i < database->program->nstrata; i++) {
        if (!run_stratum(&naive, i, diags))
            return false;
    }
    return true;
}
