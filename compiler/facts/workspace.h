/*
 * workspace.h: which files make a compilation, and who each repository is.
 *
 * berth.yaml is read, the manifests it names are found and extracted, and the trees of
 * the repositories are located. (DESIGN 3.1 to 3.3.) What is wrong with berth.yaml or a
 * manifest, so that access must not be judged from it, is a Diag of the rule "".
 */
#ifndef BERTH_FACTS_WORKSPACE_H
#define BERTH_FACTS_WORKSPACE_H

#include "base/files.h"
#include "facts/facts.h"

typedef struct Checkout {
    Text repository; /* "owner/name"; "" when nothing says who this directory is */
    Text root;       /* its directory, relative to the workspace; "" is all of it */
    bool is_there;   /* else its tree is absent, which is no error */
    Text *configurations; /* paths of its devcontainer.json files, sorted */
    uint32_t nconfigurations;
} Checkout;

typedef struct Mirror {
    Text prefix;   /* "registry.corp.example/hub" */
    Text upstream; /* "docker.io" */
    Span span;
} Mirror;

typedef struct SeverityChange {
    Text rule, severity; /* severity: error, warning, info, off */
    Span span;
} SeverityChange;

/* What has been looked at and is meant to be so. */
typedef struct Acknowledgement {
    Text rule, reason;
    Text repository, image; /* empty: any */
    Text until_text;        /* as written; empty: for good */
    uint32_t until;         /* the last day on which it counts, since 1970-01-01 */
    Span span;              /* its rule, in berth.yaml */
} Acknowledgement;

typedef struct Workspace {
    Checkout *checkouts; /* sorted by repository */
    uint32_t ncheckouts, checkouts_capacity;
    uint32_t *manifests; /* file numbers, in the order read */
    uint32_t nmanifests, manifests_capacity;
    Mirror *mirrors;
    uint32_t nmirrors, mirrors_capacity;
    SeverityChange *severities;
    uint32_t nseverities, severities_capacity;
    Text *rules; /* directories of an organization's own rules */
    uint32_t nrules, rules_capacity;
    Acknowledgement *acknowledgements;
    uint32_t nacknowledgements, acknowledgements_capacity;
    Text container_registry; /* "ghcr.io", or "containers.HOST" */
    bool has_berth_yaml;
    struct Workspace *proposed; /* what the change's own berth.yaml says; or NULL */
    bool is_narrowed;           /* of several repositories only one was looked at */
} Workspace;

typedef struct WorkspaceOptions {
    Text repository; /* --repository; empty: not given */
    Text visibility; /* --visibility, of that repository; empty: not given */
    Text environment_repository; /* $GITHUB_REPOSITORY; empty: not set */
} WorkspaceOptions;

/* Reads berth.yaml and every manifest into facts, and finds the configurations. With a
 * `repository` option in a workspace of several, only that one's tree is looked at.
 * `policy` has the berth.yaml that counts: mostly `files`. Where it is another, that of
 * `files` is looked at for its mistakes alone. */
Workspace *workspace_read(Facts *facts, Files *files, Files *policy,
                          const WorkspaceOptions *options);

/* from_manifest.c: one manifest's tree as facts. A repository entry's `path` goes to
 * `paths` (see its type); NULL: not wanted. */
typedef struct RepositoryPath {
    Text repository, path; /* path: empty when the entry states none */
} RepositoryPath;
typedef struct RepositoryPaths {
    RepositoryPath *items;
    uint32_t count, capacity;
} RepositoryPaths;
struct Tree;
void manifest_extract(Facts *facts, const struct Tree *tree, RepositoryPaths *paths);
/* After the last manifest: what depends on all of them (the first of two entries for one
 * name wins and the second is reported; "unknown" rows for what is not stated). */
void manifests_complete(Facts *facts);

#endif
