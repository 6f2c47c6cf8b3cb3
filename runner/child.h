/*
 * child.h: programs, each run in a cage of time.
 *
 * No shell, an environment from scratch, no descriptor but its three, its own session
 * (so that it neither writes to the user's terminal nor reads it), no new privileges,
 * small limits, one directory to write in, and the end of it and of all that it started
 * at a deadline (reference/runner.md, section 6). Its input is written by this process
 * through a pipe, which is consumed (the caller ignores SIGPIPE); of its output at most
 * 64 KiB are kept. A process that has left its session is found where this process is a
 * subreaper (PR_SET_CHILD_SUBREAPER).
 */
#ifndef BERTH_RUNNER_CHILD_H
#define BERTH_RUNNER_CHILD_H

#include "base/arena.h"

enum { CHILD_OUTPUT_MAX = 64 << 10, CHILD_PORTS_MAX = 8 };

typedef struct Child {
    char *const *arguments; /* [0]: the program's absolute path; ends in NULL */
    char *const *environment;
    Text input;           /* its standard input */
    const char *writable; /* the one directory it may write in; NULL: not held to one */
    uint16_t ports[CHILD_PORTS_MAX]; /* that it may connect to */
    uint32_t nports;                 /* 0: any */
    int64_t deadline;                /* of clock_now */
} Child;

typedef enum ChildEnd {
    CHILD_EXITED,
    CHILD_KILLED,    /* by a signal that was not ours */
    CHILD_LATE,      /* the deadline came first */
    CHILD_SIGNALLED, /* this run got a signal, `signal` */
    CHILD_NOT_RUN    /* the machine refused to start it */
} ChildEnd;

typedef struct ChildResult {
    ChildEnd end;
    int status; /* of CHILD_EXITED */
    int signal;
    Text output; /* both of its streams, in memory that is wiped */
    bool cut;    /* there was more, or it was killed while it wrote */
    int64_t ms;  /* how long it ran */
} ChildResult;

/* Runs them all at once, and returns when all have ended, with a result for each. What
 * `signals`, a signalfd or -1, gives ends them. */
void child_run(Arena *arena, const Child *children, uint32_t count, int signals,
               ChildResult *results);

int64_t clock_now(void); /* milliseconds, monotonic */

#endif
