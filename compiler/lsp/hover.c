#include "lsp/hover.h"

#include "report/why.h"

enum { SECTIONS_MAX = 8, PROOF_BYTES_MAX = 32 << 10 };

/* The cells of reference(at, config, ref, ...) and configuration(at, config, repo, ...). */
enum { REFERENCE_AT, REFERENCE_CONFIG, REFERENCE_REF };
enum { CONFIGURATION_CONFIG = 1, CONFIGURATION_REPO };

typedef struct Hover {
    Places *places;
    const Report *report;
    Text path;
    Range range; /* where the pointer is */
    Span span;   /* what the first section is about; file 0: there is none */
    Buffer out;
    uint32_t count;
} Hover;

static Text cell(const Hover *hover, uint32_t symbol)
{
    return symbol_text(hover->report->symbols, (Symbol){symbol});
}

/* --- Markdown --- */

/* Text on one line, in which nothing is a mark of Markdown. */
static void add_text(Hover *hover, Text text)
{
    bool is_markdown = hover->places->session->has_markdown;
    Buffer safe = {.arena = hover->out.arena};

    buffer_add_printable(&safe, text);
    for (size_t i = 0; i < safe.len; i++) {
        char byte = safe.at[i];

        if (is_markdown && text_find_byte(TEXT("\\`*_[]<>&~|"), byte) < 11)
            buffer_add_byte(&hover->out, '\\');
        buffer_add_byte(&hover->out, byte == '\n' ? ' ' : byte);
    }
}

static size_t longest_run(Text text, char byte)
{
    size_t longest = 0, run = 0;

    for (size_t i = 0; i < text.len; i++) {
        run = text.at[i] == byte ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* Lines as they are, between fences that are longer than any in them. */
static void add_block(Hover *hover, Text lines)
{
    Buffer *out = &hover->out;
    size_t fence = longest_run(lines, '`') + 1;

    if (lines.len > PROOF_BYTES_MAX) {
        lines.len = PROOF_BYTES_MAX;
        lines.len = text_find_last_byte(lines, '\n') + 1;
    }
    if (!hover->places->session->has_markdown) {
        buffer_add(out, lines);
        return;
    }
    fence = fence < 3 ? 3 : fence;
    buffer_add_times(out, '`', fence);
    buffer_add(out, TEXT("text\n"));
    buffer_add(out, lines);
    buffer_add_times(out, '`', fence);
    buffer_add_byte(out, '\n');
}

static bool begin_section(Hover *hover, Span span)
{
    if (hover->count == SECTIONS_MAX)
        return false;
    if (hover->count++ == 0)
        hover->span = span;
    else
        buffer_add(&hover->out, hover->places->session->has_markdown ? TEXT("\n---\n\n")
                                                                     : TEXT("\n"));
    return true;
}

/* --- what is there --- */

static void add_finding(Hover *hover, const Finding *finding)
{
    bool is_markdown = hover->places->session->has_markdown;
    const Rule *rule = finding->rule;
    const Proof *proof = finding_proof(hover->report, finding);
    Buffer lines = {.arena = hover->out.arena}, *out = &hover->out;

    if (!begin_section(hover, finding->span))
        return;
    buffer_format(out, is_markdown ? "**%s** " : "%s ", severity_name(rule->severity));
    if (is_markdown && text_starts_with(rule->documentation, TEXT("https://")))
        buffer_format(out, "[%.*s](<%.*s>): ", TEXT_ARG(rule->id),
                      TEXT_ARG(rule->documentation));
    else
        buffer_format(out, "%.*s: ", TEXT_ARG(rule->id));
    add_text(hover, finding->message);
    buffer_add(out, TEXT("\n"));
    if (proof && proof->nbecause) {
        text_add_proof(hover->report, proof, &lines);
        buffer_add(out, TEXT("\n"));
        /* Its first line is the message again. */
        add_block(hover, text_from(buffer_text(&lines),
                                   text_find_byte(buffer_text(&lines), '\n') + 1));
    }
    if (finding->help.len) {
        buffer_add(out, TEXT("\n"));
        add_text(hover, finding->help);
        buffer_add(out, TEXT("\n"));
    }
}

static DlRelationId relation(const Hover *hover, Text name, uint32_t arity)
{
    DlRelationId id = dl_relation_find(hover->report->program, name);

    if (id.index != DL_NO_RELATION &&
        dl_relation(hover->report->program, id)->arity < arity)
        id.index = DL_NO_RELATION;
    return id;
}

static Text repository_of(const Hover *hover, uint32_t config)
{
    const DlDatabase *database = hover->report->database;
    DlRelationId id = relation(hover, TEXT("configuration"), CONFIGURATION_REPO + 1);

    if (id.index == DL_NO_RELATION)
        return (Text){0};
    for (uint32_t i = 0; i < dl_row_count(database, id); i++) {
        const uint32_t *row = dl_row(database, id, i);

        if (row[CONFIGURATION_CONFIG] == config)
            return cell(hover, row[CONFIGURATION_REPO]);
    }
    return (Text){0};
}

/* The verdict of the first phase in which it is pulled. */
static void add_verdict(Hover *hover, Span span, const uint32_t *row)
{
    static const Text phases[] = {TEXT_INIT("create"), TEXT_INIT("prebuild"),
                                  TEXT_INIT("runtime")};
    Text config = cell(hover, row[REFERENCE_CONFIG]);
    Text repository = repository_of(hover, row[REFERENCE_CONFIG]);
    Text reference = cell(hover, row[REFERENCE_REF]);

    for (size_t i = 0; i < sizeof(phases) / sizeof(*phases); i++) {
        Buffer lines = {.arena = hover->out.arena};

        WhyQuestion question = {config, repository, reference, phases[i]};
        Verdict verdict;

        if (!verdict_find(hover->report, &question, &verdict))
            continue;
        verdict_add_text(hover->report, &question, &verdict, &lines);
        if (begin_section(hover, span))
            add_block(hover, buffer_text(&lines));
        return;
    }
}

static void add_references(Hover *hover)
{
    const Report *report = hover->report;
    DlRelationId id = report->database
                          ? relation(hover, TEXT("reference"), REFERENCE_REF + 1)
                          : (DlRelationId){DL_NO_RELATION};

    if (id.index == DL_NO_RELATION)
        return;
    for (uint32_t i = 0; i < dl_row_count(report->database, id); i++) {
        const uint32_t *row = dl_row(report->database, id, i);
        Span span = site_span(report->sources, (Site){row[REFERENCE_AT]});

        if (places_touch(hover->places, span, hover->path, hover->range))
            add_verdict(hover, span, row);
    }
}

void hover_add(Places *places, const Report *report, Text path, Position position,
               JsonOut *json)
{
    Hover hover = {.places = places,
                   .report = report,
                   .path = path,
                   .range = {position, position},
                   .out = {.arena = report->arena}};

    for (uint32_t i = 0; i < report->count; i++) {
        const Finding *finding = &report->findings[i];

        if (places_touch(places, finding->span, path, hover.range))
            add_finding(&hover, finding);
    }
    add_references(&hover);
    if (hover.count == 0) {
        json_null(json);
        return;
    }
    json_open_object(json);
    json_key(json, "contents");
    json_open_object(json);
    json_member_text(json, "kind",
                     places->session->has_markdown ? TEXT("markdown")
                                                   : TEXT("plaintext"));
    json_member_text(json, "value", buffer_text(&hover.out));
    json_close_object(json);
    json_key(json, "range");
    range_add(places_range(places, hover.span), json);
    json_close_object(json);
}
