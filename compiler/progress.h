/*
 * progress.h: a line on standard error for work that takes longer than a second.
 *
 * Only a terminal sees it, and nothing of it stays: DESIGN section 4.
 */
#ifndef BERTH_PROGRESS_H
#define BERTH_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

typedef struct Progress {
    bool is_wanted; /* standard error is a terminal */
    bool is_shown;
    struct timespec start, last;
} Progress;

Progress progress_start(void);
/* `done` of `whole` configurations were read. Cheap when called often. */
void progress_show(Progress *progress, uint32_t done, uint32_t whole);
void progress_clear(Progress *progress);

#endif
