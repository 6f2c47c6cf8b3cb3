#include "report/picture.h"

#include <inttypes.h>

#include "base/escape.h"
#include "report/cells.h"
#include "report/shown.h"

typedef enum NodeKind { NODE_REPOSITORY, NODE_PLACE, NODE_SUBJECT } NodeKind;

/* How a kind is drawn. */
static const char *const shapes[][2] = {
    {"[\"", "\"]"}, {"([\"", "\"])"}, {"{{\"", "\"}}"}};

typedef struct Picture {
    const Report *report;
    Buffer *out;
    Symbols *drawn; /* nodes and arrows, as they were written */
    Symbols *nodes; /* their labels: a node's number is its symbol */
} Picture;

/* Adds a line of the picture, once. */
static void add_line(Picture *picture, const Buffer *line)
{
    Symbol symbol;

    if (symbol_find(picture->drawn, buffer_text(line), &symbol))
        return;
    symbol_intern(picture->drawn, buffer_text(line));
    buffer_add(picture->out, buffer_text(line));
}

static void add_label(Buffer *out, Text label)
{
    escape_add_mermaid(out, shown_text(out->arena, label, PICTURE_TEXT));
}

/* A node of this kind, which is written at its first use; `below`: a second line of it,
 * or empty. */
static uint32_t node_of(Picture *picture, NodeKind kind, Text label, Text below)
{
    Text key = arena_format(picture->report->arena, "%d%.*s%c%.*s", (int)kind,
                            TEXT_ARG(label), '\n', TEXT_ARG(below));
    Symbol symbol;

    if (symbol_find(picture->nodes, key, &symbol))
        return symbol.id;
    symbol = symbol_intern(picture->nodes, key);
    buffer_format(picture->out, "  n%" PRIu32 "%s", symbol.id, shapes[kind][0]);
    add_label(picture->out, label);
    if (below.len) {
        buffer_add(picture->out, TEXT("<br/>"));
        add_label(picture->out, below);
    }
    buffer_format(picture->out, "%s\n", shapes[kind][1]);
    return symbol.id;
}

/* An arrow, once; 0 is no node. */
static void arrow(Picture *picture, uint32_t from, const char *line, Text label,
                  uint32_t to)
{
    Buffer text = {.arena = picture->report->arena};

    if (from == 0 || from == to)
        return;
    buffer_format(&text, "  n%" PRIu32 " %s", from, line);
    if (label.len) {
        buffer_add(&text, TEXT("|\""));
        add_label(&text, label);
        buffer_add(&text, TEXT("\"|"));
    }
    buffer_format(&text, " n%" PRIu32 "\n", to);
    add_line(picture, &text);
}

/* "path:line", and below it what stands there, if `below`. */
static uint32_t place_node(Picture *picture, Span span, bool below)
{
    const Report *report = picture->report;
    Place start = source_place(report->sources, span.file, span.start);
    Place end = source_place(report->sources, span.file, span.end);
    Buffer bytes = {.arena = report->arena};

    if (below && start.line == end.line)
        source_add_shown(report->sources, &bytes, span);
    return node_of(picture, NODE_PLACE,
                   arena_format(report->arena, "%.*s:%" PRIu32,
                                TEXT_ARG(told_path(report, span)), start.line),
                   buffer_text(&bytes));
}

/* A node shows the worst of what is found of it, which comes first. */
static void mark(Picture *picture, uint32_t node, Severity severity)
{
    Text key = arena_format(picture->report->arena, "class %" PRIu32, node);
    Symbol symbol;

    if (symbol_find(picture->drawn, key, &symbol))
        return;
    symbol_intern(picture->drawn, key);
    buffer_format(picture->out, "  class n%" PRIu32 " %s\n", node,
                  severity_name(severity));
}

/* What the finding is about: the cells that are of a type of their own, in their order,
 * such as a package; the repository was drawn before. */
static uint32_t add_subjects(Picture *picture, const Finding *finding, uint32_t from)
{
    const Report *report = picture->report;
    const DlRelation *relation = dl_relation(report->program, finding->relation);
    const uint32_t *row = dl_row(report->database, finding->relation, finding->row);
    Text label = finding->label;

    for (uint32_t i = 0; i < relation->arity; i++) {
        const DlAttribute *attribute = &relation->attributes[i];
        Text text = cell_text(report, attribute, row[i]);

        if (cell_is_site(attribute) || text_equal(attribute->type, TEXT("symbol")) ||
            text_equal(attribute->type, TEXT("number")) || text.len == 0 ||
            text_equal(text, finding->repository) ||
            rule_hides(finding->rule, attribute->name))
            continue;
        uint32_t node = node_of(picture, NODE_SUBJECT, text, TEXT(""));
        arrow(picture, from, "-->", label, node);
        from = node;
        label = TEXT("");
    }
    return from;
}

static void add_finding(Picture *picture, const Finding *finding)
{
    const Report *report = picture->report;
    uint32_t from = 0, subject, place;
    const Span *way;
    uint32_t count = told_way(report, finding, &way);

    if (finding->repository.len)
        from = node_of(picture, NODE_REPOSITORY, finding->repository, TEXT(""));
    for (uint32_t i = 0; i < count; i++) {
        place = place_node(picture, way[i], false);
        arrow(picture, from, "-->", TEXT(""), place);
        from = place;
    }
    place = place_node(picture, told_span(report, finding), true);
    arrow(picture, from, "-->", TEXT(""), place);
    subject = add_subjects(picture, finding, place);
    for (uint32_t i = 0; i < finding->nrelated; i++) {
        place = place_node(picture, finding->related[i].span, false);
        arrow(picture, subject, "-.->", finding->related[i].message, place);
    }
    mark(picture, subject, finding->rule->severity);
}

bool picture_add(const Report *report, const Finding *const *findings, uint32_t count,
                 Buffer *out)
{
    Picture picture = {.report = report,
                       .out = out,
                       .drawn = symbols_new(report->arena),
                       .nodes = symbols_new(report->arena)};
    uint32_t drawn = 0;

    for (uint32_t i = 0; i < count && drawn < PICTURE_FINDINGS; i++) {
        const Finding *finding = findings[i];

        if (finding->rule->severity == SEVERITY_INFO)
            break;
        if (finding->relation.index == DL_NO_RELATION || !report->database ||
            told_span(report, finding).file == 0)
            continue;
        if (drawn++ == 0)
            buffer_add(out,
                       TEXT("flowchart LR\n"
                            "  classDef error stroke:#cf222e,stroke-width:3px\n"
                            "  classDef warning stroke:#bf8700,stroke-width:3px\n"));
        add_finding(&picture, finding);
    }
    return drawn != 0;
}
