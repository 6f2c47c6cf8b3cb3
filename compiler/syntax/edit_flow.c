#include "syntax/edit_parts.h"

static bool is_blank(const EditFile *file, uint32_t at)
{
    return at < file->bytes.len &&
           (file->bytes.at[at] == ' ' || file->bytes.at[at] == '\t');
}

/* The comma behind a child; EDIT_NOWHERE when there is none. */
static uint32_t comma_behind(const EditFile *file, const Node *child)
{
    uint32_t at = edit_skip(file, child->end);

    return at < file->bytes.len && file->bytes.at[at] == ',' ? at : EDIT_NOWHERE;
}

/* --- removal --- */

/* Where the group's last edits end. */
static uint32_t floor_of(const Group *group)
{
    uint32_t end = 0;

    for (uint32_t i = group->nedits < 2 ? 0 : group->nedits - 2; i < group->nedits; i++)
        end = group->edits[i].span.end > end ? group->edits[i].span.end : end;
    return end;
}

/* A child that has its lines for itself goes with them and with the comment that ends
 * them; another one with its comma and the blanks behind it, or before it when nothing
 * that stays comes behind it (`is_tail`). */
static void remove_child(EditFile *file, Group *group, const Node *child, bool is_tail)
{
    uint32_t begin = edit_begin(child), end = child->end, floor = floor_of(group);
    uint32_t comma = comma_behind(file, child);
    bool with_comma = false;

    if (comma != EDIT_NOWHERE) {
        while (is_blank(file, end))
            end++;
        with_comma = end == comma;
        end = with_comma ? comma + 1 : child->end;
        if (!with_comma) /* a comment or a line's end lies between */
            group_add_edit(file, group, comma, comma + 1, TEXT(""));
    }
    uint32_t rest = edit_rest_of_line(file, end);
    if (edit_is_indented(file, begin) && rest != EDIT_NOWHERE) {
        begin = edit_line_start(file, begin);
        end = edit_next_line(file, rest);
    } else if (with_comma && rest == EDIT_NOWHERE && !is_tail) {
        while (is_blank(file, end))
            end++;
    } else {
        while (begin > floor && is_blank(file, begin - 1))
            begin--;
    }
    group_add_edit(file, group, begin, end, TEXT(""));
}

static bool is_removed(const Group *group, uint32_t *next, NodeId child)
{
    if (*next == group->nchildren || group->children[*next].index != child.index)
        return false;
    ++*next;
    return true;
}

static NodeId last_kept(const EditFile *file, const Group *group)
{
    NodeId kept = {0};
    uint32_t next = 0;

    for (NodeId at = tree_first(file->tree, group->node); at.index;
         at = tree_next(file->tree, at)) {
        if (!is_removed(group, &next, at))
            kept = at;
    }
    return kept;
}

bool plan_flow_remove(EditFile *file, Group *group)
{
    const Node *container = tree_node(file->tree, group->node);
    NodeId kept = last_kept(file, group);

    if (!kept.index) {
        group_add_edit(file, group, container->start, container->end,
                       container->kind == NODE_ARRAY ? TEXT("[]") : TEXT("{}"));
        return true;
    }
    for (uint32_t i = 0; i < group->nchildren; i++)
        remove_child(file, group, tree_node(file->tree, group->children[i]),
                     group->children[i].index > kept.index);
    if (kept.index == container->last.index ||
        comma_behind(file, tree_node(file->tree, container->last)) != EDIT_NOWHERE)
        return true;
    uint32_t comma = comma_behind(file, tree_node(file->tree, kept));
    if (comma == EDIT_NOWHERE)
        return group_refuse(group, "a comma is missing");
    group_add_edit(file, group, comma, comma + 1, TEXT(""));
    return true;
}

/* --- addition --- */

/* Each in a line of its own, like the last child. */
static void add_in_lines(EditFile *file, Group *group, const Node *last, uint32_t comma,
                         uint32_t at, const Text *texts, uint32_t count)
{
    bool ends_with_comma = comma != EDIT_NOWHERE;
    uint32_t begin = edit_begin(last);
    Text indent = text_slice(file->bytes, edit_line_start(file, begin), begin);
    Buffer out = {.arena = file->arena};

    if (!ends_with_comma)
        group_add_edit(file, group, last->end, last->end, TEXT(","));
    for (uint32_t i = 0; i < count; i++) {
        buffer_add(&out, file->newline);
        buffer_add(&out, indent);
        buffer_add(&out, texts[i]);
        if (ends_with_comma || i + 1 < count)
            buffer_add_byte(&out, ',');
    }
    group_add_edit(file, group, at, at, buffer_text(&out));
}

bool plan_flow_add(EditFile *file, Group *group, NodeId container, const Text *texts,
                   uint32_t count)
{
    const Node *node = tree_node(file->tree, container);
    const Node *last = tree_node(file->tree, node->last);
    Buffer out = {.arena = file->arena};

    if (node->last.index) {
        uint32_t comma = comma_behind(file, last), begin = edit_begin(last);
        uint32_t at =
            edit_rest_of_line(file, comma != EDIT_NOWHERE ? comma + 1 : last->end);

        if (at != EDIT_NOWHERE && at < node->end && edit_is_indented(file, begin)) {
            add_in_lines(file, group, last, comma, at, texts, count);
            return true;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (i || node->last.index)
            buffer_add(&out, TEXT(", "));
        buffer_add(&out, texts[i]);
    }
    uint32_t at = node->last.index ? last->end : node->start + 1;
    group_add_edit(file, group, at, at, buffer_text(&out));
    return true;
}

/* --- moving --- */

bool plan_move(EditFile *file, Group *group)
{
    const Node *member = tree_node(file->tree, group->node);
    Text raw = text_slice(file->bytes, member->key_start, member->end);
    Buffer head = {.arena = file->arena};

    if (!edit_is_flow(file, tree_node(file->tree, member->parent)) ||
        (group->target.index &&
         !edit_is_flow(file, tree_node(file->tree, group->target))))
        return group_refuse(group, "only what stands in braces can be moved");
    if (group->target.index) {
        Group removal = {.kind = GROUP_REMOVE, .node = member->parent};

        removal.children = &group->node;
        removal.nchildren = 1;
        if (span_has_secret(file->sources,
                            (Span){file->file, member->key_start, member->end}))
            return group_refuse(group, "it holds a secret");
        if (!plan_flow_remove(file, &removal))
            return group_refuse(group, removal.refused);
        for (uint32_t i = 0; i < removal.nedits; i++)
            group_add_edit(file, group, removal.edits[i].span.start,
                           removal.edits[i].span.end, removal.edits[i].text);
        return plan_flow_add(file, group, group->target, &raw, 1);
    }
    buffer_add(&head, scalar_written(file, STYLE_DOUBLE, group->key, false));
    buffer_add(&head, TEXT(": {"));
    group_add_edit(file, group, member->key_start, member->key_start,
                   buffer_text(&head));
    group_add_edit(file, group, member->end, member->end, TEXT("}"));
    return true;
}
