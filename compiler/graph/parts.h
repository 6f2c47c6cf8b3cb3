/*
 * parts.h: what the parts of the graph share.
 *
 * Private to compiler/graph.
 */
#ifndef BERTH_GRAPH_PARTS_H
#define BERTH_GRAPH_PARTS_H

#include "graph/graph.h"

/* The edges of each node, in both directions: those of node i are
 * edges[starts[i]] ... edges[starts[i + 1] - 1], by number. */
typedef struct Incidence {
    uint32_t *starts, *edges;
} Incidence;

/* narrow.c */
Incidence graph_incidence(const Graph *graph);
uint32_t edge_other_end(const GraphEdge *edge, uint32_t node);

/* mark.c: what the report's findings are about. */
void graph_mark(Graph *graph);
/* The worst of some marks; NULL: there are none. */
const Rule *marks_worst(const GraphMark *marks);
const GraphMark *marks_join(Arena *arena, const GraphMark *one, const GraphMark *other);

#endif
