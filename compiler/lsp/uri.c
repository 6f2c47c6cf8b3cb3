#include "lsp/uri.h"

#include "base/path.h"

static int hex_value(char byte)
{
    if (byte_is_digit(byte))
        return byte - '0';
    byte = byte_to_lower(byte);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static bool decode(Text part, Buffer *out)
{
    for (size_t i = 0; i < part.len; i++) {
        if (part.at[i] != '%') {
            buffer_add_byte(out, part.at[i]);
            continue;
        }
        if (i + 2 >= part.len)
            return false;
        int high = hex_value(part.at[i + 1]), low = hex_value(part.at[i + 2]);
        if (high < 0 || low < 0)
            return false;
        buffer_add_byte(out, (char)(unsigned char)(high * 16 + low));
        i += 2;
    }
    return true;
}

/* uri = "file:" [ "//" [ "localhost" ] ] path */
bool uri_path(Arena *arena, Text uri, Text *path)
{
    const Text scheme = TEXT("file:");
    Buffer decoded = {.arena = arena};
    Text rest = text_from(uri, scheme.len);

    if (!text_equal_ignoring_case(text_slice(uri, 0, scheme.len), scheme))
        return false;
    if (text_starts_with(rest, TEXT("//"))) {
        size_t slash;

        rest = text_from(rest, 2);
        slash = text_find_byte(rest, '/');
        Text authority = text_slice(rest, 0, slash);
        if (authority.len && !text_equal_ignoring_case(authority, TEXT("localhost")))
            return false;
        rest = text_from(rest, slash);
    }
    rest = text_slice(rest, 0, text_find_byte(rest, '#'));
    rest = text_slice(rest, 0, text_find_byte(rest, '?'));
    if (!decode(rest, &decoded) || decoded.len == 0 || decoded.at[0] != '/')
        return false;
    if (!path_join(arena, TEXT(""), text_from(buffer_text(&decoded), 1), path))
        return false;
    *path = arena_format(arena, "/%.*s", TEXT_ARG(*path));
    return true;
}

static bool stands_for_itself(char byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '/' || byte == '-' ||
           byte == '.' || byte == '_' || byte == '~';
}

Text uri_of(Arena *arena, Text path)
{
    Buffer uri = {.arena = arena};

    buffer_add(&uri, TEXT("file://"));
    for (size_t i = 0; i < path.len; i++) {
        if (stands_for_itself(path.at[i]))
            buffer_add_byte(&uri, path.at[i]);
        else
            buffer_format(&uri, "%%%02X", (unsigned)(unsigned char)path.at[i]);
    }
    return buffer_text(&uri);
}
