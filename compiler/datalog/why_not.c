/*
 * Why a row does not hold: of each clause that could derive it, how far its body holds.
 *
 * The literals of a body are tried in the order written, each as soon as what it needs is
 * bound, those of relations that are not open first. Of all ways through the rows the one
 * is kept that gets furthest; of equals, the first by the rows' places and texts.
 */
#include "datalog/eval.h"

#include <assert.h>
#include <string.h>

enum {
    WHY_NOT_STEPS = 2000000, /* rows that are looked at, of one question */
    WHY_NOT_CLAUSES = 2000   /* attempts, of one question */
};

typedef struct Asking {
    Arena *arena;
    DlDatabase *database;
    const bool *open;
    uint32_t steps, attempts;
} Asking;

/* One clause for one head. */
typedef struct Attempt {
    Asking *asking;
    const Clause *clause;
    const uint32_t *row; /* the head's cells */
    const bool *any;
    Join join; /* its variables */
    uint32_t order[BODY_MAX];
    uint64_t bound[BODY_MAX + 1]; /* before each step of `order` */
    uint32_t count;               /* of `order` */
    uint32_t rows[BODY_MAX];      /* of the atoms, by step */
    bool derived;                 /* the body holds */
    bool has_best;
    uint32_t best; /* steps that hold */
    uint32_t best_rows[BODY_MAX];
    uint32_t best_variables[VARIABLES_MAX];
} Attempt;

static const Literal *literal_at(const Attempt *attempt, uint32_t step)
{
    const DlProgram *program = attempt->asking->database->program;

    return &program->literals[attempt->clause->first + attempt->order[step]];
}

static bool is_static(const Asking *asking, const Literal *literal)
{
    return (literal->kind != LITERAL_ATOM && literal->kind != LITERAL_ABSENT) ||
           (asking->open && !asking->open[literal->relation]);
}

static uint64_t needs(const Attempt *attempt, uint32_t term)
{
    return term_variables(attempt->asking->database->program, term) &
           attempt->clause->outer;
}

/* Whether the literal can be tried when these are bound, and what is bound after it. */
static bool is_ready(const Attempt *attempt, const Literal *literal, uint64_t bound,
                     uint64_t *after)
{
    const DlProgram *program = attempt->asking->database->program;
    uint64_t missing = 0, gives = 0;

    for (uint32_t i = 0; i < literal->count; i++) {
        uint32_t term = program->arguments[literal->first + i];
        Operand operand = operand_of(program, term);

        if (operand.kind == OPERAND_VARIABLE && literal->kind == LITERAL_ATOM)
            gives |= needs(attempt, term);
        else
            missing |= needs(attempt, term) & ~bound;
    }
    *after = bound | gives;
    if ((missing & ~gives) == 0)
        return true;
    if (literal->kind != LITERAL_COMPARE || literal->comparison != COMPARE_EQUAL)
        return false;
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t left = program->arguments[literal->first + i];
        uint32_t right = program->arguments[literal->first + 1 - i];

        if (operand_of(program, left).kind == OPERAND_VARIABLE &&
            (needs(attempt, right) & ~bound) == 0) {
            *after = bound | needs(attempt, left);
            return true;
        }
    }
    return false;
}

static bool place_next(Attempt *attempt, bool *placed, bool only_static)
{
    const DlProgram *program = attempt->asking->database->program;
    uint64_t bound = attempt->bound[attempt->count];

    for (uint32_t i = 0; i < attempt->clause->count; i++) {
        const Literal *literal = &program->literals[attempt->clause->first + i];

        if (placed[i] || (only_static && !is_static(attempt->asking, literal)) ||
            !is_ready(attempt, literal, bound, &attempt->bound[attempt->count + 1]))
            continue;
        placed[i] = true;
        attempt->order[attempt->count++] = i;
        return true;
    }
    return false;
}

static void order_body(Attempt *attempt, uint64_t bound)
{
    bool placed[BODY_MAX] = {false};

    attempt->bound[0] = bound;
    while (place_next(attempt, placed, true) || place_next(attempt, placed, false))
        ;
    assert(attempt->count == attempt->clause->count); /* each variable is bound */
}

/* --- one way through the rows --- */

static bool comes_first(const Attempt *attempt, uint32_t step)
{
    const DlDatabase *database = attempt->asking->database;
    int order = 0;

    for (uint32_t i = 0; i < step && order == 0; i++) {
        const Literal *literal = literal_at(attempt, i);

        if (literal->kind == LITERAL_ATOM)
            order = row_compare(database, literal->relation, attempt->rows[i],
                                attempt->best_rows[i]);
    }
    return order < 0;
}

static void note_failure(Attempt *attempt, uint32_t step)
{
    if (attempt->has_best && (step < attempt->best ||
                              (step == attempt->best && !comes_first(attempt, step))))
        return;
    attempt->has_best = true;
    attempt->best = step;
    memcpy(attempt->best_rows, attempt->rows, sizeof(attempt->rows));
    memcpy(attempt->best_variables, attempt->join.variables,
           sizeof(attempt->best_variables));
}

/* The cell that an argument has to have; false when it may have any. */
static bool argument_value(Attempt *attempt, const Literal *literal, uint32_t argument,
                           uint64_t bound, uint32_t *value)
{
    const DlProgram *program = attempt->asking->database->program;
    uint32_t term = program->arguments[literal->first + argument];

    if ((needs(attempt, term) & ~bound) != 0)
        return false;
    return join_value(&attempt->join, operand_of(program, term), value);
}

static bool matches(Attempt *attempt, const Literal *literal, uint64_t bound,
                    const uint32_t *cells)
{
    const DlProgram *program = attempt->asking->database->program;
    uint32_t value;

    for (uint32_t i = 0; i < literal->count; i++) {
        Operand operand = operand_of(program, program->arguments[literal->first + i]);

        if (operand.kind != OPERAND_CONSTANT && operand.kind != OPERAND_VARIABLE)
            continue;
        if (argument_value(attempt, literal, i, bound, &value)) {
            if (value != cells[i])
                return false;
        } else {
            attempt->join.variables[operand.value] = cells[i];
            bound |= (uint64_t)1 << operand.value;
        }
    }
    for (uint32_t i = 0; i < literal->count; i++) {
        Operand operand = operand_of(program, program->arguments[literal->first + i]);

        if (operand.kind == OPERAND_TERM &&
            (!argument_value(attempt, literal, i, bound, &value) || value != cells[i]))
            return false;
    }
    return true;
}

/* Whether the functions among the arguments have a value: one that has none makes its
 * literal fail. */
static bool has_values(Attempt *attempt, const Literal *literal, uint64_t bound)
{
    const DlProgram *program = attempt->asking->database->program;
    uint32_t value;

    for (uint32_t i = 0; i < literal->count; i++) {
        Operand operand = operand_of(program, program->arguments[literal->first + i]);

        if (operand.kind == OPERAND_TERM &&
            !argument_value(attempt, literal, i, bound, &value))
            return false;
    }
    return true;
}

/* The first row of the literal's relation that fits, by place and text. */
static bool find_row(Attempt *attempt, const Literal *literal, uint64_t bound,
                     uint32_t *row)
{
    const DlDatabase *database = attempt->asking->database;
    const Store *store = &database->stores[literal->relation];
    bool found = false;

    for (uint32_t i = 0; i < store->count; i++) {
        attempt->asking->steps++;
        if (!matches(attempt, literal, bound, store_row(store, i)))
            continue;
        if (!found || row_compare(database, literal->relation, i, *row) < 0)
            *row = i;
        found = true;
    }
    return found;
}

static bool compare(Attempt *attempt, const Literal *literal, uint64_t bound)
{
    const DlProgram *program = attempt->asking->database->program;
    uint32_t values[2];
    bool known[2];

    for (uint32_t i = 0; i < 2; i++)
        known[i] = argument_value(attempt, literal, i, bound, &values[i]);
    if (known[0] && known[1])
        return builtin_compare(attempt->asking->database, literal->base,
                               literal->comparison, values[0], values[1]);
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t term = program->arguments[literal->first + i];
        Operand operand = operand_of(program, term);

        if (!known[i] && known[1 - i] && operand.kind == OPERAND_VARIABLE &&
            (needs(attempt, term) & ~bound) != 0) {
            attempt->join.variables[operand.value] = values[1 - i];
            return true;
        }
    }
    return false; /* a function that has no value there */
}

/* Any literal but an atom. */
static bool holds(Attempt *attempt, const Literal *literal, uint64_t bound)
{
    DlDatabase *database = attempt->asking->database;
    uint32_t left, right, row;

    switch (literal->kind) {
    case LITERAL_ABSENT:
        return has_values(attempt, literal, bound) &&
               !find_row(attempt, literal, bound, &row);
    case LITERAL_COMPARE:
        return compare(attempt, literal, bound);
    case LITERAL_MATCH:
        return argument_value(attempt, literal, 1, bound, &right) &&
               builtin_match(database, literal->pattern, right, literal->negated);
    case LITERAL_CONTAINS:
        return argument_value(attempt, literal, 0, bound, &left) &&
               argument_value(attempt, literal, 1, bound, &right) &&
               builtin_contains(database, left, right) != literal->negated;
    case LITERAL_ATOM:
        break;
    }
    return false;
}

/* Whether the head that the variables make is what is asked for. */
static bool head_fits(Attempt *attempt)
{
    const DlProgram *program = attempt->asking->database->program;
    const Literal *head = &attempt->clause->head;
    uint32_t value;

    for (uint32_t i = 0; i < head->count; i++) {
        if (attempt->any[i])
            continue;
        Operand operand = operand_of(program, program->arguments[head->first + i]);
        if (!join_value(&attempt->join, operand, &value) || value != attempt->row[i])
            return false;
    }
    return true;
}

/* Recursion: one level for each literal of the body. */
static void try_from(Attempt *attempt, uint32_t step)
{
    Asking *asking = attempt->asking;

    if (attempt->derived || asking->steps > WHY_NOT_STEPS)
        return;
    if (step == attempt->count) {
        if (head_fits(attempt))
            attempt->derived = true;
        else
            note_failure(attempt, step);
        return;
    }
    const Literal *literal = literal_at(attempt, step);
    uint64_t bound = attempt->bound[step];
    if (literal->kind != LITERAL_ATOM) {
        if (holds(attempt, literal, bound))
            try_from(attempt, step + 1);
        else
            note_failure(attempt, step);
        return;
    }
    const Store *store = &asking->database->stores[literal->relation];
    bool found = false;
    for (uint32_t i = 0; i < store->count && asking->steps <= WHY_NOT_STEPS; i++) {
        asking->steps++;
        if (!matches(attempt, literal, bound, store_row(store, i)))
            continue;
        found = true;
        attempt->rows[step] = i;
        try_from(attempt, step + 1);
    }
    if (!found)
        note_failure(attempt, step);
}

/* Gives the head's variables the cells that are asked for; false when a constant or a
 * repeated variable is another. */
static bool bind_head(Attempt *attempt, uint64_t *bound)
{
    const DlProgram *program = attempt->asking->database->program;
    const Literal *head = &attempt->clause->head;

    *bound = 0;
    for (uint32_t i = 0; i < head->count; i++) {
        Operand operand = operand_of(program, program->arguments[head->first + i]);

        if (attempt->any[i])
            continue;
        if (operand.kind == OPERAND_CONSTANT && operand.value != attempt->row[i])
            return false;
        if (operand.kind != OPERAND_VARIABLE)
            continue;
        uint32_t *variable = &attempt->join.variables[operand.value];
        if (*bound >> operand.value & 1 && *variable != attempt->row[i])
            return false;
        *variable = attempt->row[i];
        *bound |= (uint64_t)1 << operand.value;
    }
    return true;
}

/* --- what is told of it --- */

static const DlProof *absence_of(Attempt *attempt, const Literal *literal,
                                 uint64_t bound)
{
    Arena *arena = attempt->asking->arena;
    DlProof *proof = ARENA_NEW(arena, DlProof);
    uint32_t *row = ARENA_ARRAY(arena, literal->count, uint32_t);
    bool *any = ARENA_ARRAY(arena, literal->count, bool);

    for (uint32_t i = 0; i < literal->count; i++)
        any[i] = !argument_value(attempt, literal, i, bound, &row[i]);
    *proof = (DlProof){
        .relation = {literal->relation}, .absent = true, .row = row, .any = any};
    return proof;
}

static void tell_what_holds(Attempt *attempt, DlWhyNot *told)
{
    const Asking *asking = attempt->asking;
    const DlProof **list = ARENA_ARRAY(asking->arena, attempt->best, const DlProof *);

    for (uint32_t i = 0; i < attempt->best; i++) {
        const Literal *literal = literal_at(attempt, i);

        if (literal->kind == LITERAL_ATOM)
            list[told->nholds++] =
                dl_why(asking->arena, asking->database,
                       (DlRelationId){literal->relation}, attempt->best_rows[i]);
        else if (literal->kind == LITERAL_ABSENT)
            list[told->nholds++] = absence_of(attempt, literal, attempt->bound[i]);
    }
    told->holds = list;
}

static DlWhyNots ask(Asking *asking, uint32_t relation, const uint32_t *row,
                     const bool *any, uint32_t depth);

static bool is_input(const Asking *asking, uint32_t relation)
{
    return asking->database->program->relations[relation].is_input;
}

static bool has_any(const DlProof *pattern, uint32_t arity)
{
    for (uint32_t i = 0; i < arity; i++) {
        if (pattern->any[i])
            return true;
    }
    return false;
}

/* Whether another row of an open atom before the step, which would give other values to
 * what fails there, could be; and why there is none. */
static bool others_may_help(Attempt *attempt, uint32_t depth, DlWhyNots *deeper)
{
    Asking *asking = attempt->asking;

    for (uint32_t i = attempt->best; i-- > 0;) {
        const Literal *literal = literal_at(attempt, i);

        if (literal->kind != LITERAL_ATOM || is_static(asking, literal))
            continue;
        const DlProof *other = absence_of(attempt, literal, attempt->bound[i]);
        if (!has_any(other, literal->count))
            continue;
        if (depth <= 1 || is_input(asking, literal->relation))
            return true;
        *deeper = ask(asking, literal->relation, other->row, other->any, depth - 1);
        return deeper->count != 0;
    }
    return false;
}

static void tell_failure(Attempt *attempt, const Literal *literal, uint32_t depth,
                         DlWhyNot *told)
{
    const Asking *asking = attempt->asking;
    uint64_t bound = attempt->bound[attempt->best];
    uint32_t row;

    if (!has_values(attempt, literal, bound))
        return;
    if (literal->kind == LITERAL_ATOM) {
        told->failed = absence_of(attempt, literal, bound);
        if (!is_input(asking, literal->relation) && depth > 1)
            told->deeper = ask(attempt->asking, literal->relation, told->failed->row,
                               told->failed->any, depth - 1);
    } else if (literal->kind == LITERAL_ABSENT) {
        bool found = find_row(attempt, literal, bound, &row);

        assert(found);
        (void)found;
        told->failed = dl_why(asking->arena, asking->database,
                              (DlRelationId){literal->relation}, row);
    }
}

/* False when the clause has nothing to tell: no change would make it hold. */
static bool tell(Attempt *attempt, uint32_t depth, DlWhyNot *told)
{
    Asking *asking = attempt->asking;
    bool is_head = attempt->best == attempt->count;
    const Literal *literal =
        is_head ? &attempt->clause->head : literal_at(attempt, attempt->best);

    *told = (DlWhyNot){.clause = attempt->clause->span, .at = literal->span};
    memcpy(attempt->join.variables, attempt->best_variables,
           sizeof(attempt->best_variables));
    tell_what_holds(attempt, told);
    if (asking->open && (is_head || is_static(asking, literal)))
        return others_may_help(attempt, depth, &told->deeper);
    if (!is_head)
        tell_failure(attempt, literal, depth, told);
    return !asking->open || !told->failed || !told->failed->absent || depth <= 1 ||
           is_input(asking, literal->relation) || told->deeper.count != 0;
}

/* Recursion: at most `depth` questions. */
static DlWhyNots ask(Asking *asking, uint32_t relation, const uint32_t *row,
                     const bool *any, uint32_t depth)
{
    const DlProgram *program = asking->database->program;
    uint32_t first = program->head_first[relation];
    uint32_t end = program->head_first[relation + 1];
    DlWhyNot *list = ARENA_ARRAY(asking->arena, end - first, DlWhyNot);
    DlWhyNots told = {list, 0};

    for (uint32_t i = first; i < end && asking->attempts < WHY_NOT_CLAUSES; i++) {
        Attempt *attempt = ARENA_NEW(asking->arena, Attempt);
        uint64_t bound;

        attempt->asking = asking;
        attempt->clause = &program->clauses[program->by_head[i]];
        attempt->row = row;
        attempt->any = any;
        attempt->join.database = asking->database;
        asking->attempts++;
        if (attempt->clause->count == 0 || !bind_head(attempt, &bound))
            continue;
        order_body(attempt, bound);
        try_from(attempt, 0);
        if (!attempt->derived && attempt->has_best &&
            tell(attempt, depth, &list[told.count]))
            told.count++;
    }
    return told;
}

DlWhyNots dl_why_not(Arena *arena, const DlDatabase *database, DlRelationId relation,
                     const uint32_t *row, const bool *any, const bool *open,
                     uint32_t depth)
{
    Asking asking = {.arena = arena, .database = database->self, .open = open};

    assert(database->has_run);
    asking.database->limits.joins = UINT64_MAX;
    asking.database->stopped = NULL;
    asking.database->explains = true;
    return ask(&asking, relation.index, row, any, depth);
}
