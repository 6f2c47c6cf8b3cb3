/*
 * eval.h: a database, and the join that evaluation, counts and proofs share. Private
 * to the engine.
 *
 * The rows that a join sees of an atom's relation are a range of numbers, which, as
 * rows lie by height, is a range of heights: that is what makes evaluation semi-naive.
 * A join that meets a limit stops, and says so in `stopped`.
 */
#ifndef BERTH_DATALOG_EVAL_H
#define BERTH_DATALOG_EVAL_H

#include "datalog/plan.h"
#include "datalog/relation.h"

typedef struct Memo {
    uint8_t *answers; /* two bits for each symbol: not known, no, yes, given up */
    uint32_t capacity;
} Memo;

struct DlDatabase {
    Arena *arena;
    const DlProgram *program;
    Store *stores;  /* by relation */
    Index *indexes; /* as program->indexes */
    Memo *memos;    /* as program->patterns */
    Buffer scratch; /* texts that are being made */
    DlLimits limits;
    uint64_t rows, joins;
    bool *held;          /* by clause: its body held; NULL: nobody asks */
    const char *stopped; /* which limit was met; NULL: none */
    bool has_run;
    bool *stale; /* of a fork, by relation: not shared with the other one; else NULL */
    bool explains;           /* dl_why is at work, which no limit stops */
    struct Why *why;         /* proofs made so far */
    struct DlDatabase *self; /* for dl_why, which adds indexes and proofs to what is
                                const for its callers */
};

typedef struct Join Join;
struct Join {
    DlDatabase *database;
    const Plan *plan;
    bool (*found)(Join *join); /* for each solution; false stops the join */
    void *context;
    uint32_t clause; /* its number; of no count's body */
    uint32_t variables[VARIABLES_MAX];
    uint32_t low[BODY_MAX], high[BODY_MAX]; /* ranges of rows, by atom */
    uint32_t rows[BODY_MAX];                /* the solution's rows, by atom */
};

/* Finds all solutions in the ranges. False when it was stopped. Recursion: at most
 * two bodies, BODY_MAX each. */
bool join_run(Join *join);
/* The value of an operand, whose variables are bound; false when it has none. */
bool join_value(Join *join, Operand operand, uint32_t *value);
/* The cells of the head. */
bool join_head(Join *join, uint32_t *row);

/* builtins.c. A function of values; false when it has no value there. */
bool builtin_call(DlDatabase *database, uint32_t functor, const uint32_t *values,
                  uint32_t count, uint32_t *value);
bool builtin_compare(const DlDatabase *database, DlBase base, Comparison comparison,
                     uint32_t left, uint32_t right);
bool builtin_contains(const DlDatabase *database, uint32_t part, uint32_t whole);
/* A pattern that gives up neither matches nor does not. */
bool builtin_match(DlDatabase *database, uint32_t pattern, uint32_t subject,
                   bool negated);

/* dump.c. Rows of one relation by text, number and place. */
int row_compare(const DlDatabase *database, uint32_t relation, uint32_t left,
                uint32_t right);

/* Says which limit was met; always false. */
bool database_stopped(const DlDatabase *database, Diags *diags, Span span);
/* For naive.c: what dl_run does before it begins. */
void database_start(DlDatabase *database, DlLimits limits);

#endif
