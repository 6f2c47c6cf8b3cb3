/*
 * git_config.h: which repository a directory is, by its remote "origin".
 *
 * .git/config is read as a file (git-config(1), "Syntax"); git is never run. Where .git
 * is a file (a worktree, a submodule) it is followed only inside the workspace. A URL
 * may hold a credential: the whole file counts as secret.
 */
#ifndef BERTH_FACTS_GIT_CONFIG_H
#define BERTH_FACTS_GIT_CONFIG_H

#include "base/files.h"

/* "owner/name", or an empty text: there is no such remote, or it is on another host than
 * `github`. */
Text git_config_repository(Arena *arena, Files *files, Sources *sources, Text github);

/* The repository that a remote's URL names on `github`; the rest of git_config.h is
 * where the URL stands. */
Text git_url_repository(Arena *arena, Text url, Text github);

#endif
