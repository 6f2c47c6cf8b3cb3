/* mkdtemp and prctl are beyond POSIX's base: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "runner/cage.h"
#include "runner/child.h"

typedef struct Case {
    const char *name;
    const char *words[4];
    int32_t timeout; /* ms */
    ChildEnd end;
    int status;
    Text output;
} Case;

#define SHELL(script)                                                                  \
    {                                                                                  \
        "/bin/sh", "-c", script                                                        \
    }

static Case cases[] = {
    {"a program that is not there", {"/nonexistent/x"}, 5000, CHILD_NOT_RUN, 127, {0}},
    {"a program that may not be run", {"/etc/passwd"}, 5000, CHILD_NOT_RUN, 127, {0}},
    {"its input reaches it, and both of its streams reach us",
     SHELL("cat; echo end >&2"), 5000, CHILD_EXITED, 0, TEXT_INIT("secretend\n")},
    {"a status of its own", SHELL("echo no; exit 127"), 5000, CHILD_EXITED, 127,
     TEXT_INIT("no\n")},
    {"its environment is the one given", SHELL("echo $GIVEN$HOME"), 5000, CHILD_EXITED,
     0, TEXT_INIT("only\n")},
    {"it ends at its deadline, and what it started with it",
     SHELL("sleep 60 & sleep 60"),
     100,
     CHILD_LATE,
     0,
     {0}},
    {"a signal that is not ours", SHELL("kill -KILL $$"), 5000, CHILD_KILLED, 0, {0}},
};

static void check(void **state)
{
    static char path[] = "PATH=/usr/bin:/bin", given[] = "GIVEN=only";
    static char *const environment[] = {path, given, NULL};
    const Case *c = *state;
    Arena *arena = arena_new(1 << 20);
    char *words[4] = {0};
    int64_t start = clock_now();

    for (int i = 0; i < 3 && c->words[i]; i++)
        words[i] = memcpy(arena_alloc(arena, strlen(c->words[i]) + 1, 1), c->words[i],
                          strlen(c->words[i]));
    Child child = {.arguments = words,
                   .environment = environment,
                   .input = TEXT("secret"),
                   .deadline = start + c->timeout};
    ChildResult result;

    child_run(arena, &child, 1, -1, &result);
    assert_int_equal(result.end, c->end);
    assert_int_equal(result.status, c->status);
    assert_true(text_equal(result.output, c->output));
    assert_true(clock_now() - start < 4000);
    arena_free(arena);
}

static char *const no_environment[] = {NULL};

/* A child of its own session, which no signal to a group reaches. */
static void what_has_left_its_group_is_ended_too(void **state)
{
    static char shell[] = "/bin/sh", flag[] = "-c",
                script[] = "/usr/bin/setsid /bin/sleep 61.25 & exit 0";
    char *const words[] = {shell, flag, script, NULL};
    Arena *arena = arena_new(1 << 20);
    Child child = {.arguments = words,
                   .environment = no_environment,
                   .deadline = clock_now() + 5000};
    ChildResult result;

    (void)state;
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    child_run(arena, &child, 1, -1, &result);
    assert_int_equal(result.end, CHILD_EXITED);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child, dead or alive */
    assert_int_equal(errno, ECHILD);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
    arena_free(arena);
}

/* What this process had started itself is not a client's. */
static void what_was_there_before_stays(void **state)
{
    static char program[] = "/bin/true";
    char *const words[] = {program, NULL};
    Arena *arena = arena_new(1 << 20);
    Child child = {.arguments = words,
                   .environment = no_environment,
                   .deadline = clock_now() + 5000};
    ChildResult result;
    pid_t own = fork();

    (void)state;
    if (own == 0) {
        (void)pause();
        _exit(0);
    }
    child_run(arena, &child, 1, -1, &result);
    assert_int_equal(waitpid(own, NULL, WNOHANG), 0);
    (void)kill(own, SIGKILL);
    assert_int_equal(waitpid(own, NULL, 0), own);
    arena_free(arena);
}

static void several_run_at_once(void **state)
{
    enum { MANY = 8 };
    static char shell[] = "/bin/sh", flag[] = "-c", script[] = "cat; sleep 0.3";
    char *const words[] = {shell, flag, script, NULL};
    static char path[] = "PATH=/usr/bin:/bin";
    char *const environment[] = {path, NULL};
    Arena *arena = arena_new(4 << 20);
    Child children[MANY];
    ChildResult results[MANY];
    int64_t start = clock_now();

    (void)state;
    for (int i = 0; i < MANY; i++)
        children[i] = (Child){.arguments = words,
                              .environment = environment,
                              .input = arena_format(arena, "input %d", i),
                              .deadline = start + 10000};
    child_run(arena, children, MANY, -1, results);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(results[i].end, CHILD_EXITED);
        assert_true(text_equal(results[i].output, children[i].input));
    }
    assert_true(clock_now() - start < 300 * MANY);
    arena_free(arena);
}

static void it_writes_in_its_directory_alone(void **state)
{
    static char shell[] = "/bin/sh", flag[] = "-c",
                script[] = "echo in >\"$1/in\" && echo >/dev/null && "
                           "! echo out >\"$2/out\" && echo held",
                name[] = "-", path[] = "PATH=/usr/bin:/bin";
    char inside[] = "/tmp/berth-unit.XXXXXX", outside[] = "/tmp/berth-unit.XXXXXX";
    char *const words[] = {shell, flag, script, name, mkdtemp(inside), mkdtemp(outside),
                           NULL};
    char *const environment[] = {path, NULL};
    Arena *arena = arena_new(1 << 20);
    Child child = {.arguments = words,
                   .environment = environment,
                   .writable = inside,
                   .deadline = clock_now() + 5000};
    ChildResult result;

    (void)state;
    child_run(arena, &child, 1, -1, &result);
    (void)unlink(arena_format(arena, "%s/in", inside).at);
    (void)unlink(arena_format(arena, "%s/out", outside).at);
    (void)rmdir(inside);
    (void)rmdir(outside);
    if (cage_version() == 0)
        skip(); /* this kernel has no Landlock */
    assert_int_equal(result.status, 0);
    assert_true(text_ends_with(result.output, TEXT("held\n")));
    arena_free(arena);
}

/* A socket without a place in the file system, as a desktop's services have. */
static void an_abstract_socket_is_not_reached(void **state)
{
    static char shell[] = "/usr/bin/python3", flag[] = "-c",
                script[] = "import socket\ns = socket.socket(socket.AF_UNIX)\n"
                           "try:\n  s.connect('\\0berth-unit')\n  print('reached')\n"
                           "except PermissionError: print('held')";
    enum { VERSION_OF_SCOPES = 6 };
    char *const words[] = {shell, flag, script, NULL};
    const struct sockaddr_un address = {AF_UNIX, "\0berth-unit"};
    const socklen_t len = offsetof(struct sockaddr_un, sun_path) + 11;
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    Arena *arena = arena_new(1 << 20);
    Child child = {.arguments = words,
                   .environment = no_environment,
                   .ports = {1},
                   .nports = 1,
                   .deadline = clock_now() + 5000};
    ChildResult result;

    (void)state;
    assert_int_equal(bind(listener, (const struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(listener, 1), 0);
    child_run(arena, &child, 1, -1, &result);
    (void)close(listener);
    if (cage_version() < VERSION_OF_SCOPES || result.end == CHILD_NOT_RUN)
        skip(); /* an older kernel, or no such interpreter */
    assert_true(text_equal(result.output, TEXT("held\n")));
    arena_free(arena);
}

/* How many calls, x32's among them, are not refused as cage_enter_alone has it. */
static int calls_let_through(void)
{
    static const long calls[] = {SYS_socket,   SYS_connect, SYS_execve,
                                 SYS_execveat, 425,         0x40000000 + SYS_socket};
    int fine = 0;

    cage_enter_alone();
    for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
        errno = 0;
        fine += syscall(calls[i], -1, 0, 0, 0, 0) == -1 && errno == EPERM;
    }
    return (int)(sizeof(calls) / sizeof(*calls)) - fine;
}

static void a_run_without_a_client_calls_nobody(void **state)
{
    int status = -1;
    pid_t pid = fork();

    (void)state;
    if (pid == 0)
        _exit(calls_let_through());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    const struct CMUnitTest others[] = {
        cmocka_unit_test(what_has_left_its_group_is_ended_too),
        cmocka_unit_test(what_was_there_before_stays),
        cmocka_unit_test(several_run_at_once),
        cmocka_unit_test(it_writes_in_its_directory_alone),
        cmocka_unit_test(an_abstract_socket_is_not_reached),
        cmocka_unit_test(a_run_without_a_client_calls_nobody),
    };
    struct CMUnitTest tests[COUNT];

    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) /* as berth-run does */
        return 1;
    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check, NULL, NULL, &cases[i]};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
