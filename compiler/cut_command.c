/*
 * `berth cut`: the fewest grants and assignments to remove so that no leak remains.
 */
#include "changes/cut.h"

#include "commands.h"
#include "report/cut_report.h"

static void list_add(Arena *arena, FindingList *list, const Finding *finding)
{
    ARRAY_GROW(arena, list->items, list->count, list->capacity);
    list->items[list->count++] = finding;
}

/* Findings by what they are of. */
typedef struct FindingIndex {
    Symbols *rows;         /* relation and row as bytes */
    const Finding **first; /* by symbol */
} FindingIndex;

typedef struct RowKey {
    uint32_t relation, row;
} RowKey;

static Text key_bytes(const RowKey *key)
{
    return (Text){(const char *)key, sizeof(*key)};
}

static FindingIndex index_findings(Arena *arena, const Report *report)
{
    FindingIndex index = {symbols_new(arena),
                          ARENA_ARRAY(arena, report->count + 1, const Finding *)};

    for (uint32_t i = 0; i < report->count; i++) {
        const Finding *finding = &report->findings[i];
        RowKey key = {finding->relation.index, finding->row};
        Symbol symbol = symbol_intern(index.rows, key_bytes(&key));

        if (!index.first[symbol.id])
            index.first[symbol.id] = finding;
    }
    return index;
}

/* NULL: the row is one finding with another, or yields to another. */
static const Finding *finding_of(const FindingIndex *index, const CutRow *row)
{
    RowKey key = {row->relation.index, row->row};
    Symbol symbol;

    return symbol_find(index->rows, key_bytes(&key), &symbol) ? index->first[symbol.id]
                                                              : NULL;
}

/* The first of the removals that are made which ends the row; `count` when none does.
 * `places`: by removal, its place among those that are made, or `count`. */
static uint32_t ended_by(const Cut *cut, const uint32_t *places, const CutRow *row)
{
    uint32_t first = cut->count;

    for (uint32_t i = 0; i < row->nremovals; i++) {
        if (places[row->removals[i]] < first)
            first = places[row->removals[i]];
    }
    return first;
}

static void sort_leaks(Answer *answer, const ChangeSet *removals, const Cut *cut,
                       CutAnswer *shown)
{
    FindingIndex index = index_findings(answer->arena, &answer->cc->report);
    uint32_t *places = ARENA_ARRAY(answer->arena, removals->count, uint32_t);

    for (uint32_t i = 0; i < removals->count; i++)
        places[i] = cut->count;
    for (uint32_t i = 0; i < cut->count; i++)
        places[cut->removals[i]] = i;
    for (uint32_t i = 0; i < cut->nrows; i++) {
        const CutRow *row = &cut->rows[i];
        const Finding *finding = finding_of(&index, row);
        uint32_t by = ended_by(cut, places, row);

        if (!finding)
            continue;
        if (row->is_there || by == cut->count)
            list_add(answer->arena, &shown->left, finding);
        else
            list_add(answer->arena, &shown->removals[by].ends, finding);
    }
}

/* What a check would find anew: information is no matter of a cut. */
static void find_new(Answer *answer, const Cut *cut, CutAnswer *shown)
{
    const Report *before = &answer->cc->report;
    Report *after = ARENA_NEW(answer->arena, Report);
    Symbols *known = symbols_new(answer->arena);
    Symbol symbol;

    for (uint32_t i = 0; i < before->count; i++)
        symbol_intern(known, before->findings[i].fingerprint);
    *after = *before;
    after->database = cut->after;
    after->findings = NULL;
    after->count = after->capacity = 0;
    findings_collect(after, diags_new(answer->arena));
    for (uint32_t i = 0; i < after->count; i++) {
        const Finding *finding = &after->findings[i];

        if (finding->rule->severity != SEVERITY_INFO &&
            !symbol_find(known, finding->fingerprint, &symbol))
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
        if (rule_says_a_leak(&catalogue->rules[i]))
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
    sort_leaks(answer, removals, &cut, &shown);
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
