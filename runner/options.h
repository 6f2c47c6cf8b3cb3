/*
 * options.h: berth-run's command line.
 */
#ifndef BERTH_RUNNER_OPTIONS_H
#define BERTH_RUNNER_OPTIONS_H

#include "runner.h"

enum {
    TIMEOUT_DEFAULT = 30, /* seconds, of one login */
    TOTAL_DEFAULT = 600,  /* of all */
    SECONDS_MAX = 3600,
    RETRIES_MAX = 5
};

extern const char options_usage[];

/* Fills *options; false with *problem when the words are not legal. */
bool options_read(Arena *arena, int count, char *const *words, Options *options,
                  Text *problem);

#endif
