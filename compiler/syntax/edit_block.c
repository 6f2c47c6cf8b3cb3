#include "syntax/edit_parts.h"

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* The "-" before an item; EDIT_NOWHERE when it does not stand in the same line. */
static uint32_t dash_before(const EditFile *file, uint32_t at)
{
    while (at > 0 && is_blank(file->bytes.at[at - 1]))
        at--;
    return at > 0 && file->bytes.at[at - 1] == '-' ? at - 1 : EDIT_NOWHERE;
}

/* Where the line of an item or a member begins to be its own: the dash, or the key. */
static uint32_t mark_of(const EditFile *file, const Node *child)
{
    return child->key_end ? child->key_start : dash_before(file, child->start);
}

/* Removes whole lines, with the comment that ends the last of them. */
static bool remove_lines(EditFile *file, Group *group, uint32_t mark, uint32_t last)
{
    uint32_t end = edit_rest_of_line(file, last);

    if (end == EDIT_NOWHERE)
        return group_refuse(group, "something else stands in its last line");
    uint32_t start = edit_line_start(file, mark);
    end = edit_next_line(file, end);
    /* The last line has no line end of its own: the one before it goes. */
    if (end == file->bytes.len && file->bytes.at[end - 1] != '\n' && start > 0 &&
        file->bytes.at[start - 1] == '\n')
        start -= start > 1 && file->bytes.at[start - 2] == '\r' ? 2 : 1;
    group_add_edit(file, group, start, end, TEXT(""));
    return true;
}

/* "- name: x" LF "  value: y": the first member shares its line with the dash, and the
 * second takes its place. */
static bool remove_first(EditFile *file, Group *group, const Node *child)
{
    const Node *next = tree_node(file->tree, child->next);
    bool next_stays =
        child->next.index &&
        (group->nchildren == 1 || group->children[1].index != child->next.index);
    uint32_t end = edit_rest_of_line(file, child->end);

    if (!next_stays || end == EDIT_NOWHERE ||
        dash_before(file, child->key_start) == EDIT_NOWHERE)
        return group_refuse(group, "it shares its line with something else");
    if (!edit_is_indented(file, next->key_start) ||
        edit_next_line(file, end) != edit_line_start(file, next->key_start))
        return group_refuse(group, "comments stand between it and what follows");
    group_add_edit(file, group, child->key_start, next->key_start, TEXT(""));
    return true;
}

/* All of it goes: "key:" becomes "key: []". */
static bool write_empty(EditFile *file, Group *group, const Node *container)
{
    uint32_t at =
        container->key_end ? edit_behind_colon(file, container) : EDIT_NOWHERE;

    if (at == EDIT_NOWHERE || edit_rest_of_line(file, at) == EDIT_NOWHERE)
        return group_refuse(group, "nothing would be left of what holds it");
    group_add_edit(file, group, at, at,
                   container->kind == NODE_ARRAY ? TEXT(" []") : TEXT(" {}"));
    return true;
}

bool plan_block_remove(EditFile *file, Group *group)
{
    const Node *container = tree_node(file->tree, group->node);

    if (group->nchildren == container->count && !write_empty(file, group, container))
        return false;
    for (uint32_t i = 0; i < group->nchildren; i++) {
        const Node *child = tree_node(file->tree, group->children[i]);
        uint32_t mark = mark_of(file, child);

        if (mark == EDIT_NOWHERE)
            return group_refuse(group, "its '-' does not stand in its line");
        if (edit_is_indented(file, mark)) {
            if (!remove_lines(file, group, mark, child->end))
                return false;
        } else if (!child->key_end || i > 0 ||
                   container->first.index != group->children[0].index) {
            return group_refuse(group, "it shares its line with something else");
        } else if (!remove_first(file, group, child)) {
            return false;
        }
    }
    return true;
}

/* The column of a mark as blanks: what stands before it may be the "-" of the item that
 * it is in. */
static bool indent_of(EditFile *file, Group *group, uint32_t mark, Text *indent)
{
    uint32_t start = mark;
    Buffer out = {.arena = file->arena};

    while (start > 0 &&
           (is_blank(file->bytes.at[start - 1]) || file->bytes.at[start - 1] == '-'))
        start--;
    if (start != edit_line_start(file, start))
        return group_refuse(group, "it shares its line with something else");
    for (uint32_t i = start; i < mark; i++)
        buffer_add_byte(&out, file->bytes.at[i] == '-' ? ' ' : file->bytes.at[i]);
    *indent = buffer_text(&out);
    return true;
}

bool plan_block_add(EditFile *file, Group *group, NodeId container, const Text *texts,
                    uint32_t count)
{
    const Node *node = tree_node(file->tree, container);
    const Node *last = tree_node(file->tree, node->last);
    uint32_t mark = mark_of(file, last);
    Buffer out = {.arena = file->arena};
    Text indent;

    if (mark == EDIT_NOWHERE)
        return group_refuse(group, "the last item's '-' does not stand in its line");
    if (!indent_of(file, group, mark, &indent))
        return false;
    uint32_t at = edit_rest_of_line(file, last->end);
    if (at == EDIT_NOWHERE)
        return group_refuse(group, "something else stands in the last line");
    for (uint32_t i = 0; i < count; i++) {
        buffer_add(&out, file->newline);
        buffer_add(&out, indent);
        if (node->kind == NODE_ARRAY)
            buffer_add(&out, TEXT("- "));
        buffer_add(&out, texts[i]);
    }
    group_add_edit(file, group, at, at, buffer_text(&out));
    return true;
}
