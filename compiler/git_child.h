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

/* Some bytes of what it prints, as read(2) gives them: 0 at the end, -1 when there are
 * none to be had. One that is silent for a minute is ended. */
ssize_t git_take(const GitChild *child, char *bytes, size_t size);

/* Ends the conversation and waits. The exit status; -1 when a signal ended it. */
int git_end(GitChild *child);

/* Starts it, takes all its output, waits. True when its exit status is 0 and it printed
 * no more than 256 MiB; *problem is an errno when it could not be started, else 0. */
bool git_run(Arena *arena, const char *directory, const char *const *words,
             Text *output, int *problem);

#endif
