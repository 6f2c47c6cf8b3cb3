/*
 * fix.h: findings to edits: what would mend them.
 *
 * Which finding has which fix is said by its rule (`fix` in the metadata); here it
 * becomes changes of the files, and edits that keep every other byte. Nothing is written
 * here, and nothing here knows the platform. A Fixer reads each file once.
 */
#ifndef BERTH_FIX_FIX_H
#define BERTH_FIX_FIX_H

#include "report/report.h"

typedef struct Fixer Fixer;

/* For the findings of a report, as long as its files are what was read. */
Fixer *fixer_new(const Report *report);

/* The edits that mend one finding, by themselves: each is checked to leave a file that
 * reads as meant. NULL: its rule has no fix, it has none here, or FIX_BYTES_MAX bytes
 * were read for such checks before. */
const Fix *finding_fix(Fixer *fixer, const Finding *finding);
enum { FIX_BYTES_MAX = 64 << 20 };

/* finding_fix for every finding of the report. */
void fixes_collect(Report *report);

/* --- all at once --- */

typedef struct FixedFile {
    uint32_t file;
    const Edit *edits; /* by place, and apart */
    uint32_t nedits;
    Text after;
    bool is_left; /* set by who could not write it */
} FixedFile;

/* One of the changes that mend a finding. */
typedef struct FixStep {
    const Finding *finding;
    uint32_t file;
    const char *refused; /* why it is left for another run; NULL: it is planned */
} FixStep;

typedef struct Fixes {
    FixedFile *files; /* by path */
    uint32_t nfiles;
    const FixStep *steps; /* those of a finding together, in the report's order */
    uint32_t nsteps;
} Fixes;

/* Plans the safe fixes of a report together, or all of them. Where two meet, that of the
 * first finding is planned, and the other one is left. */
Fixes fixes_plan(Fixer *fixer, bool all);

/* How many findings are mended, whole, by the files that are not left. */
uint32_t fixes_count(const Fixes *fixes);

#endif
