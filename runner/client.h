/*
 * client.h: docker, podman, skopeo or buildah, called to log in within the stage.
 *
 * A client is taken from a fixed list of directories, never from PATH. The password
 * goes through its standard input; the user is an argument, since no client takes it
 * another way. Its environment, with the proxy that it may be given, is made in one
 * place (surroundings.h), and what the kernel holds it to in another
 * (cage.h). reference/runner.md, sections 5 and 6.
 */
#ifndef BERTH_RUNNER_CLIENT_H
#define BERTH_RUNNER_CLIENT_H

#include "child.h"
#include "logins.h"
#include "runner.h"
#include "stage.h"
#include "words.h"

typedef struct Client {
    Tool tool;
    Text path; /* absolute */
} Client;

/* The tool's name: "docker". */
const char *tool_name(Tool tool);

/* A regular program that nobody but its owner, root or us, can have changed. */
bool client_is_safe_program(const char *path);
/* The client of the options, or the first that is there; TOOL_NONE needs none. False
 * with *problem. */
bool client_find(Arena *arena, const Options *options, Client *client, Text *problem);
bool client_find_tool(Arena *arena, Tool tool, Client *client);

/* The call that logs in, in a seeded stage alone; `deadline` is of clock_now. */
Child client_login(Run *run, const Client *client, const Stage *stage,
                   const Login *login, int64_t deadline);
/* Any other call in the stage, about this login. */
Child client_call(Run *run, const Client *client, const Stage *stage,
                  const Login *login, char **words, int64_t deadline);
/* Adds a flag that stands apart from the others: only for a registry on this machine,
 * and only when it is asked for. */
void client_add_insecure(Words *words, const Run *run, const Login *login,
                         const char *flag);
/* The call that stores a login where the client keeps them, with its own helpers;
 * `file` is the file that it then reads. */
Child client_store(Run *run, const Client *client, const Stage *stage, Text file,
                   const Login *login, int64_t deadline);

/* What came of a login: sets its result, and says what went wrong. `probe` is NULL, or
 * what came of the probe. On LOGIN_OK and LOGIN_UNVERIFIED the entry that the client
 * stored is taken. */
void client_judge(Run *run, const Client *client, const Stage *stage, Login *login,
                  const ChildResult *result, const ChildResult *probe);
/* Says how a call failed: sets the login's result, status and reason. */
void client_say_failure(Run *run, const Client *client, Login *login,
                        const ChildResult *result);

#endif
