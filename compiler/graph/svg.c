#include "graph/parts.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/escape.h"
#include "report/shown.h"

/* Pixels. A column is as wide as its widest node; nodes of a column stand above one
 * another, near those that they are connected with. */
enum {
    NODE_HEIGHT = 38,
    NODE_GAP = 24,
    COLUMN_GAP = 104,
    LETTER = 7,
    PADDING = 14,
    NODE_LETTERS_MIN = 10,
    NODE_LETTERS_MAX = 31,
    MARGIN = 16,
    LABELS_MAX = 12, /* more would hide what they label */
    SWEEPS = 6
};

typedef struct Spot {
    uint32_t node;
    uint32_t order;  /* within its column */
    int64_t weight;  /* where its neighbours are, in thousandths of a column's height */
    uint32_t column; /* of those that hold any */
    int32_t x, y, width;
    Text label, second; /* second: what they share; may be empty */
} Spot;

typedef struct Drawing {
    const Graph *graph;
    Buffer *out;
    Spot *spots;      /* by node */
    uint32_t *nodes;  /* by column, then order */
    uint32_t *starts; /* of a column's nodes; one more at the end */
    uint32_t ncolumns;
    Incidence incidence;
    int32_t width, height;
} Drawing;

/* --- layout --- */

static Text shortened(Arena *arena, Text label, size_t max)
{
    size_t end = max - 3;

    if (shown_width(arena, label) <= max || label.len <= max)
        return label;
    while (end > 0 && ((unsigned char)label.at[end] & 0xC0) == 0x80)
        end--;
    return arena_format(arena, "%.*s...", (int)end, label.at);
}

/* "internal, actions": what the nodes that one stands for have in common. */
static Text shared_values(Arena *arena, const GraphNode *node)
{
    Buffer values = {.arena = arena};

    for (uint32_t i = node->nproperties; i-- > 0;) {
        if (values.len)
            buffer_add(&values, TEXT(", "));
        (void)shown_add(&values, node->properties[i].value, 0);
    }
    return shortened(arena, buffer_text(&values), NODE_LETTERS_MAX);
}

static void measure(Drawing *drawing, uint32_t node)
{
    const Graph *graph = drawing->graph;
    Arena *arena = graph->report->arena;
    Spot *spot = &drawing->spots[node];
    Text label = graph_node_label(graph, &graph->nodes[node]);
    uint32_t letters;

    spot->node = node;
    spot->label = shortened(arena, text_slice(label, 0, text_find_byte(label, '\n')),
                            NODE_LETTERS_MAX);
    spot->second = graph->nodes[node].kind->name;
    if (graph->nodes[node].count > 1)
        spot->second = shared_values(arena, &graph->nodes[node]);
    letters = shown_width(arena, spot->label);
    if (shown_width(arena, spot->second) > letters)
        letters = shown_width(arena, spot->second);
    letters = letters < NODE_LETTERS_MIN ? NODE_LETTERS_MIN : letters;
    spot->width = (int32_t)letters * LETTER + 2 * PADDING;
}

/* Nodes are in the order of their columns. */
static void find_columns(Drawing *drawing)
{
    const Graph *graph = drawing->graph;
    Arena *arena = graph->report->arena;

    drawing->starts = ARENA_ARRAY(arena, (size_t)graph->nnodes + 2, uint32_t);
    for (uint32_t i = 0; i < graph->nnodes; i++) {
        bool begins =
            i == 0 || graph->nodes[i].kind->column != graph->nodes[i - 1].kind->column;

        if (begins)
            drawing->starts[drawing->ncolumns++] = i;
        drawing->nodes[i] = i;
        drawing->spots[i].column = drawing->ncolumns - 1;
        drawing->spots[i].order = i - drawing->starts[drawing->ncolumns - 1];
    }
    drawing->starts[drawing->ncolumns] = graph->nnodes;
}

static uint32_t column_size(const Drawing *drawing, uint32_t column)
{
    return drawing->starts[column + 1] - drawing->starts[column];
}

/* The mean height of a node's neighbours in other columns; its own when it has none. */
static int64_t weight_of(const Drawing *drawing, uint32_t node)
{
    const Incidence *incidence = &drawing->incidence;
    const Spot *spot = &drawing->spots[node];
    int64_t sum = 0, count = 0;

    for (uint32_t i = incidence->starts[node]; i < incidence->starts[node + 1]; i++) {
        const GraphEdge *edge = &drawing->graph->edges[incidence->edges[i]];
        const Spot *other = &drawing->spots[edge_other_end(edge, node)];

        if (other->column == spot->column)
            continue;
        sum += ((int64_t)other->order * 2 + 1) * 1000 /
               column_size(drawing, other->column);
        count++;
    }
    if (count == 0)
        return ((int64_t)spot->order * 2 + 1) * 1000 /
               column_size(drawing, spot->column);
    return sum / count;
}

/* By weight; the order stays where weights are equal. */
static void sort_column(Drawing *drawing, uint32_t column)
{
    uint32_t *nodes = &drawing->nodes[drawing->starts[column]];
    uint32_t count = column_size(drawing, column);

    for (uint32_t i = 0; i < count; i++)
        drawing->spots[nodes[i]].weight = weight_of(drawing, nodes[i]);
    for (uint32_t i = 1; i < count; i++) {
        for (uint32_t j = i; j > 0 && drawing->spots[nodes[j]].weight <
                                          drawing->spots[nodes[j - 1]].weight;
             j--) {
            uint32_t node = nodes[j];

            nodes[j] = nodes[j - 1];
            nodes[j - 1] = node;
        }
    }
    for (uint32_t i = 0; i < count; i++)
        drawing->spots[nodes[i]].order = i;
}

static void place(Drawing *drawing)
{
    const int32_t step = NODE_HEIGHT + NODE_GAP;
    int32_t x = MARGIN;
    uint32_t tallest = 0;

    for (uint32_t i = 0; i < drawing->ncolumns; i++)
        tallest = column_size(drawing, i) > tallest ? column_size(drawing, i) : tallest;
    drawing->height = (int32_t)tallest * step - NODE_GAP + 2 * MARGIN;
    for (uint32_t i = 0; i < drawing->ncolumns; i++) {
        int32_t widest = 0;
        int32_t top = ((int32_t)tallest - (int32_t)column_size(drawing, i)) * step / 2;

        for (uint32_t j = drawing->starts[i]; j < drawing->starts[i + 1]; j++) {
            Spot *spot = &drawing->spots[drawing->nodes[j]];

            spot->x = x;
            spot->y = MARGIN + top + (int32_t)spot->order * step;
            widest = spot->width > widest ? spot->width : widest;
        }
        for (uint32_t j = drawing->starts[i]; j < drawing->starts[i + 1]; j++)
            drawing->spots[drawing->nodes[j]].width = widest;
        x += widest + COLUMN_GAP;
    }
    drawing->width = x - COLUMN_GAP + MARGIN;
}

static void lay_out(Drawing *drawing)
{
    const Graph *graph = drawing->graph;
    Arena *arena = graph->report->arena;

    drawing->spots = ARENA_ARRAY(arena, graph->nnodes, Spot);
    drawing->nodes = ARENA_ARRAY(arena, graph->nnodes, uint32_t);
    drawing->incidence = graph_incidence(graph);
    for (uint32_t i = 0; i < graph->nnodes; i++)
        measure(drawing, i);
    find_columns(drawing);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        for (uint32_t i = 0; i < drawing->ncolumns; i++)
            sort_column(drawing, sweep % 2 ? drawing->ncolumns - 1 - i : i);
    }
    place(drawing);
}

/* --- markup --- */

/* A state as a class: one that a page has no style for stands for nothing. */
static const char *state_class(Text state)
{
    static const char *const classes[] = {"allowed", "unknown", "denied", "stated"};

    for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
        if (text_equal(state, text_of(classes[i])))
            return classes[i];
    }
    return "derived";
}

static void add_title(const GraphArrow *arrow, const Drawing *drawing)
{
    Buffer *out = drawing->out;

    buffer_add(out, TEXT("<title>"));
    escape_add_xml(out, drawing->spots[arrow->from].label);
    buffer_add_byte(out, ' ');
    escape_add_xml(out, arrow->label);
    buffer_add_byte(out, ' ');
    escape_add_xml(out, drawing->spots[arrow->to].label);
    buffer_add_byte(out, '\n');
    escape_add_xml(out, arrow->says);
    buffer_add(out, TEXT("</title>"));
}

/* From side to side of two columns; within a column around it on the right. */
static void add_arrow(const Drawing *drawing, const GraphArrow *arrow, int32_t shift)
{
    const Spot *from = &drawing->spots[arrow->from], *to = &drawing->spots[arrow->to];
    bool is_right = from->column < to->column, is_same = from->column == to->column;
    int32_t x1 = from->x + (is_right || is_same ? from->width : 0);
    int32_t x2 = to->x + (is_right ? 0 : to->width);
    int32_t y1 = from->y + NODE_HEIGHT / 2 + shift,
            y2 = to->y + NODE_HEIGHT / 2 + shift;
    int32_t bend = is_same ? COLUMN_GAP / 2 : abs(x2 - x1) / 2;
    int32_t away = is_right || is_same ? bend : -bend, head = is_right ? -8 : 8;
    Buffer *out = drawing->out;

    buffer_format(
        out,
        "<g class=\"edge %s%s\" data-from=\"%" PRIu32 "\" data-to=\"%" PRIu32 "\">",
        state_class(arrow->state), arrow->rule ? " found" : "", arrow->from, arrow->to);
    add_title(arrow, drawing);
    buffer_format(out,
                  "<path d=\"M%" PRId32 " %" PRId32 "C%" PRId32 " %" PRId32 " %" PRId32
                  " %" PRId32 " %" PRId32 " %" PRId32 "\"/>",
                  x1, y1, x1 + away, y1, x2 + (is_same ? away : -away), y2, x2 + head,
                  y2);
    buffer_format(
        out, "<path class=\"head\" d=\"M%" PRId32 " %" PRId32 "l%" PRId32 " -4v8z\"/>",
        x2, y2, head);
    buffer_add(out, TEXT("</g>\n"));
}

/* What is found is labelled where its arrow leaves a node, `nth` there, above all else. */
static void add_label(const Drawing *drawing, const GraphArrow *arrow, int32_t nth)
{
    const Spot *from = &drawing->spots[arrow->from], *to = &drawing->spots[arrow->to];
    bool is_left = from->column > to->column;
    Buffer *out = drawing->out;

    buffer_format(out,
                  "<text class=\"label %s\" x=\"%" PRId32 "\" y=\"%" PRId32
                  "\" text-anchor=\"%s\">",
                  state_class(arrow->state), from->x + (is_left ? -6 : from->width + 6),
                  from->y + 8 + nth * 13, is_left ? "end" : "start");
    escape_add_xml(out, arrow->label);
    buffer_add(out, TEXT("</text>\n"));
}

static void add_node(const Drawing *drawing, uint32_t id)
{
    const GraphNode *node = &drawing->graph->nodes[id];
    const Spot *spot = &drawing->spots[id];
    Buffer *out = drawing->out;

    buffer_format(out,
                  "<g class=\"node c%" PRIu32 "%s\" data-node=\"%" PRIu32 "\"><title>",
                  node->kind->column < 7 ? node->kind->column : 3,
                  node->count > 1 ? " several" : "", id);
    escape_add_xml(out, graph_node_says(drawing->graph, node));
    buffer_format(out,
                  "</title><rect x=\"%" PRId32 "\" y=\"%" PRId32 "\" width=\"%" PRId32
                  "\" height=\"%d\" rx=\"6\"/>",
                  spot->x, spot->y, spot->width, NODE_HEIGHT);
    buffer_format(out, "<text x=\"%" PRId32 "\" y=\"%" PRId32 "\" class=\"kind\">",
                  spot->x + PADDING, spot->y + 14);
    escape_add_xml(out, spot->second);
    buffer_format(out, "</text><text x=\"%" PRId32 "\" y=\"%" PRId32 "\">",
                  spot->x + PADDING, spot->y + 30);
    escape_add_xml(out, spot->label);
    buffer_add(out, TEXT("</text></g>\n"));
}

static void add_list(const Drawing *drawing, const GraphArrow *arrows, uint32_t count)
{
    Buffer *out = drawing->out;

    buffer_format(out,
                  "<details><summary>The same as a list: %" PRIu32
                  " edges</summary>\n<ul class=\"arrows\">\n",
                  count);
    for (uint32_t i = 0; i < count; i++) {
        const Graph *graph = drawing->graph;
        Text rest = arrows[i].says, line;

        buffer_add(out, TEXT("<li>"));
        escape_add_xml(out, graph_node_label(graph, &graph->nodes[arrows[i].from]));
        buffer_format(out, " <strong class=\"%s\">", state_class(arrows[i].state));
        escape_add_xml(out, arrows[i].label);
        buffer_add(out, TEXT("</strong> "));
        escape_add_xml(out, graph_node_label(graph, &graph->nodes[arrows[i].to]));
        buffer_add(out, TEXT(" <span class=\"note\">"));
        for (bool done = false; text_next_part(&rest, '\n', &line, &done);) {
            escape_add_xml(out, line);
            buffer_add(out, done ? TEXT("") : TEXT("; "));
        }
        buffer_add(out, TEXT("</span></li>\n"));
    }
    buffer_add(out, TEXT("</ul>\n</details>\n"));
}

/* Those that matter most are drawn last, and so above the others. */
static int rank_of(const GraphArrow *arrow)
{
    bool is_plain = text_equal(arrow->state, TEXT("stated")) ||
                    text_equal(arrow->state, TEXT("derived"));

    return arrow->rule ? 2 : !is_plain;
}

void graph_svg(const Graph *graph, Buffer *out)
{
    Drawing drawing = {.graph = graph, .out = out};
    uint32_t count, nlabels = 0;
    const GraphArrow *arrows = graph_arrows(graph, &count);

    if (graph->nnodes == 0)
        return;
    lay_out(&drawing);
    buffer_add(out, TEXT("<figure><div class=\"canvas\" tabindex=\"0\" role=\"region\" "
                         "aria-label=\"Graph\">\n"));
    buffer_format(out,
                  "<svg class=\"graph\" role=\"img\" aria-label=\"A graph of %" PRIu32
                  " nodes and %" PRIu32 " edges; below it stands the same as a "
                  "list\" width=\"%" PRId32 "\" height=\"%" PRId32
                  "\" viewBox=\"0 0 %" PRId32 " %" PRId32 "\">\n",
                  graph->nnodes, count, drawing.width, drawing.height, drawing.width,
                  drawing.height);
    for (int rank = 0; rank <= 2; rank++) {
        for (uint32_t i = 0; i < count; i++) {
            /* Several arrows between two nodes stand a little apart. */
            int32_t shift = (int32_t)(i % 3) * 5 - 5;

            if (rank_of(&arrows[i]) == rank)
                add_arrow(&drawing, &arrows[i], shift);
        }
    }
    for (uint32_t i = 0; i < graph->nnodes; i++)
        add_node(&drawing, i);
    for (uint32_t i = 0; i < count; i++)
        nlabels += arrows[i].rule != NULL;
    for (uint32_t i = 0, nth = 0; i < count && nlabels <= LABELS_MAX; i++) {
        nth = i && arrows[i].from == arrows[i - 1].from ? nth : 0;
        if (arrows[i].rule)
            add_label(&drawing, &arrows[i], (int32_t)nth++);
    }
    buffer_add(
        out, TEXT("</svg></div>\n<figcaption><ul class=\"legend\">"
                  "<li class=\"allowed\">green: allowed</li>"
                  "<li class=\"unknown\">dotted: unknown</li>"
                  "<li class=\"denied\">dashed: denied</li>"
                  "<li>grey: stated, or derived from names</li>"
                  "<li>thick: a finding is about both ends</li></ul></figcaption>\n"));
    add_list(&drawing, arrows, count);
    buffer_add(out, TEXT("</figure>\n"));
}
