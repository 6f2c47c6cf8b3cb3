#include "syntax/tree.h"

#include <assert.h>
#include <stdlib.h>

#include "base/json_out.h"

const Node *tree_node(const Tree *tree, NodeId id)
{
    assert(id.index < tree->count);
    return &tree->nodes[id.index];
}

Span tree_span(const Tree *tree, NodeId id)
{
    const Node *node = tree_node(tree, id);

    return (Span){id.index ? tree->file : 0, node->start, node->end};
}

Span tree_key_span(const Tree *tree, NodeId id)
{
    const Node *node = tree_node(tree, id);

    return (Span){id.index ? tree->file : 0, node->key_start, node->key_end};
}

Span tree_member_span(const Tree *tree, NodeId id)
{
    const Node *node = tree_node(tree, id);

    if (node->key_end == 0)
        return tree_span(tree, id);
    return (Span){tree->file, node->key_start, node->end};
}

NodeId tree_resolve(const Tree *tree, NodeId id)
{
    const Node *node = tree_node(tree, id);

    return node->kind == NODE_ALIAS ? node->target : id;
}

NodeKind tree_kind(const Tree *tree, NodeId id)
{
    return tree_node(tree, tree_resolve(tree, id))->kind;
}

static NodeId find_own(const Tree *tree, NodeId object, Text key)
{
    NodeId found = {0};

    for (NodeId at = tree_node(tree, object)->first; at.index;
         at = tree_node(tree, at)->next) {
        const Node *member = tree_node(tree, at);

        if (!member->is_merge && text_equal(member->key, key))
            found = at;
    }
    return found;
}

enum {
    MERGE_STEPS = 4096
}; /* maps looked into for one key: what bounds an alias bomb */

static NodeId find_merged(const Tree *tree, NodeId object, Text key, uint32_t *steps);

static NodeId find_in(const Tree *tree, NodeId object, Text key, uint32_t *steps)
{
    object = tree_resolve(tree, object);
    if (tree_node(tree, object)->kind != NODE_OBJECT || ++*steps > MERGE_STEPS)
        return (NodeId){0};
    NodeId found = find_own(tree, object, key);

    return found.index ? found : find_merged(tree, object, key, steps);
}

/* Aliases lead to earlier nodes only, so this ends; the depth is the tree's own. */
static NodeId find_merged(const Tree *tree, NodeId object, Text key, uint32_t *steps)
{
    for (NodeId at = tree_node(tree, object)->first; at.index;
         at = tree_node(tree, at)->next) {
        if (!tree_node(tree, at)->is_merge)
            continue;
        NodeId merged = tree_resolve(tree, at);
        NodeId found = {0};

        if (tree_node(tree, merged)->kind == NODE_OBJECT)
            found = find_in(tree, merged, key, steps);
        for (NodeId item = tree_first(tree, merged); item.index && !found.index;
             item = tree_next(tree, item))
            found = find_in(tree, item, key, steps);
        if (found.index)
            return found;
    }
    return (NodeId){0};
}

NodeId tree_find(const Tree *tree, NodeId object, Text key)
{
    uint32_t steps = 0;

    return tree_resolve(tree, find_in(tree, object, key, &steps));
}

NodeId tree_find_path(const Tree *tree, NodeId object, const char *const *path)
{
    for (; *path && object.index; path++)
        object = tree_find(tree, object, text_of(*path));
    return object;
}

NodeId tree_first(const Tree *tree, NodeId container)
{
    const Node *node = tree_node(tree, tree_resolve(tree, container));

    if (node->kind != NODE_ARRAY && node->kind != NODE_OBJECT)
        return (NodeId){0};
    return node->first;
}

NodeId tree_next(const Tree *tree, NodeId child)
{
    return tree_node(tree, child)->next;
}

bool tree_is_string(const Tree *tree, NodeId id)
{
    return tree_kind(tree, id) == NODE_STRING;
}

Text tree_string(const Tree *tree, NodeId id)
{
    const Node *node = tree_node(tree, tree_resolve(tree, id));

    return node->kind == NODE_STRING ? node->text : (Text){0};
}

Text tree_scalar(const Tree *tree, NodeId id)
{
    const Node *node = tree_node(tree, tree_resolve(tree, id));

    switch (node->kind) {
    case NODE_BOOLEAN:
    case NODE_NUMBER:
    case NODE_STRING:
        return node->text;
    case NODE_NONE:
    case NODE_NULL:
    case NODE_ARRAY:
    case NODE_OBJECT:
    case NODE_ALIAS:
        break;
    }
    return (Text){0};
}

bool tree_boolean(const Tree *tree, NodeId id, bool *value)
{
    const Node *node = tree_node(tree, tree_resolve(tree, id));

    if (node->kind != NODE_BOOLEAN)
        return false;
    *value = text_equal_ignoring_case(node->text, TEXT("true"));
    return true;
}

Tree *tree_new(Arena *arena, uint32_t file, size_t bytes)
{
    enum { BYTES_PER_NODE = 16, NODES_MIN = 16, NODES_MAX = 1 << 16 };
    Tree *tree = ARENA_NEW(arena, Tree);
    size_t nodes = bytes / BYTES_PER_NODE + NODES_MIN;

    tree->file = file;
    tree->capacity = nodes < NODES_MAX ? (uint32_t)nodes : NODES_MAX;
    tree->nodes = ARENA_ARRAY(arena, tree->capacity, Node);
    tree->count = 1; /* nodes[0] is "none" */
    return tree;
}

NodeId tree_add(Tree *tree, Arena *arena, NodeId parent, Node node)
{
    ARRAY_GROW(arena, tree->nodes, tree->count, tree->capacity);
    NodeId id = {tree->count++};

    node.parent = parent;
    tree->nodes[id.index] = node;
    if (parent.index) {
        Node *above = &tree->nodes[parent.index];

        if (above->last.index)
            tree->nodes[above->last.index].next = id;
        else
            above->first = id;
        above->last = id;
        above->count++;
    }
    return id;
}

static int by_key(const void *left, const void *right)
{
    const Node *one = *(const Node *const *)left, *other = *(const Node *const *)right;
    int order = text_compare(one->key, other->key);

    return order ? order
                 : (one->key_start > other->key_start) -
                       (one->key_start < other->key_start);
}

static bool are_few_and_different(const Tree *tree, NodeId object)
{
    if (tree_node(tree, object)->count > 16)
        return false;
    for (NodeId at = tree_node(tree, object)->first; at.index;
         at = tree_next(tree, at)) {
        for (NodeId behind = tree_next(tree, at); behind.index;
             behind = tree_next(tree, behind)) {
            if (text_equal(tree_node(tree, at)->key, tree_node(tree, behind)->key))
                return false;
        }
    }
    return true;
}

void tree_report_duplicates(const Tree *tree, Arena *arena, NodeId object, Diags *diags)
{
    uint32_t count = tree_node(tree, object)->count, i = 0;

    if (are_few_and_different(tree, object))
        return;
    const Node **members = ARENA_ARRAY(arena, count, const Node *);
    for (NodeId at = tree_node(tree, object)->first; at.index; at = tree_next(tree, at))
        members[i++] = tree_node(tree, at);
    qsort(members, count, sizeof(const Node *), by_key);
    for (i = 1; i < count; i++) {
        const Node *first = members[i - 1], *again = members[i];

        if (!text_equal(first->key, again->key) || again->is_merge)
            continue;
        Diag *diag = diag_add(diags, "input/duplicate-key",
                              (Span){tree->file, again->key_start, again->key_end},
                              "the key '%.*s' stands twice; the last one counts",
                              TEXT_ARG(again->key));
        diag->related = (Span){tree->file, first->key_start, first->key_end};
        diag->related_says = TEXT("before, with a value that is not used");
    }
}

static const char *kind_name(NodeKind kind)
{
    switch (kind) {
    case NODE_NONE:
        return "none";
    case NODE_NULL:
        return "null";
    case NODE_BOOLEAN:
        return "boolean";
    case NODE_NUMBER:
        return "number";
    case NODE_STRING:
        return "string";
    case NODE_ARRAY:
        return "array";
    case NODE_OBJECT:
        return "object";
    case NODE_ALIAS:
        return "alias";
    }
    return "";
}

static void dump_place(Sources *sources, Span span, Buffer *out)
{
    Place start = source_place(sources, span.file, span.start);
    Place end = source_place(sources, span.file, span.end);

    buffer_format(out, " %u:%u-%u:%u", start.line, start.column, end.line, end.column);
}

/* node = indent ["key" place] "(" kind place [text] ")" */
static void dump_node(const Tree *tree, Sources *sources, NodeId id, uint32_t depth,
                      Buffer *out)
{
    const Node *node = tree_node(tree, id);
    bool secret = span_has_secret(sources, tree_span(tree, id));

    buffer_add_times(out, ' ', (size_t)depth * 2);
    if (node->key_end) {
        json_add_quoted(out, node->key);
        dump_place(sources, tree_key_span(tree, id), out);
        buffer_add_byte(out, ' ');
    }
    buffer_format(out, "(%s", kind_name(node->kind));
    dump_place(sources, tree_span(tree, id), out);
    if (node->tag.len)
        buffer_format(out, " %.*s", TEXT_ARG(node->tag));
    if (node->kind == NODE_ALIAS)
        buffer_format(out, " -> node %u", node->target.index);
    if (node->kind == NODE_STRING || node->kind == NODE_NUMBER ||
        node->kind == NODE_BOOLEAN) {
        buffer_add_byte(out, ' ');
        if (secret)
            buffer_add(out, TEXT("•••"));
        else
            json_add_quoted(out, node->text);
    }
    buffer_add(out, TEXT(")\n"));
}

void tree_dump(const Tree *tree, Sources *sources, Buffer *out)
{
    if (tree->count == 0)
        return;
    for (NodeId at = tree->root; at.index;) {
        uint32_t depth = 0;

        for (NodeId up = tree_node(tree, at)->parent; up.index;
             up = tree_node(tree, up)->parent)
            depth++;
        dump_node(tree, sources, at, depth, out);
        const Node *node = tree_node(tree, at);
        if (node->first.index) {
            at = node->first;
            continue;
        }
        while (at.index && !tree_node(tree, at)->next.index)
            at = tree_node(tree, at)->parent;
        if (at.index)
            at = tree_node(tree, at)->next;
    }
}
