#include "datalog_support.h"

#include <stdio.h>

typedef struct Case {
    const char *name, *program, *rows;
    const char *row;   /* what is asked: as an input row is written */
    const char *proof; /* a line each, two blanks deeper than what it explains */
} Case;

#define E ".decl e(a: symbol, b: symbol)\n.input e\n"
#define S ".decl s(a: symbol)\n.input s\n"
#define OUT_S ".decl o(a: symbol)\n.output o\n"

static Case cases[] = {
    {"an input row is a leaf", S, "s a", "s a", "s(a) 0 input\n"},
    {"a fact of the program is a leaf with its clause", OUT_S "o(\"a\").\no(\"b\").",
     "", "o b", "o(b) 0 input 4\n"},
    {"what a clause derives, atoms in the order written",
     OUT_S E "o(x) :- e(x, y), e(y, \"c\").", "e a b\ne b c", "o a",
     "o(a) 1 by 5\n  e(a, b) 0 input\n  e(b, c) 0 input\n"},
    {"tests and counts are no leaves",
     OUT_S E "o(x) :- e(x, y), x != y, match(\"a\", x), 1 = count : { e(x, _) }.",
     "e a b", "o a", "o(a) 1 by 5\n  e(a, b) 0 input\n"},
    {"an absence, of all cells", OUT_S S E "o(x) :- s(x), !e(x, \"z\").", "s a", "o a",
     "o(a) 1 by 7\n  s(a) 0 input\n  not e(a, z)\n"},
    {"an absence, of any", OUT_S S E "o(x) :- s(x), !e(_, x).", "s a", "o a",
     "o(a) 1 by 7\n  s(a) 0 input\n  not e(_, a)\n"},
    {"an absence whose cell is made", OUT_S S E "o(x) :- !e(cat(x, \"!\"), _), s(x).",
     "s a", "o a", "o(a) 1 by 7\n  not e(a!, _)\n  s(a) 0 input\n"},
    {"the shortest way", OUT_S E "o(y) :- e(\"a\", y).\no(z) :- o(y), e(y, z).",
     "e a b\ne b c\ne c d\ne b d", "o d",
     "o(d) 2 by 6\n  o(b) 1 by 5\n    e(a, b) 0 input\n  e(b, d) 0 input\n"},
    {"the lowest in all strata, though found later in its own",
     OUT_S E
     ".decl far(a: symbol)\nfar(y) :- e(\"a\", y).\nfar(z) :- far(y), e(y, z).\n"
     ".decl near(a: symbol)\nnear(y) :- e(\"z\", y).\n"
     "o(x) :- far(x), e(x, \"end\").\no(x) :- near(x), e(x, \"end\").\n",
     "e a b\ne b c\ne c d\ne d end\ne z d", "o d",
     "o(d) 2 by 11\n  near(d) 1 by 9\n    e(z, d) 0 input\n  e(d, end) 0 input\n"},
    {"the lowest, though it takes more rounds of recursion",
     OUT_S E ".decl tall(a: symbol, b: symbol)\n"
             "tall(x, y) :- e(x, y).\ntall(x, z) :- tall(x, y), e(y, z).\n"
             ".decl top(a: symbol)\ntop(y) :- tall(\"a\", y), e(y, \"end\").\n"
             "o(x) :- top(x).\no(x) :- e(\"go\", x).\no(y) :- o(x), e(x, y).\n",
     "e a b\ne b c\ne c d\ne d f\ne f end\ne go m\ne m f", "o f",
     "o(f) 2 by 12\n  o(m) 1 by 11\n    e(go, m) 0 input\n  e(m, f) 0 input\n"},
    {"of two clauses the first", OUT_S S E "o(x) :- e(x, _).\no(x) :- s(x).",
     "s a\ne a b", "o a", "o(a) 1 by 7\n  e(a, b) 0 input\n"},
    {"of two rows the first by text, whatever their order", OUT_S E "o(x) :- e(x, _).",
     "e a z\ne a b\ne a c", "o a", "o(a) 1 by 5\n  e(a, b) 0 input\n"},
    {"rows are compared atom by atom, in the order written",
     OUT_S E "o(x) :- e(y, _), e(x, y).", "e a y\ne a z\ne y c\ne z b", "o a",
     "o(a) 1 by 5\n  e(y, c) 0 input\n  e(a, y) 0 input\n"},
    {"a head that repeats a variable",
     ".decl o(a: symbol, b: symbol)\n.output o\n" S E
     "o(x, x) :- e(x, _).\no(x, y) :- e(x, y).",
     "e a b\ne a a", "o a a", "o(a, a) 1 by 7\n  e(a, a) 0 input\n"},
    {"and cannot derive what differs",
     ".decl o(a: symbol, b: symbol)\n.output o\n" S E
     "o(x, x) :- e(x, _).\no(x, y) :- e(x, y).",
     "e a b", "o a b", "o(a, b) 1 by 8\n  e(a, b) 0 input\n"},
    {"a head with a constant and a function",
     ".decl o(a: symbol, b: symbol)\n.output o\n" E
     "o(\"x\", cat(x, \"!\")) :- e(x, _).",
     "e b c\ne a c\ne a d", "o x a!", "o(x, a!) 1 by 5\n  e(a, c) 0 input\n"},
    {"a body without atoms", OUT_S S "o(\"a\") :- !s(_).", "", "o a",
     "o(a) 1 by 5\n  not s(_)\n"},
};

static void add_atom(const Bench *bench, const DlProof *proof, Buffer *out)
{
    const DlRelation *relation = dl_relation(bench->program, proof->relation);

    buffer_format(out, "%.*s(", TEXT_ARG(relation->name));
    for (uint32_t i = 0; i < relation->arity; i++) {
        buffer_add(out, i ? TEXT(", ") : TEXT(""));
        if (proof->any && proof->any[i])
            buffer_add(out, TEXT("_"));
        else
            buffer_add(out, symbol_text(bench->symbols, (Symbol){proof->row[i]}));
    }
    buffer_add_byte(out, ')');
}

/* A derived row has its height and its clause's line, a given one the line of its
 * fact, if it has one. */
static void add_proof(Bench *bench, const DlProof *proof, size_t depth, Buffer *out)
{
    buffer_add_times(out, ' ', depth * 2);
    if (proof->absent)
        buffer_add(out, TEXT("not "));
    add_atom(bench, proof, out);
    if (!proof->absent)
        buffer_format(out, " %u %s", proof->height, proof->is_input ? "input" : "by");
    if (proof->clause.file)
        buffer_format(
            out, " %u",
            source_place(bench->sources, proof->clause.file, proof->clause.start).line);
    buffer_add_byte(out, '\n');
    for (uint32_t i = 0; i < proof->nbecause; i++)
        add_proof(bench, proof->because[i], depth + 1, out);
}

static Bench evaluate(const char *program, const char *rows)
{
    Bench bench = bench_new();

    if (!bench_compile(&bench, program))
        fprintf(stderr, "%.*s\n", TEXT_ARG(bench_diags(&bench)));
    assert_non_null(bench.program);
    bench_add_all(&bench, rows);
    assert_true(dl_run(bench.database, dl_default_limits, bench.diags));
    return bench;
}

static const DlProof *proof_of(Bench *bench, const char *asked)
{
    uint32_t cells[16], count = 0, row;
    Text line = text_of(asked), name, cell;
    bool done = false;

    assert_true(text_next_part(&line, ' ', &name, &done));
    while (text_next_part(&line, ' ', &cell, &done))
        cells[count++] = symbol_intern(bench->symbols, cell).id;
    DlRelationId relation = dl_relation_find(bench->program, name);
    assert_true(dl_find(bench->database, relation, cells, &row));
    return dl_why(bench->arena, bench->database, relation, row);
}

static void proves(void **state)
{
    const Case *c = *state;
    Bench bench = evaluate(c->program, c->rows);
    Buffer out = {.arena = bench.arena};

    add_proof(&bench, proof_of(&bench, c->row), 0, &out);
    if (!text_equal(buffer_text(&out), text_of(c->proof)))
        fprintf(stderr, "%.*sinstead of\n%s", TEXT_ARG(buffer_text(&out)), c->proof);
    assert_true(text_equal(buffer_text(&out), text_of(c->proof)));
    bench_free(&bench);
}

static void a_proof_is_the_same_whatever_else_is_there(void **state)
{
    static const char program[] =
        OUT_S E "o(y) :- e(\"a\", y).\no(z) :- o(y), e(y, z).";
    static const char *const rows[] = {
        "e a b\ne a c\ne b d\ne c d\n",
        "e x y\ne c d\ne d a\ne b d\ne d e\ne a c\ne y a\ne a b\n"};
    Text texts[2];
    Bench benches[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        benches[i] = evaluate(program, rows[i]);
        Buffer out = {.arena = benches[i].arena};

        add_proof(&benches[i], proof_of(&benches[i], "o d"), 0, &out);
        texts[i] = buffer_text(&out);
    }
    assert_true(text_equal(texts[0], texts[1]));
    bench_free(&benches[0]);
    bench_free(&benches[1]);
}

static void ties_are_broken_by_path_and_place(void **state)
{
    Bench bench = bench_new();
    uint32_t files[] = {sources_add(bench.sources, TEXT("b.json"), TEXT("xyz")),
                        sources_add(bench.sources, TEXT("a.json"), TEXT("xyz"))};
    const Span spans[] = {{files[0], 0, 1}, {files[1], 2, 3}, {files[1], 1, 2}};

    (void)state;
    assert_true(bench_compile(&bench, ".type Site <: number\n"
                                      ".decl at(a: Site) .input at\n"
                                      ".decl o() .output o\no() :- at(_)."));
    DlRelationId at = dl_relation_find(bench.program, TEXT("at"));
    for (int i = 0; i < 3; i++) {
        uint32_t row = site_intern(bench.sources, spans[i]).id;

        dl_add(bench.database, at, &row);
    }
    assert_true(dl_run(bench.database, dl_default_limits, bench.diags));
    const DlProof *proof = dl_why(bench.arena, bench.database,
                                  dl_relation_find(bench.program, TEXT("o")), 0);
    Span span = site_span(bench.sources, (Site){proof->because[0]->row[0]});
    assert_int_equal(span.file, files[1]);
    assert_int_equal(span.start, 1);
    bench_free(&bench);
}

static void proofs_are_shared(void **state)
{
    Bench bench = evaluate(OUT_S E S "o(x) :- e(x, y), s(y).", "e a c\ne b c\ns c");
    const DlProof *one = proof_of(&bench, "o a"), *other = proof_of(&bench, "o b");

    (void)state;
    assert_ptr_equal(one->because[1], other->because[1]);
    assert_ptr_equal(one, proof_of(&bench, "o a"));
    bench_free(&bench);
}

/* A proof as high as a long chain takes no stack. */
static void a_long_chain(void **state)
{
    enum { LINKS = 50000 };
    Bench bench = bench_new();

    (void)state;
    assert_true(bench_compile(&bench, ".decl e(a: number, b: number) .input e\n"
                                      ".decl o(a: number) .output o\no(y) :- e(0, y).\n"
                                      "o(y) :- o(x), e(x, y)."));
    for (uint32_t i = 0; i < LINKS; i++)
        dl_add(bench.database, dl_relation_find(bench.program, TEXT("e")),
               (const uint32_t[]){i, i + 1});
    assert_true(dl_run(bench.database, dl_default_limits, bench.diags));
    DlRelationId o = dl_relation_find(bench.program, TEXT("o"));
    assert_int_equal(dl_row_count(bench.database, o), LINKS);
    const DlProof *proof = dl_why(bench.arena, bench.database, o, LINKS - 1);
    for (uint32_t height = LINKS; height > 0; height--) {
        assert_int_equal(proof->height, height);
        proof = proof->because[0];
    }
    bench_free(&bench);
}

static void what_was_derived_before_a_limit_has_its_proof(void **state)
{
    const DlLimits limits = {.rows = 20, .rounds = 1000, .joins = 1000};
    Bench bench = bench_new();

    (void)state;
    assert_true(bench_compile(&bench, ".decl o(a: number) .output o\n"
                                      "o(0).\no(x + 1) :- o(x)."));
    assert_false(dl_run(bench.database, limits, bench.diags));
    DlRelationId o = dl_relation_find(bench.program, TEXT("o"));
    assert_int_equal(dl_why(bench.arena, bench.database, o, 19)->height, 19);
    bench_free(&bench);
}

int main(void)
{
    enum { CASES = sizeof(cases) / sizeof(*cases) };
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_proof_is_the_same_whatever_else_is_there),
        cmocka_unit_test(ties_are_broken_by_path_and_place),
        cmocka_unit_test(proofs_are_shared),
        cmocka_unit_test(a_long_chain),
        cmocka_unit_test(what_was_derived_before_a_limit_has_its_proof),
    };
    struct CMUnitTest tests[CASES + sizeof(others) / sizeof(*others)];
    size_t count = 0;

    for (size_t i = 0; i < CASES; i++)
        tests[count++] = (struct CMUnitTest){
            .name = cases[i].name, .test_func = proves, .initial_state = &cases[i]};
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        tests[count++] = others[i];
    return cmocka_run_group_tests_name("datalog why", tests, NULL, NULL);
}
