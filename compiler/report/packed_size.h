/*
 * packed_size.h: how large a text will be when it is compressed, without compressing it.
 *
 * For limits that count gzip's bytes. It looks for earlier occurrences as DEFLATE does,
 * but less thoroughly, and counts more for what it finds and a whole byte for what it does
 * not: gzip does better than this. Private to the reports.
 */
#ifndef BERTH_REPORT_PACKED_SIZE_H
#define BERTH_REPORT_PACKED_SIZE_H

#include "base/buffer.h"

typedef struct PackedSize PackedSize;

PackedSize *packed_size_new(Arena *arena);

/* Counts what was added to `out` since the last call; returns the size of all that was
 * counted. What was counted and then cut off again stays counted. */
size_t packed_size_add(PackedSize *size, const Buffer *out);

#endif
