#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

#include "graph/parts.h"
#include "report/cells.h"

/* The cells of the relations of rules/platform/graph.dl. */
enum { NODE_AT, NODE_KIND, NODE_NAME, NODE_LABEL };
enum { PROPERTY_KIND, PROPERTY_NAME, PROPERTY_KEY, PROPERTY_VALUE };
enum {
    EDGE_AT,
    EDGE_KIND,
    EDGE_FROM_KIND,
    EDGE_FROM,
    EDGE_TO_KIND,
    EDGE_TO,
    EDGE_STATE,
    EDGE_SAYS
};
enum { KIND_NAME, KIND_PLURAL, KIND_COLUMN, KIND_TYPE };

/* Something of a node or an edge, which is its owner: a place, a property or a reason. */
typedef struct Item {
    uint32_t owner;
    GraphProperty property;
    GraphReason reason;
    const Report *report; /* of the places that are compared */
} Item;

typedef struct Items {
    Item *items;
    uint32_t count, capacity;
} Items;

typedef struct Collecting {
    const Report *report;
    Arena *arena;
    Graph *graph;
    Symbols *node_keys, *edge_keys; /* a key's symbol is the number, from 1 */
    uint32_t node_capacity, edge_capacity;
    Items places, properties, reasons;
    Buffer key;
} Collecting;

static Text symbol(const Collecting *collecting, uint32_t cell)
{
    return symbol_text(collecting->report->symbols, (Symbol){cell});
}

static DlRelationId relation(const Collecting *collecting, const char *name)
{
    return dl_relation_find(collecting->report->program, text_of(name));
}

static uint32_t count_of(const Collecting *collecting, DlRelationId id)
{
    return id.index == DL_NO_RELATION ? 0
                                      : dl_row_count(collecting->report->database, id);
}

static const uint32_t *row_of(const Collecting *collecting, DlRelationId id,
                              uint32_t row)
{
    return dl_row(collecting->report->database, id, row);
}

static Item *items_add(Collecting *collecting, Items *items, uint32_t owner)
{
    ARRAY_GROW(collecting->arena, items->items, items->count, items->capacity);
    Item *item = &items->items[items->count++];

    *item = (Item){.owner = owner, .report = collecting->report};
    return item;
}

/* --- kinds --- */

static int by_column(const void *left, const void *right)
{
    const GraphKind *one = left, *other = right;

    if (one->column != other->column)
        return one->column < other->column ? -1 : 1;
    return text_compare(one->name, other->name);
}

static void read_kinds(Collecting *collecting)
{
    Graph *graph = collecting->graph;
    DlRelationId kinds = relation(collecting, "node_kind");
    DlRelationId hubs = relation(collecting, "hub_kind");
    DlRelationId parts = relation(collecting, "part_kind");

    graph->nkinds = count_of(collecting, kinds);
    graph->kinds = ARENA_ARRAY(collecting->arena, graph->nkinds, GraphKind);
    for (uint32_t i = 0; i < graph->nkinds; i++) {
        const uint32_t *row = row_of(collecting, kinds, i);
        GraphKind *kind = &graph->kinds[i];

        kind->name = symbol(collecting, row[KIND_NAME]);
        kind->plural = symbol(collecting, row[KIND_PLURAL]);
        kind->type = symbol(collecting, row[KIND_TYPE]);
        kind->column = row[KIND_COLUMN];
        for (uint32_t j = 0; j < count_of(collecting, hubs); j++)
            kind->is_hub |= row_of(collecting, hubs, j)[0] == row[KIND_NAME];
    }
    qsort(graph->kinds, graph->nkinds, sizeof(GraphKind), by_column);
    graph->nparts = count_of(collecting, parts);
    graph->parts = ARENA_ARRAY(collecting->arena, graph->nparts, GraphPart);
    for (uint32_t i = 0; i < graph->nparts; i++) {
        const uint32_t *row = row_of(collecting, parts, i);

        graph->parts[i] =
            (GraphPart){symbol(collecting, row[0]), symbol(collecting, row[1])};
    }
}

static const GraphKind *kind_of(Collecting *collecting, Text name)
{
    for (uint32_t i = 0; i < collecting->graph->nkinds; i++) {
        if (text_equal(collecting->graph->kinds[i].name, name))
            return &collecting->graph->kinds[i];
    }
    /* A kind that nothing describes stands at the end, under its own name. */
    GraphKind *kind = ARENA_NEW(collecting->arena, GraphKind);
    *kind = (GraphKind){.name = name, .plural = name, .column = UINT32_MAX};
    return kind;
}

/* --- nodes --- */

static uint32_t key_add(Collecting *collecting, Symbols *keys, const uint32_t *cells,
                        uint32_t count)
{
    collecting->key.len = 0;
    buffer_add(&collecting->key, (Text){(const char *)cells, count * sizeof(uint32_t)});
    return symbol_intern(keys, buffer_text(&collecting->key)).id - 1;
}

static uint32_t node_of(Collecting *collecting, uint32_t kind, uint32_t name)
{
    Graph *graph = collecting->graph;
    uint32_t id =
        key_add(collecting, collecting->node_keys, (uint32_t[]){kind, name}, 2);

    if (id < graph->nnodes)
        return id;
    ARRAY_GROW(collecting->arena, graph->nodes, graph->nnodes,
               collecting->node_capacity);
    graph->nodes[graph->nnodes++] =
        (GraphNode){.kind = kind_of(collecting, symbol(collecting, kind)),
                    .name = symbol(collecting, name),
                    .count = 1};
    return id;
}

static void add_place(Collecting *collecting, uint32_t node, Span span)
{
    if (span.file)
        items_add(collecting, &collecting->places, node)->reason.span = span;
}

static void read_nodes(Collecting *collecting)
{
    DlRelationId nodes = relation(collecting, "node");
    DlRelationId properties = relation(collecting, "node_property");

    for (uint32_t i = 0; i < count_of(collecting, nodes); i++) {
        const uint32_t *row = row_of(collecting, nodes, i);
        uint32_t id = node_of(collecting, row[NODE_KIND], row[NODE_NAME]);
        Text label = symbol(collecting, row[NODE_LABEL]);
        GraphNode *node = &collecting->graph->nodes[id];

        if (node->label.len == 0 || text_compare(label, node->label) < 0)
            node->label = label;
        add_place(collecting, id,
                  site_span(collecting->report->sources, (Site){row[NODE_AT]}));
    }
    for (uint32_t i = 0; i < count_of(collecting, properties); i++) {
        const uint32_t *row = row_of(collecting, properties, i);
        uint32_t id = node_of(collecting, row[PROPERTY_KIND], row[PROPERTY_NAME]);

        items_add(collecting, &collecting->properties, id)->property =
            (GraphProperty){symbol(collecting, row[PROPERTY_KEY]),
                            symbol(collecting, row[PROPERTY_VALUE])};
    }
}

/* --- edges --- */

static uint32_t edge_of(Collecting *collecting, const uint32_t *row)
{
    Graph *graph = collecting->graph;
    uint32_t from = node_of(collecting, row[EDGE_FROM_KIND], row[EDGE_FROM]);
    uint32_t to = node_of(collecting, row[EDGE_TO_KIND], row[EDGE_TO]);
    uint32_t id = key_add(collecting, collecting->edge_keys,
                          (uint32_t[]){from, to, row[EDGE_KIND], row[EDGE_STATE]}, 4);

    if (id < graph->nedges)
        return id;
    ARRAY_GROW(collecting->arena, graph->edges, graph->nedges,
               collecting->edge_capacity);
    graph->edges[graph->nedges++] = (GraphEdge){from,
                                                to,
                                                symbol(collecting, row[EDGE_KIND]),
                                                symbol(collecting, row[EDGE_STATE]),
                                                NULL,
                                                0,
                                                NULL,
                                                1};
    return id;
}

static void read_edges(Collecting *collecting)
{
    DlRelationId edges = relation(collecting, "edge");

    collecting->graph->relation = edges;
    for (uint32_t i = 0; i < count_of(collecting, edges); i++) {
        const uint32_t *row = row_of(collecting, edges, i);
        uint32_t id = edge_of(collecting, row);

        items_add(collecting, &collecting->reasons, id)->reason = (GraphReason){
            symbol(collecting, row[EDGE_SAYS]),
            site_span(collecting->report->sources, (Site){row[EDGE_AT]}), i};
    }
}

/* --- order --- */

static int by_owner(const void *left, const void *right)
{
    const Item *one = left, *other = right;
    int order;

    if (one->owner != other->owner)
        return one->owner < other->owner ? -1 : 1;
    order = text_compare(one->property.key, other->property.key);
    if (order == 0)
        order = text_compare(one->property.value, other->property.value);
    if (order == 0)
        order = text_compare(one->reason.says, other->reason.says);
    if (order == 0)
        order = place_compare(one->report, one->reason.span, other->reason.span);
    return order;
}

/* The items of this owner, from *at on, which moves behind them. */
static uint32_t next_items(const Items *items, uint32_t owner, uint32_t *at)
{
    uint32_t start = *at;

    while (*at < items->count && items->items[*at].owner == owner)
        ++*at;
    return *at - start;
}

/* Items are turned into what their owners point to, each kind in one array. */
static void give_items(Collecting *collecting)
{
    Items *places = &collecting->places, *properties = &collecting->properties;
    Items *reasons = &collecting->reasons;
    Span *spans = ARENA_ARRAY(collecting->arena, places->count, Span);
    GraphProperty *pairs =
        ARENA_ARRAY(collecting->arena, properties->count, GraphProperty);
    GraphReason *lines = ARENA_ARRAY(collecting->arena, reasons->count, GraphReason);
    Items *all[] = {places, properties, reasons};
    uint32_t at[3] = {0};

    for (int i = 0; i < 3; i++) {
        if (all[i]->count)
            qsort(all[i]->items, all[i]->count, sizeof(Item), by_owner);
    }
    for (uint32_t i = 0; i < places->count; i++)
        spans[i] = places->items[i].reason.span;
    for (uint32_t i = 0; i < properties->count; i++)
        pairs[i] = properties->items[i].property;
    for (uint32_t i = 0; i < reasons->count; i++)
        lines[i] = reasons->items[i].reason;
    for (uint32_t i = 0; i < collecting->graph->nnodes; i++) {
        GraphNode *node = &collecting->graph->nodes[i];

        node->spans = spans + at[0];
        node->nspans = next_items(places, i, &at[0]);
        node->properties = pairs + at[1];
        node->nproperties = next_items(properties, i, &at[1]);
    }
    for (uint32_t i = 0; i < collecting->graph->nedges; i++) {
        GraphEdge *edge = &collecting->graph->edges[i];

        edge->reasons = lines + at[2];
        edge->nreasons = next_items(reasons, i, &at[2]);
    }
}

typedef struct Ranked {
    GraphNode node;
    uint32_t was;
} Ranked;

static int by_kind_and_name(const void *left, const void *right)
{
    const GraphNode *one = &((const Ranked *)left)->node;
    const GraphNode *other = &((const Ranked *)right)->node;

    if (one->kind->column != other->kind->column)
        return one->kind->column < other->kind->column ? -1 : 1;
    int order = text_compare(one->kind->name, other->kind->name);
    return order ? order : text_compare(one->name, other->name);
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
    return order ? order : text_compare(one->state, other->state);
}

static void sort(Collecting *collecting)
{
    Graph *graph = collecting->graph;
    Ranked *ranked = ARENA_ARRAY(collecting->arena, graph->nnodes, Ranked);
    uint32_t *now = ARENA_ARRAY(collecting->arena, graph->nnodes, uint32_t);

    for (uint32_t i = 0; i < graph->nnodes; i++) {
        if (graph->nodes[i].label.len == 0)
            graph->nodes[i].label = graph->nodes[i].name;
        ranked[i] = (Ranked){graph->nodes[i], i};
    }
    if (graph->nnodes)
        qsort(ranked, graph->nnodes, sizeof(Ranked), by_kind_and_name);
    for (uint32_t i = 0; i < graph->nnodes; i++) {
        graph->nodes[i] = ranked[i].node;
        now[ranked[i].was] = i;
    }
    for (uint32_t i = 0; i < graph->nedges; i++) {
        graph->edges[i].from = now[graph->edges[i].from];
        graph->edges[i].to = now[graph->edges[i].to];
    }
    if (graph->nedges)
        qsort(graph->edges, graph->nedges, sizeof(GraphEdge), by_ends);
}

const Graph *graph_new(const Report *report)
{
    Arena *arena = report->arena;
    Graph *graph = ARENA_NEW(arena, Graph);
    Collecting collecting = {.report = report,
                             .arena = arena,
                             .graph = graph,
                             .node_keys = symbols_new(arena),
                             .edge_keys = symbols_new(arena),
                             .key = {.arena = arena}};

    graph->report = report;
    if (!report->database)
        return graph;
    read_kinds(&collecting);
    read_nodes(&collecting);
    read_edges(&collecting);
    give_items(&collecting);
    sort(&collecting);
    graph_mark(graph);
    return graph;
}
