#include "graph/graph.h"

#include <inttypes.h>

#include "base/escape.h"

/* A state: its arrow, and how the arrow is coloured; the last is for any other. */
typedef struct Pen {
    const char *state, *arrow, *style;
} Pen;

static const Pen pens[] = {
    {"allowed", "-->", "stroke:#1a7f37"}, {"unknown", "-.->", "stroke:#9a6700"},
    {"denied", "--x", "stroke:#cf222e"},  {"derived", "-->", "stroke:#8c959f"},
    {"", "-->", "stroke:#57606a"},
};

static const Pen *pen_of(const GraphArrow *arrow)
{
    const Pen *pen = pens;

    while (*pen->state && !text_equal(arrow->state, text_of(pen->state)))
        pen++;
    return pen;
}

static void add_lines(Buffer *out, Text lines)
{
    Text line;

    for (bool done = false; text_next_part(&lines, '\n', &line, &done);) {
        escape_add_mermaid(out, line);
        if (!done)
            buffer_add(out, TEXT("<br/>"));
    }
}

static void add_node(const Graph *graph, uint32_t id, Buffer *out)
{
    const GraphNode *node = &graph->nodes[id];

    buffer_format(out, "  n%" PRIu32 "%s", id, node->count == 1 ? "[\"" : "[[\"");
    if (node->count == 1) {
        escape_add_mermaid(out, node->kind->name);
        buffer_add(out, TEXT("<br/>"));
    }
    add_lines(out, graph_node_label(graph, node));
    buffer_format(out, "%s\n", node->count == 1 ? "\"]" : "\"]]");
}

void graph_mermaid(const Graph *graph, Buffer *out)
{
    Text summary = graph_summary_says(graph);
    uint32_t count;
    const GraphArrow *arrows = graph_arrows(graph, &count);

    buffer_add(out, TEXT("flowchart LR\n"));
    if (summary.len) {
        buffer_add(out, TEXT("  %% "));
        escape_add_mermaid(out, summary);
        buffer_add_byte(out, '\n');
    }
    for (uint32_t i = 0; i < graph->nnodes; i++)
        add_node(graph, i, out);
    for (uint32_t i = 0; i < count; i++) {
        buffer_format(out, "  n%" PRIu32 " %s|\"", arrows[i].from,
                      pen_of(&arrows[i])->arrow);
        escape_add_mermaid(out, arrows[i].label);
        if (arrows[i].rule) {
            buffer_add(out, TEXT("<br/>"));
            escape_add_mermaid(out, arrows[i].rule->id);
        }
        buffer_format(out, "\"| n%" PRIu32 "\n", arrows[i].to);
    }
    for (uint32_t i = 0; i < count; i++)
        buffer_format(out, "  linkStyle %" PRIu32 " %s%s\n", i,
                      pen_of(&arrows[i])->style,
                      arrows[i].rule ? ",stroke-width:4px" : "");
}
