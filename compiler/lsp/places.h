/*
 * places.h: spans of the last analysis as LSP names places, and back.
 *
 * Of each file the lines are looked for once.
 */
#ifndef BERTH_LSP_PLACES_H
#define BERTH_LSP_PLACES_H

#include "lsp/session.h"

typedef struct Places {
    Session *session;
    Arena *arena;
    Lines *lines; /* by the file's number; count 0: not looked for yet */
} Places;

/* Of session->analysis, which has a report. */
Places places_new(Session *session, Arena *arena);

const Lines *places_lines(Places *places, uint32_t file);
Range places_range(Places *places, Span span);
Text places_uri(const Places *places, uint32_t file);
/* Whether the file is one of the workspace, and at this path. */
bool places_is(const Places *places, uint32_t file, Text path);
/* Whether a span lies in the file at `path`, and touches the range. */
bool places_touch(Places *places, Span span, Text path, Range range);

void location_add(Places *places, Span span, JsonOut *json); /* {"uri", "range"} */

#endif
