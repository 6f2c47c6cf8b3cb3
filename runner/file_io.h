/*
 * file_io.h: whole files, by descriptor, so that what was checked is what is read.
 *
 * What is read may hold secrets: it lies in memory that is wiped.
 */
#ifndef BERTH_RUNNER_FILE_IO_H
#define BERTH_RUNNER_FILE_IO_H

#include "base/arena.h"

typedef enum FileProblem {
    FILE_FINE,
    FILE_NOT_REGULAR,
    FILE_BEYOND_LIMIT,
    FILE_BROKEN /* errno says how */
} FileProblem;

/* All of a regular file of at most `limit` bytes. */
FileProblem file_read_all(Arena *arena, int file, size_t limit, Text *bytes);
/* All that a pipe or any other descriptor gives, up to `limit` bytes. */
FileProblem file_read_stream(Arena *arena, int file, size_t limit, Text *bytes);

bool file_write_all(int file, Text bytes);

#endif
