#include "changes/cut.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "changes/hitting.h"

const CutLimits cut_default_limits = {.runs = 64, .steps = 40000000};

enum { PROOF_STEPS_MAX = 100000 }; /* of one proof */

/* The removals that drop one row. */
typedef struct Droppers {
    uint32_t *removals;
    uint32_t count, capacity;
} Droppers;

typedef struct Cutting {
    Arena *arena;
    Arena *scratch; /* of one run */
    const CutQuestion *question;
    Symbols *rows;      /* that a removal drops: relation and cells as bytes */
    Droppers *droppers; /* by symbol */
    bool *is_found;     /* by removal; all false between two proofs */
    bool *needed;       /* relations that the goals are derived from */
    ItemSet *sets;
    uint32_t nsets, sets_capacity;
    bool is_cut_off;
} Cutting;

static Text row_key(Arena *arena, const DlProgram *program, DlRelationId relation,
                    const uint32_t *cells)
{
    Buffer key = {.arena = arena};

    buffer_add(&key, (Text){(const char *)&relation.index, sizeof(relation.index)});
    buffer_add(&key, (Text){(const char *)cells,
                            dl_relation(program, relation)->arity * sizeof(*cells)});
    return buffer_text(&key);
}

static void index_rows(Cutting *cutting)
{
    const ChangeSet *removals = cutting->question->removals;
    uint32_t total = 1;

    cutting->rows = symbols_new(cutting->arena);
    for (uint32_t i = 0; i < removals->count; i++)
        total += removals->items[i].ndropped;
    cutting->droppers = ARENA_ARRAY(cutting->arena, total, Droppers);
    for (uint32_t i = 0; i < removals->count; i++) {
        for (uint32_t j = 0; j < removals->items[i].ndropped; j++) {
            const ChangedRow *row = &removals->items[i].dropped[j];
            Symbol symbol = symbol_intern(
                cutting->rows, row_key(cutting->arena, cutting->question->program,
                                       row->relation, row->cells));
            Droppers *droppers = &cutting->droppers[symbol.id];

            ARRAY_GROW(cutting->arena, droppers->removals, droppers->count,
                       droppers->capacity);
            droppers->removals[droppers->count++] = i;
        }
    }
}

/* --- what a proof rests on --- */

typedef struct Walk {
    Cutting *cutting;
    Symbols *seen; /* addresses of proofs */
    const DlProof **open;
    uint32_t nopen, open_capacity;
    uint32_t *found; /* removals */
    uint32_t nfound, found_capacity;
} Walk;

static void find_droppers(Walk *walk, const DlProof *proof)
{
    Cutting *cutting = walk->cutting;
    Symbol symbol;

    if (proof->absent ||
        !symbol_find(cutting->rows,
                     row_key(cutting->scratch, cutting->question->program,
                             proof->relation, proof->row),
                     &symbol))
        return;
    const Droppers *droppers = &cutting->droppers[symbol.id];
    for (uint32_t i = 0; i < droppers->count; i++) {
        uint32_t removal = droppers->removals[i];

        if (cutting->is_found[removal])
            continue;
        cutting->is_found[removal] = true;
        ARRAY_GROW(cutting->scratch, walk->found, walk->nfound, walk->found_capacity);
        walk->found[walk->nfound++] = removal;
    }
}

static void open_proof(Walk *walk, const DlProof *proof)
{
    Arena *arena = walk->cutting->scratch;
    uint32_t known = symbols_count(walk->seen);

    symbol_intern(walk->seen, (Text){(const char *)&proof, sizeof(const DlProof *)});
    if (symbols_count(walk->seen) == known)
        return;
    ARRAY_GROW(arena, walk->open, walk->nopen, walk->open_capacity);
    walk->open[walk->nopen++] = proof;
}

static int by_number(const void *left, const void *right)
{
    uint32_t one = *(const uint32_t *)left, other = *(const uint32_t *)right;

    return (one > other) - (one < other);
}

/* The removals that break this proof, ascending, in `arena`. */
static ItemSet proof_removals(Cutting *cutting, Arena *arena, const DlProof *proof)
{
    Walk walk = {.cutting = cutting, .seen = symbols_new(cutting->scratch)};
    uint32_t steps = 0;

    open_proof(&walk, proof);
    while (walk.nopen) {
        proof = walk.open[--walk.nopen];
        if (steps++ == PROOF_STEPS_MAX) {
            cutting->is_cut_off = true;
            break;
        }
        find_droppers(&walk, proof);
        for (uint32_t i = 0; i < proof->nbecause; i++)
            open_proof(&walk, proof->because[i]);
    }
    uint32_t *items = ARENA_ARRAY(arena, walk.nfound, uint32_t);
    for (uint32_t i = 0; i < walk.nfound; i++) {
        items[i] = walk.found[i];
        cutting->is_found[items[i]] = false;
    }
    if (walk.nfound)
        qsort(items, walk.nfound, sizeof(*items), by_number);
    return (ItemSet){items, walk.nfound};
}

static void add_set(Cutting *cutting, ItemSet set)
{
    ARRAY_GROW(cutting->arena, cutting->sets, cutting->nsets, cutting->sets_capacity);
    cutting->sets[cutting->nsets++] = set;
}

/* --- the first run --- */

static CutRow *read_rows(Cutting *cutting, uint32_t *nrows)
{
    const CutQuestion *question = cutting->question;
    uint32_t total = 0, used = 0;
    CutRow *rows;

    for (uint32_t i = 0; i < question->ngoals; i++)
        total += dl_row_count(question->database, question->goals[i]);
    rows = ARENA_ARRAY(cutting->arena, total, CutRow);
    for (uint32_t i = 0; i < question->ngoals; i++) {
        uint32_t count = dl_row_count(question->database, question->goals[i]);

        for (uint32_t j = 0; j < count; j++) {
            CutRow *row = &rows[used++];
            ItemSet set = proof_removals(
                cutting, cutting->arena,
                dl_why(cutting->arena, question->database, question->goals[i], j));

            *row = (CutRow){question->goals[i], j, set.items, set.count, true};
            if (set.count)
                add_set(cutting, set);
            arena_reset(cutting->scratch);
        }
    }
    *nrows = total;
    return rows;
}

/* --- the further ones --- */

static DlDatabase *run_without(Cutting *cutting, Arena *arena, const Hitting *chosen,
                               const bool *needed)
{
    const CutQuestion *question = cutting->question;
    const Change **changes = ARENA_ARRAY(arena, chosen->count, const Change *);

    for (uint32_t i = 0; i < chosen->count; i++)
        changes[i] = &question->removals->items[chosen->items[i]];
    DlDatabase *database = changes_apply(arena, question->program, question->database,
                                         changes, chosen->count);
    Diags *diags = diags_new(arena);
    bool whole = needed ? dl_run_needed(database, needed, dl_default_limits, diags)
                        : dl_run(database, dl_default_limits, diags);
    if (!whole)
        cutting->is_cut_off = true;
    return database;
}

/* Adds a set for each row that is still there and could end. False when there is none. */
static bool find_left(Cutting *cutting, const DlDatabase *database)
{
    const CutQuestion *question = cutting->question;
    uint32_t known = cutting->nsets;

    for (uint32_t i = 0; i < question->ngoals; i++) {
        uint32_t count = dl_row_count(database, question->goals[i]);

        for (uint32_t j = 0; j < count; j++) {
            ItemSet set = proof_removals(
                cutting, cutting->arena,
                dl_why(cutting->scratch, database, question->goals[i], j));

            if (set.count)
                add_set(cutting, set);
        }
    }
    return cutting->nsets != known;
}

static void note_left(const Cutting *cutting, Cut *cut, CutRow *rows)
{
    const DlDatabase *before = cutting->question->database;
    uint32_t number;

    for (uint32_t i = 0; i < cut->nrows; i++)
        rows[i].is_there =
            dl_find(cut->after, rows[i].relation,
                    dl_row(before, rows[i].relation, rows[i].row), &number);
}

Cut cut_find(Arena *arena, const CutQuestion *question, CutLimits limits)
{
    const DlProgram *program = question->program;
    Cutting cutting = {.arena = arena,
                       .scratch = arena_scratch(arena),
                       .question = question,
                       .is_found = ARENA_ARRAY(arena, question->removals->count, bool),
                       .needed = ARENA_ARRAY(arena, dl_relation_count(program), bool)};
    Cut cut = {0};
    Hitting chosen;

    index_rows(&cutting);
    dl_needed(program, question->goals, question->ngoals, cutting.needed);
    CutRow *rows = read_rows(&cutting, &cut.nrows);
    cut.rows = rows;
    for (uint32_t runs = 0;; runs++) {
        chosen = hitting_find(arena, cutting.sets, cutting.nsets,
                              question->removals->count, limits.steps);
        if (runs == limits.runs) {
            cutting.is_cut_off = true;
            break;
        }
        DlDatabase *left =
            run_without(&cutting, cutting.scratch, &chosen, cutting.needed);
        bool more = find_left(&cutting, left);
        arena_reset(cutting.scratch);
        if (!more)
            break;
    }
    cut.removals = chosen.items;
    cut.count = chosen.count;
    cut.at_least = chosen.at_least;
    cut.after = run_without(&cutting, arena, &chosen, NULL);
    note_left(&cutting, &cut, rows);
    cut.is_cut_off = cutting.is_cut_off;
    return cut;
}
