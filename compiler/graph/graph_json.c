#include "base/json_out.h"
#include "graph/graph.h"

enum { PROOF_DEPTH = 3 }; /* `berth why` unfolds all of it */

/* "kind:name": unique. */
static void add_id(const Graph *graph, const char *key, uint32_t node, JsonOut *json)
{
    const GraphNode *it = &graph->nodes[node];

    json_key(json, key);
    json_text(json, arena_format(graph->report->arena, "%.*s:%.*s",
                                 TEXT_ARG(it->kind->name), TEXT_ARG(it->name)));
}

static void add_marks(const GraphMark *marks, JsonOut *json)
{
    json_key(json, "findings");
    json_open_array(json);
    for (; marks; marks = marks->next) {
        json_open_object(json);
        json_member_text(json, "rule", marks->rule->id);
        json_member_text(json, "severity",
                         text_of(severity_name(marks->rule->severity)));
        json_close_object(json);
    }
    json_close_array(json);
}

static void add_node(const Graph *graph, uint32_t id, JsonOut *json)
{
    const GraphNode *node = &graph->nodes[id];

    json_open_object(json);
    add_id(graph, "id", id, json);
    json_member_text(json, "kind", node->kind->name);
    json_member_text(json, "name", node->name);
    json_member_text(json, "label", node->label);
    json_key(json, "properties");
    json_open_object(json);
    for (uint32_t i = 0; i < node->nproperties; i++) {
        const GraphProperty *property = &node->properties[i];
        bool is_first =
            i == 0 || !text_equal(property->key, node->properties[i - 1].key);

        if (is_first) {
            json_key(json, property->key.at); /* a symbol's text ends in NUL */
            json_open_array(json);
        }
        json_text(json, property->value);
        if (i + 1 == node->nproperties ||
            !text_equal(property->key, node->properties[i + 1].key))
            json_close_array(json);
    }
    json_close_object(json);
    json_key(json, "declared");
    json_open_array(json);
    for (uint32_t i = 0; i < node->nspans; i++)
        json_add_location(graph->report, node->spans[i], json);
    json_close_array(json);
    add_marks(node->marks, json);
    json_close_object(json);
}

static void add_reason(const Graph *graph, const GraphReason *reason, JsonOut *json)
{
    const Report *report = graph->report;

    json_open_object(json);
    json_member_text(json, "says", reason->says);
    json_key(json, "location");
    json_add_location(report, reason->span, json);
    json_key(json, "proof");
    if (reason->span.file)
        json_null(json);
    else
        json_add_proof(
            report, proof_of(report, graph->relation, reason->row, PROOF_DEPTH), json);
    json_close_object(json);
}

void graph_json(const Graph *graph, Buffer *out)
{
    JsonOut json = {.out = out};

    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_key(&json, "nodes");
    json_open_array(&json);
    for (uint32_t i = 0; i < graph->nnodes; i++)
        add_node(graph, i, &json);
    json_close_array(&json);
    json_key(&json, "edges");
    json_open_array(&json);
    for (uint32_t i = 0; i < graph->nedges; i++) {
        const GraphEdge *edge = &graph->edges[i];

        json_open_object(&json);
        json_member_text(&json, "kind", edge->kind);
        add_id(graph, "from", edge->from, &json);
        add_id(graph, "to", edge->to, &json);
        json_member_text(&json, "state", edge->state);
        json_key(&json, "reasons");
        json_open_array(&json);
        for (uint32_t j = 0; j < edge->nreasons; j++)
            add_reason(graph, &edge->reasons[j], &json);
        json_close_array(&json);
        add_marks(edge->marks, &json);
        json_close_object(&json);
    }
    json_close_array(&json);
    json_close_object(&json);
}
