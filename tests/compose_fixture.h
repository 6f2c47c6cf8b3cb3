/*
 * compose_fixture.h: compose files on disk, and a configuration that names them.
 *
 * For the tests of the compose reader. The files are written to a directory of their
 * own, which fixture_remove takes away again. dockerfile_extract is a fake here: it
 * writes down what it was asked for.
 */
#ifndef BERTH_TESTS_COMPOSE_FIXTURE_H
#define BERTH_TESTS_COMPOSE_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "facts/compose_model.h"

typedef struct Fixture {
    Arena *arena;
    Text directory;
    Text *written; /* paths, to be removed */
    uint32_t count, capacity;
    Facts *facts;
    Configuration configuration;
    Buffer builds; /* what the fake was asked for */
} Fixture;

static inline Fixture *fixture_new(void)
{
    Arena *arena = arena_new((size_t)1 << 30);
    Fixture *fixture = ARENA_NEW(arena, Fixture);
    const char *temporary = getenv("TMPDIR");
    Text pattern =
        arena_format(arena, "%s/berth-compose-XXXXXX", temporary ? temporary : "/tmp");
    char *name = arena_alloc(arena, pattern.len + 1, 1);

    memcpy(name, pattern.at, pattern.len);
    fixture->arena = arena;
    if (!mkdtemp(name))
        abort();
    fixture->directory = text_of(name);
    fixture->builds.arena = arena;
    return fixture;
}

static inline void fixture_note(Fixture *fixture, Text path)
{
    ARRAY_GROW(fixture->arena, fixture->written, fixture->count, fixture->capacity);
    fixture->written[fixture->count++] = path;
}

/* Writes one file, with the directories above it. */
static inline void fixture_write(Fixture *fixture, Text path, Text bytes)
{
    Arena *arena = fixture->arena;
    Text whole =
        arena_format(arena, "%.*s/%.*s", TEXT_ARG(fixture->directory), TEXT_ARG(path));

    for (size_t i = fixture->directory.len + 1; i < whole.len; i++) {
        Text above = arena_copy(arena, text_slice(whole, 0, i));

        if (whole.at[i] == '/' && mkdir(above.at, 0700) == 0)
            fixture_note(fixture, above);
    }
    FILE *file = fopen(whole.at, "wb");
    if (!file || fwrite(bytes.at, 1, bytes.len, file) != bytes.len || fclose(file) != 0)
        abort();
    fixture_note(fixture, whole);
}

/* Opens what was written as one repository. */
static inline void fixture_open(Fixture *fixture)
{
    const char *problem = NULL;
    Arena *arena = fixture->arena;
    Symbols *symbols = symbols_new(arena);
    Sources *sources = sources_new(arena);

    fixture->facts = facts_new(arena, symbols, sources, diags_new(arena));
    fixture->configuration = (Configuration){
        .facts = fixture->facts,
        .files = files_open(arena, symbols, sources, fixture->directory, &problem),
        .path = TEXT(".devcontainer.json"),
        .platform = TEXT("linux/amd64"),
        .references = {.arena = arena}};
    if (!fixture->configuration.files)
        abort();
}

static inline void fixture_remove(Fixture *fixture)
{
    for (uint32_t i = fixture->count; i-- > 0;) {
        if (unlink(fixture->written[i].at) != 0)
            (void)rmdir(fixture->written[i].at);
    }
    (void)rmdir(fixture->directory.at);
    arena_free(fixture->arena);
}

#endif
