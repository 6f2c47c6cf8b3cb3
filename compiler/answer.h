/*
 * answer.h: what a command answers with: its options, the compilation, the exit status.
 *
 * The commands are functions of one shape (commands.h); what they share is here: what
 * is said on standard error, where results go, and the rank of exit statuses.
 */
#ifndef BERTH_ANSWER_H
#define BERTH_ANSWER_H

#include "compile.h"
#include "diff_base.h"
#include "options.h"

/* DESIGN section 4: where several apply, 2 goes before 3, and 3 before 1. */
enum { EXIT_CLEAN = 0, EXIT_FINDINGS = 1, EXIT_UNUSABLE = 2, EXIT_INCOMPLETE = 3 };

typedef struct Answer {
    const Options *options;
    Compilation *cc;
    DiffBase *base; /* of --diff-base; NULL: nothing is compared */
    Arena *arena;   /* of what is printed */
    int status;
} Answer;

void say(Text text); /* "berth: " text, on standard error */
void answer_fail(Answer *answer, int status, Text text);
void answer_worsen(Answer *answer, int status);
void answer_write(Answer *answer, Text path, Text bytes); /* see output_write */
/* The errors of manifests, of berth.yaml and of rules, and the limits that were met. */
void answer_say_errors(Answer *answer);
void answer_add_errors(const Answer *answer, Buffer *out);

/* The parts of "NAME=FILE". */
Text format_name(Text format);
Text format_file(Text format);
/* The format of a command that has one output; `names` ends with NULL, the first is the
 * default. False: it was said what is wrong. */
bool answer_one_format(Answer *answer, const char *const *names, Text *name,
                       Text *file);
bool answer_wants_color(const Options *options);
/* How a report looks that goes to `file` (empty: standard output): colours, width, links.
 */
void answer_set_terminal(const Answer *answer, Report *report, Text file);
/* The columns of the terminal that standard output is; 0 when it is none. COLUMNS, as
 * POSIX has it, goes before what the terminal says. */
uint32_t answer_terminal_width(void);

#endif
