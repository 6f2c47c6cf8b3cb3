#include "helper.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actions.h"
#include "allow.h"
#include "base/json_out.h"
#include "base/server_key.h"
#include "child.h"
#include "commit.h"
#include "file_io.h"
#include "logins.h"
#include "plan_file.h"
#include "secrets.h"
#include "store.h"
#include "syntax/syntax.h"

enum { REQUEST_BYTES_MAX = 64 << 10 };

#define NOT_FOUND "credentials not found in native keychain" /* clients compare it */

bool helper_is_meant(const char *program)
{
    const char *name = program ? strrchr(program, '/') : NULL;

    return program &&
           strcmp(name ? name + 1 : program, "docker-credential-" HELPER_NAME) == 0;
}

static Status fail(const char *says)
{
    (void)puts(says);
    return STATUS_DENIED;
}

/* Beside docker's file, else beside containers'. */
static bool find_plan(Run *run)
{
    static const Tool tools[] = {TOOL_DOCKER, TOOL_PODMAN};
    const char *own = getenv("BERTH_PLAN");

    if (own && *own) {
        run->options.plan = text_of(own);
        return true;
    }
    for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
        Text target;

        if (!commit_target(run, tools[i], &target))
            continue;
        size_t slash = text_find_last_byte(target, '/');
        run->options.plan = arena_format(
            run->arena, "%.*s/" HELPER_PLAN,
            TEXT_ARG(slash < target.len ? text_slice(target, 0, slash) : TEXT(".")));
        if (access(run->options.plan.at, F_OK) == 0)
            return true;
    }
    return false;
}

/* The server that is asked for: the whole input, or a member of it. */
static bool read_server(Run *run, bool is_json, ServerKey *key, Text *asked)
{
    Sources *sources = sources_new(run->arena);
    Diags *diags = diags_new(run->arena);
    Text bytes, ignored;

    if (file_read_stream(run->arena, STDIN_FILENO, REQUEST_BYTES_MAX, &bytes) !=
        FILE_FINE)
        return false;
    *asked = text_trim(bytes);
    if (is_json) {
        const Tree *tree = json_read(
            run->arena, sources, sources_add(sources, TEXT("request"), bytes), diags);

        *asked = tree_string(tree, tree_find(tree, tree->root, TEXT("ServerURL")));
    }
    return server_key_read(run->arena, *asked, key, &ignored);
}

/* The logins of the plan for this host; all of them when it is empty. */
static Status read_plan(Run *run, Text host, Plan *plan, Logins *logins)
{
    Text bytes, path;
    bool there;

    if (!find_plan(run))
        return fail("there is no plan: berth-run PLAN --store helper leaves one");
    Text *only = ARENA_NEW(run->arena, Text);
    *only = host;
    run->options.only = only;
    run->options.nonly = host.len ? 1 : 0;
    Status status = plan_file_read(run, plan, &bytes);
    if (status != STATUS_OK)
        return STATUS_DENIED;
    *logins = logins_of(run, plan);
    status = allow_read(run, &path, &bytes, &there);
    if (status == STATUS_OK && there)
        status = allow_check(run, path, bytes, *logins);
    return status == STATUS_OK ? STATUS_OK : STATUS_DENIED;
}

static void print_answer(Run *run, Text server, const Login *login)
{
    Buffer answer = {.arena = run->arena,
                     .capacity =
                         64 + 6 * (server.len + login->user.len + login->password.len)};
    JsonOut json = {.out = &answer, .compact = true};

    answer.at = secret_room(run->arena, answer.capacity);
    json_open_object(&json);
    json_member_text(&json, "ServerURL", server);
    json_member_text(&json, "Username", login->user);
    json_member_text(&json, "Secret", login->password);
    json_close_object(&json);
    (void)fwrite(answer.at, 1, answer.len, stdout);
    (void)putchar('\n');
}

static Status get(Run *run, char *const *environment)
{
    ServerKey key;
    Plan plan;
    Logins logins;
    Text asked;

    if (!read_server(run, false, &key, &asked))
        return fail("expected a server on standard input");
    Status status = read_plan(run, key.host, &plan, &logins);
    if (status != STATUS_OK)
        return status;
    if (logins.count == 0)
        return fail(NOT_FOUND);
    if (actions_is_here())
        actions_mask(run, logins, environment);
    if (logins_read(run, &plan, environment, logins) != STATUS_OK)
        return STATUS_DENIED;
    Login *last = &logins.items[logins.count - 1];
    if (login_obtain(run, last, clock_now() + (int64_t)run->options.timeout * 1000) !=
        STATUS_OK)
        return STATUS_DENIED;
    print_answer(run, asked, last);
    return STATUS_OK;
}

/* A client that has logged in, or out, tells its helper. There is nothing to keep: that
 * is fine for what the plan answers for, and nothing else can be kept. */
static Status store(Run *run, bool is_json)
{
    ServerKey key;
    Plan plan;
    Logins logins;
    Text asked;

    if (!read_server(run, is_json, &key, &asked))
        return fail("expected a server on standard input");
    Status status = read_plan(run, key.host, &plan, &logins);
    if (status == STATUS_OK && logins.count == 0)
        return fail(
            "the plan has no login for this server, and this helper keeps none");
    return status;
}

/* The servers whose users are known. */
static Status list(Run *run, char *const *environment)
{
    Buffer answer = {.arena = run->arena};
    JsonOut json = {.out = &answer, .compact = true};
    Plan plan;
    Logins logins;
    Status status = read_plan(run, TEXT(""), &plan, &logins);

    if (status != STATUS_OK)
        return status;
    json_open_object(&json);
    for (uint32_t i = 0; i < logins.count; i++) {
        Text user;

        if (!secret_find(environment, logins.items[i].user_env, &user))
            continue;
        json_key(&json, arena_copy(run->arena, logins.items[i].key).at);
        json_text(&json, user);
    }
    json_close_object(&json);
    (void)fwrite(answer.at, 1, answer.len, stdout);
    (void)putchar('\n');
    return STATUS_OK;
}

Status helper_run(Run *run, const char *verb, char *const *environment)
{
    Text what = text_of(verb);

    run->problems = stdout; /* where the protocol has what went wrong */
    run->options.timeout = 30;
    if (text_equal(what, TEXT("get")))
        return get(run, environment);
    if (text_equal(what, TEXT("store")))
        return store(run, true);
    if (text_equal(what, TEXT("erase")))
        return store(run, false);
    if (text_equal(what, TEXT("list")))
        return list(run, environment);
    if (text_equal(what, TEXT("version"))) {
        (void)puts("docker-credential-berth " BERTH_VERSION);
        return STATUS_OK;
    }
    return fail("usage: docker-credential-berth get|store|erase|list|version");
}
