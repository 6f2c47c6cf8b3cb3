#include "report/suppress.h"

#include "base/ignore.h"
#include "base/line_diff.h"
#include "report/cells.h"
#include "report/findings.h"

#define OWN_RULE "input/unused-suppression"

/* One rule of a comment. */
typedef struct Entry {
    const Ignore *ignore;
    Text rule;
    bool is_used;
    bool is_proposed; /* the change adds it */
} Entry;

/* What is referenced at a site; a list. */
typedef struct NamedAt {
    Text ref;
    uint32_t next;
} NamedAt;

typedef struct Judge {
    Report *report;
    const Suppressions *given;
    Entry *entries; /* by file, place */
    uint32_t count, capacity;
    uint32_t *first;  /* by file number: its entries are [first, first of the next) */
    bool *is_used;    /* by acknowledgement */
    bool *is_partial; /* by file */
    NamedAt *named;   /* named[0] ends a list */
    uint32_t nnamed, named_capacity;
    uint32_t *named_at; /* by site */
    Symbols *silenced;  /* fingerprints that the state before had silenced; or NULL */
    uint32_t *left;     /* of each, how many are not found again yet */
} Judge;

/* --- which rules --- */

/* What nobody may silence. */
static bool can_be_silenced(const Rule *rule)
{
    return !rule->is_mandatory && !text_equal(rule->id, TEXT(OWN_RULE));
}

static bool names(Text pattern, const Rule *rule)
{
    return can_be_silenced(rule) && text_matches_glob(rule->id, pattern);
}

static bool names_some_rule(const Catalogue *catalogue, Text pattern)
{
    for (uint32_t i = 0; i < catalogue->count; i++) {
        if (text_matches_glob(catalogue->rules[i].id, pattern))
            return true;
    }
    return false;
}

static Text nearest_rule(const Catalogue *catalogue, Text id)
{
    uint32_t limit = id.len < 30 ? (uint32_t)id.len / 3 : 10;
    Text nearest = {0};

    for (uint32_t i = 0; i < catalogue->count && limit; i++) {
        uint32_t distance = text_distance(id, catalogue->rules[i].id, limit);

        if (distance <= limit) {
            limit = distance - 1;
            nearest = catalogue->rules[i].id;
        }
    }
    return nearest;
}

/* Whether every rule that is named was run, and on all that it looks at. */
static bool was_run(const Judge *judge, Text pattern)
{
    const Suppressions *given = judge->given;
    const Catalogue *catalogue = judge->report->catalogue;

    for (uint32_t i = 0; i < catalogue->count; i++) {
        const Rule *rule = &catalogue->rules[i];
        bool has_rows = rule->relation.index != DL_NO_RELATION;

        if (!names(pattern, rule))
            continue;
        if (rule->is_off ||
            (has_rows && (!judge->report->database || given->is_cut_off)) ||
            (rule->is_organization_wide && !given->is_whole))
            return false;
    }
    return !given->is_narrowed;
}

static bool has_ended(const Judge *judge, Text until, uint32_t day)
{
    return until.len && judge->given->has_today && judge->given->today > day;
}

/* --- what they silence --- */

static bool is_covered(Span place, Span covers)
{
    return place.file && place.file == covers.file && place.start >= covers.start &&
           place.start < covers.end;
}

/* The comments that cover this place and name the rule; the first of them. A proposed
 * one is among them where the finding was silenced before the change. */
static const Ignore *find_comment(Judge *judge, const Rule *rule, Span place,
                                  bool was_silenced)
{
    const Ignore *found = NULL;

    if (place.file == 0 || place.file > sources_count(judge->report->sources))
        return NULL;
    for (uint32_t i = judge->first[place.file]; i < judge->first[place.file + 1]; i++) {
        Entry *entry = &judge->entries[i];

        if ((entry->is_proposed && !was_silenced) ||
            !is_covered(place, entry->ignore->covers) || !names(entry->rule, rule) ||
            has_ended(judge, entry->ignore->until, entry->ignore->until_day))
            continue;
        entry->is_used = true;
        if (!found)
            found = entry->ignore;
    }
    return found;
}

/* How many findings of this fingerprint the state before had silenced, and the change
 * left; NULL: none. */
static uint32_t *left_of(const Judge *judge, const Finding *finding)
{
    Symbol symbol;

    return judge->silenced &&
                   symbol_find(judge->silenced, finding->fingerprint, &symbol) &&
                   judge->left[symbol.id]
               ? &judge->left[symbol.id]
               : NULL;
}

static const Ignore *find_ignore(Judge *judge, const Finding *finding)
{
    uint32_t *left = left_of(judge, finding);
    const Ignore *found =
        find_comment(judge, finding->rule, finding->span, left != NULL);

    for (uint32_t i = 0; i < finding->nrelated; i++) {
        const Ignore *other =
            find_comment(judge, finding->rule, finding->related[i].span, left != NULL);

        found = found ? found : other;
    }
    if (found && left)
        --*left;
    return found;
}

/* "host/path" itself, or with a tag or digest behind it. */
static bool is_name_of(Text name, Text image)
{
    return text_starts_with(image, name) &&
           (image.len == name.len || image.at[name.len] == ':' ||
            image.at[name.len] == '@');
}

static bool is_image(const Acknowledged *acknowledged, Text text)
{
    if (acknowledged->whole.len)
        return text_equal(text, acknowledged->whole) ||
               (text_starts_with(text, acknowledged->whole) &&
                text.at[acknowledged->whole.len] == '@');
    return text_equal(text, acknowledged->image) ||
           (acknowledged->name.len && is_name_of(acknowledged->name, text)) ||
           (acknowledged->package.len && text_equal(text, acknowledged->package));
}

static bool is_named_by(const DlAttribute *attribute)
{
    return text_equal(attribute->type, TEXT("Ref")) ||
           text_equal(attribute->type, TEXT("Package")) ||
           text_equal(attribute->type, TEXT("symbol"));
}

/* Whether the finding is about the image: one of its cells names it, or it stands where
 * the image is referenced. What a reader found is about none. */
static bool is_about(const Judge *judge, const Acknowledged *acknowledged,
                     const Finding *finding)
{
    const Report *report = judge->report;

    if (acknowledged->image.len == 0)
        return true;
    if (finding->relation.index == DL_NO_RELATION)
        return false;
    const DlRelation *relation = dl_relation(report->program, finding->relation);
    const uint32_t *row = dl_row(report->database, finding->relation, finding->row);
    for (uint32_t i = 0; i < relation->arity; i++) {
        const DlAttribute *attribute = &relation->attributes[i];

        if (is_named_by(attribute) &&
            is_image(acknowledged, cell_text(report, attribute, row[i])))
            return true;
    }
    if (!judge->named_at || !cell_is_site(&relation->attributes[0]))
        return false;
    for (uint32_t at = judge->named_at[row[0]]; at; at = judge->named[at].next) {
        if (is_image(acknowledged, judge->named[at].ref))
            return true;
    }
    return false;
}

static bool is_of(const Report *report, const Acknowledged *acknowledged,
                  const Finding *finding)
{
    if (acknowledged->repository.len == 0)
        return true;
    if (finding->repository.len)
        return text_equal_ignoring_case(finding->repository, acknowledged->repository);
    return acknowledged->has_tree && finding->span.file &&
           path_is_inside(source_path(report->sources, finding->span.file),
                          acknowledged->tree);
}

static const Acknowledged *find_acknowledged(Judge *judge, const Finding *finding)
{
    const Acknowledged *found = NULL;

    for (uint32_t i = 0; i < judge->given->nacknowledged; i++) {
        const Acknowledged *acknowledged = &judge->given->acknowledged[i];

        if (!names(acknowledged->rule, finding->rule) ||
            has_ended(judge, acknowledged->until, acknowledged->until_day) ||
            !is_of(judge->report, acknowledged, finding) ||
            !is_about(judge, acknowledged, finding))
            continue;
        judge->is_used[i] = true;
        if (!found)
            found = acknowledged;
    }
    return found;
}

static void silence(Judge *judge)
{
    Report *report = judge->report;
    uint32_t count = 0;

    for (uint32_t i = 0; i < report->count; i++) {
        const Finding finding = report->findings[i];
        const Ignore *ignore = find_ignore(judge, &finding);
        const Acknowledged *acknowledged = find_acknowledged(judge, &finding);

        if (judge->given->shows_all || (!ignore && !acknowledged))
            report->findings[count++] = finding;
        else if (ignore)
            finding_silence(report, &finding,
                            (Suppressed){.kind = SUPPRESSED_IN_SOURCE,
                                         .reason = ignore->reason,
                                         .until = ignore->until,
                                         .span = ignore->comment});
        else
            finding_silence(report, &finding,
                            (Suppressed){.kind = SUPPRESSED_ACKNOWLEDGED,
                                         .reason = acknowledged->reason,
                                         .until = acknowledged->until,
                                         .span = acknowledged->span});
    }
    report->count = count;
}

/* --- what is wrong with them --- */

static void complain(Judge *judge, Span span, Text message)
{
    const Diag diag = {.rule = OWN_RULE, .span = span, .message = message};

    finding_add_diag(judge->report, &diag);
}

/* False when the rule is none that can be silenced, which is said. */
static bool check_rule(Judge *judge, Text pattern, Span span)
{
    const Report *report = judge->report;

    if (text_equal(pattern, TEXT(OWN_RULE))) {
        complain(judge, span, TEXT("'" OWN_RULE "' cannot be silenced"));
        return false;
    }
    const Rule *rule = rule_find(report->catalogue, pattern);
    if (rule && rule->is_mandatory) {
        complain(judge, span,
                 arena_format(report->arena,
                              "'%.*s' is mandatory and cannot be silenced",
                              TEXT_ARG(pattern)));
        return false;
    }
    if (names_some_rule(report->catalogue, pattern))
        return true;
    Text near = nearest_rule(report->catalogue, pattern);
    complain(judge, span,
             near.len ? arena_format(report->arena,
                                     "there is no rule '%.*s', so this silences "
                                     "nothing; the nearest one is '%.*s'",
                                     TEXT_ARG(pattern), TEXT_ARG(near))
                      : arena_format(report->arena,
                                     "there is no rule '%.*s', so this silences "
                                     "nothing; 'berth rules' lists them",
                                     TEXT_ARG(pattern)));
    return false;
}

static void complain_ended(Judge *judge, Span span, Text until)
{
    complain(judge, span,
             arena_format(judge->report->arena,
                          "this suppression ended with %.*s and silences nothing",
                          TEXT_ARG(until)));
}

static void complain_unused(Judge *judge, Text rule, Span span)
{
    complain(judge, span,
             arena_format(judge->report->arena,
                          "this suppression of '%.*s' silences nothing",
                          TEXT_ARG(rule)));
}

static bool is_first_of_comment(const Judge *judge, uint32_t at)
{
    return at == 0 || judge->entries[at - 1].ignore != judge->entries[at].ignore;
}

static void check_comments(Judge *judge)
{
    for (uint32_t i = 0; i < judge->count; i++) {
        const Entry *entry = &judge->entries[i];
        const Ignore *ignore = entry->ignore;

        if (ignore->problem.len) {
            if (is_first_of_comment(judge, i))
                complain(judge, ignore->comment, ignore->problem);
        } else if (!check_rule(judge, entry->rule, ignore->comment)) {
            continue; /* it was said */
        } else if (entry->is_proposed) {
            if (!entry->is_used && is_first_of_comment(judge, i))
                suppression_propose(judge->report,
                                    (Proposed){.kind = SUPPRESSED_IN_SOURCE,
                                               .rules = ignore->rules,
                                               .nrules = ignore->nrules,
                                               .reason = ignore->reason,
                                               .until = ignore->until,
                                               .span = ignore->comment});
        } else if (has_ended(judge, ignore->until, ignore->until_day)) {
            if (was_run(judge, entry->rule)) /* the same for all of its rules */
                complain_ended(judge, ignore->comment, ignore->until);
        } else if (!entry->is_used && !judge->is_partial[ignore->comment.file] &&
                   was_run(judge, entry->rule)) {
            complain_unused(judge, entry->rule, ignore->comment);
        }
    }
}

static void check_acknowledged(Judge *judge)
{
    for (uint32_t i = 0; i < judge->given->nacknowledged; i++) {
        const Acknowledged *acknowledged = &judge->given->acknowledged[i];

        if (!check_rule(judge, acknowledged->rule, acknowledged->span) ||
            !was_run(judge, acknowledged->rule))
            continue;
        if (has_ended(judge, acknowledged->until, acknowledged->until_day))
            complain_ended(judge, acknowledged->span, acknowledged->until);
        else if (!judge->is_used[i] && !acknowledged->is_unseen)
            complain_unused(judge, acknowledged->rule, acknowledged->span);
    }
}

/* --- the whole --- */

static void add_entry(Judge *judge, const Ignore *ignore, Text rule, bool is_proposed)
{
    ARRAY_GROW(judge->report->arena, judge->entries, judge->count, judge->capacity);
    judge->entries[judge->count++] =
        (Entry){.ignore = ignore, .rule = rule, .is_proposed = is_proposed};
}

static LineDiff diff_of(const Judge *judge, uint32_t file)
{
    const Suppressions *given = judge->given;
    const Sources *sources = judge->report->sources;
    Text before = {0};
    uint32_t number;

    if (files_read(given->before_files, TEXT(""), source_path(sources, file),
                   &number) == FILE_READ)
        before = source_bytes(given->before->sources, number);
    return line_diff(judge->report->arena, before, source_bytes(sources, file));
}

/* Whether the change touches the comment, or puts something between it and what stood
 * behind it. */
static bool is_added(const Judge *judge, const LineDiff *diff, const Ignore *ignore)
{
    Sources *sources = judge->report->sources;
    Span comment = ignore->comment;
    uint32_t first = source_place(sources, comment.file, comment.start).line;
    uint32_t last = source_place(sources, comment.file, comment.end).line;

    if (line_diff_touches(diff, first, last))
        return true;
    uint32_t old_next = diff->old_of_new[last] + 1;
    return old_next <= diff->nold && diff->new_of_old[old_next] != 0 &&
           diff->new_of_old[old_next] != last + 1;
}

static void list_comments_of(Judge *judge, uint32_t file)
{
    uint32_t count;
    const Ignore *ignores =
        ignores_of(sources_ignores(judge->report->sources), file, &count);
    LineDiff diff = {0};

    if (count && judge->given->before)
        diff = diff_of(judge, file);
    for (uint32_t i = 0; i < count; i++) {
        bool is_proposed = judge->given->before && is_added(judge, &diff, &ignores[i]);

        for (uint32_t j = 0; j < ignores[i].nrules; j++)
            add_entry(judge, &ignores[i], ignores[i].rules[j], is_proposed);
        if (ignores[i].nrules == 0)
            add_entry(judge, &ignores[i], TEXT(""), is_proposed);
    }
}

static void list_comments(Judge *judge)
{
    uint32_t nfiles = sources_count(judge->report->sources);

    judge->first = ARENA_ARRAY(judge->report->arena, nfiles + 2, uint32_t);
    for (uint32_t file = 1; file <= nfiles; file++) {
        judge->first[file] = judge->count;
        if (file <= judge->given->rules_after || file > judge->given->rules_until)
            list_comments_of(judge, file);
    }
    judge->first[nfiles + 1] = judge->count;
}

/* An input relation whose rows name a reference at a site. */
static void list_named(Judge *judge, const char *name, uint32_t ref)
{
    const Report *report = judge->report;
    DlRelationId id = dl_relation_find(report->program, text_of(name));
    uint32_t count =
        id.index == DL_NO_RELATION ? 0 : dl_row_count(report->database, id);

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *row = dl_row(report->database, id, i);
        NamedAt named = {symbol_text(report->symbols, (Symbol){row[ref]}),
                         judge->named_at[row[0]]};

        ARRAY_GROW(report->arena, judge->named, judge->nnamed, judge->named_capacity);
        judge->named_at[row[0]] = judge->nnamed;
        judge->named[judge->nnamed++] = named;
    }
}

static void list_references(Judge *judge)
{
    const Report *report = judge->report;
    bool is_wanted = false;

    for (uint32_t i = 0; i < judge->given->nacknowledged; i++)
        is_wanted |= judge->given->acknowledged[i].image.len != 0;
    if (!is_wanted || !report->database)
        return;
    judge->named_at =
        ARENA_ARRAY(report->arena, sites_count(report->sources) + 1, uint32_t);
    ARRAY_GROW(report->arena, judge->named, 0, judge->named_capacity);
    judge->nnamed = 1;
    list_named(judge, "reference", 2);
    list_named(judge, "command_pull", 3);
}

static void list_silenced(Judge *judge)
{
    const Report *before = judge->given->before;

    if (!before)
        return;
    judge->silenced = symbols_new(judge->report->arena);
    for (uint32_t i = 0; i < before->nsilenced; i++)
        symbol_intern(judge->silenced, before->silenced[i].finding.fingerprint);
    judge->left =
        ARENA_ARRAY(judge->report->arena, symbols_count(judge->silenced), uint32_t);
    for (uint32_t i = 0; i < before->nsilenced; i++)
        judge->left[symbol_intern(judge->silenced,
                                  before->silenced[i].finding.fingerprint)
                        .id]++;
}

/* Of a file that did not read as it should, or that has more to say than is listed,
 * some findings are not known. */
static void find_partial_files(Judge *judge)
{
    const Diags *diags = judge->given->diags;
    uint32_t nfiles = sources_count(judge->report->sources);
    uint32_t *said = ARENA_ARRAY(judge->report->arena, nfiles + 1, uint32_t);

    judge->is_partial = ARENA_ARRAY(judge->report->arena, nfiles + 1, bool);
    for (uint32_t i = 0; i < diags->count; i++) {
        const Diag *diag = &diags->items[i];

        said[diag->span.file]++;
        judge->is_partial[diag->span.file] |=
            text_equal(text_of(diag->rule), TEXT("input/syntax")) ||
            said[diag->span.file] >= DIAGS_PER_FILE;
    }
}

void findings_suppress(Report *report, const Suppressions *suppressions)
{
    Judge judge = {.report = report, .given = suppressions};
    uint32_t before;

    judge.is_used = ARENA_ARRAY(report->arena, suppressions->nacknowledged, bool);
    list_comments(&judge);
    find_partial_files(&judge);
    list_references(&judge);
    list_silenced(&judge);
    silence(&judge);
    before = report->count;
    check_comments(&judge);
    check_acknowledged(&judge);
    if (report->count != before)
        findings_sort(report);
    findings_count(report);
}
