/*
 * Proofs, found again on demand.
 *
 * A row of height h is derived from rows of lesser heights only: the join of one of
 * its clauses that begins with the head's cells and sees nothing higher finds all the
 * lowest derivations. Of these the first is taken: by the clause's place in the
 * program, then by the rows of its atoms, compared by place, text and number.
 */
#include "datalog/eval.h"

#include <assert.h>
#include <string.h>

typedef struct Node {
    DlProof proof;
    uint32_t row;
} Node;

/* The proofs that have been begun, by relation and row; those from `done` on have not
 * been completed. */
typedef struct Why {
    Arena *arena;
    Node **nodes;
    uint32_t count, capacity, done;
    uint32_t *slots; /* 1 + node; 0 is free */
    uint32_t nslots;
} Why;

/* The best derivation so far of the row that is being explained. */
typedef struct Choice {
    const uint32_t *row;
    bool found;
    uint32_t rows[BODY_MAX];
    uint32_t variables[VARIABLES_MAX];
} Choice;

static uint32_t *slot_of(const Why *why, uint32_t relation, uint32_t row)
{
    uint64_t hash = ((uint64_t)relation << 32 | row) * UINT64_C(0x9E3779B97F4A7C15);
    uint32_t mask = why->nslots - 1;

    for (uint32_t i = (uint32_t)(hash >> 32) & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &why->slots[i];

        if (*slot == 0)
            return slot;
        const Node *node = why->nodes[*slot - 1];
        if (node->row == row && node->proof.relation.index == relation)
            return slot;
    }
}

static void widen(Why *why)
{
    why->nslots = why->nslots ? why->nslots * 2 : 256;
    why->slots = ARENA_ARRAY(why->arena, why->nslots, uint32_t);
    for (uint32_t i = 0; i < why->count; i++) {
        const Node *node = why->nodes[i];

        *slot_of(why, node->proof.relation.index, node->row) = i + 1;
    }
}

/* The proof of a row, complete or yet to be completed. */
static const DlProof *proof_of(const DlDatabase *database, uint32_t relation,
                               uint32_t row)
{
    Why *why = database->why;

    if (why->count >= why->nslots / 2)
        widen(why);
    uint32_t *slot = slot_of(why, relation, row);
    if (*slot == 0) {
        Node *node = ARENA_NEW(why->arena, Node);

        node->row = row;
        node->proof.relation.index = relation;
        node->proof.row = store_row(&database->stores[relation], row);
        ARRAY_GROW(why->arena, why->nodes, why->count, why->capacity);
        why->nodes[why->count++] = node;
        *slot = why->count;
    }
    return &why->nodes[*slot - 1]->proof;
}

static int compare_bodies(const Join *join, const uint32_t *left, const uint32_t *right)
{
    int order = 0;

    for (uint32_t i = 0; i < join->plan->natoms && order == 0; i++)
        order = row_compare(join->database, join->plan->atoms[i], left[i], right[i]);
    return order;
}

static bool consider(Join *join)
{
    Choice *choice = join->context;
    uint32_t row[ARITY_MAX];

    if (!join_head(join, row) ||
        memcmp(row, choice->row, join->plan->nhead * sizeof(*row)) != 0)
        return true;
    if (choice->found && compare_bodies(join, join->rows, choice->rows) >= 0)
        return true;
    choice->found = true;
    memcpy(choice->rows, join->rows, join->plan->natoms * sizeof(*choice->rows));
    memcpy(choice->variables, join->variables, sizeof(choice->variables));
    return true;
}

/* Gives the head's variables the row's cells. False when the head cannot be this row. */
static bool match_head(Join *join, const uint32_t *row)
{
    uint64_t given = 0;

    for (uint32_t i = 0; i < join->plan->nhead; i++) {
        Operand operand = join->plan->head[i];

        if (operand.kind == OPERAND_CONSTANT && operand.value != row[i])
            return false;
        if (operand.kind != OPERAND_VARIABLE)
            continue;
        if (given >> operand.value & 1 && join->variables[operand.value] != row[i])
            return false;
        join->variables[operand.value] = row[i];
        given |= (uint64_t)1 << operand.value;
    }
    return true;
}

/* The first of the lowest derivations by this clause; false when it has none. */
static bool choose(DlDatabase *database, const Clause *clause, const Node *node,
                   Choice *choice)
{
    uint32_t last = clause->natoms ? clause->natoms : 1;
    Join join = {.database = database, .found = consider, .context = choice};

    join.plan = database->program->plans[clause->plans + last];
    *choice = (Choice){.row = node->proof.row};
    if (!match_head(&join, choice->row))
        return false;
    for (uint32_t i = 0; i < clause->natoms; i++) {
        const Store *store = &database->stores[join.plan->atoms[i]];

        join.high[i] = store_below(store, node->proof.height);
    }
    (void)join_run(&join);
    return choice->found;
}

static const DlProof *absence(DlDatabase *database, const Literal *literal,
                              const Choice *choice)
{
    const DlProgram *program = database->program;
    Arena *arena = database->why->arena;
    DlProof *proof = ARENA_NEW(arena, DlProof);
    uint32_t *row = ARENA_ARRAY(arena, literal->count, uint32_t);
    bool *any = ARENA_ARRAY(arena, literal->count, bool);
    Join join = {.database = database};

    memcpy(join.variables, choice->variables, sizeof(join.variables));
    for (uint32_t i = 0; i < literal->count; i++) {
        Operand operand = operand_of(program, program->arguments[literal->first + i]);

        any[i] = !join_value(&join, operand, &row[i]);
    }
    proof->relation.index = literal->relation;
    proof->absent = true;
    proof->row = row;
    proof->any = any;
    return proof;
}

static void explain_by(DlDatabase *database, Node *node, const Clause *clause,
                       const Choice *choice)
{
    const DlProgram *program = database->program;
    const DlProof **because =
        ARENA_ARRAY(database->why->arena, clause->count, const DlProof *);
    uint32_t count = 0, atom = 0;

    for (uint32_t i = 0; i < clause->count; i++) {
        const Literal *literal = &program->literals[clause->first + i];

        if (literal->kind == LITERAL_ATOM)
            because[count++] =
                proof_of(database, literal->relation, choice->rows[atom++]);
        else if (literal->kind == LITERAL_ABSENT)
            because[count++] = absence(database, literal, choice);
    }
    node->proof.because = because;
    node->proof.nbecause = count;
    node->proof.clause = clause->span;
}

static void explain(DlDatabase *database, Node *node)
{
    const DlProgram *program = database->program;
    uint32_t relation = node->proof.relation.index;
    const Store *store = &database->stores[relation];
    uint32_t end = program->head_first[relation + 1];
    Choice choice = {0};

    node->proof.height = store_height(store, node->row);
    if (node->proof.height == 0) {
        node->proof.is_input = true;
        if (node->row < store->nfacts)
            node->proof.clause = program->clauses[store->facts[node->row]].span;
        return;
    }
    bool found = false;
    for (uint32_t i = program->head_first[relation]; i < end && !found; i++) {
        const Clause *clause = &program->clauses[program->by_head[i]];

        found = clause->count && choose(database, clause, node, &choice);
        if (found)
            explain_by(database, node, clause, &choice);
    }
    assert(found); /* a row that is not given is derived */
}

const DlProof *dl_why(Arena *arena, const DlDatabase *database, DlRelationId relation,
                      uint32_t row)
{
    DlDatabase *changed = database->self;

    assert(database->has_run && row < dl_row_count(database, relation));
    if (!changed->why || changed->why->arena != arena) {
        changed->why = ARENA_NEW(arena, Why);
        changed->why->arena = arena;
    }
    changed->limits.joins = UINT64_MAX;
    changed->stopped = NULL;
    changed->explains = true;
    const DlProof *proof = proof_of(database, relation.index, row);
    for (Why *why = changed->why; why->done < why->count; why->done++)
        explain(changed, why->nodes[why->done]);
    return proof;
}
