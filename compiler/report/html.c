#include "report/html.h"

#include <inttypes.h>

#include "base/escape.h"
#include "report/html_parts.h"
#include "report/shown.h"

typedef struct Page {
    const Report *report;
    const HtmlPicture *picture;
    HtmlPlaces *places;
    const Proof **proofs; /* by finding */
    Buffer *out;
} Page;

void html_add_text(Buffer *out, Text text)
{
    Buffer shown = {.arena = out->arena};

    (void)shown_add(&shown, text, 0);
    escape_add_xml(out, buffer_text(&shown));
}

static void add_asset(const HtmlAsset *asset, const char *tag, Buffer *out)
{
    buffer_format(out, "<%s>", tag);
    buffer_add(out, (Text){asset->bytes, asset->len});
    buffer_format(out, "</%s>\n", tag);
}

static void add_head(const Page *page)
{
    const Report *report = page->report;
    Buffer *out = page->out;

    buffer_add(out, TEXT("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                         "<meta charset=\"utf-8\">\n"));
    buffer_format(out,
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                  "'none'; style-src '%s'; script-src '%s'; base-uri 'none'; "
                  "form-action 'none'\">\n",
                  html_css.hash, html_js.hash);
    buffer_add(out, TEXT("<meta name=\"viewport\" content=\"width=device-width, "
                         "initial-scale=1\">\n<title>berth: "));
    buffer_format(out, "%" PRIu32 " error%s, %" PRIu32 " warning%s</title>\n",
                  report->errors, report->errors == 1 ? "" : "s", report->warnings,
                  report->warnings == 1 ? "" : "s");
    add_asset(&html_css, "style", out);
    buffer_add(out, TEXT("</head>\n"));
}

/* `one`, `many`: what is counted. */
static void add_count(Buffer *out, uint32_t count, const char *one, const char *many)
{
    buffer_format(out, "<li class=\"%s\"><strong>%" PRIu32 "</strong> %s</li>\n", one,
                  count, count == 1 ? one : many);
}

static void add_summary(const Page *page)
{
    const Report *report = page->report;
    Buffer *out = page->out;

    buffer_add(out, TEXT("<header>\n<h1>What berth found</h1>\n"
                         "<ul class=\"counts\" aria-label=\"Summary\">\n"));
    add_count(out, report->errors, "error", "errors");
    add_count(out, report->warnings, "warning", "warnings");
    add_count(out, report->infos, "info", "infos");
    add_count(out, report->repositories, "repository", "repositories");
    add_count(out, report->configurations, "configuration", "configurations");
    add_count(out, report->references, "reference", "references");
    if (report->suppressed)
        add_count(out, report->suppressed, "silenced", "silenced");
    if (report->has_baseline)
        add_count(out, report->known, "in the baseline", "in the baseline");
    if (report->is_change) {
        add_count(out, report->fixed, "fixed", "fixed");
        add_count(out, report->unchanged, "unchanged", "unchanged");
    }
    buffer_add(out, TEXT("</ul>\n"));
    if (!report->database)
        buffer_add(out, TEXT("<p class=\"partial\">Access was not judged, since the "
                             "policy cannot be used.</p>\n"));
    buffer_add(out, TEXT("</header>\n"));
}

static void add_navigation(const Page *page)
{
    const HtmlPicture *picture = page->picture;
    bool has_picture = picture->markup.len != 0;
    Buffer *out = page->out;

    buffer_add(out, TEXT("<nav aria-label=\"Sections\"><ul>\n"));
    if (has_picture && picture->is_first)
        buffer_add(out, TEXT("<li><a href=\"#graph\">Graph</a></li>\n"));
    buffer_add(out, TEXT("<li><a href=\"#findings\">Findings</a></li>\n"));
    if (has_picture && !picture->is_first)
        buffer_add(out, TEXT("<li><a href=\"#graph\">Graph</a></li>\n"));
    buffer_add(out, TEXT("<li><a href=\"#places\">Files</a></li>\n"
                         "<li><a href=\"#coverage\">Coverage</a></li>\n</ul></nav>\n"));
}

static void add_filters(Buffer *out)
{
    static const char *const severities[] = {"error", "warning", "info"};

    buffer_add(out,
               TEXT("<form class=\"filters\" role=\"search\" aria-label=\"Filter the "
                    "findings\" hidden>\n"
                    "<div class=\"field\"><label for=\"text\">Text</label>"
                    "<input id=\"text\" name=\"text\" type=\"search\"></div>\n"
                    "<div class=\"field\"><label for=\"rule\">Rule</label>"
                    "<select id=\"rule\" name=\"rule\"><option value=\"\">all</option>"
                    "</select></div>\n"
                    "<div class=\"field\"><label for=\"repository\">Repository</label>"
                    "<select id=\"repository\" name=\"repository\"><option "
                    "value=\"\">all</option></select></div>\n"
                    "<fieldset><legend>Severity</legend>\n"));
    for (size_t i = 0; i < sizeof(severities) / sizeof(*severities); i++)
        buffer_format(out,
                      "<label><input type=\"checkbox\" name=\"severity\" "
                      "value=\"%s\" checked> %s</label>\n",
                      severities[i], severities[i]);
    buffer_add(out, TEXT("</fieldset>\n<button type=\"reset\">Show all</button>\n"
                         "<button type=\"button\" id=\"unfold\">Unfold all "
                         "proofs</button>\n"
                         "<p id=\"shown\" class=\"note\" role=\"status\"></p>\n"
                         "</form>\n"));
}

/* The worst first. */
static void add_findings(const Page *page)
{
    const Report *report = page->report;
    Buffer *out = page->out;
    uint32_t number = 0;

    buffer_add(out,
               TEXT("<section id=\"findings\" aria-labelledby=\"findings-title\">\n"
                    "<h2 id=\"findings-title\">Findings</h2>\n"));
    if (report->count == 0) {
        buffer_add(out, TEXT("<p>Nothing was found.</p>\n</section>\n"));
        return;
    }
    add_filters(out);
    buffer_add(out, TEXT("<ol class=\"findings\">\n"));
    for (int severity = SEVERITY_ERROR; severity >= SEVERITY_INFO; severity--) {
        for (uint32_t i = 0; i < report->count; i++) {
            if ((int)report->findings[i].rule->severity == severity)
                html_add_finding(report, page->places, &report->findings[i],
                                 page->proofs[i], ++number, out);
        }
    }
    buffer_add(out, TEXT("</ol>\n</section>\n"));
}

static void add_picture(const Page *page)
{
    const HtmlPicture *picture = page->picture;
    Buffer *out = page->out;

    if (picture->markup.len == 0)
        return;
    buffer_add(out, TEXT("<section id=\"graph\" aria-labelledby=\"graph-title\">\n"
                         "<h2 id=\"graph-title\">"));
    html_add_text(out, picture->title);
    buffer_add(out, TEXT("</h2>\n"));
    if (picture->caption.len) {
        buffer_add(out, TEXT("<p class=\"note\">"));
        html_add_text(out, picture->caption);
        buffer_add(out, TEXT("</p>\n"));
    }
    buffer_add(out, picture->markup);
    buffer_add(out, TEXT("</section>\n"));
}

/* The cells that tell how something is silenced: by what and where, and why. */
static void add_suppression(const Page *page, SuppressionKind kind, Span span,
                            Text reason, Text until)
{
    Buffer *out = page->out;

    buffer_add(out, TEXT("</td><td>"));
    html_add_text(out, suppression_kind_name(kind));
    buffer_add_byte(out, ' ');
    html_places_add_link(page->places, span, out);
    buffer_add(out, TEXT("</td><td>"));
    html_add_text(out, reason);
    if (until.len) {
        buffer_add(out, TEXT(" (until "));
        html_add_text(out, until);
        buffer_add(out, TEXT(")"));
    }
    buffer_add(out, TEXT("</td></tr>\n"));
}

static void add_table(const char *title, uint32_t count, const char *what, Buffer *out)
{
    buffer_format(out,
                  "<details><summary>%s: %" PRIu32 "</summary>\n<table>\n"
                  "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">By</th>"
                  "<th scope=\"col\">Reason</th></tr></thead>\n<tbody>\n",
                  title, count, what);
}

/* What a change would silence, and does not yet. */
static void add_proposed(const Page *page)
{
    const Report *report = page->report;
    Buffer *out = page->out;

    if (report->nproposed == 0)
        return;
    add_table("Suppressions that the change adds, which silence nothing yet",
              report->nproposed, "Rules", out);
    for (uint32_t i = 0; i < report->nproposed; i++) {
        const Proposed *proposed = &report->proposed[i];

        buffer_add(out, TEXT("<tr><td>"));
        for (uint32_t j = 0; j < proposed->nrules; j++) {
            buffer_add(out, TEXT("<code>"));
            html_add_text(out, proposed->rules[j]);
            buffer_add(out, TEXT("</code> "));
        }
        add_suppression(page, proposed->kind, proposed->span, proposed->reason,
                        proposed->until);
    }
    buffer_add(out, TEXT("</tbody>\n</table>\n</details>\n"));
}

static void add_silenced(const Page *page)
{
    const Report *report = page->report;
    Buffer *out = page->out;

    if (report->nsilenced == 0)
        return;
    add_table("Silenced", report->nsilenced, "Finding", out);
    for (uint32_t i = 0; i < report->nsilenced; i++) {
        const Suppressed *silenced = &report->silenced[i];

        buffer_add(out, TEXT("<tr><td><code>"));
        html_add_text(out, silenced->finding.rule->id);
        buffer_add(out, TEXT("</code> "));
        html_add_text(out, silenced->finding.message);
        add_suppression(page, silenced->kind, silenced->span, silenced->reason,
                        silenced->until);
    }
    buffer_add(out, TEXT("</tbody>\n</table>\n</details>\n"));
}

static void add_covered(const Coverage *coverage, Buffer *out)
{
    buffer_add(out, TEXT("<tr><td><code>"));
    html_add_text(out, coverage->path);
    buffer_add(out, TEXT("</code></td><td class=\""));
    html_add_text(out, coverage->status);
    buffer_add(out, TEXT("\">"));
    html_add_text(out, coverage->status);
    buffer_add(out, TEXT("</td><td>"));
    html_add_text(out, coverage->reason);
    buffer_add(out, TEXT("</td></tr>\n"));
}

/* What was not analysed first. */
static void add_coverage(const Page *page)
{
    const Report *report = page->report;
    uint32_t analysed = 0;
    Buffer *out = page->out;

    for (uint32_t i = 0; i < report->ncoverage; i++)
        analysed += text_equal(report->coverage[i].status, TEXT("analysed"));
    buffer_format(out,
                  "<section id=\"coverage\" aria-labelledby=\"coverage-title\">\n"
                  "<h2 id=\"coverage-title\">Coverage</h2>\n"
                  "<p>%" PRIu32 " files were analysed, %" PRIu32
                  " in part or not at all.</p>\n",
                  analysed, report->ncoverage - analysed);
    if (analysed < report->ncoverage) {
        buffer_add(out, TEXT("<table>\n"));
        for (uint32_t i = 0; i < report->ncoverage; i++) {
            if (!text_equal(report->coverage[i].status, TEXT("analysed")))
                add_covered(&report->coverage[i], out);
        }
        buffer_add(out, TEXT("</table>\n"));
    }
    if (analysed) {
        buffer_add(out, TEXT("<details><summary>Files that were "
                             "analysed</summary>\n<table>\n"));
        for (uint32_t i = 0; i < report->ncoverage; i++) {
            if (text_equal(report->coverage[i].status, TEXT("analysed")))
                add_covered(&report->coverage[i], out);
        }
        buffer_add(out, TEXT("</table>\n</details>\n"));
    }
    add_proposed(page);
    add_silenced(page);
    buffer_add(out, TEXT("</section>\n"));
}

static void add_places(const Page *page)
{
    buffer_add(page->out,
               TEXT("<section id=\"places\" aria-labelledby=\"places-title\">\n"
                    "<h2 id=\"places-title\">Files</h2>\n"
                    "<p class=\"note\">The lines that findings and proofs cite, and "
                    "those around them.</p>\n"));
    html_places_add(page->places, page->out);
    buffer_add(page->out, TEXT("</section>\n"));
}

void report_html(const Report *report, const HtmlPicture *picture, Buffer *out)
{
    Page page = {report, picture, html_places_new(report),
                 ARENA_ARRAY(report->arena, report->count, const Proof *), out};

    for (uint32_t i = 0; i < report->count; i++) {
        page.proofs[i] = finding_proof(report, &report->findings[i]);
        html_places_cite_finding(page.places, &report->findings[i], page.proofs[i]);
    }
    for (uint32_t i = 0; i < report->nsilenced; i++)
        html_places_cite(page.places, report->silenced[i].span);
    for (uint32_t i = 0; i < report->nproposed; i++)
        html_places_cite(page.places, report->proposed[i].span);
    html_places_sort(page.places);
    add_head(&page);
    buffer_add(out, TEXT("<body>\n<a class=\"skip\" href=\"#findings\">To the "
                         "findings</a>\n"));
    add_summary(&page);
    add_navigation(&page);
    buffer_add(out, TEXT("<main>\n"));
    if (picture->is_first)
        add_picture(&page);
    add_findings(&page);
    if (!picture->is_first)
        add_picture(&page);
    add_places(&page);
    add_coverage(&page);
    buffer_add(out, TEXT("</main>\n"));
    add_asset(&html_js, "script", out);
    buffer_add(out, TEXT("</body>\n</html>\n"));
}
