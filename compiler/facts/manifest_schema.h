/*
 * manifest_schema.h: the keys of manifests and of berth.yaml, and how a value reads.
 *
 * One table of fields a level (DESIGN 3.2, 3.3). What is read by it is checked where it
 * is read: an unknown key is "input/unknown-key"; a value that cannot be used is a Diag
 * of the rule "" at its place, and then counts as unknown, so that nothing is judged
 * from a guess. Messages never hold a value.
 */
#ifndef BERTH_FACTS_MANIFEST_SCHEMA_H
#define BERTH_FACTS_MANIFEST_SCHEMA_H

#include "facts/field_kind.h"
#include "syntax/tree.h"

typedef struct Field {
    const char *name;
    FieldKind kind;
    bool is_list;
    bool takes_none;   /* `none`, and a written null, say that there is none */
    const char *words; /* between blanks */
} Field;

typedef struct Level {
    const char *says;     /* "a repository's entry" */
    const Field *fields;  /* up to one without a name */
    bool takes_unknown;   /* `unknown` may stand for every value but a name */
    bool holds_passwords; /* the value under an unknown key is never shown */
} Level;

extern const Level level_manifest, level_organization, level_repository, level_package,
    level_secret, level_registry;
extern const Level level_berth_yaml, level_acknowledgement;

typedef struct SchemaReader {
    Arena *arena;
    Sources *sources;
    Diags *diags;
    const Tree *tree;
    uint32_t nunknown; /* unknown keys said so far; there is a limit, so that errors
                          find room among the file's Diags */
    uint32_t nitems;   /* items of lists read so far: what bounds an alias bomb */
} SchemaReader;

typedef enum ValueState {
    VALUE_ABSENT,
    VALUE_NONE,    /* a written null; or `none`, where the field takes it */
    VALUE_UNKNOWN, /* `unknown`, or what could not be used */
    VALUE_STATED
} ValueState;

typedef struct Value {
    ValueState state;
    NodeId node; /* resolved; of a list, the list */
    Text text;   /* of a scalar */
    Span span;   /* the key with its value; of an item, the item */
} Value;

/* Says which keys of `object` the level does not have. */
void schema_check_keys(SchemaReader *reader, const Level *level, NodeId object);

/* The value of a field, checked. A list's items are not: see schema_item. */
Value schema_value(SchemaReader *reader, const Level *level, NodeId object,
                   const char *name);
/* The same of a field that must be stated: false when it is not, which is said. */
bool schema_required(SchemaReader *reader, const Level *level, NodeId object,
                     const char *name, Value *value);

/* The next item of a list field, checked; start with the zero *item. False at the end.
 * An entry that is no mapping is said and has the state VALUE_UNKNOWN. */
bool schema_item(SchemaReader *reader, const Level *level, const char *name,
                 const Value *list, NodeId *item, Value *value);

#endif
