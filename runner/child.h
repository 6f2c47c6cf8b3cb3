/*
 * child.h: one program, run in a cage of time.
 *
 * No shell, an environment from scratch, no descriptor but its three, its own process
 * group, no new privileges, small limits, and the end of it and of what it started at
 * a deadline (reference/runner.md, section 6). Its input is written by this process
 * through a pipe, which is consumed (the caller ignores SIGPIPE); of its output at
 * most 64 KiB are kept.
 */
#ifndef BERTH_RUNNER_CHILD_H
#define BERTH_RUNNER_CHILD_H

#include "base/arena.h"

enum { CHILD_OUTPUT_MAX = 64 << 10 };

typedef struct Child {
    char *const *arguments; /* [0]: the program's absolute path; ends in NULL */
    char *const *environment;
    Text input;       /* its standard input */
    int64_t deadline; /* of clock_now */
    int signals;      /* a signalfd; what it gives ends the child */
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
} ChildResult;

ChildResult child_run(Arena *arena, const Child *child);

int64_t clock_now(void); /* milliseconds, monotonic */

#endif
