#include "dump.h"

#include "base/json_out.h"
#include "facts/devcontainer.h"
#include "syntax/syntax.h"

enum { DEPTH_MAX = 32 }; /* of a value; what lies deeper is printed as null */

/* The properties that decide what is pulled. */
static const char *const properties[] = {
    "image",   "dockerFile", "context",     "dockerComposeFile",
    "service", "build",      "runServices", "overrideFeatureInstallOrder",
    "mounts",  "runArgs",    "features",
};

static void add_scalar(Configuration *configuration, NodeId node, JsonOut *json)
{
    const Tree *tree = configuration->tree;
    Text text = tree_scalar(tree, node);
    Value value;

    if (span_has_secret(configuration->facts->sources, tree_span(tree, node)))
        json_text(json, TEXT("•••"));
    else if (devcontainer_value(configuration, node, &value))
        json_text(json, value.value);
    else if (tree_kind(tree, node) == NODE_BOOLEAN)
        json_bool(json, text_equal(text, TEXT("true")));
    else
        json_null(json);
}

static void add_value(Configuration *configuration, NodeId node, uint32_t depth,
                      JsonOut *json)
{
    const Tree *tree = configuration->tree;
    NodeKind kind = depth < DEPTH_MAX ? tree_kind(tree, node) : NODE_NULL;

    if (kind != NODE_ARRAY && kind != NODE_OBJECT) {
        add_scalar(configuration, node, json);
        return;
    }
    if (kind == NODE_ARRAY)
        json_open_array(json);
    else
        json_open_object(json);
    for (NodeId at = tree_first(tree, node); at.index; at = tree_next(tree, at)) {
        if (kind == NODE_OBJECT)
            json_key(
                json,
                arena_copy(configuration->facts->scratch, tree_node(tree, at)->key).at);
        add_value(configuration, at, depth + 1, json);
    }
    if (kind == NODE_ARRAY)
        json_close_array(json);
    else
        json_close_object(json);
}

static void add_configuration(Compilation *cc, const uint32_t *row, Buffer *out)
{
    Span span = site_span(cc->sources, (Site){row[0]});
    Arena *arena = cc->report.arena;
    Facts facts = *cc->facts; /* nothing is said twice, and nothing becomes a fact */
    JsonOut json = {.out = out, .compact = true};

    facts.scratch = arena;
    facts.diags = diags_new(arena);
    Configuration configuration = {
        .facts = &facts,
        .repo = row[2],
        .tree = jsonc_read(arena, cc->sources, span.file, facts.diags)};
    json_open_object(&json);
    json_member_text(&json, "configuration", source_path(cc->sources, span.file));
    for (size_t i = 0; i < sizeof(properties) / sizeof(*properties); i++) {
        NodeId node = tree_find(configuration.tree, configuration.tree->root,
                                text_of(properties[i]));

        if (!node.index)
            continue;
        json_key(&json, properties[i]);
        add_value(&configuration, node, 0, &json);
    }
    json_close_object(&json);
    buffer_add_byte(out, '\n');
}

void dump_configurations(Compilation *cc, Buffer *out)
{
    const Rows *rows = &cc->facts->rows[REL_configuration];

    for (uint32_t i = 0; i < rows->count; i += rows->arity)
        add_configuration(cc, &rows->cells[i], out);
}
