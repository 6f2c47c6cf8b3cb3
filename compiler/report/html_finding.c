#include "report/html_parts.h"

#include <inttypes.h>

typedef struct Unfolding {
    const Report *report;
    const HtmlPlaces *places;
    Symbols *unfolded; /* the steps that were, as texts */
    Buffer *out;
} Unfolding;

/* Whether a step with reasons was shown before: then they are not shown again. */
static bool is_unfolded(Unfolding *unfolding, const Proof *proof)
{
    Buffer key = {.arena = unfolding->report->arena};
    uint32_t known = symbols_count(unfolding->unfolded);

    buffer_format(&key, "%" PRIu32 " %" PRIu32 " %d ", proof->span.file,
                  proof->span.start, proof->absent);
    buffer_add(&key, proof->says);
    symbol_intern(unfolding->unfolded, buffer_text(&key));
    return symbols_count(unfolding->unfolded) == known;
}

/* The steps under a proof's root. Recursion follows the proof, whose depth proof.c
 * bounds. */
static void add_steps(Unfolding *unfolding, const Proof *proof, const char *class)
{
    Buffer *out = unfolding->out;

    buffer_format(out, "<ul%s>", class);
    for (uint32_t i = 0; i < proof->nbecause; i++) {
        const Proof *step = proof->because[i];

        buffer_add(out, step->absent ? TEXT("<li class=\"absent\">") : TEXT("<li>"));
        html_add_text(out, step->says);
        if (step->absent)
            buffer_add(out, TEXT(" (absent)"));
        if (step->span.file) {
            buffer_add_byte(out, ' ');
            html_places_add_link(unfolding->places, step->span, out);
        }
        if (step->nbecause && is_unfolded(unfolding, step))
            buffer_add(out, TEXT(" <span class=\"note\">(as above)</span>"));
        else if (step->nbecause)
            add_steps(unfolding, step, "");
        buffer_add(out, TEXT("</li>"));
    }
    buffer_add(out, TEXT("</ul>"));
}

static void add_proof(const Report *report, const HtmlPlaces *places,
                      const Proof *proof, Buffer *out)
{
    Unfolding unfolding = {report, places, symbols_new(report->arena), out};

    if (!proof || proof->nbecause == 0)
        return;
    buffer_add(out, TEXT("<details><summary>Proof</summary>\n"));
    add_steps(&unfolding, proof, " class=\"proof\"");
    buffer_add(out, TEXT("\n</details>\n"));
}

static void add_related(const HtmlPlaces *places, const Finding *finding, Buffer *out)
{
    if (finding->nrelated == 0)
        return;
    buffer_add(out, TEXT("<ul class=\"related\">\n"));
    for (uint32_t i = 0; i < finding->nrelated; i++) {
        buffer_add(out, TEXT("<li>"));
        html_places_add_link(places, finding->related[i].span, out);
        buffer_add_byte(out, ' ');
        html_add_text(out, finding->related[i].message);
        buffer_add(out, TEXT("</li>\n"));
    }
    buffer_add(out, TEXT("</ul>\n"));
}

/* An address that is no web page is shown, and not linked: it may be script. */
static void add_rule(const Rule *rule, Buffer *out)
{
    bool is_web = text_starts_with(rule->documentation, TEXT("https://")) ||
                  text_starts_with(rule->documentation, TEXT("http://"));

    buffer_add(out, TEXT("<code>"));
    if (is_web) {
        buffer_add(out, TEXT("<a rel=\"noreferrer\" href=\""));
        html_add_text(out, rule->documentation);
        buffer_add(out, TEXT("\">"));
    }
    html_add_text(out, rule->id);
    buffer_add(out, is_web ? TEXT("</a></code>") : TEXT("</code>"));
}

static void add_attribute(const char *name, Text value, Buffer *out)
{
    buffer_format(out, " data-%s=\"", name);
    html_add_text(out, value);
    buffer_add_byte(out, '"');
}

void html_add_finding(const Report *report, const HtmlPlaces *places,
                      const Finding *finding, const Proof *proof, uint32_t number,
                      Buffer *out)
{
    const char *severity = severity_name(finding->rule->severity);

    buffer_format(out, "<li class=\"finding %s\" id=\"f%" PRIu32 "\"", severity,
                  number);
    add_attribute("severity", text_of(severity), out);
    add_attribute("rule", finding->rule->id, out);
    add_attribute("repository", finding->repository, out);
    buffer_add(out, TEXT(">\n<h3>"));
    html_add_text(out, finding->message);
    buffer_format(out,
                  "</h3>\n<p class=\"about\"><span class=\"severity\">%s</span> <span>",
                  severity);
    add_rule(finding->rule, out);
    buffer_add(out, TEXT("</span>"));
    if (finding->repository.len) {
        buffer_add(out, TEXT(" <span>"));
        html_add_text(out, finding->repository);
        buffer_add(out, TEXT("</span>"));
    }
    if (finding->span.file) {
        buffer_add(out, TEXT(" <span>"));
        html_places_add_link(places, finding->span, out);
        buffer_add(out, TEXT("</span>"));
    }
    buffer_add(out, TEXT(" <span>fingerprint <code>"));
    html_add_text(out, finding->fingerprint);
    buffer_add(out, TEXT("</code></span></p>\n"));
    if (finding->span.file)
        html_add_snippet(report, finding->span, finding->label, out);
    add_related(places, finding, out);
    if (finding->help.len) {
        buffer_add(out, TEXT("<p class=\"help\"><strong>What to do:</strong> "));
        html_add_text(out, finding->help);
        buffer_add(out, TEXT("</p>\n"));
    }
    add_proof(report, places, proof, out);
    buffer_add(out, TEXT("</li>\n"));
}
