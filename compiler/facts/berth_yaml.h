/*
 * berth_yaml.h: berth.yaml at the root of a workspace. (DESIGN 3.3)
 *
 * Checked as manifests are: a value that cannot be used is a Diag of the rule "".
 */
#ifndef BERTH_FACTS_BERTH_YAML_H
#define BERTH_FACTS_BERTH_YAML_H

#include "facts/workspace.h"

typedef struct ManifestGlob {
    Text pattern;
    Span span; /* file 0: a default, which may match nothing */
} ManifestGlob;

typedef struct BerthYaml {
    ManifestGlob *manifests;
    uint32_t nmanifests, manifests_capacity;
    Text checkouts; /* clean */
    bool has_checkouts;
    Span checkouts_span;
    Text repository; /* empty: not stated */
    Text github;     /* "github.com" when it is not stated */
} BerthYaml;

/* What finds the trees goes to *yaml, the rest to the workspace. */
void berth_yaml_read(Facts *facts, Files *files, Workspace *workspace, BerthYaml *yaml);

#endif
