#include "graph/parts.h"

#include <inttypes.h>
#include <stdlib.h>

enum { PASSES_MAX = 4, REASONS_MAX = 4 /* of an edge of a summary */ };

typedef struct Merging {
    const Graph *graph;
    Arena *arena;
    uint32_t *into; /* by node: the node that stands for it, itself or another */
    bool *is_part;  /* by node: it is not counted, for it is drawn as a part */
    Buffer key;
} Merging;

static Merging merging_of(const Graph *graph)
{
    Arena *arena = graph->report->arena;
    Merging merging = {.graph = graph,
                       .arena = arena,
                       .into = ARENA_ARRAY(arena, graph->nnodes, uint32_t),
                       .is_part = ARENA_ARRAY(arena, graph->nnodes, bool),
                       .key = {.arena = arena}};

    for (uint32_t i = 0; i < graph->nnodes; i++)
        merging.into[i] = i;
    return merging;
}

/* --- the graph of what was merged --- */

static bool says_already(const GraphReason *reasons, uint32_t count, Text says)
{
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(reasons[i].says, says))
            return true;
    }
    return false;
}

static void join_edge(Arena *arena, GraphEdge *edge, const GraphEdge *other)
{
    GraphReason *reasons = ARENA_ARRAY(arena, REASONS_MAX, GraphReason);
    uint32_t count = 0;

    for (uint32_t i = 0; i < edge->nreasons && count < REASONS_MAX; i++) {
        if (!says_already(reasons, count, edge->reasons[i].says))
            reasons[count++] = edge->reasons[i];
    }
    for (uint32_t i = 0; i < other->nreasons && count < REASONS_MAX; i++) {
        if (!says_already(reasons, count, other->reasons[i].says))
            reasons[count++] = other->reasons[i];
    }
    edge->reasons = reasons;
    edge->nreasons = count;
    edge->count += other->count;
    edge->marks = marks_join(arena, edge->marks, other->marks);
}

static int by_ends(const void *left, const void *right)
{
    const GraphEdge *one = left, *other = right;
    int order;

    if (one->from != other->from)
        return one->from < other->from ? -1 : 1;
    if (one->to != other->to)
        return one->to < other->to ? -1 : 1;
    order = text_compare(one->kind, other->kind);
    if (order == 0)
        order = text_compare(one->state, other->state);
    return order;
}

static void merge_edges(Merging *merging, Graph *merged, const uint32_t *now)
{
    const Graph *graph = merging->graph;
    GraphEdge *edges = ARENA_ARRAY(merging->arena, graph->nedges, GraphEdge);
    Symbols *keys = symbols_new(merging->arena);

    for (uint32_t i = 0; i < graph->nedges; i++) {
        GraphEdge edge = graph->edges[i];

        edge.from = now[merging->into[edge.from]];
        edge.to = now[merging->into[edge.to]];
        if (edge.from == edge.to)
            continue;
        merging->key.len = 0;
        buffer_format(&merging->key, "%" PRIu32 " %" PRIu32 " ", edge.from, edge.to);
        buffer_add(&merging->key, edge.kind);
        buffer_add_byte(&merging->key, ' ');
        buffer_add(&merging->key, edge.state);
        uint32_t id = symbol_intern(keys, buffer_text(&merging->key)).id - 1;
        if (id == merged->nedges)
            edges[merged->nedges++] = edge;
        else
            join_edge(merging->arena, &edges[id], &edge);
    }
    if (merged->nedges)
        qsort(edges, merged->nedges, sizeof(GraphEdge), by_ends);
    merged->edges = edges;
}

/* The properties that both have. */
static void share_properties(Arena *arena, GraphNode *node, const GraphNode *other)
{
    GraphProperty *shared = ARENA_ARRAY(arena, node->nproperties, GraphProperty);
    uint32_t count = 0;

    for (uint32_t i = 0; i < node->nproperties; i++) {
        const GraphProperty *property = &node->properties[i];
        bool is_shared = false;

        for (uint32_t j = 0; j < other->nproperties && !is_shared; j++)
            is_shared = text_equal(property->key, other->properties[j].key) &&
                        text_equal(property->value, other->properties[j].value);
        if (is_shared)
            shared[count++] = *property;
    }
    node->properties = shared;
    node->nproperties = count;
}

/* What is merged keeps the place of the first, so that the order stays. */
static const Graph *merged_graph(Merging *merging)
{
    const Graph *graph = merging->graph;
    Graph *merged = ARENA_NEW(merging->arena, Graph);
    uint32_t *now = ARENA_ARRAY(merging->arena, graph->nnodes, uint32_t);

    *merged = *graph;
    merged->nodes = ARENA_ARRAY(merging->arena, graph->nnodes, GraphNode);
    merged->nnodes = 0;
    merged->nedges = 0;
    merged->whole = graph->whole ? graph->whole : graph->nnodes;
    for (uint32_t i = 0; i < graph->nnodes; i++) {
        if (merging->into[i] != i)
            continue;
        now[i] = merged->nnodes;
        merged->nodes[merged->nnodes++] = graph->nodes[i];
    }
    for (uint32_t i = 0; i < graph->nnodes; i++) {
        GraphNode *node = &merged->nodes[now[merging->into[i]]];

        if (merging->into[i] == i)
            continue;
        node->marks = marks_join(merging->arena, node->marks, graph->nodes[i].marks);
        if (merging->is_part[i])
            continue;
        node->count += graph->nodes[i].count;
        share_properties(merging->arena, node, &graph->nodes[i]);
    }
    merge_edges(merging, merged, now);
    return merged;
}

/* --- what may be merged --- */

typedef struct Neighbour {
    uint32_t node;
    bool is_outward;
    const GraphEdge *edge;
} Neighbour;

static int by_neighbour(const void *left, const void *right)
{
    const Neighbour *one = left, *other = right;
    int order;

    if (one->node != other->node)
        return one->node < other->node ? -1 : 1;
    if (one->is_outward != other->is_outward)
        return one->is_outward ? 1 : -1;
    order = text_compare(one->edge->kind, other->edge->kind);
    return order ? order : text_compare(one->edge->state, other->edge->state);
}

static void key_kind(Merging *merging, const GraphNode *node)
{
    merging->key.len = 0;
    buffer_add(&merging->key, node->kind->name);
    buffer_add_byte(&merging->key, '\0');
}

static void key_properties(Merging *merging, const GraphNode *node)
{
    for (uint32_t i = 0; i < node->nproperties; i++) {
        buffer_add(&merging->key, node->properties[i].key);
        buffer_add_byte(&merging->key, '\0');
        buffer_add(&merging->key, node->properties[i].value);
        buffer_add_byte(&merging->key, '\0');
    }
}

/* A node's kind, properties and neighbours, and what is found of its edges, as bytes:
 * nodes of one text are told apart by their names alone. */
static Text neighbours_key(Merging *merging, const Incidence *incidence, uint32_t id,
                           Neighbour *room)
{
    const Graph *graph = merging->graph;
    const GraphNode *node = &graph->nodes[id];
    uint32_t count = 0;

    key_kind(merging, node);
    key_properties(merging, node);
    for (uint32_t i = incidence->starts[id]; i < incidence->starts[id + 1]; i++) {
        const GraphEdge *edge = &graph->edges[incidence->edges[i]];

        room[count++] = (Neighbour){edge_other_end(edge, id), edge->from == id, edge};
    }
    if (count)
        qsort(room, count, sizeof(Neighbour), by_neighbour);
    for (uint32_t i = 0; i < count; i++) {
        const Rule *found = marks_worst(room[i].edge->marks);

        buffer_format(&merging->key, "%c%" PRIu32 " ", room[i].is_outward ? '>' : '<',
                      room[i].node);
        buffer_add(&merging->key, room[i].edge->kind);
        buffer_add_byte(&merging->key, ' ');
        buffer_add(&merging->key, room[i].edge->state);
        buffer_add_byte(&merging->key, ' ');
        buffer_add(&merging->key, found ? found->id : TEXT(""));
        buffer_add_byte(&merging->key, '\0');
    }
    return buffer_text(&merging->key);
}

/* The first node of this text, which is the one itself when it is new. */
static uint32_t first_of(Symbols *keys, uint32_t *firsts, Text key, uint32_t id)
{
    uint32_t symbol = symbol_intern(keys, key).id;

    if (firsts[symbol] == 0)
        firsts[symbol] = id + 1;
    return firsts[symbol] - 1;
}

static const Graph *merge_same(const Graph *graph)
{
    for (int pass = 0; pass < PASSES_MAX; pass++) {
        Merging merging = merging_of(graph);
        Incidence incidence = graph_incidence(graph);
        Neighbour *room =
            ARENA_ARRAY(merging.arena, (size_t)graph->nedges * 2, Neighbour);
        Symbols *keys = symbols_new(merging.arena);
        uint32_t *firsts = ARENA_ARRAY(merging.arena, graph->nnodes + 1, uint32_t);
        bool any = false;

        for (uint32_t i = 0; i < graph->nnodes; i++) {
            Text key = neighbours_key(&merging, &incidence, i, room);

            merging.into[i] = first_of(keys, firsts, key, i);
            any |= merging.into[i] != i;
        }
        if (!any)
            break;
        graph = merged_graph(&merging);
    }
    return graph;
}

/* The edge that makes a node a part of another: the first of its kind's. */
static const GraphEdge *part_edge(const Graph *graph, const Incidence *incidence,
                                  uint32_t id)
{
    for (uint32_t i = 0; i < graph->nparts; i++) {
        if (!text_equal(graph->parts[i].kind, graph->nodes[id].kind->name))
            continue;
        for (uint32_t j = incidence->starts[id]; j < incidence->starts[id + 1]; j++) {
            const GraphEdge *edge = &graph->edges[incidence->edges[j]];

            if (text_equal(edge->kind, graph->parts[i].edge_kind))
                return edge;
        }
    }
    return NULL;
}

static const Graph *merge_parts(const Graph *graph)
{
    Merging merging = merging_of(graph);
    Incidence incidence = graph_incidence(graph);

    for (uint32_t i = 0; i < graph->nnodes; i++) {
        const GraphEdge *edge = part_edge(graph, &incidence, i);

        if (!edge)
            continue;
        merging.into[i] = edge_other_end(edge, i);
        merging.is_part[i] = true;
    }
    /* What is a part of a part is a part of the whole; rules say so of few kinds. */
    for (uint32_t i = 0; i < graph->nnodes; i++) {
        for (uint32_t j = 0; j < graph->nparts; j++)
            merging.into[i] = merging.into[merging.into[i]];
        if (merging.into[merging.into[i]] != merging.into[i])
            merging.into[i] = i;
    }
    return merged_graph(&merging);
}

/* --- what is still too much: from all of a kind as one, as far apart as there is room --- */

typedef struct Colouring {
    Merging *merging;
    Incidence incidence;
    uint32_t *colours, *tried; /* by node; from 1 */
    uint32_t max;
} Colouring;

/* What tells two nodes of one colour apart; adds it to the key. */
typedef void Trait(Colouring *colouring, uint32_t id);

static void trait_none(Colouring *colouring, uint32_t id)
{
    (void)colouring;
    (void)id;
}

static void trait_name(Colouring *colouring, uint32_t id)
{
    buffer_format(&colouring->merging->key, "%" PRIu32, id);
}

static void trait_properties(Colouring *colouring, uint32_t id)
{
    key_properties(colouring->merging, &colouring->merging->graph->nodes[id]);
}

static void trait_found(Colouring *colouring, uint32_t id)
{
    Merging *merging = colouring->merging;
    const Incidence *incidence = &colouring->incidence;
    const GraphMark *marks = NULL;

    for (uint32_t i = incidence->starts[id]; i < incidence->starts[id + 1]; i++)
        marks = marks_join(merging->arena, marks,
                           merging->graph->edges[incidence->edges[i]].marks);
    if (marks)
        buffer_add(&merging->key, text_of(severity_name(marks_worst(marks)->severity)));
}

/* Tells the nodes of this kind (NULL: of every kind) apart by the trait, if the colours
 * do not become too many. */
static void split(Colouring *colouring, const GraphKind *kind, Trait *trait)
{
    Merging *merging = colouring->merging;
    const Graph *graph = merging->graph;
    Symbols *keys = symbols_new(merging->arena);

    for (uint32_t i = 0; i < graph->nnodes; i++) {
        merging->key.len = 0;
        buffer_format(&merging->key, "%" PRIu32 " ", colouring->colours[i]);
        if (!kind || graph->nodes[i].kind == kind)
            trait(colouring, i);
        colouring->tried[i] = symbol_intern(keys, buffer_text(&merging->key)).id;
        if (symbols_count(keys) - 1 > colouring->max)
            return;
    }
    uint32_t *spare = colouring->colours;
    colouring->colours = colouring->tried;
    colouring->tried = spare;
}

/* The kinds, those with few nodes first. */
static const GraphKind **kinds_by_count(const Graph *graph, uint32_t *count)
{
    Arena *arena = graph->report->arena;
    const GraphKind **kinds = ARENA_ARRAY(arena, graph->nnodes, const GraphKind *);
    uint32_t *sizes = ARENA_ARRAY(arena, graph->nnodes, uint32_t);

    /* Nodes are in the order of their kinds. */
    *count = 0;
    for (uint32_t i = 0; i < graph->nnodes; i++) {
        if (*count == 0 || kinds[*count - 1] != graph->nodes[i].kind)
            kinds[(*count)++] = graph->nodes[i].kind;
        sizes[*count - 1]++;
    }
    for (uint32_t i = 1; i < *count; i++) {
        for (uint32_t j = i; j > 0 && sizes[j] < sizes[j - 1]; j--) {
            const GraphKind *kind = kinds[j];
            uint32_t size = sizes[j];

            kinds[j] = kinds[j - 1];
            sizes[j] = sizes[j - 1];
            kinds[j - 1] = kind;
            sizes[j - 1] = size;
        }
    }
    return kinds;
}

static const Graph *merge_kinds(const Graph *graph, uint32_t max)
{
    static Trait *const traits[] = {trait_name, trait_properties, trait_found};
    Merging merging = merging_of(graph);
    Colouring colouring = {.merging = &merging,
                           .incidence = graph_incidence(graph),
                           .colours =
                               ARENA_ARRAY(merging.arena, graph->nnodes, uint32_t),
                           .tried = ARENA_ARRAY(merging.arena, graph->nnodes, uint32_t),
                           .max = max};
    uint32_t *firsts = ARENA_ARRAY(merging.arena, graph->nnodes + 1, uint32_t);
    uint32_t nkinds;
    const GraphKind **kinds = kinds_by_count(graph, &nkinds);

    for (uint32_t i = 0, kind = 0; i < graph->nnodes; i++) {
        kind += i == 0 || graph->nodes[i].kind != graph->nodes[i - 1].kind;
        colouring.colours[i] = kind;
    }
    split(&colouring, NULL, trait_none);
    for (size_t i = 0; i < sizeof(traits) / sizeof(*traits); i++) {
        for (uint32_t j = 0; j < nkinds; j++)
            split(&colouring, kinds[j], traits[i]);
    }
    for (uint32_t i = 0; i < graph->nnodes; i++) {
        uint32_t *first = &firsts[colouring.colours[i]];

        *first = *first ? *first : i + 1;
        merging.into[i] = *first - 1;
    }
    return merged_graph(&merging);
}

const Graph *graph_summary(const Graph *graph, uint32_t max)
{
    if (graph->nnodes > max)
        graph = merge_same(graph);
    if (graph->nnodes > max)
        graph = merge_same(merge_parts(graph));
    if (graph->nnodes > max)
        graph = merge_kinds(graph, max);
    return graph;
}

Text graph_summary_says(const Graph *graph)
{
    if (graph->whole == 0)
        return TEXT("");
    return arena_format(graph->report->arena,
                        "summarized: %" PRIu32 " nodes are drawn as %" PRIu32
                        "; --focus NODE draws what is near one",
                        graph->whole, graph->nnodes);
}
