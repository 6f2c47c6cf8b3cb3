/*
 * rewrite.h: a file of a workspace, replaced by its changed self.
 *
 * For bytes that were read before and are written back. Nobody sees half a file: it is
 * written beside its place and renamed into it, with its mode. No symbolic link is
 * followed, and nothing is written that lies in a submodule, may not be written, or is
 * not what was read.
 */
#ifndef BERTH_BASE_REWRITE_H
#define BERTH_BASE_REWRITE_H

#include "base/arena.h"

/* `path` is clean, relative to `directory`. False when it is left as it is; *problem then
 * says why, without the path ("is a symbolic link, ..."). */
bool rewrite_file(Arena *arena, Text directory, Text path, Text before, Text after,
                  Text *problem) BERTH_MUST_USE;

/* Whether rewrite_file would write there, as far as the place decides. */
bool rewrite_may(Arena *arena, Text directory, Text path, Text *problem) BERTH_MUST_USE;

#endif
