#include "import/import.h"

#include <stdlib.h>

#include "import/take.h"
#include "syntax/syntax.h"

/* What is kept of a body. A secret's value is in none, and would not be kept. */
static const char *const keys[] = {"archived",    "documentation_url",
                                   "errors",      "fork",
                                   "full_name",   "login",
                                   "message",     "name",
                                   "owner",       "package_type",
                                   "parent",      "private",
                                   "repository",  "repositories",
                                   "secrets",     "status",
                                   "total_count", "type",
                                   "updated_at",  "updatedAt",
                                   "visibility",  NULL};

Import *import_new(Arena *arena, Sources *sources, Diags *diags)
{
    Import *import = ARENA_NEW(arena, Import);

    *import = (Import){.arena = arena,
                       .scratch = arena_scratch(arena),
                       .sources = sources,
                       .diags = diags};
    import->accounts.keys = symbols_new(arena);
    import->repositories.keys = symbols_new(arena);
    import->packages.keys = symbols_new(arena);
    import->secrets.keys = symbols_new(arena);
    return import;
}

/* What the reader says first, without what it did about it: nothing of a dump is taken
 * that is not JSON to its end, since what was lost may change what the rest means. */
static void add_damage(Import *import, const Diag *first)
{
    Text what = text_slice(first->message, 0, text_find_byte(first->message, ';'));

    diag_add(import->diags, "input/syntax", first->span,
             "nothing of this dump was taken: %.*s", TEXT_ARG(what));
}

void import_add(Import *import, Text path, uint32_t file)
{
    Dump dump = {.import = import, .path = path, .is_whole = true};
    const Tree nothing = {.count = 1, .nodes = &(Node){0}};
    Diags *damage = diags_new(import->scratch);

    if (dump_path_read(import->scratch, path, &dump.at) && take_accepts(&dump)) {
        group_add(&import->dumps, path);
        dump.tree =
            json_read_values(import->scratch, import->sources, file, damage, keys);
        if (damage->count) {
            add_damage(import, &damage->items[0]);
            dump.tree = &nothing;
            dump.is_whole = false;
        }
        take_dump(&dump);
    } else {
        group_add(&import->ignored, path);
    }
    arena_reset(import->scratch);
}

/* --- a directory --- */

typedef struct Paths {
    Text *items;
    uint32_t count, capacity;
} Paths;

static void paths_add(Arena *arena, Paths *paths, Text path)
{
    ARRAY_GROW(arena, paths->items, paths->count, paths->capacity);
    paths->items[paths->count++] = path;
}

static int by_path(const void *left, const void *right)
{
    return text_compare(*(const Text *)left, *(const Text *)right);
}

static void note_unread(Import *import, FileResult result, Text path)
{
    const char *why =
        result == FILE_TOO_LARGE ? "is larger than 1 GiB" : file_result_says(result);
    Text says = arena_format(import->scratch, "not read, since it %s", why);

    group_add(groups_get(&import->notes, import->arena, says), path);
}

/* What lies in one directory: dumps, or what may be, and directories to look into. */
static bool list(Import *import, Files *files, Text directory, Paths *directories,
                 Paths *dumps)
{
    FileName *names;
    uint32_t count;
    FileResult result = files_list(files, TEXT(""), directory, &names, &count);

    if (result != FILE_READ) {
        note_unread(import, result, directory);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        Text path = arena_format(import->arena, "%.*s%s%.*s", TEXT_ARG(directory),
                                 directory.len ? "/" : "", TEXT_ARG(names[i].name));

        if (!names[i].is_directory)
            paths_add(import->arena, dumps, path);
        else if (dump_path_may_hold(path))
            paths_add(import->arena, directories, path);
        else
            group_add(dump_path_is_of_other_secrets(path) ? &import->other_secrets
                                                          : &import->ignored,
                      path);
    }
    return true;
}

static bool add_file(Import *import, Files *files, Text path)
{
    DumpPath at;
    uint32_t file = 0;

    if (!dump_path_read(import->scratch, path, &at)) {
        group_add(&import->ignored, path); /* without being opened */
        return true;
    }
    FileResult result = files_read(files, TEXT(""), path, &file);
    if (result == FILE_READ) {
        import_add(import, path, file);
        return true;
    }
    note_unread(import, result, path);
    return false;
}

bool import_directory(Import *import, Files *files)
{
    Paths directories = {0}, dumps = {0};
    bool is_whole = true;

    files_allow(files, IMPORT_FILE_BYTES_MAX);
    paths_add(import->arena, &directories, TEXT(""));
    for (uint32_t i = 0; i < directories.count; i++)
        is_whole &= list(import, files, directories.items[i], &directories, &dumps);
    if (dumps.count)
        qsort(dumps.items, dumps.count, sizeof(*dumps.items), by_path);
    for (uint32_t i = 0; i < dumps.count; i++)
        is_whole &= add_file(import, files, dumps.items[i]);
    return is_whole;
}

uint32_t import_count(const Import *import)
{
    return import->dumps.count;
}
