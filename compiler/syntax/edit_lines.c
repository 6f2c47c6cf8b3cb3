#include "syntax/edit_parts.h"

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static char byte_at(const EditFile *file, size_t at)
{
    return at < file->bytes.len ? file->bytes.at[at] : '\0';
}

/* Behind a byte order mark, which is no part of the first line. */
static bool is_line_start(const EditFile *file, uint32_t at)
{
    return at == 0 || file->bytes.at[at - 1] == '\n' ||
           (at == 3 && text_starts_with(file->bytes, TEXT("\xEF\xBB\xBF")));
}

uint32_t edit_line_start(const EditFile *file, uint32_t at)
{
    while (!is_line_start(file, at))
        at--;
    return at;
}

uint32_t edit_next_line(const EditFile *file, uint32_t at)
{
    size_t end = at + text_find_byte(text_from(file->bytes, at), '\n');

    return (uint32_t)(end < file->bytes.len ? end + 1 : file->bytes.len);
}

static bool is_line_end(const EditFile *file, size_t at)
{
    return at >= file->bytes.len || file->bytes.at[at] == '\n' ||
           (file->bytes.at[at] == '\r' && byte_at(file, at + 1) == '\n');
}

/* The end of a comment that begins at `at` (behind its last byte; a line comment's is
 * its line's end), or `at` when none does.
 * comment = "#" rest of the line, behind a blank | "//" rest of the line
 *         | "/" "*" up to "*" "/" */
static size_t comment_end(const EditFile *file, size_t at)
{
    bool is_line = false;

    if (file->is_yaml)
        is_line = byte_at(file, at) == '#' &&
                  (at == 0 || is_blank(file->bytes.at[at - 1]) ||
                   file->bytes.at[at - 1] == '\n' || file->bytes.at[at - 1] == ',');
    else
        is_line = byte_at(file, at) == '/' && byte_at(file, at + 1) == '/';
    if (is_line) {
        while (!is_line_end(file, at))
            at++;
        return at;
    }
    if (file->is_yaml || byte_at(file, at) != '/' || byte_at(file, at + 1) != '*')
        return at;
    size_t end = at + 2 + text_find(text_from(file->bytes, at + 2), TEXT("*/"));
    return end < file->bytes.len ? end + 2 : file->bytes.len;
}

uint32_t edit_rest_of_line(const EditFile *file, uint32_t start)
{
    for (size_t at = start;;) {
        while (is_blank(byte_at(file, at)))
            at++;
        if (is_line_end(file, at))
            return (uint32_t)at;
        size_t end = comment_end(file, at);
        Text comment = text_slice(file->bytes, at, end);
        if (end == at || text_find_byte(comment, '\n') < comment.len)
            return EDIT_NOWHERE;
        at = end;
    }
}

bool edit_is_indented(const EditFile *file, uint32_t at)
{
    while (!is_line_start(file, at)) {
        if (!is_blank(file->bytes.at[at - 1]))
            return false;
        at--;
    }
    return true;
}

uint32_t edit_skip(const EditFile *file, uint32_t start)
{
    for (size_t at = start;;) {
        while (at < file->bytes.len &&
               (is_blank(file->bytes.at[at]) || file->bytes.at[at] == '\n' ||
                file->bytes.at[at] == '\r'))
            at++;
        size_t end = comment_end(file, at);
        if (end == at)
            return (uint32_t)at;
        at = end;
    }
}

uint32_t edit_behind_colon(const EditFile *file, const Node *member)
{
    uint32_t at = edit_skip(file, member->key_end);

    return byte_at(file, at) == ':' ? at + 1 : EDIT_NOWHERE;
}

bool edit_is_flow(const EditFile *file, const Node *container)
{
    char open = byte_at(file, container->start);

    return !file->is_yaml || open == '[' || open == '{';
}

uint32_t edit_begin(const Node *child)
{
    return child->key_end ? child->key_start : child->start;
}
