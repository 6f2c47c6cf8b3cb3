/*
 * configuration_fixture.h: configurations as facts, over small workspaces.
 *
 * Each case writes its files into a directory of its own and compares the rows of the
 * relations that it names, and all that is said. Included by cmocka programs, behind
 * cmocka.h.
 */
#ifndef BERTH_TESTS_CONFIGURATION_FIXTURE_H
#define BERTH_TESTS_CONFIGURATION_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facts/configuration.h"
#include "rows.h"
#include "syntax/syntax.h"

#define CONFIGURATION ".devcontainer/devcontainer.json"

typedef struct File {
    const char *path, *text;
} File;

enum { FILES_MAX = 4 };

typedef struct Case {
    const char *name;
    const char *configuration; /* the text of .devcontainer/devcontainer.json */
    const char *shows;         /* relations that are compared, a comma between them */
    const char *rows;
    const char *diags;
    File files[FILES_MAX]; /* beside it */
} Case;

/* --- workspaces --- */

static char directory[256]; /* that of the whole program, below $TMPDIR */

static int make_directory(void **state)
{
    const char *above = getenv("TMPDIR");
    int len = snprintf(directory, sizeof(directory), "%s/berth-unit-XXXXXX",
                       above ? above : "/tmp");

    (void)state;
    if (len < 0 || (size_t)len >= sizeof(directory))
        return -1;
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
    (void)state;
    return rmdir(directory);
}

static void make_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
    }
}

static void write_file(Arena *arena, const char *path, const char *text)
{
    Text whole = arena_format(arena, "%s/%s", directory, path);
    char *name = arena_alloc(arena, whole.len + 1, 1);

    memcpy(name, whole.at, whole.len);
    make_parents(name);
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void remove_file(Arena *arena, const char *path)
{
    Text whole = arena_format(arena, "%s/%s", directory, path);
    char *name = arena_alloc(arena, whole.len + 1, 1);

    memcpy(name, whole.at, whole.len);
    (void)unlink(name);
    for (char *slash; (slash = strrchr(name, '/')) != NULL;) {
        *slash = '\0';
        if (strcmp(name, directory) == 0 || rmdir(name) != 0)
            break;
    }
}

/* --- what is compared --- */

static bool is_shown(Text row, Text shows)
{
    Text relation, name = text_slice(row, 0, text_find_byte(row, '('));

    for (bool done = false; text_next_part(&shows, ',', &relation, &done);) {
        if (text_equal(relation, name))
            return true;
    }
    return false;
}

static const char *shown_rows(Facts *facts, const char *shows)
{
    Buffer out = {.arena = facts->arena};
    Text rest = rows_text(facts), row;

    for (bool done = false; text_next_part(&rest, '\n', &row, &done);) {
        if (row.len && is_shown(row, text_of(shows))) {
            buffer_add(&out, row);
            buffer_add_byte(&out, '\n');
        }
    }
    buffer_add_byte(&out, '\0');
    return out.at;
}

static Facts *extract(Arena *arena, Text repository)
{
    Symbols *symbols = symbols_new(arena);
    Sources *sources = sources_new(arena);
    Facts *facts = facts_new(arena, symbols, sources, diags_new(arena));
    const char *problem = NULL;
    Files *files = files_open(arena, symbols, sources, text_of(directory), &problem);
    uint32_t file = 0;

    assert_null(problem);
    assert_int_equal(files_read(files, TEXT(""), TEXT(CONFIGURATION), &file),
                     FILE_READ);
    const Tree *tree = jsonc_read(arena, sources, file, facts->diags);
    devcontainer_extract(facts, files, tree, repository, TEXT(""), TEXT(CONFIGURATION),
                         TEXT("linux/amd64"));
    return facts;
}

static void it_extracts(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 24);

    write_file(arena, CONFIGURATION, c->configuration);
    for (int i = 0; i < FILES_MAX && c->files[i].path; i++)
        write_file(arena, c->files[i].path, c->files[i].text);
    Facts *facts = extract(arena, TEXT("octo-org/site"));
    for (int i = 0; i < FILES_MAX && c->files[i].path; i++)
        remove_file(arena, c->files[i].path);
    remove_file(arena, CONFIGURATION);
    assert_string_equal(shown_rows(facts, c->shows), c->rows);
    assert_string_equal(arena_copy(arena, diags_text(facts)).at, c->diags);
    arena_free(arena);
}

#define AT "octo-org/site:" CONFIGURATION ", "

#endif
