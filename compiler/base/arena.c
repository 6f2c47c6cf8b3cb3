/* MAP_ANONYMOUS and MADV_HUGEPAGE are Linux's: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include "base/arena.h"

#include <assert.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifndef BERTH_PAGE_BYTES
#define BERTH_PAGE_BYTES 65536
#endif

enum { HUGE_BYTES = 2 << 20 };

typedef struct Page {
    struct Page *next;
    size_t size, used;
    size_t mapped; /* bytes of a mapping of its own; 0: malloc's */
    alignas(max_align_t) char bytes[];
} Page;

typedef struct Deferred {
    struct Deferred *next;
    void (*close)(void *handle);
    void *handle;
} Deferred;

struct Arena {
    Page *page;
    Page *spare; /* of before arena_rewind, zeroed */
    Deferred *deferred;
    size_t limit, used;
    size_t page_bytes; /* of the next page: they grow with the work */
    jmp_buf *escape;
    Arena *parent; /* of a scratch arena: its escape counts */
};

Arena *arena_new(size_t limit)
{
    Arena *arena = calloc(1, sizeof(*arena));

    if (arena) {
        arena->limit = limit;
        arena->page_bytes = BERTH_PAGE_BYTES;
    }
    return arena;
}

static void free_pages(Page *page)
{
    while (page) {
        Page *next = page->next;

        if (page->mapped)
            (void)munmap(page, page->mapped);
        else
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
    free_pages(arena->spare);
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

/* Much memory is mapped, in huge pages where the kernel has them: to touch 4 KiB at a
 * time costs more than to fill them. */
static Page *page_map(size_t bytes)
{
    size_t size = (bytes + HUGE_BYTES - 1) / HUGE_BYTES * HUGE_BYTES;
    size_t whole = size + HUGE_BYTES;
    char *at = mmap(NULL, whole, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (at == MAP_FAILED)
        return NULL;
    size_t before = (HUGE_BYTES - (uintptr_t)at % HUGE_BYTES) % HUGE_BYTES;
    if (before)
        (void)munmap(at, before);
    (void)munmap(at + before + size, whole - before - size);
    (void)madvise(at + before, size, MADV_HUGEPAGE);
    Page *page = (Page *)(void *)(at + before);
    page->mapped = size;
    return page;
}

static Page *page_new(size_t size)
{
    size_t bytes = sizeof(Page) + size;
    Page *page = NULL;

    if (size > SIZE_MAX / 2)
        return NULL;
    if (BERTH_PAGE_BYTES > 1 && bytes >= HUGE_BYTES)
        page = page_map(bytes);
    if (!page)
        page = calloc(1, bytes);
    if (page)
        page->size = page->mapped ? page->mapped - sizeof(Page) : size;
    return page;
}

/* The smallest spare page that has room, unless most of it would be lost; or NULL. */
static Page *take_spare(Arena *arena, size_t size)
{
    Page **best = NULL;

    for (Page **at = &arena->spare; *at; at = &(*at)->next) {
        if ((*at)->size >= size && (*at)->size / 2 <= size + HUGE_BYTES / 2 &&
            (!best || (*at)->size < (*best)->size))
            best = at;
    }
    if (!best)
        return NULL;
    Page *page = *best;
    *best = page->next;
    page->next = NULL;
    return page;
}

/* A block that is large for a page gets a page of its own behind the current one, so
 * that the room left in the current page is not lost. */
static Page *page_push(Arena *arena, size_t bytes)
{
    bool own = arena->page && bytes > arena->page_bytes / 4;
    size_t size = own || bytes > arena->page_bytes ? bytes : arena->page_bytes;
    Page *page = take_spare(arena, size);

    if (!page)
        page = page_new(size);

    if (!page)
        overflow(arena);
    if (own) {
        page->next = arena->page->next;
        arena->page->next = page;
        return page;
    }
    page->next = arena->page;
    arena->page = page;
    if (BERTH_PAGE_BYTES > 1 && arena->page_bytes < HUGE_BYTES)
        arena->page_bytes *= 2;
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
    free_pages(arena->spare);
    arena->spare = NULL;
    arena->used = 0;
    if (!page)
        return;
    free_pages(page->next);
    page->next = NULL;
    arena->page_bytes = BERTH_PAGE_BYTES;
    if (BERTH_PAGE_BYTES > 1 && !page->mapped) {
        memset(page->bytes, 0, page->used);
        page->used = 0;
    } else {
        free_pages(page);
        arena->page = NULL;
    }
}

void arena_rewind(Arena *arena)
{
    Page *page = arena->page;

    if (BERTH_PAGE_BYTES == 1) {
        arena_reset(arena);
        return;
    }
    close_deferred(arena);
    free_pages(arena->spare);
    for (Page *at = page; at; at = at->next) {
        memset(at->bytes, 0, at->used);
        at->used = 0;
    }
    arena->spare = page;
    arena->page = NULL;
    arena->used = 0;
    arena->page_bytes = BERTH_PAGE_BYTES;
}

void *arena_copy_items(Arena *arena, const void *items, size_t count, size_t size)
{
    void *copy = arena_alloc(arena, count, size);

    return count ? memcpy(copy, items, count * size) : copy;
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
