/*
 * lsp_look.h: how `berth lsp` looks at the workspace: again and again.
 *
 * Each look reads every file again, since any may have changed; the rules are compiled
 * again only when they have. Memory of a look ends with the next one.
 */
#ifndef BERTH_LSP_LOOK_H
#define BERTH_LSP_LOOK_H

#include "lsp/session.h"
#include "options.h"

typedef struct Look Look;

/* `rules`: those of options->rules, absolute; both must outlive it. */
Look *look_new(Arena *arena, const Options *options, const Text *rules);
/* Frees what is not the arena's. */
void look_end(Look *look);

/* Host.analyse, with a Look as the context. */
const Analysis *look_at(void *context, Text root, const Documents *documents);

#endif
