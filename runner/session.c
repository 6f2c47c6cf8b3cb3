/* execvpe, pidfd_open and prctl are Linux's: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include "session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commit.h"
#include "secrets.h"
#include "stage.h"
#include "store.h"

static const char *const places[] = {"DOCKER_CONFIG", "REGISTRY_AUTH_FILE"};

/* The logins, in the directory's config.json. */
static Status write_logins(Run *run, const Stage *stage, Logins logins,
                           int64_t deadline)
{
    AuthEntry *entries;
    uint32_t count = store_entries(run, logins, true, &entries);

    return commit_write(run, stage->config, SECTION_AUTHS, entries, count, deadline);
}

static bool is_place(Text name)
{
    return text_equal(name, text_of(places[0])) || text_equal(name, text_of(places[1]));
}

/* This process's environment without the plan's variables, with the directory. */
static char **environment_for(Run *run, const Plan *plan, char *const *environment,
                              const Stage *stage)
{
    const Text values[] = {stage->directory, stage->config};
    uint32_t count = 0, n = 0;

    while (environment[count])
        count++;
    char **words = ARENA_ARRAY(run->arena, count + 3, char *);
    for (uint32_t i = 0; i < count; i++) {
        Text word = text_of(environment[i]);
        Text name = text_slice(word, 0, text_find_byte(word, '='));

        if (!is_place(name) && !secret_is_named(plan, name))
            words[n++] = environment[i];
    }
    for (size_t i = 0; i < 2; i++) {
        Text word = arena_format(run->arena, "%s=%.*s", places[i], TEXT_ARG(values[i]));
        char *own = arena_alloc(run->arena, word.len + 1, 1);

        words[n++] = memcpy(own, word.at, word.len);
    }
    return words;
}

/* Between fork and exec. What this process was given is given on: the mask of modes and
 * the limit of core files too. */
static _Noreturn void become(const Run *run, char *const *environment, pid_t parent)
{
    static const char problem[] = "berth-run: the command could not be started: ";
    const struct rlimit core = {run->core[0], run->core[1]};
    sigset_t none;

    (void)sigemptyset(&none);
    (void)umask((mode_t)run->umask);
    (void)setrlimit(RLIMIT_CORE, &core);
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent &&
        signal(SIGPIPE, SIG_DFL) != SIG_ERR && signal(SIGXFSZ, SIG_DFL) != SIG_ERR &&
        sigprocmask(SIG_SETMASK, &none, NULL) == 0)
        (void)execvpe(run->options.command[0], run->options.command, environment);
    const char *why = strerror(errno);
    if (write(STDERR_FILENO, problem, sizeof(problem) - 1) < 0 ||
        write(STDERR_FILENO, why, strlen(why)) < 0 || write(STDERR_FILENO, "\n", 1) < 0)
        _exit(STATUS_NO_COMMAND);
    _exit(STATUS_NO_COMMAND);
}

/* A terminal sends its signals to the command as well: only what was sent to this
 * process alone is passed on. */
static void forward(const Run *run, pid_t pid)
{
    struct signalfd_siginfo info;

    if (read(run->signals, &info, sizeof(info)) == sizeof(info) && info.ssi_code <= 0)
        (void)kill(pid, (int)info.ssi_signo);
}

static Status wait_for(const Run *run, pid_t pid)
{
    enum { WITHOUT_PIDFD = 20 }; /* ms between two looks */
    int pidfd = pidfd_open(pid, 0), status = 0;

    for (;;) {
        struct pollfd wait[] = {{.fd = run->signals, .events = POLLIN},
                                {.fd = pidfd, .events = POLLIN}};

        if (poll(wait, 2, pidfd < 0 ? WITHOUT_PIDFD : -1) > 0 && wait[0].revents)
            forward(run, pid);
        if (waitpid(pid, &status, WNOHANG) == pid)
            break;
    }
    if (pidfd >= 0)
        (void)close(pidfd);
    return (Status)(WIFEXITED(status) ? WEXITSTATUS(status)
                                      : STATUS_SIGNAL + WTERMSIG(status));
}

Status session_run(Run *run, const Plan *plan, Logins logins, char *const *environment,
                   int64_t deadline)
{
    Text problem;
    const Stage *stage = stage_open(run->arena, &problem);
    pid_t self = getpid();

    if (stage)
        stage = stage_part(run->arena, stage, 0); /* its own lock is the run's */
    else
        run_complain(run, "%.*s", TEXT_ARG(problem));
    if (!stage)
        return STATUS_REFUSED;
    Status status = write_logins(run, stage, logins, deadline);
    if (status != STATUS_OK)
        return status;
    char **words = environment_for(run, plan, environment, stage);
    (void)fflush(NULL);
    (void)prctl(PR_SET_CHILD_SUBREAPER,
                0); /* what it leaves behind is its own affair */
    pid_t pid = fork();
    if (pid == 0)
        become(run, words, self);
    if (pid < 0) {
        run_complain(run, "the command could not be started: %s", strerror(errno));
        return STATUS_NO_COMMAND;
    }
    return wait_for(run, pid);
}

/* export NAME='value', in which a quote is '\'' */
static void print_export(const char *name, Text value)
{
    (void)printf("export %s='", name);
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] == '\'')
            (void)fputs("'\\''", stdout);
        else
            (void)putchar(value.at[i]);
    }
    (void)puts("'");
}

Status session_print(Run *run, Logins logins, int64_t deadline)
{
    Text problem;
    const Stage *stage = stage_open_lasting(run->arena, &problem);

    if (!stage) {
        run_complain(run, "%.*s", TEXT_ARG(problem));
        return STATUS_REFUSED;
    }
    Status status = write_logins(run, stage, logins, deadline);
    if (status != STATUS_OK) {
        stage_remove(run->arena, stage->directory);
        return status;
    }
    print_export(places[0], stage->directory);
    print_export(places[1], stage->config);
    return STATUS_OK;
}
