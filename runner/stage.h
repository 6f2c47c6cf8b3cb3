/*
 * stage.h: a directory that only this run sees, where a client may write.
 *
 * Mode 0700, in memory where the machine has such a place: $XDG_RUNTIME_DIR, /dev/shm,
 * $TMPDIR, or the system's. It is locked while its run lives, so that one that a killed
 * run left behind is found and removed by the next. Removed when the arena is freed.
 */
#ifndef BERTH_RUNNER_STAGE_H
#define BERTH_RUNNER_STAGE_H

#include "base/arena.h"

typedef struct Stage {
    Text directory; /* absolute; ends in NUL */
    Text config;    /* its config.json; ends in NUL */
    int lock;
} Stage;

/* NULL with *problem when no place will do. */
Stage *stage_open(Arena *arena, Text *problem);

/* Writes config.json anew with one entry that means nothing: without any entry, docker
 * picks a keychain by itself (reference/runner.md, 3.1). */
bool stage_seed(const Stage *stage) BERTH_MUST_USE;

/* The name of that entry. */
#define STAGE_SEED_KEY "berth.invalid"

/* What config.json holds, in memory that is wiped; false when it cannot be read. */
bool stage_read(Arena *arena, const Stage *stage, Text *bytes) BERTH_MUST_USE;

#endif
