/*
 * cut.h: the fewest removals after which no row rests on what could be removed.
 *
 * A row's proof names rows that a removal drops: one of these has to go. From all such
 * sets the fewest removals are chosen, the rules are run without what they drop, and rows
 * that are still there give further sets, until none is. Each set is necessary, so that
 * what is chosen in the end is the least, as long as no removal makes a row that was not
 * there; a row that one makes is taken in like the others.
 */
#ifndef BERTH_CHANGES_CUT_H
#define BERTH_CHANGES_CUT_H

#include "changes/changes.h"

typedef struct CutLimits {
    uint32_t runs;
    uint64_t steps; /* of the choice: see hitting_find */
} CutLimits;
extern const CutLimits cut_default_limits;

typedef struct CutQuestion {
    const DlProgram *program;
    const DlDatabase *database; /* it has run */
    const ChangeSet *removals;
    const DlRelationId *goals; /* the relations of which rows are to end */
    uint32_t ngoals;
} CutQuestion;

typedef struct CutRow {
    DlRelationId relation;
    uint32_t row;             /* of the question's database */
    const uint32_t *removals; /* those of its first proof: numbers of the ChangeSet */
    uint32_t nremovals;       /* 0: no removal ends it */
    bool is_there;            /* after the cut, too */
} CutRow;

typedef struct Cut {
    const uint32_t *removals; /* ascending numbers of the ChangeSet */
    uint32_t count;
    uint32_t at_least;  /* no fewer removals do */
    const CutRow *rows; /* by relation as it was asked, then row */
    uint32_t nrows;
    const DlDatabase *after; /* with the removals made; of the whole program */
    bool is_cut_off;         /* a limit was met: rows may be left that could end */
} Cut;

/* In `arena`. */
Cut cut_find(Arena *arena, const CutQuestion *question, CutLimits limits);

#endif
