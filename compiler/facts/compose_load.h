/*
 * compose_load.h: the steps of loading, for each other.
 *
 * Private to compose_load.c, compose_extends.c and compose_check.c.
 */
#ifndef BERTH_FACTS_COMPOSE_LOAD_H
#define BERTH_FACTS_COMPOSE_LOAD_H

#include "facts/compose_model.h"

typedef struct ComposeScope ComposeScope;

typedef struct ComposeLoader {
    ComposeModel *model;
    Configuration *configuration;
    ComposeWork *work;
    const Tree *trees[COMPOSE_FILES_MAX];
    uint32_t ntrees;
    ComposeScope *scopes; /* of files that were read for `extends` */
    uint32_t includes;
} ComposeLoader;

/* The services of one document, or of a file that is extended from. */
struct ComposeScope {
    uint32_t file;
    Variables environment;
    const ComposeOrigin *origin;
    const ComposeValue *services;
    struct ComposeExtension *extensions; /* one for each service */
    ComposeScope *next;
};

/* Reads the compose file that `path` names, relative to the path's origin; false when
 * it cannot be read, which is said, or lies elsewhere, which is a reference. */
bool compose_open(ComposeLoader *loader, const ComposeValue *path, const Tree **tree,
                  Text *clean);

/* The tree of a file, which is read once; NULL, and said at `span`, when there are too
 * many files. */
const Tree *compose_tree(ComposeLoader *loader, uint32_t file, Span span);

/* A document as a mapping with services in canonical form; NULL when it is empty or no
 * mapping, which is said. */
const ComposeValue *compose_document(ComposeLoader *loader, const Tree *tree, NodeId id,
                                     Variables environment,
                                     const ComposeOrigin *origin);

/* --- compose_extends.c --- */

/* `document` with its services' `extends` carried out. */
const ComposeValue *compose_extend(ComposeLoader *loader, const ComposeValue *document,
                                   uint32_t file, Variables environment,
                                   const ComposeOrigin *origin);

/* --- compose_check.c --- */

/* The keys of the top level, of one project; false when its services cannot be read. */
bool compose_check_top(ComposeWork *work, const ComposeValue *root);
/* The services of the whole model. */
void compose_check(ComposeModel *model);

#endif
