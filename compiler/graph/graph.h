/*
 * graph.h: who may pull what, as nodes and edges.
 *
 * rules/platform/graph.dl says what nodes and edges there are; here they are only
 * collected, narrowed, merged and printed. Rows of one edge (kind, ends and state) are
 * its reasons: a place of a file, or a row that the engine proves. Nodes are by column,
 * kind and name, edges by their nodes, kind and state, so that equal inputs give equal
 * bytes. It stands above report, for it prints proofs and marks what is found.
 */
#ifndef BERTH_GRAPH_GRAPH_H
#define BERTH_GRAPH_GRAPH_H

#include "report/report.h"

enum {
    GRAPH_DRAWN_MAX = 40 /* nodes of a drawing; beyond, it is summarized */
};

typedef struct GraphKind {
    Text name, plural; /* "repository", "repositories" */
    Text type;         /* by which rules' rows name its nodes: "Repo"; empty: none */
    uint32_t column;
    bool is_hub; /* no way leads through its nodes */
} GraphKind;

/* A rule that has a finding about a node, or about both ends of an edge. By id. */
typedef struct GraphMark {
    const Rule *rule;
    const struct GraphMark *next;
} GraphMark;

typedef struct GraphProperty {
    Text key, value; /* several of one key: by value */
} GraphProperty;

typedef struct GraphNode {
    const GraphKind *kind;
    Text name, label;
    const Span *spans; /* where it is declared */
    uint32_t nspans;
    const GraphProperty *properties;
    uint32_t nproperties;
    const GraphMark *marks;
    uint32_t count; /* how many nodes it stands for: 1, but in a summary */
} GraphNode;

typedef struct GraphReason {
    Text says; /* may be empty */
    Span span; /* file 0: it is derived */
    uint32_t row;
} GraphReason;

typedef struct GraphEdge {
    uint32_t from, to; /* nodes */
    Text kind, state;  /* "grants"; "stated", "derived", "allowed", ... */
    const GraphReason *reasons;
    uint32_t nreasons;
    const GraphMark *marks;
    uint32_t count; /* how many edges it stands for */
} GraphEdge;

/* Of a summary: a node of this kind is a part of the one at an edge's other end. */
typedef struct GraphPart {
    Text kind, edge_kind;
} GraphPart;

typedef struct Graph {
    const Report *report;
    DlRelationId relation; /* of the reasons' rows */
    GraphKind *kinds;
    uint32_t nkinds;
    GraphPart *parts;
    uint32_t nparts;
    GraphNode *nodes;
    uint32_t nnodes;
    GraphEdge *edges;
    uint32_t nedges;
    uint32_t whole; /* of a summary: the nodes it stands for; else 0 */
} Graph;

/* From the rows of a compilation whose graph was asked for (CompileOptions.graph_of),
 * and the report's findings. */
const Graph *graph_new(const Report *report);

/* --- narrow.c --- */

/* The nodes of this name, "kind:name" or label, as marks by node; how many there are.
 * With none, *near is the nearest name, or empty. */
uint32_t graph_find(const Graph *graph, Text name, bool *found, Text *near);
/* What lies within `hops` edges, in either direction, of the nodes `seeds` (marks by
 * node). */
const Graph *graph_focus(const Graph *graph, const bool *seeds, uint32_t hops);
/* Marks the ends of the edges that are marked; how many edges there are. */
uint32_t graph_marked_ends(const Graph *graph, bool *ends);

/* --- summary.c --- */

/* At most about `max` nodes: nodes of one kind with the same neighbours become one,
 * counted; where that is not enough, parts are drawn with what they are parts of; then
 * all of a kind, told apart as far as there is room: by name, where they are few, by
 * properties, by what is found. The graph itself when it is small enough. */
const Graph *graph_summary(const Graph *graph, uint32_t max);
/* "summarized: 3 organizations, 1000 repositories, ..."; empty for a whole graph. */
Text graph_summary_says(const Graph *graph);

/* --- what drawings share: label.c --- */

/* The edges between two nodes with one state, as one arrow. */
typedef struct GraphArrow {
    uint32_t from, to;
    Text state;
    Text label;       /* "can pull: denied"; kinds with ", " between them */
    Text says;        /* every reason, a line each; not more than a few */
    const Rule *rule; /* the worst that is found of it; NULL: nothing */
} GraphArrow;

/* In the order of the edges. */
GraphArrow *graph_arrows(const Graph *graph, uint32_t *count);
/* What a drawing writes on a node, safe to be seen: the label; or "37 repositories" and
 * what they share, a line each. */
Text graph_node_label(const Graph *graph, const GraphNode *node);
/* "repository: octo-org/site", and what there is to know of it, a line each. */
Text graph_node_says(const Graph *graph, const GraphNode *node);
/* "path:line:column". */
Text graph_place(const Graph *graph, Span span);

/* --- formats; drawings are of a summary, the rest of the whole --- */
typedef void GraphEmitter(const Graph *graph, Buffer *out);
GraphEmitter graph_dot, graph_mermaid, graph_json, graph_xml, graph_open;
/* A <figure> for an HTML page, whose style sheet (assets/report.css) has its classes: an
 * <svg>, a legend and the same as a list. Nothing for a graph without nodes. */
GraphEmitter graph_svg;

#endif
