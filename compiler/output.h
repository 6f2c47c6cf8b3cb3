/*
 * output.h: bytes to where the user wants them.
 *
 * A regular file is written beside its place and renamed into it, so that nobody sees
 * half of it; devices, pipes and "-" are written directly.
 */
#ifndef BERTH_OUTPUT_H
#define BERTH_OUTPUT_H

#include "base/arena.h"
#include "base/attributes.h"

/* `path`: "-" or "" is standard output. False when it could not be written; *problem
 * then says why ("a.json: No space left on device"). */
bool output_write(Arena *arena, Text path, Text bytes, Text *problem) BERTH_MUST_USE;

/* Makes a directory; one that is there already is fine. The same result. */
bool output_directory(Arena *arena, Text path, Text *problem) BERTH_MUST_USE;

/* Creates a file that must not be there yet. The same result. */
bool output_create(Arena *arena, Text path, Text bytes, Text *problem) BERTH_MUST_USE;

/* Adds to the end of a file, which is made when it is not there. The same result. */
bool output_append(Arena *arena, Text path, Text bytes, Text *problem) BERTH_MUST_USE;

#endif
