/*
 * path.h: paths as names: with '/', no file is asked.
 *
 * A clean path has no ".", no ".." and no empty part; "" is the workspace itself.
 */
#ifndef BERTH_BASE_PATH_H
#define BERTH_BASE_PATH_H

#include "base/arena.h"

/* `directory` joined with `path` and made clean ("a/./b/../c" is "a/c"), or an absent
 * result (false) when it is absolute or leads above the workspace. Both may be "". */
bool path_join(Arena *arena, Text directory, Text path, Text *joined);
Text path_directory(Text path); /* "" when it has none */
Text path_parent(Text path); /* the same, to be opened: "." or "/" when it has none */
Text path_base(Text path);
/* Whether a clean path lies in a clean directory ("" holds everything). */
bool path_is_inside(Text path, Text directory);

#endif
