/*
 * fix_command.h: `berth check --fix` and `--diff`.
 *
 * The files are changed first, and then checked anew: what is reported is what is left.
 */
#ifndef BERTH_FIX_COMMAND_H
#define BERTH_FIX_COMMAND_H

#include "answer.h"

/* Mends what can be mended (--fix: what is safe; --fix=all) and says on standard error
 * what it did and what it left. Nothing is done where the policy cannot be used or the
 * rules met a limit: what is then not known would look unused. */
void fix_write(Answer *answer);

/* Prints the same as a patch, and changes nothing. The findings are collected. */
void fix_print(Answer *answer);

#endif
