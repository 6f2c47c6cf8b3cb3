#include "base/arena.h"

#include <assert.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef BERTH_PAGE_BYTES
#define BERTH_PAGE_BYTES 65536
#endif

typedef struct Page {
    struct Page *next;
    size_t size, used;
    alignas(max_align_t) char bytes[];
} Page;

typedef struct Deferred {
    struct Deferred *next;
    void (*close)(void *handle);
    void *handle;
} Deferred;

struct Arena {
    Page *page;
    Deferred *deferred;
    size_t limit, used;
    jmp_buf *escape;
    Arena *parent; /* of a scratch arena: its escape counts */
};

Arena *arena_new(size_t limit)
{
    Arena *arena = calloc(1, sizeof(*arena));

    if (arena)
        arena->limit = limit;
    return arena;
}

static void free_pages(Page *page)
{
    while (page) {
        Page *next = page->next;

        free(page);
        page = next;
    }
}

static void close_deferred(Arena *arena)
{
    for (Deferred *deferred = arena->deferred; deferred; deferred = deferred->next)
        deferred->close(deferred->handle);
    arena->deferred = NULL;
}

void arena_free(Arena *arena)
{
    if (!arena)
        return;
    close_deferred(arena);
    free_pages(arena->page);
    free(arena);
}

static BERTH_COLD _Noreturn void overflow(Arena *arena)
{
    while (arena->parent)
        arena = arena->parent;
    if (arena->escape)
        longjmp(*arena->escape, 1);
    fputs("berth: out of memory\n", stderr);
    exit(3);
}

/* A block larger than a page gets a page of its own behind the current one, so
 * that the room left in the current page is not lost. */
static Page *page_push(Arena *arena, size_t bytes)
{
    bool own = arena->page && bytes > BERTH_PAGE_BYTES / 4;
    size_t size = own || bytes > BERTH_PAGE_BYTES ? bytes : BERTH_PAGE_BYTES;
    Page *page = size > SIZE_MAX - sizeof(Page) ? NULL : calloc(1, sizeof(Page) + size);

    if (!page)
        overflow(arena);
    page->size = size;
    if (own) {
        page->next = arena->page->next;
        arena->page->next = page;
    } else {
        page->next = arena->page;
        arena->page = page;
    }
    return page;
}

void *arena_alloc(Arena *arena, size_t count, size_t size)
{
    const size_t align = alignof(max_align_t);

    if (size != 0 && count > (arena->limit - arena->used) / size)
        overflow(arena); /* also what keeps count * size from wrapping */
    size_t bytes = (count * size + align - 1) / align * align;
    Page *page = arena->page;

    if (!page || bytes > page->size - page->used)
        page = page_push(arena, bytes);
    void *block = page->bytes + page->used;
    page->used += bytes;
    arena->used += count * size;
    return block;
}

static void free_scratch(void *handle)
{
    arena_free(handle);
}

Arena *arena_scratch(Arena *parent)
{
    Arena *arena = arena_new(parent->limit);

    if (!arena)
        overflow(parent);
    arena->parent = parent;
    arena_defer(parent, free_scratch, arena);
    return arena;
}

/* One page of the usual size stays, so that a small piece of work costs no malloc. */
void arena_reset(Arena *arena)
{
    Page *page = arena->page;

    close_deferred(arena);
    arena->used = 0;
    if (!page)
        return;
    free_pages(page->next);
    page->next = NULL;
    if (BERTH_PAGE_BYTES > 1 && page->size == BERTH_PAGE_BYTES) {
        memset(page->bytes, 0, page->used);
        page->used = 0;
    } else {
        free_pages(page);
        arena->page = NULL;
    }
}

Text arena_copy(Arena *arena, Text text)
{
    char *copy = arena_alloc(arena, text.len + 1, 1);

    if (text.len)
        memcpy(copy, text.at, text.len);
    return (Text){copy, text.len};
}

Text arena_format(Arena *arena, const char *format, ...)
{
    va_list arguments, again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(len >= 0);
    char *text = arena_alloc(arena, (size_t)len + 1, 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return (Text){text, (size_t)len};
}

void arena_defer(Arena *arena, void (*close)(void *handle), void *handle)
{
    Deferred *deferred = ARENA_NEW(arena, Deferred);

    *deferred = (Deferred){arena->deferred, close, handle};
    arena->deferred = deferred;
}

bool arena_run(Arena *arena, void (*work)(void *context), void *context)
{
    jmp_buf escape, *outer = arena->escape;

    if (setjmp(escape)) {
        arena->escape = outer;
        return false;
    }
    arena->escape = &escape;
    work(context);
    arena->escape = outer;
    return true;
}

size_t arena_used(const Arena *arena)
{
    return arena->used;
}

void *array_grow(Arena *arena, void *items, uint32_t count, uint32_t *capacity,
                 size_t size)
{
    if (count < *capacity)
        return items;
    if (count > UINT32_MAX / 2)
        overflow(arena);
    uint32_t larger = *capacity ? *capacity * 2 : 8;
    void *grown = arena_alloc(arena, larger, size);

    if (count)
        memcpy(grown, items, (size_t)count * size);
    *capacity = larger;
    return grown;
}
