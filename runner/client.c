#include "client.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "pin.h"

const char *tool_name(Tool tool)
{
    switch (tool) {
    case TOOL_DOCKER:
        return "docker";
    case TOOL_PODMAN:
        return "podman";
    case TOOL_SKOPEO:
        return "skopeo";
    case TOOL_NONE:
        return "none";
    case TOOL_ANY:
        break;
    }
    return "any";
}

/* A regular program that nobody but its owner, root or us, can have changed. */
static bool is_safe_program(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
           (status.st_uid == 0 || status.st_uid == geteuid()) &&
           (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 && access(path, X_OK) == 0;
}

static bool find_tool(Arena *arena, Tool tool, Client *client)
{
    static const char *const directories[] = {"/usr/local/bin", "/usr/bin", "/bin"};

    for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
        Text path = arena_format(arena, "%s/%s", directories[i], tool_name(tool));

        if (is_safe_program(path.at)) {
            *client = (Client){tool, path};
            return true;
        }
    }
    return false;
}

bool client_find(Arena *arena, Tool wanted, Client *client, Text *problem)
{
    static const Tool order[] = {TOOL_DOCKER, TOOL_PODMAN, TOOL_SKOPEO};

    *client = (Client){.tool = wanted};
    if (wanted == TOOL_NONE)
        return true;
    for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
        if ((wanted == TOOL_ANY || wanted == order[i]) &&
            find_tool(arena, order[i], client))
            return true;
    }
    *problem = arena_format(
        arena, "%s is not in /usr/local/bin, /usr/bin or /bin, or others may write it",
        wanted == TOOL_ANY ? "neither docker nor podman nor skopeo"
                           : tool_name(wanted));
    if (wanted == TOOL_ANY)
        *problem = TEXT("none of docker, podman and skopeo is in /usr/local/bin, "
                        "/usr/bin or /bin; --tool none needs no client");
    return false;
}

/* What a client is told, and stores the entry under. Podman and skopeo store what they
 * are told for Docker Hub without its path, which nobody else looks up. */
static Text server_of(const Client *client, const Login *login)
{
    return client->tool == TOOL_DOCKER ? login->key : login->host;
}

static char *word(Arena *arena, const char *before, Text text)
{
    size_t len = strlen(before);
    char *at = secret_room(arena, len + text.len);

    memcpy(at, before, len);
    if (text.len)
        memcpy(at + len, text.at, text.len);
    return at;
}

/* docker --config DIR login ... | podman, skopeo login --authfile FILE ... */
static char **arguments(const Run *run, const Client *client, const Stage *stage,
                        const Login *login)
{
    enum { WORDS_MAX = 10 };
    char **words = ARENA_ARRAY(run->arena, WORDS_MAX, char *);
    bool is_docker = client->tool == TOOL_DOCKER;
    size_t n = 0;

    words[n++] = word(run->arena, "", client->path);
    if (is_docker)
        words[n++] = word(run->arena, "--config=", stage->directory);
    words[n++] = word(run->arena, "login", TEXT(""));
    if (!is_docker)
        words[n++] = word(run->arena, "--authfile=", stage->config);
    if (!is_docker && run->options.allow_loopback && pin_is_loopback(login->host))
        words[n++] = word(run->arena, "--tls-verify=false", TEXT(""));
    words[n++] = word(run->arena, "--username=", login->user);
    words[n++] = word(run->arena, "--password-stdin", TEXT(""));
    words[n++] = word(run->arena, "--", TEXT(""));
    words[n++] = word(run->arena, "", server_of(client, login));
    return words;
}

/* From nothing: what this process has in its own, a pull request may have set. */
static char **environment(Run *run, const Stage *stage)
{
    static const char *const network[] = {"HTTPS_PROXY",   "https_proxy",
                                          "NO_PROXY",      "no_proxy",
                                          "SSL_CERT_FILE", "SSL_CERT_DIR"};
    enum { NETWORK = sizeof(network) / sizeof(*network), OWN = 8 };
    char **words = ARENA_ARRAY(run->arena, NETWORK + OWN, char *);
    size_t n = 0;

    words[n++] = word(run->arena, "PATH=/nonexistent", TEXT(""));
    words[n++] = word(run->arena, "LC_ALL=C", TEXT(""));
    words[n++] = word(run->arena, "HOME=", stage->directory);
    words[n++] = word(run->arena, "TMPDIR=", stage->directory);
    words[n++] = word(run->arena, "XDG_RUNTIME_DIR=", stage->directory);
    words[n++] = word(run->arena, "DOCKER_CONFIG=", stage->directory);
    for (size_t i = 0; run->options.network_environment && i < NETWORK; i++) {
        const char *value = getenv(network[i]);

        if (value)
            words[n++] =
                word(run->arena, arena_format(run->arena, "%s=", network[i]).at,
                     text_of(value));
    }
    return words;
}

static bool contains(Text text, const char *part)
{
    Text wanted = text_of(part);

    for (size_t i = 0; i + wanted.len <= text.len; i++) {
        if (text_equal_ignoring_case(text_slice(text, i, i + wanted.len), wanted))
            return true;
    }
    return false;
}

/* Every client ends with the same status whatever went wrong; what it prints tells a
 * refusal from a registry that does not answer. A refusal comes first, since docker
 * tries HTTPS before HTTP and prints both. */
static Status status_of(Text output)
{
    static const char *const refusals[] = {
        "unauthorized",  "invalid username/password", "incorrect username or password",
        "403 forbidden", "authentication required",   "access denied"};
    static const char *const failures[] = {"connection refused",
                                           "connection reset",
                                           "no such host",
                                           "server misbehaving",
                                           "i/o timeout",
                                           "timed out",
                                           "timeout exceeded",
                                           "handshake timeout",
                                           "context deadline exceeded",
                                           "network is unreachable",
                                           "no route to host",
                                           "unexpected eof",
                                           ": eof",
                                           "x509:",
                                           "http response to https client",
                                           "too many requests",
                                           "toomanyrequests",
                                           "bad gateway",
                                           "service unavailable",
                                           "gateway timeout",
                                           "internal server error",
                                           "proxyconnect"};

    for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
        if (contains(output, refusals[i]))
            return STATUS_DENIED;
    }
    for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
        if (contains(output, failures[i]))
            return STATUS_UNREACHABLE;
    }
    return STATUS_DENIED;
}

static Status say_failure(Run *run, const Client *client, const Login *login,
                          const ChildResult *result)
{
    const char *tool = tool_name(client->tool);
    Status status = STATUS_OK;

    switch (result->end) {
    case CHILD_EXITED:
        status = status_of(result->output);
        run_complain(run, "%.*s: %s (%s, status %d)", TEXT_ARG(login->host),
                     status == STATUS_DENIED ? "the login was refused"
                                             : "the registry could not be reached",
                     tool, result->status);
        break;
    case CHILD_KILLED:
        status = STATUS_UNREACHABLE;
        run_complain(run, "%.*s: %s was ended by signal %d", TEXT_ARG(login->host),
                     tool, result->signal);
        break;
    case CHILD_LATE:
        status = STATUS_UNREACHABLE;
        run_complain(run, "%.*s: no answer in time; %s was ended",
                     TEXT_ARG(login->host), tool);
        break;
    case CHILD_SIGNALLED:
        run_complain(run, "%.*s: interrupted by signal %d", TEXT_ARG(login->host),
                     result->signal);
        return (Status)(STATUS_SIGNAL + result->signal);
    case CHILD_NOT_RUN:
        run_complain(run, "%.*s: %s could not be started", TEXT_ARG(login->host), tool);
        return STATUS_NO_CLIENT;
    }
    run_show_client(run, result->output, result->cut);
    return status;
}

/* The one entry that the login is about; anything more is not what was asked for. */
static bool take_entry(Run *run, const Client *client, const Stage *stage,
                       const Login *login, AuthEntry *entry)
{
    Text key = server_of(client, login), bytes, problem;
    AuthFile file;

    if (!stage_read(run->arena, stage, &bytes) ||
        !auth_file_read(run->arena, bytes, &file, &problem) ||
        !auth_file_entry(&file, key, &entry->value)) {
        run_complain(run, "%.*s: %s said that it logged in, but stored nothing",
                     TEXT_ARG(login->host), tool_name(client->tool));
        return false;
    }
    for (NodeId at = tree_first(file.tree, file.auths); at.index;
         at = tree_next(file.tree, at)) {
        Text other = tree_node(file.tree, at)->key;

        if (text_equal(other, key) || text_equal(other, TEXT(STAGE_SEED_KEY)))
            continue;
        run_complain(run, "%.*s: %s stored a login for '%.*s' as well; nothing is kept",
                     TEXT_ARG(login->host), tool_name(client->tool), TEXT_ARG(other));
        return false;
    }
    entry->key = login->key;
    return true;
}

Status client_login(Run *run, const Client *client, const Stage *stage,
                    const Login *login, int64_t deadline, AuthEntry *entry)
{
    Child child = {.arguments = arguments(run, client, stage, login),
                   .environment = environment(run, stage),
                   .input = login->password,
                   .deadline = deadline,
                   .signals = run->signals};

    if (!stage_seed(stage)) {
        run_complain(run, "%.*s could not be written", TEXT_ARG(stage->config));
        return STATUS_REFUSED;
    }
    ChildResult result = child_run(run->arena, &child);
    if (result.end != CHILD_EXITED || result.status != 0)
        return say_failure(run, client, login, &result);
    return take_entry(run, client, stage, login, entry) ? STATUS_OK : STATUS_REFUSED;
}
