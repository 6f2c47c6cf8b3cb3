#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>

#include "syntax/syntax.h"

static Text file_read(Arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");

    if (!file) {
        fprintf(stderr, "cannot open %s\n", path);
        exit(1);
    }
    Buffer bytes = {.arena = arena};
    char some[4096];
    for (size_t len; (len = fread(some, 1, sizeof(some), file)) > 0;)
        buffer_add(&bytes, (Text){some, len});
    (void)fclose(file);
    return buffer_text(&bytes);
}

Vectors *vectors_read(const char *name)
{
    Arena *arena = arena_new((size_t)1 << 30);
    Vectors *vectors = ARENA_NEW(arena, Vectors);
    const char *tests = getenv("BERTH_TESTS");
    Diags *diags = diags_new(arena);
    Text path =
        arena_format(arena, "%s/vectors/%s.jsonl", tests ? tests : "tests", name);

    *vectors = (Vectors){.arena = arena, .sources = sources_new(arena)};
    Text rest = file_read(arena, path.at), line;
    for (bool done = false; text_next_part(&rest, '\n', &line, &done);) {
        if (line.len == 0)
            continue;
        uint32_t file = sources_add(vectors->sources, path, line);
        const Tree *tree = json_read(arena, vectors->sources, file, diags);

        if (tree_kind(tree, tree->root) != NODE_OBJECT) {
            fprintf(stderr, "%s: line %u is no JSON object\n", path.at,
                    vectors->count + 1);
            exit(1);
        }
        ARRAY_GROW(arena, vectors->lines, vectors->count, vectors->capacity);
        vectors->lines[vectors->count++] = tree;
    }
    return vectors;
}

void vectors_free(Vectors *vectors)
{
    arena_free(vectors->arena);
}

Text vector_text(const Tree *line, const char *key)
{
    return tree_string(line, tree_find(line, line->root, text_of(key)));
}

bool vector_is_null(const Tree *line, const char *key)
{
    return tree_kind(line, tree_find(line, line->root, text_of(key))) == NODE_NULL;
}
