/*
 * changes.h: edits of what the manifests say, as rules derive them, and what follows.
 *
 * A selection is a relation (change: Change, at: Site, says: symbol): `change` for
 * repairs, another for another end; with <selection>_rank (change: Change, rank: number)
 * beside it, if need be. What a change does to the facts stands in relations
 * add_<input relation> and drop_<input relation>, whose first attribute is the Change and
 * whose others are those of that relation. This module knows none of them by name.
 */
#ifndef BERTH_CHANGES_CHANGES_H
#define BERTH_CHANGES_CHANGES_H

#include "datalog/datalog.h"

typedef struct ChangedRow {
    DlRelationId relation; /* the input relation */
    const uint32_t *cells;
} ChangedRow;

typedef struct Change {
    uint32_t symbol; /* what the Change cells hold */
    uint32_t site;   /* what it edits; 0: nothing that is there */
    Text says;
    int32_t rank; /* 0 where none is derived */
    const ChangedRow *added, *dropped;
    uint32_t nadded, ndropped;
} Change;

typedef struct ChangeSet {
    const Change *items; /* by rank, then by words */
    uint32_t count;
} ChangeSet;

/* The changes of a selection, from a database that has run and outlives them. False when a relation has not
 * the form that is said above, which is then in `diags` at its declaration (rule ""). */
bool changes_find(Arena *arena, const Symbols *symbols, const DlProgram *program,
                  const DlDatabase *database, Text selection, Diags *diags,
                  ChangeSet *changes) BERTH_MUST_USE;

/* Marks the input relations that some change may touch (one mark for each relation). */
void changes_mark_touched(const DlProgram *program, bool *marks);

/* Whether two changes can be made both: neither drops, nor adds, what the other drops. */
bool changes_agree(const DlProgram *program, const Change *one, const Change *other);

/* A database of the input rows of `database`, but for those that the changes drop and
 * with those that they add; it has not run, and shares what does not depend on them (see
 * dl_fork: `database` has run, as far as it is needed, and outlives it). All that is new
 * lies in `arena`: reset that behind it. */
DlDatabase *changes_apply(Arena *arena, const DlProgram *program,
                          const DlDatabase *database, const Change *const *changes,
                          uint32_t count);

#endif
