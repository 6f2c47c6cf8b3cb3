/*
 * facts.h: what the inputs say, as rows.
 *
 * A fact is a row of 32-bit cells in a relation of relations.def: a Site, a symbol
 * or a number, as its schema says. Rows keep the order in which they were added;
 * one that is added twice is one row for the engine. Nothing here knows a rule.
 */
#ifndef BERTH_FACTS_FACTS_H
#define BERTH_FACTS_FACTS_H

#include "base/buffer.h"
#include "base/diag.h"
#include "base/intern.h"
#include "base/source.h"

typedef enum RelationId {
#define RELATION(name, schema, says, absent) REL_##name,
#include "facts/relations.def"
#undef RELATION
    REL_COUNT
} RelationId;

typedef struct Relation {
    const char *name;
    const char *schema; /* "at: Site, repo: Repo" */
    const char *says, *absent;
} Relation;

extern const Relation relations[REL_COUNT];

typedef struct Rows {
    uint32_t *cells;
    uint32_t count, capacity; /* cells */
    uint32_t arity;           /* 0 until the first row */
} Rows;

typedef struct Facts {
    Arena *arena;   /* of the rows */
    Arena *scratch; /* of the configuration that is being read; reset behind it */
    Symbols *symbols;
    Sources *sources;
    Diags *diags;
    Rows rows[REL_COUNT];
    uint32_t *spellings; /* by lower-case symbol: the first spelling, 0: none yet */
    uint32_t spellings_count, spellings_capacity;
    struct Credentials *credentials; /* secret_facts.c: their formats; NULL: not yet */
    struct Manifests *manifests; /* from_manifest.c: what all of them say together */
} Facts;

Facts *facts_new(Arena *arena, Symbols *symbols, Sources *sources, Diags *diags);

/* FACT(facts, REL_repository, site.id, repo.id, owner.id): one cell an attribute. */
#define FACT(facts, relation, ...)                                                     \
    fact_add((facts), (relation), (const uint32_t[]){__VA_ARGS__},                     \
             (uint32_t)(sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)))
void fact_add(Facts *facts, RelationId relation, const uint32_t *cells, uint32_t count);

uint32_t relation_arity(RelationId relation);

/* Cells. */
uint32_t fact_site(Facts *facts, Span span);
uint32_t fact_symbol(Facts *facts, Text text);
uint32_t fact_lower(Facts *facts, Text text); /* ASCII letters in lower case */
uint32_t fact_upper(Facts *facts, Text text);
/* "owner/name" as it was first spelt: GitHub's names ignore case. */
uint32_t fact_repository(Facts *facts, Text full_name);
/* The owner of "owner/name", in lower case; all of it when there is no '/'. */
uint32_t fact_owner(Facts *facts, Text full_name);

/* rules/schema.dl: the types, and a declaration for each relation. */
void facts_add_schema(Buffer *out);

#endif
