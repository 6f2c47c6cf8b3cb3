/*
 * graph_xml.c: GraphML, whole.
 */
#include "base/escape.h"
#include "graph/graph.h"

#include <inttypes.h>

typedef struct Key {
    const char *id, *of, *name;
} Key;

static const Key keys[] = {
    {"kind", "node", "kind"},         {"name", "node", "name"},
    {"label", "node", "label"},       {"properties", "node", "properties"},
    {"declared", "node", "declared"}, {"relation", "edge", "kind"},
    {"state", "edge", "state"},       {"reasons", "edge", "reasons"},
    {"findings", "all", "findings"},
};

static void add_data(Buffer *out, const char *key, Text value)
{
    if (value.len == 0)
        return;
    buffer_format(out, "      <data key=\"%s\">", key);
    escape_add_xml(out, value);
    buffer_add(out, TEXT("</data>\n"));
}

static void add_line(Buffer *lines, Text key, Text value)
{
    if (lines->len)
        buffer_add_byte(lines, '\n');
    buffer_add(lines, key);
    if (key.len && value.len)
        buffer_add(lines, TEXT(": "));
    buffer_add(lines, value);
}

static void add_marks(const Graph *graph, const GraphMark *marks, Buffer *out)
{
    Buffer lines = {.arena = graph->report->arena};

    for (; marks; marks = marks->next)
        add_line(&lines, text_of(severity_name(marks->rule->severity)),
                 marks->rule->id);
    add_data(out, "findings", buffer_text(&lines));
}

static void add_node(const Graph *graph, uint32_t id, Buffer *out)
{
    const GraphNode *node = &graph->nodes[id];
    Buffer properties = {.arena = graph->report->arena};
    Buffer declared = {.arena = graph->report->arena};

    for (uint32_t i = 0; i < node->nproperties; i++)
        add_line(&properties, node->properties[i].key, node->properties[i].value);
    for (uint32_t i = 0; i < node->nspans; i++)
        add_line(&declared, TEXT(""), graph_place(graph, node->spans[i]));
    buffer_format(out, "    <node id=\"n%" PRIu32 "\">\n", id);
    add_data(out, "kind", node->kind->name);
    add_data(out, "name", node->name);
    add_data(out, "label", node->label);
    add_data(out, "properties", buffer_text(&properties));
    add_data(out, "declared", buffer_text(&declared));
    add_marks(graph, node->marks, out);
    buffer_add(out, TEXT("    </node>\n"));
}

static void add_edge(const Graph *graph, const GraphEdge *edge, Buffer *out)
{
    Buffer reasons = {.arena = graph->report->arena};

    for (uint32_t i = 0; i < edge->nreasons; i++) {
        const GraphReason *reason = &edge->reasons[i];

        if (reason->says.len || reason->span.file)
            add_line(&reasons, reason->says,
                     reason->span.file ? graph_place(graph, reason->span) : TEXT(""));
    }
    buffer_format(out, "    <edge source=\"n%" PRIu32 "\" target=\"n%" PRIu32 "\">\n",
                  edge->from, edge->to);
    add_data(out, "relation", edge->kind);
    add_data(out, "state", edge->state);
    add_data(out, "reasons", buffer_text(&reasons));
    add_marks(graph, edge->marks, out);
    buffer_add(out, TEXT("    </edge>\n"));
}

void graph_xml(const Graph *graph, Buffer *out)
{
    buffer_add(out,
               TEXT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"));
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        buffer_format(out,
                      "  <key id=\"%s\" for=\"%s\" attr.name=\"%s\" "
                      "attr.type=\"string\"/>\n",
                      keys[i].id, keys[i].of, keys[i].name);
    buffer_add(out, TEXT("  <graph id=\"berth\" edgedefault=\"directed\">\n"));
    for (uint32_t i = 0; i < graph->nnodes; i++)
        add_node(graph, i, out);
    for (uint32_t i = 0; i < graph->nedges; i++)
        add_edge(graph, &graph->edges[i], out);
    buffer_add(out, TEXT("  </graph>\n</graphml>\n"));
}
