/*
 * access.h: what access two states of a workspace give, compared: `berth diff`.
 *
 * A pair is a repository and what it may pull from without anything of a user's: a
 * package of GitHub's container registry, or a registry by a triple. Only pairs that
 * some differing fact is about are judged, so that a small change of a large
 * organization costs little; each answer comes with the fact that made it so.
 */
#ifndef BERTH_REPORT_ACCESS_H
#define BERTH_REPORT_ACCESS_H

#include "report/report.h"

enum { ACCESS_PAIRS_MAX = 4 << 20 }; /* that are judged in one comparison */

typedef struct AccessSide {
    Report *report;
    DlDatabase *database; /* the report's, loaded and not yet run */
} AccessSide;

typedef struct AccessEdge {
    Text repository, target; /* target: a package's or a registry's name */
    bool is_registry;
    Text before, now; /* "allowed", "unknown", "denied", "none" */
    bool is_of_old;   /* `span` is in the old state's sources */
    Span span;        /* the fact that made the difference; file 0: nowhere */
    Text because;     /* what it says; empty: nothing is known */
    Text by;          /* how it is, or was, admitted; empty: by nothing that is told */
} AccessEdge;

typedef struct AccessDiff {
    AccessEdge *edges; /* by target, repository */
    uint32_t count, capacity;
    uint32_t granted, revoked; /* to allowed; from allowed. The rest is neither. */
} AccessDiff;

/* Runs both databases. `every_pair`: judges all pairs, which is slow and must give the
 * same. False with *problem set when there are too many pairs or a limit was met. Texts
 * are the new report's arena's. */
bool access_diff(const AccessSide *old_side, const AccessSide *new_side,
                 bool every_pair, Diags *diags, AccessDiff *diff, Text *problem);

/* `old_name`, `new_name`: the two directories, as they were given. */
void access_diff_text(const AccessDiff *diff, const Report *old_report, Text old_name,
                      const Report *new_report, Text new_name, Buffer *out);
void access_diff_json(const AccessDiff *diff, const Report *old_report,
                      const Report *new_report, Buffer *out);

#endif
