#include "base/path.h"

#include "base/buffer.h"

bool path_join(Arena *arena, Text directory, Text path, Text *joined)
{
    Buffer clean = {.arena = arena};
    Text rest, part;

    if (text_starts_with(path, TEXT("/")))
        return false;
    buffer_add(&clean, directory);
    rest = path;
    for (bool done = false; text_next_part(&rest, '/', &part, &done);) {
        if (part.len == 0 || text_equal(part, TEXT(".")))
            continue;
        if (text_equal(part, TEXT(".."))) {
            if (clean.len == 0)
                return false;
            clean.len = path_directory(buffer_text(&clean)).len;
            continue;
        }
        if (clean.len)
            buffer_add_byte(&clean, '/');
        buffer_add(&clean, part);
    }
    *joined = buffer_text(&clean);
    return text_find_byte(*joined, '\0') == joined->len;
}

Text path_directory(Text path)
{
    size_t slash = text_find_last_byte(path, '/');

    return slash == path.len ? (Text){0} : text_slice(path, 0, slash);
}

Text path_parent(Text path)
{
    Text directory = path_directory(path);

    if (directory.len)
        return directory;
    return text_starts_with(path, TEXT("/")) ? TEXT("/") : TEXT(".");
}

Text path_base(Text path)
{
    size_t slash = text_find_last_byte(path, '/');

    return slash == path.len ? path : text_from(path, slash + 1);
}

bool path_is_inside(Text path, Text directory)
{
    if (directory.len == 0)
        return true;
    return text_starts_with(path, directory) &&
           (path.len == directory.len || path.at[directory.len] == '/');
}
