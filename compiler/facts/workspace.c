#include "facts/workspace.h"

#include <stdlib.h>

#include "facts/checkouts.h"
#include "facts/manifest_glob.h"
#include "facts/policy_file.h"

typedef struct ManifestPath {
    Text path;
    Span span; /* what named it; file 0: a default */
} ManifestPath;

typedef struct ManifestPaths {
    ManifestPath *items;
    uint32_t count, capacity;
} ManifestPaths;

static bool is_literal(Text pattern)
{
    return text_find_byte(pattern, '*') == pattern.len;
}

/* A pattern that matches nothing would leave everything unknown without a word. */
static void find_manifests(Facts *facts, Files *files, const ManifestGlob *glob,
                           ManifestPaths *manifests)
{
    Text pattern;

    if (!path_join(facts->arena, TEXT(""), glob->pattern, &pattern)) {
        diag_add(facts->diags, "", glob->span,
                 "this pattern of manifests leads out; expected one inside the "
                 "workspace");
        return;
    }
    Paths paths = manifest_glob(facts->arena, files, pattern);
    if (paths.count == 0 && glob->span.file)
        diag_add(facts->diags, "", glob->span,
                 "this pattern of manifests matches no file; expected at least one");
    for (uint32_t i = 0; i < paths.count; i++) {
        /* Its own schema is another one. */
        if (text_equal(paths.items[i], TEXT("berth.yaml")) && !is_literal(pattern))
            continue;
        ARRAY_GROW(facts->arena, manifests->items, manifests->count,
                   manifests->capacity);
        manifests->items[manifests->count++] =
            (ManifestPath){paths.items[i], glob->span};
    }
}

static int by_path(const void *left, const void *right)
{
    return text_compare(((const ManifestPath *)left)->path,
                        ((const ManifestPath *)right)->path);
}

static void read_manifest(Facts *facts, Files *files, Workspace *workspace,
                          const ManifestPath *manifest, RepositoryPaths *paths)
{
    uint32_t file;
    FileResult result = files_read(files, TEXT(""), manifest->path, &file);

    if (result != FILE_READ) {
        diag_add(facts->diags, "", manifest->span, "the manifest '%.*s' %s",
                 TEXT_ARG(manifest->path), file_result_says(result));
        return;
    }
    ARRAY_GROW(facts->arena, workspace->manifests, workspace->nmanifests,
               workspace->manifests_capacity);
    workspace->manifests[workspace->nmanifests++] = file;
    const Tree *tree = policy_file_read(facts, file, "manifest");
    if (tree)
        manifest_extract(facts, tree, paths);
}

static void read_manifests(Facts *facts, Files *files, Workspace *workspace,
                           const BerthYaml *yaml, RepositoryPaths *paths)
{
    ManifestPaths manifests = {0};

    for (uint32_t i = 0; i < yaml->nmanifests; i++)
        find_manifests(facts, files, &yaml->manifests[i], &manifests);
    if (manifests.count)
        qsort(manifests.items, manifests.count, sizeof(ManifestPath), by_path);
    for (uint32_t i = 0; i < manifests.count; i++) {
        if (i == 0 || !text_equal(manifests.items[i - 1].path, manifests.items[i].path))
            read_manifest(facts, files, workspace, &manifests.items[i], paths);
    }
    manifests_complete(facts);
}

Workspace *workspace_read(Facts *facts, Files *files, Files *policy,
                          const WorkspaceOptions *options)
{
    Workspace *workspace = ARENA_NEW(facts->arena, Workspace);
    RepositoryPaths paths = {0};
    BerthYaml yaml;

    if (policy != files) {
        workspace->proposed = ARENA_NEW(facts->arena, Workspace);
        berth_yaml_read(facts, files, workspace->proposed, &yaml);
    }
    berth_yaml_read(facts, policy, workspace, &yaml);
    workspace->container_registry =
        text_equal(yaml.github, TEXT("github.com"))
            ? TEXT("ghcr.io")
            : arena_format(facts->arena, "containers.%.*s", TEXT_ARG(yaml.github));
    FACT(facts, REL_container_registry,
         fact_lower(facts, workspace->container_registry));
    read_manifests(facts, files, workspace, &yaml, &paths);
    checkouts_find(facts, files, workspace, &yaml, &paths, options);
    return workspace;
}
