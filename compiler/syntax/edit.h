/*
 * edit.h: changes to YAML and JSONC that keep every other byte.
 *
 * A Change says what is meant, at the place of a value or of a key; edit_plan makes it
 * bytes in the style that stands there: comments, quotes, indentation, line ends, flow
 * or block stay. The outcome is read again, and must be exactly the tree that was meant;
 * else it is refused. A change that would reach further than its place (through an
 * alias, a merge key), or meets another one, is refused by itself, with the reason.
 */
#ifndef BERTH_SYNTAX_EDIT_H
#define BERTH_SYNTAX_EDIT_H

#include "base/edits.h"

typedef enum ChangeKind {
    CHANGE_REPLACE, /* the scalar at `at`, or the key, by `value` */
    CHANGE_REMOVE,  /* the item or the member at `at` */
    CHANGE_APPEND,  /* `value` to the list `key` of the mapping that encloses `at`; the
                       list is made where there is none */
    CHANGE_SET,     /* `key` of the mapping that encloses `at` to `value` */
    CHANGE_MOVE /* the member at `at` into the mapping `key` beside it, which is made
                       where there is none (in braces only) */
} ChangeKind;

typedef struct Change {
    ChangeKind kind;
    Span at; /* of a value, of a key, or of both */
    Text key, value;
    bool is_word;        /* the value is `true`, a number, ...: never in quotes */
    const char *refused; /* set by edit_plan: why; NULL: it is in the plan */
} Change;

typedef struct EditFile EditFile;

/* A file to be changed, read once. Whether it is YAML or JSON is told by its name. */
EditFile *edit_open(Arena *arena, Sources *sources, uint32_t file);

typedef struct EditPlan {
    const Edit *edits; /* by place, and apart */
    uint32_t count;
    Text after; /* the file with them made */
} EditPlan;

/* Plans the changes of one file together. Of two that meet, the first is planned and the
 * other refused; of two that are the same, both are. False when the file would not have
 * read as it should: those at fault are then refused too (all, where there are many). */
bool edit_plan(EditFile *file, Change *changes, uint32_t count, EditPlan *plan);

/* How many bytes edit_plan reads each time. */
size_t edit_cost(const EditFile *file);

#endif
