#include "changes/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

/* The cells of a selection's rows, and of its ranks. */
enum { CHANGE, CHANGE_AT, CHANGE_SAYS, SELECTION_ARITY };
enum { RANK = 1, RANK_ARITY };

/* A relation add_<input> or drop_<input>. */
typedef struct Effect {
    DlRelationId relation, input;
    bool drops;
} Effect;

typedef struct Finder {
    Arena *arena;
    const Symbols *symbols;
    const DlProgram *program;
    const DlDatabase *database;
    Diags *diags;
    Effect *effects;
    uint32_t neffects, effects_capacity;
    Change *changes;
    uint32_t nchanges;
} Finder;

static bool is_of_type(const DlRelation *relation, uint32_t attribute, Text type)
{
    return text_equal(relation->attributes[attribute].type, type);
}

static bool find_selection(Finder *finder, Text name, DlRelationId *selection)
{
    *selection = dl_relation_find(finder->program, name);
    if (selection->index == DL_NO_RELATION)
        return diag_error(finder->diags, "", (Span){0},
                          "no rule declares the relation '%.*s'", TEXT_ARG(name));
    const DlRelation *relation = dl_relation(finder->program, *selection);
    if (relation->arity == SELECTION_ARITY &&
        is_of_type(relation, CHANGE, TEXT("Change")) &&
        is_of_type(relation, CHANGE_AT, TEXT("Site")) &&
        is_of_type(relation, CHANGE_SAYS, TEXT("symbol")))
        return true;
    return diag_error(finder->diags, "", relation->declared,
                      "'%.*s' selects changes; expected its attributes to be change: "
                      "Change, at: Site, says: symbol",
                      TEXT_ARG(name));
}

/* Whether the relation has the change and then exactly what `input` has. */
static bool has_form(const DlRelation *relation, const DlRelation *input)
{
    if (!input->is_input || relation->arity != input->arity + 1)
        return false;
    for (uint32_t i = 0; i < input->arity; i++) {
        const DlAttribute *own = &relation->attributes[i + 1];
        const DlAttribute *other = &input->attributes[i];

        if (!text_equal(own->name, other->name) || !text_equal(own->type, other->type))
            return false;
    }
    return true;
}

static bool read_effect(Finder *finder, DlRelationId id, Text prefix)
{
    const DlRelation *relation = dl_relation(finder->program, id);
    Effect effect = {.relation = id, .drops = text_equal(prefix, TEXT("drop_"))};
    Text name = text_from(relation->name, prefix.len);

    if (!text_starts_with(relation->name, prefix) || relation->arity == 0 ||
        !is_of_type(relation, CHANGE, TEXT("Change")))
        return true;
    effect.input = dl_relation_find(finder->program, name);
    if (effect.input.index == DL_NO_RELATION ||
        !has_form(relation, dl_relation(finder->program, effect.input)))
        return diag_error(
            finder->diags, "", relation->declared,
            "'%.*s' changes facts; expected an input relation '%.*s', and "
            "behind the change its attributes",
            TEXT_ARG(relation->name), TEXT_ARG(name));
    ARRAY_GROW(finder->arena, finder->effects, finder->neffects,
               finder->effects_capacity);
    finder->effects[finder->neffects++] = effect;
    return true;
}

static bool find_effects(Finder *finder)
{
    bool fits = true;

    for (uint32_t i = 0; i < dl_relation_count(finder->program); i++) {
        fits &= read_effect(finder, (DlRelationId){i}, TEXT("add_"));
        fits &= read_effect(finder, (DlRelationId){i}, TEXT("drop_"));
    }
    return fits;
}

static int by_symbol(const void *left, const void *right)
{
    uint32_t a = ((const Change *)left)->symbol, b = ((const Change *)right)->symbol;

    return (a > b) - (a < b);
}

static int by_rank_and_words(const void *left, const void *right)
{
    const Change *a = left, *b = right;

    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return text_compare(a->says, b->says);
}

/* NULL: it is not selected. */
static Change *find_change(const Finder *finder, uint32_t symbol)
{
    Change key = {.symbol = symbol};

    return finder->nchanges ? bsearch(&key, finder->changes, finder->nchanges,
                                      sizeof(key), by_symbol)
                            : NULL;
}

/* One for each Change; of several rows for one, the first place and words. */
static void read_selection(Finder *finder, DlRelationId selection)
{
    uint32_t count = dl_row_count(finder->database, selection), used = 0;
    const uint32_t *order = dl_sorted(finder->arena, finder->database, selection);

    finder->changes = ARENA_ARRAY(finder->arena, count, Change);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *row = dl_row(finder->database, selection, order[i]);

        if (used && finder->changes[used - 1].symbol == row[CHANGE])
            continue;
        finder->changes[used++] =
            (Change){.symbol = row[CHANGE],
                     .site = row[CHANGE_AT],
                     .says = symbol_text(finder->symbols, (Symbol){row[CHANGE_SAYS]})};
    }
    finder->nchanges = used;
    if (used)
        qsort(finder->changes, used, sizeof(Change), by_symbol);
}

static void read_ranks(Finder *finder, Text selection)
{
    Text name = arena_format(finder->arena, "%.*s_rank", TEXT_ARG(selection));
    DlRelationId id = dl_relation_find(finder->program, name);

    if (id.index == DL_NO_RELATION ||
        dl_relation(finder->program, id)->arity != RANK_ARITY)
        return;
    for (uint32_t i = 0; i < dl_row_count(finder->database, id); i++) {
        const uint32_t *row = dl_row(finder->database, id, i);
        Change *change = find_change(finder, row[CHANGE]);

        if (change && (int32_t)row[RANK] > change->rank)
            change->rank = (int32_t)row[RANK];
    }
}

static void count_rows(Finder *finder, const Effect *effect)
{
    for (uint32_t i = 0; i < dl_row_count(finder->database, effect->relation); i++) {
        const uint32_t *row = dl_row(finder->database, effect->relation, i);
        Change *change = find_change(finder, row[CHANGE]);

        if (change)
            (*(effect->drops ? &change->ndropped : &change->nadded))++;
    }
}

static void place_rows(Finder *finder, const Effect *effect, ChangedRow **added,
                       ChangedRow **dropped)
{
    for (uint32_t i = 0; i < dl_row_count(finder->database, effect->relation); i++) {
        const uint32_t *row = dl_row(finder->database, effect->relation, i);
        const Change *change = find_change(finder, row[CHANGE]);

        if (change) {
            size_t at = (size_t)(change - finder->changes);

            *(effect->drops ? dropped : added)[at]++ =
                (ChangedRow){effect->input, row + 1};
        }
    }
}

static void read_effects(Finder *finder)
{
    ChangedRow **added = ARENA_ARRAY(finder->arena, finder->nchanges, ChangedRow *);
    ChangedRow **dropped = ARENA_ARRAY(finder->arena, finder->nchanges, ChangedRow *);

    for (uint32_t i = 0; i < finder->neffects; i++)
        count_rows(finder, &finder->effects[i]);
    for (uint32_t i = 0; i < finder->nchanges; i++) {
        Change *change = &finder->changes[i];

        change->added = added[i] =
            ARENA_ARRAY(finder->arena, change->nadded, ChangedRow);
        change->dropped = dropped[i] =
            ARENA_ARRAY(finder->arena, change->ndropped, ChangedRow);
    }
    for (uint32_t i = 0; i < finder->neffects; i++)
        place_rows(finder, &finder->effects[i], added, dropped);
}

bool changes_find(Arena *arena, const Symbols *symbols, const DlProgram *program,
                  const DlDatabase *database, Text selection, Diags *diags,
                  ChangeSet *changes)
{
    Finder finder = {.arena = arena,
                     .symbols = symbols,
                     .program = program,
                     .database = database,
                     .diags = diags};
    DlRelationId relation;

    *changes = (ChangeSet){0};
    if (!find_selection(&finder, selection, &relation) || !find_effects(&finder))
        return false;
    read_selection(&finder, relation);
    read_ranks(&finder, selection);
    read_effects(&finder);
    if (finder.nchanges)
        qsort(finder.changes, finder.nchanges, sizeof(Change), by_rank_and_words);
    *changes = (ChangeSet){finder.changes, finder.nchanges};
    return true;
}

void changes_mark_touched(const DlProgram *program, bool *marks)
{
    static const Text prefixes[] = {TEXT_INIT("add_"), TEXT_INIT("drop_")};

    for (uint32_t i = 0; i < dl_relation_count(program); i++)
        marks[i] = false;
    for (uint32_t i = 0; i < dl_relation_count(program) * 2; i++) {
        const DlRelation *relation = dl_relation(program, (DlRelationId){i / 2});
        Text prefix = prefixes[i % 2];
        DlRelationId input;

        if (!text_starts_with(relation->name, prefix) || relation->arity == 0 ||
            !is_of_type(relation, CHANGE, TEXT("Change")))
            continue;
        input = dl_relation_find(program, text_from(relation->name, prefix.len));
        if (input.index != DL_NO_RELATION)
            marks[input.index] = true;
    }
}

static bool rows_equal(const DlProgram *program, const ChangedRow *one,
                       const ChangedRow *other)
{
    return one->relation.index == other->relation.index &&
           memcmp(one->cells, other->cells,
                  dl_relation(program, one->relation)->arity * sizeof(*one->cells)) ==
               0;
}

static bool has_row(const DlProgram *program, const ChangedRow *rows, uint32_t count,
                    const ChangedRow *row)
{
    for (uint32_t i = 0; i < count; i++) {
        if (rows_equal(program, &rows[i], row))
            return true;
    }
    return false;
}

bool changes_agree(const DlProgram *program, const Change *one, const Change *other)
{
    for (uint32_t i = 0; i < one->ndropped; i++) {
        const ChangedRow *row = &one->dropped[i];

        if (has_row(program, other->dropped, other->ndropped, row) ||
            has_row(program, other->added, other->nadded, row))
            return false;
    }
    for (uint32_t i = 0; i < other->ndropped; i++) {
        if (has_row(program, one->added, one->nadded, &other->dropped[i]))
            return false;
    }
    return true;
}

/* The rows that changes drop, as bytes behind their relation. */
typedef struct Dropped {
    Symbols *rows;
    bool *is_in; /* by relation: some are of it */
    Buffer key;
} Dropped;

static Text dropped_key(Dropped *dropped, const DlProgram *program,
                        const ChangedRow *row)
{
    dropped->key.len = 0;
    buffer_add(&dropped->key,
               (Text){(const char *)&row->relation.index, sizeof(row->relation.index)});
    buffer_add(&dropped->key, (Text){(const char *)row->cells,
                                     dl_relation(program, row->relation)->arity *
                                         sizeof(*row->cells)});
    return buffer_text(&dropped->key);
}

static Dropped index_dropped(Arena *arena, const DlProgram *program,
                             const Change *const *changes, uint32_t count)
{
    Dropped dropped = {symbols_new(arena),
                       ARENA_ARRAY(arena, dl_relation_count(program), bool),
                       {.arena = arena}};

    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < changes[i]->ndropped; j++) {
            const ChangedRow *row = &changes[i]->dropped[j];

            dropped.is_in[row->relation.index] = true;
            symbol_intern(dropped.rows, dropped_key(&dropped, program, row));
        }
    }
    return dropped;
}

static bool *touched_by(Arena *arena, const DlProgram *program,
                        const Change *const *changes, uint32_t count)
{
    bool *touched = ARENA_ARRAY(arena, dl_relation_count(program), bool);

    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < changes[i]->nadded; j++)
            touched[changes[i]->added[j].relation.index] = true;
        for (uint32_t j = 0; j < changes[i]->ndropped; j++)
            touched[changes[i]->dropped[j].relation.index] = true;
    }
    return touched;
}

DlDatabase *changes_apply(Arena *arena, const DlProgram *program,
                          const DlDatabase *database, const Change *const *changes,
                          uint32_t count)
{
    const bool *touched = touched_by(arena, program, changes, count);
    DlDatabase *changed = dl_fork(arena, database, touched);
    Dropped dropped = index_dropped(arena, program, changes, count);
    Symbol symbol;

    for (uint32_t i = 0; i < dl_relation_count(program); i++) {
        ChangedRow row = {.relation = {i}};

        for (uint32_t j = 0; touched[i] && j < dl_row_count(database, row.relation);
             j++) {
            row.cells = dl_row(database, row.relation, j);
            if (!dropped.is_in[i] ||
                !symbol_find(dropped.rows, dropped_key(&dropped, program, &row),
                             &symbol))
                dl_add(changed, row.relation, row.cells);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < changes[i]->nadded; j++)
            dl_add(changed, changes[i]->added[j].relation, changes[i]->added[j].cells);
    }
    return changed;
}
