/*
 * unit_dockerfile_dump.c: a read Dockerfile as S-expressions; no secret is in them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "syntax/dockerfile.h"

static void text_is(Text text, const char *expected)
{
    if (!text_equal(text, text_of(expected)))
        fail_msg("expected\n%s\ngot\n%.*s", expected, TEXT_ARG(text));
}

static void a_dump_shows_what_was_read(void **state)
{
    const Text dockerfile =
        TEXT("# escape=`\n# syntax=docker/dockerfile:1\nARG A=\"x y\" B\n"
             "FROM --platform=$P \"a/b\" AS c\nCOPY --from=d [\"e\", \"f\"]\n"
             "ONBUILD RUN --mount=from=g,target=/h <<EOF `\n  i\nj\nEOF\n");
    Arena *arena = arena_new(1 << 22);
    Sources *sources = sources_new(arena);
    uint32_t file = sources_add(sources, TEXT("Dockerfile"), dockerfile);
    Diags *diags = diags_new(arena);
    Buffer out = {.arena = arena};

    (void)state;
    dockerfile_dump(dockerfile_read(arena, sources, file, diags), sources, &out);
    assert_int_equal(diags->count, 0);
    text_is(buffer_text(&out),
            "(syntax 2:10-2:29 \"docker/dockerfile:1\")\n"
            "(escape 1:10-1:11 \"`\")\n"
            "(ARG 3:1-3:14 (word 3:5-3:12 \"A=\\\"x y\\\"\") (word 3:13-3:14 \"B\"))\n"
            "(FROM 4:1-4:30 (flag \"platform\" 4:17-4:19 \"$P\") (word 4:20-4:25 "
            "\"\\\"a/b\\\"\") (word 4:26-4:28 \"AS\") (word 4:29-4:30 \"c\"))\n"
            "(COPY 5:1-5:25 (flag \"from\" 5:13-5:14 \"d\") (item 5:17-5:18 \"e\") "
            "(item 5:22-5:23 \"f\"))\n"
            "(ONBUILD 6:1-7:4 (heredoc 8:1-9:1 \"EOF\") (RUN 6:9-7:4 (flag \"mount\" "
            "6:21-6:37 \"from=g,target=/h\") (from 6:26-6:27 \"g\") (word 6:38-7:4 "
            "\"<<EOF   i\")))\n");
    arena_free(arena);
}

static void a_dump_shows_no_secret(void **state)
{
    Arena *arena = arena_new(1 << 22);
    Sources *sources = sources_new(arena);
    uint32_t file = sources_add(sources, TEXT("Dockerfile"),
                                TEXT("FROM a\nENV TOKEN=hunter2 B=c\n"));
    Buffer out = {.arena = arena};

    (void)state;
    source_mark_secret(sources, (Span){file, 17, 24});
    dockerfile_dump(dockerfile_read(arena, sources, file, diags_new(arena)), sources,
                    &out);
    text_is(buffer_text(&out), "(FROM 1:1-1:7 (word 1:6-1:7 \"a\"))\n"
                               "(ENV 2:1-2:22 (word 2:5-2:18 •••) (word 2:19-2:22 "
                               "\"B=c\"))\n");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dump_shows_what_was_read),
        cmocka_unit_test(a_dump_shows_no_secret),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
