/*
 * checkouts.h: where the trees of the repositories are, and their configurations.
 *
 * A repository's tree is at its entry's `path`, else under its full name, relative to
 * the directory of checkouts; <owner>/<name> there that no manifest mentions is a
 * repository of its own. Without such a directory the workspace is one repository.
 */
#ifndef BERTH_FACTS_CHECKOUTS_H
#define BERTH_FACTS_CHECKOUTS_H

#include "facts/berth_yaml.h"

/* After manifests_complete: `paths` are those of the manifests' entries. Adds the
 * checkouts to the workspace, and what is known of each repository to the facts. */
void checkouts_find(Facts *facts, Files *files, Workspace *workspace,
                    const BerthYaml *yaml, const RepositoryPaths *paths,
                    const WorkspaceOptions *options);

#endif
