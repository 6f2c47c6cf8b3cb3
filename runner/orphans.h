/*
 * orphans.h: processes that a client has started and left behind.
 *
 * Where this process is a subreaper (PR_SET_CHILD_SUBREAPER) they become its children,
 * in whichever group or session they are. Those that it had before are not theirs.
 */
#ifndef BERTH_RUNNER_ORPHANS_H
#define BERTH_RUNNER_ORPHANS_H

#include <stdint.h>
#include <sys/types.h>

typedef struct Orphans {
    pid_t before[256];
    uint32_t count;
} Orphans;

/* Notes the children that there are: before a client is started. */
void orphans_note(Orphans *orphans);

/* Ends all others, and those that come to us as these end, for at most `ms`. */
void orphans_end(const Orphans *orphans, int64_t ms);

#endif
