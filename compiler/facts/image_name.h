/*
 * image_name.h: image references and Feature ids, by their two grammars.
 *
 * distribution/reference for what a Docker client pulls (inputs 5), the dev container
 * CLI's stricter one for Features (inputs 2.5, F2 and F3). Neither reads anything; both
 * give views of the arena.
 */
#ifndef BERTH_FACTS_IMAGE_NAME_H
#define BERTH_FACTS_IMAGE_NAME_H

#include "base/arena.h"
#include "base/text.h"

typedef struct ImageName {
    Text host;   /* as written, port included: "docker.io", "localhost:5000" */
    Text path;   /* "library/ubuntu" */
    Text tag;    /* empty: none; neither tag nor digest means "latest" */
    Text digest; /* "sha256:..."; empty: none */
} ImageName;

/* False when the grammar refuses it; *problem then says why, in one clause without its
 * bytes. */
bool image_name_read(Arena *arena, Text text, ImageName *name, Text *problem);
/* "docker.io/library/ubuntu:latest": host and path, then tag (":latest" when there is
 * neither) and digest. */
Text image_name_canonical(Arena *arena, const ImageName *name);

typedef enum FeatureForm {
    FEATURE_OCI,            /* name */
    FEATURE_TARBALL,        /* url */
    FEATURE_LOCAL,          /* path */
    FEATURE_GITHUB_RELEASE, /* name.path is "owner/repo/id", name.tag the release */
    FEATURE_LEGACY,         /* a short name that the CLI no longer serves */
    FEATURE_INVALID
} FeatureForm;

typedef struct FeatureId {
    FeatureForm form;
    ImageName name;
    Text url, path;
    Text problem; /* of LEGACY and INVALID */
} FeatureId;

FeatureId feature_id_read(Arena *arena, Text id);

#endif
