#include "catalogue.h"

bool rule_directory_open(Arena *arena, Symbols *symbols, Sources *sources, Text path,
                         Diags *diags, RuleDirectory *directory)
{
    const char *problem = NULL;
    Files *files = files_open(arena, symbols, sources, path, &problem);

    if (!files)
        return diag_error(diags, "", (Span){0},
                          "the directory of rules '%.*s' %s; expected one that holds "
                          "<category>/<name>.dl",
                          TEXT_ARG(path), problem);
    files_show_below(files, path);
    *directory = (RuleDirectory){files, TEXT(""), path};
    return true;
}

bool rule_directory_is_of_cases(Arena *arena, const FileName *names, uint32_t count,
                                const FileName *directory)
{
    Text rule = arena_format(arena, "%.*s.dl", TEXT_ARG(directory->name));

    for (uint32_t i = 0; i < count; i++) {
        if (!names[i].is_directory && text_equal(names[i].name, rule))
            return true;
    }
    return false;
}

static void add_found(Arena *arena, RulePaths *paths, RulePath path)
{
    ARRAY_GROW(arena, paths->items, paths->count, paths->capacity);
    paths->items[paths->count++] = path;
}

static void find_below(Arena *arena, const RuleDirectory *directory, Text path,
                       uint32_t depth, RulePaths *paths)
{
    FileName *names;
    uint32_t count;
    Text inner;

    FileResult result =
        files_list(directory->files, directory->path, path, &names, &count);
    if (result != FILE_READ)
        add_found(arena, paths, (RulePath){directory, path, result, 0});
    for (uint32_t i = 0; i < count; i++) {
        if (!path_join(arena, path, names[i].name, &inner))
            continue;
        if (names[i].is_directory) {
            if (depth < RULE_DIRECTORY_DEPTH &&
                !rule_directory_is_of_cases(arena, names, count, &names[i]))
                find_below(arena, directory, inner, depth + 1, paths);
        } else if (text_ends_with(inner, TEXT(".dl"))) {
            RulePath found = {directory, inner, FILE_READ, 0};

            if (files_read(directory->files, directory->path, inner, &found.file) !=
                FILE_READ)
                found.file = 0;
            add_found(arena, paths, found);
        }
    }
}

RulePaths rule_paths_find(Arena *arena, const RuleDirectory *directories,
                          uint32_t ndirectories)
{
    RulePaths paths = {0};

    for (uint32_t i = 0; i < ndirectories; i++)
        find_below(arena, &directories[i], directories[i].path, 0, &paths);
    return paths;
}
