/*
 * pages.h: the items of a dump, whichever way its pages were printed.
 *
 * gh api prints a body as it is; --paginate prints one after another, and joins those
 * that are arrays; --slurp makes them the elements of an array; gh secret list --json
 * prints an array; --jq '.[]' one item after another.
 */
#ifndef BERTH_IMPORT_PAGES_H
#define BERTH_IMPORT_PAGES_H

#include "import/records.h"
#include "syntax/tree.h"

typedef struct Dump {
    Import *import;
    const Tree *tree;
    Text path; /* of the file */
    DumpPath at;
    bool is_whole; /* nothing is known to be missing */
} Dump;

/* Adds what is wrong with the dump at a value; it is not whole then. */
void dump_wrong(Dump *dump, NodeId node, const char *format, ...) BERTH_FORMAT(3, 4);

/* Calls `take` for every item, an object each. Says what is no page, where the API
 * answered with an error instead, and where entries are missing by its own count; the
 * dump is not whole then. */
void pages_each(Dump *dump, void (*take)(Dump *dump, NodeId item));

#endif
