#include "client.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "egress.h"
#include "pin.h"
#include "surroundings.h"
#include "verdict.h"

const char *tool_name(Tool tool)
{
    switch (tool) {
    case TOOL_DOCKER:
        return "docker";
    case TOOL_PODMAN:
        return "podman";
    case TOOL_SKOPEO:
        return "skopeo";
    case TOOL_BUILDAH:
        return "buildah";
    case TOOL_NONE:
        return "none";
    case TOOL_ANY:
        break;
    }
    return "any";
}

bool client_is_safe_program(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
           (status.st_uid == 0 || status.st_uid == geteuid()) &&
           (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 && access(path, X_OK) == 0;
}

bool client_find_tool(Arena *arena, Tool tool, Client *client)
{
    static const char *const directories[] = {"/usr/local/bin", "/usr/bin", "/bin"};

    for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
        Text path = arena_format(arena, "%s/%s", directories[i], tool_name(tool));

        if (client_is_safe_program(path.at)) {
            *client = (Client){tool, path};
            return true;
        }
    }
    return false;
}

bool client_find(Arena *arena, const Options *options, Client *client, Text *problem)
{
    static const Tool order[] = {TOOL_DOCKER, TOOL_PODMAN, TOOL_SKOPEO, TOOL_BUILDAH};
    Tool wanted = options->tool;

    *client = (Client){.tool = wanted};
    if (wanted == TOOL_NONE)
        return true;
    if (options->tool_path.len) {
        client->path = arena_copy(arena, options->tool_path);
        *problem = arena_format(arena, "%.*s is no program, or others may write it",
                                TEXT_ARG(client->path));
        return client_is_safe_program(client->path.at);
    }
    for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
        if ((wanted == TOOL_ANY || wanted == order[i]) &&
            client_find_tool(arena, order[i], client))
            return true;
    }
    *problem = arena_format(
        arena, "%s is not in /usr/local/bin, /usr/bin or /bin, or others may write it",
        tool_name(wanted));
    if (wanted == TOOL_ANY)
        *problem =
            TEXT("none of docker, podman, skopeo and buildah is in "
                 "/usr/local/bin, /usr/bin or /bin; --tool none needs no client");
    return false;
}

/* What a client is told, and stores the entry under. Podman and skopeo store what they
 * are told for Docker Hub without its path, which nobody else looks up. */
static Text server_of(const Client *client, const Login *login)
{
    return client->tool == TOOL_DOCKER ? login->key : login->host;
}

/* A flag that stands apart from the others: only for a registry on this machine, and
 * only when it is asked for. */
void client_add_insecure(Words *words, const Run *run, const Login *login,
                         const char *flag)
{
    if (run->options.allow_loopback && pin_is_loopback(login->host))
        words_add(words, flag, TEXT(""));
}

/* docker --config=DIR login ... | skopeo|podman|buildah login --authfile=FILE ...; all
 * but docker tell in their debug output whether they were asked for a login */
static char **login_words(Run *run, const Client *client, Text directory, Text file,
                          const Login *login)
{
    Words words = words_new(run->arena);
    bool is_docker = client->tool == TOOL_DOCKER;

    words_add(&words, "", client->path);
    if (is_docker)
        words_add(&words, "--config=", directory);
    else
        words_add(&words, client->tool == TOOL_SKOPEO ? "--debug" : "--log-level=debug",
                  TEXT(""));
    words_add(&words, "login", TEXT(""));
    if (!is_docker) {
        words_add(&words, "--authfile=", file);
        client_add_insecure(&words, run, login, "--tls-verify=false");
    }
    words_add(&words, "--username=", login->user);
    words_add(&words, "--password-stdin", TEXT(""));
    words_add(&words, "--", TEXT(""));
    words_add(&words, "", server_of(client, login));
    return words.at;
}

/* Podman opens its storage wherever it is, and so cannot be held to one directory
 * (reference/runner.md, section 6); buildah is no different. */
static const char *cage_of(const Client *client, Text directory)
{
    return client->tool == TOOL_DOCKER || client->tool == TOOL_SKOPEO ? directory.at
                                                                      : NULL;
}

Child client_call(Run *run, const Client *client, const Stage *stage,
                  const Login *login, char **words, int64_t deadline)
{
    Child child = {.arguments = words,
                   .environment =
                       surroundings_of(run, stage->directory, login->gate, false),
                   .writable = cage_of(client, stage->directory),
                   .deadline = deadline};

    child.nports = egress_ports(run, login, child.ports);
    return child;
}

Child client_login(Run *run, const Client *client, const Stage *stage,
                   const Login *login, int64_t deadline)
{
    Child child = client_call(
        run, client, stage, login,
        login_words(run, client, stage->directory, stage->config, login), deadline);

    child.input = login->password;
    return child;
}

Child client_store(Run *run, const Client *client, const Stage *stage, Text file,
                   const Login *login, int64_t deadline)
{
    size_t slash = text_find_last_byte(file, '/');
    Text directory = slash < file.len ? text_slice(file, 0, slash) : TEXT(".");

    Child child = {.arguments = login_words(run, client, directory, file, login),
                   .environment =
                       surroundings_of(run, stage->directory, login->gate, true),
                   .input = login->password,
                   .deadline = deadline};

    child.nports = egress_ports(run, login, child.ports);
    return child;
}

static void set(Login *login, LoginResult result, Status status, Text because)
{
    login->result = result;
    login->status = status;
    login->because = because;
}

static void say_exit(Run *run, const char *tool, Login *login,
                     const ChildResult *result)
{
    Text output = verdict_without_debug(run->arena, result->output);
    Text elsewhere = egress_refused(run, login);
    Verdict verdict = elsewhere.len ? VERDICT_FOREIGN : verdict_of(output);
    bool denied = verdict == VERDICT_REFUSED || verdict == VERDICT_EXPIRED ||
                  verdict == VERDICT_FOREIGN;

    set(login, denied ? LOGIN_DENIED : LOGIN_UNREACHABLE,
        denied ? STATUS_DENIED : STATUS_UNREACHABLE,
        elsewhere.len
            ? arena_format(run->arena,
                           "it leads to %.*s, which is not a host of the plan; nothing "
                           "was sent there (--allow-host allows it)",
                           TEXT_ARG(elsewhere))
            : text_of(verdict_says(verdict)));
    login->verdict = verdict;
    login->may_pass = verdict_may_pass(verdict);
    run_complain(run, "%.*s: %.*s (%s, status %d)", TEXT_ARG(login->host),
                 TEXT_ARG(login->because), tool, result->status);
    run_show_client(run, output, result->cut);
}

void client_say_failure(Run *run, const Client *client, Login *login,
                        const ChildResult *result)
{
    const char *tool = tool_name(client->tool);

    login->may_pass = result->end == CHILD_LATE;
    login->verdict = VERDICT_UNREACHABLE;
    switch (result->end) {
    case CHILD_EXITED:
        say_exit(run, tool, login, result);
        return;
    case CHILD_KILLED:
        set(login, LOGIN_UNREACHABLE, STATUS_UNREACHABLE,
            arena_format(run->arena, "%s was ended by signal %d", tool,
                         result->signal));
        break;
    case CHILD_LATE:
        set(login, LOGIN_UNREACHABLE, STATUS_UNREACHABLE,
            arena_format(run->arena, "no answer in time; %s was ended", tool));
        break;
    case CHILD_SIGNALLED:
        set(login, LOGIN_SKIPPED, (Status)(STATUS_SIGNAL + result->signal),
            arena_format(run->arena, "interrupted by signal %d", result->signal));
        run_complain(run, "%.*s: %.*s", TEXT_ARG(login->host),
                     TEXT_ARG(login->because));
        return;
    case CHILD_NOT_RUN:
        set(login, LOGIN_SKIPPED, STATUS_NO_CLIENT,
            arena_format(run->arena, "%s could not be started", tool));
        break;
    }
    run_complain(run, "%.*s: %.*s", TEXT_ARG(login->host), TEXT_ARG(login->because));
    run_show_client(run, verdict_without_debug(run->arena, result->output),
                    result->cut);
}

/* The one entry that the login is about; anything more is not what was asked for. */
static bool take_entry(Run *run, const Client *client, const Stage *stage, Login *login)
{
    Text key = server_of(client, login), bytes, problem;
    const char *tool = tool_name(client->tool);
    AuthFile file;

    if (!stage_read(run->arena, stage, &bytes) ||
        !auth_file_read(run->arena, bytes, &file, &problem) ||
        !auth_file_entry(&file, SECTION_AUTHS, key, &login->entry) ||
        !text_starts_with(login->entry, TEXT("{"))) {
        run_complain(run, "%.*s: %s said that it logged in, but stored nothing",
                     TEXT_ARG(login->host), tool);
        set(login, LOGIN_REFUSED, STATUS_REFUSED, TEXT("the client stored nothing"));
        return false;
    }
    for (NodeId at = auth_file_first(&file, SECTION_AUTHS); at.index;
         at = tree_next(file.tree, at)) {
        Text other = tree_node(file.tree, at)->key;

        if (text_equal(other, key) || text_equal(other, TEXT(STAGE_SEED_KEY)))
            continue;
        run_complain(run, "%.*s: %s stored a login for '%.*s' as well; nothing is kept",
                     TEXT_ARG(login->host), tool, TEXT_ARG(other));
        set(login, LOGIN_REFUSED, STATUS_REFUSED,
            TEXT("the client stored other logins as well"));
        login->entry = (Text){0};
        return false;
    }
    return true;
}

void client_judge(Run *run, const Client *client, const Stage *stage, Login *login,
                  const ChildResult *result, const ChildResult *probe)
{
    Challenge challenge =
        probe ? verdict_probe(probe->end != CHILD_EXITED || probe->status != 0,
                              probe->output)
              : verdict_challenge(result->output);

    login->ms = result->ms;
    login->may_pass = false;
    if (result->end != CHILD_EXITED || result->status != 0) {
        client_say_failure(run, client, login, result);
        return;
    }
    if (!take_entry(run, client, stage, login))
        return;
    set(login, LOGIN_OK, STATUS_OK, TEXT(""));
    if (challenge == CHALLENGE_PRESENT)
        return;
    set(login, LOGIN_UNVERIFIED, STATUS_OK,
        challenge == CHALLENGE_ABSENT ? TEXT("the registry asks nobody for a login")
                                      : TEXT("it is not known whether the registry "
                                             "asked for a login"));
    if (run->options.require_verified)
        login->status = STATUS_DENIED;
    run_complain(run, "%s: %.*s: the login is not verified: %.*s",
                 run->options.require_verified ? "refused" : "warning",
                 TEXT_ARG(login->host), TEXT_ARG(login->because));
}
