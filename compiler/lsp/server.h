/*
 * server.h: a language server, LSP 3.17: messages in, answers out.
 *
 * Bytes that have come are fed to it; it queues whole messages, so that a request can be
 * cancelled before its turn and changes that follow each other cost one analysis. Then
 * it works on what is queued, in its order, and settles when nothing more has come:
 * analyses, and publishes. Nothing waits here; who reads and writes is the Host.
 */
#ifndef BERTH_LSP_SERVER_H
#define BERTH_LSP_SERVER_H

#include "lsp/session.h"

enum {
    QUEUE_MAX = 64,             /* messages */
    QUEUE_BYTES_MAX = 64 << 20, /* and their bytes, but for one message */
    LIVE_FILES_MAX = 2000 /* of a larger workspace only opening and saving count */
};

typedef struct Server Server;

/* `root`: the workspace, absolute; empty: the client names it. */
Server *server_new(Arena *arena, const Host *host, Text root);
/* Frees what is not the arena's. */
void server_end(Server *server);

/* Takes what it can off the front of *bytes; all of it, unless the queue is full. */
void server_feed(Server *server, Text *bytes);
void server_work(Server *server);
void server_settle(Server *server);
/* No more bytes will come: works on what has, and ends. */
void server_hang_up(Server *server);

/* Whether the conversation has ended; *status is then the program's. */
bool server_is_over(const Server *server, int *status);

#endif
