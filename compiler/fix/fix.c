#include "fix/fix.h"

#include <stdlib.h>

#include "syntax/edit.h"

struct Fixer {
    const Report *report;
    EditFile **files; /* by number; NULL: not read yet */
    size_t checked;   /* bytes */
};

Fixer *fixer_new(const Report *report)
{
    Fixer *fixer = ARENA_NEW(report->arena, Fixer);

    fixer->report = report;
    fixer->files =
        ARENA_ARRAY(report->arena, sources_count(report->sources) + 1, EditFile *);
    return fixer;
}

static EditFile *file_of(Fixer *fixer, uint32_t number)
{
    const Report *report = fixer->report;

    if (!fixer->files[number])
        fixer->files[number] = edit_open(report->arena, report->sources, number);
    return fixer->files[number];
}

/* --- a finding's changes --- */

static const uint32_t *row_of(const Report *report, const Finding *finding)
{
    return dl_row(report->database, finding->relation, finding->row);
}

/* Where the fix is made: the cell of an attribute, or a place of what a reader said. */
static Span place_of(const Report *report, const Finding *finding, Text attribute)
{
    if (finding->relation.index == DL_NO_RELATION) {
        if (text_equal(attribute, TEXT("at")))
            return finding->span;
        return finding->nrelated ? finding->related[0].span : (Span){0};
    }
    const DlRelation *relation = dl_relation(report->program, finding->relation);
    for (uint32_t i = 0; i < relation->arity; i++) {
        if (text_equal(relation->attributes[i].name, attribute))
            return site_span(report->sources, (Site){row_of(report, finding)[i]});
    }
    return (Span){0};
}

static Text value_of(const Report *report, const Finding *finding)
{
    Text with = finding->rule->fix.with;

    if (finding->relation.index != DL_NO_RELATION)
        return template_fill(report, with, finding->relation, row_of(report, finding),
                             NULL);
    return text_equal(with, TEXT("{meant}")) ? finding->meant : with;
}

static ChangeKind kind_of(FixKind kind)
{
    switch (kind) {
    case FIX_NONE:
    case FIX_REPLACE:
        break;
    case FIX_REMOVE:
        return CHANGE_REMOVE;
    case FIX_APPEND:
        return CHANGE_APPEND;
    case FIX_SET:
        return CHANGE_SET;
    case FIX_MOVE:
        return CHANGE_MOVE;
    }
    return CHANGE_REPLACE;
}

/* Keeps the changes by file; few, and nearly always of one. */
static void insert_change(Change *changes, uint32_t count, Change change)
{
    for (; count && changes[count - 1].at.file > change.at.file; count--)
        changes[count] = changes[count - 1];
    changes[count] = change;
}

/* The changes of a finding, by file, one a place that is somewhere. What stands for a
 * secret in a report is no value. */
static uint32_t changes_of(const Report *report, const Finding *finding,
                           Change **changes)
{
    const FixRule *fix = &finding->rule->fix;
    uint32_t count = 0;

    if (fix->kind == FIX_NONE)
        return 0;
    Text value = value_of(report, finding);
    if ((fix->with.len && value.len == 0) || text_find(value, TEXT("•••")) < value.len)
        return 0;
    *changes = ARENA_ARRAY(report->arena, fix->nat, Change);
    for (uint32_t i = 0; i < fix->nat; i++) {
        Span span = span_origin(report->sources, place_of(report, finding, fix->at[i]));

        if (span.file)
            insert_change(*changes, count++,
                          (Change){.kind = kind_of(fix->kind),
                                   .at = span,
                                   .key = fix->key,
                                   .value = value,
                                   .is_word = fix->with_is_word});
    }
    return count;
}

/* --- one by itself --- */

static Text fix_says(const Report *report, const FixRule *fix, Text value)
{
    const char *option = fix->is_safe ? "--fix" : "--fix=all";
    Arena *arena = report->arena;

    switch (fix->kind) {
    case FIX_NONE:
        break;
    case FIX_REPLACE:
        return arena_format(arena, "%s writes '%.*s' instead", option, TEXT_ARG(value));
    case FIX_REMOVE:
        return arena_format(arena, "%s removes it", option);
    case FIX_APPEND:
        return arena_format(arena, "%s adds %.*s to '%.*s'", option, TEXT_ARG(value),
                            TEXT_ARG(fix->key));
    case FIX_SET:
        return arena_format(arena, "%s sets '%.*s' to %.*s", option, TEXT_ARG(fix->key),
                            TEXT_ARG(value));
    case FIX_MOVE:
        return arena_format(arena, "%s moves it into '%.*s'", option,
                            TEXT_ARG(fix->key));
    }
    return TEXT("");
}

static void add_edits(const Report *report, Fix *fix, const EditPlan *plan)
{
    Edit *edits = ARENA_ARRAY(report->arena, fix->nedits + plan->count, Edit);

    for (uint32_t i = 0; i < fix->nedits; i++)
        edits[i] = fix->edits[i];
    for (uint32_t i = 0; i < plan->count; i++)
        edits[fix->nedits + i] = plan->edits[i];
    fix->edits = edits;
    fix->nedits += plan->count;
}

const Fix *finding_fix(Fixer *fixer, const Finding *finding)
{
    const Report *report = fixer->report;
    Change *changes = NULL;
    uint32_t count = changes_of(report, finding, &changes);
    Fix *fix = ARENA_NEW(report->arena, Fix);

    for (uint32_t i = 0, j; i < count; i = j) {
        EditFile *file = file_of(fixer, changes[i].at.file);
        EditPlan plan;

        for (j = i + 1; j < count && changes[j].at.file == changes[i].at.file; j++)
            ;
        fixer->checked += edit_cost(file);
        if (fixer->checked > FIX_BYTES_MAX ||
            !edit_plan(file, changes + i, j - i, &plan))
            return NULL;
        add_edits(report, fix, &plan);
        for (uint32_t k = i; k < j; k++) {
            if (changes[k].refused)
                return NULL;
        }
    }
    if (fix->nedits == 0)
        return NULL;
    fix->is_safe = finding->rule->fix.is_safe;
    fix->says = fix_says(report, &finding->rule->fix, changes[0].value);
    return fix;
}

void fixes_collect(Report *report)
{
    Fixer *fixer = fixer_new(report);

    for (uint32_t i = 0; i < report->count; i++)
        report->findings[i].fix = finding_fix(fixer, &report->findings[i]);
}

/* --- all at once --- */

typedef struct Planned {
    Change change;
    uint32_t step;
} Planned;

typedef struct Steps {
    FixStep *items;
    Planned *planned; /* as many */
    uint32_t count, capacity, planned_capacity;
} Steps;

static void add_steps(const Report *report, const Finding *finding, Steps *steps)
{
    Change *changes = NULL;
    uint32_t count = changes_of(report, finding, &changes);

    for (uint32_t i = 0; i < count; i++) {
        ARRAY_GROW(report->arena, steps->items, steps->count, steps->capacity);
        ARRAY_GROW(report->arena, steps->planned, steps->count,
                   steps->planned_capacity);
        steps->planned[steps->count] = (Planned){changes[i], steps->count};
        steps->items[steps->count++] =
            (FixStep){.finding = finding, .file = changes[i].at.file};
    }
}

static int by_file(const void *left, const void *right)
{
    const Planned *one = left, *other = right;

    if (one->change.at.file != other->change.at.file)
        return one->change.at.file < other->change.at.file ? -1 : 1;
    return (one->step > other->step) - (one->step < other->step);
}

/* Plans the steps [from, until), which are those of one file. */
static void plan_file(Fixer *fixer, Steps *steps, uint32_t from, uint32_t until,
                      Fixes *fixes)
{
    uint32_t file = steps->planned[from].change.at.file, count = until - from;
    Change *changes = ARENA_ARRAY(fixer->report->arena, count, Change);
    EditPlan plan;

    for (uint32_t i = 0; i < count; i++)
        changes[i] = steps->planned[from + i].change;
    (void)edit_plan(file_of(fixer, file), changes, count, &plan);
    for (uint32_t i = 0; i < count; i++)
        steps->items[steps->planned[from + i].step].refused = changes[i].refused;
    if (plan.count)
        fixes->files[fixes->nfiles++] = (FixedFile){.file = file,
                                                    .edits = plan.edits,
                                                    .nedits = plan.count,
                                                    .after = plan.after};
}

typedef struct ByPath {
    FixedFile file;
    Text path;
} ByPath;

static int by_path(const void *left, const void *right)
{
    return text_compare(((const ByPath *)left)->path, ((const ByPath *)right)->path);
}

static void sort_files(const Report *report, Fixes *fixes)
{
    ByPath *sorted = ARENA_ARRAY(report->arena, fixes->nfiles, ByPath);

    for (uint32_t i = 0; i < fixes->nfiles; i++)
        sorted[i] = (ByPath){fixes->files[i],
                             source_path(report->sources, fixes->files[i].file)};
    if (fixes->nfiles)
        qsort(sorted, fixes->nfiles, sizeof(*sorted), by_path);
    for (uint32_t i = 0; i < fixes->nfiles; i++)
        fixes->files[i] = sorted[i].file;
}

Fixes fixes_plan(Fixer *fixer, bool all)
{
    const Report *report = fixer->report;
    Steps steps = {0};
    Fixes fixes = {0};

    for (uint32_t i = 0; i < report->count; i++) {
        const Finding *finding = &report->findings[i];

        if (all || finding->rule->fix.is_safe)
            add_steps(report, finding, &steps);
    }
    fixes.files = ARENA_ARRAY(report->arena, steps.count, FixedFile);
    if (steps.count)
        qsort(steps.planned, steps.count, sizeof(Planned), by_file);
    for (uint32_t i = 0, j; i < steps.count; i = j) {
        for (j = i + 1; j < steps.count && steps.planned[j].change.at.file ==
                                               steps.planned[i].change.at.file;
             j++)
            ;
        plan_file(fixer, &steps, i, j, &fixes);
    }
    sort_files(report, &fixes);
    fixes.steps = steps.items;
    fixes.nsteps = steps.count;
    return fixes;
}

static bool is_made(const Fixes *fixes, const FixStep *step)
{
    for (uint32_t i = 0; i < fixes->nfiles && !step->refused; i++) {
        if (fixes->files[i].file == step->file)
            return !fixes->files[i].is_left;
    }
    return false;
}

uint32_t fixes_count(const Fixes *fixes)
{
    uint32_t count = 0;

    for (uint32_t i = 0, j; i < fixes->nsteps; i = j) {
        bool is_whole = true;

        for (j = i;
             j < fixes->nsteps && fixes->steps[j].finding == fixes->steps[i].finding;
             j++)
            is_whole = is_whole && is_made(fixes, &fixes->steps[j]);
        count += is_whole;
    }
    return count;
}
