/*
 * Random programs on random facts: of a row that does not hold, every clause that could
 * derive it is told with what holds of its body, which does, and what fails first, which
 * fails, both under the same values of the clause's variables.
 *
 * BERTH_SEED=n takes one seed, BERTH_PROGRAMS=n so many programs.
 */
#include "random_program.h"

#include "datalog/eval.h"

enum { QUESTIONS = 12 };

typedef struct Totals {
    uint32_t questions, clauses, absent, present, others, heads;
} Totals;

typedef struct Values {
    uint32_t cells[VARIABLES_MAX];
    uint64_t known;
} Values;

static bool row_fits(const DlDatabase *database, const DlProof *pattern, uint32_t row)
{
    const uint32_t *cells = dl_row(database, pattern->relation, row);
    uint32_t arity = dl_relation(database->program, pattern->relation)->arity;

    for (uint32_t i = 0; i < arity; i++) {
        if (!pattern->any[i] && pattern->row[i] != cells[i])
            return false;
    }
    return true;
}

static bool is_absent(const DlDatabase *database, const DlProof *pattern)
{
    for (uint32_t i = 0; i < dl_row_count(database, pattern->relation); i++) {
        if (row_fits(database, pattern, i))
            return false;
    }
    return true;
}

/* Gives the arguments' variables these cells; false where they have others. */
static bool unify(const DlProgram *program, const Literal *literal,
                  const uint32_t *cells, const bool *any, Values *values)
{
    for (uint32_t i = 0; i < literal->count; i++) {
        Operand operand = operand_of(program, program->arguments[literal->first + i]);

        if (any && any[i])
            continue;
        if (operand.kind == OPERAND_CONSTANT && operand.value != cells[i])
            return false;
        if (operand.kind != OPERAND_VARIABLE)
            continue;
        if (values->known >> operand.value & 1 &&
            values->cells[operand.value] != cells[i])
            return false;
        values->known |= (uint64_t)1 << operand.value;
        values->cells[operand.value] = cells[i];
    }
    return true;
}

/* No row fits the literal with these values; what stands twice has one value. */
static bool literal_fails(const DlDatabase *database, const Literal *literal,
                          const DlProof *pattern, const Values *values)
{
    for (uint32_t i = 0; i < dl_row_count(database, pattern->relation); i++) {
        Values tried = *values;

        if (row_fits(database, pattern, i) &&
            unify(database->program, literal, dl_row(database, pattern->relation, i),
                  NULL, &tried))
            return false;
    }
    return true;
}

static const Literal *literal_at(const DlProgram *program, const Clause *clause,
                                 Span span)
{
    for (uint32_t i = 0; i < clause->count; i++) {
        const Literal *literal = &program->literals[clause->first + i];

        if (literal->span.start == span.start && literal->span.end == span.end)
            return literal;
    }
    return NULL;
}

/* Of a comparison of what is known; of patterns and of functions nothing is asked. */
static bool may_fail(const DlDatabase *database, const Literal *literal,
                     const Values *values)
{
    const DlProgram *program = database->program;
    uint32_t sides[2];

    for (uint32_t i = 0; i < literal->count; i++) {
        if (operand_of(program, program->arguments[literal->first + i]).kind ==
            OPERAND_TERM)
            return true;
    }
    if (literal->kind != LITERAL_COMPARE)
        return literal->kind == LITERAL_MATCH || literal->kind == LITERAL_CONTAINS;
    for (uint32_t i = 0; i < 2; i++) {
        Operand operand = operand_of(program, program->arguments[literal->first + i]);

        if (operand.kind == OPERAND_VARIABLE && values->known >> operand.value & 1)
            sides[i] = values->cells[operand.value];
        else if (operand.kind == OPERAND_CONSTANT)
            sides[i] = operand.value;
        else
            return true;
    }
    return !builtin_compare(database, literal->base, literal->comparison, sides[0],
                            sides[1]);
}

/* What is wrong with what is said to fail, under these values; NULL: nothing. */
static const char *wrong_failure(const DlDatabase *database, const Clause *clause,
                                 const DlWhyNot *told, Values values)
{
    const DlProgram *program = database->program;
    const Literal *literal = literal_at(program, clause, told->at);
    const DlProof *failed = told->failed;
    uint32_t number;

    if (!literal)
        return failed ? "a head that fails is no row" : NULL;
    if (!failed)
        return may_fail(database, literal, &values) ? NULL : "a test does not fail";
    if (literal->relation != failed->relation.index ||
        literal->kind != (failed->absent ? LITERAL_ATOM : LITERAL_ABSENT) ||
        !unify(program, literal, failed->row, failed->any, &values))
        return "what fails is no row of its literal";
    if (failed->absent ? !literal_fails(database, literal, failed, &values)
                       : !dl_find(database, failed->relation, failed->row, &number))
        return "what is said to fail does not";
    for (uint32_t i = 0; failed->absent && i < literal->count; i++) {
        Operand operand = operand_of(program, program->arguments[literal->first + i]);

        if (failed->any[i] &&
            (operand.kind == OPERAND_CONSTANT ||
             (operand.kind == OPERAND_VARIABLE && values.known >> operand.value & 1)))
            return "what is known is said to be any";
    }
    return NULL;
}

/* What holds are rows of literals, each of another one, and under the values that these
 * give the failure is one. Recursion: a level for each that holds. */
static const char *wrong_body(const DlDatabase *database, const Clause *clause,
                              const DlWhyNot *told, uint32_t from, uint64_t taken,
                              Values values)
{
    const DlProgram *program = database->program;
    const char *wrong = "what holds are no rows of the body";

    if (from == told->nholds)
        return wrong_failure(database, clause, told, values);
    const DlProof *proof = told->holds[from];
    for (uint32_t i = 0; i < clause->count && wrong; i++) {
        const Literal *literal = &program->literals[clause->first + i];
        Values tried = values;

        if (taken >> i & 1 || literal->relation != proof->relation.index ||
            literal->kind != (proof->absent ? LITERAL_ABSENT : LITERAL_ATOM) ||
            !unify(program, literal, proof->row, proof->any, &tried))
            continue;
        wrong = wrong_body(database, clause, told, from + 1, taken | (uint64_t)1 << i,
                           tried);
    }
    return wrong;
}

static const char *wrong_clause(const DlDatabase *database, const Clause *clause,
                                const DlWhyNot *told, const uint32_t *row,
                                const bool *any, Totals *totals)
{
    Values values = {.known = 0};
    uint32_t number;

    for (uint32_t i = 0; i < told->nholds; i++) {
        const DlProof *proof = told->holds[i];

        if (proof->absent ? !is_absent(database, proof)
                          : !dl_find(database, proof->relation, proof->row, &number))
            return "what is said to hold does not";
    }
    if (!unify(database->program, &clause->head, row, any, &values))
        return "the clause does not make the row";
    totals->heads += !literal_at(database->program, clause, told->at);
    totals->absent += told->failed && told->failed->absent;
    totals->present += told->failed && !told->failed->absent;
    totals->others += !told->failed;
    return wrong_body(database, clause, told, 0, 0, values);
}

/* Each clause that could make the row is told, in the order of the program. */
static const char *wrong_answer(const DlDatabase *database, uint32_t relation,
                                DlWhyNots told, const uint32_t *row, const bool *any,
                                Totals *totals)
{
    const DlProgram *program = database->program;
    uint32_t next = 0;

    for (uint32_t i = program->head_first[relation];
         i < program->head_first[relation + 1]; i++) {
        const Clause *clause = &program->clauses[program->by_head[i]];
        Values values = {.known = 0};

        if (clause->count == 0 || !unify(program, &clause->head, row, any, &values))
            continue;
        if (next == told.count || told.items[next].clause.start != clause->span.start)
            return "a clause is not told";
        const char *wrong =
            wrong_clause(database, clause, &told.items[next++], row, any, totals);
        if (wrong)
            return wrong;
        totals->clauses++;
    }
    return next == told.count ? NULL : "a clause is told that could not make it";
}

static const char *ask(Bench *bench, const Made *made, Random *random, Totals *totals)
{
    DlRelationId id = dl_relation_find(bench->program, text_of(made->name));
    uint32_t row[COLUMNS] = {0};
    bool any[COLUMNS] = {false};
    DlProof pattern = {.relation = id, .row = row, .any = any};

    for (uint32_t i = 0; i < made->arity; i++) {
        Text text = text_of(texts[random_below(random, 7)]);

        any[i] = random_below(random, 3) == 0;
        row[i] = made->is_number[i] ? random_below(random, 6)
                                    : symbol_intern(bench->symbols, text).id;
    }
    if (!is_absent(bench->database, &pattern))
        return NULL;
    totals->questions++;
    return wrong_answer(
        bench->database, id.index,
        dl_why_not(bench->arena, bench->database, id, row, any, NULL, 3), row, any,
        totals);
}

static bool run_seed(uint64_t seed, Totals *totals)
{
    Random random = {seed};
    Made relations[INPUTS + LAYERS * RELATIONS_OF_LAYER];
    uint32_t count = make_relations(&random, relations);
    Bench bench = bench_new();
    Text program = mark_single_variables(
        bench.arena, make_program(&random, bench.arena, relations, count));
    const char *wrong = NULL;

    if (!bench_compile(&bench, program.at)) {
        wrong = "it does not compile";
    } else {
        add_rows(&random, &bench, relations);
        if (!dl_run(bench.database, dl_default_limits, bench.diags))
            wrong = "a limit was met";
    }
    for (uint32_t i = 0; i < QUESTIONS && !wrong; i++)
        wrong = ask(&bench, &relations[INPUTS + random_below(&random, count - INPUTS)],
                    &random, totals);
    if (wrong)
        fprintf(stderr, "seed %llu: %s\n%.*s\n%s", (unsigned long long)seed, wrong,
                TEXT_ARG(bench_diags(&bench)), program.at);
    bench_free(&bench);
    return !wrong;
}

static void what_fails_fails_and_what_holds_holds(void **state)
{
    uint64_t seed = setting("BERTH_SEED", 1);
    uint64_t programs = setting("BERTH_PROGRAMS", getenv("BERTH_SEED") ? 1 : 400);
    Totals totals = {0};

    (void)state;
    for (uint64_t i = 0; i < programs; i++)
        assert_true(run_seed(seed + i, &totals));
    printf(
        "%llu programs, %u questions, %u clauses: %u rows that are not there, %u that "
        "are, %u others, %u of them heads\n",
        (unsigned long long)programs, totals.questions, totals.clauses, totals.absent,
        totals.present, totals.others, totals.heads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fails_fails_and_what_holds_holds)};

    return cmocka_run_group_tests_name("why not", tests, NULL, NULL);
}
