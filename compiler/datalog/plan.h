/*
 * plan.h: a clause as a nested-loop join. Private to the engine.
 *
 * A step is a loop over rows of a relation or a test. The steps of a plan stand in
 * the order in which they are taken: each finds what it needs bound by those before
 * it. Beside the clause's variables a plan has one for each function that is an
 * argument of an atom.
 */
#ifndef BERTH_DATALOG_PLAN_H
#define BERTH_DATALOG_PLAN_H

#include "datalog/ast.h"

typedef enum OperandKind {
    OPERAND_ANY, /* a wildcard, or a variable that stands nowhere else */
    OPERAND_CONSTANT,
    OPERAND_VARIABLE,
    OPERAND_TERM
} OperandKind;

typedef struct Operand {
    OperandKind kind;
    uint32_t value; /* the cell, the variable or the term */
} Operand;

typedef struct Column {
    uint32_t column;
    Operand operand;
} Column;

typedef enum StepKind {
    STEP_SCAN,   /* the rows of the atom's range whose key columns have these values */
    STEP_LOOKUP, /* the same by an index */
    STEP_MEMBER, /* the one row: every column is a key. The last of the loops */
    STEP_ABSENT, /* no row at all: by the row, by an index, or that there is none */
    STEP_ASSIGN, /* left, a variable, becomes right */
    STEP_COMPARE,
    STEP_MATCH,
    STEP_CONTAINS
} StepKind;

typedef struct Step {
    StepKind kind;
    Comparison comparison;
    DlBase base;
    bool negated;
    bool once; /* it binds and checks nothing: one row is as good as another */
    uint32_t relation, index, pattern;
    uint32_t atom; /* which of the body's atoms, in the order written */
    uint32_t nkeys, nbinds, nchecks;
    const Column *keys;   /* by column; known before the row */
    const Column *binds;  /* variables that the row gives */
    const Column *checks; /* the same variable again in this atom */
    Operand left, right;  /* part and whole, subject of a match on the right */
} Step;

typedef struct Plan {
    const Step *steps;
    uint32_t count;
    const Operand *head; /* the head's arguments; none for a count's plan */
    uint32_t nhead;
    const uint32_t *atoms; /* relations of the body's atoms, in the order written */
    uint32_t natoms;
} Plan;

/* Without "as", which changes no cell. */
Operand operand_of(const DlProgram *program, uint32_t term);

#endif
