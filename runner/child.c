/* pipe2, pidfd_open, close_range and prctl are Linux's: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cage.h"
#include "orphans.h"
#include "redact.h"

enum {
    NO_EXEC = 127,     /* the status of a child that could not become the program */
    AFTER_END = 200,   /* ms that a grandchild may still write after the child's end */
    WITHOUT_PIDFD = 20 /* ms between two looks, where the kernel has no pidfd */
};

typedef struct Running {
    const Child *child;
    ChildResult *result;
    pid_t pid;
    int input, output, pidfd; /* -1: closed, or not there */
    Text unsent;
    char *kept;
    size_t nkept;
    int64_t start, until;
    bool ended, over; /* waited for; nothing of it is waited for any more */
    int wait_status;
} Running;

int64_t clock_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void close_once(int *file)
{
    if (*file >= 0)
        (void)close(*file);
    *file = -1;
}

/* Between fork and exec: calls that are safe after a fork, nothing else. */
static _Noreturn void become(const Child *child, pid_t parent, int cage, int input,
                             int output)
{
    const struct rlimit files = {64, 64}, file_bytes = {1 << 20, 1 << 20}, none = {0};
    sigset_t no_signals;

    (void)sigemptyset(&no_signals);
    if (setsid() > 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        signal(SIGPIPE, SIG_DFL) != SIG_ERR && signal(SIGXFSZ, SIG_DFL) != SIG_ERR &&
        sigprocmask(SIG_SETMASK, &no_signals, NULL) == 0 && dup2(input, 0) == 0 &&
        dup2(output, 1) == 1 && dup2(output, 2) == 2 &&
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && cage_enter(cage) &&
        close_range(3, ~0U, 0) == 0 && setrlimit(RLIMIT_NOFILE, &files) == 0 &&
        setrlimit(RLIMIT_FSIZE, &file_bytes) == 0 && setrlimit(RLIMIT_CORE, &none) == 0)
        (void)execve(child->arguments[0], child->arguments, child->environment);
    _exit(NO_EXEC);
}

static bool start(Running *running)
{
    int input[2], output[2], cage;
    pid_t parent = getpid();

    if (pipe2(input, O_CLOEXEC) != 0)
        return false;
    if (pipe2(output, O_CLOEXEC) != 0) {
        (void)close(input[0]);
        (void)close(input[1]);
        return false;
    }
    cage = cage_make(running->child->writable, running->child->ports,
                     running->child->nports);
    running->pid = fork();
    if (running->pid == 0)
        become(running->child, parent, cage, input[0], output[1]);
    close_once(&cage);
    (void)close(input[0]);
    (void)close(output[1]);
    running->input = input[1];
    running->output = output[0];
    if (running->pid < 0) {
        close_once(&running->input);
        close_once(&running->output);
        return false;
    }
    (void)fcntl(running->input, F_SETFL, O_NONBLOCK);
    (void)fcntl(running->output, F_SETFL, O_NONBLOCK);
    running->pidfd = pidfd_open(running->pid, 0);
    return true;
}

static void send_input(Running *running)
{
    ssize_t some = 0;

    if (running->unsent.len)
        some = write(running->input, running->unsent.at, running->unsent.len);
    if (some > 0)
        running->unsent = text_from(running->unsent, (size_t)some);
    if (running->unsent.len == 0 || (some < 0 && errno != EAGAIN && errno != EINTR))
        close_once(&running->input);
}

/* What goes beyond the limit is read too, or the client would wait for us. */
static void take_output(Running *running)
{
    char bytes[4096];
    ssize_t some = read(running->output, bytes, sizeof(bytes));

    if (some < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (some <= 0) {
        close_once(&running->output);
        return;
    }
    for (ssize_t i = 0; i < some; i++) {
        if (running->nkept < CHILD_OUTPUT_MAX)
            running->kept[running->nkept++] = bytes[i];
        else
            running->result->cut = true;
    }
}

static void finish(Running *running, ChildEnd end)
{
    running->result->end = end;
    running->result->cut = true;
    (void)kill(-running->pid, SIGKILL);
    if (!running->ended)
        (void)kill(running->pid, SIGKILL); /* if it has left its group */
    running->until = clock_now() + AFTER_END;
}

static void reap(Running *running)
{
    if (waitpid(running->pid, &running->wait_status, WNOHANG) != running->pid)
        return;
    running->ended = true;
    close_once(&running->input);
    int64_t soon = clock_now() + AFTER_END;
    if (soon < running->until)
        running->until = soon;
}

static void conclude(Running *running)
{
    ChildResult *result = running->result;

    (void)kill(-running->pid, SIGKILL); /* what it left running in its group */
    if (!running
             ->ended) /* killed, and still not gone: `orphans_end` waits a little more */
        (void)waitpid(running->pid, &running->wait_status, WNOHANG);
    close_once(&running->input);
    close_once(&running->output);
    close_once(&running->pidfd);
    running->over = true;
    result->output = (Text){running->kept, running->nkept};
    result->ms = clock_now() - running->start;
    if (result->end != CHILD_EXITED)
        return;
    if (WIFEXITED(running->wait_status)) {
        result->status = WEXITSTATUS(running->wait_status);
        if (result->status == NO_EXEC && running->nkept == 0)
            result->end = CHILD_NOT_RUN;
    } else {
        result->end = CHILD_KILLED;
        result->signal = WTERMSIG(running->wait_status);
        result->cut = true;
    }
}

/* Over once it has ended and its output is read; or, once it has ended or was killed,
 * when the short time after that is over. */
static void look(Running *running, const struct pollfd *ready)
{
    if (ready[0].revents)
        send_input(running);
    if (ready[1].revents)
        take_output(running);
    if (!running->ended && (running->pidfd < 0 || ready[2].revents))
        reap(running);
    bool late = clock_now() >= running->until;
    if (late && !running->ended && running->result->end == CHILD_EXITED) {
        finish(running, CHILD_LATE);
        late = false;
    }
    bool stopped = running->result->end != CHILD_EXITED;
    if ((running->ended && (running->output < 0 || late)) || (stopped && late))
        conclude(running);
}

static void take_signal(Running *all, uint32_t count, int signals)
{
    struct signalfd_siginfo info;

    if (read(signals, &info, sizeof(info)) != sizeof(info))
        return;
    for (uint32_t i = 0; i < count; i++) {
        if (all[i].over || all[i].result->end != CHILD_EXITED)
            continue;
        all[i].result->signal = (int)info.ssi_signo;
        finish(&all[i], CHILD_SIGNALLED);
    }
}

/* One wait, for whichever comes first; false when there is nothing to wait for. `wait`
 * has room for three of each and one more. */
static bool step(Running *all, uint32_t count, int signals, struct pollfd *wait)
{
    int64_t now = clock_now(), left = INT32_MAX;
    bool any = false;

    for (uint32_t i = 0; i < count; i++) {
        const Running *one = &all[i];

        wait[3 * i] = (struct pollfd){.fd = one->input, .events = POLLOUT};
        wait[3 * i + 1] = (struct pollfd){.fd = one->output, .events = POLLIN};
        wait[3 * i + 2] =
            (struct pollfd){.fd = one->ended ? -1 : one->pidfd, .events = POLLIN};
        if (one->over)
            continue;
        any = true;
        if (one->until - now < left)
            left = one->until - now;
        if (one->pidfd < 0 && left > WITHOUT_PIDFD)
            left = WITHOUT_PIDFD;
    }
    if (!any)
        return false;
    wait[3 * count] = (struct pollfd){.fd = signals, .events = POLLIN};
    if (poll(wait, 3 * count + 1, left < 0 ? 0 : (int)left) < 0)
        return errno == EINTR;
    if (wait[3 * count].revents)
        take_signal(all, count, signals);
    for (uint32_t i = 0; i < count; i++) {
        if (!all[i].over)
            look(&all[i], &wait[3 * i]);
    }
    return true;
}

void child_run(Arena *arena, const Child *children, uint32_t count, int signals,
               ChildResult *results)
{
    Running *all = ARENA_ARRAY(arena, count, Running);
    struct pollfd *wait = ARENA_ARRAY(arena, 3 * (size_t)count + 1, struct pollfd);
    Orphans orphans;

    orphans_note(&orphans);
    for (uint32_t i = 0; i < count; i++) {
        results[i] = (ChildResult){.end = CHILD_EXITED};
        all[i] = (Running){.child = &children[i],
                           .result = &results[i],
                           .input = -1,
                           .output = -1,
                           .pidfd = -1,
                           .unsent = children[i].input,
                           .kept = secret_room(arena, CHILD_OUTPUT_MAX),
                           .start = clock_now(),
                           .until = children[i].deadline};
        if (!start(&all[i])) {
            results[i].end = CHILD_NOT_RUN;
            all[i].over = true;
        }
    }
    while (step(all, count, signals, wait))
        ;
    orphans_end(&orphans, AFTER_END);
}
