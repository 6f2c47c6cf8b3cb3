#include "datalog_support.h"

#include <stdio.h>
#include <string.h>

typedef struct Case {
    const char *name, *program, *rows;
    const char *gives; /* the output relations, as dl_dump_relation prints them */
} Case;

#define E ".decl e(a: symbol, b: symbol)\n.input e\n"
#define N ".decl n(a: number)\n.input n\n"
#define S ".decl s(a: symbol)\n.input s\n"
#define OUT_S ".decl o(a: symbol)\n.output o\n"
#define OUT_N ".decl o(a: number)\n.output o\n"

static Case cases[] = {
    {"a fact of the program", OUT_S "o(\"a\").", "", "o(\"a\")\n"},
    {"a fact with functions", OUT_S "o(cat(\"a\", to_string(1 + 2 * 3))).", "",
     "o(\"a7\")\n"},
    {"a fact without a value is none", OUT_N "o(1 / 0).", "", ""},
    {"a row that is added twice is one row", OUT_S S "o(x) :- s(x).", "s a\ns a",
     "o(\"a\")\n"},
    {"a join", OUT_S E "o(x) :- e(x, y), e(y, \"c\").", "e a b\ne b c\ne d b",
     "o(\"a\")\no(\"d\")\n"},
    {"a cross product",
     ".decl o(a: symbol, b: symbol)\n.output o\n" S "o(x, y) :- s(x), s(y).",
     "s a\ns b",
     "o(\"a\", \"a\")\no(\"a\", \"b\")\no(\"b\", \"a\")\no(\"b\", \"b\")\n"},
    {"a variable twice in an atom", OUT_S E "o(x) :- e(x, x).", "e a b\ne b b",
     "o(\"b\")\n"},
    {"a variable twice in a head",
     ".decl o(a: symbol, b: symbol)\n.output o\n" S "o(x, x) :- s(x).", "s a",
     "o(\"a\", \"a\")\n"},
    {"a constant in an atom", OUT_S E "o(y) :- e(\"a\", y).", "e a b\ne b c",
     "o(\"b\")\n"},
    {"recursion, left", OUT_S E "o(y) :- e(\"a\", y).\no(z) :- o(y), e(y, z).",
     "e a b\ne b c\ne c a\ne x y", "o(\"a\")\no(\"b\")\no(\"c\")\n"},
    {"recursion on both sides",
     ".decl o(a: symbol, b: symbol)\n.output o\n" E
     "o(x, y) :- e(x, y).\no(x, z) :- o(x, y), o(y, z).",
     "e a b\ne b c\ne c d",
     "o(\"a\", \"b\")\no(\"a\", \"c\")\no(\"a\", \"d\")\no(\"b\", \"c\")\no(\"b\", "
     "\"d\")\no(\"c\", \"d\")\n"},
    {"two relations that need each other",
     OUT_N N ".decl odd(a: number)\no(0).\nodd(x + 1) :- o(x), n(y), x < y.\no(x + 1) "
             ":- odd(x), n(y), x < y.",
     "n 6", "o(0)\no(2)\no(4)\no(6)\n"},
    {"recursion above a fact of the program", OUT_N "o(1).\no(x * 2) :- o(x), x < 20.",
     "", "o(1)\no(2)\no(4)\no(8)\no(16)\no(32)\n"},
    {"negation", OUT_S S E "o(x) :- s(x), !e(x, x).", "s a\ns b\ne a a", "o(\"b\")\n"},
    {"negation with a wildcard: none at all", OUT_S S E "o(x) :- s(x), !e(x, _).",
     "s a\ns b\ne a z", "o(\"b\")\n"},
    {"negation of everything", OUT_S S E "o(x) :- s(x), !e(_, _).", "s a",
     "o(\"a\")\n"},
    {"and when there is something", OUT_S S E "o(x) :- s(x), !e(_, _).", "s a\ne x y",
     ""},
    {"negation with a function", OUT_S S E "o(x) :- s(x), !e(cat(x, \"!\"), _).",
     "s a\ns b\ne a! z", "o(\"b\")\n"},
    {"a body of nothing but a negation", OUT_S E "o(\"a\") :- !e(_, _).", "",
     "o(\"a\")\n"},
    {"a body of nothing but a comparison", OUT_N "o(x) :- x = 3.", "", "o(3)\n"},
    {"a relation without attributes",
     ".decl any()\n" OUT_S S "any() :- s(_).\no(\"yes\") :- any().", "s a\ns b",
     "o(\"yes\")\n"},
    {"its absence", ".decl any()\n" OUT_S S "any() :- s(_).\no(\"no\") :- !any().", "",
     "o(\"no\")\n"},
    {"symbols compare as text, by byte", OUT_S S "o(x) :- s(x), x < \"b\".",
     "s b\ns a\ns B\ns aa", "o(\"B\")\no(\"a\")\no(\"aa\")\n"},
    {"equal symbols", OUT_S S "o(x) :- s(x), x >= \"b\", x <= \"b\".", "s b\ns a\ns c",
     "o(\"b\")\n"},
    {"numbers compare as signed", OUT_N N "o(x) :- n(y), x = y - 5, x < 0.", "n 3\nn 9",
     "o(-2)\n"},
    {"unequal", OUT_S E "o(x) :- e(x, y), x != y.", "e a a\ne a b", "o(\"a\")\n"},
    {"an equation tests what is bound", OUT_S E "o(x) :- e(x, y), y = cat(x, x).",
     "e a aa\ne b b", "o(\"a\")\n"},
    {"an equation binds, whatever the order written",
     OUT_S E "o(y) :- y = cat(x, \"/*\"), e(x, _).", "e a b", "o(\"a/*\")\n"},
    {"a function in an atom, bound by another",
     OUT_S S E "o(x) :- e(x, cat(y, \"!\")), s(y).", "s b\ne a b!\ne c b",
     "o(\"a\")\n"},
    {"a function in an atom, bound by the same", OUT_S E "o(x) :- e(x, cat(x, \"!\")).",
     "e a a!\ne c a!", "o(\"a\")\n"},
    {"match is of the whole symbol", OUT_S S "o(x) :- s(x), match(\"a+|b\", x).",
     "s a\ns aa\ns ab\ns b\ns ba", "o(\"a\")\no(\"aa\")\no(\"b\")\n"},
    {"not match", OUT_S S "o(x) :- s(x), !match(\"[a-z]*\", x).", "s a\ns A",
     "o(\"A\")\n"},
    {"the same symbol matched again", OUT_S E "o(y) :- e(x, y), match(\"a\\\\.b\", x).",
     "e a.b x\ne a.b y\ne axb z", "o(\"x\")\no(\"y\")\n"},
    {"contains", OUT_S S "o(x) :- s(x), contains(\"bc\", x).", "s abcd\ns abd\ns bc",
     "o(\"abcd\")\no(\"bc\")\n"},
    {"everything contains nothing", OUT_S S "o(x) :- s(x), contains(\"\", x).",
     "s a\ns ", "o(\"\")\no(\"a\")\n"},
    {"not contains", OUT_S S "o(x) :- s(x), !contains(\"b\", x).", "s a\ns b",
     "o(\"a\")\n"},
    {"cat of many", OUT_S S "o(cat(x, \"-\", x, \"\")) :- s(x).", "s a",
     "o(\"a-a\")\n"},
    {"substr counts bytes", OUT_S S "o(substr(x, 1, 2)) :- s(x).", "s abcd",
     "o(\"bc\")\n"},
    {"substr beyond the end", OUT_S S "o(substr(x, 1, 9)) :- s(x).", "s abcd",
     "o(\"bcd\")\n"},
    {"substr that starts at the end, or behind it",
     OUT_S S "o(cat(substr(x, 4, 1), substr(x, 5, 1))) :- s(x).", "s abcd",
     "o(\"\")\n"},
    {"substr that starts before the text", OUT_S S "o(substr(x, -1, 3)) :- s(x).",
     "s abcd", "o(\"\")\n"},
    {"substr of a negative length is the rest",
     OUT_S S "o(substr(x, 1, strlen(x) - 9)) :- s(x).", "s abcd", "o(\"bcd\")\n"},
    {"strlen counts bytes", OUT_N S "o(strlen(x)) :- s(x).", "s \xC3\xA9t\ns ",
     "o(0)\no(3)\n"},
    {"to_number, and of what is none the literal fails",
     OUT_N S "o(to_number(x)) :- s(x).", "s 12\ns -7\ns 1a\ns \ns -\ns 2147483648",
     "o(-7)\no(12)\n"},
    {"to_string", OUT_S N "o(to_string(x - 10)) :- n(x).", "n 3", "o(\"-7\")\n"},
    {"sums, products, remainders", OUT_N N "o(-(x + 2) * 3 % 5 - 1) :- n(x).", "n 2",
     "o(-3)\n"},
    {"division is towards zero", OUT_N N "o((0 - x) / 2) :- n(x).", "n 7", "o(-3)\n"},
    {"division by zero: the literal fails", OUT_N N "o(x) :- n(x), 6 / x > 1.",
     "n 0\nn 2\nn 5", "o(2)\n"},
    {"sums wrap around", OUT_N N "o(x + 1) :- n(x).", "n 2147483647",
     "o(-2147483648)\n"},
    {"the least number divided by -1",
     OUT_N N "o((-2147483648 + x) / -1) :- n(x).\no((-2147483648 + x) % -1) :- n(x).",
     "n 0", "o(-2147483648)\no(0)\n"},
    {"as changes nothing",
     ".type T <: symbol\n.decl o(a: T)\n.output o\n" S "o(as(x, T)) :- s(x).", "s a",
     "o(\"a\")\n"},
    {"count, by what is bound outside",
     ".decl o(a: symbol, n: number)\n.output o\n" S E
     "o(x, n) :- s(x), n = count : { e(x, _) }.",
     "s a\ns b\ne a x\ne a y", "o(\"a\", 2)\no(\"b\", 0)\n"},
    {"count of a join", OUT_N E "o(n) :- n = count : { e(x, y), e(y, z), x != z }.",
     "e a b\ne b c\ne b a\ne c d", "o(2)\n"},
    {"count with what follows from it",
     OUT_S S E "o(x) :- s(x), count : { e(x, y), match(\"x.*\", y) } >= 2.",
     "s a\ns b\ne a x1\ne a x2\ne b x1\ne b y", "o(\"a\")\n"},
    {"count of nothing", OUT_N E "o(count_of) :- count_of = count : { e(_, _) }.", "",
     "o(0)\n"},
    {"count in a sum",
     OUT_N S E "o(n) :- n = 10 * count : { e(_, _) } + count : { s(_) }.",
     "s a\ne a x\ne a y", "o(21)\n"},
    {"counts in two clauses above recursion",
     ".decl t(a: symbol, b: symbol)\n.decl o(a: symbol, n: number)\n.output o\n" E
     "t(x, y) :- e(x, y).\nt(x, z) :- t(x, y), e(y, z).\no(x, n) :- e(x, _), n = count "
     ": { t(x, _) }.",
     "e a b\ne b c", "o(\"a\", 2)\no(\"b\", 1)\n"},
    {"three strata",
     ".decl a(x: symbol)\n.decl b(x: symbol)\n" OUT_S S E
     "a(x) :- s(x), !e(x, _).\nb(x) :- s(x), !a(x).\no(x) :- s(x), !b(x).",
     "s p\ns q\ne p q", "o(\"q\")\n"},
    {"a comment of each kind",
     "// one\n/* two\n // */" OUT_S "o(\"//\"). /* o(\"x\"). */", "", "o(\"//\")\n"},
    {"escapes in a string", OUT_S "o(\"a\\\"b\\\\c\\n\").", "",
     "o(\"a\\\"b\\\\c\\n\")\n"},
    {"several outputs, printed by name of relation",
     ".decl a(x: symbol)\n.decl b(x: symbol)\n.output a, b\n" S
     "a(x) :- s(x).\nb(x) :- a(x).",
     "s z", "a(\"z\")\nb(\"z\")\n"},
};

static Text outputs(Bench *bench)
{
    Buffer out = {.arena = bench->arena};

    for (uint32_t i = 0; i < dl_relation_count(bench->program); i++) {
        if (dl_relation(bench->program, (DlRelationId){i})->is_output)
            dl_dump_relation(bench->database, (DlRelationId){i}, &out);
    }
    return buffer_text(&out);
}

static Bench evaluate(const char *program, const char *rows, bool naive)
{
    Bench bench = bench_new();

    if (!bench_compile(&bench, program))
        fprintf(stderr, "%.*s\n", TEXT_ARG(bench_diags(&bench)));
    assert_non_null(bench.program);
    bench_add_all(&bench, rows);
    if (naive)
        assert_true(dl_run_naive(bench.database, dl_default_limits, bench.diags));
    else
        assert_true(dl_run(bench.database, dl_default_limits, bench.diags));
    return bench;
}

static void gives(void **state)
{
    const Case *c = *state;

    for (int naive = 0; naive < 2; naive++) {
        Bench bench = evaluate(c->program, c->rows, naive);
        Text text = outputs(&bench);

        if (!text_equal(text, text_of(c->gives)))
            fprintf(stderr, "%s: %.*sinstead of\n%s", naive ? "naive" : "semi-naive",
                    TEXT_ARG(text), c->gives);
        assert_true(text_equal(text, text_of(c->gives)));
        bench_free(&bench);
    }
}

typedef struct Limit {
    const char *name, *program, *says;
    DlLimits limits;
} Limit;

static Limit limits[] = {
    {"a limit of rows",
     OUT_N "o(0).\no(x + 1) :- o(x).",
     "4:1: limit: more than 50 rows",
     {.rows = 50, .rounds = 1000, .joins = 100000}},
    {"a limit of rounds",
     OUT_N "o(0).\no(x + 1) :- o(x).",
     "4:1: limit: more than 9 rounds",
     {.rows = 50, .rounds = 9, .joins = 100000}},
    {"a limit of join steps",
     OUT_N "o(x) :- p(x), p(y), p(z), x + y = z.\n.decl p(a: number)\np(0).\np(x + 1) "
           ":- p(x), x < 20.",
     "3:1: limit: more than 300 steps of joins",
     {.rows = 5000, .rounds = 1000, .joins = 300}},
    {"a limit of join steps in a count",
     OUT_N "o(n) :- n = count : { p(x), p(y), p(z), x + y = z }.\n.decl p(a: "
           "number)\np(0).\np(x + 1) :- p(x), x < 20.",
     "3:1: limit: more than 300 steps of joins",
     {.rows = 5000, .rounds = 1000, .joins = 300}},
    {"a limit of the steps of a pattern",
     OUT_S
     "o(x) :- p(x), match(\"(a|aa)+(a|aa)+[bd]\", x).\n.decl p(a: symbol)\n"
     "p(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac\").",
     "3:1: limit: a pattern that takes too many steps on a text",
     {.rows = 5000, .rounds = 1000, .joins = 5000}},
};

static void stops(void **state)
{
    const Limit *c = *state;
    Bench bench = bench_new();

    assert_true(bench_compile(&bench, c->program));
    assert_false(dl_run(bench.database, c->limits, bench.diags));
    if (!text_equal(bench_diags(&bench), text_of(c->says)))
        fprintf(stderr, "%.*s\n", TEXT_ARG(bench_diags(&bench)));
    assert_true(text_equal(bench_diags(&bench), text_of(c->says)));
    bench_free(&bench);
}

/* Rows are numbered as they are derived: from the input's order, clause by clause. */
static void rows_are_numbered_by_round_and_clause(void **state)
{
    Bench bench = evaluate(E OUT_S "o(y) :- e(\"b\", y).\no(y) :- e(\"a\", y).\n"
                                   "o(z) :- o(y), e(y, z).",
                           "e a z\ne b y\ne b x\ne y a\ne z c", false);
    DlRelationId relation = dl_relation_find(bench.program, TEXT("o"));
    Buffer order = {.arena = bench.arena};

    (void)state;
    for (uint32_t i = 0; i < dl_row_count(bench.database, relation); i++)
        buffer_add(&order, symbol_text(bench.symbols,
                                       (Symbol){*dl_row(bench.database, relation, i)}));
    assert_true(text_equal(buffer_text(&order), TEXT("yxzac")));
    uint32_t row, cell = symbol_intern(bench.symbols, TEXT("a")).id;
    assert_true(dl_find(bench.database, relation, &cell, &row));
    assert_int_equal(row, 3);
    cell = symbol_intern(bench.symbols, TEXT("never")).id;
    assert_false(dl_find(bench.database, relation, &cell, &row));
    bench_free(&bench);
}

static void sites_are_dumped_and_sorted_by_place(void **state)
{
    Bench bench = bench_new();
    uint32_t files[] = {sources_add(bench.sources, TEXT("b.json"), TEXT("x\nyz\n")),
                        sources_add(bench.sources, TEXT("a.json"), TEXT("x\n"))};
    const Span spans[] = {{files[0], 3, 4}, {files[0], 0, 1}, {files[1], 0, 1}};
    Buffer out = {.arena = bench.arena};

    (void)state;
    assert_true(bench_compile(
        &bench, ".type Site <: number .decl at(a: Site, n: number) .input at"));
    DlRelationId relation = dl_relation_find(bench.program, TEXT("at"));
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t row[] = {site_intern(bench.sources, spans[i]).id, i};

        dl_add(bench.database, relation, row);
    }
    dl_dump_relation(bench.database, relation, &out);
    assert_true(
        text_equal(buffer_text(&out),
                   TEXT("at(a.json:1:1, 2)\nat(b.json:1:1, 1)\nat(b.json:2:2, 0)\n")));
    bench_free(&bench);
}

int main(void)
{
    enum {
        CASES = sizeof(cases) / sizeof(*cases),
        LIMITS = sizeof(limits) / sizeof(*limits)
    };
    struct CMUnitTest tests[CASES + LIMITS + 2] = {0};
    size_t count = 0;

    for (size_t i = 0; i < CASES; i++)
        tests[count++] = (struct CMUnitTest){
            .name = cases[i].name, .test_func = gives, .initial_state = &cases[i]};
    for (size_t i = 0; i < LIMITS; i++)
        tests[count++] = (struct CMUnitTest){
            .name = limits[i].name, .test_func = stops, .initial_state = &limits[i]};
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(rows_are_numbered_by_round_and_clause);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(sites_are_dumped_and_sorted_by_place);
    return cmocka_run_group_tests_name("datalog eval", tests, NULL, NULL);
}
