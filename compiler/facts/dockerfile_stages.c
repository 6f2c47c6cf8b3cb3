#include "facts/dockerfile_stages.h"

void build_graph_stop(BuildGraph *graph, Span span, Text message)
{
    if (span.file == 0)
        span = graph->dockerfile->start;
    diag_add(graph->diags, "input/syntax", span, "%.*s", TEXT_ARG(message));
    graph->is_stopped = true;
}

const BuildName *build_graph_find(const BuildGraph *graph, Text name)
{
    static const BuildName nothing;
    Symbol symbol;

    if (!symbol_find(graph->names, name, &symbol) ||
        symbol.id >= graph->by_name_capacity)
        return &nothing;
    return &graph->by_name[symbol.id];
}

BuildName *build_graph_name(BuildGraph *graph, Text name)
{
    Symbol symbol = symbol_intern(graph->names, name);

    while (symbol.id >= graph->by_name_capacity)
        ARRAY_GROW(graph->arena, graph->by_name, graph->by_name_capacity,
                   graph->by_name_capacity);
    return &graph->by_name[symbol.id];
}

Text build_graph_lower(const BuildGraph *graph, Text name)
{
    Buffer lower = {.arena = graph->arena};

    for (size_t i = 0; i < name.len; i++)
        buffer_add_byte(&lower, byte_to_lower(name.at[i]));
    return buffer_text(&lower);
}

uint32_t build_graph_add_node(BuildGraph *graph, BuildNode node)
{
    ARRAY_GROW(graph->arena, graph->nodes, graph->nnodes, graph->nodes_capacity);
    graph->nodes[graph->nnodes++] = node;
    return graph->nnodes;
}

/* --- named contexts --- */

/* Contexts are told apart as images are: "alpine" is "docker.io/library/alpine:latest".
 * Empty: this is no name of a context. [D20] */
static Text context_key(const BuildGraph *graph, Text name)
{
    ImageName image;
    Text problem;

    if (text_equal_ignoring_case(name, TEXT("scratch")) ||
        text_equal_ignoring_case(name, TEXT("context")) ||
        !image_name_read(graph->arena, name, &image, &problem))
        return (Text){0};
    return image_name_canonical(graph->arena, &image);
}

static void read_contexts(BuildGraph *graph)
{
    uint32_t count = graph->build->ncontexts;

    graph->context_needs = ARENA_ARRAY(graph->arena, count, Need);
    for (uint32_t i = 0; i < count; i++) {
        Text key = context_key(graph, graph->build->contexts[i].name);

        if (key.len)
            build_graph_name(graph, key)->context = i + 1;
    }
}

static uint32_t find_context(const BuildGraph *graph, Text image)
{
    if (graph->build->ncontexts == 0)
        return 0;
    Text key = context_key(graph, image);
    return key.len ? build_graph_find(graph, key)->context : 0;
}

/* What the base is: a stage before this one, by its name as it is written and in lower
 * case; else an image, or the context in its place. [D16] */
void build_graph_find_base(BuildGraph *graph, BuildNode *node)
{
    if (node->is_stage)
        node->parent = build_graph_find(graph, node->base)->stage;
    if (node->parent == 0 && !text_equal(node->base, TEXT("scratch")))
        node->context = find_context(graph, node->base);
}

/* --- stages --- */

static void read_platform(BuildGraph *graph, BuildNode *node,
                          const Instruction *instruction)
{
    const DockerfileFlag *flag = instruction_flag(instruction, TEXT("platform"));
    Text hole;

    if (!flag || flag->value.len == 0)
        return;
    if (build_graph_expand(graph, (DockerfileWord){flag->value, flag->value_span},
                           &node->platform, &hole) &&
        node->platform.len == 0)
        build_graph_stop(graph, flag->span,
                         TEXT("the platform is empty once variables are expanded"));
}

/* FROM base [ AS name ] */
static void read_stage(BuildGraph *graph, uint32_t index)
{
    const Instruction *instruction = &graph->dockerfile->instructions[index];
    BuildNode node = {.kind = KIND_STAGE,
                      .is_stage = true,
                      .span = instruction->span,
                      .instruction = index + 1,
                      .end = index + 1};

    if (instruction->nwords >= 1) {
        node.text = instruction->words[0].text;
        node.span = instruction->words[0].span;
        if (build_graph_expand(graph, instruction->words[0], &node.base, &node.hole) &&
            node.base.len == 0)
            build_graph_stop(graph, node.span,
                             TEXT("the name of the base image is empty once variables "
                                  "are expanded"));
    }
    read_platform(graph, &node, instruction);
    if (instruction->nwords >= 3)
        node.name = build_graph_lower(graph, instruction->words[2].text);
    if (node.hole.len == 0)
        build_graph_find_base(graph, &node);
    uint32_t instead = node.name.len ? find_context(graph, node.name) : 0;
    if (instead) {
        node.replaced = true;
        node.context = instead;
        node.parent = 0;
    }
    uint32_t number = build_graph_add_node(graph, node);
    if (node.name.len)
        build_graph_name(graph, node.name)->stage = number;
}

static void read_stages(BuildGraph *graph)
{
    const Dockerfile *dockerfile = graph->dockerfile;

    for (uint32_t i = 0; i < dockerfile->count; i++) {
        if (dockerfile->instructions[i].kind == INSTRUCTION_FROM)
            read_stage(graph, i);
        else if (graph->nnodes)
            graph->nodes[graph->nnodes - 1].end = i + 1;
    }
    graph->nstages = graph->nnodes;
}

/* The stage that is built and how sure that is; [D18] */
static void need_target(BuildGraph *graph)
{
    const Build *build = graph->build;
    uint32_t last = graph->nstages;

    if (last == 0)
        return;
    if (reference_hole(build->target).len) {
        for (uint32_t number = 1; number <= last; number++)
            build_graph_need(graph, number, NEED_MAYBE);
        return;
    }
    if (build->target.len) {
        uint32_t target =
            build_graph_find(graph, build_graph_lower(graph, build->target))->stage;

        if (target == 0)
            build_graph_stop(graph, build->target_span,
                             TEXT("the Dockerfile has no stage of the target's name"));
        else
            last = target;
    }
    build_graph_need(graph, last, NEED_SURE);
}

BuildGraph *build_graph_read(Arena *arena, Diags *diags, const Dockerfile *dockerfile,
                             const Build *build, Text platform)
{
    BuildGraph *graph = ARENA_NEW(arena, BuildGraph);

    *graph = (BuildGraph){.arena = arena,
                          .diags = diags,
                          .dockerfile = dockerfile,
                          .build = build,
                          .platform = platform,
                          .is_stopped = dockerfile->is_refused,
                          .names = symbols_new(arena)};
    read_contexts(graph);
    build_graph_read_arguments(graph);
    read_stages(graph);
    build_graph_check_epoch(graph);
    build_graph_connect(graph);
    need_target(graph);
    build_graph_check_mounts(graph);
    return graph;
}
