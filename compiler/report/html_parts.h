/*
 * html_parts.h: what the parts of the HTML page share.
 *
 * Private to the reports.
 */
#ifndef BERTH_REPORT_HTML_PARTS_H
#define BERTH_REPORT_HTML_PARTS_H

#include "report/html.h"

/* A file of assets/, embedded by the build. */
typedef struct HtmlAsset {
    const char *bytes;
    size_t len;
    const char *hash; /* "sha256-..." */
} HtmlAsset;

extern const HtmlAsset html_css, html_js;

/* The places that the page cites, and so the lines that it shows. */
typedef struct HtmlPlaces HtmlPlaces;

HtmlPlaces *html_places_new(const Report *report);
/* Cites the place, if it is one. */
void html_places_cite(HtmlPlaces *places, Span span);
/* Cites what a finding and its proof (NULL: none) do. */
void html_places_cite_finding(HtmlPlaces *places, const Finding *finding,
                              const Proof *proof);
/* After the last was cited: gives each its part of the page. */
void html_places_sort(HtmlPlaces *places);
/* "path:line:column", as a link to the line in the page. Nothing for no place. */
void html_places_add_link(const HtmlPlaces *places, Span span, Buffer *out);
/* The files with the lines around what is cited. */
void html_places_add(const HtmlPlaces *places, Buffer *out);

/* The line of a span with the span marked, in a <pre>; `label`: what stands there. */
void html_add_snippet(const Report *report, Span span, Text label, Buffer *out);

/* One item of the list; `number` from 1. */
void html_add_finding(const Report *report, const HtmlPlaces *places,
                      const Finding *finding, const Proof *proof, uint32_t number,
                      Buffer *out);

#endif
