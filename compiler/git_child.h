/*
 * git_child.h: the program git, started and asked.
 *
 * Without a shell, in the environment of this process but for what keeps git to this
 * machine (no network, no prompt) and its answers the same everywhere. Its standard
 * error goes nowhere: who asks says what a refusal means.
 */
#ifndef BERTH_GIT_CHILD_H
#define BERTH_GIT_CHILD_H

#include <sys/types.h>

#include "base/arena.h"

typedef struct GitChild {
    pid_t id;
    int to, from; /* its standard input, a socket (-1: none), and its output */
} GitChild;

/* Starts `git -C directory words...` (words end with NULL). False when it cannot be
 * started; *problem is then an errno. */
bool git_start(Arena *arena, const char *directory, const char *const *words,
               bool has_input, GitChild *child, int *problem);

/* Writes all of it; false when the child is gone. */
bool git_ask(const GitChild *child, Text bytes);

/* Ends the conversation and waits. The exit status; -1 when a signal ended it. */
int git_end(GitChild *child);

/* Starts it, takes all its output, waits. True when its exit status is 0; *problem is an
 * errno when it could not be started, else 0. */
bool git_run(Arena *arena, const char *directory, const char *const *words,
             Text *output, int *problem);

#endif
