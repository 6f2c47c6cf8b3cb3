#include "base/ignore.h"

typedef struct IgnoreList {
    Ignore *items; /* by the comment's start */
    uint32_t count, capacity;
} IgnoreList;

struct Ignores {
    Arena *arena;
    IgnoreList *files; /* by file number */
    uint32_t nfiles, capacity;
};

Ignores *ignores_new(Arena *arena)
{
    Ignores *ignores = ARENA_NEW(arena, Ignores);

    ignores->arena = arena;
    return ignores;
}

static IgnoreList *list_of(Ignores *ignores, uint32_t file)
{
    while (ignores->nfiles <= file) {
        ARRAY_GROW(ignores->arena, ignores->files, ignores->nfiles, ignores->capacity);
        ignores->files[ignores->nfiles++] = (IgnoreList){0};
    }
    return &ignores->files[file];
}

/* Where a comment that starts there stands in the list, or would. */
static uint32_t position(const IgnoreList *list, uint32_t start)
{
    uint32_t low = 0, high = list->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (list->items[middle].comment.start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static Ignore copy(Arena *arena, const Ignore *ignore)
{
    Ignore copied = *ignore;
    Text *rules = ARENA_ARRAY(arena, ignore->nrules, Text);

    for (uint32_t i = 0; i < ignore->nrules; i++)
        rules[i] = arena_copy(arena, ignore->rules[i]);
    copied.rules = rules;
    copied.reason = arena_copy(arena, ignore->reason);
    copied.until = arena_copy(arena, ignore->until);
    copied.problem = arena_copy(arena, ignore->problem);
    return copied;
}

void ignores_add(Ignores *ignores, const Ignore *ignore)
{
    IgnoreList *list = list_of(ignores, ignore->comment.file);
    uint32_t at = position(list, ignore->comment.start);

    if (at < list->count && list->items[at].comment.start == ignore->comment.start)
        return;
    if (list->count > IGNORES_PER_FILE)
        return;
    ARRAY_GROW(ignores->arena, list->items, list->count, list->capacity);
    for (uint32_t i = list->count++; i > at; i--)
        list->items[i] = list->items[i - 1];
    list->items[at] = copy(ignores->arena, ignore);
    if (list->count > IGNORES_PER_FILE)
        list->items[at].problem =
            TEXT("this file has more than 1,024 suppressions; this one silences "
                 "nothing, and those behind it neither");
}

const Ignore *ignores_of(const Ignores *ignores, uint32_t file, uint32_t *count)
{
    *count = file < ignores->nfiles ? ignores->files[file].count : 0;
    return *count ? ignores->files[file].items : NULL;
}
