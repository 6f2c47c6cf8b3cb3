/*
 * git_ignore.h: whether git leaves a file out.
 *
 * By the .gitignore files from the repository's root down to the file's directory
 * (gitignore(5)): comments, "!", patterns with and without '/', "*" within one part and
 * a leading "**" part. Brackets, "?" and patterns that leave out a directory are not
 * read, so that a file may seem committed that is not.
 */
#ifndef BERTH_FACTS_GIT_IGNORE_H
#define BERTH_FACTS_GIT_IGNORE_H

#include "base/files.h"

/* `path` lies in `root`; both are clean. */
bool git_ignores(Arena *arena, Files *files, const Sources *sources, Text root,
                 Text path);

#endif
