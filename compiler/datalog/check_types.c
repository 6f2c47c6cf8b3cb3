/* Types: as Souffle has them, a variable is of the narrowest type among those of the
 * atoms that bind it, and fits where that type or one above it is asked for. */
#include "datalog/ast.h"

/* Beside the numbers of types: what constants are, which fits every type of the base,
 * and what is not known (yet, or since an error was reported). */
enum { OF_SYMBOL = TYPES_MAX, OF_NUMBER, OF_ANY };

typedef struct Checker {
    DlProgram *program;
    Diags *diags;
    const Clause *clause;
    uint32_t types[VARIABLES_MAX];
    bool changed;
} Checker;

static DlBase base_of(const Checker *checker, uint32_t type)
{
    if (type >= TYPES_MAX)
        return type == OF_SYMBOL ? DL_SYMBOL : DL_NUMBER;
    return checker->program->types[type].base;
}

static Text type_name(const Checker *checker, uint32_t type)
{
    if (type >= TYPES_MAX)
        return type == OF_SYMBOL ? TEXT("a string") : TEXT("a number");
    return checker->program->types[type].name;
}

static uint32_t type_of_base(DlBase base)
{
    return base == DL_SYMBOL ? TYPE_SYMBOL : TYPE_NUMBER;
}

/* The narrower of two types; false when no cell is of both. */
static bool meet(const Checker *checker, uint32_t left, uint32_t right, uint32_t *type)
{
    *type = left;
    if (right == OF_ANY || left == right)
        return true;
    *type = right;
    if (left == OF_ANY)
        return true;
    if (base_of(checker, left) != base_of(checker, right))
        return false;
    if (left >= TYPES_MAX)
        return true;
    if (right >= TYPES_MAX || type_is_subtype(checker->program, left, right)) {
        *type = left;
        return true;
    }
    return type_is_subtype(checker->program, right, left);
}

/* What a term is, without a look at its arguments. */
static uint32_t type_of(const Checker *checker, const Term *term)
{
    switch (term->kind) {
    case TERM_VARIABLE:
        return checker->types[term->value];
    case TERM_WILDCARD:
        return OF_ANY;
    case TERM_CONSTANT:
        return term->base == DL_SYMBOL ? OF_SYMBOL : OF_NUMBER;
    case TERM_CALL:
        return type_of_base(functor_infos[term->value].gives);
    case TERM_AS:
        return term->value;
    case TERM_COUNT:
        return TYPE_NUMBER;
    }
    return OF_ANY;
}

static void narrow(Checker *checker, const Term *variable, uint32_t type)
{
    uint32_t *of = &checker->types[variable->value], narrower;

    if (!meet(checker, *of, type, &narrower)) {
        Text name = variable_name(checker->program, checker->clause, variable->value);

        diag_error(checker->diags, "", variable->span,
                   "'%.*s' is %.*s elsewhere and cannot be %.*s here; write as(%.*s, "
                   "...) where they are to be compared",
                   TEXT_ARG(name), TEXT_ARG(type_name(checker, *of)),
                   TEXT_ARG(type_name(checker, type)), TEXT_ARG(name));
        narrower = *of;
    }
    checker->changed |= narrower != *of;
    *of = narrower;
}

typedef void (*LiteralVisitor)(Checker *checker, Literal *literal);

static void visit_literals(Checker *checker, uint32_t first, uint32_t count,
                           LiteralVisitor visit);

/* The bodies of counts. Recursion: at most TERM_DEPTH; no count stands in a count. */
static void visit_counts(Checker *checker, uint32_t number, LiteralVisitor visit)
{
    const Term *term = &checker->program->terms[number];

    if (term->kind == TERM_COUNT) {
        visit_literals(checker, term->first, term->count, visit);
        return;
    }
    for (uint32_t i = 0; i < term->count; i++)
        visit_counts(checker, checker->program->arguments[term->first + i], visit);
}

static void visit_literals(Checker *checker, uint32_t first, uint32_t count,
                           LiteralVisitor visit)
{
    const DlProgram *program = checker->program;

    for (uint32_t i = 0; i < count; i++) {
        Literal *literal = &program->literals[first + i];

        visit(checker, literal);
        for (uint32_t j = 0; j < literal->count; j++)
            visit_counts(checker, program->arguments[literal->first + j], visit);
    }
}

static void infer_from_atom(Checker *checker, Literal *literal)
{
    const DlProgram *program = checker->program;

    for (uint32_t i = 0; literal->kind == LITERAL_ATOM && i < literal->count; i++) {
        const Term *term = argument_term(program, literal->first, i);

        if (term->kind == TERM_VARIABLE)
            narrow(checker, term, attribute_type(program, literal->relation, i));
    }
}

static void infer_from_equality(Checker *checker, Literal *literal)
{
    if (literal->kind != LITERAL_COMPARE || literal->comparison != COMPARE_EQUAL)
        return;
    for (uint32_t i = 0; i < 2; i++) {
        const Term *term = argument_term(checker->program, literal->first, i);
        const Term *other = argument_term(checker->program, literal->first, 1 - i);
        uint32_t type = type_of(checker, other), both;

        /* What can never be met is reported once, by check_literal. */
        if (term->kind == TERM_VARIABLE &&
            meet(checker, checker->types[term->value], type, &both))
            narrow(checker, term, type);
    }
}

static void check_base(Checker *checker, const Term *term, DlBase base,
                       const char *where)
{
    uint32_t type = type_of(checker, term);

    if (type != OF_ANY && base_of(checker, type) != base)
        diag_error(checker->diags, "", term->span, "%s takes a %s, not %.*s", where,
                   base == DL_SYMBOL ? "symbol" : "number",
                   TEXT_ARG(type_name(checker, type)));
}

static void check_call(Checker *checker, const Term *term)
{
    const DlProgram *program = checker->program;
    const FunctorInfo *info = &functor_infos[term->value];

    if (term->count < info->least || term->count > info->most)
        diag_error(checker->diags, "", term->span,
                   "'%.*s' takes %u%s argument%s, not %u", TEXT_ARG(info->name),
                   info->least, info->least < info->most ? " or more" : "",
                   info->least == 1 ? "" : "s", term->count);
    for (uint32_t i = 0; i < term->count; i++)
        check_base(checker, argument_term(program, term->first, i),
                   i && term->value == FUNCTOR_SUBSTR ? DL_NUMBER : info->takes,
                   arena_format(program->arena, "'%.*s'", TEXT_ARG(info->name)).at);
}

/* Recursion: at most TERM_DEPTH. */
static void check_term(Checker *checker, uint32_t number)
{
    const DlProgram *program = checker->program;
    const Term *term = &program->terms[number];

    if (term->kind == TERM_CALL)
        check_call(checker, term);
    else if (term->kind == TERM_AS)
        check_base(checker, argument_term(program, term->first, 0),
                   program->types[term->value].base, "this 'as'");
    else
        return;
    for (uint32_t i = 0; i < term->count; i++)
        check_term(checker, program->arguments[term->first + i]);
}

static void check_atom(Checker *checker, const Literal *atom)
{
    const DlProgram *program = checker->program;

    for (uint32_t i = 0; i < atom->count; i++) {
        const Term *term = argument_term(program, atom->first, i);
        uint32_t wanted = attribute_type(program, atom->relation, i);
        uint32_t type = type_of(checker, term), narrower;

        if (term->kind == TERM_VARIABLE && atom->kind == LITERAL_ATOM &&
            atom != &checker->clause->head)
            continue; /* it has been narrowed */
        bool fits = type >= TYPES_MAX ? meet(checker, type, wanted, &narrower)
                                      : type_is_subtype(program, type, wanted);
        if (fits)
            continue;
        Diag *diag =
            diag_add(checker->diags, "", term->span,
                     "'%.*s' of '%.*s' is %.*s, and this is %.*s%s",
                     TEXT_ARG(program->relations[atom->relation].attributes[i].name),
                     TEXT_ARG(atom->name), TEXT_ARG(type_name(checker, wanted)),
                     TEXT_ARG(type_name(checker, type)),
                     base_of(checker, type) == base_of(checker, wanted)
                         ? "; write as(..., T) if it is meant"
                         : "");
        diag->related = program->relations[atom->relation].declared;
        diag->related_says = TEXT("declared here");
    }
}

static void check_comparison(Checker *checker, Literal *literal)
{
    const Term *left = argument_term(checker->program, literal->first, 0);
    const Term *right = argument_term(checker->program, literal->first, 1);
    uint32_t types[] = {type_of(checker, left), type_of(checker, right)}, both;

    if (types[0] == OF_ANY || types[1] == OF_ANY)
        return;
    literal->base = base_of(checker, types[0]);
    bool comparable = literal->comparison == COMPARE_EQUAL
                          ? meet(checker, types[0], types[1], &both)
                          : base_of(checker, types[0]) == base_of(checker, types[1]);

    if (!comparable)
        diag_error(checker->diags, "", literal->span,
                   "%.*s and %.*s cannot be compared",
                   TEXT_ARG(type_name(checker, types[0])),
                   TEXT_ARG(type_name(checker, types[1])));
}

static void check_literal(Checker *checker, Literal *literal)
{
    const DlProgram *program = checker->program;

    for (uint32_t i = 0; i < literal->count; i++)
        check_term(checker, program->arguments[literal->first + i]);
    switch (literal->kind) {
    case LITERAL_ATOM:
    case LITERAL_ABSENT:
        check_atom(checker, literal);
        return;
    case LITERAL_COMPARE:
        check_comparison(checker, literal);
        return;
    case LITERAL_MATCH:
    case LITERAL_CONTAINS:
        for (uint32_t i = 0; i < 2; i++)
            check_base(checker, argument_term(program, literal->first, i), DL_SYMBOL,
                       literal->kind == LITERAL_MATCH ? "'match'" : "'contains'");
        return;
    }
}

static void check_clause(Checker *checker, Clause *clause)
{
    checker->clause = clause;
    for (uint32_t i = 0; i < VARIABLES_MAX; i++)
        checker->types[i] = OF_ANY;
    visit_literals(checker, clause->first, clause->count, infer_from_atom);
    do {
        checker->changed = false;
        visit_literals(checker, clause->first, clause->count, infer_from_equality);
    } while (checker->changed);
    check_literal(checker, &clause->head);
    visit_literals(checker, clause->first, clause->count, check_literal);
}

void datalog_check_types(DlProgram *program, Diags *diags)
{
    Checker checker = {.program = program, .diags = diags};

    for (uint32_t i = 0; i < program->nclauses; i++)
        check_clause(&checker, &program->clauses[i]);
}
