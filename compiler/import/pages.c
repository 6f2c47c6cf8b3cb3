#include "import/pages.h"

#include <stdarg.h>
#include <stdio.h>

#include "import/yaml_text.h"

typedef struct Walk {
    Dump *dump;
    void (*take)(Dump *dump, NodeId item);
    uint32_t nitems, npages;
    uint32_t total; /* the largest that a page states */
    bool states_total, is_gh_list;
} Walk;

void dump_wrong(Dump *dump, NodeId node, const char *format, ...)
{
    char message[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    diag_add(dump->import->diags, "input/syntax", tree_span(dump->tree, node), "%s",
             message);
    dump->is_whole = false;
}

static NodeId find(const Dump *dump, NodeId object, const char *key)
{
    return tree_find(dump->tree, object, text_of(key));
}

/* {"message": "Not Found", "documentation_url": "https://…", "status": "404"} */
static bool is_error(const Dump *dump, NodeId object)
{
    return tree_is_string(dump->tree, find(dump, object, "message")) &&
           (find(dump, object, "documentation_url").index ||
            find(dump, object, "status").index || find(dump, object, "errors").index ||
            tree_node(dump->tree, object)->count == 1);
}

/* "(404: Not Found)", in as few bytes as tell a person what it was. */
static void note_error(Dump *dump, NodeId object)
{
    enum { MESSAGE_BYTES = 80, STATUS_BYTES = 3 };
    Import *import = dump->import;
    Text message = text_slice(tree_string(dump->tree, find(dump, object, "message")), 0,
                              MESSAGE_BYTES);
    Text status = text_slice(tree_scalar(dump->tree, find(dump, object, "status")), 0,
                             STATUS_BYTES);
    Buffer says = {.arena = import->scratch};

    buffer_add(&says, TEXT("the API answered with an error ("));
    if (status.len) {
        yaml_text_add_line(&says, status);
        buffer_add(&says, TEXT(": "));
    }
    yaml_text_add_line(&says, message);
    buffer_add(&says, TEXT("), and what it would have told is unknown"));
    group_add(groups_get(&import->notes, import->arena, buffer_text(&says)),
              dump->path);
    dump->is_whole = false;
}

static void walk_item(Walk *walk, NodeId item)
{
    Dump *dump = walk->dump;

    if (tree_kind(dump->tree, item) != NODE_OBJECT) {
        dump_wrong(dump, item, "this entry is no object; it was passed over");
        return;
    }
    walk->nitems++;
    walk->is_gh_list |= find(dump, item, "updatedAt").index != 0;
    walk->take(dump, item);
}

static void walk_items(Walk *walk, NodeId list)
{
    const Tree *tree = walk->dump->tree;

    for (NodeId at = tree_first(tree, list); at.index; at = tree_next(tree, at))
        walk_item(walk, at);
}

static void note_total(Walk *walk, NodeId object)
{
    NodeId total = find(walk->dump, object, "total_count");
    Text digits = tree_scalar(walk->dump->tree, total);
    uint64_t value = 0;

    if (tree_kind(walk->dump->tree, total) != NODE_NUMBER)
        return;
    for (size_t i = 0; i < digits.len && byte_is_digit(digits.at[i]); i++)
        value =
            value < UINT32_MAX ? value * 10 + (uint64_t)(digits.at[i] - '0') : value;
    walk->states_total = true;
    if (value > walk->total)
        walk->total = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

/* page = "{" … "}" with the list under its key, an error, or an item by itself */
static void walk_object(Walk *walk, NodeId object)
{
    Dump *dump = walk->dump;
    NodeId list = dump->at.list ? find(dump, object, dump->at.list) : (NodeId){0};

    walk->npages++;
    if (list.index && tree_kind(dump->tree, list) == NODE_ARRAY) {
        note_total(walk, object);
        walk_items(walk, list);
    } else if (list.index) {
        dump_wrong(dump, list, "'%s' is no array; it was passed over", dump->at.list);
    } else if (is_error(dump, object)) {
        note_error(dump, object);
    } else if (dump->at.list && !find(dump, object, "name").index) {
        dump_wrong(dump, object, "this object has no '%s'; it was passed over",
                   dump->at.list);
    } else {
        walk_item(walk, object);
    }
}

/* An element is an item or, of --slurp, a page. */
static void walk_array(Walk *walk, NodeId array)
{
    const Tree *tree = walk->dump->tree;

    walk->npages += tree_node(tree, array)->count == 0;
    for (NodeId at = tree_first(tree, array); at.index; at = tree_next(tree, at)) {
        if (tree_kind(tree, at) == NODE_ARRAY) {
            walk->npages++;
            walk_items(walk, at);
        } else if (tree_kind(tree, at) == NODE_OBJECT) {
            walk_object(walk, at);
        } else {
            dump_wrong(walk->dump, at, "this entry is no object; it was passed over");
        }
    }
}

/* A page holds 30 entries, or the 100 that were asked for: a list of just as many may go
 * on. gh secret list asks for all. [semantics 4.1] */
static bool is_one_page(const Walk *walk, bool is_one_array)
{
    return is_one_array && !walk->is_gh_list && !walk->states_total &&
           (walk->nitems == 30 || walk->nitems == 100);
}

static void note_entries(const Walk *walk, bool is_one_array)
{
    Import *import = walk->dump->import;
    const char *says = NULL;

    if (walk->states_total && walk->nitems < walk->total)
        says = "fewer entries than the API counts (--paginate gives all)";
    else if (is_one_page(walk, is_one_array))
        says = "30 or 100 entries, as one page of several has, and taken for a part";
    if (!says)
        return;
    group_add(groups_get(&import->notes, import->arena, text_of(says)),
              walk->dump->path);
    walk->dump->is_whole = false;
}

void pages_each(Dump *dump, void (*take)(Dump *dump, NodeId item))
{
    Walk walk = {.dump = dump, .take = take};
    const Tree *tree = dump->tree;
    bool is_one_array = false;

    for (NodeId root = tree->root; root.index; root = tree_next(tree, root)) {
        NodeKind kind = tree_kind(tree, root);

        is_one_array = kind == NODE_ARRAY && root.index == tree->root.index &&
                       tree_node(tree, root)->next.index == 0;
        if (kind == NODE_ARRAY)
            walk_array(&walk, root);
        else if (kind == NODE_OBJECT)
            walk_object(&walk, root);
        else
            dump_wrong(dump, root,
                       "this is neither an object nor an array; it was passed over");
    }
    note_entries(&walk, is_one_array);
}
