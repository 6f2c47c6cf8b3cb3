#include "changes/repairs.h"

#include <assert.h>
#include <stdlib.h>

const RepairLimits repair_default_limits = {.size = REPAIR_SIZE_MAX,
                                            .changes = {512, 48, 20},
                                            .runs = 2400,
                                            .repairs = 32,
                                            .joins = 400000000};

typedef struct Set {
    uint32_t members[REPAIR_SIZE_MAX]; /* rising numbers of changes */
    uint32_t count;
} Set;

typedef struct Search {
    Arena *arena, *scratch;
    const RepairQuestion *question;
    const ChangeSet *changes;
    RepairLimits limits;
    const bool *needed;
    const DlDatabase *base; /* with what is always made */
    bool *agree;            /* by two numbers of changes, of those that form sets */
    uint32_t npairs;        /* how many these are */
    uint32_t ntried;        /* for sets of the size that is tried */
    Set *found;
    uint32_t nfound, found_capacity;
    uint32_t runs;
    uint64_t joins;
    bool is_partial; /* not all sets of some size were tried */
    bool is_cut_off; /* and no more are */
} Search;

/* Whether the row is derived with these changes. */
static bool flips(Search *search, const Set *set)
{
    const RepairQuestion *question = search->question;
    const Change *made[REPAIR_SIZE_MAX];
    DlLimits limits = dl_default_limits;
    uint32_t number;

    for (uint32_t i = 0; i < set->count; i++)
        made[i] = &search->changes->items[set->members[i]];
    DlDatabase *database = changes_apply(search->scratch, question->program,
                                         search->base, made, set->count);
    limits.joins = search->limits.joins - search->joins;
    search->runs++;
    bool whole =
        dl_run_needed(database, search->needed, limits, diags_new(search->scratch));
    bool found = whole && dl_find(database, question->relation, question->row, &number);
    search->joins += dl_joins(database);
    search->is_cut_off |= !whole;
    arena_reset(search->scratch);
    return found;
}

static bool has_member(const Set *set, uint32_t member)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->members[i] == member)
            return true;
    }
    return false;
}

/* Whether a set that was found is part of it. */
static bool holds_found(const Search *search, const Set *set)
{
    for (uint32_t i = 0; i < search->nfound; i++) {
        const Set *found = &search->found[i];
        uint32_t shared = 0;

        for (uint32_t j = 0; j < found->count; j++)
            shared += has_member(set, found->members[j]);
        if (shared == found->count)
            return true;
    }
    return false;
}

static bool all_agree(const Search *search, const Set *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (!search->agree[set->members[j] * search->npairs + set->members[i]])
                return false;
        }
    }
    return true;
}

static void try_set(Search *search, const Set *set)
{
    if (holds_found(search, set) || !all_agree(search, set))
        return;
    if (search->runs == search->limits.runs ||
        search->nfound == search->limits.repairs) {
        search->is_cut_off = true;
        return;
    }
    if (!flips(search, set))
        return;
    ARRAY_GROW(search->arena, search->found, search->nfound, search->found_capacity);
    search->found[search->nfound++] = *set;
}

/* The next set of this size, in the order of its members; false behind the last. */
static bool next_set(const Search *search, Set *set)
{
    for (uint32_t i = set->count; i-- > 0;) {
        if (set->members[i] + (set->count - i) == search->ntried)
            continue;
        set->members[i]++;
        for (uint32_t j = i + 1; j < set->count; j++)
            set->members[j] = set->members[j - 1] + 1;
        return true;
    }
    return false;
}

static void try_sets_of(Search *search, uint32_t size)
{
    Set set = {.count = size};
    uint32_t most = search->limits.changes[size - 1];

    search->ntried = search->changes->count < most ? search->changes->count : most;
    search->is_partial |= search->ntried < search->changes->count;
    if (size > search->ntried)
        return;
    for (uint32_t i = 0; i < size; i++)
        set.members[i] = i;
    do
        try_set(search, &set);
    while (!search->is_cut_off && next_set(search, &set));
}

static void note_agreement(Search *search)
{
    uint32_t count = search->changes->count, most = 0;

    for (uint32_t i = 1; i < search->limits.size; i++)
        most = search->limits.changes[i] > most ? search->limits.changes[i] : most;
    count = search->npairs = count < most ? count : most;
    search->agree = ARENA_ARRAY(search->arena, (size_t)count * count, bool);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = i + 1; j < count; j++)
            search->agree[i * count + j] =
                changes_agree(search->question->program, &search->changes->items[i],
                              &search->changes->items[j]);
    }
}

/* By size; then by the most intrusive of their changes, then by the next. */
static int by_size_and_rank(const void *left, const void *right)
{
    const Set *a = left, *b = right;

    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (uint32_t i = a->count; i-- > 0;) {
        if (a->members[i] != b->members[i])
            return a->members[i] < b->members[i] ? -1 : 1;
    }
    return 0;
}

static const Repair *copy_found(const Search *search)
{
    Repair *repairs = ARENA_ARRAY(search->arena, search->nfound, Repair);

    for (uint32_t i = 0; i < search->nfound; i++) {
        const Set *set = &search->found[i];

        repairs[i].count = set->count;
        for (uint32_t j = 0; j < set->count; j++)
            repairs[i].changes[j] = &search->changes->items[set->members[j]];
    }
    return repairs;
}

Repairs repairs_find(Arena *arena, const RepairQuestion *question,
                     const ChangeSet *changes, RepairLimits limits)
{
    bool *needed = ARENA_ARRAY(arena, dl_relation_count(question->program), bool);
    Search search = {.arena = arena,
                     .scratch = arena_scratch(arena),
                     .question = question,
                     .changes = changes,
                     .limits = limits,
                     .needed = needed};

    assert(limits.size <= REPAIR_SIZE_MAX);
    dl_needed(question->program, &question->relation, 1, needed);
    DlDatabase *base = changes_apply(arena, question->program, question->database,
                                     &question->always, question->always ? 1 : 0);
    search.base = base;
    search.is_cut_off =
        !dl_run_needed(base, needed, dl_default_limits, diags_new(arena));
    note_agreement(&search);
    for (uint32_t size = 1; size <= limits.size && !search.is_cut_off; size++)
        try_sets_of(&search, size);
    if (search.nfound)
        qsort(search.found, search.nfound, sizeof(*search.found), by_size_and_rank);
    return (Repairs){copy_found(&search), search.nfound, search.runs,
                     search.is_cut_off || search.is_partial};
}
