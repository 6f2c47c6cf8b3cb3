#include "facts/dockerfile_stages.h"

enum { EDGES_MAX = 1 << 18 }; /* what bounds stages times triggers */

static void add_edge(BuildGraph *graph, uint32_t from, uint32_t to, Span span)
{
    BuildNode *node = &graph->nodes[from - 1];
    BuildEdge edge = {to, node->edges, span};

    ARRAY_GROW(graph->arena, graph->edges, graph->nedges, graph->edges_capacity);
    graph->edges[graph->nedges++] = edge;
    node->edges = graph->nedges;
}

/* --- what an instruction names --- */

/* What is wrong with one, for its Diag: at once, or when its trigger runs. */
typedef struct Problem {
    Text message;
    Span span;
} Problem;

static void add_source(BuildGraph *graph, uint32_t node, Span span, Text mount_type,
                       bool is_mount)
{
    ARRAY_GROW(graph->arena, graph->sources, graph->nsources, graph->sources_capacity);
    graph->sources[graph->nsources++] = (BuildSource){node, span, mount_type, is_mount};
}

/* A stage by its name in any case, or an image. [D16] */
static uint32_t find_source(BuildGraph *graph, Text name, Span span, ReferenceKind kind)
{
    uint32_t stage = build_graph_find(graph, build_graph_lower(graph, name))->stage;
    BuildNode image = {.kind = kind, .text = name, .base = name, .span = span};

    if (stage)
        return stage;
    build_graph_find_base(graph, &image);
    return build_graph_add_node(graph, image);
}

static VariableState find_nothing(void *context, Text name, Text *value)
{
    (void)context;
    (void)name;
    (void)value;
    return VARIABLE_UNSET;
}

/* index = [ "+" | "-" ] digit+ ; false: it is none. Beyond what can be counted it is a
 * name again. [D17] */
static bool read_index(Text text, int64_t *index)
{
    size_t at = text.len && (text.at[0] == '-' || text.at[0] == '+');

    *index = 0;
    if (at == text.len)
        return false;
    for (size_t i = at; i < text.len; i++) {
        if (!byte_is_digit(text.at[i]) || *index > INT64_MAX / 10 - 1)
            return false;
        *index = *index * 10 + (text.at[i] - '0');
    }
    if (text.at[0] == '-')
        *index = -*index;
    return true;
}

/* COPY --from=stage | COPY --from=index | COPY --from=image */
static void read_copy(BuildGraph *graph, const Instruction *instruction,
                      ReferenceKind kind, Problem *problem)
{
    const DockerfileFlag *from = instruction_flag(instruction, TEXT("from"));
    int64_t index;

    if (!from || from->value.len == 0)
        return;
    Expansion expansion =
        expand_dockerfile(graph->arena, from->value, graph->dockerfile->escape,
                          (Variables){find_nothing, NULL});
    if (expansion.problem.len || !text_equal(expansion.value, from->value)) {
        *problem =
            (Problem){TEXT("variables are not expanded in '--from', expected the "
                           "name of a stage or image"),
                      from->value_span};
    } else if (!read_index(from->value, &index)) {
        add_source(graph, find_source(graph, from->value, from->value_span, kind),
                   from->value_span, (Text){0}, false);
    } else if (index < 0 || index >= (int64_t)graph->nnodes) {
        *problem =
            (Problem){TEXT("there is no stage of this number"), from->value_span};
    } else {
        add_source(graph, (uint32_t)index + 1, from->value_span, (Text){0}, false);
    }
}

/* RUN --mount=from=stage | RUN --mount=from=image ; a number is a name [D19] */
static void read_mounts(BuildGraph *graph, const Instruction *instruction,
                        ReferenceKind kind)
{
    for (uint32_t i = 0; i < instruction->nmounts; i++) {
        const DockerfileMount *mount = &instruction->mounts[i];
        bool has_from = mount->from.text.len > 0;
        Span span = has_from ? mount->from.span : mount->span;
        Text name = has_from ? mount->from.text : TEXT("scratch");

        add_source(graph, find_source(graph, name, span, kind), span, mount->type,
                   has_from);
    }
}

static void read_sources(BuildGraph *graph, const Instruction *instruction,
                         bool is_trigger, Problem *problem)
{
    if (instruction->kind == INSTRUCTION_COPY)
        read_copy(graph, instruction, is_trigger ? KIND_ONBUILD : KIND_COPY_FROM,
                  problem);
    else if (instruction->kind == INSTRUCTION_RUN)
        read_mounts(graph, instruction, is_trigger ? KIND_ONBUILD : KIND_MOUNT_FROM);
}

static void connect_stage(BuildGraph *graph, uint32_t number)
{
    BuildNode stage = graph->nodes[number - 1];
    uint32_t first = graph->nsources;

    for (uint32_t i = stage.instruction; i < stage.end; i++) {
        Problem problem = {0};

        read_sources(graph, &graph->dockerfile->instructions[i], false, &problem);
        if (problem.message.len)
            build_graph_stop(graph, problem.span, problem.message);
    }
    graph->nodes[number - 1].source = first;
    graph->nodes[number - 1].nsources = graph->nsources - first;
    for (uint32_t i = first; i < graph->nsources; i++)
        add_edge(graph, number, graph->sources[i].node, graph->sources[i].span);
}

static void read_triggers(BuildGraph *graph, uint32_t number)
{
    BuildNode stage = graph->nodes[number - 1];

    graph->nodes[number - 1].trigger = graph->ntriggers;
    for (uint32_t i = stage.instruction; i < stage.end; i++) {
        const Instruction *instruction = graph->dockerfile->instructions[i].trigger;
        Problem problem = {0};

        if (!instruction)
            continue;
        BuildTrigger trigger = {.instruction = instruction, .source = graph->nsources};
        read_sources(graph, instruction, true, &problem);
        if (instruction->problem.len)
            problem = (Problem){instruction->problem, instruction->problem_span};
        trigger.nsources = graph->nsources - trigger.source;
        trigger.problem = problem.message;
        trigger.problem_span = problem.span;
        ARRAY_GROW(graph->arena, graph->triggers, graph->ntriggers,
                   graph->triggers_capacity);
        graph->triggers[graph->ntriggers++] = trigger;
    }
    graph->nodes[number - 1].ntriggers =
        graph->ntriggers - graph->nodes[number - 1].trigger;
}

/* --- circles --- */

enum { COLOR_NEW, COLOR_OPEN, COLOR_DONE };

typedef struct Visit {
    uint32_t node, edge;
} Visit;

/* The edge that leads back to a stage which is still open; 0: none. Depth first, with a
 * stack of its own. */
static uint32_t find_circle(BuildGraph *graph, uint32_t from, Visit *stack)
{
    uint32_t depth = 0;

    stack[depth++] = (Visit){from, graph->nodes[from - 1].edges};
    graph->nodes[from - 1].color = COLOR_OPEN;
    while (depth > 0) {
        Visit *visit = &stack[depth - 1];

        if (visit->edge == 0) {
            graph->nodes[visit->node - 1].color = COLOR_DONE;
            depth--;
            continue;
        }
        uint32_t number = visit->edge;
        BuildEdge edge = graph->edges[number - 1];
        BuildNode *to = &graph->nodes[edge.to - 1];
        visit->edge = edge.next;
        if (to->color == COLOR_OPEN)
            return number;
        if (to->color == COLOR_DONE)
            continue;
        to->color = COLOR_OPEN;
        stack[depth++] = (Visit){edge.to, to->edges};
    }
    return 0;
}

static void check_circles(BuildGraph *graph)
{
    Visit *stack = ARENA_ARRAY(graph->arena, graph->nnodes, Visit);

    for (uint32_t number = 1; number <= graph->nstages; number++) {
        if (graph->nodes[number - 1].color != COLOR_NEW)
            continue;
        uint32_t edge = find_circle(graph, number, stack);
        if (edge) {
            build_graph_stop(graph, graph->edges[edge - 1].span,
                             TEXT("the stages need each other in a circle"));
            return;
        }
    }
}

void build_graph_connect(BuildGraph *graph)
{
    for (uint32_t number = 1; number <= graph->nstages; number++)
        connect_stage(graph, number);
    check_circles(graph);
    for (uint32_t number = 1; number <= graph->nstages; number++)
        read_triggers(graph, number);
}

/* --- needs --- */

static void raise(BuildGraph *graph, uint32_t number, Need need)
{
    BuildNode *node = &graph->nodes[number - 1];

    if (node->need >= need)
        return;
    node->need = need;
    ARRAY_GROW(graph->arena, graph->work, graph->nwork, graph->work_capacity);
    graph->work[graph->nwork++] = number;
}

/* The triggers of its base run in a stage; not those of the base's base. */
static void run_triggers(BuildGraph *graph, uint32_t number)
{
    BuildNode *node = &graph->nodes[number - 1];

    if (node->has_triggers_run || node->parent == 0)
        return;
    node->has_triggers_run = true;
    BuildNode base = graph->nodes[node->parent - 1];
    for (uint32_t i = base.trigger; i < base.trigger + base.ntriggers; i++) {
        BuildTrigger *trigger = &graph->triggers[i];

        if (trigger->problem.len && !trigger->is_said)
            diag_add(graph->diags, "input/syntax", trigger->problem_span, "%.*s",
                     TEXT_ARG(trigger->problem));
        trigger->is_said = true;
        if (graph->nedges + trigger->nsources > EDGES_MAX) {
            build_graph_stop(graph, node->span,
                             TEXT("the stages run too many triggers to be followed"));
            return;
        }
        for (uint32_t k = 0; k < trigger->nsources; k++) {
            BuildSource source = graph->sources[trigger->source + k];

            add_edge(graph, number, source.node, source.span);
        }
    }
}

/* A base with a hole may be a stage before it: one whose name begins and ends as the
 * base does. [D15] */
static void need_candidates(BuildGraph *graph, uint32_t number)
{
    Text base = graph->nodes[number - 1].base;
    Text head = text_slice(base, 0, text_find(base, TEXT("${")));
    Text tail = text_from(base, text_find_last_byte(base, '}') + 1);

    for (uint32_t other = 1; other < number; other++) {
        Text name = graph->nodes[other - 1].name;

        if (name.len && name.len >= head.len + tail.len &&
            text_starts_with(name, head) && text_ends_with(name, tail))
            raise(graph, other, NEED_MAYBE);
    }
}

void build_graph_need(BuildGraph *graph, uint32_t number, Need need)
{
    raise(graph, number, need);
    while (graph->nwork > 0) {
        number = graph->work[--graph->nwork];
        BuildNode node = graph->nodes[number - 1];

        if (node.context && graph->context_needs[node.context - 1] < node.need)
            graph->context_needs[node.context - 1] = node.need;
        if (node.is_stage && node.hole.len)
            need_candidates(graph, number);
        if (node.parent) {
            raise(graph, node.parent, node.need);
            run_triggers(graph, number);
        }
        for (uint32_t i = graph->nodes[number - 1].edges; i;
             i = graph->edges[i - 1].next)
            raise(graph, graph->edges[i - 1].to, node.need);
    }
}

/* --- mounts --- */

static void check_mount(BuildGraph *graph, uint32_t number, const BuildSource *source)
{
    const BuildNode *from = &graph->nodes[source->node - 1];

    if (!source->is_mount)
        return;
    if (text_equal_ignoring_case(source->mount_type, TEXT("secret")))
        diag_add(graph->diags, "input/syntax", source->span,
                 "a mount of the type 'secret' has no 'from'");
    else if (from->is_stage && source->node > number && !from->replaced)
        diag_add(graph->diags, "input/syntax", source->span,
                 "a mount cannot come from a stage that begins later");
}

/* What BuildKit finds when it builds the stages: everything was pulled by then. */
void build_graph_check_mounts(BuildGraph *graph)
{
    for (uint32_t number = 1; number <= graph->nstages; number++) {
        BuildNode node = graph->nodes[number - 1];

        if (graph->is_stopped || node.need != NEED_SURE || node.replaced)
            continue;
        for (uint32_t i = 0; i < node.nsources; i++)
            check_mount(graph, number, &graph->sources[node.source + i]);
        if (node.parent == 0)
            continue;
        BuildNode base = graph->nodes[node.parent - 1];
        for (uint32_t i = base.trigger; i < base.trigger + base.ntriggers; i++) {
            const BuildTrigger *trigger = &graph->triggers[i];

            for (uint32_t k = 0; k < trigger->nsources; k++)
                check_mount(graph, number, &graph->sources[trigger->source + k]);
        }
    }
}
