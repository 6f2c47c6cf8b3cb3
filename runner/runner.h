/*
 * runner.h: what the parts of berth-run share: its exit statuses, its options, and
 * how it speaks.
 *
 * Results go to standard output, problems to standard error. Both pass through the
 * run's redaction, so that nothing that was read from a secret is shown, and nothing
 * reaches a terminal as a command. reference/runner.md, section 8.
 */
#ifndef BERTH_RUNNER_RUNNER_H
#define BERTH_RUNNER_RUNNER_H

#include "base/arena.h"
#include "redact.h"

typedef enum Status {
    STATUS_OK = 0,
    STATUS_DENIED = 1,      /* a registry refused a login */
    STATUS_USAGE = 2,       /* wrong options, or no plan */
    STATUS_REFUSED = 3,     /* by policy: a server that differs, a file's mode, ... */
    STATUS_SECRET = 4,      /* a secret is missing or malformed */
    STATUS_UNREACHABLE = 5, /* no answer in time; trying again may help */
    STATUS_NO_CLIENT = 7,
    STATUS_SIGNAL = 128 /* + the number of the signal */
} Status;

typedef enum Tool {
    TOOL_ANY, /* the first that is there */
    TOOL_DOCKER,
    TOOL_PODMAN,
    TOOL_SKOPEO,
    TOOL_NONE /* no client: the file is written, nothing is verified */
} Tool;

typedef struct Options {
    Text plan; /* a path; "-": standard input */
    Text out;  /* empty: where the tool looks */
    Tool tool;
    uint32_t timeout; /* seconds for one step */
    bool dry_run, allow_loopback, network_environment, help, version;
} Options;

typedef struct Run {
    Arena *arena;
    Options options;
    Redaction redaction;
    int signals; /* a signalfd of what ends the run; -1 before anything is staged */
} Run;

/* "berth-run: " and a line on standard error. */
void run_complain(Run *run, const char *format, ...) BERTH_FORMAT(2, 3);
/* A line on standard output. */
void run_say(Run *run, const char *format, ...) BERTH_FORMAT(2, 3);
/* What a client printed, each line marked as its own, on standard error. */
void run_show_client(Run *run, Text output, bool cut);

#endif
