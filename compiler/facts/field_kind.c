#include "facts/field_kind.h"

#include "base/day.h"
#include "base/files.h"
#include "base/server_key.h"

enum {
    OWNER_BYTES = 100, /* GitHub allows 39; some old ones are longer */
    REPOSITORY_NAME_BYTES = 100
};

static bool has_only(Text text, const char *others)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];

        if (!byte_is_letter(byte) && !byte_is_digit(byte) &&
            text_find_byte(text_of(others), byte) == text_of(others).len)
            return false;
    }
    return text.len > 0;
}

/* Letters, digits and hyphens; enterprise-managed users have an underscore. */
static bool is_owner(Text text)
{
    return text.len <= OWNER_BYTES && has_only(text, "-_") && text.at[0] != '-';
}

static bool is_repository_name(Text text)
{
    return text.len <= REPOSITORY_NAME_BYTES && has_only(text, "-_.") &&
           !text_equal(text, TEXT(".")) && !text_equal(text, TEXT(".."));
}

static bool is_repository(Text text)
{
    size_t slash = text_find_byte(text, '/');

    return slash < text.len && is_owner(text_slice(text, 0, slash)) &&
           is_repository_name(text_from(text, slash + 1));
}

/* Parts between '/', each of letters, digits and the marks that may stand in one. */
static bool is_path_of_names(Text text, const char *marks)
{
    Text part;

    for (bool done = false; text_next_part(&text, '/', &part, &done);) {
        if (!has_only(part, marks))
            return false;
    }
    return true;
}

static bool is_package(Text text)
{
    size_t slash = text_find_byte(text, '/');

    return text.len <= 255 && slash < text.len &&
           is_owner(text_slice(text, 0, slash)) &&
           is_path_of_names(text_from(text, slash + 1), "-_.");
}

static bool is_host(Arena *arena, Text text)
{
    ServerKey key = {0};
    Text problem;

    return server_key_read(arena, text, &key, &problem) &&
           (key.problem.len == 0 || text_equal(key.problem, TEXT("upper-case")) ||
            text_equal_ignoring_case(text, TEXT("docker.io")));
}

static bool is_image(Arena *arena, Text text)
{
    size_t slash = text_find_byte(text, '/');

    return is_host(arena, text_slice(text, 0, slash)) &&
           (slash == text.len || is_path_of_names(text_from(text, slash + 1), "-_."));
}

static bool is_rule(Text text)
{
    size_t slash = text_find_byte(text, '/');

    for (size_t i = 0; i < text.len; i++) {
        if (byte_is_upper(text.at[i]))
            return false;
    }
    return slash < text.len && has_only(text_slice(text, 0, slash), "-") &&
           has_only(text_from(text, slash + 1), "-");
}

bool field_kind_fits(Arena *arena, FieldKind kind, Text text)
{
    Text path;
    uint32_t day;

    switch (kind) {
    case FIELD_TEXT:
        return text.len > 0;
    case FIELD_BOOLEAN:
        return text_equal_ignoring_case(text, TEXT("true")) ||
               text_equal_ignoring_case(text, TEXT("false"));
    case FIELD_OWNER:
        return is_owner(text);
    case FIELD_REPOSITORY:
        return is_repository(text);
    case FIELD_PACKAGE:
        return is_package(text);
    case FIELD_HOST:
        return is_host(arena, text);
    case FIELD_IMAGE:
        return is_image(arena, text);
    case FIELD_PATH:
        return text.len > 0 && path_join(arena, TEXT(""), text, &path);
    case FIELD_TIME:
        return day_read_time(text, &day);
    case FIELD_DATE:
        return day_read(text, &day);
    case FIELD_RULE:
        return is_rule(text);
    case FIELD_WORD:
    case FIELD_ENTRIES:
    case FIELD_MAP:
        break;
    }
    return false;
}

const char *field_kind_expects(FieldKind kind, bool several)
{
    switch (kind) {
    case FIELD_TEXT:
        return several ? "texts" : "a text";
    case FIELD_BOOLEAN:
        return "true, false";
    case FIELD_OWNER:
        return "an account's name";
    case FIELD_REPOSITORY:
        return several ? "repositories as owner/name" : "a repository as owner/name";
    case FIELD_PACKAGE:
        return "a package as owner/name, without its host";
    case FIELD_HOST:
        return "a host as image references name it";
    case FIELD_IMAGE:
        return "a host as image references name it, with a path if need be";
    case FIELD_PATH:
        return several ? "relative paths" : "a relative path that stays inside";
    case FIELD_TIME:
        return "a time as 2026-01-02T03:04:05Z";
    case FIELD_DATE:
        return "a date as 2027-01-31";
    case FIELD_RULE:
        return "a rule's id as category/name";
    case FIELD_ENTRIES:
        return several ? "entries" : "a mapping";
    case FIELD_MAP:
        return "a mapping";
    case FIELD_WORD:
        break;
    }
    return "";
}

const char *node_kind_says(NodeKind kind)
{
    switch (kind) {
    case NODE_BOOLEAN:
        return "a boolean";
    case NODE_NUMBER:
        return "a number";
    case NODE_STRING:
        return "a text";
    case NODE_ARRAY:
        return "a list";
    case NODE_OBJECT:
        return "a mapping";
    case NODE_NONE:
    case NODE_NULL:
    case NODE_ALIAS:
        break;
    }
    return "nothing";
}
