/*
 * starter.h: `berth init`: a manifest to begin with.
 *
 * What the configurations reference is already named in it; what no file says is
 * "unknown", which a person replaces.
 */
#ifndef BERTH_STARTER_H
#define BERTH_STARTER_H

#include "compile.h"

void starter_add_manifest(const Compilation *compilation, Buffer *out);

#endif
