#include "datalog/relation.h"

#include <assert.h>
#include <string.h>

/* Ids are small and dense; each cell moves every bit of the hash. */
static inline uint64_t mix(uint64_t hash, uint32_t cell)
{
    hash = (hash ^ cell) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

static inline uint32_t hash_row(const uint32_t *row, uint32_t arity)
{
    uint64_t hash = arity;

    for (uint32_t i = 0; i < arity; i++)
        hash = mix(hash, row[i]);
    return (uint32_t)(hash >> 16);
}

static inline bool row_equal(const uint32_t *left, const uint32_t *right,
                             uint32_t arity)
{
    for (uint32_t i = 0; i < arity; i++) {
        if (left[i] != right[i])
            return false;
    }
    return true;
}

/* The slot that holds the row, or the free one where it belongs. */
static inline StoreSlot *slot_of(const Store *store, const uint32_t *row, uint32_t hash)
{
    uint32_t mask = store->nslots - 1;

    for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
        StoreSlot *slot = &store->slots[i];

        if (slot->row == 0 ||
            (slot->hash == hash &&
             row_equal(store_row(store, slot->row - 1), row, store->arity)))
            return slot;
    }
}

static void widen(Arena *arena, Store *store)
{
    StoreSlot *before = store->slots;
    uint32_t count = store->nslots;

    store->nslots = count ? count * 2 : 16;
    store->slots = ARENA_ARRAY(arena, store->nslots, StoreSlot);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t mask = store->nslots - 1, j = before[i].hash & mask;

        while (before[i].row && store->slots[j].row)
            j = (j + 1) & mask;
        if (before[i].row)
            store->slots[j] = before[i];
    }
}

static void lengthen(Arena *arena, Store *store)
{
    uint32_t larger = store->capacity ? store->capacity * 2 : 8;
    size_t arity = store->arity;
    uint32_t *cells = ARENA_ARRAY(arena, larger * arity, uint32_t);

    if (store->count)
        memcpy(cells, store->cells, store->count * arity * sizeof(*cells));
    store->cells = cells;
    store->capacity = larger;
}

bool store_add(Arena *arena, Store *store, const uint32_t *row, uint32_t *number)
{
    uint32_t hash = hash_row(row, store->arity);

    if (store->count >= store->nslots / 3 * 2)
        widen(arena, store);
    StoreSlot *slot = slot_of(store, row, hash);
    if (slot->row) {
        *number = slot->row - 1;
        return false;
    }
    if (store->count == store->capacity)
        lengthen(arena, store);
    uint32_t *cells = store->cells + (size_t)store->count * store->arity;
    for (uint32_t i = 0; i < store->arity; i++)
        cells[i] = row[i];
    *number = store->count++;
    *slot = (StoreSlot){hash, store->count};
    return true;
}

uint32_t store_find(const Store *store, const uint32_t *row)
{
    if (store->count == 0)
        return NO_ROW;
    return slot_of(store, row, hash_row(row, store->arity))->row - 1;
}

void store_close(Arena *arena, Store *store, uint32_t height)
{
    while (store->nbelow <= height) {
        ARRAY_GROW(arena, store->below, store->nbelow, store->cbelow);
        store->below[store->nbelow] = store->nbelow ? store->count : 0;
        store->nbelow++;
    }
}

uint32_t store_height(const Store *store, uint32_t row)
{
    uint32_t low = 0, high = store->nbelow;

    if (store->heights)
        return store->heights[row];
    /* The largest h with below[h] <= row; below[0] is 0. */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (store->below[middle] <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void index_init(Index *index, uint32_t columns)
{
    for (uint8_t i = 0; i < ARITY_MAX; i++) {
        if (columns >> i & 1)
            index->columns[index->ncolumns++] = i;
    }
}

static inline void key_of(const Index *index, const Store *store, uint32_t row,
                          uint32_t *key)
{
    const uint32_t *cells = store_row(store, row);

    for (uint32_t i = 0; i < index->ncolumns; i++)
        key[i] = cells[index->columns[i]];
}

static inline bool has_key(const Index *index, const Store *store, uint32_t row,
                           const uint32_t *key)
{
    const uint32_t *cells = store_row(store, row);

    for (uint32_t i = 0; i < index->ncolumns; i++) {
        if (cells[index->columns[i]] != key[i])
            return false;
    }
    return true;
}

static inline IndexSlot *index_slot(const Index *index, const Store *store,
                                    const uint32_t *key)
{
    uint32_t mask = index->nslots - 1;

    for (uint32_t i = hash_row(key, index->ncolumns) & mask;; i = (i + 1) & mask) {
        IndexSlot *slot = &index->slots[i];

        if (slot->first == 0 || has_key(index, store, slot->first - 1, key))
            return slot;
    }
}

static void index_widen(Arena *arena, Index *index, const Store *store)
{
    IndexSlot *before = index->slots;
    uint32_t count = index->nslots;

    index->nslots = count ? count * 2 : 16;
    index->slots = ARENA_ARRAY(arena, index->nslots, IndexSlot);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t key[ARITY_MAX];

        if (before[i].first == 0)
            continue;
        key_of(index, store, before[i].first - 1, key);
        *index_slot(index, store, key) = before[i];
    }
}

void index_update(Arena *arena, Index *index, const Store *store)
{
    if (index->rows == store->count)
        return;
    if (index->capacity < store->count) {
        uint32_t *next = ARENA_ARRAY(arena, store->capacity, uint32_t);

        if (index->rows)
            memcpy(next, index->next, index->rows * sizeof(*next));
        index->next = next;
        index->capacity = store->capacity;
    }
    for (uint32_t row = index->rows; row < store->count; row++) {
        uint32_t key[ARITY_MAX];

        if (index->nkeys >= index->nslots / 2)
            index_widen(arena, index, store);
        key_of(index, store, row, key);
        IndexSlot *slot = index_slot(index, store, key);
        if (slot->first == 0) {
            slot->first = row + 1;
            index->nkeys++;
        } else {
            index->next[slot->last - 1] = row + 1;
        }
        slot->last = row + 1;
    }
    index->rows = store->count;
}

uint32_t index_first(const Index *index, const Store *store, const uint32_t *key)
{
    return index->nslots ? index_slot(index, store, key)->first - 1 : NO_ROW;
}
