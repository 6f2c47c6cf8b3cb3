#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/line_diff.h"

enum { ROUNDS = 2000, LINES_MAX = 24 };

static uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* Few different lines, so that many are equal by chance. */
static uint32_t random_text(Arena *arena, uint64_t *state, Text *text)
{
    uint32_t count = next_random(state) % (LINES_MAX + 1);
    Buffer out = {.arena = arena};

    for (uint32_t i = 0; i < count; i++)
        buffer_format(&out, "%c\n", 'a' + (int)(next_random(state) % 4));
    *text = buffer_text(&out);
    return count;
}

static char line_at(Text text, uint32_t line)
{
    return text.at[(line - 1) * 2];
}

/* The length of the longest common subsequence, by the table. */
static uint32_t common_lines(Text left, uint32_t nleft, Text right, uint32_t nright)
{
    uint32_t table[LINES_MAX + 1][LINES_MAX + 1] = {{0}};

    for (uint32_t i = 1; i <= nleft; i++) {
        for (uint32_t j = 1; j <= nright; j++) {
            uint32_t best =
                table[i - 1][j] > table[i][j - 1] ? table[i - 1][j] : table[i][j - 1];

            if (line_at(left, i) == line_at(right, j) && table[i - 1][j - 1] + 1 > best)
                best = table[i - 1][j - 1] + 1;
            table[i][j] = best;
        }
    }
    return table[nleft][nright];
}

static void it_is_a_shortest_edit_script(void **context)
{
    uint64_t state = 20261125;

    (void)context;
    for (int round = 0; round < ROUNDS; round++) {
        Arena *arena = arena_new((size_t)1 << 24);
        Text left, right;
        uint32_t nleft = random_text(arena, &state, &left);
        uint32_t nright = random_text(arena, &state, &right);
        LineDiff diff = line_diff(arena, left, right);
        uint32_t kept = 0, last = 0;

        assert_int_equal(diff.nold, nleft);
        assert_int_equal(diff.nnew, nright);
        for (uint32_t line = 1; line <= nright; line++) {
            uint32_t old_line = diff.old_of_new[line];

            assert_int_equal(line_diff_touches(&diff, line, line), old_line == 0);
            if (old_line == 0)
                continue;
            assert_true(old_line > last && old_line <= nleft);
            assert_int_equal(diff.new_of_old[old_line], line);
            assert_int_equal(line_at(left, old_line), line_at(right, line));
            last = old_line;
            kept++;
        }
        assert_int_equal(kept, common_lines(left, nleft, right, nright));
        arena_free(arena);
    }
}

static Text numbered(Arena *arena, uint32_t from, uint32_t count)
{
    Buffer out = {.arena = arena};

    for (uint32_t i = 0; i < count; i++)
        buffer_format(&out, "%u\n", from + i);
    return buffer_text(&out);
}

static void too_many_edits_are_one_change(void **context)
{
    Arena *arena = arena_new((size_t)1 << 28);
    Text left =
        arena_format(arena, "same\n%.*ssame\n", TEXT_ARG(numbered(arena, 0, 3000)));
    Text right =
        arena_format(arena, "same\n%.*ssame\n", TEXT_ARG(numbered(arena, 9000, 3000)));
    LineDiff diff = line_diff(arena, left, right);

    (void)context;
    assert_int_equal(diff.old_of_new[1], 1);
    assert_int_equal(diff.old_of_new[3002], 3002);
    for (uint32_t line = 2; line < 3002; line++)
        assert_int_equal(diff.old_of_new[line], 0);
    arena_free(arena);
}

static void a_gap_is_where_the_next_line_stands(void **context)
{
    Arena *arena = arena_new((size_t)1 << 20);
    LineDiff diff = line_diff(arena, TEXT("a\nb\nc\nd"), TEXT("a\nd"));
    LineDiff end = line_diff(arena, TEXT("a\nb"), TEXT("a\n"));
    LineDiff empty = line_diff(arena, TEXT("a"), TEXT(""));

    (void)context;
    assert_int_equal(line_diff_gap(&diff, 2), 2);
    assert_int_equal(line_diff_gap(&diff, 3), 2);
    assert_int_equal(line_diff_gap(&end, 2), 1);
    assert_int_equal(line_diff_gap(&empty, 1), 0);
    assert_false(line_diff_touches(&diff, 1, 9));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_a_shortest_edit_script),
        cmocka_unit_test(too_many_edits_are_one_change),
        cmocka_unit_test(a_gap_is_where_the_next_line_stands),
    };

    return cmocka_run_group_tests_name("line_diff", tests, NULL, NULL);
}
