/*
 * relation.h: the rows of a relation, as a set, and indexes of them. Private to the
 * engine.
 *
 * Rows are numbered from 0 in the order they came, which is the order of their
 * heights: a row's height is that of its lowest proof. An index holds, for each
 * combination of values of its columns, the numbers of the rows that have it, rising.
 * Hash tables decide nothing but speed: no order depends on them.
 */
#ifndef BERTH_DATALOG_RELATION_H
#define BERTH_DATALOG_RELATION_H

#include "datalog/ast.h"

#define NO_ROW UINT32_MAX

typedef struct StoreSlot {
    uint32_t hash; /* most rows that differ end here, unseen */
    uint32_t row;  /* 1 + its number; 0 is free */
} StoreSlot;

typedef struct Store {
    uint32_t arity;
    uint32_t count, capacity; /* rows */
    uint32_t *cells;
    StoreSlot *slots;
    uint32_t nslots; /* a power of two, at least 1.5 times `count` */
    uint32_t *below; /* below[h]: how many rows have a height less than h */
    uint32_t nbelow, cbelow;
    const uint32_t *facts; /* clauses of the first rows, which are the program's own */
    uint32_t nfacts;
    uint32_t *heights; /* by row; only of the naive evaluator, which knows no order */
} Store;

typedef struct IndexSlot {
    uint32_t first, last; /* 1 + row; 0 is free */
} IndexSlot;

typedef struct Index {
    uint8_t columns[ARITY_MAX];
    uint32_t ncolumns;
    uint32_t rows, capacity; /* rows that are in it */
    uint32_t *next;          /* by row: 1 + the next one with the same values */
    IndexSlot *slots;
    uint32_t nslots, nkeys;
} Index;

static inline const uint32_t *store_row(const Store *store, uint32_t row)
{
    return store->cells + (size_t)row * store->arity;
}

/* Adds a row; false when it was there. *number is its number in either case. */
bool store_add(Arena *arena, Store *store, const uint32_t *row, uint32_t *number);
/* NO_ROW when it is not there. */
uint32_t store_find(const Store *store, const uint32_t *row);

/* The rows so far, and no later ones, have heights less than `height`. */
void store_close(Arena *arena, Store *store, uint32_t height);
uint32_t store_height(const Store *store, uint32_t row);
static inline uint32_t store_below(const Store *store, uint32_t height)
{
    return height < store->nbelow ? store->below[height] : store->count;
}

void index_init(Index *index, uint32_t columns);
/* Brings it up to the rows that are there now. */
void index_update(Arena *arena, Index *index, const Store *store);
/* The first row with these values (one for each column of the index, in their
 * order), or NO_ROW; index_next gives the others. */
uint32_t index_first(const Index *index, const Store *store, const uint32_t *key);
static inline uint32_t index_next(const Index *index, uint32_t row)
{
    return index->next[row] - 1;
}

#endif
