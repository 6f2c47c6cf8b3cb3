/*
 * options.h: the command line, read.
 *
 * One table of commands and one of options; a new one is a row. Texts are views of
 * argv, which the caller keeps.
 */
#ifndef BERTH_OPTIONS_H
#define BERTH_OPTIONS_H

#include "base/buffer.h"
#include "report/rule.h"

typedef enum Command {
    COMMAND_CHECK,
    COMMAND_WHY,
    COMMAND_REFS,
    COMMAND_PLAN,
    COMMAND_DIFF,
    COMMAND_CUT,
    COMMAND_GRAPH,
    COMMAND_RULES,
    COMMAND_TEST,
    COMMAND_EXPLAIN,
    COMMAND_INIT,
    COMMAND_IMPORT,
    COMMAND_DUMP,
    COMMAND_EXPORT,
    COMMAND_LSP,
    COMMAND_COMPLETION,
    COMMAND_HELP,
    COMMAND_VERSION,
    COMMAND_COUNT
} Command;

typedef enum ColorChoice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } ColorChoice;

enum { OPTION_REPEATS = 16, ARGUMENTS_MAX = 3 };

typedef struct TextList {
    Text items[OPTION_REPEATS];
    uint32_t count;
} TextList;

typedef struct Options {
    Command command;
    Text arguments[ARGUMENTS_MAX];
    uint32_t narguments;
    Text repository, visibility, configuration, platform, user, target, phase, output;
    Text diff_base, baseline, focus;
    Text cases;       /* --cases: where they stand, if not beside the rules */
    uint32_t hops;    /* of --focus */
    TextList formats; /* "NAME" or "NAME=FILE" */
    TextList rules, select, ignore, mandatory;
    Severity fail_on;
    bool never_fails; /* --fail-on never */
    uint32_t today;   /* since 1970-01-01; when has_today */
    bool has_today;
    ColorChoice color;
    bool quiet, verbose, allow_blocked, exit_code, strict, shipped;
    bool no_ignores, update_baseline, allow_growth;
    bool fixes, fixes_all, diff; /* --fix, --fix=all, --diff */
} Options;

/* False when the command line is wrong; *problem then says what, and what to do. */
bool options_read(Arena *arena, int argc, char *const *argv, Options *options,
                  Text *problem);

/* What `berth help` prints: the commands, or one command with its options. */
void options_add_help(Text command, Buffer *out);

#endif
