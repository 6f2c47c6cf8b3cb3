/*
 * intern.h: texts as numbers.
 *
 * Equal texts get the same Symbol; symbol 0 is the empty text. Ids are given in
 * the order of first use, so they are not a sort order: what is printed sorts by
 * text. The table copies what it is given.
 */
#ifndef BERTH_BASE_INTERN_H
#define BERTH_BASE_INTERN_H

#include "base/arena.h"
#include "base/text.h"

typedef struct Symbol {
    uint32_t id;
} Symbol;

typedef struct Symbols Symbols;

Symbols *symbols_new(Arena *arena);
/* Another table that has the same symbols, and goes on from there; `symbols` must outlive
 * it, and is not changed by it. */
Symbols *symbols_fork(Arena *arena, const Symbols *symbols);
Symbol symbol_intern(Symbols *symbols, Text text);
/* The symbol of a text that was interned before; false when it never was. */
bool symbol_find(const Symbols *symbols, Text text, Symbol *symbol);
/* Never moves and ends in a NUL that is not counted. */
Text symbol_text(const Symbols *symbols, Symbol symbol);
uint32_t symbols_count(const Symbols *symbols);

#endif
