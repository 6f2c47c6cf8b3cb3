#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/rewrite.h"

/* A directory for one test, with a/b.yaml in it, which reads "before". */
typedef struct Place {
    Arena *arena;
    Text directory;
} Place;

static const char *inside(const Place *place, const char *path)
{
    return arena_format(place->arena, "%.*s/%s", TEXT_ARG(place->directory), path).at;
}

static void write_file(const char *path, const char *bytes)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, strlen(bytes), file), strlen(bytes));
    assert_int_equal(fclose(file), 0);
}

static void reads(const char *path, const char *bytes)
{
    char is[64] = {0};
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    (void)!fread(is, 1, sizeof(is) - 1, file);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(is, bytes);
}

static int set_up(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Place *place = ARENA_NEW(arena, Place);
    const char *parent = getenv("TMPDIR");
    Text name =
        arena_format(arena, "%s/berth-rewrite-XXXXXX", parent ? parent : "/tmp");
    char *bytes = arena_alloc(arena, name.len + 1, 1);

    memcpy(bytes, name.at, name.len);
    place->arena = arena;
    if (!mkdtemp(bytes))
        return -1;
    place->directory = text_of(bytes);
    if (mkdir(inside(place, "a"), 0755) != 0)
        return -1;
    write_file(inside(place, "a/b.yaml"), "before");
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    Place *place = *state;

    (void)unlink(inside(place, "a/b.yaml"));
    (void)unlink(inside(place, "a/c.yaml"));
    (void)unlink(inside(place, "a/.git"));
    (void)unlink(inside(place, "link"));
    (void)rmdir(inside(place, "a/d"));
    (void)rmdir(inside(place, "a"));
    int removed = rmdir(place->directory.at);
    arena_free(place->arena);
    return removed; /* nothing was left beside */
}

static bool rewrite(const Place *place, const char *path, const char *before,
                    Text *problem)
{
    return rewrite_file(place->arena, place->directory, text_of(path), text_of(before),
                        TEXT("after"), problem);
}

static void a_file_is_replaced_with_its_mode(void **state)
{
    const Place *place = *state;
    struct stat status;
    Text problem;

    assert_int_equal(chmod(inside(place, "a/b.yaml"), 0640), 0);
    assert_true(rewrite(place, "a/b.yaml", "before", &problem));
    reads(inside(place, "a/b.yaml"), "after");
    assert_int_equal(stat(inside(place, "a/b.yaml"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0640);
}

static void what_was_changed_since_is_left(void **state)
{
    static const char *const read_before[] = {"befor", "before!", "Before", ""};
    const Place *place = *state;
    Text problem;

    for (size_t i = 0; i < sizeof(read_before) / sizeof(*read_before); i++) {
        assert_false(rewrite(place, "a/b.yaml", read_before[i], &problem));
        assert_string_equal(problem.at, "was changed while it was checked");
        reads(inside(place, "a/b.yaml"), "before");
    }
}

static void a_file_that_is_gone_is_not_made(void **state)
{
    const Place *place = *state;
    Text problem;

    assert_false(rewrite(place, "a/c.yaml", "", &problem));
    assert_int_equal(access(inside(place, "a/c.yaml"), F_OK), -1);
    assert_false(rewrite(place, "x/c.yaml", "", &problem));
}

static void a_link_is_not_followed(void **state)
{
    const Place *place = *state;
    Text problem;

    assert_int_equal(symlink("b.yaml", inside(place, "a/c.yaml")), 0);
    assert_false(rewrite(place, "a/c.yaml", "before", &problem));
    assert_int_equal(symlink("a", inside(place, "link")), 0);
    assert_false(rewrite(place, "link/b.yaml", "before", &problem));
    assert_false(
        rewrite_may(place->arena, place->directory, TEXT("link/b.yaml"), &problem));
    reads(inside(place, "a/b.yaml"), "before");
}

static void a_directory_is_no_file(void **state)
{
    const Place *place = *state;
    Text problem;

    assert_int_equal(mkdir(inside(place, "a/d"), 0755), 0);
    assert_false(rewrite(place, "a/d", "", &problem));
    assert_string_equal(problem.at, "is not a regular file");
}

static void a_submodule_is_left(void **state)
{
    const Place *place = *state;
    Text problem;

    write_file(inside(place, "a/.git"), "gitdir: ../.git/modules/a\n");
    assert_false(rewrite(place, "a/b.yaml", "before", &problem));
    write_file(inside(place, "a/.git"), "gitdir: /x/.git/worktrees/a\n");
    assert_true(
        rewrite_may(place->arena, place->directory, TEXT("a/b.yaml"), &problem));
    assert_true(rewrite(place, "a/b.yaml", "before", &problem));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_replaced_with_its_mode), TEST(what_was_changed_since_is_left),
        TEST(a_file_that_is_gone_is_not_made),  TEST(a_link_is_not_followed),
        TEST(a_directory_is_no_file),           TEST(a_submodule_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
