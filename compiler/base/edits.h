/*
 * edits.h: what stands elsewhere in a file, and what shall stand there.
 *
 * An Edit replaces the bytes of a span; an empty span is a place to insert at, an empty
 * text removes. Edits of one file are kept by place and apart from each other, so that
 * they can be made at once. A patch shows them as `git apply` and patch(1) read it.
 */
#ifndef BERTH_BASE_EDITS_H
#define BERTH_BASE_EDITS_H

#include "base/source.h"

typedef struct Edit {
    Span span;
    Text text;
} Edit;

/* The bytes of a file with its edits made; they stand by place, and apart. */
Text edits_apply(Arena *arena, Text bytes, const Edit *edits, uint32_t count);

/* Adds the edits of one file (by place, and apart) as a unified diff of "a/PATH" and
 * "b/PATH" with three lines around each change. False, and nothing is added, when it
 * would show a line with a secret. */
bool edits_add_patch(Sources *sources, uint32_t file, const Edit *edits, uint32_t count,
                     Buffer *out);

#endif
