/*
 * datalog.h: the engine. It knows no relation by name.
 *
 * The language is a subset of Souffle's Datalog (rules/README.md has it as a
 * table). A program is compiled once from its files, located errors going to the
 * Diags (rule ""); a Database holds the rows of one evaluation. A row is `arity`
 * cells of 32 bits: a symbol's id, or a signed number in two's complement. Rows of
 * a relation are numbered from 0 in the order they were derived, which depends on
 * nothing but the program and the order of the input rows.
 *
 * All memory is the arena's. Limits (DlLimits) end an evaluation with a diagnostic
 * and `false`; what was derived until then stays.
 */
#ifndef BERTH_DATALOG_DATALOG_H
#define BERTH_DATALOG_DATALOG_H

#include "base/diag.h"
#include "base/intern.h"
#include "base/source.h"

typedef struct DlProgram DlProgram;
typedef struct DlDatabase DlDatabase;

typedef struct DlRelationId {
    uint32_t index; /* DL_NO_RELATION: none */
} DlRelationId;
#define DL_NO_RELATION UINT32_MAX

typedef enum DlBase { DL_SYMBOL, DL_NUMBER } DlBase;

typedef struct DlAttribute {
    Text name;
    Text type; /* as declared: "Site", "Repo", "symbol" */
    DlBase base;
} DlAttribute;

typedef struct DlRelation {
    Text name;
    const DlAttribute *attributes;
    uint32_t arity;
    bool is_input, is_output;
    uint32_t stratum;
    Span declared; /* its ".decl" */
} DlRelation;

typedef struct DlLimits {
    uint64_t rows;   /* of all relations together */
    uint32_t rounds; /* of one stratum */
    uint64_t joins;  /* steps of all joins together: what bounds the time */
} DlLimits;
extern const DlLimits dl_default_limits;

/* Reads, checks and plans the files (numbers in `sources`) as one program. NULL
 * when there is any error; each is in `diags`. */
DlProgram *dl_compile(Arena *arena, Symbols *symbols, Sources *sources,
                      const uint32_t *files, uint32_t count, Diags *diags);

/* The same program on tables that are forks of its own: a database of it adds to those.
 * The program must outlive it. */
DlProgram *dl_program_on(Arena *arena, const DlProgram *program, Symbols *symbols,
                         Sources *sources);

uint32_t dl_relation_count(const DlProgram *program);
DlRelationId dl_relation_find(const DlProgram *program, Text name);
const DlRelation *dl_relation(const DlProgram *program, DlRelationId id);

DlDatabase *dl_database(Arena *arena, const DlProgram *program);
/* Adds an input row (`arity` cells); one that is there already is left out. */
void dl_add(DlDatabase *database, DlRelationId relation, const uint32_t *row);
bool dl_run(DlDatabase *database, DlLimits limits, Diags *diags) BERTH_MUST_USE;
/* The same of some relations only: strata of which `needed` (one mark for each relation:
 * see dl_needed) has none are left out, and their relations stay as they were given. */
bool dl_run_needed(DlDatabase *database, const bool *needed, DlLimits limits,
                   Diags *diags) BERTH_MUST_USE;
/* Marks the goals and every relation that they are derived from. */
void dl_needed(const DlProgram *program, const DlRelationId *goals, uint32_t count,
               bool *needed);
/* Steps of joins so far: what DlLimits.joins bounds, the same on every machine. */
uint64_t dl_joins(const DlDatabase *database);
/* A database that has not run, for other rows in the relations that are marked in
 * `changed` (one mark for each): these, and all that are derived from them, are empty but
 * for the program's facts; the others are those of `database`, which has run and has to
 * outlive it, and are not derived again. What was not derived there stays unknown here:
 * both are run with the same `needed`. Not for the naive evaluator. */
DlDatabase *dl_fork(Arena *arena, const DlDatabase *database, const bool *changed);
/* The slow evaluator: naive, no index, obviously correct. For tests. */
bool dl_run_naive(DlDatabase *database, DlLimits limits, Diags *diags) BERTH_MUST_USE;

uint32_t dl_row_count(const DlDatabase *database, DlRelationId relation);
const uint32_t *dl_row(const DlDatabase *database, DlRelationId relation, uint32_t row);
/* The number of a row with these cells; false when there is none. */
bool dl_find(const DlDatabase *database, DlRelationId relation, const uint32_t *row,
             uint32_t *number);
/* Row numbers in the order of their texts and numbers, cell by cell: the order in
 * which rows are printed. Cells of the type Site go by path and place. */
uint32_t *dl_sorted(Arena *arena, const DlDatabase *database, DlRelationId relation);

/* Why a row holds: a proof of least height; among those, the first by site and
 * text. `row` is what is proved. For an absence the cells of wildcards and of what
 * was not bound are marked in `any`. Leaves are input rows, absences and facts of
 * the program. Proofs are shared, so that this is a graph without cycles: a reader
 * that unfolds it bounds its depth. Tests and counts of a body are not among its
 * leaves. */
typedef struct DlProof {
    DlRelationId relation;
    bool absent;
    bool is_input;                        /* an input row, or a fact of the program */
    const uint32_t *row;                  /* arity cells */
    const bool *any;                      /* of an absence: arity marks; else NULL */
    Span clause;                          /* what derived it; file 0 for an input row */
    uint32_t height;                      /* 0 for a leaf */
    const struct DlProof *const *because; /* body atoms, in the order written */
    uint32_t nbecause;
} DlProof;

/* After dl_run. Proofs of one arena are shared; it has to outlive the database. */
const DlProof *dl_why(Arena *arena, const DlDatabase *database, DlRelationId relation,
                      uint32_t row);

/* Clauses are numbered in the order written, file by file. */
uint32_t dl_clause_count(const DlProgram *program);
Span dl_clause_span(const DlProgram *program, uint32_t clause);
/* Whether it states a row, without a body. */
bool dl_clause_is_fact(const DlProgram *program, uint32_t clause);
/* Before dl_run: which clauses' bodies hold is to be noted, in `held`, a mark for each
 * clause. A body that held is marked though it derived nothing new. Marks are set, never
 * cleared: several evaluations may share them. Facts are not marked. */
void dl_note_held(DlDatabase *database, bool *held);

/* Why a row does not hold: of each clause that could derive it, the way through its body
 * that gets furthest. */
typedef struct DlWhyNot DlWhyNot;
typedef struct DlWhyNots {
    const DlWhyNot *items; /* clauses in the order of the program */
    uint32_t count;
} DlWhyNots;
struct DlWhyNot {
    Span clause;
    const DlProof *const *holds; /* atoms and absences, in the order they were tried */
    uint32_t nholds;
    Span at; /* what fails first: a literal; the head, when that differs */
    const DlProof *failed; /* what is not there (a variable that stands twice in it has
                              one value), or is there and must not be; NULL: a
                              test, a function or the head fails */
    DlWhyNots deeper;      /* why what is not there was not derived */
};

/* After dl_run: of the rows of `relation` with the cells of `row` that are not marked in
 * `any`, none of which holds. `open` (NULL: all) marks the relations that may change:
 * what fails elsewhere, whatever changes, is left out, and its literals are tried first.
 * `depth` questions at most lie one below the other. The work is bounded; what it does
 * not come to is left out. */
DlWhyNots dl_why_not(Arena *arena, const DlDatabase *database, DlRelationId relation,
                     const uint32_t *row, const bool *any, const bool *open,
                     uint32_t depth);
/* Marks, beside the relations that are marked, those that are derived from them. */
void dl_mark_derived(const DlProgram *program, bool *marks);

/* Debugging and goldens: a row a line, sorted, symbols quoted, sites as places. */
void dl_dump_relation(const DlDatabase *database, DlRelationId relation, Buffer *out);

#endif
