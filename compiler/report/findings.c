#include "report/findings.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "report/cells.h"
#include "report/fingerprint.h"

static Finding *finding_add(Report *report, const Rule *rule)
{
    ARRAY_GROW(report->arena, report->findings, report->count, report->capacity);
    Finding *finding = &report->findings[report->count++];

    *finding = (Finding){.rule = rule};
    finding->relation.index = DL_NO_RELATION;
    return finding;
}

/* --- rows --- */

static Text label_of(const Report *report, const Rule *rule, Text attribute,
                     const uint32_t *row)
{
    for (uint32_t i = 0; i < rule->nlabels; i++) {
        if (text_equal(rule->labels[i].attribute, attribute))
            return template_fill(report, rule->labels[i].says, rule->relation, row,
                                 NULL);
    }
    return TEXT("");
}

static Text repository_of(const Report *report, const DlRelation *relation,
                          const uint32_t *row)
{
    for (uint32_t i = 0; i < relation->arity; i++) {
        if (text_equal(relation->attributes[i].type, TEXT("Repo")))
            return cell_text(report, &relation->attributes[i], row[i]);
    }
    return TEXT("");
}

/* The places of a row: the first attribute is the primary one; others that are nowhere
 * are left out. */
static void add_places(const Report *report, Finding *finding,
                       const DlRelation *relation, const uint32_t *row)
{
    Related *related = ARENA_ARRAY(report->arena, relation->arity, Related);

    finding->related = related;
    for (uint32_t i = 0; i < relation->arity; i++) {
        if (!cell_is_site(&relation->attributes[i]))
            continue;
        Span span = site_span(report->sources, (Site){row[i]});
        Text label = label_of(report, finding->rule, relation->attributes[i].name, row);

        if (i == 0) {
            finding->span = span;
            finding->label = label;
        } else if (span.file &&
                   !rule_hides(finding->rule, relation->attributes[i].name)) {
            related[finding->nrelated++] = (Related){span, label};
        }
    }
}

static void add_rows(Report *report, const Rule *rule)
{
    const DlRelation *relation = dl_relation(report->program, rule->relation);
    uint32_t count = dl_row_count(report->database, rule->relation);

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *row = dl_row(report->database, rule->relation, i);
        Finding *finding = finding_add(report, rule);

        finding->relation = rule->relation;
        finding->row = i;
        finding->message =
            template_fill(report, rule->message, rule->relation, row, NULL);
        finding->help = template_fill(report, rule->help, rule->relation, row, NULL);
        finding->repository = repository_of(report, relation, row);
        finding->fingerprint =
            fingerprint_of_row(report, rule, finding->repository, row);
        add_places(report, finding, relation, row);
    }
}

/* --- what readers said --- */

void finding_add_diag(Report *report, const Diag *diag)
{
    Text id = text_of(diag->rule);

    if (id.len == 0)
        return;
    const Rule *rule = rule_find(report->catalogue, id);
    assert(rule); /* a reader names a rule of the catalogue */
    if (rule->is_off)
        return;
    Finding *finding = finding_add(report, rule);

    finding->message = diag->message;
    finding->help = diag->help.len ? diag->help : rule->help;
    finding->fingerprint = fingerprint_of_diag(report, rule, diag);
    finding->span = diag->span;
    finding->meant = diag->meant;
    if (diag->related.file) {
        Related *related = ARENA_NEW(report->arena, Related);

        *related = (Related){diag->related, diag->related_says};
        finding->related = related;
        finding->nrelated = 1;
    }
}

/* --- their order --- */

typedef struct Entry {
    const Report *report;
    const Finding *finding;
} Entry;

static Span span_at(Span span)
{
    return (Span){span.file, span.start, span.start};
}

/* By path, start, rule, message; the rest makes equal what is one finding. */
static int finding_compare(const Report *report, const Finding *left,
                           const Finding *right)
{
    int order = place_compare(report, span_at(left->span), span_at(right->span));

    if (order == 0)
        order = text_compare(left->rule->id, right->rule->id);
    if (order == 0)
        order = text_compare(left->message, right->message);
    if (order == 0)
        order = place_compare(report, left->span, right->span);
    if (order == 0)
        order = text_compare(left->repository, right->repository);
    return order;
}

/* Which of several rows or diagnostics that are one finding is kept. */
static int evidence_compare(const Report *report, const Finding *left,
                            const Finding *right)
{
    if (left->relation.index != right->relation.index)
        return left->relation.index == DL_NO_RELATION ? 1 : -1;
    if (left->relation.index == DL_NO_RELATION)
        return place_compare(report, left->nrelated ? left->related->span : (Span){0},
                             right->nrelated ? right->related->span : (Span){0});
    return cells_compare(report, dl_relation(report->program, left->relation),
                         dl_row(report->database, left->relation, left->row),
                         dl_row(report->database, right->relation, right->row));
}

static int entry_compare(const void *left, const void *right)
{
    const Entry *one = left, *other = right;
    int order = finding_compare(one->report, one->finding, other->finding);

    return order ? order : evidence_compare(one->report, one->finding, other->finding);
}

/* Sorts the findings; of equal ones the first stays. */
static void sort_findings(Report *report)
{
    Entry *entries = ARENA_ARRAY(report->arena, report->count, Entry);
    Finding *sorted = ARENA_ARRAY(report->arena, report->count, Finding);
    uint32_t count = 0;

    for (uint32_t i = 0; i < report->count; i++)
        entries[i] = (Entry){report, &report->findings[i]};
    qsort(entries, report->count, sizeof(Entry), entry_compare);
    for (uint32_t i = 0; i < report->count; i++) {
        if (i == 0 ||
            finding_compare(report, entries[i - 1].finding, entries[i].finding) != 0)
            sorted[count++] = *entries[i].finding;
    }
    report->findings = sorted;
    report->capacity = report->count;
    report->count = count;
}

/* --- the more specific rule speaks --- */

static Text place_key(const Report *report, Text rule, Span span, Text repository)
{
    Buffer key = {.arena = report->arena};

    buffer_add(&key, rule);
    buffer_add_byte(&key, '\0');
    buffer_add(&key, repository);
    buffer_format(&key, "%c%" PRIu32 " %" PRIu32 " %" PRIu32, '\0', span.file,
                  span.start, span.end);
    return buffer_text(&key);
}

#define ANY_REPOSITORY TEXT("*") /* no repository has this name */

static bool has_finding(const Report *report, const Symbols *places, Text rule,
                        const Finding *at)
{
    Text none = TEXT("");
    Symbol symbol;

    if (at->repository.len == 0)
        return symbol_find(places, place_key(report, rule, at->span, ANY_REPOSITORY),
                           &symbol);
    return symbol_find(places, place_key(report, rule, at->span, at->repository),
                       &symbol) ||
           symbol_find(places, place_key(report, rule, at->span, none), &symbol);
}

/* A more specific rule has a finding at the same place, and it is no less severe. Two
 * repositories are two causes, even at one place. */
static bool yields(const Report *report, const Symbols *places, const Finding *finding)
{
    const Rule *rule = finding->rule;

    for (uint32_t i = 0; i < rule->nyields_to; i++) {
        const Rule *other = rule_find(report->catalogue, rule->yields_to[i]);

        if (other && other->severity >= rule->severity &&
            has_finding(report, places, other->id, finding))
            return true;
    }
    return false;
}

static void silence_yielding(Report *report)
{
    Symbols *places = symbols_new(report->arena);
    uint32_t count = 0;

    for (uint32_t i = 0; i < report->count; i++) {
        const Finding *finding = &report->findings[i];

        if (finding->span.file == 0)
            continue;
        symbol_intern(places, place_key(report, finding->rule->id, finding->span,
                                        ANY_REPOSITORY));
        symbol_intern(places, place_key(report, finding->rule->id, finding->span,
                                        finding->repository));
    }
    for (uint32_t i = 0; i < report->count; i++) {
        const Finding *finding = &report->findings[i];

        if (finding->span.file == 0 || !yields(report, places, finding))
            report->findings[count++] = *finding;
    }
    report->count = count;
}

void findings_count(Report *report)
{
    report->errors = report->warnings = report->infos = 0;
    for (uint32_t i = 0; i < report->count; i++) {
        switch (report->findings[i].rule->severity) {
        case SEVERITY_INFO:
            report->infos++;
            break;
        case SEVERITY_WARNING:
            report->warnings++;
            break;
        case SEVERITY_ERROR:
            report->errors++;
            break;
        }
    }
}

void findings_sort(Report *report)
{
    sort_findings(report);
    findings_count(report);
}

/* --- silenced ones --- */

Text suppression_kind_name(SuppressionKind kind)
{
    static const Text names[] = {
#define SUPPRESSION(enumerator, name) TEXT_INIT(name),
        SUPPRESSION_KINDS(SUPPRESSION)
#undef SUPPRESSION
    };
    return names[kind];
}

void finding_silence(Report *report, const Finding *finding, Suppressed how)
{
    how.finding = *finding;
    ARRAY_GROW(report->arena, report->silenced, report->nsilenced,
               report->silenced_capacity);
    report->silenced[report->nsilenced++] = how;
    if (how.kind == SUPPRESSED_BASELINE)
        report->known++;
    else
        report->suppressed++;
}

void suppression_propose(Report *report, Proposed proposed)
{
    ARRAY_GROW(report->arena, report->proposed, report->nproposed,
               report->proposed_capacity);
    report->proposed[report->nproposed++] = proposed;
}

void findings_collect(Report *report, const Diags *diags)
{
    const Catalogue *catalogue = report->catalogue;
    bool some_yield = false;

    report->count = report->nsilenced = report->nproposed = 0;
    report->suppressed = report->known = 0;
    for (uint32_t i = 0; i < catalogue->count; i++) {
        const Rule *rule = &catalogue->rules[i];

        some_yield |= rule->nyields_to != 0;
        if (report->database && rule->relation.index != DL_NO_RELATION && !rule->is_off)
            add_rows(report, rule);
    }
    for (uint32_t i = 0; i < diags->count; i++)
        finding_add_diag(report, &diags->items[i]);
    sort_findings(report);
    if (some_yield)
        silence_yielding(report);
    findings_count(report);
}
