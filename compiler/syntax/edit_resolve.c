#include "syntax/edit_parts.h"

/* --- places --- */

/* The first node that starts at or behind `start`: nodes stand in the file's order. */
static uint32_t first_from(const Tree *tree, uint32_t start)
{
    uint32_t low = 1, high = tree->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (tree->nodes[middle].start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The node whose value, key or both are the span; a member before the mapping that holds
 * it alone. */
static NodeId find_node(const Tree *tree, Span span, bool *is_key)
{
    NodeId found = {0};

    *is_key = false;
    for (uint32_t i = first_from(tree, span.start); i < tree->count; i++) {
        const Node *node = &tree->nodes[i];

        if (node->start == span.start && node->end == span.end)
            found.index = i;
        if (node->key_end && node->key_start == span.start &&
            (node->key_end == span.end || node->end == span.end)) {
            *is_key = node->key_end == span.end;
            return (NodeId){i};
        }
        if (edit_begin(node) > span.start)
            break;
    }
    return found;
}

static bool is_repeated(const EditFile *file, NodeId id)
{
    for (; id.index; id = tree_node(file->tree, id)->parent) {
        if (file->targets[id.index + 1] > file->targets[id.index])
            return true;
    }
    return false;
}

/* Whether an alias repeats something of what the child holds. */
static bool holds_target(const EditFile *file, NodeId id)
{
    const Node *child = tree_node(file->tree, id);
    uint32_t from = first_from(file->tree, edit_begin(child));
    uint32_t until = first_from(file->tree, child->end);

    return file->targets[until > id.index ? until : id.index + 1] >
           file->targets[from < id.index ? from : id.index];
}

static bool has_merge(const EditFile *file, NodeId object)
{
    for (NodeId at = tree_first(file->tree, object); at.index;
         at = tree_next(file->tree, at)) {
        if (tree_node(file->tree, at)->is_merge)
            return true;
    }
    return false;
}

/* The member of the mapping itself, not of one that it merges; the last one counts. */
static NodeId find_member(const EditFile *file, NodeId object, Text key)
{
    NodeId found = {0};

    for (NodeId at = tree_node(file->tree, object)->first; at.index;
         at = tree_next(file->tree, at)) {
        const Node *member = tree_node(file->tree, at);

        if (!member->is_merge && text_equal(member->key, key))
            found = at;
    }
    return found;
}

/* --- what a change is --- */

bool change_refuse(Change *change, const char *why)
{
    change->refused = why;
    return false;
}

static bool is_scalar(const Node *node)
{
    return node->kind == NODE_STRING || node->kind == NODE_NUMBER ||
           node->kind == NODE_BOOLEAN || node->kind == NODE_NULL;
}

/* Where an edit would lie behind a tag or an anchor. */
static bool is_marked(const EditFile *file, NodeId container)
{
    char first = file->bytes.at[tree_node(file->tree, container)->start];

    return file->is_yaml && (first == '&' || first == '!');
}

static bool resolve_replace(const EditFile *file, Change *change, NodeId node,
                            bool is_key, Group *group)
{
    const Node *found = tree_node(file->tree, node);

    *group = (Group){.kind = is_key ? GROUP_KEY : GROUP_VALUE, .node = node};
    group->is_word = change->is_word;
    if (is_key)
        return !find_member(file, found->parent, change->value).index ||
               change_refuse(change, "the mapping has that key already");
    if (!is_scalar(found))
        return change_refuse(change, "it is no single value");
    if (text_equal(found->text, change->value))
        return change_refuse(change, "it is so already");
    return true;
}

static bool resolve_remove(const EditFile *file, Change *change, NodeId node,
                           Group *group)
{
    NodeId parent = tree_node(file->tree, node)->parent;

    *group = (Group){.kind = GROUP_REMOVE, .node = parent};
    if (!parent.index)
        return change_refuse(change, "it is all of the file");
    if (holds_target(file, node))
        return change_refuse(change, "an alias repeats it elsewhere");
    if (tree_node(file->tree, parent)->kind == NODE_OBJECT && has_merge(file, parent))
        return change_refuse(change, "the mapping merges another one");
    return !is_marked(file, parent) ||
           change_refuse(change, "what holds it has an anchor or a tag");
}

static bool resolve_move(const EditFile *file, Change *change, NodeId node,
                         Group *group)
{
    NodeId parent = tree_node(file->tree, node)->parent, target;

    *group = (Group){.kind = GROUP_MOVE, .node = node, .key = change->key};
    if (tree_node(file->tree, parent)->kind != NODE_OBJECT)
        return change_refuse(change, "it is no member of a mapping");
    target = group->target = find_member(file, parent, change->key);
    if (holds_target(file, node) || is_repeated(file, target))
        return change_refuse(change, "an alias repeats it elsewhere");
    if (target.index && tree_node(file->tree, target)->kind != NODE_OBJECT)
        return change_refuse(change, "what it belongs into is no mapping");
    return !find_member(file, target, tree_node(file->tree, node)->key).index ||
           change_refuse(change, "what it belongs into has that key already");
}

/* The list, or the value, of a key in the mapping that encloses the node. */
static bool resolve_member(const EditFile *file, Change *change, NodeId node,
                           Group *group)
{
    bool is_list = change->kind == CHANGE_APPEND;
    const Tree *tree = file->tree;

    while (node.index && tree_node(tree, node)->kind != NODE_OBJECT)
        node = tree_node(tree, node)->parent;
    if (!node.index)
        return change_refuse(change, "no mapping encloses it");
    NodeId member = find_member(file, node, change->key);
    const Node *found = tree_node(tree, member);
    *group = (Group){.node = member, .key = change->key, .is_word = change->is_word};
    if (!member.index) {
        group->kind = is_list ? GROUP_LIST : GROUP_MEMBER;
        group->node = node;
        if (has_merge(file, node))
            return change_refuse(change, "the mapping merges another one");
        return !is_marked(file, node) ||
               change_refuse(change, "the mapping has an anchor or a tag");
    }
    if (found->kind == NODE_ALIAS)
        return change_refuse(change, "its value is an alias");
    if (!is_list)
        return resolve_replace(file, change, member, false, group);
    group->kind = found->kind == NODE_NULL ? GROUP_FILL : GROUP_ITEMS;
    if (found->kind != NODE_NULL && found->kind != NODE_ARRAY)
        return change_refuse(change, "its value is no list");
    for (NodeId at = tree_first(tree, member); at.index; at = tree_next(tree, at)) {
        if (text_equal(tree_scalar(tree, at), change->value))
            return change_refuse(change, "it is there already");
    }
    return found->kind == NODE_NULL || !is_marked(file, member) ||
           change_refuse(change, "the list has an anchor or a tag");
}

static bool is_one_line(Text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7F)
            return false;
    }
    return true;
}

bool change_resolve(const EditFile *file, Change *change, NodeId *node, Group *group)
{
    bool is_key, is_right = false;

    change->refused = file->refused;
    if (change->refused)
        return false;
    *node = find_node(file->tree, change->at, &is_key);
    if (!node->index)
        return change_refuse(change, "nothing that can be edited stands there");
    if (!is_one_line(change->value) || !is_one_line(change->key))
        return change_refuse(change, "the new value would need several lines");
    if (change->kind == CHANGE_REPLACE && span_has_secret(file->sources, change->at))
        return change_refuse(change, "it holds a secret");
    switch (change->kind) {
    case CHANGE_REPLACE:
        is_right = resolve_replace(file, change, *node, is_key, group);
        break;
    case CHANGE_REMOVE:
        is_right = resolve_remove(file, change, *node, group);
        break;
    case CHANGE_APPEND:
    case CHANGE_SET:
        is_right = resolve_member(file, change, *node, group);
        break;
    case CHANGE_MOVE:
        is_right = resolve_move(file, change, *node, group);
        break;
    }
    return is_right && (!is_repeated(file, group->node) ||
                        change_refuse(change, "an alias repeats it elsewhere"));
}
