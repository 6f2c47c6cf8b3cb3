/*
 * `berth cut`: the fewest grants and assignments to remove so that no leak remains.
 */
#include "changes/cut.h"

#include "commands.h"
#include "report/cut_report.h"

static bool says_a_leak(const Rule *rule)
{
    return text_starts_with(rule->id, TEXT("leak/")) && !rule->is_off &&
           rule->relation.index != DL_NO_RELATION;
}

static void list_add(Arena *arena, FindingList *list, const Finding *finding)
{
    ARRAY_GROW(arena, list->items, list->count, list->capacity);
    list->items[list->count++] = finding;
}

/* NULL: the row is one finding with another, or yields to another. */
static const Finding *finding_of(const Report *report, const CutRow *row)
{
    for (uint32_t i = 0; i < report->count; i++) {
        const Finding *finding = &report->findings[i];

        if (finding->relation.index == row->relation.index && finding->row == row->row)
            return finding;
    }
    return NULL;
}

/* The first of the removals that are made which ends the row; `count` when none does. */
static uint32_t ended_by(const Cut *cut, const CutRow *row)
{
    for (uint32_t i = 0; i < cut->count; i++) {
        for (uint32_t j = 0; j < row->nremovals; j++) {
            if (row->removals[j] == cut->removals[i])
                return i;
        }
    }
    return cut->count;
}

static void sort_leaks(Answer *answer, const Cut *cut, CutAnswer *shown)
{
    for (uint32_t i = 0; i < cut->nrows; i++) {
        const CutRow *row = &cut->rows[i];
        const Finding *finding = finding_of(&answer->cc->report, row);
        uint32_t by = ended_by(cut, row);

        if (!finding)
            continue;
        if (row->is_there || by == cut->count)
            list_add(answer->arena, &shown->left, finding);
        else
            list_add(answer->arena, &shown->removals[by].ends, finding);
    }
}

static bool has_fingerprint(const Report *report, Text fingerprint)
{
    for (uint32_t i = 0; i < report->count; i++) {
        if (text_equal(report->findings[i].fingerprint, fingerprint))
            return true;
    }
    return false;
}

/* What a check would find anew: information is no matter of a cut. */
static void find_new(Answer *answer, const Cut *cut, CutAnswer *shown)
{
    const Report *before = &answer->cc->report;
    Report *after = ARENA_NEW(answer->arena, Report);

    *after = *before;
    after->database = cut->after;
    after->findings = NULL;
    after->count = after->capacity = 0;
    findings_collect(after, diags_new(answer->arena));
    for (uint32_t i = 0; i < after->count; i++) {
        const Finding *finding = &after->findings[i];

        if (finding->rule->severity != SEVERITY_INFO &&
            !has_fingerprint(before, finding->fingerprint))
            list_add(answer->arena, &shown->new, finding);
    }
}

static CutQuestion question_of(Answer *answer, const ChangeSet *removals)
{
    const Catalogue *catalogue = &answer->cc->catalogue;
    DlRelationId *goals = ARENA_ARRAY(answer->arena, catalogue->count, DlRelationId);
    CutQuestion question = {.program = answer->cc->program,
                            .database = answer->cc->database,
                            .removals = removals,
                            .goals = goals};

    for (uint32_t i = 0; i < catalogue->count; i++) {
        if (says_a_leak(&catalogue->rules[i]))
            goals[question.ngoals++] = catalogue->rules[i].relation;
    }
    return question;
}

static CutAnswer answer_cut(Answer *answer, const ChangeSet *removals)
{
    Compilation *cc = answer->cc;
    CutQuestion question = question_of(answer, removals);
    Cut cut = cut_find(answer->arena, &question, cut_default_limits);
    CutAnswer shown = {.count = cut.count,
                       .at_least = cut.at_least,
                       .is_cut_off = cut.is_cut_off,
                       .removals = ARENA_ARRAY(answer->arena, cut.count, ShownRemoval)};

    for (uint32_t i = 0; i < cut.count; i++) {
        const Change *change = &removals->items[cut.removals[i]];

        shown.removals[i] = (ShownRemoval){
            .says = change->says, .span = site_span(cc->sources, (Site){change->site})};
    }
    findings_collect(&cc->report, cc->diags);
    sort_leaks(answer, &cut, &shown);
    find_new(answer, &cut, &shown);
    return shown;
}

void command_cut(Answer *answer)
{
    static const char *const names[] = {"text", "json", NULL};
    Compilation *cc = answer->cc;
    Buffer out = {.arena = answer->arena};
    ChangeSet removals;
    Text name, file;

    if (!answer_one_format(answer, names, &name, &file))
        return;
    answer_set_terminal(answer, &cc->report, file);
    if (!changes_find(answer->arena, cc->symbols, cc->program, cc->database,
                      TEXT("removal"), cc->diags, &removals)) {
        answer_say_errors(answer);
        answer_worsen(answer, EXIT_UNUSABLE);
        return;
    }
    CutAnswer shown = answer_cut(answer, &removals);
    (text_equal(name, TEXT("json")) ? cut_json : cut_text)(&cc->report, &shown, &out);
    answer_write(answer, file, buffer_text(&out));
    if (shown.is_cut_off)
        answer_worsen(answer, EXIT_INCOMPLETE);
}
