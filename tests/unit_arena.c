/* unit_arena.c: an arena that is rewound is as new, and asks for no more memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

/* Sizes of small blocks, of a page of its own, and of a mapping of its own. */
static const size_t sizes[] = {1, 100, 4096, 70000, 3 << 20, 17, 5 << 20};
enum { NSIZES = sizeof(sizes) / sizeof(*sizes), MEMORY_MAX = 64 << 20 };

static void is_zero(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        assert_int_equal(bytes[i], 0);
}

static void blocks_are_zeroed_again(void **state)
{
    Arena *arena = arena_new(MEMORY_MAX);

    (void)state;
    for (size_t round = 0; round < 4; round++) {
        for (size_t i = 0; i < NSIZES; i++) {
            size_t size = sizes[(i + round) % NSIZES];
            char *block = arena_alloc(arena, size, 1);

            is_zero(block, size);
            memset(block, 0xA5, size);
        }
        arena_rewind(arena);
        assert_int_equal(arena_used(arena), 0);
    }
    arena_free(arena);
}

static void count_close(void *handle)
{
    ++*(int *)handle;
}

static void what_was_deferred_runs_once(void **state)
{
    Arena *arena = arena_new(MEMORY_MAX);
    int closed = 0;

    (void)state;
    arena_defer(arena, count_close, &closed);
    arena_rewind(arena);
    assert_int_equal(closed, 1);
    arena_free(arena);
    assert_int_equal(closed, 1);
}

static void a_reset_takes_the_spare_pages_too(void **state)
{
    Arena *arena = arena_new(MEMORY_MAX);

    (void)state;
    (void)arena_alloc(arena, sizes[4], 1);
    arena_rewind(arena);
    arena_reset(arena);
    is_zero(arena_alloc(arena, sizes[4], 1), sizes[4]);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_zeroed_again),
        cmocka_unit_test(what_was_deferred_runs_once),
        cmocka_unit_test(a_reset_takes_the_spare_pages_too),
    };

    return cmocka_run_group_tests_name("unit_arena", tests, NULL, NULL);
}
