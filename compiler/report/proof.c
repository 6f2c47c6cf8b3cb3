#include "report/cells.h"
#include "report/way.h"

/* Proofs share their parts, so that unfolding one may take exponential work: these bound
 * it, and the C stack. */
enum {
    PROOF_NODES = 2000,  /* of the unfolded proof */
    PROOF_STEPS = 20000, /* looked at, those without words included */
    PROOF_LEVELS = 100,  /* of the engine's proof; the stack's depth */
    PROOF_DEPTH = 32     /* of a finding's proof */
};

typedef struct Unfolding {
    const Report *report;
    uint32_t nodes, steps;
} Unfolding;

typedef struct Steps {
    const Proof **items;
    uint32_t count, capacity;
} Steps;

static void steps_add(const Unfolding *unfolding, Steps *steps, const Proof *proof)
{
    ARRAY_GROW(unfolding->report->arena, steps->items, steps->count, steps->capacity);
    steps->items[steps->count++] = proof;
}

/* What a step says; empty when it is one without words. */
static Text sentence(const Report *report, const DlProof *proof)
{
    if (proof->relation.index >= report->catalogue->nsentences)
        return TEXT("");
    const Sentence *words = &report->catalogue->sentences[proof->relation.index];
    bool has_own_words = proof->absent && words->absent.len;
    Text says = template_fill(report, has_own_words ? words->absent : words->says,
                              proof->relation, proof->row, proof->any);
    if (!proof->absent || has_own_words || says.len == 0)
        return says;
    Buffer negated = {.arena = report->arena};

    buffer_add(&negated, TEXT("no "));
    buffer_add(&negated, says);
    return buffer_text(&negated);
}

static bool says_already(const Steps *steps, const Proof *proof)
{
    for (uint32_t i = 0; i < steps->count; i++) {
        const Proof *other = steps->items[i];

        if (other->absent == proof->absent && other->span.file == proof->span.file &&
            other->span.start == proof->span.start &&
            other->span.end == proof->span.end && text_equal(other->says, proof->says))
            return true;
    }
    return false;
}

/* The proof goes on, but not here. */
static void steps_cut(Unfolding *unfolding, Steps *steps)
{
    Proof *cut = ARENA_NEW(unfolding->report->arena, Proof);

    cut->says = TEXT("...");
    if (says_already(steps, cut))
        return;
    unfolding->nodes++;
    steps_add(unfolding, steps, cut);
}

/* How the configuration comes to a reference: the steps of its way, each a place. */
static void add_way(Unfolding *unfolding, Steps *steps, const DlProof *proof)
{
    enum { REFERENCE_AT, REFERENCE_CONFIG };
    const Report *report = unfolding->report;
    Span *via;

    if (!report->ways || !proof->is_input || proof->absent ||
        !text_equal(dl_relation(report->program, proof->relation)->name,
                    TEXT("reference")))
        return;
    uint32_t count = way_find(report->ways, proof->row[REFERENCE_CONFIG],
                              proof->row[REFERENCE_AT], &via);
    for (uint32_t i = 0; i < count && unfolding->nodes < PROOF_NODES; i++) {
        Proof *step = ARENA_NEW(report->arena, Proof);

        step->says = TEXT("reached from here");
        step->span = via[i];
        unfolding->nodes++;
        steps_add(unfolding, steps, step);
    }
}

static void add_reasons(Unfolding *unfolding, Steps *steps, const DlProof *proof,
                        uint32_t depth, uint32_t level);

static void add_step(Unfolding *unfolding, Steps *steps, const DlProof *proof,
                     uint32_t depth, uint32_t level)
{
    const Report *report = unfolding->report;
    Text says = sentence(report, proof);

    if (says.len == 0) {
        add_reasons(unfolding, steps, proof, depth, level);
        return;
    }
    Proof *step = ARENA_NEW(report->arena, Proof);
    Steps because = {0};

    step->says = says;
    step->absent = proof->absent;
    if (proof->is_input && !proof->absent)
        step->span = cells_span(report, dl_relation(report->program, proof->relation),
                                proof->row);
    if (says_already(steps, step))
        return;
    unfolding->nodes++;
    steps_add(unfolding, steps, step);
    if (depth > 1) {
        add_way(unfolding, &because, proof);
        add_reasons(unfolding, &because, proof, depth - 1, level);
    }
    step->because = because.items;
    step->nbecause = because.count;
}

/* A relation "fix_..." says how a finding is mended, and proves nothing of it. */
static bool is_for_fix(const Report *report, const DlProof *proof)
{
    return text_starts_with(dl_relation(report->program, proof->relation)->name,
                            TEXT("fix_"));
}

/* The steps that a proof rests on, `depth` levels of them. Recursion is at most
 * PROOF_LEVELS deep. */
static void add_reasons(Unfolding *unfolding, Steps *steps, const DlProof *proof,
                        uint32_t depth, uint32_t level)
{
    for (uint32_t i = 0; i < proof->nbecause; i++) {
        if (level >= PROOF_LEVELS || unfolding->nodes >= PROOF_NODES ||
            unfolding->steps >= PROOF_STEPS) {
            steps_cut(unfolding, steps);
            return;
        }
        unfolding->steps++;
        if (!is_for_fix(unfolding->report, proof->because[i]))
            add_step(unfolding, steps, proof->because[i], depth, level + 1);
    }
}

/* The proof of a row under a root that says `says` at `span`. */
static const Proof *unfold(const Report *report, const DlProof *proof, Text says,
                           Span span, uint32_t depth)
{
    Unfolding unfolding = {.report = report, .nodes = 1};
    Proof *root = ARENA_NEW(report->arena, Proof);
    Steps because = {0};

    root->says = says;
    root->span = span;
    root->absent = proof->absent;
    if (depth > 1)
        add_reasons(&unfolding, &because, proof, depth - 1, 0);
    root->because = because.items;
    root->nbecause = because.count;
    return root;
}

/* --- why not --- */

static void add_failures(Unfolding *unfolding, Steps *steps, DlWhyNots why_not);

/* What a failure says: of what is not there, only words of its own. */
static Text failure_sentence(const Report *report, const DlProof *failed)
{
    const Catalogue *catalogue = report->catalogue;

    if (!failed || (failed->absent &&
                    (failed->relation.index >= catalogue->nsentences ||
                     catalogue->sentences[failed->relation.index].absent.len == 0)))
        return TEXT("");
    return sentence(report, failed);
}

/* What fails, and under it why. Recursion is as deep as the engine's answer. */
static void add_failure(Unfolding *unfolding, Steps *steps, const DlWhyNot *why_not)
{
    const Report *report = unfolding->report;
    const DlProof *failed = why_not->failed;
    Text says = failure_sentence(report, failed);

    if (says.len == 0) {
        add_failures(unfolding, steps, why_not->deeper);
        return;
    }
    Proof *step = ARENA_NEW(report->arena, Proof);
    Steps because = {0};

    step->says = says;
    step->absent = failed->absent;
    if (failed->is_input && !failed->absent)
        step->span = cells_span(report, dl_relation(report->program, failed->relation),
                                failed->row);
    if (says_already(steps, step))
        return;
    unfolding->nodes++;
    steps_add(unfolding, steps, step);
    add_failures(unfolding, &because, why_not->deeper);
    step->because = because.items;
    step->nbecause = because.count;
}

/* A clause of which nothing holds, beside others of which something does, is far off. */
static void add_failures(Unfolding *unfolding, Steps *steps, DlWhyNots why_not)
{
    bool some_hold = false;

    for (uint32_t i = 0; i < why_not.count; i++)
        some_hold |= why_not.items[i].nholds != 0;
    for (uint32_t i = 0; i < why_not.count && unfolding->nodes < PROOF_NODES; i++) {
        if (why_not.items[i].nholds || !some_hold)
            add_failure(unfolding, steps, &why_not.items[i]);
    }
}

const Proof *const *why_not_proofs(const Report *report, DlWhyNots why_not,
                                   uint32_t *count)
{
    Unfolding unfolding = {.report = report};
    Steps steps = {0};

    add_failures(&unfolding, &steps, why_not);
    /* One root says no more than what lies under it. */
    if (steps.count == 1 && steps.items[0]->nbecause) {
        *count = steps.items[0]->nbecause;
        return steps.items[0]->because;
    }
    *count = steps.count;
    return steps.items;
}

/* --- the roots --- */

const Proof *proof_of(const Report *report, DlRelationId relation, uint32_t row,
                      uint32_t depth)
{
    const DlProof *proof = dl_why(report->arena, report->database, relation, row);
    const DlRelation *declared = dl_relation(report->program, relation);
    Text says = sentence(report, proof);

    if (says.len == 0)
        says = declared->name;
    return unfold(
        report, proof, says,
        proof->is_input ? cells_span(report, declared, proof->row) : (Span){0}, depth);
}

const Proof *finding_proof(const Report *report, const Finding *finding)
{
    if (finding->relation.index == DL_NO_RELATION || !report->database)
        return NULL;
    return unfold(
        report,
        dl_why(report->arena, report->database, finding->relation, finding->row),
        finding->message, finding->span, PROOF_DEPTH);
}
