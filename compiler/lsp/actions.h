/*
 * actions.h: what an editor offers to do about a finding: quick fixes.
 */
#ifndef BERTH_LSP_ACTIONS_H
#define BERTH_LSP_ACTIONS_H

#include "lsp/places.h"

/* Adds an array of CodeActions for the findings of the file at `path` that touch the
 * range: what mends each (fix/fix.h), and a comment that silences it, with a reason to
 * be written. `report` is the last analysis's, with an arena for the answer alone. */
void actions_add(Places *places, const Report *report, Text path, Range range,
                 JsonOut *json);

/* Whether a client that asks for `only` these kinds wants quick fixes. NONE: all. */
bool actions_are_wanted(const Message *message, NodeId only);

#endif
