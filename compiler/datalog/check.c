/* Names to numbers, and which variables are bound. */
#include "datalog/ast.h"

typedef struct Checker {
    DlProgram *program;
    Diags *diags;
    const Clause *clause;
    uint32_t *readers; /* by relation: 1 + the head of a clause that reads it, or
                          UINT32_MAX when other clauses than its own do */
    uint64_t bound, reported;
    uint32_t times[VARIABLES_MAX];
    Span first[VARIABLES_MAX]; /* where each variable stands first */
} Checker;

/* --- relations --- */

static void report_unknown_relation(Checker *checker, const Literal *atom)
{
    const DlProgram *program = checker->program;
    uint32_t best = 3, nearest = DL_NO_RELATION;

    for (uint32_t i = 0; i < program->nrelations; i++) {
        uint32_t distance = text_distance(atom->name, program->relations[i].name, best);

        if (distance < best || (distance == best && nearest == DL_NO_RELATION)) {
            best = distance;
            nearest = i;
        }
    }
    if (nearest == DL_NO_RELATION)
        diag_error(checker->diags, "", atom->span,
                   "no relation '%.*s'; declare it with .decl", TEXT_ARG(atom->name));
    else
        diag_error(checker->diags, "", atom->span,
                   "no relation '%.*s'; the nearest name is '%.*s'",
                   TEXT_ARG(atom->name), TEXT_ARG(program->relations[nearest].name));
}

static bool resolve_atom(Checker *checker, Literal *atom)
{
    const DlProgram *program = checker->program;

    atom->relation = program_find_relation(program, atom->name);
    if (atom->relation == DL_NO_RELATION) {
        report_unknown_relation(checker, atom);
        return false;
    }
    const DlRelation *relation = &program->relations[atom->relation];
    if (relation->arity == atom->count)
        return true;
    Diag *diag =
        diag_add(checker->diags, "", atom->span, "'%.*s' has %u attribute%s, not %u",
                 TEXT_ARG(atom->name), relation->arity, relation->arity == 1 ? "" : "s",
                 atom->count);
    diag->related = relation->declared;
    diag->related_says = TEXT("declared here");
    return false;
}

static void resolve_head(Checker *checker, Clause *clause)
{
    if (!resolve_atom(checker, &clause->head))
        return;
    const DlRelation *relation = &checker->program->relations[clause->head.relation];
    if (!relation->is_input)
        return;
    Diag *diag = diag_add(checker->diags, "", clause->head.span,
                          "'%.*s' is an .input relation, which no clause may add to; "
                          "derive another relation",
                          TEXT_ARG(relation->name));
    diag->related = relation->declared;
    diag->related_says = TEXT("declared here");
}

/* Whether a constant pattern compiles; its place is in the rule file when the string
 * has no escapes before it. */
static void resolve_pattern(Checker *checker, Literal *literal)
{
    DlProgram *program = checker->program;
    const Term *term = argument_term(program, literal->first, 0);
    Text error;
    size_t at;

    if (term->kind != TERM_CONSTANT || term->base != DL_SYMBOL) {
        diag_error(checker->diags, "", term->span,
                   "the pattern of a match has to be written as a string");
        return;
    }
    Text text = symbol_text(program->symbols, (Symbol){term->value});
    Pattern *pattern = pattern_compile(program->arena, text, true, &error, &at);
    if (!pattern) {
        Text before = arena_copy(program->arena, text_slice(text, 0, at));

        diag_error(checker->diags, "", term->span,
                   "this pattern does not compile: %.*s, after '%.*s'", TEXT_ARG(error),
                   TEXT_ARG(before));
        return;
    }
    literal->pattern = program->npatterns;
    LIST_ADD(program->arena, program, patterns, pattern);
}

static void report_unused(Checker *checker)
{
    const DlProgram *program = checker->program;

    for (uint32_t i = 0; i < program->nrelations; i++) {
        const DlRelation *relation = &program->relations[i];

        if (relation->is_input || relation->is_output)
            continue;
        if (checker->readers[i] == 0)
            diag_error(checker->diags, "", relation->declared,
                       "nothing reads '%.*s'; read it, mark it with .output or "
                       "remove it",
                       TEXT_ARG(relation->name));
        else if (checker->readers[i] == i + 1)
            diag_error(checker->diags, "", relation->declared,
                       "only its own clauses read '%.*s'; read it elsewhere, mark it "
                       "with .output or remove it",
                       TEXT_ARG(relation->name));
    }
}

static bool is_atom(const Literal *literal)
{
    return literal->kind == LITERAL_ATOM || literal->kind == LITERAL_ABSENT;
}

void datalog_resolve(DlProgram *program, Diags *diags)
{
    Checker checker = {.program = program, .diags = diags};
    uint32_t *readers = ARENA_ARRAY(program->arena, program->nrelations, uint32_t);
    uint32_t literal = 0;

    checker.readers = readers;
    for (uint32_t i = 0; i < program->nliterals; i++) {
        if (is_atom(&program->literals[i]))
            resolve_atom(&checker, &program->literals[i]);
        else if (program->literals[i].kind == LITERAL_MATCH)
            resolve_pattern(&checker, &program->literals[i]);
    }
    /* A clause's literals, those of its counts first, end with its body. */
    for (uint32_t i = 0; i < program->nclauses; i++) {
        Clause *clause = &program->clauses[i];

        resolve_head(&checker, clause);
        for (; literal < clause->first + clause->count; literal++) {
            uint32_t relation = program->literals[literal].relation;

            if (!is_atom(&program->literals[literal]) || relation == DL_NO_RELATION)
                continue;
            if (readers[relation] == 0)
                readers[relation] = clause->head.relation + 1;
            else if (readers[relation] != clause->head.relation + 1)
                readers[relation] = UINT32_MAX;
        }
    }
    report_unused(&checker);
}

/* --- variables --- */

/* Counts how often each variable stands in a term, and notes where first. Recursion:
 * at most TERM_DEPTH. */
static void count_term(Checker *checker, uint32_t number)
{
    const DlProgram *program = checker->program;
    const Term *term = &program->terms[number];

    if (term->kind == TERM_VARIABLE) {
        if (checker->times[term->value]++ == 0)
            checker->first[term->value] = term->span;
    } else if (term->kind == TERM_COUNT) {
        for (uint32_t i = 0; i < term->count; i++) {
            const Literal *literal = &program->literals[term->first + i];

            for (uint32_t j = 0; j < literal->count; j++)
                count_term(checker, program->arguments[literal->first + j]);
        }
    } else {
        for (uint32_t i = 0; i < term->count; i++)
            count_term(checker, program->arguments[term->first + i]);
    }
}

static void count_literal(Checker *checker, const Literal *literal)
{
    for (uint32_t i = 0; i < literal->count; i++)
        count_term(checker, checker->program->arguments[literal->first + i]);
}

/* The variables of a term that stand outside its counts. Recursion: TERM_DEPTH. */
static uint64_t outer_variables(const DlProgram *program, uint32_t number)
{
    const Term *term = &program->terms[number];
    uint64_t variables = 0;

    if (term->kind == TERM_VARIABLE)
        return (uint64_t)1 << term->value;
    if (term->kind == TERM_COUNT)
        return 0;
    for (uint32_t i = 0; i < term->count; i++)
        variables |= outer_variables(program, program->arguments[term->first + i]);
    return variables;
}

static uint64_t literal_outer_variables(const DlProgram *program,
                                        const Literal *literal)
{
    uint64_t variables = 0;

    for (uint32_t i = 0; i < literal->count; i++)
        variables |= outer_variables(program, program->arguments[literal->first + i]);
    return variables;
}

/* What a literal binds, when `bound` is: an atom its plain variables, "v = term" its
 * v when the term's are bound (of a count those that also stand outside it). */
static uint64_t binds(const DlProgram *program, const Literal *literal, uint64_t bound,
                      uint64_t scope)
{
    uint64_t variables = 0;

    if (literal->kind == LITERAL_ATOM) {
        for (uint32_t i = 0; i < literal->count; i++) {
            const Term *term = argument_term(program, literal->first, i);

            if (term->kind == TERM_VARIABLE)
                variables |= (uint64_t)1 << term->value;
        }
    } else if (literal->kind == LITERAL_COMPARE &&
               literal->comparison == COMPARE_EQUAL) {
        for (uint32_t i = 0; i < 2; i++) {
            const Term *term = argument_term(program, literal->first, i);
            uint32_t other = program->arguments[literal->first + 1 - i];

            if (term->kind == TERM_VARIABLE &&
                (term_variables(program, other) & scope & ~bound) == 0)
                variables |= (uint64_t)1 << term->value;
        }
    }
    return variables;
}

static uint64_t bound_by(const DlProgram *program, uint32_t first, uint32_t count,
                         uint64_t bound, uint64_t scope)
{
    for (uint64_t before = ~bound; before != bound;) {
        before = bound;
        for (uint32_t i = 0; i < count; i++)
            bound |= binds(program, &program->literals[first + i], bound, scope);
    }
    return bound;
}

static void require_bound(Checker *checker, uint64_t variables, const char *where)
{
    uint64_t missing = variables & ~checker->bound & ~checker->reported;

    for (uint32_t i = 0; missing; i++, missing >>= 1) {
        if ((missing & 1) == 0)
            continue;
        checker->reported |= (uint64_t)1 << i;
        diag_error(checker->diags, "", checker->first[i],
                   "'%.*s' is not bound%s; let it stand in an atom without \"!\"",
                   TEXT_ARG(variable_name(checker->program, checker->clause, i)),
                   where);
    }
}

/* Wildcards stand in atoms only, each as an argument by itself. Recursion: TERM_DEPTH. */
static void check_wildcards(Checker *checker, uint32_t number, const char *where)
{
    const DlProgram *program = checker->program;
    const Term *term = &program->terms[number];

    if (term->kind == TERM_WILDCARD && where)
        diag_error(checker->diags, "", term->span,
                   "a wildcard in %s; it has no value there", where);
    if (term->kind != TERM_CALL && term->kind != TERM_AS)
        return;
    for (uint32_t i = 0; i < term->count; i++)
        check_wildcards(checker, program->arguments[term->first + i],
                        term->kind == TERM_AS ? "'as'" : "a function's argument");
}

static void check_literal(Checker *checker, const Literal *literal, uint64_t scope)
{
    const DlProgram *program = checker->program;

    for (uint32_t i = 0; i < literal->count; i++) {
        uint32_t argument = program->arguments[literal->first + i];

        check_wildcards(checker, argument,
                        is_atom(literal)                   ? NULL
                        : literal->kind == LITERAL_COMPARE ? "a comparison"
                                                           : "a test");
        if (literal->kind != LITERAL_ATOM || program->terms[argument].count)
            require_bound(checker, term_variables(program, argument) & scope, "");
    }
}

static uint32_t lowest(uint64_t variables)
{
    uint32_t i = 0;

    while ((variables >> i & 1) == 0)
        i++;
    return i;
}

/* Each function that is an atom's argument takes a variable of a plan. */
static void check_functors(Checker *checker, uint32_t first, uint32_t count, Span span)
{
    const DlProgram *program = checker->program;
    uint32_t variables = checker->clause->nvariables;

    for (uint32_t i = 0; i < count; i++) {
        const Literal *literal = &program->literals[first + i];

        for (uint32_t j = 0; literal->kind == LITERAL_ATOM && j < literal->count; j++)
            variables += argument_term(program, literal->first, j)->count != 0;
    }
    if (variables > VARIABLES_MAX)
        diag_error(checker->diags, "", span,
                   "more than %d variables and functions in the atoms of a clause",
                   VARIABLES_MAX);
}

static void check_count(Checker *checker, const Term *count, uint64_t *locals)
{
    const DlProgram *program = checker->program;
    const Clause *clause = checker->clause;
    uint64_t outside = checker->bound, here = 0;

    for (uint32_t i = 0; i < count->count; i++)
        here |= literal_variables(program, &program->literals[count->first + i]);
    require_bound(checker, here & clause->outer, " outside the count");
    here &= ~clause->outer;
    if (*locals & here)
        diag_error(checker->diags, "", count->span,
                   "'%.*s' stands in two counts and not outside them; name one of "
                   "them differently",
                   TEXT_ARG(variable_name(program, clause, lowest(*locals & here))));
    *locals |= here;
    check_functors(checker, count->first, count->count, count->span);
    checker->bound =
        bound_by(program, count->first, count->count, clause->outer, ~(uint64_t)0);
    for (uint32_t i = 0; i < count->count; i++)
        check_literal(checker, &program->literals[count->first + i], ~(uint64_t)0);
    checker->bound = outside;
}

/* Recursion: at most TERM_DEPTH; no count stands in a count. */
static void check_counts(Checker *checker, uint32_t number, uint64_t *locals)
{
    const Term *term = &checker->program->terms[number];

    if (term->kind == TERM_COUNT) {
        check_count(checker, term, locals);
        return;
    }
    for (uint32_t i = 0; i < term->count; i++)
        check_counts(checker, checker->program->arguments[term->first + i], locals);
}

static bool has_count(const DlProgram *program, uint32_t number)
{
    const Term *term = &program->terms[number];

    for (uint32_t i = 0; term->kind != TERM_COUNT && i < term->count; i++) {
        if (has_count(program, program->arguments[term->first + i]))
            return true;
    }
    return term->kind == TERM_COUNT;
}

static void check_head(Checker *checker)
{
    const DlProgram *program = checker->program;
    const Literal *head = &checker->clause->head;

    for (uint32_t i = 0; i < head->count; i++) {
        uint32_t argument = program->arguments[head->first + i];

        check_wildcards(checker, argument, "a head");
        if (has_count(program, argument))
            diag_error(checker->diags, "", program->terms[argument].span,
                       "a count in a head; give it a variable in the body");
        else
            require_bound(checker, term_variables(program, argument), "");
    }
}

static void check_once(Checker *checker)
{
    for (uint32_t i = 0; i < checker->clause->nvariables; i++) {
        Text name = variable_name(checker->program, checker->clause, i);

        if (checker->times[i] == 1 && !text_starts_with(name, TEXT("_")) &&
            (checker->reported >> i & 1) == 0)
            diag_error(checker->diags, "", checker->first[i],
                       "'%.*s' stands only here; write \"_\", or begin its name "
                       "with it",
                       TEXT_ARG(name));
    }
}

static void check_clause(Checker *checker, Clause *clause)
{
    const DlProgram *program = checker->program;
    uint64_t locals = 0;

    checker->clause = clause;
    checker->reported = 0;
    for (uint32_t i = 0; i < VARIABLES_MAX; i++)
        checker->times[i] = 0;
    count_literal(checker, &clause->head);
    clause->outer = literal_outer_variables(program, &clause->head);
    for (uint32_t i = 0; i < clause->count; i++) {
        const Literal *literal = &program->literals[clause->first + i];

        count_literal(checker, literal);
        clause->outer |= literal_outer_variables(program, literal);
    }
    checker->bound = bound_by(program, clause->first, clause->count, 0, clause->outer);
    check_head(checker);
    for (uint32_t i = 0; i < clause->count; i++) {
        const Literal *literal = &program->literals[clause->first + i];

        check_literal(checker, literal, clause->outer);
        for (uint32_t j = 0; j < literal->count; j++)
            check_counts(checker, program->arguments[literal->first + j], &locals);
    }
    for (uint32_t i = 0; i < clause->nvariables; i++)
        clause->once |= (uint64_t)(checker->times[i] == 1) << i;
    check_once(checker);
    check_functors(checker, clause->first, clause->count, clause->span);
}

void datalog_check_variables(DlProgram *program, Diags *diags)
{
    Checker checker = {.program = program, .diags = diags};

    for (uint32_t i = 0; i < program->nclauses; i++)
        check_clause(&checker, &program->clauses[i]);
}
