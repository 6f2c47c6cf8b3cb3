/*
 * lsp_command.h: `berth lsp`: a language server on standard input and output.
 *
 * No Answer's command: a conversation has many compilations.
 */
#ifndef BERTH_LSP_COMMAND_H
#define BERTH_LSP_COMMAND_H

#include "options.h"

/* Runs until the client ends it; the exit status. `version` of berth. */
int lsp_run(const Options *options, const char *version);

#endif
