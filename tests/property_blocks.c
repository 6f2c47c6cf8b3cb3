/*
 * No denied pull is without a rule that says so: over every fixture, each row of
 * `denied` has its row of `blocks`.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "compile.h"
#include "unblocked.h"

enum { DEPTH_MAX = 5, PATH_LEN_MAX = 4096 };

typedef struct Tally {
    uint32_t workspaces, denied;
} Tally;

static bool is_file(const char *directory, const char *name)
{
    char path[PATH_LEN_MAX];
    struct stat status;
    int len = snprintf(path, sizeof(path), "%s/%s", directory, name);

    return len > 0 && len < (int)sizeof(path) && stat(path, &status) == 0 &&
           S_ISREG(status.st_mode);
}

static void check(const char *directory, Tally *tally)
{
    const CompileOptions options = {.path = text_of(directory)};
    Compilation cc = {.options = &options, .arena = arena_new((size_t)1 << 30)};

    assert_non_null(cc.arena);
    assert_true(arena_run(cc.arena, compile, &cc));
    if (!cc.failed && !cc.is_unusable) {
        const uint32_t *pull = find_unblocked(cc.program, cc.database);

        if (pull)
            fail_msg(
                "%s: %.*s pulls %.*s (%.*s), which is denied, and no rule blocks it",
                directory, TEXT_ARG(symbol_text(cc.symbols, (Symbol){pull[2]})),
                TEXT_ARG(symbol_text(cc.symbols, (Symbol){pull[3]})),
                TEXT_ARG(symbol_text(cc.symbols, (Symbol){pull[4]})));
        tally->workspaces++;
        tally->denied +=
            dl_row_count(cc.database, dl_relation_find(cc.program, TEXT("denied")));
    }
    arena_free(cc.arena);
}

/* A directory with a golden is a workspace; else those below are looked at. */
static void walk(const char *directory, int depth, Tally *tally)
{
    DIR *entries = opendir(directory);

    if (!entries)
        return;
    if (is_file(directory, "expect.text") || is_file(directory, "berth.yaml")) {
        check(directory, tally);
    } else {
        for (struct dirent *entry; depth > 0 && (entry = readdir(entries)) != NULL;) {
            char path[PATH_LEN_MAX];
            int len = snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);

            if (entry->d_name[0] != '.' && len > 0 && len < (int)sizeof(path))
                walk(path, depth - 1, tally);
        }
    }
    (void)closedir(entries);
}

static void every_denied_pull_of_the_fixtures_is_blocked_by_a_rule(void **state)
{
    Tally tally = {0};

    (void)state;
    walk("fixtures", DEPTH_MAX, &tally);
    printf("%u denied pulls in %u workspaces\n", (unsigned)tally.denied,
           (unsigned)tally.workspaces);
    assert_true(tally.denied > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_denied_pull_of_the_fixtures_is_blocked_by_a_rule)};

    return cmocka_run_group_tests_name("blocks", tests, NULL, NULL);
}
