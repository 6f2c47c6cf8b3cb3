#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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
                   .deadline = start + c->timeout,
                   .signals = -1};
    ChildResult result = child_run(arena, &child);

    assert_int_equal(result.end, c->end);
    assert_int_equal(result.status, c->status);
    assert_true(text_equal(result.output, c->output));
    assert_true(clock_now() - start < 4000);
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT];

    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) /* as berth-run does */
        return 1;
    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
