#include "graph/parts.h"

uint32_t edge_other_end(const GraphEdge *edge, uint32_t node)
{
    return edge->from == node ? edge->to : edge->from;
}

Incidence graph_incidence(const Graph *graph)
{
    Arena *arena = graph->report->arena;
    uint32_t *starts = ARENA_ARRAY(arena, (size_t)graph->nnodes + 1, uint32_t);
    uint32_t *next = ARENA_ARRAY(arena, graph->nnodes, uint32_t);
    uint32_t *edges = ARENA_ARRAY(arena, (size_t)graph->nedges * 2, uint32_t);

    for (uint32_t i = 0; i < graph->nedges; i++) {
        starts[graph->edges[i].from + 1]++;
        if (graph->edges[i].to != graph->edges[i].from)
            starts[graph->edges[i].to + 1]++;
    }
    for (uint32_t i = 0; i < graph->nnodes; i++) {
        next[i] = starts[i];
        starts[i + 1] += starts[i];
    }
    for (uint32_t i = 0; i < graph->nedges; i++) {
        edges[next[graph->edges[i].from]++] = i;
        if (graph->edges[i].to != graph->edges[i].from)
            edges[next[graph->edges[i].to]++] = i;
    }
    return (Incidence){starts, edges};
}

static bool is_named(const GraphNode *node, Text name)
{
    Text kind = node->kind->name;

    return text_equal(node->name, name) || text_equal(node->label, name) ||
           (text_starts_with(name, kind) && name.len > kind.len &&
            name.at[kind.len] == ':' &&
            text_equal(text_from(name, kind.len + 1), node->name));
}

uint32_t graph_find(const Graph *graph, Text name, bool *found, Text *near)
{
    uint32_t count = 0, best = 4;

    *near = (Text){0};
    for (uint32_t i = 0; i < graph->nnodes; i++) {
        found[i] = is_named(&graph->nodes[i], name);
        count += found[i];
    }
    for (uint32_t i = 0; i < graph->nnodes && count == 0; i++) {
        uint32_t distance = text_distance(name, graph->nodes[i].name, best - 1);

        if (distance < best) {
            best = distance;
            *near = graph->nodes[i].name;
        }
    }
    return count;
}

uint32_t graph_marked_ends(const Graph *graph, bool *ends)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < graph->nedges; i++) {
        const GraphEdge *edge = &graph->edges[i];

        if (!edge->marks)
            continue;
        count++;
        ends[edge->from] = true;
        ends[edge->to] = true;
    }
    return count;
}

/* Marks what lies within `hops` edges of what is marked. */
static void spread(const Graph *graph, bool *is_in, uint32_t hops)
{
    Incidence incidence = graph_incidence(graph);
    uint32_t *queue = ARENA_ARRAY(graph->report->arena, graph->nnodes, uint32_t);
    uint32_t count = 0, seeds, done = 0;

    for (uint32_t i = 0; i < graph->nnodes; i++) {
        if (is_in[i])
            queue[count++] = i;
    }
    seeds = count;
    for (uint32_t hop = 0; hop < hops && done < count; hop++) {
        for (uint32_t end = count; done < end; done++) {
            uint32_t node = queue[done];

            if (done >= seeds && graph->nodes[node].kind->is_hub)
                continue;
            for (uint32_t i = incidence.starts[node]; i < incidence.starts[node + 1];
                 i++) {
                uint32_t other =
                    edge_other_end(&graph->edges[incidence.edges[i]], node);

                if (!is_in[other])
                    queue[count++] = other;
                is_in[other] = true;
            }
        }
    }
}

const Graph *graph_focus(const Graph *graph, const bool *seeds, uint32_t hops)
{
    Arena *arena = graph->report->arena;
    Graph *part = ARENA_NEW(arena, Graph);
    bool *is_in = ARENA_ARRAY(arena, graph->nnodes, bool);
    uint32_t *now = ARENA_ARRAY(arena, graph->nnodes, uint32_t);

    for (uint32_t i = 0; i < graph->nnodes; i++)
        is_in[i] = seeds[i];
    spread(graph, is_in, hops);
    *part = *graph;
    part->nodes = ARENA_ARRAY(arena, graph->nnodes, GraphNode);
    part->edges = ARENA_ARRAY(arena, graph->nedges, GraphEdge);
    part->nnodes = 0;
    part->nedges = 0;
    for (uint32_t i = 0; i < graph->nnodes; i++) {
        if (!is_in[i])
            continue;
        now[i] = part->nnodes;
        part->nodes[part->nnodes++] = graph->nodes[i];
    }
    for (uint32_t i = 0; i < graph->nedges; i++) {
        GraphEdge edge = graph->edges[i];

        if (!is_in[edge.from] || !is_in[edge.to])
            continue;
        edge.from = now[edge.from];
        edge.to = now[edge.to];
        part->edges[part->nedges++] = edge;
    }
    return part;
}
