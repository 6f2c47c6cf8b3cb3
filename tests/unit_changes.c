#include "datalog_support.h"

#include "changes/changes.h"

/* A house with doors: what is open, and two ways to change it. */
static const char house[] =
    ".type Site <: number .type Change <: symbol .type Door <: symbol\n"
    ".decl open(at: Site, door: Door, how: symbol) .input open\n"
    ".decl locked(door: Door) .input locked\n"
    ".decl passable(door: Door) .output passable\n"
    "passable(door) :- open(_, door, \"wide\"), !locked(door).\n"
    ".decl unrelated(door: Door) .output unrelated\n"
    "unrelated(door) :- locked(door).\n"
    ".decl change(change: Change, at: Site, says: symbol) .output change\n"
    ".decl change_rank(change: Change, rank: number) .output change_rank\n"
    "change(as(cat(\"widen \", door), Change), at, cat(\"widen the \", door)) :- "
    "open(at, door, \"ajar\").\n"
    "change(as(cat(\"unlock \", door), Change), 0, cat(\"unlock the \", door)) :- "
    "locked(door).\n"
    "change_rank(change, 5) :- change(change, 0, _).\n"
    ".decl add_open(change: Change, at: Site, door: Door, how: symbol) .output "
    "add_open\n"
    "add_open(as(cat(\"widen \", door), Change), at, door, \"wide\") :- "
    "open(at, door, \"ajar\").\n"
    ".decl drop_open(change: Change, at: Site, door: Door, how: symbol) "
    ".output drop_open\n"
    "drop_open(as(cat(\"widen \", door), Change), at, door, how) :- "
    "open(at, door, how), how != \"wide\".\n"
    ".decl drop_locked(change: Change, door: Door) .output drop_locked\n"
    "drop_locked(as(cat(\"unlock \", door), Change), door) :- locked(door).\n";

static Bench house_new(void)
{
    Bench bench = bench_new();

    assert_true(bench_compile(&bench, house));
    bench_add_all(&bench, "open 1 gate ajar\nopen 2 hatch wide\nlocked gate\n"
                          "locked hatch");
    assert_true(dl_run(bench.database, dl_default_limits, bench.diags));
    return bench;
}

static ChangeSet find(Bench *bench)
{
    ChangeSet changes;

    assert_true(changes_find(bench->arena, bench->symbols, bench->program,
                             bench->database, TEXT("change"), bench->diags, &changes));
    return changes;
}

static void changes_come_by_rank_then_words(void **state)
{
    static const char *const says[] = {"widen the gate", "unlock the gate",
                                       "unlock the hatch"};
    Bench bench = house_new();
    ChangeSet changes = find(&bench);

    (void)state;
    assert_int_equal(changes.count, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_true(text_equal(changes.items[i].says, text_of(says[i])));
    assert_int_equal(changes.items[0].rank, 0);
    assert_int_equal(changes.items[0].site, 1);
    assert_int_equal(changes.items[0].nadded, 1);
    assert_int_equal(changes.items[0].ndropped, 1);
    assert_int_equal(changes.items[1].rank, 5);
    assert_int_equal(changes.items[1].nadded, 0);
    bench_free(&bench);
}

/* The doors that one can pass with the changes of `set`, a bit each. */
static Text passable_with(Bench *bench, ChangeSet changes, uint32_t set)
{
    const Change *made[3];
    uint32_t count = 0;
    DlRelationId passable = dl_relation_find(bench->program, TEXT("passable"));
    bool needed[32];
    Buffer out = {.arena = bench->arena};

    assert_true(dl_relation_count(bench->program) < 32);
    dl_needed(bench->program, &passable, 1, needed);
    for (uint32_t i = 0; i < changes.count; i++) {
        if (set >> i & 1)
            made[count++] = &changes.items[i];
    }
    DlDatabase *changed =
        changes_apply(bench->arena, bench->program, bench->database, made, count);
    assert_true(dl_run_needed(changed, needed, dl_default_limits, bench->diags));
    dl_dump_relation(changed, passable, &out);
    /* Of what is not needed only what does not depend on the changes is there. */
    DlRelationId unrelated = dl_relation_find(bench->program, TEXT("unrelated"));
    assert_int_equal(dl_row_count(changed, unrelated), (set & 6) == 0 ? 2 : 0);
    return buffer_text(&out);
}

static void what_is_applied_is_derived_from(void **state)
{
    static const char *const doors[] = {"",
                                        "",
                                        "",
                                        "passable(\"gate\")\n",
                                        "passable(\"hatch\")\n",
                                        "passable(\"hatch\")\n",
                                        "passable(\"hatch\")\n",
                                        "passable(\"gate\")\npassable(\"hatch\")\n"};
    Bench bench = house_new();
    ChangeSet changes = find(&bench);

    (void)state;
    for (uint32_t set = 0; set < 8; set++) {
        Text found = passable_with(&bench, changes, set);

        if (!text_equal(found, text_of(doors[set])))
            fail_msg("set %u: '%.*s'", (unsigned)set, TEXT_ARG(found));
    }
    bench_free(&bench);
}

static void two_that_drop_the_same_do_not_agree(void **state)
{
    Bench bench = house_new();
    ChangeSet changes = find(&bench);
    const Change *items = changes.items;
    Change undoes = {.dropped = items[0].added, .ndropped = 1};

    (void)state;
    assert_true(changes_agree(bench.program, &items[0], &items[1]));
    assert_true(changes_agree(bench.program, &items[1], &items[2]));
    assert_false(changes_agree(bench.program, &items[0], &items[0]));
    assert_false(changes_agree(bench.program, &items[0], &undoes));
    assert_false(changes_agree(bench.program, &undoes, &items[0]));
    bench_free(&bench);
}

typedef struct Case {
    const char *name, *program, *wrong;
} Case;

#define TYPES                                                                          \
    ".type Site <: number .type Change <: symbol\n.decl i(a: symbol) .input i\n"
#define SELECTION                                                                      \
    ".decl change(change: Change, at: Site, says: symbol) .output change\n"
#define READS ".decl o(a: symbol) .output o\no(a) :- i(a).\n"

static Case cases[] = {
    {"there is no selection", TYPES READS,
     "1:1: no rule declares the relation 'change'"},
    {"a selection of another form",
     TYPES READS ".decl change(change: Change, says: symbol) .output change\n",
     "5:7: 'change' selects changes; expected its attributes to be change: Change, at: "
     "Site, says: symbol"},
    {"an effect on nothing",
     TYPES READS SELECTION ".decl add_j(change: Change, a: symbol) .output add_j\n",
     "6:7: 'add_j' changes facts; expected an input relation 'j', and behind the "
     "change "
     "its attributes"},
    {"an effect on what is derived",
     TYPES READS SELECTION ".decl drop_o(change: Change, a: symbol) .output drop_o\n",
     "6:7: 'drop_o' changes facts; expected an input relation 'o', and behind the "
     "change "
     "its attributes"},
    {"an effect with another attribute",
     TYPES READS SELECTION ".decl add_i(change: Change, b: symbol) .output add_i\n",
     "6:7: 'add_i' changes facts; expected an input relation 'i', and behind the "
     "change "
     "its attributes"},
    {"an effect with an attribute too many",
     TYPES READS SELECTION
     ".decl drop_i(change: Change, a: symbol, b: symbol) .output drop_i\n",
     "6:7: 'drop_i' changes facts; expected an input relation 'i', and behind the "
     "change "
     "its attributes"},
    {"a relation of such a name without a change is nobody's business",
     TYPES READS SELECTION ".decl add_j(a: symbol) .output add_j\n", NULL},
};

static void form(void **state)
{
    const Case *c = *state;
    Bench bench = bench_new();
    ChangeSet changes;

    assert_true(bench_compile(&bench, c->program));
    assert_true(dl_run(bench.database, dl_default_limits, bench.diags));
    bool found = changes_find(bench.arena, bench.symbols, bench.program, bench.database,
                              TEXT("change"), bench.diags, &changes);
    assert_int_equal(found, c->wrong == NULL);
    Text said = bench_diags(&bench);
    if (!text_equal(said, text_of(c->wrong ? c->wrong : "")))
        fail_msg("said '%.*s'", TEXT_ARG(said));
    bench_free(&bench);
}

enum { NCASES = sizeof(cases) / sizeof(*cases), NTESTS = 3 };

int main(void)
{
    struct CMUnitTest tests[NTESTS + NCASES] = {
        cmocka_unit_test(changes_come_by_rank_then_words),
        cmocka_unit_test(what_is_applied_is_derived_from),
        cmocka_unit_test(two_that_drop_the_same_do_not_agree)};

    for (size_t i = 0; i < NCASES; i++)
        tests[NTESTS + i] = (struct CMUnitTest){
            .name = cases[i].name, .test_func = form, .initial_state = &cases[i]};
    return cmocka_run_group_tests_name("changes", tests, NULL, NULL);
}
