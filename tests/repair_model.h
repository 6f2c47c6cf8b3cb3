/*
 * repair_model.h: a small organization, what may be said of it in manifests, and the
 * changes that `berth why` proposes, made by their words.
 *
 * It is written as files, so that what is judged comes through the readers; nothing here
 * knows what a change does to facts.
 */
#ifndef BERTH_TESTS_REPAIR_MODEL_H
#define BERTH_TESTS_REPAIR_MODEL_H

#include "base/arena.h"

#include <stdio.h>

enum { MODEL_REPOSITORIES = 3, MODEL_SECRETS_MAX = 16 };

typedef struct ModelRepository {
    Text name;
    const char *visibility; /* NULL: not stated */
    bool is_listed, has_prebuilds;
} ModelRepository;

typedef struct ModelSecret {
    Text name, holder;      /* "octo-org", or "octo-org/site" */
    const char *visibility; /* of an organization's; NULL: not stated */
    bool assigned;          /* to the repository that is asked about */
    bool assigned_unknown;
    Text value; /* empty: not stated */
} ModelSecret;

typedef struct Model {
    ModelRepository repositories[MODEL_REPOSITORIES]; /* the first is asked about */
    bool lists_organization;
    Text package;
    bool has_package, grants_site, grants_unknown;
    const char *visibility, *link, *published_by, *inherits; /* NULL: not stated */
    Text linked; /* instead of `link`, when it is not empty */
    bool lists_secrets;
    ModelSecret secrets[MODEL_SECRETS_MAX];
    uint32_t nsecrets;
    Text image, server; /* what is asked, and how a SERVER names its registry */
    bool is_referenced; /* by the repository's configuration */
    Text phase;
} Model;

/* The same for the same number. */
Model model_random(Arena *arena, uint64_t seed);
/* Writes it below the directory, in place of another one. */
void model_write(const Model *model, Arena *arena, const char *directory);
/* Makes the change that these words ask for; false when they are not understood. */
bool model_change(Model *model, Arena *arena, Text says);
/* As a person reads it, for a failing test. */
void model_print(const Model *model, FILE *out);

#endif
