/*
 * built_from.h: what published packages are built on.
 *
 * A manifest's `built_from` names the Dockerfile of a package in the repository that it
 * is linked to. Where that repository's tree is there, the Dockerfile is read, and the
 * image whose layers end up in the package becomes a fact, `built_on`: the base of the
 * last stage, through the stages that it is built from. What a build argument may
 * change is left out, since what the publisher passes is not known. Whether those
 * stages set the label that links the package is `source_label`.
 */
#ifndef BERTH_FACTS_BUILT_FROM_H
#define BERTH_FACTS_BUILT_FROM_H

#include "facts/workspace.h"

/* After workspace_read. `platform` is "linux/amd64". Problems of a Dockerfile are said
 * in it; one that is not there, at its name in the manifest. */
void built_from_extract(Facts *facts, Files *files, const Workspace *workspace,
                        Text platform);

#endif
