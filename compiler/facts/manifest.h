/*
 * manifest.h: what the extractors of a manifest's entries share.
 *
 * Private to from_manifest.c, manifest_secret.c and workspace.c.
 */
#ifndef BERTH_FACTS_MANIFEST_H
#define BERTH_FACTS_MANIFEST_H

#include "facts/facts.h"
#include "facts/manifest_schema.h"
#include "facts/workspace.h"

typedef enum EntryKind {
    ENTRY_ORGANIZATION,
    ENTRY_REPOSITORY,
    ENTRY_PACKAGE,
    ENTRY_SECRET,
    ENTRY_REGISTRY,
    ENTRY_KINDS
} EntryKind;

typedef struct EntryPlaces {
    Span *items; /* by symbol: where its entry stands; file 0: it has none */
    uint32_t count, capacity;
} EntryPlaces;

/* What all manifests of a compilation say together. */
typedef struct Manifests {
    EntryPlaces places[ENTRY_KINDS];
    Span secrets_stated;  /* the first `secrets` key; file 0: none */
    bool secrets_unknown; /* one of them is `secrets: unknown` */
} Manifests;

typedef struct Manifest {
    Facts *facts;
    Manifests *all;
    SchemaReader reader;
    RepositoryPaths *paths; /* NULL: not wanted */
} Manifest;

/* False when the symbol has an entry of this kind already, which is then said at
 * `span`: the first one counts. `name` is what is said of it. */
bool manifest_entry_is_new(Manifest *manifest, EntryKind kind, uint32_t symbol,
                           Text name, Span span);

/* Whether an entry of `repositories` names it. */
bool manifest_has_repository(const Facts *facts, uint32_t repo);

/* A list of repositories as rows (site, `subject`, repository) of `relation`; what is
 * not known of it as (site, `subject`) of `unknown`, unless that is REL_COUNT. */
void manifest_repositories(Manifest *manifest, const Level *level, NodeId entry,
                           const char *name, uint32_t subject, RelationId relation,
                           RelationId unknown);

/* manifest_secret.c: one entry of `secrets`. */
void manifest_secret_extract(Manifest *manifest, NodeId entry);
/* Hides what could be a password in a manifest that could not be parsed: whatever
 * stands behind a "value" key, by line and indentation. */
void manifest_hide_values(Sources *sources, uint32_t file);

#endif
