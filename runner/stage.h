/*
 * stage.h: a directory that only this run sees, where a client may write.
 *
 * Mode 0700, in memory where the machine has such a place: $XDG_RUNTIME_DIR, /dev/shm,
 * $TMPDIR, or the system's. It is locked while its run lives, so that one that a killed
 * run left behind is found and removed by the next, in whichever of these places it is.
 * Removed when the arena is freed.
 * One that is to outlive its run (--print-env) has another name, and is removed by
 * --logout.
 */
#ifndef BERTH_RUNNER_STAGE_H
#define BERTH_RUNNER_STAGE_H

#include "base/arena.h"

typedef struct Stage {
    Text directory; /* absolute; ends in NUL */
    Text config;    /* its config.json; ends in NUL */
    int lock;
} Stage;

/* Removes what killed runs of this user left behind. */
void stage_remove_stale(void);

/* NULL with *problem when no place will do. */
Stage *stage_open(Arena *arena, Text *problem);
/* A directory within, for one client. NULL when it cannot be made. */
Stage *stage_part(Arena *arena, const Stage *stage, uint32_t number);

/* One that stays when the run is over. */
Stage *stage_open_lasting(Arena *arena, Text *problem);
/* Whether a directory is such a one, by its name, mode and owner. */
bool stage_is_lasting(Arena *arena, Text directory);
void stage_remove(Arena *arena, Text directory);

/* Writes config.json anew with one entry that means nothing: without any entry, docker
 * picks a keychain by itself (reference/runner.md, 3.1). */
bool stage_seed(const Stage *stage) BERTH_MUST_USE;

/* The name of that entry. */
#define STAGE_SEED_KEY "berth.invalid"

/* What config.json holds, in memory that is wiped; false when it cannot be read. */
bool stage_read(Arena *arena, const Stage *stage, Text *bytes) BERTH_MUST_USE;

#endif
