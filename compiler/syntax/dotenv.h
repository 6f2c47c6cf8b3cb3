/*
 * dotenv.h: the variables of an ".env" file. [inputs C8]
 *
 * As compose-go reads it: "K=V", "export K=V", "K: V"; '...' is literal, "..." has
 * escapes and may span lines, " #" begins a comment; values but literal ones may
 * refer to earlier keys and to `outer`, which also wins over what the file says. A
 * key without a value is taken from `outer`. What is no entry is said
 * ("input/syntax"), without its bytes, and passed over up to the end of its line.
 * Entries beyond DOTENV_ENTRIES_MAX are not read, which is said too.
 */
#ifndef BERTH_SYNTAX_DOTENV_H
#define BERTH_SYNTAX_DOTENV_H

#include "base/diag.h"
#include "base/intern.h"
#include "base/source.h"
#include "syntax/expand.h"

enum { DOTENV_ENTRIES_MAX = 1 << 16 };

typedef struct DotenvEntry {
    Text name, value; /* value: expanded, may hold holes */
    Span span;        /* of the value as written, quotes included */
} DotenvEntry;

typedef struct Dotenv {
    DotenvEntry *entries; /* in order of first mention */
    uint32_t count, capacity;
    Symbols *names;
    uint32_t *by_name; /* by the name's symbol: index of its entry + 1, 0: none */
    uint32_t nnames, names_capacity;
} Dotenv;

Dotenv *dotenv_new(Arena *arena);
/* Adds the entries of a file; one that is there already takes the new value. */
void dotenv_read(Dotenv *dotenv, Arena *arena, Sources *sources, uint32_t file,
                 Variables outer, Diags *diags);
/* NULL when the file has no such key, or one without a value. */
const DotenvEntry *dotenv_find(const Dotenv *dotenv, Text name);

#endif
