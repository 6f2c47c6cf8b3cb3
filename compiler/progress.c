#include "progress.h"

#include <stdio.h>
#include <unistd.h>

enum { STEP = 64 }; /* the clock is read once for so many */

Progress progress_start(void)
{
    Progress progress = {.is_wanted = isatty(STDERR_FILENO) == 1};

    if (progress.is_wanted)
        (void)clock_gettime(CLOCK_MONOTONIC, &progress.start);
    progress.last = progress.start;
    return progress;
}

static double seconds_between(struct timespec from, struct timespec to)
{
    return (double)(to.tv_sec - from.tv_sec) +
           (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

void progress_show(Progress *progress, uint32_t done, uint32_t whole)
{
    struct timespec now;

    if (!progress->is_wanted || done % STEP != 0)
        return;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (seconds_between(progress->start, now) < 1 ||
        seconds_between(progress->last, now) < 0.1)
        return;
    fprintf(stderr, "\rberth: %u of %u configurations read", done, whole);
    progress->last = now;
    progress->is_shown = true;
}

void progress_clear(Progress *progress)
{
    if (progress->is_shown)
        fputs("\r\033[K", stderr);
    progress->is_shown = false;
}
