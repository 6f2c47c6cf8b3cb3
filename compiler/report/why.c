#include "report/text.h"

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

typedef struct Verdict {
    Text says; /* "allowed", "denied" or "unknown" */
    DlRelationId relation;
    uint32_t row;
} Verdict;

static bool find_verdict(const Report *report, const Text *key, Verdict *verdict)
{
    static const Text answers[] = {TEXT_INIT("allowed"), TEXT_INIT("unknown"),
                                   TEXT_INIT("denied")};
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

bool why_text(const Report *report, Text configuration, Text repository, Text reference,
              Text phase, Buffer *out)
{
    const Text key[] = {configuration, repository, reference, phase};
    Verdict verdict;
    Buffer head = {.arena = report->arena};

    if (!find_verdict(report, key, &verdict))
        return false;
    ink_add(report, verdict_ink(verdict.says), verdict.says, out);
    buffer_add(&head, TEXT(": "));
    buffer_add(&head, repository);
    buffer_add(&head, TEXT(" pulling "));
    buffer_add(&head, reference);
    buffer_add(&head, TEXT(" (phase: "));
    buffer_add(&head, phase);
    buffer_add(&head, TEXT(")"));
    ink_add(report, INK_BOLD, buffer_text(&head), out);
    buffer_add_byte(out, '\n');
    reasons_add(report, proof_of(report, verdict.relation, verdict.row, WHY_DEPTH), 0,
                out);
    return true;
}

bool why_json(const Report *report, Text configuration, Text repository, Text reference,
              Text phase, Buffer *out)
{
    const Text key[] = {configuration, repository, reference, phase};
    Verdict verdict;
    JsonOut json = {.out = out};

    if (!find_verdict(report, key, &verdict))
        return false;
    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_member_text(&json, "verdict", verdict.says);
    json_key(&json, "proof");
    json_add_proof(report, proof_of(report, verdict.relation, verdict.row, WHY_DEPTH),
                   &json);
    json_key(&json, "repairs");
    json_open_array(&json);
    json_close_array(&json);
    json_close_object(&json);
    return true;
}
