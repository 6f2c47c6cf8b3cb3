/*
 * client.h: docker, podman or skopeo, called to log in within the stage.
 *
 * A client is taken from a fixed list of directories, never from PATH. The password
 * goes through its standard input; the user is an argument, since no client takes it
 * another way. reference/runner.md, sections 5 and 6.
 */
#ifndef BERTH_RUNNER_CLIENT_H
#define BERTH_RUNNER_CLIENT_H

#include "auth_file.h"
#include "logins.h"
#include "runner.h"
#include "stage.h"

typedef struct Client {
    Tool tool;
    Text path; /* absolute */
} Client;

/* The tool's name: "docker". */
const char *tool_name(Tool tool);

/* The client of the options, or the first that is there; TOOL_NONE needs none. False
 * with *problem. */
bool client_find(Arena *arena, Tool wanted, Client *client, Text *problem);

/* Logs in once, in the stage alone, by `deadline` (clock_now). On STATUS_OK *entry is
 * what the client stored, under the key it belongs under; else what happened has been
 * said. */
Status client_login(Run *run, const Client *client, const Stage *stage,
                    const Login *login, int64_t deadline, AuthEntry *entry);

#endif
