/*
 * arena.h: all the memory of one piece of work, freed at once.
 *
 * Blocks are zeroed and aligned for every type, so that {0} is every type's
 * valid start. An arena has a limit in bytes; an allocation beyond it (or one
 * that the machine refuses) leaves arena_run, which then returns false: callers
 * of the allocating functions never see NULL. Outside arena_run it ends the
 * program with status 3.
 *
 * Built with BERTH_PAGE_BYTES=1 every block is a malloc of its own, so that
 * AddressSanitizer sees an overrun between blocks.
 */
#ifndef BERTH_BASE_ARENA_H
#define BERTH_BASE_ARENA_H

#include "base/attributes.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Arena Arena;

/* NULL when the machine has no memory for it. `limit` is in bytes. */
Arena *arena_new(size_t limit);
/* Runs what was deferred, newest first, then frees every block. NULL is fine. */
void arena_free(Arena *arena);

/* For what is needed for a while only: an arena that is freed with `parent`, has its
 * limit of bytes for itself, and leaves through the parent's arena_run. Never NULL. */
Arena *arena_scratch(Arena *parent);
/* Runs what was deferred and frees every block; the arena is as new. */
void arena_reset(Arena *arena);

/* The same, but the blocks are kept for work of the same size: the machine need not give
 * them again. Those that it does not need go with the next arena_rewind. */
void arena_rewind(Arena *arena);

/* `count` zeroed elements of `size` bytes. Never NULL, not even for 0 bytes. */
void *arena_alloc(Arena *arena, size_t count, size_t size);
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, count, type)                                                \
    ((type *)arena_alloc((arena), (count), sizeof(type)))

/* A copy of `text`, followed by a NUL that is not counted. */
Text arena_copy(Arena *arena, Text text);
/* A copy of `count` items of `size` bytes each. */
void *arena_copy_items(Arena *arena, const void *items, size_t count, size_t size);
/* The formatted text, followed by a NUL that is not counted. */
Text arena_format(Arena *arena, const char *format, ...) BERTH_FORMAT(2, 3);

/* Calls `close(handle)` when the arena is freed: for what is not memory. */
void arena_defer(Arena *arena, void (*close)(void *handle), void *handle);

/* Calls `work(context)`; false when it ran out of memory and was left. */
bool arena_run(Arena *arena, void (*work)(void *context), void *context) BERTH_MUST_USE;

size_t arena_used(const Arena *arena); /* bytes asked for so far */

/* Room for one more element at the end of a growable array, which moves when it
 * grows: keep indexes, not pointers. Used as
 *     ARRAY_GROW(arena, list->items, list->count, list->capacity);
 *     list->items[list->count++] = item; */
#define ARRAY_GROW(arena, items, count, capacity)                                      \
    ((items) = array_grow((arena), (items), (count), &(capacity), sizeof(*(items))))
void *array_grow(Arena *arena, void *items, uint32_t count, uint32_t *capacity,
                 size_t size);

#endif
