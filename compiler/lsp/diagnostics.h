/*
 * diagnostics.h: findings as an editor shows them.
 *
 * After each analysis every file whose diagnostics changed is published, also the ones
 * that nobody has open; a file that has none any more is published empty.
 */
#ifndef BERTH_LSP_DIAGNOSTICS_H
#define BERTH_LSP_DIAGNOSTICS_H

#include "lsp/places.h"

/* What the editor was told. Start with {0}. */
typedef struct Publication {
    Arena *arena;
    struct Published *items; /* by path */
    uint32_t count, capacity;
} Publication;

/* False when it needs too much memory: the rest was not told. */
bool diagnostics_publish(Session *session, Publication *publication);
void publication_end(Publication *publication);

/* One finding, which has a place: a Diagnostic. */
void diagnostic_add(Places *places, const Finding *finding, JsonOut *json);

#endif
