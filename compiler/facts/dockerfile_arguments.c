#include "facts/dockerfile_stages.h"

#include "facts/template.h"

enum { EXPANDED_TOTAL_MAX = 4 << 20 }; /* bytes of all values of one Dockerfile */

static VariableState find(void *context, Text name, Text *value)
{
    BuildGraph *graph = context;
    const BuildName *known = build_graph_find(graph, name);

    *value = known->value;
    return template_find_hole(graph->arena, name, value) ? VARIABLE_SET : known->state;
}

bool build_graph_expand(BuildGraph *graph, DockerfileWord word, Text *value, Text *hole)
{
    Expansion expansion = {.problem = TEXT("the values of this file are too long")};

    if (graph->expanded <= EXPANDED_TOTAL_MAX)
        expansion =
            expand_dockerfile(graph->arena, word.text, graph->dockerfile->escape,
                              (Variables){find, graph});
    graph->expanded += expansion.value.len;
    *value = *hole = (Text){0};
    if (expansion.problem.len) {
        build_graph_stop(graph, word.span, expansion.problem);
        return false;
    }
    *value = expansion.value;
    *hole = expansion.hole;
    return true;
}

static void set(BuildGraph *graph, Text name, Text value)
{
    BuildName *known = build_graph_name(graph, name);

    known->state = VARIABLE_SET;
    known->value = value;
}

/* ARG name[=default] before the first FROM. A build argument that was supplied takes
 * the default's place, as it is; one that only the machine knows may not be set there,
 * and the default is assumed. [D10, D11] */
static void define(BuildGraph *graph, DockerfileWord word)
{
    size_t equals = text_find_byte(word.text, '=');
    Text name = text_slice(word.text, 0, equals), value, hole;
    const BuildArgument *supplied = build_graph_find(graph, name)->supplied;

    if (supplied && supplied->has_value) {
        set(graph, name, supplied->value);
        return;
    }
    if (equals < word.text.len) {
        word.text = text_from(word.text, equals + 1);
        if (build_graph_expand(graph, word, &value, &hole))
            set(graph, name, value);
        return;
    }
    if (supplied && build_graph_find(graph, name)->state == VARIABLE_UNSET)
        build_graph_name(graph, name)->state = VARIABLE_UNKNOWN;
}

static Text part_of(Text platform, uint32_t index)
{
    Text part = {0};
    bool done = false;

    for (uint32_t i = 0; i <= index; i++) {
        if (!text_next_part(&platform, '/', &part, &done))
            return (Text){0};
    }
    return part;
}

/* The name of the stage that is built: the target, or the last one. */
static Text target_name(const BuildGraph *graph)
{
    const Dockerfile *dockerfile = graph->dockerfile;

    if (graph->build->target.len)
        return graph->build->target;
    for (uint32_t i = dockerfile->count; i > 0; i--) {
        const Instruction *instruction = &dockerfile->instructions[i - 1];

        if (instruction->kind == INSTRUCTION_FROM)
            return instruction->nwords >= 3
                       ? build_graph_lower(graph, instruction->words[2].text)
                       : TEXT("default");
    }
    return TEXT("default");
}

/* Known without an ARG; a build argument may say otherwise. The platform of the build
 * is taken for the machine's, too. [D12] */
static void define_platform(BuildGraph *graph)
{
    Text platform = graph->platform;
    Text os = part_of(platform, 0), architecture = part_of(platform, 1);
    Text variant = part_of(platform, 2);
    const struct {
        Text name, value;
    } known[] = {
        {TEXT_INIT("BUILDPLATFORM"), platform},
        {TEXT_INIT("BUILDOS"), os},
        {TEXT_INIT("BUILDOSVERSION"), {0}},
        {TEXT_INIT("BUILDARCH"), architecture},
        {TEXT_INIT("BUILDVARIANT"), variant},
        {TEXT_INIT("TARGETPLATFORM"), platform},
        {TEXT_INIT("TARGETOS"), os},
        {TEXT_INIT("TARGETOSVERSION"), {0}},
        {TEXT_INIT("TARGETARCH"), architecture},
        {TEXT_INIT("TARGETVARIANT"), variant},
        {TEXT_INIT("TARGETSTAGE"), target_name(graph)},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        const BuildArgument *supplied =
            build_graph_find(graph, known[i].name)->supplied;

        set(graph, known[i].name,
            supplied && supplied->has_value ? supplied->value : known[i].value);
    }
}

void build_graph_read_arguments(BuildGraph *graph)
{
    const Dockerfile *dockerfile = graph->dockerfile;

    for (uint32_t i = 0; i < graph->build->narguments; i++) {
        const BuildArgument *argument = &graph->build->arguments[i];

        build_graph_name(graph, argument->name)->supplied = argument;
    }
    define_platform(graph);
    for (uint32_t i = 0; i < dockerfile->count; i++) {
        const Instruction *instruction = &dockerfile->instructions[i];

        if (instruction->kind == INSTRUCTION_FROM)
            return;
        for (uint32_t word = 0;
             instruction->kind == INSTRUCTION_ARG && word < instruction->nwords; word++)
            define(graph, instruction->words[word]);
    }
}

static bool is_integer(Text text)
{
    size_t at = text.len && (text.at[0] == '-' || text.at[0] == '+');

    if (at == text.len || text.len > 19)
        return false;
    for (; at < text.len; at++) {
        if (!byte_is_digit(text.at[at]))
            return false;
    }
    return true;
}

/* Seconds, "context", or the name of a context or stage; anything else ends the build. */
void build_graph_check_epoch(BuildGraph *graph)
{
    const BuildArgument *supplied =
        build_graph_find(graph, TEXT("SOURCE_DATE_EPOCH"))->supplied;
    Text value = supplied ? supplied->value : (Text){0};

    if (value.len == 0 || is_integer(value) || text_equal(value, TEXT("context")) ||
        reference_hole(value).len ||
        build_graph_find(graph, build_graph_lower(graph, value))->stage)
        return;
    for (uint32_t i = 0; i < graph->build->ncontexts; i++) {
        if (text_equal(graph->build->contexts[i].name, value))
            return;
    }
    build_graph_stop(graph, supplied->span,
                     TEXT("SOURCE_DATE_EPOCH has no valid value, expected seconds"));
}
