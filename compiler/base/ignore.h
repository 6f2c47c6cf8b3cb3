/*
 * ignore.h: the comments that silence findings, as the readers of files met them.
 *
 * "berth: ignore[rule, ...] until=2027-01-31 reason" (DESIGN 3.3). A reader knows what
 * is a comment, and which bytes it speaks of; what a rule is, it does not know. Kept by
 * the Sources (sources_ignores): a file that is read several times has each comment
 * once. At most IGNORES_PER_FILE of a file; the one behind them says so.
 */
#ifndef BERTH_BASE_IGNORE_H
#define BERTH_BASE_IGNORE_H

#include "base/source.h"

enum { IGNORES_PER_FILE = 1024 };

typedef struct Ignore {
    Span comment;      /* all of it */
    Span covers;       /* what begins in these bytes is silenced; empty: nothing */
    const Text *rules; /* ids, or "category/" "*" */
    uint32_t nrules;
    Text reason;
    Text until;         /* as written; empty: for good */
    uint32_t until_day; /* the last day on which it counts, since 1970-01-01 */
    Text problem;       /* why it silences nothing; empty: it is well formed */
} Ignore;

typedef struct Ignores Ignores;

Ignores *ignores_new(Arena *arena);

/* Keeps a copy, unless that comment is there already. Its spans are of the file
 * itself (span_origin), both of the same one. */
void ignores_add(Ignores *ignores, const Ignore *ignore);

/* Those of a file, by place. */
const Ignore *ignores_of(const Ignores *ignores, uint32_t file, uint32_t *count);

#endif
