/*
 * html_output.h: the HTML page of findings, with a picture of the graph around them.
 *
 * Above both: the page is a report's, the picture the graph's, and neither sees the
 * other.
 */
#ifndef BERTH_HTML_OUTPUT_H
#define BERTH_HTML_OUTPUT_H

#include "graph/graph.h"

/* `berth check --format html`: the neighbourhood of what is found. The compilation's
 * graph has to be asked for (CompileOptions.graph_of). */
void html_check(const Report *report, Buffer *out);

/* `berth graph --format html`: this graph, before the findings. */
void html_graph(const Graph *graph, Buffer *out);

#endif
