#include "facts/manifest_glob.h"

bool manifest_glob_matches(Text pattern, Text name)
{
    bool is_hidden = text_starts_with(name, TEXT("."));

    return (!is_hidden || text_starts_with(pattern, TEXT("."))) &&
           text_matches_glob(name, pattern);
}

static void paths_add(Arena *arena, Paths *paths, Text path)
{
    ARRAY_GROW(arena, paths->items, paths->count, paths->capacity);
    paths->items[paths->count++] = path;
}

static void add_matches(Arena *arena, Files *files, Text directory, Text part,
                        bool is_last, Paths *paths)
{
    FileName *names;
    uint32_t count;
    Text path;

    (void)files_list(files, TEXT(""), directory, &names, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (names[i].is_directory == is_last ||
            !manifest_glob_matches(part, names[i].name))
            continue;
        if (path_join(arena, directory, names[i].name, &path))
            paths_add(arena, paths, path);
    }
}

Paths manifest_glob(Arena *arena, Files *files, Text pattern)
{
    Paths paths = {0};
    Text part;

    paths_add(arena, &paths, TEXT(""));
    for (bool done = false; text_next_part(&pattern, '/', &part, &done);) {
        bool is_pattern = text_find_byte(part, '*') < part.len;
        Paths next = {0};

        for (uint32_t i = 0; i < paths.count; i++) {
            Text path;

            if (is_pattern)
                add_matches(arena, files, paths.items[i], part, done, &next);
            else if (path_join(arena, paths.items[i], part, &path))
                paths_add(arena, &next, path);
        }
        paths = next;
    }
    return paths;
}
