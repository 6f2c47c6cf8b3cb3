/*
 * field_kind.h: what may stand in a field of a manifest or of berth.yaml.
 *
 * Names are checked as far as GitHub refuses characters, not for whether they exist.
 */
#ifndef BERTH_FACTS_FIELD_KIND_H
#define BERTH_FACTS_FIELD_KIND_H

#include "base/arena.h"
#include "syntax/tree.h"

typedef enum FieldKind {
    FIELD_TEXT,       /* any scalar */
    FIELD_WORD,       /* one of `words` */
    FIELD_BOOLEAN,    /* true or false */
    FIELD_OWNER,      /* an account's name */
    FIELD_REPOSITORY, /* owner/name */
    FIELD_PACKAGE,    /* owner/name, whose name may hold '/' */
    FIELD_HOST,       /* of a registry, as image references have it */
    FIELD_IMAGE,   /* a host, and a path if need be: the beginning of an image's name */
    FIELD_PATH,    /* relative, and not leading out */
    FIELD_TIME,    /* ISO 8601 */
    FIELD_DATE,    /* ISO 8601, a day */
    FIELD_RULE,    /* a rule's id */
    FIELD_ENTRIES, /* a list of mappings */
    FIELD_MAP      /* a mapping whose keys are free */
} FieldKind;

/* Whether the text is what a field of this kind holds; never of a FIELD_WORD, of
 * ENTRIES and of a MAP. */
bool field_kind_fits(Arena *arena, FieldKind kind, Text text);
/* "a text", or of a list "texts". */
const char *field_kind_expects(FieldKind kind, bool several);

/* "a list", "a text", ...: what stands there instead. */
const char *node_kind_says(NodeKind kind);

#endif
