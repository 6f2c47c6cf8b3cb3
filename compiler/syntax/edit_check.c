#include "syntax/edit_parts.h"
#include "syntax/yaml_scalar.h"

/* What the groups make of each node: a tree written out as it is meant to read. */
typedef struct Meaning {
    const Tree *tree;
    Text bytes; /* of the tree's file */
    const Group *groups;
    uint32_t
        *removed; /* by node: a group's number + 1 that removes it; NULL: none does */
    uint32_t *changed; /* by node: the group that replaces or adds there */
    Buffer *out;
} Meaning;

/* A length before each text keeps ("a", "bc") from ("ab", "c"). */
static void add_text(Buffer *out, char mark, Text text)
{
    buffer_add_byte(out, mark);
    buffer_format(out, "%zu:", text.len);
    buffer_add(out, text);
}

static void add_scalar(Buffer *out, NodeKind kind, Text text)
{
    buffer_format(out, "%d", (int)kind);
    add_text(out, '=', kind == NODE_NULL ? TEXT("") : text);
}

static void add_value(const Meaning *meaning, const Group *group, Text value)
{
    add_scalar(meaning->out, group->is_word ? yaml_scalar_kind(value) : NODE_STRING,
               value);
}

static void add_values(const Meaning *meaning, const Group *group)
{
    for (uint32_t i = 0; i < group->nvalues; i++)
        add_value(meaning, group, group->values[i]);
}

static void add_list(const Meaning *meaning, const Group *group)
{
    buffer_add_byte(meaning->out, '[');
    add_values(meaning, group);
    buffer_add_byte(meaning->out, ']');
}

static const Group *group_at(const Meaning *meaning, const uint32_t *groups, NodeId id)
{
    return groups && groups[id.index] ? &meaning->groups[groups[id.index] - 1] : NULL;
}

static bool is_container(const Node *node)
{
    return node->kind == NODE_OBJECT || node->kind == NODE_ARRAY;
}

static void add_key(const Meaning *meaning, NodeId id, const Group *changed)
{
    const Node *node = tree_node(meaning->tree, id);
    const Node *parent = tree_node(meaning->tree, node->parent);
    bool is_renamed = changed && changed->kind == GROUP_KEY;

    if (parent->kind == NODE_OBJECT)
        add_text(meaning->out, node->is_merge ? '<' : '.',
                 is_renamed ? changed->values[0] : node->key);
}

/* Opens a container, or writes a scalar. */
static void open_node(const Meaning *meaning, NodeId id)
{
    const Node *node = tree_node(meaning->tree, id);
    const Group *changed = group_at(meaning, meaning->changed, id);

    add_key(meaning, id, changed);
    if (changed && changed->kind == GROUP_VALUE) {
        add_value(meaning, changed, changed->values[0]);
        return;
    }
    if (changed && changed->kind == GROUP_FILL) {
        add_list(meaning, changed);
        return;
    }
    if (node->tag.len)
        add_text(meaning->out, '!', node->tag);
    if (node->kind == NODE_ALIAS) {
        add_text(meaning->out, '*', text_slice(meaning->bytes, node->start, node->end));
        return;
    }
    if (is_container(node))
        buffer_add_byte(meaning->out, node->kind == NODE_OBJECT ? '{' : '[');
    else
        add_scalar(meaning->out, node->kind, node->text);
}

static void walk(const Meaning *meaning, NodeId root);

/* What is added behind the last child, and the closing bracket. */
static void close_node(const Meaning *meaning, NodeId id)
{
    const Node *node = tree_node(meaning->tree, id);
    const Group *added = group_at(meaning, meaning->changed, id);

    if (!is_container(node))
        return;
    if (added && added->kind == GROUP_ITEMS)
        add_values(meaning, added);
    if (added && (added->kind == GROUP_LIST || added->kind == GROUP_MEMBER)) {
        add_text(meaning->out, '.', added->key);
        if (added->kind == GROUP_LIST)
            add_list(meaning, added);
        else
            add_value(meaning, added, added->values[0]);
    }
    if (added && added->kind == GROUP_MOVE && added->target.index == id.index) {
        Meaning moved = *meaning;

        /* One level: what is moved is itself not changed by another group. */
        moved.removed = moved.changed = NULL;
        walk(&moved, added->node);
    }
    buffer_add_byte(meaning->out, node->kind == NODE_OBJECT ? '}' : ']');
}

/* A member that moves into a mapping that is made for it. */
static const Group *wrapper_of(const Meaning *meaning, NodeId id)
{
    const Group *group = group_at(meaning, meaning->changed, id);

    return group && group->kind == GROUP_MOVE && !group->target.index &&
                   group->node.index == id.index
               ? group
               : NULL;
}

static void enter(const Meaning *meaning, NodeId id)
{
    const Group *wrapper = wrapper_of(meaning, id);

    if (wrapper) {
        add_text(meaning->out, '.', wrapper->key);
        buffer_add_byte(meaning->out, '{');
    }
    open_node(meaning, id);
}

static void leave(const Meaning *meaning, NodeId id)
{
    close_node(meaning, id);
    if (wrapper_of(meaning, id))
        buffer_add_byte(meaning->out, '}');
}

/* Each node in its order, without the C stack. */
static void walk(const Meaning *meaning, NodeId root)
{
    NodeId at = root;

    for (;;) {
        bool is_removed = group_at(meaning, meaning->removed, at) != NULL;
        NodeId first = tree_node(meaning->tree, at)->first;
        const Group *changed = group_at(meaning, meaning->changed, at);
        bool is_filled = changed && changed->kind == GROUP_FILL;

        if (!is_removed)
            enter(meaning, at);
        if (!is_removed && !is_filled && first.index) {
            at = first;
            continue;
        }
        if (!is_removed)
            leave(meaning, at);
        while (at.index != root.index && !tree_node(meaning->tree, at)->next.index) {
            at = tree_node(meaning->tree, at)->parent;
            leave(meaning, at);
        }
        if (at.index == root.index)
            return;
        at = tree_node(meaning->tree, at)->next;
    }
}

static void walk_documents(const Meaning *meaning)
{
    for (NodeId at = meaning->tree->root; at.index; at = tree_next(meaning->tree, at)) {
        walk(meaning, at);
        buffer_add_byte(meaning->out, '\n');
    }
}

static void note_group(const Meaning *meaning, uint32_t number)
{
    const Group *group = &meaning->groups[number];

    if (group->kind == GROUP_REMOVE) {
        for (uint32_t i = 0; i < group->nchildren; i++)
            meaning->removed[group->children[i].index] = number + 1;
    } else if (group->kind == GROUP_MOVE && group->target.index) {
        meaning->removed[group->node.index] = number + 1;
        meaning->changed[group->target.index] = number + 1;
    } else {
        meaning->changed[group->node.index] = number + 1;
    }
}

bool edit_is_as_meant(EditFile *file, const Group *groups, uint32_t count, Text after)
{
    Arena *scratch = file->scratch;
    Buffer meant = {.arena = scratch}, is = {.arena = scratch};
    Sources *sources = sources_new(scratch);
    Diags *diags = diags_new(scratch);
    uint32_t read = sources_add(sources, source_path(file->sources, file->file), after);
    const Tree *tree = file->is_yaml ? yaml_read(scratch, sources, read, diags)
                                     : jsonc_read(scratch, sources, read, diags);
    Meaning before = {.tree = file->tree,
                      .bytes = file->bytes,
                      .groups = groups,
                      .removed = ARENA_ARRAY(scratch, file->tree->count, uint32_t),
                      .changed = ARENA_ARRAY(scratch, file->tree->count, uint32_t),
                      .out = &meant};
    Meaning now = {.tree = tree, .bytes = after, .out = &is};
    bool is_right = true;

    for (uint32_t i = 0; i < count; i++) {
        if (!groups[i].refused)
            note_group(&before, i);
    }
    for (uint32_t i = 0; i < diags->count; i++)
        is_right &= !text_equal(text_of(diags->items[i].rule), TEXT("input/syntax"));
    walk_documents(&before);
    walk_documents(&now);
    is_right &= text_equal(buffer_text(&meant), buffer_text(&is));
    return is_right;
}
