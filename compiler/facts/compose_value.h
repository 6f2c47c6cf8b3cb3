/*
 * compose_value.h: what compose files say, as values that can be merged.
 *
 * A value is made once and never changed, so that merged values share what they have
 * in common. It keeps where it was written, and its origin: which directory relative
 * paths in it start from, and the way to its file. Aliases, merge keys and variables
 * are resolved in it; what several aliases stand for is one value. Its depth is at most COMPOSE_DEPTH, which bounds the recursion
 * of whoever walks it; making and merging values is counted against one number,
 * COMPOSE_STEPS_MAX, for a whole project.
 */
#ifndef BERTH_FACTS_COMPOSE_VALUE_H
#define BERTH_FACTS_COMPOSE_VALUE_H

#include "facts/reference.h"
#include "syntax/expand.h"
#include "syntax/tree.h"

enum {
    COMPOSE_DEPTH = 100,        /* nesting; deeper is said and left out */
    COMPOSE_STEPS_MAX = 1 << 19 /* values made, members merged, entries looked at */
};

typedef struct ComposeOrigin {
    Text directory; /* clean */
    const Via *via; /* to the file that the value stands in */
} ComposeOrigin;

typedef enum ComposeTag { TAG_NONE, TAG_RESET, TAG_OVERRIDE } ComposeTag;

typedef struct ComposeValue ComposeValue;

typedef struct ComposeMember {
    Text key; /* empty in an array */
    Span key_span;
    const ComposeValue *value;
} ComposeMember;

struct ComposeValue {
    NodeKind kind; /* NULL, BOOLEAN, NUMBER, STRING, ARRAY or OBJECT */
    ComposeTag tag;
    bool is_tagged;    /* it, or something in it, has a tag */
    bool is_redefined; /* a service that an included file has too */
    bool is_refused;   /* compose refuses its variables; said */
    Text text;         /* of a scalar, variables expanded */
    Text written;      /* of a scalar, as the file has it */
    Text hole;         /* the first variable in `text` that only the machine knows */
    Span span;
    const ComposeOrigin *origin;
    const ComposeMember *members; /* keys are unique */
    uint32_t count;
    const uint32_t *by_key; /* members in the order of their keys; NULL: few */
    uint32_t height;        /* levels below it */
    uint32_t size;          /* keys and values, each alias in full */
};

/* The state of one project's loading that all steps share. */
typedef struct ComposeWork {
    Arena *arena;
    Diags *diags;
    uint32_t steps;
    bool is_exhausted; /* said */
} ComposeWork;

/* Counts `count` steps for what stands at `span`; false, and said once, when the
 * project has used up its steps. */
bool compose_spend(ComposeWork *work, uint32_t count, Span span);

/* The value of a document, with its variables expanded by `variables`. Never NULL. */
const ComposeValue *compose_value_read(ComposeWork *work, const Tree *tree, NodeId id,
                                       Variables variables,
                                       const ComposeOrigin *origin);

/* A member of an object, or NULL; NULL also when `object` is NULL or none. */
const ComposeMember *compose_member(const ComposeValue *object, Text key);
/* Its value, NULL when it is absent or null. */
const ComposeValue *compose_find(const ComposeValue *object, const char *key);
bool compose_is(const ComposeValue *value, NodeKind kind); /* false for NULL */
/* The text of a string that compose does not refuse, else an empty text. */
Text compose_text(const ComposeValue *value);

/* An object of `members`, the last one of each key; `like` gives all else. */
const ComposeValue *compose_object(ComposeWork *work, const ComposeValue *like,
                                   ComposeMember *members, uint32_t count);
/* `object` with a member replaced or added (NULL value: taken out). */
const ComposeValue *compose_with(ComposeWork *work, const ComposeValue *object,
                                 ComposeMember member);

/* --- compose_merge.c --- */

/* A service in the one form in which services can be merged: `build` as a mapping,
 * lists of "KEY=VALUE" and lists of names as mappings. */
const ComposeValue *compose_canonical(ComposeWork *work, const ComposeValue *service);

/* `over` merged over `base` (NULL: nothing), by compose's rules. [inputs C10] `keep`:
 * what !reset and !override mean is kept for a further merge; else it has been done,
 * and the result has no tags. NULL when nothing is left. */
const ComposeValue *compose_merge(ComposeWork *work, const ComposeValue *base,
                                  const ComposeValue *over, bool keep);

/* A copy of a service whose ways lead over `to` where they led over `from`. */
const ComposeValue *compose_reroute(ComposeWork *work, const ComposeValue *service,
                                    const Via *from, const Via *to);

#endif
