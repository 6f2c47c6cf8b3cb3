#include "html_output.h"

#include "report/html.h"

static HtmlPicture picture_of(const Graph *graph, const char *title)
{
    const Graph *drawn = graph_summary(graph, GRAPH_DRAWN_MAX);
    Buffer markup = {.arena = graph->report->arena};

    graph_svg(drawn, &markup);
    return (HtmlPicture){.title = text_of(title),
                         .caption = graph_summary_says(drawn),
                         .markup = buffer_text(&markup)};
}

void html_check(const Report *report, Buffer *out)
{
    const Graph *graph = graph_new(report);
    bool *ends = ARENA_ARRAY(report->arena, graph->nnodes, bool);
    HtmlPicture picture = {0};

    if (graph_marked_ends(graph, ends))
        picture = picture_of(graph_focus(graph, ends, 1), "Around what is found");
    report_html(report, &picture, out);
}

void html_graph(const Graph *graph, Buffer *out)
{
    HtmlPicture picture = picture_of(graph, "Who may pull what");

    picture.is_first = true;
    report_html(graph->report, &picture, out);
}
