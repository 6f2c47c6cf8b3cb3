#include "base/json_out.h"
#include "syntax/edit_parts.h"
#include "syntax/yaml_scalar.h"

/* Words that readers of YAML 1.1 take for booleans. */
static bool is_old_boolean(Text value)
{
    static const char *const words[] = {"y", "n", "yes", "no", "on", "off"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (text_equal_ignoring_case(value, text_of(words[i])))
            return true;
    }
    return false;
}

/* Whether a string may stand without quotes, in block and in flow, under any reader:
 * a letter, a digit, '_' or '/' first, and nothing that could be an indicator. */
static bool is_plain(Text value)
{
    if (value.len == 0 || yaml_scalar_kind(value) != NODE_STRING ||
        is_old_boolean(value))
        return false;
    for (size_t i = 0; i < value.len; i++) {
        char byte = value.at[i];
        bool is_word =
            byte_is_letter(byte) || byte_is_digit(byte) || byte == '_' || byte == '/';
        bool may_follow = byte == '.' || byte == '-' || byte == '+' || byte == '@' ||
                          byte == '$' || byte == '=' || byte == '~';
        bool is_colon = byte == ':' && i + 1 < value.len &&
                        (byte_is_letter(value.at[i + 1]) ||
                         byte_is_digit(value.at[i + 1]) || value.at[i + 1] == '/');

        if (!is_word && (i == 0 || (!may_follow && !is_colon)))
            return false;
    }
    /* 12:30:45 and 2026-01-02 are something else to readers of YAML 1.1. */
    return !byte_is_digit(value.at[0]) || text_find_byte(value, '/') < value.len ||
           text_find_byte(value, '.') < value.len;
}

static bool has_control(Text value)
{
    for (size_t i = 0; i < value.len; i++) {
        if ((unsigned char)value.at[i] < 0x20 || value.at[i] == 0x7F)
            return true;
    }
    return false;
}

static Text single_quoted(Arena *arena, Text value)
{
    Buffer out = {.arena = arena};

    buffer_add_byte(&out, '\'');
    for (size_t i = 0; i < value.len; i++)
        buffer_add_times(&out, value.at[i], value.at[i] == '\'' ? 2 : 1);
    buffer_add_byte(&out, '\'');
    return buffer_text(&out);
}

Text scalar_written(const EditFile *file, NodeStyle style, Text value, bool is_word)
{
    Buffer out = {.arena = file->arena};

    if (is_word)
        return value;
    if (file->is_yaml && style == STYLE_PLAIN && is_plain(value))
        return value;
    if (file->is_yaml && style == STYLE_SINGLE && !has_control(value))
        return single_quoted(file->arena, value);
    json_add_quoted(&out, value); /* its escapes are YAML's too */
    return buffer_text(&out);
}

NodeStyle list_style(const EditFile *file, NodeId list)
{
    const Node *last = tree_node(file->tree, tree_node(file->tree, list)->last);

    return last->kind == NODE_STRING ? last->style : STYLE_PLAIN;
}

Text list_written(const EditFile *file, const Group *group)
{
    Buffer out = {.arena = file->arena};

    buffer_add_byte(&out, '[');
    for (uint32_t i = 0; i < group->nvalues; i++) {
        if (i)
            buffer_add(&out, TEXT(", "));
        buffer_add(&out,
                   scalar_written(file, STYLE_PLAIN, group->values[i], group->is_word));
    }
    buffer_add_byte(&out, ']');
    return buffer_text(&out);
}

/* A null that is no byte at all stands behind its key's colon. */
static bool plan_nothing(EditFile *file, Group *group, Text text)
{
    const Node *node = tree_node(file->tree, group->node);
    uint32_t at = node->key_end ? edit_behind_colon(file, node) : EDIT_NOWHERE;

    if (at == EDIT_NOWHERE)
        return group_refuse(group, "nothing is written there to be replaced");
    Text spaced = arena_format(file->arena, " %.*s",
                               TEXT_ARG(text)); /* "key:" becomes "key: x" */
    group_add_edit(file, group, at, at, spaced);
    return true;
}

bool plan_value(EditFile *file, Group *group)
{
    const Node *node = tree_node(file->tree, group->node);
    Text text =
        group->kind == GROUP_FILL
            ? list_written(file, group)
            : scalar_written(file, node->style, group->values[0], group->is_word);

    if (node->start == node->end)
        return plan_nothing(file, group, text);
    char first = file->bytes.at[node->start];
    if (file->is_yaml && (first == '&' || first == '!'))
        return group_refuse(group, "the value has an anchor or a tag");
    if (node->style == STYLE_LITERAL || node->style == STYLE_FOLDED)
        return group_refuse(group, "the value is a block of lines");
    group_add_edit(file, group, node->start, node->end, text);
    return true;
}

bool plan_key(EditFile *file, Group *group)
{
    const Node *node = tree_node(file->tree, group->node);
    char first = file->bytes.at[node->key_start];
    NodeStyle style = first == '"'    ? STYLE_DOUBLE
                      : first == '\'' ? STYLE_SINGLE
                                      : STYLE_PLAIN;

    if (file->is_yaml && (first == '&' || first == '!' || first == '*'))
        return group_refuse(group, "the key has an anchor, a tag or is an alias");
    group_add_edit(file, group, node->key_start, node->key_end,
                   scalar_written(file, style, group->values[0], false));
    return true;
}
