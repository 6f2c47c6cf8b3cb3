/*
 * initialize.h: what client and server tell each other of themselves.
 */
#ifndef BERTH_LSP_INITIALIZE_H
#define BERTH_LSP_INITIALIZE_H

#include "lsp/session.h"

/* Reads InitializeParams. *root is the first workspace folder, as a path, where the
 * client names one that is a directory of this machine; it lives as long as `names`. */
void initialize(Session *session, Arena *names, const Message *message, Text *root);
/* Adds the InitializeResult. */
void initialize_answer(const Session *session, JsonOut *json);

/* The request that asks the client to tell of changed files. */
void watch_add(Buffer *out);

#endif
