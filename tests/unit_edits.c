#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/edits.h"

typedef struct Asked {
    uint32_t start, end;
    const char *text;
} Asked;

/* `patch` NULL: it would show a secret. */
typedef struct Case {
    const char *name, *path, *before;
    Asked changes[3];
    const char *after, *patch;
    uint32_t secret_start, secret_end;
} Case;

#define HEAD "--- a/x\n+++ b/x\n"

static Case cases[] = {
    {"a word in a line",
     "x",
     "a\nb\nc\nd\ne\n",
     {{4, 5, "C"}},
     "a\nb\nC\nd\ne\n",
     HEAD "@@ -1,5 +1,5 @@\n a\n b\n-c\n+C\n d\n e\n",
     0,
     0},
    {"three lines of context, no more",
     "x",
     "a\nb\nc\nd\ne\nf\ng\nh\ni\n",
     {{8, 9, "E"}},
     "a\nb\nc\nd\nE\nf\ng\nh\ni\n",
     HEAD "@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n",
     0,
     0},
    {"a line at the end of one",
     "x",
     "a\nb\n",
     {{1, 1, "\n- new"}},
     "a\n- new\nb\n",
     HEAD "@@ -1,2 +1,3 @@\n a\n+- new\n b\n",
     0,
     0},
    {"a line goes",
     "x",
     "a\nb\nc\n",
     {{2, 4, ""}},
     "a\nc\n",
     HEAD "@@ -1,3 +1,2 @@\n a\n-b\n c\n",
     0,
     0},
    {"the only line goes",
     "x",
     "a\n",
     {{0, 2, ""}},
     "",
     HEAD "@@ -1 +0,0 @@\n-a\n",
     0,
     0},
    {"a file that is empty",
     "x",
     "",
     {{0, 0, "a\n"}},
     "a\n",
     HEAD "@@ -0,0 +1 @@\n+a\n",
     0,
     0},
    {"no line end at the end",
     "x",
     "a\nb",
     {{2, 3, "B"}},
     "a\nB",
     HEAD "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+B\n\\ No newline at "
          "end of file\n",
     0,
     0},
    {"a line behind one without a line end",
     "x",
     "a\nb",
     {{3, 3, "\nc"}},
     "a\nb\nc",
     HEAD
     "@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+c\n\\ No newline "
     "at end of file\n",
     0,
     0},
    {"a last line without a line end as context",
     "x",
     "a\nb",
     {{0, 1, "A"}},
     "A\nb",
     HEAD "@@ -1,2 +1,2 @@\n-a\n+A\n b\n\\ No newline at end of file\n",
     0,
     0},
    {"CR stays in its line",
     "x",
     "a\r\nb\r\n",
     {{0, 1, "A"}},
     "A\r\nb\r\n",
     HEAD "@@ -1,2 +1,2 @@\n-a\r\n+A\r\n b\r\n",
     0,
     0},
    {"changes of one line are one",
     "x",
     "[a, b]\n",
     {{1, 2, "A"}, {4, 5, "B"}},
     "[A, B]\n",
     HEAD "@@ -1 +1 @@\n-[a, b]\n+[A, B]\n",
     0,
     0},
    {"changes whose surroundings meet are one hunk",
     "x",
     "1\n2\n3\n4\n5\n6\n7\n8\n",
     {{0, 1, "A"}, {14, 15, "B"}},
     "A\n2\n3\n4\n5\n6\n7\nB\n",
     HEAD "@@ -1,8 +1,8 @@\n-1\n+A\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+B\n",
     0,
     0},
    {"changes that are apart are two hunks, the second moved",
     "x",
     "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
     {{0, 1, "A\nB"}, {16, 17, "C"}},
     "A\nB\n2\n3\n4\n5\n6\n7\n8\nC\n",
     HEAD "@@ -1,4 +1,5 @@\n-1\n+A\n+B\n 2\n 3\n 4\n@@ -6,4 +7,4 @@\n 6\n 7\n 8\n-9\n"
          "+C\n",
     0,
     0},
    {"a name with a blank is ended by a tab",
     "a b",
     "a\n",
     {{0, 1, "A"}},
     "A\n",
     "--- a/a b\t\n+++ b/a b\t\n@@ -1 +1 @@\n-a\n+A\n",
     0,
     0},
    {"a name with a quote stands in quotes",
     "a\"\\\n",
     "a\n",
     {{0, 1, "A"}},
     "A\n",
     "--- \"a/a\\\"\\\\\\012\"\n+++ \"b/a\\\"\\\\\\012\"\n@@ -1 +1 @@\n-a\n+A\n",
     0,
     0},
    {"a secret in the lines around is not shown",
     "x",
     "a\nb\nsecret\n",
     {{0, 1, "A"}},
     "A\nb\nsecret\n",
     NULL,
     4,
     10},
    {"a secret further away does not matter",
     "x",
     "a\nb\nc\nd\nsecret\n",
     {{0, 1, "A"}},
     "A\nb\nc\nd\nsecret\n",
     HEAD "@@ -1,4 +1,4 @@\n-a\n+A\n b\n c\n d\n",
     8,
     14},
    {"what changes nothing is no patch", "x", "a\n", {{0, 1, "a"}}, "a\n", "", 0, 0},
};

static void is_shown(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 20);
    Sources *sources = sources_new(arena);
    uint32_t file = sources_add(sources, text_of(c->path), text_of(c->before));
    Buffer out = {.arena = arena};
    Edit edits[3];
    uint32_t count = 0;

    if (c->secret_end)
        source_mark_secret(sources, (Span){file, c->secret_start, c->secret_end});
    for (; count < 3 && c->changes[count].text; count++)
        edits[count] = (Edit){{file, c->changes[count].start, c->changes[count].end},
                              text_of(c->changes[count].text)};
    Text after = edits_apply(arena, text_of(c->before), edits, count);
    assert_string_equal(arena_copy(arena, after).at, c->after);
    bool shown = edits_add_patch(sources, file, edits, count, &out);
    assert_int_equal(shown, c->patch != NULL);
    assert_string_equal(arena_copy(arena, buffer_text(&out)).at,
                        c->patch ? c->patch : "");
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, is_shown, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
