/*
 * reference.h: one thing that a configuration pulls, and the way to it.
 *
 * What the resolvers of Dockerfiles, compose files and configurations find, before
 * it becomes facts. `text` is what the file says at `span`; `value` is what it
 * means after expansion. What only the machine knows stays in `value` as a hole,
 * written "${NAME}" (no reference can hold those bytes); `hole` names the first
 * one. `via` leads from the reference back to the configuration.
 */
#ifndef BERTH_FACTS_REFERENCE_H
#define BERTH_FACTS_REFERENCE_H

#include "base/arena.h"
#include "base/source.h"

/* KIND(enumerator, name): reference/inputs.md, section 10. */
#define REFERENCE_KINDS(KIND)                                                          \
    KIND(KIND_IMAGE, "image")                                                          \
    KIND(KIND_STAGE, "stage")                                                          \
    KIND(KIND_COPY_FROM, "copy-from")                                                  \
    KIND(KIND_MOUNT_FROM, "mount-from")                                                \
    KIND(KIND_ONBUILD, "onbuild")                                                      \
    KIND(KIND_FRONTEND, "frontend")                                                    \
    KIND(KIND_CACHE, "cache")                                                          \
    KIND(KIND_NAMED_CONTEXT, "named-context")                                          \
    KIND(KIND_SBOM_GENERATOR, "sbom-generator")                                        \
    KIND(KIND_FEATURE, "feature")                                                      \
    KIND(KIND_FEATURE_DEPENDENCY, "feature-dep")                                       \
    KIND(KIND_FEATURE_SOFT, "feature-soft")                                            \
    KIND(KIND_TARBALL, "tarball")                                                      \
    KIND(KIND_GITHUB_RELEASE, "github-release")                                        \
    KIND(KIND_COMPOSE_IMAGE, "compose-image")                                          \
    KIND(KIND_VOLUME_IMAGE, "volume-image")                                            \
    KIND(KIND_HOOK_IMAGE, "hook-image")                                                \
    KIND(KIND_MODEL, "model")                                                          \
    KIND(KIND_COMPOSE_ARTIFACT, "compose-artifact")                                    \
    KIND(KIND_TEMPLATE, "template")                                                    \
    KIND(KIND_HOST_DEFAULT, "host-default")                                            \
    KIND(KIND_IMPLICIT, "implicit")                                                    \
    KIND(KIND_COMMAND, "command")

/* REACH(enumerator, name): DESIGN section 4. */
#define REFERENCE_REACHES(REACH)                                                       \
    REACH(REACH_PULLED, "pulled")                                                      \
    REACH(REACH_CONDITIONAL, "conditional")                                            \
    REACH(REACH_DECLARED, "declared")                                                  \
    REACH(REACH_OPAQUE, "opaque")                                                      \
    REACH(REACH_UNRESOLVED, "unresolved")

typedef enum ReferenceKind {
#define KIND(enumerator, name) enumerator,
    REFERENCE_KINDS(KIND)
#undef KIND
} ReferenceKind;

typedef enum ReferenceReach {
#define REACH(enumerator, name) enumerator,
    REFERENCE_REACHES(REACH)
#undef REACH
} ReferenceReach;

Text reference_kind_name(ReferenceKind kind);
Text reference_reach_name(ReferenceReach reach);

/* A step of the way: a place that leads to the next one ("build.dockerfile"). */
typedef struct Via {
    Span span;
    const struct Via *from; /* NULL: the configuration's own file */
} Via;

typedef struct Reference {
    ReferenceKind kind;
    ReferenceReach reach;
    Text text, value;
    Text hole;  /* empty: fully resolved */
    Text phase; /* "runtime"; empty: "create" */
    Text note;  /* why it is conditional, opaque or declared; empty: nothing to say */
    Span span;
    const Via *via;
} Reference;

typedef struct References {
    Arena *arena;
    Reference *items;
    uint32_t count, capacity;
} References;

void references_add(References *references, Reference reference);

/* The name of the first "${NAME}" or "${NAME...}" in `value`; empty if none. */
Text reference_hole(Text value);

#endif
