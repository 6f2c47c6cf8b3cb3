/*
 * diag.h: what a reader has to say about its input.
 *
 * A Diag belongs to a rule of the catalogue ("input/syntax"), whose metadata
 * gives severity and help; a rule file's own errors have the rule "". Messages
 * follow one law: lower case, no full stop, what is wrong first, then what was
 * expected, the subject in 'quotes'. They never hold bytes of a value that could
 * be a credential. A file that has said DIAGS_PER_FILE things says no more; the
 * rest is counted.
 */
#ifndef BERTH_BASE_DIAG_H
#define BERTH_BASE_DIAG_H

#include "base/arena.h"
#include "base/source.h"

typedef struct Diag {
    const char *rule;
    Span span;
    Text message;
    Text help;         /* empty: the rule's own */
    Span related;      /* file 0: none */
    Text related_says; /* what the related place shows */
    Text meant;        /* what would stand at `span`, where that is known; or empty */
} Diag;

typedef struct Diags {
    Arena *arena;
    Diag *items;
    uint32_t count, capacity;
    uint32_t file, in_file, dropped;
} Diags;

enum { DIAGS_PER_FILE = 50 };

Diags *diags_new(Arena *arena);

/* Adds one. The result is a scratch entry when the file has said enough, and is
 * valid until the next addition. */
Diag *diag_add(Diags *diags, const char *rule, Span span, const char *format, ...)
    BERTH_FORMAT(4, 5);
/* The same, for `return diag_error(...)`: always false. */
bool diag_error(Diags *diags, const char *rule, Span span, const char *format, ...)
    BERTH_FORMAT(4, 5);

#endif
