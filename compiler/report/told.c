#include "report/told.h"

#include <inttypes.h>

const Finding **findings_worst_first(const Report *report)
{
    const Finding **list = ARENA_ARRAY(report->arena, report->count, const Finding *);
    uint32_t count = 0;

    for (int severity = SEVERITY_ERROR; severity >= SEVERITY_INFO; severity--) {
        for (uint32_t i = 0; i < report->count; i++) {
            if ((int)report->findings[i].rule->severity == severity)
                list[count++] = &report->findings[i];
        }
    }
    return list;
}

/* --- places --- */

static Span first_span(const Proof *proof)
{
    Span span = proof->span;

    for (uint32_t i = 0; i < proof->nbecause && span.file == 0; i++)
        span = first_span(proof->because[i]); /* as deep as proof.c lets proofs be */
    return span;
}

Span told_span(const Report *report, const Finding *finding)
{
    if (finding->span.file)
        return finding->span;
    if (finding->nrelated)
        return finding->related[0].span;
    const Proof *proof = finding_proof(report, finding);

    return proof ? first_span(proof) : finding->span;
}

static Text with_prefix(const Report *report, Text path)
{
    if (report->run.prefix.len == 0)
        return path;
    return arena_format(report->arena, "%.*s%.*s", TEXT_ARG(report->run.prefix),
                        TEXT_ARG(path));
}

Text told_path(const Report *report, Span span)
{
    return with_prefix(report, span.file ? source_path(report->sources, span.file)
                                         : TEXT("berth.yaml"));
}

Text told_coverage_path(const Report *report, const Coverage *coverage)
{
    return with_prefix(report, coverage->path);
}

/* --- counts --- */

Text told_counts(const Report *report)
{
    Buffer counts = {.arena = report->arena};

    buffer_format(
        &counts, "%" PRIu32 " %serror%s, %" PRIu32 " warning%s, %" PRIu32 " info%s",
        report->errors, report->is_change ? "new " : "", report->errors == 1 ? "" : "s",
        report->warnings, report->warnings == 1 ? "" : "s", report->infos,
        report->infos == 1 ? "" : "s");
    if (report->suppressed)
        buffer_format(&counts, ", %" PRIu32 " suppressed", report->suppressed);
    if (report->has_baseline)
        buffer_format(&counts, ", %" PRIu32 " in the baseline", report->known);
    if (report->is_change)
        buffer_format(&counts, "; the change fixed %" PRIu32 " and left %" PRIu32,
                      report->fixed, report->unchanged);
    return buffer_text(&counts);
}

uint32_t told_not_analysed(const Report *report)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < report->ncoverage; i++)
        count += !text_equal(report->coverage[i].status, TEXT("analysed"));
    return count;
}

/* --- proofs as lists --- */

typedef struct StepList {
    Step *steps;
    uint32_t count, max;
    Span nowhere; /* where absences stand */
} StepList;

static bool span_equal(Span left, Span right)
{
    return left.file == right.file && left.start == right.start &&
           left.end == right.end;
}

static void add_step(StepList *list, Text says, Span span)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (span_equal(list->steps[i].span, span) &&
            text_equal(list->steps[i].says, says))
            return;
    }
    if (list->count < list->max)
        list->steps[list->count++] = (Step){says, span};
}

/* Recursion follows the proof, whose depth proof.c bounds. */
static void add_steps(StepList *list, const Proof *proof)
{
    for (uint32_t i = 0; i < proof->nbecause && list->count < list->max; i++) {
        const Proof *reason = proof->because[i];

        add_steps(list, reason);
        if (reason->span.file || (reason->absent && list->nowhere.file))
            add_step(list, reason->says,
                     reason->span.file ? reason->span : list->nowhere);
    }
}

uint32_t told_steps(const Report *report, const Finding *finding, uint32_t max,
                    Step *steps)
{
    const Proof *proof = finding_proof(report, finding);
    StepList list = {
        .steps = steps, .max = max - 1, .nowhere = told_span(report, finding)};

    if (!proof || list.nowhere.file == 0)
        return 0;
    add_steps(&list, proof);
    list.max++;
    add_step(&list, finding->message, list.nowhere);
    return list.count;
}

static bool find_way(const Proof *proof, Span place, const Proof **found)
{
    *found = proof;
    if (span_equal(proof->span, place) && proof->nbecause &&
        proof->because[0]->nbecause == 0 && proof->because[0]->span.file)
        return true;
    for (uint32_t i = 0; i < proof->nbecause; i++) {
        if (find_way(proof->because[i], place, found))
            return true;
    }
    return false;
}

uint32_t told_way(const Report *report, const Finding *finding, const Span **way)
{
    const Proof *root = finding_proof(report, finding), *at = NULL;
    Span *spans;
    bool found = false;

    /* The root stands at the finding's place itself. */
    for (uint32_t i = 0; root && i < root->nbecause && !found; i++)
        found = finding->span.file && find_way(root->because[i], finding->span, &at);
    if (!found)
        return 0;
    spans = ARENA_ARRAY(report->arena, at->nbecause, Span);
    *way = spans;
    for (uint32_t i = 0; i < at->nbecause; i++)
        spans[i] = at->because[i]->span;
    return at->nbecause;
}
