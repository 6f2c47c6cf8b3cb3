#include "commands.h"

#include "graph/graph.h"
#include "html_output.h"
#include "judge.h"

typedef struct GraphFormat {
    const char *name;
    GraphEmitter *emit;
    bool is_drawing; /* summarized when it is large */
} GraphFormat;

/* The first is the default. A new format is one file in graph/ and one line here. */
static const GraphFormat formats[] = {
    {"dot", graph_dot, true},         {"mermaid", graph_mermaid, true},
    {"json", graph_json, false},      {"graphml", graph_xml, false},
    {"opengraph", graph_open, false}, {"html", html_graph, false},
};
enum { FORMATS = sizeof(formats) / sizeof(*formats) };

static const GraphFormat *format_of(Text name)
{
    for (size_t i = 0; i < FORMATS; i++) {
        if (text_equal(name, text_of(formats[i].name)))
            return &formats[i];
    }
    return NULL;
}

/* What is near the node that --focus names; NULL when there is none: it was said. */
static const Graph *focused(Answer *answer, const Graph *graph)
{
    Text name = answer->options->focus, near;
    bool *found = ARENA_ARRAY(answer->arena, graph->nnodes, bool);

    if (name.len == 0)
        return graph;
    if (graph_find(graph, name, found, &near) == 0) {
        answer_fail(answer, EXIT_UNUSABLE,
                    near.len ? arena_format(answer->arena,
                                            "the graph has no node '%.*s'; did you "
                                            "mean '%.*s'?",
                                            TEXT_ARG(name), TEXT_ARG(near))
                             : arena_format(answer->arena,
                                            "the graph has no node '%.*s'; expected "
                                            "a name such as octo-org/site, or "
                                            "KIND:NAME",
                                            TEXT_ARG(name)));
        return NULL;
    }
    return graph_focus(graph, found, answer->options->hops);
}

void command_graph(Answer *answer)
{
    const char *names[FORMATS + 1] = {NULL};
    Compilation *cc = answer->cc;
    Buffer out = {.arena = answer->arena};
    Text name, file;

    for (size_t i = 0; i < FORMATS; i++)
        names[i] = formats[i].name;
    if (!answer_one_format(answer, names, &name, &file))
        return;
    const GraphFormat *format = format_of(name);
    judge_findings(answer, cc, false);
    judge_hide_credentials(answer);
    const Graph *graph = focused(answer, graph_new(&cc->report));
    if (!graph)
        return;
    if (format->is_drawing)
        graph = graph_summary(graph, GRAPH_DRAWN_MAX);
    format->emit(graph, &out);
    answer_write(answer, file, buffer_text(&out));
}
