#include "facts/manifest_glob.h"

bool manifest_glob_matches(Text pattern, Text name)
{
    size_t at = 0, star = pattern.len, again = 0, i = 0;

    if (text_starts_with(name, TEXT(".")) && !text_starts_with(pattern, TEXT(".")))
        return false;
    /* After a mismatch only the last star needs to take one more byte. */
    while (i < name.len) {
        if (at < pattern.len && pattern.at[at] == '*') {
            star = at++;
            again = i;
        } else if (at < pattern.len && pattern.at[at] == name.at[i]) {
            at++;
            i++;
        } else if (star < pattern.len) {
            at = star + 1;
            i = ++again;
        } else {
            return false;
        }
    }
    while (at < pattern.len && pattern.at[at] == '*')
        at++;
    return at == pattern.len;
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
