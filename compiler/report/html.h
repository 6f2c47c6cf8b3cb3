/*
 * html.h: the findings as one HTML page that asks for nothing else.
 *
 * Everything is in the page: style, script, the lines of the files that findings and
 * proofs cite, and a picture. Its Content-Security-Policy lets it fetch nothing and run
 * its own script alone, by hash; without script everything is still there. All text of
 * inputs is spelt out (shown.h) and escaped.
 */
#ifndef BERTH_REPORT_HTML_H
#define BERTH_REPORT_HTML_H

#include "report/report.h"

/* A picture that is made above (graph/svg.c): markup, but for the texts. */
typedef struct HtmlPicture {
    Text title;   /* of its section */
    Text caption; /* empty: nothing to say */
    Text markup;  /* an <svg>, and what it shows as a list; empty: there is none */
    bool is_first;
} HtmlPicture;

void report_html(const Report *report, const HtmlPicture *picture, Buffer *out);

/* Text as it stands between tags or in a quoted attribute. */
void html_add_text(Buffer *out, Text text);

#endif
