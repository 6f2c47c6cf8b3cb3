#include "facts/git_ignore.h"

enum { LINES_MAX = 4096 }; /* of one .gitignore */

/* Part by part. */
static bool path_matches(Text pattern, Text path)
{
    Text part, name;
    bool pattern_done = false, path_done = false;

    while (text_next_part(&pattern, '/', &part, &pattern_done)) {
        if (!text_next_part(&path, '/', &name, &path_done) ||
            !text_matches_glob(name, part))
            return false;
    }
    return path_done;
}

/* A line of a .gitignore about `path`, which is relative to it. */
static bool line_matches(Text line, Text path)
{
    if (text_starts_with(line, TEXT("**/")))
        line = text_from(line, 3);
    else if (text_find_byte(line, '/') < line.len)
        return path_matches(text_from(line, text_starts_with(line, TEXT("/"))), path);
    if (text_find_byte(line, '/') < line.len)
        return text_ends_with(path, line) && path_matches(line, path);
    return text_matches_glob(path_base(path), line);
}

static void apply(Text text, Text path, bool *is_ignored)
{
    Text line;
    uint32_t count = 0;

    for (bool done = false; text_next_part(&text, '\n', &line, &done);) {
        bool is_negated;

        if (++count > LINES_MAX)
            return;
        line = text_trim(line);
        is_negated = text_starts_with(line, TEXT("!"));
        line = text_from(line, is_negated);
        if (line.len && line.at[0] != '#' && line_matches(line, path))
            *is_ignored = !is_negated;
    }
}

bool git_ignores(Arena *arena, Files *files, const Sources *sources, Text root,
                 Text path)
{
    Text directory = root, inner, file_path;
    bool is_ignored = false;
    uint32_t file;

    for (;;) {
        inner = directory.len ? text_from(path, directory.len + 1) : path;
        if (path_join(arena, directory, TEXT(".gitignore"), &file_path) &&
            files_read(files, root, file_path, &file) == FILE_READ)
            apply(source_bytes(sources, file), inner, &is_ignored);
        size_t slash = text_find_byte(inner, '/');
        if (slash == inner.len)
            return is_ignored;
        directory = text_slice(path, 0, path.len - inner.len + slash);
    }
}
