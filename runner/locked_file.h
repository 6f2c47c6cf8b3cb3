/*
 * locked_file.h: a file that is replaced as a whole, and the files beside it.
 *
 * The lock is on the directory, so that it needs no file and outlives no process. What
 * is written lies beside, mode 0600, and is renamed into place. No link is
 * followed, no other user's file read, no directory used that all may write or that is
 * neither this user's nor root's. T7, T10
 * and T12 of reference/runner.md, section 9.
 */
#ifndef BERTH_RUNNER_LOCKED_FILE_H
#define BERTH_RUNNER_LOCKED_FILE_H

#include "runner.h"

typedef struct LockedFile {
    Text path, name; /* name: within its directory; ends in NUL */
    int directory;
} LockedFile;

/* Opens its directory, unlocked, for a look. *file is NULL, and the status OK, when the
 * directory is not there but could be made. What is wrong has been said. */
Status locked_file_look(Run *run, Text path, LockedFile **file);
/* Opens its directory, made where it is missing, and waits for the lock until
 * `deadline` (clock_now), or a signal comes. */
Status locked_file_open(Run *run, Text path, int64_t deadline, LockedFile **file);
/* Lets go of the lock. What it was opened for ended with `status`, which is returned. */
Status locked_file_close(LockedFile *file, Status status);

/* What the file of this name in its directory holds; nothing when it is not there. */
Status locked_file_read(Run *run, const LockedFile *file, Text name, size_t limit,
                        Text *bytes);
/* Makes these bytes the file of this name in its directory. `durable`: on the disk when
 * it returns. One that is not may be lost with the power, the old one too. */
Status locked_file_replace(Run *run, const LockedFile *file, Text name, Text bytes,
                           bool durable);

/* "PATH SAYS; it was not changed" */
Status locked_file_refuse(Run *run, Text path, const char *says);

#endif
