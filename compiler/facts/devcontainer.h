/*
 * devcontainer.h: the parts of devcontainer_extract.
 *
 * Private to from_devcontainer.c, from_build.c, from_features.c, from_permissions.c and
 * from_template.c. Each part reads its properties of the configuration's tree and
 * adds to configuration->references, or to the facts, what they say.
 */
#ifndef BERTH_FACTS_DEVCONTAINER_H
#define BERTH_FACTS_DEVCONTAINER_H

#include "facts/configuration.h"

/* A string of the configuration. */
typedef struct Value {
    Text text;    /* as it is written */
    Text value;   /* its variables expanded */
    Text hole;    /* the first one that only the machine knows; empty: none */
    Text assumed; /* the first one that only the machine knows and whose default is in
                     `value`; empty: none */
    Span span;
} Value;

/* False when `node` is no string, or one that the CLI refuses (then that is said). */
bool devcontainer_value(Configuration *configuration, NodeId node, Value *value);

/* The same value, of which only `part` is meant. */
Value value_part(Value value, Text part);

/* Adds what `value` names, found in the configuration's own file. */
void value_add(Configuration *configuration, Value value, ReferenceKind kind,
               ReferenceReach reach, Text note);

/* The next "name=value" (or "name") of a comma-separated list, as docker's --mount and
 * --cache-from have it. False when *rest has been used up; start with *done false. */
bool value_next_field(Text *rest, bool *done, Text *name, Text *value);

/* The first item of an array; NONE when `list` is none. */
NodeId value_first(const Tree *tree, NodeId list);

/* The configuration's own fact, which goes before all others. */
void devcontainer_declare(Configuration *configuration);
/* What it pulls, into configuration->references. */
void devcontainer_references(Configuration *configuration);
/* Its lifecycle commands, permissions and secrets, as facts. */
void devcontainer_commands(Configuration *configuration);

/* The image build. False when the configuration names no Dockerfile. */
bool build_extract(Configuration *configuration);

/* Features, and what they depend on as far as that can be seen offline. */
void features_extract(Configuration *configuration);

/* customizations.codespaces.repositories, and recommended secrets. */
void permissions_extract(Configuration *configuration);

#endif
