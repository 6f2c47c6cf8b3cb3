/* prctl is Linux's: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions.h"
#include "allow.h"
#include "cage.h"
#include "check.h"
#include "client.h"
#include "commit.h"
#include "egress.h"
#include "helper.h"
#include "logins.h"
#include "options.h"
#include "pin.h"
#include "plan_file.h"
#include "report.h"
#include "session.h"
#include "stage.h"
#include "store.h"
#include "verify.h"

enum { MEMORY = 256 << 20 }; /* bytes of a run */

typedef struct Program {
    Run run;
    int count;
    char **words;
    char *const *environment;
    Status status;
} Program;

/* What a run works with. */
typedef struct Job {
    Run *run;
    Plan plan;
    Text plan_bytes;
    Logins logins;
    Client client;
    Egress *egress; /* NULL: there is no client to be held to it */
    Text target;    /* the file that logins are stored in */
    int64_t total;  /* until when, by clock_now */
    char *const *environment;
} Job;

/* Three descriptors that are open, no core file, no other process of this user that
 * looks into this one, and every process that a client leaves behind is ours to end.
 * Not with the rights of a set-id program: the environment is its caller's. Where
 * SIGCHLD comes ignored no child can be waited for, and a limit of files' sizes would
 * kill before what was written is removed. */
static bool harden(Run *run)
{
    struct rlimit core;
    int file;

    if (getuid() != geteuid() || getgid() != getegid())
        return false;
    do
        file = open("/dev/null", O_RDWR);
    while (file >= 0 && file <= 2);
    if (file < 0)
        return false;
    (void)close(file);
    run->umask = umask(077);
    if (getrlimit(RLIMIT_CORE, &core) != 0)
        return false;
    run->core[0] = core.rlim_cur;
    run->core[1] = core.rlim_max;
    core.rlim_cur = 0; /* the hard limit stays, for a command to have its own back */
    return prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 &&
           setrlimit(RLIMIT_CORE, &core) == 0 && signal(SIGPIPE, SIG_IGN) != SIG_ERR &&
           signal(SIGXFSZ, SIG_IGN) != SIG_ERR && signal(SIGCHLD, SIG_DFL) != SIG_ERR;
}

/* Docker knows the directory alone; under another name it would store elsewhere. */
static bool client_stores_in(const Job *job)
{
    return job->client.tool != TOOL_DOCKER || job->run->options.store != STORE_CLIENT ||
           text_equal(job->target, TEXT("config.json")) ||
           text_ends_with(job->target, TEXT("/config.json"));
}

/* What no environment can make right. */
static Status check_plan(const Job *job)
{
    Run *run = job->run;
    Status status = STATUS_OK;

    if (!client_stores_in(job)) {
        run_complain(run, "docker itself stores logins in a file of the name "
                          "config.json alone, which --out must end with");
        return STATUS_USAGE;
    }
    for (uint32_t i = 0; i < job->logins.count; i++) {
        const Login *login = &job->logins.items[i];

        if (job->client.tool != TOOL_DOCKER || !pin_is_loopback(login->host) ||
            run->options.allow_loopback)
            continue;
        run_complain(
            run,
            "step %u, %.*s: docker checks no certificate of a registry on this "
            "machine; --allow-insecure-loopback permits it",
            login->number, TEXT_ARG(login->host));
        status = STATUS_REFUSED;
    }
    return status;
}

static bool has_step(Logins logins, Text registry)
{
    uint32_t i = 0;

    while (i < logins.count && !text_equal(registry, logins.items[i].host))
        i++;
    return i < logins.count;
}

static const PlanConflict *find_conflict(const Plan *plan, Text registry)
{
    for (uint32_t i = 0; i < plan->nconflicts; i++) {
        if (text_equal(registry, plan->conflicts[i].registry))
            return &plan->conflicts[i];
    }
    return NULL;
}

/* Which of several triples would log in is not known, so none does. */
static void say_conflict(Run *run, const char *before, const PlanConflict *conflict)
{
    Buffer rivals = {.arena = run->arena};

    for (uint32_t i = 0; i < conflict->nrivals; i++) {
        const PlanRival *rival = &conflict->rivals[i];

        buffer_format(&rivals, "%s%.*s of the %.*s %.*s", i ? " and " : "",
                      TEXT_ARG(rival->identifier), TEXT_ARG(rival->level),
                      TEXT_ARG(rival->owner));
    }
    run_complain(run,
                 "%sno login to %.*s: %.*s are for it, and which counts is not known",
                 before, TEXT_ARG(conflict->registry), TEXT_ARG(buffer_text(&rivals)));
}

static Status find_only(Run *run, const Plan *plan, Logins logins)
{
    for (uint32_t i = 0; i < run->options.nonly; i++) {
        Text registry = run->options.only[i];
        const PlanConflict *conflict = find_conflict(plan, registry);

        if (has_step(logins, registry))
            continue;
        if (conflict) {
            say_conflict(run, "", conflict);
            return STATUS_REFUSED;
        }
        run_complain(run, "--only: the plan has no step for %.*s", TEXT_ARG(registry));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

static Status check_policy(Run *run, Logins logins)
{
    Text path, bytes;
    bool there;
    Status status = allow_read(run, &path, &bytes, &there);

    return status == STATUS_OK && there ? allow_check(run, path, bytes, logins)
                                        : status;
}

/* Stores what was verified, in the way that the mode asks for. */
static Status keep(Job *job)
{
    Run *run = job->run;
    int64_t deadline = clock_now() + (int64_t)run->options.timeout * 1000;
    Status status;

    if (run->options.store != STORE_CLIENT)
        egress_end(job->egress);
    if (run->options.mode == MODE_COMMAND)
        return session_run(run, &job->plan, job->logins, job->environment, deadline);
    if (run->options.mode == MODE_PRINT_ENV) {
        status = session_print(run, job->logins, deadline);
        if (status == STATUS_OK)
            report_stored(run, job->logins, TEXT("stored until --logout"));
        return status;
    }
    status = store_logins(run, &job->client, job->target, job->logins, job->plan_bytes,
                          deadline);
    if (status == STATUS_OK)
        report_stored(
            run, job->logins,
            run->options.store == STORE_CLIENT
                ? TEXT("stored where the client keeps logins")
                : arena_format(run->arena, "stored in %.*s", TEXT_ARG(job->target)));
    return status;
}

/* Without a client nothing is called; without an exchange nothing is sent either. */
static bool needs_nobody(const Job *job)
{
    uint32_t i = 0;

    while (i < job->logins.count &&
           job->logins.items[i].step->method != METHOD_ECR_EXCHANGE)
        i++;
    return job->client.tool == TOOL_NONE && job->run->options.mode != MODE_COMMAND &&
           i == job->logins.count;
}

/* Stage, verify, commit. */
static Status log_in(Job *job)
{
    Run *run = job->run;
    bool leave = text_equal(text_of(getenv("CODESPACES")), TEXT("true"));
    Status kept, status;

    if (needs_nobody(job))
        cage_enter_alone();
    status = logins_read(run, &job->plan, job->environment, job->logins);
    if (status == STATUS_OK && (leave || run->options.mode == MODE_LOGIN))
        status = commit_check(run, job->target, job->logins, leave);
    if (status != STATUS_OK)
        return status;
    if (!run_hold_signals(run) ||
        !verify_logins(run, &job->client, job->logins, job->total))
        return STATUS_REFUSED;
    status = verify_status(run, job->logins);
    if (status != STATUS_OK && status != STATUS_PARTIAL) {
        report_failure(run, job->logins, false);
        return status;
    }
    kept = keep(job);
    if (status == STATUS_PARTIAL && kept == STATUS_OK)
        report_failure(run, job->logins, true);
    return kept == STATUS_OK ? status : kept;
}

static Status check(Job *job)
{
    Run *run = job->run;

    (void)logins_read(run, &job->plan, job->environment, job->logins);
    if (!run_hold_signals(run))
        return STATUS_REFUSED;
    return check_logins(run, &job->plan, &job->client, job->logins, job->total);
}

static Status log_out(Job *job)
{
    Run *run = job->run;
    Text directory = text_slice(job->target, 0, text_find_last_byte(job->target, '/'));
    int64_t deadline = clock_now() + (int64_t)run->options.timeout * 1000;

    if (!run_hold_signals(run))
        return STATUS_REFUSED;
    Status status = commit_remove(run, job->target, job->logins, deadline);
    if (status == STATUS_OK || status == STATUS_REFUSED)
        report_removed(run, job->logins);
    if (status == STATUS_OK && run->options.nonly == 0 &&
        stage_is_lasting(run->arena, directory))
        stage_remove(run->arena, directory);
    return status;
}

static Status do_job(Job *job)
{
    Run *run = job->run;
    bool reads = run->options.mode != MODE_LOGOUT && run->options.mode != MODE_DRY_RUN;
    Text lacking = {0};
    bool found = client_find(run->arena, &run->options, &job->client, &lacking);

    if (!commit_target(run, job->client.tool, &job->target)) {
        run_complain(run, "the environment does not say where logins are stored; give "
                          "--out FILE");
        return STATUS_USAGE;
    }
    if (reads && found && job->client.tool != TOOL_NONE && job->logins.count &&
        !(job->egress = egress_start(run, job->logins, &lacking))) {
        run_complain(run, "%.*s", TEXT_ARG(lacking));
        return STATUS_REFUSED;
    }
    if (reads && actions_is_here())
        actions_mask(run, job->logins, job->environment);
    for (uint32_t i = 0; i < job->plan.nblocked; i++)
        run_complain(run, "note: %.*s cannot be pulled: %.*s",
                     TEXT_ARG(job->plan.blocked[i].image),
                     TEXT_ARG(job->plan.blocked[i].rule));
    for (uint32_t i = 0; i < job->plan.nconflicts; i++)
        say_conflict(run, "note: ", &job->plan.conflicts[i]);
    if (run->options.mode == MODE_DRY_RUN) {
        report_dry_run(run, &job->plan, job->logins, &job->client,
                       found ? TEXT("") : lacking, job->target);
        return STATUS_OK;
    }
    stage_remove_stale();
    if (run->options.mode == MODE_LOGOUT)
        return log_out(job);
    if (job->logins.count == 0 && run->options.mode != MODE_COMMAND) {
        run_say(run, "nothing needs a login");
        return STATUS_OK;
    }
    Status status = check_plan(job);
    if (status == STATUS_OK && !found && job->logins.count) {
        run_complain(run, "%.*s", TEXT_ARG(lacking));
        status = STATUS_NO_CLIENT;
    }
    if (status != STATUS_OK)
        return status;
    return run->options.mode == MODE_CHECK ? check(job) : log_in(job);
}

static Status run_plan(Run *run, char *const *environment)
{
    Job job = {.run = run, .environment = environment};
    Status status = plan_file_read(run, &job.plan, &job.plan_bytes);

    if (run->options.mode == MODE_COMMAND || run->options.mode == MODE_PRINT_ENV)
        run->results = stderr; /* standard output is the command's, or the shell's */
    if (status != STATUS_OK)
        return status;
    job.total = clock_now() + (int64_t)run->options.total * 1000;
    job.logins = logins_of(run, &job.plan);
    status = find_only(run, &job.plan, job.logins);
    if (status == STATUS_OK)
        status = check_policy(run, job.logins);
    if (status == STATUS_OK)
        status = do_job(&job);
    report_json(run, job.logins);
    return status;
}

static void work(void *context)
{
    Program *program = context;
    Run *run = &program->run;
    Text problem;

    if (helper_is_meant(program->words[0])) {
        program->status = helper_run(run, program->words[1], program->environment);
    } else if (!options_read(run->arena, program->count, program->words, &run->options,
                             &problem)) {
        run_complain(run, "%.*s; --help says more", TEXT_ARG(problem));
        program->status = STATUS_USAGE;
    } else if (run->options.mode == MODE_HELP) {
        (void)fputs(options_usage, stdout);
    } else if (run->options.mode == MODE_VERSION) {
        (void)puts("berth-run " BERTH_VERSION);
    } else {
        program->status = run_plan(run, program->environment);
    }
}

int main(int count, char **words)
{
    extern char **environ;
    Program program = {.count = count, .words = words, .environment = environ};

    if (!harden(&program.run)) {
        (void)fputs(
            "berth-run: this process cannot be shielded, or has the rights of a "
            "set-id program\n",
            stderr);
        return STATUS_REFUSED;
    }
    Arena *arena = arena_new(MEMORY);
    if (!arena) {
        (void)fputs("berth-run: out of memory\n", stderr);
        return STATUS_REFUSED;
    }
    program.run.arena = program.run.redaction.arena = arena;
    program.run.results = stdout;
    program.run.problems = stderr;
    program.run.signals = -1;
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
