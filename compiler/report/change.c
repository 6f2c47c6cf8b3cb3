#include "report/change.h"

#include <stdlib.h>

#include "base/line_diff.h"
#include "report/cells.h"

/* How far a proof is looked through for a line that was touched. */
enum { STEPS_MAX = 10000, LEVELS_MAX = 100 };

typedef struct FileChange {
    LineDiff diff;
    bool is_known;
} FileChange;

typedef struct Change {
    Report *report;
    const Report *before;
    Files *files;
    FileChange *changes; /* by the file's number now */
    uint32_t *numbers;   /* by file before: its number now, 0: it went */
} Change;

typedef struct Search {
    Change *change;
    const Finding *finding;
    uint32_t steps;
    Span place; /* what was found */
    Text says;
} Search;

/* --- lines --- */

static const LineDiff *diff_of(Change *change, uint32_t file)
{
    FileChange *known = &change->changes[file];
    const Report *report = change->report, *before = change->before;
    Text old_bytes = {0};
    uint32_t number;

    if (known->is_known)
        return &known->diff;
    known->is_known = true;
    if (files_read(change->files, TEXT(""), source_path(report->sources, file),
                   &number) == FILE_READ)
        old_bytes = source_bytes(before->sources, number);
    known->diff =
        line_diff(report->arena, old_bytes, source_bytes(report->sources, file));
    return &known->diff;
}

static bool is_touched(Change *change, Span span)
{
    Sources *sources = change->report->sources;

    if (span.file == 0)
        return false;
    uint32_t first = source_place(sources, span.file, span.start).line;
    uint32_t last = span.end > span.start
                        ? source_place(sources, span.file, span.end - 1).line
                        : first;

    return line_diff_touches(diff_of(change, span.file), first, last);
}

static Span line_span(Report *report, uint32_t file, uint32_t line)
{
    uint32_t start;
    Text text = source_line(report->sources, file, line, &start);
    size_t blanks = 0;

    while (blanks < text.len && (text.at[blanks] == ' ' || text.at[blanks] == '\t'))
        blanks++;
    return (Span){file, start + (uint32_t)blanks, start + (uint32_t)text.len};
}

/* --- what went --- */

static bool is_same_cell(const Change *change, const DlAttribute *attribute,
                         uint32_t now, uint32_t then)
{
    if (attribute->base == DL_NUMBER)
        return now == then;
    return text_equal(cell_text(change->report, attribute, now),
                      cell_text(change->before, attribute, then));
}

/* A row of the state before that is what `absent` says is not there. */
static bool find_gone(const Change *change, const DlProof *absent,
                      DlRelationId *relation, const uint32_t **row)
{
    const Report *before = change->before;
    const DlRelation *now = dl_relation(change->report->program, absent->relation);

    *relation = dl_relation_find(before->program, now->name);
    if (relation->index == DL_NO_RELATION || !before->database)
        return false;
    const DlRelation *then = dl_relation(before->program, *relation);
    uint32_t count =
        then->arity == now->arity ? dl_row_count(before->database, *relation) : 0;
    for (uint32_t i = 0; i < count; i++) {
        bool is_same = true;

        *row = dl_row(before->database, *relation, i);
        for (uint32_t j = 0; j < now->arity && is_same; j++)
            is_same =
                absent->any[j] || cell_is_site(&now->attributes[j]) ||
                is_same_cell(change, &now->attributes[j], absent->row[j], (*row)[j]);
        if (is_same)
            return true;
    }
    return false;
}

/* The place now of a line that went. */
static bool find_gap(Search *search, const DlProof *absent)
{
    Change *change = search->change;
    const Report *before = change->before;
    DlRelationId relation;
    const uint32_t *row;

    if (!dl_relation(change->report->program, absent->relation)->is_input ||
        !find_gone(change, absent, &relation, &row))
        return false;
    Span span = cells_span(before, dl_relation(before->program, relation), row);
    if (span.file == 0 || change->numbers[span.file] == 0)
        return false;
    uint32_t file = change->numbers[span.file];
    uint32_t line = source_place(before->sources, span.file, span.start).line;
    const LineDiff *diff = diff_of(change, file);
    if (line > diff->nold)
        return false;
    uint32_t now = diff->new_of_old[line] ? 0 : line_diff_gap(diff, line);
    if (now == 0)
        return false;
    search->place = line_span(change->report, file, now);
    Text says = template_fill(before, before->catalogue->sentences[relation.index].says,
                              relation, row, NULL);
    search->says = arena_format(change->report->arena, "what stood here before: %.*s",
                                TEXT_ARG(says));
    return true;
}

/* --- the proof --- */

/* Recursion is at most LEVELS_MAX deep. */
static bool find_leaf(Search *search, const DlProof *proof, uint32_t level,
                      bool wants_gap)
{
    const Report *report = search->change->report;

    if (search->steps++ >= STEPS_MAX || level >= LEVELS_MAX)
        return false;
    if (proof->absent && wants_gap && find_gap(search, proof))
        return true;
    if (!proof->absent && proof->is_input && !wants_gap) {
        Span span = cells_span(report, dl_relation(report->program, proof->relation),
                               proof->row);

        if (is_touched(search->change, span)) {
            search->place = span;
            search->says = template_fill(
                report, report->catalogue->sentences[proof->relation.index].says,
                proof->relation, proof->row, proof->any);
            return true;
        }
    }
    for (uint32_t i = 0; i < proof->nbecause; i++) {
        if (find_leaf(search, proof->because[i], level + 1, wants_gap))
            return true;
    }
    return false;
}

static bool find_related(Search *search)
{
    for (uint32_t i = 0; i < search->finding->nrelated; i++) {
        const Related *related = &search->finding->related[i];

        if (is_touched(search->change, related->span)) {
            search->place = related->span;
            search->says = related->message;
            return true;
        }
    }
    return false;
}

static bool find_place(Search *search)
{
    const Report *report = search->change->report;
    const Finding *finding = search->finding;

    if (find_related(search))
        return true;
    if (finding->relation.index == DL_NO_RELATION || !report->database)
        return false;
    const DlProof *proof =
        dl_why(report->arena, report->database, finding->relation, finding->row);
    if (find_leaf(search, proof, 0, false))
        return true;
    search->steps = 0;
    return find_leaf(search, proof, 0, true);
}

static void place(Change *change, Finding *finding)
{
    Report *report = change->report;
    Search search = {.change = change, .finding = finding};

    if (is_touched(change, finding->span) || !find_place(&search))
        return;
    Related *related = ARENA_ARRAY(report->arena, finding->nrelated + 1, Related);
    uint32_t count = 0;

    if (finding->span.file)
        related[count++] = (Related){finding->span, finding->label};
    for (uint32_t i = 0; i < finding->nrelated; i++) {
        const Related *other = &finding->related[i];

        if (other->span.file != search.place.file ||
            other->span.start != search.place.start)
            related[count++] = *other;
    }
    finding->span = search.place;
    finding->label = search.says;
    finding->related = related;
    finding->nrelated = count;
}

/* --- which are new --- */

typedef struct Tally {
    Symbols *fingerprints;
    uint32_t *before, *now; /* findings, by fingerprint */
} Tally;

static uint32_t number_of(const Tally *tally, const Finding *finding)
{
    Symbol symbol = {0};

    (void)symbol_find(tally->fingerprints, finding->fingerprint, &symbol);
    return symbol.id;
}

static Tally count(const Report *report, const Report *before)
{
    Tally tally = {.fingerprints = symbols_new(report->arena)};

    for (uint32_t i = 0; i < before->count; i++)
        symbol_intern(tally.fingerprints, before->findings[i].fingerprint);
    for (uint32_t i = 0; i < report->count; i++)
        symbol_intern(tally.fingerprints, report->findings[i].fingerprint);
    uint32_t size = symbols_count(tally.fingerprints);
    tally.before = ARENA_ARRAY(report->arena, size, uint32_t);
    tally.now = ARENA_ARRAY(report->arena, size, uint32_t);
    for (uint32_t i = 0; i < before->count; i++)
        tally.before[number_of(&tally, &before->findings[i])]++;
    for (uint32_t i = 0; i < report->count; i++)
        tally.now[number_of(&tally, &report->findings[i])]++;
    return tally;
}

/* Of several findings with one fingerprint the old ones are those that the change did
 * not touch, as long as there are any. */
static void take_old(Change *change, const Tally *tally, bool *is_old)
{
    Report *report = change->report;
    uint32_t *left =
        ARENA_ARRAY(report->arena, symbols_count(tally->fingerprints), uint32_t);

    for (uint32_t i = 0; i < symbols_count(tally->fingerprints); i++)
        left[i] = tally->before[i];
    for (int touched = 0; touched < 2; touched++) {
        for (uint32_t i = 0; i < report->count; i++) {
            const Finding *finding = &report->findings[i];
            uint32_t number = number_of(tally, finding);

            if (is_old[i] || left[number] == 0)
                continue;
            if (!touched && tally->now[number] > tally->before[number] &&
                is_touched(change, finding->span))
                continue;
            is_old[i] = true;
            left[number]--;
        }
    }
}

static void number_files(Change *change)
{
    const Report *report = change->report, *before = change->before;
    Symbols *paths = symbols_new(report->arena);
    uint32_t nbefore = sources_count(before->sources);
    uint32_t *by_path;

    for (uint32_t i = 1; i <= sources_count(report->sources); i++)
        symbol_intern(paths, source_path(report->sources, i));
    by_path = ARENA_ARRAY(report->arena, symbols_count(paths), uint32_t);
    for (uint32_t i = sources_count(report->sources); i > 0; i--) {
        Symbol path = symbol_intern(paths, source_path(report->sources, i));

        by_path[path.id] = i;
    }
    change->numbers = ARENA_ARRAY(report->arena, nbefore + 1, uint32_t);
    for (uint32_t i = 1; i <= nbefore; i++) {
        Symbol path;

        if (symbol_find(paths, source_path(before->sources, i), &path))
            change->numbers[i] = by_path[path.id];
    }
}

void findings_keep_new(Report *report, const Report *before, Files *files)
{
    Change change = {.report = report, .before = before, .files = files};
    Tally tally = count(report, before);
    bool *is_old = ARENA_ARRAY(report->arena, report->count, bool);
    uint32_t kept = 0;

    change.changes =
        ARENA_ARRAY(report->arena, sources_count(report->sources) + 1, FileChange);
    number_files(&change);
    take_old(&change, &tally, is_old);
    report->is_change = true;
    report->fixed = report->unchanged = 0;
    for (uint32_t i = 0; i < symbols_count(tally.fingerprints); i++) {
        if (tally.before[i] > tally.now[i])
            report->fixed += tally.before[i] - tally.now[i];
    }
    for (uint32_t i = 0; i < report->count; i++) {
        if (is_old[i]) {
            report->unchanged++;
            continue;
        }
        report->findings[kept] = report->findings[i];
        place(&change, &report->findings[kept++]);
    }
    report->count = kept;
    findings_sort(report);
}
