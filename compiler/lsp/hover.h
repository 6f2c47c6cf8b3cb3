/*
 * hover.h: why what stands here was found, and whether the image here may be pulled.
 */
#ifndef BERTH_LSP_HOVER_H
#define BERTH_LSP_HOVER_H

#include "lsp/places.h"

/* Adds a Hover for a place of the file at `path`, or null where there is nothing to say:
 * each finding with its proof, then each reference with its verdict. `report` is the
 * last analysis's, with an arena for the answer alone. */
void hover_add(Places *places, const Report *report, Text path, Position position,
               JsonOut *json);

#endif
