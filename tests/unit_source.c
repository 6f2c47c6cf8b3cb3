#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/source.h"

typedef struct Case {
    const char *name;
    Text bytes;
    uint32_t offset, line, column;
} Case;

static Case cases[] = {
    {"the start of an empty file", TEXT_INIT(""), 0, 1, 1},
    {"a newline ends its own line", TEXT_INIT("a\nb"), 1, 1, 2},
    {"what follows it is on the next", TEXT_INIT("a\nb"), 2, 2, 1},
    {"CRLF: the CR is a column", TEXT_INIT("a\r\nb"), 2, 1, 3},
    {"four bytes, one column", TEXT_INIT("\xF0\x9F\x98\x80x"), 4, 1, 2},
    {"a byte order mark has no column", TEXT_INIT("\xEF\xBB\xBFx"), 3, 1, 1},
    {"nor has a place within it", TEXT_INIT("\xEF\xBB\xBFx"), 1, 1, 1},
    {"beyond the end is the end", TEXT_INIT("ab"), 9, 1, 3},
};

static void check(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 20);
    Sources *sources = sources_new(arena);
    Place place =
        source_place(sources, sources_add(sources, TEXT("file"), c->bytes), c->offset);

    assert_int_equal(place.line, c->line);
    assert_int_equal(place.column, c->column);
    arena_free(arena);
}

static void a_column_in_utf16_units_counts_pairs_twice(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Sources *sources = sources_new(arena);
    Buffer bytes = {.arena = arena};

    (void)state;
    buffer_add(&bytes, TEXT("\xEF\xBB\xBF"));
    for (uint32_t i = 0; i < 3000; i++)
        buffer_add(&bytes, TEXT("\xC3\xA9\xF0\x9F\x98\x80"));
    uint32_t file = sources_add(sources, TEXT("file"), buffer_text(&bytes));
    for (uint32_t i = 0; i < 3000; i += 7) {
        Place place = source_place_utf16(sources, file, 3 + 6 * i);

        assert_int_equal(place.line, 1);
        assert_int_equal(place.column, 3 * i + 1);
        assert_int_equal(source_place(sources, file, 3 + 6 * i).column, 2 * i + 1);
    }
    arena_free(arena);
}

/* Whatever was asked for before, and wherever the marks within the line fall. */
static void columns_of_a_long_line_are_counted_exactly(void **state)
{
    enum { CHARACTERS = 9000, STRIDE = 2477 /* a prime, so that all are met */ };
    static const char *const letters[] = {"a", "\xC3\xA9", "\xE2\x82\xAC",
                                          "\xF0\x9F\x98\x80"};
    Arena *arena = arena_new(1 << 24);
    Sources *sources = sources_new(arena);
    Buffer bytes = {.arena = arena};
    static uint32_t starts[CHARACTERS];

    (void)state;
    buffer_add(&bytes, TEXT("first\xC3\xA9\n"));
    for (uint32_t i = 0; i < CHARACTERS; i++) {
        starts[i] = (uint32_t)bytes.len;
        buffer_add(&bytes, text_of(letters[(i / 3 + i) % 4]));
    }
    buffer_add(&bytes, TEXT("\nlast"));
    uint32_t file = sources_add(sources, TEXT("file"), buffer_text(&bytes));
    for (uint32_t i = 0; i < CHARACTERS; i++) {
        uint32_t at = (uint32_t)((uint64_t)i * STRIDE % CHARACTERS);
        Place place = source_place(sources, file, starts[at]);

        assert_int_equal(place.line, 2);
        assert_int_equal(place.column, at + 1);
    }
    assert_int_equal(source_place(sources, file, (uint32_t)bytes.len).column, 5);
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 2];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check, NULL, NULL, &cases[i]};
    tests[COUNT] =
        (struct CMUnitTest)cmocka_unit_test(columns_of_a_long_line_are_counted_exactly);
    tests[COUNT + 1] =
        (struct CMUnitTest)cmocka_unit_test(a_column_in_utf16_units_counts_pairs_twice);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
