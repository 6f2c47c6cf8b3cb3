/*
 * graph_open.c: BloodHound's OpenGraph, whole.
 *
 * Ids hold no ':' (it and '%' are percent-encoded); kinds are letters and digits, and
 * begin with "Berth", so that none is one of BloodHound's own, which it replaces
 * (reference/peers.md, 2.5). Properties are flat.
 */
#include <inttypes.h>

#include "base/json_out.h"
#include "graph/graph.h"

static Text id_of(const Graph *graph, uint32_t id)
{
    const GraphNode *node = &graph->nodes[id];
    Buffer out = {.arena = graph->report->arena};

    buffer_add(&out, node->kind->name);
    buffer_add_byte(&out, '/');
    for (size_t i = 0; i < node->name.len; i++) {
        char byte = node->name.at[i];

        if (byte == ':' || byte == '%')
            buffer_format(&out, "%%%02X", (unsigned)byte);
        else
            buffer_add_byte(&out, byte);
    }
    return buffer_text(&out);
}

/* "can-pull" is "BerthCanPull". */
static Text kind_of(const Graph *graph, Text kind)
{
    Buffer out = {.arena = graph->report->arena};
    bool starts = true;

    buffer_add(&out, TEXT("Berth"));
    for (size_t i = 0; i < kind.len; i++) {
        char byte = kind.at[i];

        if (byte_is_letter(byte) || byte_is_digit(byte))
            buffer_add_byte(&out, starts ? byte_to_upper(byte) : byte);
        starts = !byte_is_letter(byte) && !byte_is_digit(byte);
    }
    return buffer_text(&out);
}

/* Letters of lower case, digits and '_'; `nth` tells keys apart that this made equal. */
static Text key_of(const Graph *graph, Text key, uint32_t nth)
{
    Buffer out = {.arena = graph->report->arena};
    bool is_plain = true;

    buffer_add(&out, TEXT("berth_"));
    for (size_t i = 0; i < key.len; i++) {
        char byte = key.at[i];
        bool is_kept = byte_is_lower(byte) || byte_is_digit(byte) || byte == '_';

        is_plain &= is_kept;
        buffer_add_byte(&out, is_kept ? byte : '_');
    }
    if (!is_plain)
        buffer_format(&out, "_%" PRIu32, nth);
    buffer_add_byte(&out, '\0'); /* json_key takes a string */
    return buffer_text(&out);
}

static void add_marks(const GraphMark *marks, JsonOut *json)
{
    json_key(json, "findings");
    json_open_array(json);
    for (; marks; marks = marks->next)
        json_text(json, marks->rule->id);
    json_close_array(json);
}

static void add_node(const Graph *graph, uint32_t id, JsonOut *json)
{
    const GraphNode *node = &graph->nodes[id];

    json_open_object(json);
    json_member_text(json, "id", id_of(graph, id));
    json_key(json, "kinds");
    json_open_array(json);
    json_text(json, kind_of(graph, node->kind->name));
    json_close_array(json);
    json_key(json, "properties");
    json_open_object(json);
    json_member_text(json, "name", node->name);
    json_member_text(json, "displayname", node->label);
    json_key(json, "declared");
    json_open_array(json);
    for (uint32_t i = 0; i < node->nspans; i++)
        json_text(json, graph_place(graph, node->spans[i]));
    json_close_array(json);
    for (uint32_t i = 0; i < node->nproperties; i++) {
        const GraphProperty *property = &node->properties[i];
        Text key = key_of(graph, property->key, i);

        if (i == 0 || !text_equal(property->key, node->properties[i - 1].key)) {
            json_key(json, key.at);
            json_open_array(json);
        }
        json_text(json, property->value);
        if (i + 1 == node->nproperties ||
            !text_equal(property->key, node->properties[i + 1].key))
            json_close_array(json);
    }
    add_marks(node->marks, json);
    json_close_object(json);
    json_close_object(json);
}

static void add_end(const Graph *graph, const char *key, uint32_t node, JsonOut *json)
{
    json_key(json, key);
    json_open_object(json);
    json_member_text(json, "match_by", TEXT("id"));
    json_member_text(json, "value", id_of(graph, node));
    json_close_object(json);
}

static void add_edge(const Graph *graph, const GraphEdge *edge, JsonOut *json)
{
    json_open_object(json);
    json_member_text(json, "kind", kind_of(graph, edge->kind));
    add_end(graph, "start", edge->from, json);
    add_end(graph, "end", edge->to, json);
    json_key(json, "properties");
    json_open_object(json);
    json_member_text(json, "state", edge->state);
    json_key(json, "reasons");
    json_open_array(json);
    for (uint32_t i = 0; i < edge->nreasons; i++) {
        if (edge->reasons[i].says.len)
            json_text(json, edge->reasons[i].says);
    }
    json_close_array(json);
    json_key(json, "stated");
    json_open_array(json);
    for (uint32_t i = 0; i < edge->nreasons; i++) {
        if (edge->reasons[i].span.file)
            json_text(json, graph_place(graph, edge->reasons[i].span));
    }
    json_close_array(json);
    add_marks(edge->marks, json);
    json_close_object(json);
    json_close_object(json);
}

void graph_open(const Graph *graph, Buffer *out)
{
    JsonOut json = {.out = out};

    json_open_object(&json);
    json_key(&json, "metadata");
    json_open_object(&json);
    json_member_text(&json, "source_kind", TEXT("Berth"));
    json_close_object(&json);
    json_key(&json, "graph");
    json_open_object(&json);
    json_key(&json, "nodes");
    json_open_array(&json);
    for (uint32_t i = 0; i < graph->nnodes; i++)
        add_node(graph, i, &json);
    json_close_array(&json);
    json_key(&json, "edges");
    json_open_array(&json);
    for (uint32_t i = 0; i < graph->nedges; i++)
        add_edge(graph, &graph->edges[i], &json);
    json_close_array(&json);
    json_close_object(&json);
    json_close_object(&json);
}
