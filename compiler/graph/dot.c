#include "graph/graph.h"

#include <inttypes.h>

/* How a state is drawn; the last is for any other. */
typedef struct Pen {
    const char *state, *style;
} Pen;

static const Pen pens[] = {
    {"allowed", "color=\"#1a7f37\", fontcolor=\"#1a7f37\""},
    {"unknown", "color=\"#9a6700\", fontcolor=\"#9a6700\", style=dotted"},
    {"denied", "color=\"#cf222e\", fontcolor=\"#cf222e\", style=dashed"},
    {"derived", "color=\"#8c959f\", fontcolor=\"#656d76\""},
    {"", "color=\"#424a53\", fontcolor=\"#424a53\""},
};

static const char *const fills[] = {"#ddf4ff", "#fbefff", "#dafbe1", "#f6f8fa",
                                    "#fff8c5", "#ffebe9", "#eaeef2"};

/* A quoted string of DOT: '"' and '\' are escaped, so that no escape of Graphviz's own
 * (\N, \G, \l) begins; '&' is, since entities are read; a new line is "\n". */
static void add_quoted(Buffer *out, Text text)
{
    buffer_add_byte(out, '"');
    while (text.len) {
        uint32_t scalar;
        size_t len = text_first_character(text, &scalar);

        if (scalar == TEXT_NO_CHARACTER)
            buffer_add_utf8(out, 0xFFFD);
        else if (scalar == '\n')
            buffer_add(out, TEXT("\\n"));
        else if (scalar == '&')
            buffer_add(out, TEXT("&amp;"));
        else if (scalar == '"' || scalar == '\\')
            buffer_format(out, "\\%c", (char)scalar);
        else if (scalar < 0x20 || scalar == 0x7F)
            buffer_add_byte(out, ' ');
        else
            buffer_add(out, text_slice(text, 0, len));
        text = text_from(text, len);
    }
    buffer_add_byte(out, '"');
}

static void add_node(const Graph *graph, uint32_t id, Buffer *out)
{
    const GraphNode *node = &graph->nodes[id];
    Buffer label = {.arena = graph->report->arena};
    size_t fill = node->kind->column % (sizeof(fills) / sizeof(*fills));

    if (node->count == 1) {
        buffer_add(&label, node->kind->name);
        buffer_add_byte(&label, '\n');
    }
    buffer_add(&label, graph_node_label(graph, node));
    buffer_format(out, "  n%" PRIu32 " [label=", id);
    add_quoted(out, buffer_text(&label));
    buffer_format(out, ", fillcolor=\"%s\", tooltip=", fills[fill]);
    add_quoted(out, graph_node_says(graph, node));
    if (node->count > 1)
        buffer_add(out, TEXT(", peripheries=2"));
    buffer_add(out, TEXT("];\n"));
}

static void add_arrow(const GraphArrow *arrow, Buffer *out)
{
    const Pen *pen = pens;

    while (*pen->state && !text_equal(arrow->state, text_of(pen->state)))
        pen++;
    buffer_format(out, "  n%" PRIu32 " -> n%" PRIu32 " [label=", arrow->from,
                  arrow->to);
    add_quoted(out, arrow->label);
    buffer_add(out, TEXT(", tooltip="));
    add_quoted(out, arrow->says);
    buffer_format(out, ", %s", pen->style);
    if (arrow->rule) {
        buffer_add(out, TEXT(", penwidth=3, xlabel="));
        add_quoted(out, arrow->rule->id);
    }
    buffer_add(out, TEXT("];\n"));
}

void graph_dot(const Graph *graph, Buffer *out)
{
    Text summary = graph_summary_says(graph);
    uint32_t count;
    const GraphArrow *arrows = graph_arrows(graph, &count);

    buffer_add(out, TEXT("digraph berth {\n"
                         "  graph [rankdir=LR, fontname=\"sans-serif\""));
    if (summary.len) {
        buffer_add(out, TEXT(", label="));
        add_quoted(out, summary);
    }
    buffer_add(out, TEXT("];\n"
                         "  node [shape=box, style=\"rounded,filled\", "
                         "fontname=\"sans-serif\"];\n"
                         "  edge [fontname=\"sans-serif\", fontsize=10];\n"));
    for (uint32_t i = 0; i < graph->nnodes; i++)
        add_node(graph, i, out);
    for (uint32_t i = 0; i < count; i++)
        add_arrow(&arrows[i], out);
    buffer_add(out, TEXT("}\n"));
}
