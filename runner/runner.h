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

#include <stdio.h>

#include "base/arena.h"
#include "redact.h"

#ifndef BERTH_VERSION
#define BERTH_VERSION "0.1.0"
#endif

typedef enum Status {
    STATUS_OK = 0,
    STATUS_DENIED = 1,      /* a registry refused a login */
    STATUS_USAGE = 2,       /* wrong options, or no plan */
    STATUS_REFUSED = 3,     /* by policy: a server that differs, a file's mode, ... */
    STATUS_SECRET = 4,      /* a secret is missing or malformed */
    STATUS_UNREACHABLE = 5, /* no answer in time; trying again may help */
    STATUS_PARTIAL = 6,     /* some logins are stored (--keep-going) */
    STATUS_NO_CLIENT = 7,
    STATUS_NO_COMMAND = 127, /* the command after "--" could not be started */
    STATUS_SIGNAL = 128      /* + the number of the signal */
} Status;

typedef enum Tool {
    TOOL_ANY, /* the first that is there */
    TOOL_DOCKER,
    TOOL_PODMAN,
    TOOL_SKOPEO,
    TOOL_BUILDAH,
    TOOL_NONE /* no client: the file is written, nothing is verified */
} Tool;

typedef enum Store {
    STORE_FILE,   /* as entries of the file that clients read */
    STORE_CLIENT, /* the client stores them itself, where it keeps logins */
    STORE_HELPER  /* docker-credential-berth answers for them; nothing is at rest */
} Store;

typedef enum Mode {
    MODE_LOGIN,
    MODE_DRY_RUN,
    MODE_CHECK,
    MODE_LOGOUT,
    MODE_COMMAND,   /* PLAN -- COMMAND */
    MODE_PRINT_ENV, /* a private directory that outlives the run */
    MODE_HELP,
    MODE_VERSION
} Mode;

typedef struct Options {
    Mode mode;
    Text plan;      /* a path; "-": standard input */
    Text digest;    /* what the plan's bytes must hash to; empty: anything */
    Text allow;     /* the policy's file; empty: where it is looked for */
    Text out;       /* empty: where the tool looks */
    Text tool_path; /* empty: in the directories of the system */
    Tool tool;
    Store store;
    const Text *only; /* registries; none: all of the plan's */
    uint32_t nonly;
    const Text *allowed; /* further hosts that clients may reach, "host[:port]" */
    uint32_t nallowed;
    uint32_t timeout, total; /* seconds: for one login, for all */
    uint32_t retries;
    bool keep_going, require_verified, json, allow_loopback, network_environment;
    char *const *command; /* ends in NULL; of MODE_COMMAND */
} Options;

typedef struct Run {
    Arena *arena;
    Options options;
    Redaction redaction;
    FILE *results;  /* of run_say: standard error where standard output is data */
    FILE *problems; /* of run_complain */
    int signals;    /* a signalfd of what ends the run; -1 before anything is staged */
    uint32_t umask; /* what this process was given: a command gets it back */
    uint64_t core[2]; /* so too the limits of core files */
} Run;

/* "berth-run: " and a line on standard error. */
void run_complain(Run *run, const char *format, ...) BERTH_FORMAT(2, 3);
/* A line of JSON on standard output. */
void run_say_json(Run *run, Text line);
/* A line on standard output, for people: not when the options ask for JSON. */
void run_say(Run *run, const char *format, ...) BERTH_FORMAT(2, 3);
/* What a client printed, each line marked as its own, on standard error. */
void run_show_client(Run *run, Text output, bool cut);

/* From here on a signal is something that is read, between two steps or during one, so
 * that what was staged is removed whatever happens. */
bool run_hold_signals(Run *run) BERTH_MUST_USE;
/* The signal that has come since then; 0: none has. Waits up to `ms` for one. */
int run_signal(const Run *run, int ms);

#endif
