#include "report/why.h"

#include "report/shown.h"
#include "report/wrap.h"

/* The cells of verdict(config, repo, ref, phase, verdict). */
enum {
    VERDICT_CONFIG,
    VERDICT_REPO,
    VERDICT_REF,
    VERDICT_PHASE,
    VERDICT,
    VERDICT_ARITY
};

enum { WHY_DEPTH = 32 };

bool verdict_find(const Report *report, const WhyQuestion *question, Verdict *verdict)
{
    static const Text answers[] = {TEXT_INIT("allowed"), TEXT_INIT("unknown"),
                                   TEXT_INIT("denied")};
    const Text key[] = {question->configuration, question->repository,
                        question->reference, question->phase};
    uint32_t row[VERDICT_ARITY];
    Symbol symbol;

    if (!report->database)
        return false;
    verdict->relation = dl_relation_find(report->program, TEXT("verdict"));
    if (verdict->relation.index == DL_NO_RELATION ||
        dl_relation(report->program, verdict->relation)->arity != VERDICT_ARITY)
        return false;
    for (int i = VERDICT_CONFIG; i < VERDICT; i++) {
        if (!symbol_find(report->symbols, key[i], &symbol))
            return false;
        row[i] = symbol.id;
    }
    for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
        verdict->says = answers[i];
        if (!symbol_find(report->symbols, answers[i], &symbol))
            continue;
        row[VERDICT] = symbol.id;
        if (dl_find(report->database, verdict->relation, row, &verdict->row))
            return true;
    }
    return false;
}

static Ink verdict_ink(Text verdict)
{
    if (text_equal(verdict, TEXT("denied")))
        return INK_ERROR;
    return text_equal(verdict, TEXT("unknown")) ? INK_WARNING : INK_INFO;
}

bool verdict_is_allowed(const Verdict *verdict)
{
    return text_equal(verdict->says, TEXT("allowed"));
}

/* One line, or as many as the terminal asks for, behind a number or "and". */
static void add_repair_line(const Report *report, Text before, Ink ink, Text says,
                            Text place, Buffer *out)
{
    enum { INDENT = 5 };
    const Text blanks = TEXT("     ");

    buffer_add(out, before);
    uint32_t column = wrap_add(report, ink, says, report->width, (uint32_t)before.len,
                               blanks, INDENT, out);
    if (place.len) {
        bool fits = report->width == 0 ||
                    column + 2 + shown_width(report->arena, place) <= report->width;

        buffer_add(out, fits ? TEXT("  ") : TEXT("\n"));
        if (!fits)
            buffer_add(out, blanks);
        buffer_add(out, place);
    }
    buffer_add_byte(out, '\n');
}

static Text place_of(const Report *report, Span span)
{
    Buffer place = {.arena = report->arena};

    if (span.file == 0)
        return TEXT("");
    buffer_add_byte(&place, '(');
    place_add(report, span, &place);
    buffer_add_byte(&place, ')');
    return buffer_text(&place);
}

static void add_repair(const Report *report, const ShownRepair *repair, uint32_t number,
                       Buffer *out)
{
    for (uint32_t i = 0; i < repair->nsteps; i++) {
        const RepairStep *step = &repair->steps[i];
        Text before = arena_format(report->arena, "%3u. ", (unsigned)number);

        add_repair_line(report, i ? TEXT("     and ") : before, INK_PLAIN, step->says,
                        place_of(report, step->span), out);
    }
    for (uint32_t i = 0; i < repair->ncreates; i++)
        add_repair_line(report, TEXT("     this creates "), INK_ERROR,
                        repair->creates[i], TEXT(""), out);
}

static void add_sentence(const Report *report, Text says, Buffer *out)
{
    wrap_add(report, INK_PLAIN, says, report->width, 0, TEXT(""), 0, out);
    buffer_add_byte(out, '\n');
}

/* Where a limit ended the search, it says so: what was not tried is not known. */
static void add_repairs(const Report *report, const WhyAnswer *answer, Buffer *out)
{
    if (answer->nrepairs) {
        ink_add(report, INK_BOLD, TEXT("to allow it:"), out);
        buffer_add_byte(out, '\n');
    }
    for (uint32_t i = 0; i < answer->nrepairs; i++)
        add_repair(report, &answer->repairs[i], i + 1, out);
    if (answer->nchanges == 0)
        add_sentence(report,
                     TEXT("no change of what the manifests state would allow it"), out);
    else if (answer->nrepairs == 0)
        add_sentence(report,
                     arena_format(report->arena,
                                  "no repair of up to %u changes was found among %u",
                                  (unsigned)answer->size_max,
                                  (unsigned)answer->nchanges),
                     out);
    if (answer->is_cut_off)
        add_sentence(report, TEXT("the search met a limit; there may be other repairs"),
                     out);
}

static void add_why_not(const Report *report, const WhyAnswer *answer, Buffer *out)
{
    Proof root = {.because = answer->why_not, .nbecause = answer->nwhy_not};

    if (answer->nwhy_not == 0)
        return;
    ink_add(report, INK_BOLD, TEXT("what would allow it fails here:"), out);
    buffer_add_byte(out, '\n');
    reasons_add(report, &root, 0, out);
}

void verdict_add_text(const Report *report, const WhyQuestion *question,
                      const Verdict *verdict, Buffer *out)
{
    Buffer head = {.arena = report->arena};

    ink_add(report, verdict_ink(verdict->says), verdict->says, out);
    buffer_add(&head, TEXT(": "));
    buffer_add(&head, question->repository);
    buffer_add(&head, TEXT(" pulling "));
    buffer_add(&head, question->reference);
    buffer_add(&head, TEXT(" (phase: "));
    buffer_add(&head, question->phase);
    buffer_add(&head, TEXT(")"));
    ink_add(report, INK_BOLD, buffer_text(&head), out);
    buffer_add_byte(out, '\n');
    reasons_add(report, proof_of(report, verdict->relation, verdict->row, WHY_DEPTH), 0,
                out);
}

void why_text(const Report *report, const WhyQuestion *question,
              const WhyAnswer *answer, Buffer *out)
{
    verdict_add_text(report, question, &answer->verdict, out);
    if (verdict_is_allowed(&answer->verdict))
        return;
    add_why_not(report, answer, out);
    add_repairs(report, answer, out);
}

static void add_repair_json(const Report *report, const ShownRepair *repair,
                            JsonOut *json)
{
    json_open_object(json);
    json_key(json, "changes");
    json_open_array(json);
    for (uint32_t i = 0; i < repair->nsteps; i++) {
        json_open_object(json);
        json_member_text(json, "change", repair->steps[i].says);
        json_key(json, "location");
        json_add_location(report, repair->steps[i].span, json);
        json_close_object(json);
    }
    json_close_array(json);
    json_key(json, "creates");
    json_open_array(json);
    for (uint32_t i = 0; i < repair->ncreates; i++)
        json_text(json, repair->creates[i]);
    json_close_array(json);
    json_close_object(json);
}

static void add_search_json(const WhyAnswer *answer, JsonOut *json)
{
    json_key(json, "search");
    json_open_object(json);
    json_member_number(json, "changes", answer->nchanges);
    json_member_number(json, "size", answer->size_max);
    json_member_bool(json, "complete", !answer->is_cut_off);
    json_close_object(json);
}

void why_json(const Report *report, const WhyQuestion *question,
              const WhyAnswer *answer, Buffer *out)
{
    const Verdict *verdict = &answer->verdict;
    JsonOut json = {.out = out};

    (void)question;
    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_member_text(&json, "verdict", verdict->says);
    json_key(&json, "proof");
    json_add_proof(report, proof_of(report, verdict->relation, verdict->row, WHY_DEPTH),
                   &json);
    json_key(&json, "why_not");
    json_open_array(&json);
    for (uint32_t i = 0; i < answer->nwhy_not; i++)
        json_add_proof(report, answer->why_not[i], &json);
    json_close_array(&json);
    json_key(&json, "repairs");
    json_open_array(&json);
    for (uint32_t i = 0; i < answer->nrepairs; i++)
        add_repair_json(report, &answer->repairs[i], &json);
    json_close_array(&json);
    if (!verdict_is_allowed(verdict))
        add_search_json(answer, &json);
    json_close_object(&json);
}
