/*
 * repairs.h: the smallest sets of changes after which a row is derived.
 *
 * All sets of at most `size` changes that agree with each other are tried, the smaller
 * first, but for those that hold a set that was found: so each that is found is minimal,
 * and all minimal ones are. The rules are run for each, as far as the row needs them.
 * Limits are numbers of runs and of steps, never of seconds: the answer is the same on
 * every machine.
 */
#ifndef BERTH_CHANGES_REPAIRS_H
#define BERTH_CHANGES_REPAIRS_H

#include "changes/changes.h"

enum { REPAIR_SIZE_MAX = 3 };

typedef struct RepairLimits {
    uint32_t size;                     /* of a set; at most REPAIR_SIZE_MAX */
    uint32_t changes[REPAIR_SIZE_MAX]; /* sets of 1, 2, ... are of the first so many */
    uint32_t runs;
    uint32_t repairs;
    uint64_t joins; /* of all runs together */
} RepairLimits;
extern const RepairLimits repair_default_limits;

typedef struct RepairQuestion {
    const DlProgram *program;
    const DlDatabase *database; /* what is changed; it has run */
    const Change *always;       /* made in every run; NULL: none */
    DlRelationId relation;      /* of the row that is wanted */
    const uint32_t *row;
} RepairQuestion;

typedef struct Repair {
    const Change *changes[REPAIR_SIZE_MAX]; /* as they stand in the ChangeSet */
    uint32_t count;
} Repair;

typedef struct Repairs {
    const Repair *items; /* by size; then the one whose last changes come first */
    uint32_t count;
    uint32_t runs;
    bool is_cut_off; /* a limit was met: there may be others */
} Repairs;

Repairs repairs_find(Arena *arena, const RepairQuestion *question,
                     const ChangeSet *changes, RepairLimits limits);

#endif
