/*
 * manifest_glob.h: which files are manifests.
 *
 * A pattern is a path relative to the workspace; `*` stands for any bytes within one
 * part of it, but for a dot at the part's start. Nothing else is special.
 */
#ifndef BERTH_FACTS_MANIFEST_GLOB_H
#define BERTH_FACTS_MANIFEST_GLOB_H

#include "facts/berth_yaml.h"

typedef struct Paths {
    Text *items;
    uint32_t count, capacity;
} Paths;

/* The files that a clean pattern matches, in order. Nothing outside the workspace. */
Paths manifest_glob(Arena *arena, Files *files, Text pattern);

/* Whether a name matches one part of a pattern. */
bool manifest_glob_matches(Text pattern, Text name);

#endif
