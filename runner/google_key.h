/*
 * google_key.h: a service account's key, which Google's registries take as a password.
 *
 * It is JSON in several lines, where clients disagree on what a line end means
 * (reference/runner.md, 3.3): in one line it is the same for all.
 */
#ifndef BERTH_RUNNER_GOOGLE_KEY_H
#define BERTH_RUNNER_GOOGLE_KEY_H

#include "base/arena.h"

/* The key without the white space between its tokens, in memory that is wiped; every
 * string is kept byte for byte. False when it is not a JSON object. */
bool google_key_minify(Arena *arena, Text value, Text *minified);

#endif
