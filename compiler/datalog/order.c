/* Join orders and indexes. */
#include "datalog/plan.h"

#include <assert.h>

/* A literal that waits for its turn, or "variable = function" for an atom's argument. */
typedef struct Item {
    const Literal *literal; /* NULL: such an equation */
    Operand *operands;
    uint32_t count;
    uint32_t atom;  /* of an atom: its number among them */
    uint64_t needs; /* of what is no atom: the variables in it */
    bool placed;
} Item;

typedef struct Planner {
    DlProgram *program;
    const Clause *clause;
    Item *items;
    uint32_t nitems, citems;
    uint32_t *atoms; /* their relations */
    uint32_t natoms, catoms;
    uint32_t nvariables;
    uint64_t scope; /* the variables that are bound here, not in a count below */
    uint64_t bound;
    bool every; /* each row counts, even where it binds nothing */
    Step *steps;
    uint32_t nsteps, csteps;
} Planner;

Operand operand_of(const DlProgram *program, uint32_t number)
{
    const Term *term = &program->terms[number];

    while (term->kind == TERM_AS) {
        number = program->arguments[term->first];
        term = &program->terms[number];
    }
    switch (term->kind) {
    case TERM_VARIABLE:
        return (Operand){OPERAND_VARIABLE, term->value};
    case TERM_WILDCARD:
        return (Operand){OPERAND_ANY, 0};
    case TERM_CONSTANT:
        return (Operand){OPERAND_CONSTANT, term->value};
    case TERM_CALL:
    case TERM_AS:
    case TERM_COUNT:
        break;
    }
    return (Operand){OPERAND_TERM, number};
}

static uint64_t needs(const Planner *planner, Operand operand)
{
    switch (operand.kind) {
    case OPERAND_ANY:
    case OPERAND_CONSTANT:
        return 0;
    case OPERAND_VARIABLE:
        return (uint64_t)1 << operand.value;
    case OPERAND_TERM:
        return term_variables(planner->program, operand.value) & planner->scope;
    }
    return 0;
}

static Item *add_item(Planner *planner, const Literal *literal, uint32_t count)
{
    Arena *arena = planner->program->arena;
    Item item = {.literal = literal, .count = count};

    item.operands = ARENA_ARRAY(arena, count, Operand);
    ARRAY_GROW(arena, planner->items, planner->nitems, planner->citems);
    planner->items[planner->nitems] = item;
    return &planner->items[planner->nitems++];
}

/* A function among an atom's arguments becomes a variable and an equation. */
static Operand without_function(Planner *planner, Operand operand)
{
    if (operand.kind != OPERAND_TERM)
        return operand;
    Operand variable = {OPERAND_VARIABLE, planner->nvariables++};
    Item *item = add_item(planner, NULL, 2);

    item->operands[0] = variable;
    item->operands[1] = operand;
    item->needs = needs(planner, operand) | needs(planner, variable);
    return variable;
}

static void add_literal(Planner *planner, const Literal *literal)
{
    const DlProgram *program = planner->program;
    Item *item = add_item(planner, literal, literal->count);
    Operand *operands = item->operands;
    bool is_atom = literal->kind == LITERAL_ATOM;

    if (is_atom) {
        item->atom = planner->natoms;
        ARRAY_GROW(program->arena, planner->atoms, planner->natoms, planner->catoms);
        planner->atoms[planner->natoms++] = literal->relation;
    }
    for (uint32_t i = 0; i < literal->count; i++) {
        Operand operand = operand_of(program, program->arguments[literal->first + i]);

        if (is_atom && operand.kind == OPERAND_VARIABLE &&
            planner->clause->once >> operand.value & 1)
            operand = (Operand){OPERAND_ANY, 0};
        if (!is_atom)
            item->needs |= needs(planner, operand);
        operands[i] = is_atom ? without_function(planner, operand) : operand;
    }
}

static Planner planner_new(DlProgram *program, const Clause *clause, uint32_t first,
                           uint32_t count, uint64_t scope)
{
    Planner planner = {.program = program, .clause = clause, .scope = scope};

    planner.nvariables = clause->nvariables;
    for (uint32_t i = 0; i < count; i++)
        add_literal(&planner, &program->literals[first + i]);
    return planner;
}

static uint32_t find_index(DlProgram *program, uint32_t relation, uint32_t columns)
{
    uint32_t *first = &program->first_index[relation];

    for (uint32_t i = *first; i; i = program->indexes[i - 1].next) {
        if (program->indexes[i - 1].columns == columns)
            return i - 1;
    }
    IndexSpec spec = {relation, columns, *first};
    LIST_ADD(program->arena, program, indexes, spec);
    *first = program->nindexes;
    return *first - 1;
}

static bool is_bound(const Planner *planner, Operand operand)
{
    return operand.kind == OPERAND_CONSTANT ||
           (operand.kind != OPERAND_ANY &&
            (needs(planner, operand) & ~planner->bound) == 0);
}

static Step *add_step(Planner *planner, StepKind kind)
{
    ARRAY_GROW(planner->program->arena, planner->steps, planner->nsteps,
               planner->csteps);
    planner->steps[planner->nsteps] = (Step){.kind = kind};
    return &planner->steps[planner->nsteps++];
}

/* An atom's columns: those known before its row, those the row gives, and those that
 * repeat a variable of the same atom. Returns the first as bits. */
static uint32_t place_columns(Planner *planner, const Item *item, Step *step)
{
    Column *columns = ARENA_ARRAY(planner->program->arena, item->count, Column);
    Column keys[ARITY_MAX], binds[ARITY_MAX], checks[ARITY_MAX];
    uint64_t given = 0;
    uint32_t bits = 0;

    for (uint32_t i = 0; i < item->count; i++) {
        Operand operand = item->operands[i];
        Column column = {i, operand};

        if (is_bound(planner, operand)) {
            keys[step->nkeys++] = column;
            bits |= (uint32_t)1 << i;
        } else if (operand.kind == OPERAND_VARIABLE && given >> operand.value & 1) {
            checks[step->nchecks++] = column;
        } else if (operand.kind == OPERAND_VARIABLE) {
            binds[step->nbinds++] = column;
            given |= (uint64_t)1 << operand.value;
        }
    }
    planner->bound |= given;
    step->keys = columns;
    for (uint32_t i = 0; i < step->nkeys; i++)
        *columns++ = keys[i];
    step->binds = columns;
    for (uint32_t i = 0; i < step->nbinds; i++)
        *columns++ = binds[i];
    step->checks = columns;
    for (uint32_t i = 0; i < step->nchecks; i++)
        *columns++ = checks[i];
    return bits;
}

static void place_atom(Planner *planner, Item *item, bool scan)
{
    Step *step = add_step(planner, STEP_SCAN);
    uint32_t columns = place_columns(planner, item, step);

    item->placed = true;
    step->relation = item->literal->relation;
    step->atom = item->atom;
    step->once = step->nbinds == 0 && step->nchecks == 0 && !planner->every;
    if (scan)
        return;
    if (step->nkeys == item->count) {
        step->kind = STEP_MEMBER;
    } else if (step->nkeys) {
        step->kind = STEP_LOOKUP;
        step->index = find_index(planner->program, step->relation, columns);
    }
}

static void place_equation(Planner *planner, const Item *item, bool swapped)
{
    Step *step = add_step(planner, STEP_ASSIGN);

    step->left = item->operands[swapped];
    step->right = item->operands[!swapped];
    planner->bound |= (uint64_t)1 << step->left.value;
}

static void place_absence(Planner *planner, const Item *item)
{
    Step *step = add_step(planner, STEP_ABSENT);
    uint32_t columns = place_columns(planner, item, step);

    step->relation = item->literal->relation;
    if (step->nkeys && step->nkeys < item->count)
        step->index = find_index(planner->program, step->relation, columns);
}

static void place_test(Planner *planner, const Item *item)
{
    const Literal *literal = item->literal;
    StepKind kind = !literal || literal->kind == LITERAL_COMPARE ? STEP_COMPARE
                    : literal->kind == LITERAL_MATCH             ? STEP_MATCH
                                                                 : STEP_CONTAINS;
    Step *step = add_step(planner, kind);

    step->left = item->operands[0];
    step->right = item->operands[1];
    if (!literal)
        return; /* = */
    step->comparison = literal->comparison;
    step->base = literal->base;
    step->negated = literal->negated;
    step->pattern = literal->pattern;
}

/* What can be taken now without a loop; false when it has to wait. */
static bool place_now(Planner *planner, Item *item)
{
    const Literal *literal = item->literal;
    bool equal = !literal || (literal->kind == LITERAL_COMPARE &&
                              literal->comparison == COMPARE_EQUAL);

    if ((item->needs & ~planner->bound) == 0) {
        if (literal && literal->kind == LITERAL_ABSENT)
            place_absence(planner, item);
        else
            place_test(planner, item);
        return true;
    }
    for (uint32_t i = 0; equal && i < 2; i++) {
        if (item->operands[i].kind == OPERAND_VARIABLE &&
            is_bound(planner, item->operands[1 - i])) {
            place_equation(planner, item, i == 1);
            return true;
        }
    }
    return false;
}

static void place_tests(Planner *planner)
{
    for (bool again = true; again;) {
        again = false;
        for (uint32_t i = 0; i < planner->nitems; i++) {
            Item *item = &planner->items[i];

            if (item->placed || (item->literal && item->literal->kind == LITERAL_ATOM))
                continue;
            item->placed = place_now(planner, item);
            again |= item->placed;
        }
    }
}

/* How much is known of an atom: everything beats most variables, which beat constants;
 * these are shared by many rows. */
static uint32_t score(const Planner *planner, const Item *item)
{
    uint32_t variables = 0, constants = 0, unknown = 0;

    for (uint32_t i = 0; i < item->count; i++) {
        Operand operand = item->operands[i];

        constants += operand.kind == OPERAND_CONSTANT;
        if (operand.kind == OPERAND_VARIABLE && is_bound(planner, operand))
            variables++;
        else
            unknown += operand.kind == OPERAND_VARIABLE;
    }
    return unknown == 0 ? 1000 : variables * 20 + constants;
}

/* The atom of which most is known; of equals the one that was written first. */
static Item *best_atom(const Planner *planner)
{
    Item *best = NULL;

    for (uint32_t i = 0; i < planner->nitems; i++) {
        Item *item = &planner->items[i];

        if (item->placed || !item->literal || item->literal->kind != LITERAL_ATOM)
            continue;
        if (!best || score(planner, item) > score(planner, best))
            best = item;
    }
    return best;
}

/* The plan that starts from what is bound and from the atom `first` (DL_NO_RELATION:
 * from none), whose rows are scanned. */
static uint32_t plan(Planner *planner, uint64_t bound, uint32_t first)
{
    DlProgram *program = planner->program;
    Plan *made = ARENA_NEW(program->arena, Plan);

    planner->bound = bound;
    planner->steps = NULL;
    planner->nsteps = planner->csteps = 0;
    for (uint32_t i = 0; i < planner->nitems; i++)
        planner->items[i].placed = false;
    place_tests(planner);
    for (uint32_t i = 0; i < planner->nitems; i++) {
        Item *item = &planner->items[i];

        if (item->literal && item->literal->kind == LITERAL_ATOM && item->atom == first)
            place_atom(planner, item, true);
    }
    place_tests(planner);
    for (Item *item; (item = best_atom(planner));) {
        place_atom(planner, item, false);
        place_tests(planner);
    }
    for (uint32_t i = 0; i < planner->nitems; i++)
        assert(planner->items[i].placed);
    *made = (Plan){.steps = planner->steps,
                   .count = planner->nsteps,
                   .atoms = planner->atoms,
                   .natoms = planner->natoms};
    LIST_ADD(program->arena, program, plans, made);
    return program->nplans - 1;
}

/* The plans of the counts in a term. Recursion: at most TERM_DEPTH. */
static void plan_counts(DlProgram *program, const Clause *clause, uint32_t number)
{
    Term *term = &program->terms[number];

    for (uint32_t i = 0; term->kind != TERM_COUNT && i < term->count; i++)
        plan_counts(program, clause, program->arguments[term->first + i]);
    if (term->kind != TERM_COUNT)
        return;
    Planner planner =
        planner_new(program, clause, term->first, term->count, ~(uint64_t)0);
    uint64_t bound = term_variables(program, number) & clause->outer;

    planner.every = true;
    term->value = plan(&planner, bound, DL_NO_RELATION);
}

static void plan_clause(DlProgram *program, Clause *clause)
{
    for (uint32_t i = 0; i < clause->count; i++) {
        const Literal *literal = &program->literals[clause->first + i];

        for (uint32_t j = 0; j < literal->count; j++)
            plan_counts(program, clause, program->arguments[literal->first + j]);
    }
    Planner planner =
        planner_new(program, clause, clause->first, clause->count, clause->outer);
    Operand *head = ARENA_ARRAY(program->arena, clause->head.count, Operand);
    uint64_t given = 0;

    for (uint32_t i = 0; i < clause->head.count; i++) {
        head[i] = operand_of(program, program->arguments[clause->head.first + i]);
        if (head[i].kind == OPERAND_VARIABLE)
            given |= (uint64_t)1 << head[i].value;
    }
    clause->plans = program->nplans;
    clause->natoms = planner.natoms;
    for (uint32_t i = 0; i < planner.natoms; i++)
        plan(&planner, 0, i);
    if (planner.natoms == 0)
        plan(&planner, 0, DL_NO_RELATION);
    planner.every = true;
    plan(&planner, given, DL_NO_RELATION);
    for (uint32_t i = clause->plans; i < program->nplans; i++) {
        program->plans[i]->head = head;
        program->plans[i]->nhead = clause->head.count;
    }
}

void datalog_plan(DlProgram *program)
{
    program->first_index = ARENA_ARRAY(program->arena, program->nrelations, uint32_t);
    for (uint32_t i = 0; i < program->nclauses; i++)
        plan_clause(program, &program->clauses[i]);
}
