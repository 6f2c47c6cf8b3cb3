#include "graph/parts.h"

#include <inttypes.h>

#include "report/shown.h"

enum { SAYS_MAX = 6 /* lines */ };

/* The kinds of a graph are written with '-' for a blank. */
static void add_words(Buffer *out, Text kind)
{
    for (size_t i = 0; i < kind.len; i++)
        buffer_add_byte(out, kind.at[i] == '-' ? ' ' : kind.at[i]);
}

static void add_line(Buffer *out, Text line)
{
    if (out->len)
        buffer_add_byte(out, '\n');
    (void)shown_add(out, line, 0);
}

Text graph_place(const Graph *graph, Span span)
{
    Sources *sources = graph->report->sources;
    Place place = source_place(sources, span.file, span.start);

    return arena_format(graph->report->arena, "%.*s:%" PRIu32 ":%" PRIu32,
                        TEXT_ARG(source_path(sources, span.file)), place.line,
                        place.column);
}

Text graph_node_label(const Graph *graph, const GraphNode *node)
{
    Arena *arena = graph->report->arena;
    Buffer label = {.arena = arena};

    if (node->count == 1)
        (void)shown_add(&label, node->label, 0);
    else
        buffer_format(&label, "%" PRIu32 " %.*s", node->count,
                      TEXT_ARG(node->kind->plural));
    for (uint32_t i = 0; node->count > 1 && i < node->nproperties; i++)
        add_line(&label,
                 arena_format(arena, "%.*s: %.*s", TEXT_ARG(node->properties[i].key),
                              TEXT_ARG(node->properties[i].value)));
    return buffer_text(&label);
}

Text graph_node_says(const Graph *graph, const GraphNode *node)
{
    Arena *arena = graph->report->arena;
    Buffer says = {.arena = arena};

    if (node->count == 1) {
        add_line(&says, arena_format(arena, "%.*s: %.*s", TEXT_ARG(node->kind->name),
                                     TEXT_ARG(node->name)));
        for (uint32_t i = 0; i < node->nproperties; i++)
            add_line(&says, arena_format(arena, "%.*s: %.*s",
                                         TEXT_ARG(node->properties[i].key),
                                         TEXT_ARG(node->properties[i].value)));
        for (uint32_t i = 0; i < node->nspans; i++)
            add_line(&says, graph_place(graph, node->spans[i]));
    } else {
        add_line(&says,
                 arena_format(arena, "%" PRIu32 " %.*s, such as %.*s", node->count,
                              TEXT_ARG(node->kind->plural), TEXT_ARG(node->name)));
    }
    return buffer_text(&says);
}

static bool are_parallel(const GraphEdge *one, const GraphEdge *other)
{
    return one->from == other->from && one->to == other->to &&
           text_equal(one->state, other->state);
}

static bool is_access(Text state)
{
    return !text_equal(state, TEXT("stated")) && !text_equal(state, TEXT("derived"));
}

static void add_reasons(const Graph *graph, const GraphEdge *edge, Buffer *says,
                        uint32_t *lines)
{
    for (uint32_t i = 0; i < edge->nreasons; i++) {
        const GraphReason *reason = &edge->reasons[i];
        Buffer line = {.arena = graph->report->arena};

        add_words(&line, edge->kind);
        if (reason->says.len) {
            buffer_add(&line, TEXT(": "));
            buffer_add(&line, reason->says);
        }
        if (reason->span.file && edge->count == 1)
            buffer_format(&line, "  (%.*s)",
                          TEXT_ARG(graph_place(graph, reason->span)));
        if (++*lines <= SAYS_MAX)
            add_line(says, buffer_text(&line));
        else if (*lines == SAYS_MAX + 1)
            add_line(says, TEXT("..."));
    }
}

/* The arrow of the edge `at` and those after it that are parallel; *taken marks them. */
static GraphArrow arrow_of(const Graph *graph, uint32_t at, bool *taken)
{
    Arena *arena = graph->report->arena;
    const GraphEdge *first = &graph->edges[at];
    GraphArrow arrow = {.from = first->from, .to = first->to, .state = first->state};
    Buffer label = {.arena = arena}, says = {.arena = arena};
    const GraphMark *marks = NULL;
    uint32_t lines = 0;

    for (uint32_t i = at; i < graph->nedges; i++) {
        const GraphEdge *edge = &graph->edges[i];

        if (edge->from != first->from || edge->to != first->to)
            break;
        if (taken[i] || !are_parallel(first, edge))
            continue;
        taken[i] = true;
        if (label.len)
            buffer_add(&label, TEXT(", "));
        add_words(&label, edge->kind);
        if (edge->count > 1)
            buffer_format(&label, " (%" PRIu32 ")", edge->count);
        add_reasons(graph, edge, &says, &lines);
        marks = marks_join(arena, marks, edge->marks);
    }
    if (is_access(first->state)) {
        buffer_add(&label, TEXT(": "));
        buffer_add(&label, first->state);
    }
    arrow.rule = marks_worst(marks);
    if (arrow.rule)
        add_line(&says, arrow.rule->id);
    arrow.label = buffer_text(&label);
    arrow.says = buffer_text(&says);
    return arrow;
}

GraphArrow *graph_arrows(const Graph *graph, uint32_t *count)
{
    Arena *arena = graph->report->arena;
    GraphArrow *arrows = ARENA_ARRAY(arena, graph->nedges, GraphArrow);
    bool *taken = ARENA_ARRAY(arena, graph->nedges, bool);

    *count = 0;
    for (uint32_t i = 0; i < graph->nedges; i++) {
        if (!taken[i])
            arrows[(*count)++] = arrow_of(graph, i, taken);
    }
    return arrows;
}
