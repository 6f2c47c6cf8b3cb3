#include "graph/parts.h"

#include "report/cells.h"

enum { SUBJECTS_MAX = 16 }; /* nodes that one finding is about */

typedef struct Marking {
    Graph *graph;
    Symbols *keys;   /* of the nodes that rules can name: type, NUL, name */
    uint32_t *nodes; /* by a key's symbol */
    Incidence incidence;
    Buffer key;
} Marking;

static Text key_of(Marking *marking, Text type, Text name)
{
    marking->key.len = 0;
    buffer_add(&marking->key, type);
    buffer_add_byte(&marking->key, '\0');
    buffer_add(&marking->key, name);
    return buffer_text(&marking->key);
}

/* Adds a mark at its place, by the rule's id; one that is there is left. */
static const GraphMark *add(Arena *arena, const GraphMark *marks, const Rule *rule)
{
    GraphMark *mark;

    if (marks && marks->rule == rule)
        return marks;
    mark = ARENA_NEW(arena, GraphMark);
    if (!marks || text_compare(rule->id, marks->rule->id) < 0) {
        *mark = (GraphMark){rule, marks};
        return mark;
    }
    /* As many steps as there are rules before it. */
    *mark = (GraphMark){marks->rule, NULL};
    GraphMark *last = mark;
    for (marks = marks->next; marks && text_compare(marks->rule->id, rule->id) < 0;
         marks = marks->next) {
        GraphMark *copy = ARENA_NEW(arena, GraphMark);

        *copy = (GraphMark){marks->rule, NULL};
        last->next = copy;
        last = copy;
    }
    if (marks && marks->rule == rule) {
        last->next = marks;
        return mark;
    }
    GraphMark *own = ARENA_NEW(arena, GraphMark);
    *own = (GraphMark){rule, marks};
    last->next = own;
    return mark;
}

static bool has(const GraphMark *marks, const Rule *rule)
{
    while (marks && marks->rule != rule)
        marks = marks->next;
    return marks != NULL;
}

const Rule *marks_worst(const GraphMark *marks)
{
    const Rule *worst = NULL;

    for (; marks; marks = marks->next) {
        if (!worst || marks->rule->severity > worst->severity)
            worst = marks->rule;
    }
    return worst;
}

const GraphMark *marks_join(Arena *arena, const GraphMark *one, const GraphMark *other)
{
    for (; other; other = other->next) {
        if (!has(one, other->rule))
            one = add(arena, one, other->rule);
    }
    return one;
}

static void mark_between(Marking *marking, uint32_t one, uint32_t other,
                         const Rule *rule)
{
    const Incidence *incidence = &marking->incidence;
    Graph *graph = marking->graph;
    uint32_t few = one, many = other;

    if (incidence->starts[one + 1] - incidence->starts[one] >
        incidence->starts[other + 1] - incidence->starts[other]) {
        few = other;
        many = one;
    }
    for (uint32_t i = incidence->starts[few]; i < incidence->starts[few + 1]; i++) {
        GraphEdge *edge = &graph->edges[incidence->edges[i]];

        if (edge_other_end(edge, few) == many && !has(edge->marks, rule))
            edge->marks = add(graph->report->arena, edge->marks, rule);
    }
}

static void mark_finding(Marking *marking, const Finding *finding)
{
    Graph *graph = marking->graph;
    const Report *report = graph->report;
    const DlRelation *relation = dl_relation(report->program, finding->relation);
    const uint32_t *row = dl_row(report->database, finding->relation, finding->row);
    uint32_t subjects[SUBJECTS_MAX], count = 0;

    for (uint32_t i = 0; i < relation->arity && count < SUBJECTS_MAX; i++) {
        const DlAttribute *attribute = &relation->attributes[i];
        Symbol key;

        if (attribute->base != DL_SYMBOL ||
            !symbol_find(
                marking->keys,
                key_of(marking, attribute->type, cell_text(report, attribute, row[i])),
                &key))
            continue;
        subjects[count++] = marking->nodes[key.id];
    }
    for (uint32_t i = 0; i < count; i++) {
        GraphNode *node = &graph->nodes[subjects[i]];

        if (!has(node->marks, finding->rule))
            node->marks = add(report->arena, node->marks, finding->rule);
        for (uint32_t j = 0; j < i; j++)
            mark_between(marking, subjects[j], subjects[i], finding->rule);
    }
}

void graph_mark(Graph *graph)
{
    const Report *report = graph->report;
    Marking marking = {.graph = graph,
                       .keys = symbols_new(report->arena),
                       .nodes = ARENA_ARRAY(report->arena, graph->nnodes + 1, uint32_t),
                       .key = {.arena = report->arena}};

    if (report->count == 0)
        return;
    marking.incidence = graph_incidence(graph);
    for (uint32_t i = 0; i < graph->nnodes; i++) {
        const GraphNode *node = &graph->nodes[i];

        /* Of what everything is connected through, nothing is marked. */
        if (node->kind->type.len && !node->kind->is_hub)
            marking.nodes[symbol_intern(marking.keys,
                                        key_of(&marking, node->kind->type, node->name))
                              .id] = i;
    }
    for (uint32_t i = 0; i < report->count; i++) {
        if (report->findings[i].relation.index != DL_NO_RELATION)
            mark_finding(&marking, &report->findings[i]);
    }
}
