/*
 * compose_model.h: the compose files of a project, loaded and merged as compose does.
 *
 * Files in order, each with its documents, its extends and what it includes; variables
 * of `.env` and of the machine. Everything compose refuses is a Diag at its place, and
 * the model holds what was left. Files that are not there, or lie elsewhere (an OCI
 * artifact, a git repository), leave it incomplete. [inputs 4]
 */
#ifndef BERTH_FACTS_COMPOSE_MODEL_H
#define BERTH_FACTS_COMPOSE_MODEL_H

#include "facts/compose_value.h"
#include "facts/configuration.h"

enum {
    COMPOSE_FILES_MAX = 256,    /* different files of one project */
    COMPOSE_INCLUDES_MAX = 256, /* entries of `include`, those of included files too */
    COMPOSE_INCLUDE_DEPTH = 16, /* files that include files */
    COMPOSE_EXTENDS_DEPTH = 64, /* services that extend services */
    COMPOSE_SERVICES_MAX = 4096
};

typedef struct ComposeModel {
    ComposeWork work;
    const ComposeValue *root;     /* an object */
    const ComposeValue *services; /* an object of objects, or NULL */
    Variables environment;        /* the machine's and those of `.env` */
    bool is_incomplete;           /* some of it could not be read */
} ComposeModel;

/* `machine` says what the machine's environment holds. References to the compose files
 * that lie elsewhere are added to configuration->references. */
ComposeModel *compose_load(Configuration *configuration, const ComposeProject *project,
                           Variables machine);

/* The services that a service needs, and the place that says so: its depends_on,
 * links, volumes_from, namespaces ("service:NAME") and contexts of its build. */
typedef struct ComposeNeed {
    Text service;
    Span span;
    bool is_optional;
} ComposeNeed;

typedef struct ComposeNeeds {
    ComposeNeed *items;
    uint32_t count, capacity;
} ComposeNeeds;

ComposeNeeds compose_needs(ComposeWork *work, const ComposeValue *service);

/* One bool for each of model->services: whether the project starts it; NULL when there
 * are none. [inputs C4, C17] */
const bool *compose_reachable(ComposeModel *model, const ComposeProject *project);

/* Whether a build context or a compose file's path is a URL. */
bool compose_is_remote(Text path);

/* The key of `object` that is nearest to `name`; empty when none is near. */
Text compose_nearest(ComposeWork *work, const ComposeValue *object, Text name);

#endif
