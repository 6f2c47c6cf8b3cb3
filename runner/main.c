/* signalfd and prctl are Linux's: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/server_key.h"
#include "child.h"
#include "client.h"
#include "commit.h"
#include "logins.h"
#include "options.h"
#include "pin.h"
#include "plan_file.h"
#include "read_plan.h"
#include "stage.h"

#ifndef BERTH_VERSION
#define BERTH_VERSION "0.1.0"
#endif

enum {
    MEMORY = 256 << 20, /* bytes of a run */
    TOTAL_MS = 600000   /* of all logins together */
};

typedef struct Program {
    Run run;
    int count;
    char **words;
    char *const *environment;
    Status status;
} Program;

/* Three descriptors that are open, no core file, no other process of this user that
 * looks into this one. */
static bool harden(void)
{
    const struct rlimit none = {0, 0};
    int file;

    do
        file = open("/dev/null", O_RDWR);
    while (file >= 0 && file <= 2);
    if (file < 0)
        return false;
    (void)close(file);
    (void)umask(077);
    return prctl(PR_SET_DUMPABLE, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0 &&
           signal(SIGPIPE, SIG_IGN) != SIG_ERR;
}

/* From here on a signal is something that is read, between two steps or during one, so
 * that what was staged is removed whatever happens. */
static bool hold_signals(Run *run)
{
    sigset_t set;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGHUP);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGQUIT);
    (void)sigaddset(&set, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return false;
    run->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return run->signals >= 0;
}

/* What no environment can make right. */
static Status check_plan(Run *run, const Plan *plan, Tool tool)
{
    Status status = STATUS_OK;

    for (uint32_t i = 0; i < plan->nsteps; i++) {
        const PlanStep *step = &plan->steps[i];

        if (step->method == METHOD_ECR_EXCHANGE) {
            run_complain(
                run,
                "step %u, %.*s: this version cannot exchange an access key for "
                "a token of ECR (ecr-exchange); no step was tried",
                i + 1, TEXT_ARG(step->registry));
            status = STATUS_REFUSED;
        }
        if (tool == TOOL_DOCKER && pin_is_loopback(step->registry) &&
            !run->options.allow_loopback) {
            run_complain(run,
                         "step %u, %.*s: docker checks no certificate of a registry on "
                         "this machine; --allow-insecure-loopback permits it",
                         i + 1, TEXT_ARG(step->registry));
            status = STATUS_REFUSED;
        }
    }
    return status;
}

static Text key_of(Run *run, const PlanStep *step)
{
    ServerKey key;
    Text ignored;

    return server_key_read(run->arena, step->server_expect, &key, &ignored) ? key.key
                                                                            : (Text){0};
}

static void describe_step(Run *run, const PlanStep *step, uint32_t number)
{
    run_say(run, "step %u: %.*s (%.*s)", number, TEXT_ARG(step->registry),
            TEXT_ARG(plan_method_name(step->method)));
    for (uint32_t i = 0; i < step->ncandidates; i++)
        run_say(run, "  candidate %.*s_CONTAINER_REGISTRY_{SERVER,USER,PASSWORD}",
                TEXT_ARG(step->candidates[i]));
    if (step->ncandidates)
        run_say(run, "  the one whose server is %.*s", TEXT_ARG(step->server_expect));
    if (step->server_env.len)
        run_say(run, "  server    %.*s, which must be %.*s", TEXT_ARG(step->server_env),
                TEXT_ARG(step->server_expect));
    if (!step->ncandidates) {
        run_say(run, "  user      %.*s", TEXT_ARG(step->username_env));
        run_say(run, "  password  %.*s", TEXT_ARG(step->password_env));
    }
    run_say(run, "  stored as %.*s", TEXT_ARG(key_of(run, step)));
    if (step->method == METHOD_ECR_EXCHANGE)
        run_say(run, "  cannot be run: this version exchanges no access keys");
}

/* `lacking`: why there is no client; empty when there is one, or none is needed. */
static void describe(Run *run, const Plan *plan, const Client *client, Text lacking,
                     Text target)
{
    run_say(run, "plan for %.*s, %.*s (%.*s)", TEXT_ARG(plan->repository),
            TEXT_ARG(plan->configuration), TEXT_ARG(plan->target));
    for (uint32_t i = 0; i < plan->nsteps; i++)
        describe_step(run, &plan->steps[i], i + 1);
    if (lacking.len)
        run_say(run, "client: not found: %.*s", TEXT_ARG(lacking));
    else
        run_say(run, "client: %.*s",
                TEXT_ARG(client->path.len ? client->path
                                          : text_of(tool_name(client->tool))));
    run_say(run, "file: %.*s", TEXT_ARG(target));
    run_say(run, "dry run: no secret was read, nothing was changed");
}

/* Verifies each login in the stage, up to the first that fails; then none is stored, and
 * it is said how far each step came. */
static Status verify(Run *run, const Client *client, const Login *logins,
                     uint32_t count, AuthEntry *entries)
{
    int64_t total = clock_now() + TOTAL_MS;
    Status status = STATUS_OK;
    uint32_t done = 0;
    Text problem;
    const Stage *stage = stage_open(run->arena, &problem);

    if (!stage) {
        run_complain(run, "%.*s", TEXT_ARG(problem));
        return STATUS_REFUSED;
    }
    while (done < count) {
        int64_t deadline = clock_now() + (int64_t)run->options.timeout * 1000;

        status = client_login(run, client, stage, &logins[done],
                              deadline < total ? deadline : total, &entries[done]);
        if (status != STATUS_OK)
            break;
        done++;
    }
    for (uint32_t i = 0; status != STATUS_OK && i < count; i++)
        run_complain(run, "step %u, %.*s: %s", i + 1, TEXT_ARG(logins[i].host),
                     i < done    ? "verified, but not stored"
                     : i == done ? "failed"
                                 : "not tried");
    return status;
}

/* The entries without a client: unverified, and so said. */
static void compose(Run *run, const Login *logins, uint32_t count, AuthEntry *entries)
{
    for (uint32_t i = 0; i < count; i++) {
        Text basic = secret_basic(run->arena, logins[i].user, logins[i].password);
        size_t room = basic.len + sizeof("{\n\t\t\t\"auth\": \"\"\n\t\t}");
        char *value = secret_room(run->arena, room);
        int len = snprintf(value, room, "{\n\t\t\t\"auth\": \"%.*s\"\n\t\t}",
                           TEXT_ARG(basic));

        entries[i] = (AuthEntry){logins[i].key, {value, len < 0 ? 0 : (size_t)len}};
    }
}

/* Each key once: where two steps log in to one registry, the later one counts, as it
 * does for whoever logs in twice. */
static uint32_t keep_last(AuthEntry *entries, Text *hosts, uint32_t count)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t later = i + 1;

        while (later < count && !text_equal(entries[later].key, entries[i].key))
            later++;
        if (later < count)
            continue;
        entries[kept] = entries[i];
        hosts[kept++] = hosts[i];
    }
    return kept;
}

static void say_stored(Run *run, const Client *client, const Plan *plan, Text target)
{
    for (uint32_t i = 0; i < plan->nsteps; i++) {
        const PlanStep *step = &plan->steps[i];

        run_say(run, "%.*s: %s", TEXT_ARG(step->registry),
                client->tool == TOOL_NONE ? "stored, not verified" : "logged in");
        if (step->expires_after)
            run_say(run, "  at most for %lld seconds", (long long)step->expires_after);
    }
    run_say(run, "stored in %.*s", TEXT_ARG(target));
}

/* Stage, verify, commit. */
static Status log_in(Run *run, const Plan *plan, const Client *client, Text target,
                     char *const *environment)
{
    uint32_t count = plan->nsteps;
    Text *hosts = ARENA_ARRAY(run->arena, count, Text);
    AuthEntry *entries = ARENA_ARRAY(run->arena, count, AuthEntry);
    Login *logins;
    Status status = logins_read(run, plan, environment, &logins);

    for (uint32_t i = 0; i < count; i++)
        hosts[i] = plan->steps[i].registry;
    if (status == STATUS_OK)
        status = commit_check(run, target, hosts, count);
    if (status != STATUS_OK)
        return status;
    if (!hold_signals(run)) {
        run_complain(run, "signals cannot be held back");
        return STATUS_REFUSED;
    }
    if (client->tool == TOOL_NONE)
        compose(run, logins, count, entries);
    else
        status = verify(run, client, logins, count, entries);
    if (status != STATUS_OK)
        return status;
    count = keep_last(entries, hosts, count);
    status = commit_write(run, target, hosts, entries, count,
                          clock_now() + (int64_t)run->options.timeout * 1000);
    if (status == STATUS_OK)
        say_stored(run, client, plan, target);
    return status;
}

static Status run_plan(Run *run, char *const *environment)
{
    Plan plan;
    Client client;
    Text target, problem;
    Status status = plan_file_read(run, &plan);

    if (status != STATUS_OK)
        return status;
    for (uint32_t i = 0; i < plan.nblocked; i++)
        run_complain(run, "note: %.*s cannot be pulled: %.*s",
                     TEXT_ARG(plan.blocked[i].image), TEXT_ARG(plan.blocked[i].rule));
    bool found = client_find(run->arena, run->options.tool, &client, &problem);
    if (!commit_target(run, client.tool, &target)) {
        run_complain(run, "the environment does not say where logins are stored; give "
                          "--out FILE");
        return STATUS_USAGE;
    }
    if (run->options.dry_run) {
        describe(run, &plan, &client, found ? TEXT("") : problem, target);
        return STATUS_OK;
    }
    if (plan.nsteps == 0) {
        run_say(run, "nothing needs a login");
        return STATUS_OK;
    }
    status = check_plan(run, &plan, client.tool);
    if (status == STATUS_OK && !found) {
        run_complain(run, "%.*s", TEXT_ARG(problem));
        status = STATUS_NO_CLIENT;
    }
    return status == STATUS_OK ? log_in(run, &plan, &client, target, environment)
                               : status;
}

static void work(void *context)
{
    Program *program = context;
    Run *run = &program->run;
    Text problem;

    if (!options_read(run->arena, program->count, program->words, &run->options,
                      &problem)) {
        run_complain(run, "%.*s; --help says more", TEXT_ARG(problem));
        program->status = STATUS_USAGE;
    } else if (run->options.help) {
        (void)fputs(options_usage, stdout);
    } else if (run->options.version) {
        (void)puts("berth-run " BERTH_VERSION);
    } else {
        program->status = run_plan(run, program->environment);
    }
}

int main(int count, char **words)
{
    extern char **environ;
    Program program = {.count = count, .words = words, .environment = environ};

    if (!harden()) {
        (void)fputs("berth-run: this process cannot be shielded\n", stderr);
        return STATUS_REFUSED;
    }
    Arena *arena = arena_new(MEMORY);
    if (!arena) {
        (void)fputs("berth-run: out of memory\n", stderr);
        return STATUS_REFUSED;
    }
    program.run = (Run){.arena = arena, .redaction = {.arena = arena}, .signals = -1};
    if (!arena_run(arena, work, &program)) {
        (void)fputs("berth-run: out of memory\n", stderr);
        program.status = STATUS_REFUSED;
    }
    arena_free(arena);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)fputs("berth-run: standard output cannot be written\n", stderr);
        if (program.status == STATUS_OK)
            program.status = STATUS_REFUSED;
    }
    return (int)program.status;
}
