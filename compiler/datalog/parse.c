#include "datalog/ast.h"

#include "datalog/lex.h"

typedef struct Parser {
    DlProgram *program;
    Lexer lexer;
    Lexeme token, before;
    uint32_t first_variable; /* of the clause: in program->variable_names */
    uint32_t depth;
    bool failed; /* the statement is given up: skip to its end */
} Parser;

/* A list that is collected while others are: only then it becomes a run. */
typedef struct Collected {
    uint32_t *items;
    uint32_t count, capacity;
} Collected;

static void next(Parser *parser)
{
    parser->before = parser->token;
    parser->token = lexer_next(&parser->lexer);
}

static Span span_from(const Parser *parser, uint32_t start)
{
    uint32_t end = parser->before.end > start ? parser->before.end : start + 1;

    return (Span){parser->lexer.file, start, end};
}

static Span token_span(const Parser *parser)
{
    return (Span){parser->lexer.file, parser->token.start, parser->token.end};
}

static bool at(const Parser *parser, const char *punctuation)
{
    return parser->token.kind == LEX_PUNCTUATION &&
           text_equal(parser->token.text, text_of(punctuation));
}

static bool at_name(const Parser *parser, const char *name)
{
    return parser->token.kind == LEX_NAME &&
           text_equal(parser->token.text, text_of(name));
}

static bool take(Parser *parser, const char *punctuation)
{
    if (!at(parser, punctuation))
        return false;
    next(parser);
    return true;
}

/* Says once per statement what was expected. */
static bool fail(Parser *parser, const char *expected)
{
    if (!parser->failed) {
        if (parser->token.kind == LEX_END)
            diag_error(parser->lexer.diags, "", token_span(parser),
                       "expected %s, and the file ends", expected);
        else
            diag_error(parser->lexer.diags, "", token_span(parser),
                       "expected %s, not '%.*s'", expected,
                       TEXT_ARG(parser->token.text));
    }
    parser->failed = true;
    return false;
}

static bool expect(Parser *parser, const char *punctuation)
{
    return take(parser, punctuation) || fail(parser, punctuation);
}

static bool expect_name(Parser *parser, const char *what, Text *name)
{
    if (parser->token.kind != LEX_NAME)
        return fail(parser, what);
    *name = parser->token.text;
    next(parser);
    return true;
}

static void collect(Parser *parser, Collected *list, uint32_t item)
{
    ARRAY_GROW(parser->program->arena, list->items, list->count, list->capacity);
    list->items[list->count++] = item;
}

static uint32_t add_arguments(Parser *parser, const Collected *list)
{
    DlProgram *program = parser->program;
    uint32_t first = program->narguments;

    for (uint32_t i = 0; i < list->count; i++)
        LIST_ADD(program->arena, program, arguments, list->items[i]);
    return first;
}

static uint32_t add_term(Parser *parser, Term term)
{
    LIST_ADD(parser->program->arena, parser->program, terms, term);
    return parser->program->nterms - 1;
}

static uint32_t read_term(Parser *parser);
static void read_body(Parser *parser, uint32_t *first, uint32_t *count);

static uint32_t variable_number(Parser *parser, Text name)
{
    DlProgram *program = parser->program;
    uint32_t count = program->nvariable_names - parser->first_variable;

    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(program->variable_names[parser->first_variable + i], name))
            return i;
    }
    LIST_ADD(program->arena, program, variable_names, name);
    return count;
}

static uint32_t read_number(Parser *parser, bool negative)
{
    Text digits = parser->token.text;
    int64_t value = 0;
    Term term = {.kind = TERM_CONSTANT, .base = DL_NUMBER, .span = token_span(parser)};

    for (size_t i = 0; i < digits.len && value <= INT32_MAX; i++)
        value = value * 10 + (digits.at[i] - '0');
    if (value > (int64_t)INT32_MAX + negative)
        fail(parser, "a number of 32 bits");
    term.value = (uint32_t)(negative ? -value : value);
    next(parser);
    return add_term(parser, term);
}

/* arguments = "(" [ term ("," term)* ] ")" */
static void read_arguments(Parser *parser, uint32_t *first, uint32_t *count)
{
    Collected list = {0};

    expect(parser, "(");
    if (!parser->failed && !at(parser, ")")) {
        do
            collect(parser, &list, read_term(parser));
        while (!parser->failed && take(parser, ","));
    }
    expect(parser, ")");
    *first = add_arguments(parser, &list);
    *count = list.count;
}

/* call = functor arguments | "as" "(" term "," type ")" */
static uint32_t read_call(Parser *parser, Text name, uint32_t start)
{
    Term term = {.kind = TERM_CALL};

    if (text_equal(name, TEXT("as"))) {
        Collected list = {0};
        Text type = {0};

        expect(parser, "(");
        collect(parser, &list, read_term(parser));
        expect(parser, ",");
        expect_name(parser, "a type", &type);
        expect(parser, ")");
        term.kind = TERM_AS;
        term.first = add_arguments(parser, &list);
        term.count = 1;
        term.value = symbol_intern(parser->program->symbols, type).id;
        term.span = span_from(parser, start);
        return add_term(parser, term);
    }
    for (term.value = 0; term.value < FUNCTOR_COUNT; term.value++) {
        if (text_equal(name, text_of(functor_infos[term.value].name)))
            break;
    }
    read_arguments(parser, &term.first, &term.count);
    term.span = span_from(parser, start);
    if (term.value == FUNCTOR_COUNT) {
        if (!parser->failed)
            diag_error(parser->lexer.diags, "", term.span,
                       "'%.*s' is no function; there are cat, substr, strlen, "
                       "to_number, to_string and as",
                       TEXT_ARG(name));
        parser->failed = true;
        term.value = FUNCTOR_CAT;
    }
    return add_term(parser, term);
}

/* count = "count" ":" "{" body "}" */
static uint32_t read_count(Parser *parser, uint32_t start)
{
    Term term = {.kind = TERM_COUNT, .base = DL_NUMBER};

    expect(parser, ":");
    expect(parser, "{");
    if (!parser->failed)
        read_body(parser, &term.first, &term.count);
    expect(parser, "}");
    term.span = span_from(parser, start);
    return add_term(parser, term);
}

/* primary = variable | "_" | string | number | call | count | "(" term ")" | "-" primary */
static uint32_t read_primary(Parser *parser)
{
    uint32_t start = parser->token.start;
    Term term = {.span = token_span(parser)};

    if (parser->token.kind == LEX_STRING) {
        term.kind = TERM_CONSTANT;
        term.base = DL_SYMBOL;
        term.value = symbol_intern(parser->program->symbols, parser->token.text).id;
        next(parser);
        return add_term(parser, term);
    }
    if (parser->token.kind == LEX_NUMBER)
        return read_number(parser, false);
    if (take(parser, "(")) {
        uint32_t inner = read_term(parser);

        expect(parser, ")");
        return inner;
    }
    if (take(parser, "-")) {
        Collected list = {0};

        if (parser->token.kind == LEX_NUMBER)
            return read_number(parser, true);
        if (++parser->depth <= TERM_DEPTH)
            collect(parser, &list, read_primary(parser));
        else
            fail(parser, "a term that is nested less deeply");
        parser->depth--;
        term.kind = TERM_CALL;
        term.value = FUNCTOR_NEGATE;
        term.first = add_arguments(parser, &list);
        term.count = list.count;
        return add_term(parser, term);
    }
    Text name;
    if (!expect_name(parser, "a term", &name))
        return add_term(parser, term);
    if (text_equal(name, TEXT("_"))) {
        term.kind = TERM_WILDCARD;
        return add_term(parser, term);
    }
    if (text_equal(name, TEXT("count")) && at(parser, ":"))
        return read_count(parser, start);
    if (at(parser, "("))
        return read_call(parser, name, start);
    term.kind = TERM_VARIABLE;
    term.value = variable_number(parser, name);
    return add_term(parser, term);
}

static bool read_operator(Parser *parser, bool products, Functor *functor)
{
    static const struct {
        const char *text;
        Functor functor;
        bool is_product;
    } operators[] = {{"+", FUNCTOR_ADD, false},
                     {"-", FUNCTOR_SUBTRACT, false},
                     {"*", FUNCTOR_MULTIPLY, true},
                     {"/", FUNCTOR_DIVIDE, true},
                     {"%", FUNCTOR_REMAINDER, true}};

    for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
        if (operators[i].is_product == products && take(parser, operators[i].text)) {
            *functor = operators[i].functor;
            return true;
        }
    }
    return false;
}

/* term = product (("+" | "-") product)*; product = primary (("*" | "/" | "%") primary)* */
static uint32_t read_sum(Parser *parser, bool products)
{
    uint32_t start = parser->token.start;
    uint32_t left = products ? read_primary(parser) : read_sum(parser, true);
    Functor functor;

    while (!parser->failed && read_operator(parser, products, &functor)) {
        Collected list = {0};
        Term term = {.kind = TERM_CALL, .value = functor, .count = 2};

        collect(parser, &list, left);
        collect(parser, &list,
                products ? read_primary(parser) : read_sum(parser, true));
        term.first = add_arguments(parser, &list);
        term.span = span_from(parser, start);
        left = add_term(parser, term);
    }
    return left;
}

static uint32_t read_term(Parser *parser)
{
    uint32_t term = 0;

    if (++parser->depth > TERM_DEPTH)
        fail(parser, "a term that is nested less deeply");
    else
        term = read_sum(parser, false);
    parser->depth--;
    return term;
}

/* atom = name arguments */
static void read_atom(Parser *parser, Literal *literal)
{
    uint32_t start = parser->token.start;

    if (!expect_name(parser, "a relation", &literal->name))
        return;
    read_arguments(parser, &literal->first, &literal->count);
    literal->span = span_from(parser, start);
}

static bool read_comparison(Parser *parser, Comparison *comparison)
{
    static const struct {
        const char *text;
        Comparison comparison;
    } signs[] = {{"=", COMPARE_EQUAL},   {"!=", COMPARE_UNEQUAL},
                 {"<", COMPARE_LESS},    {"<=", COMPARE_LESS_EQUAL},
                 {">", COMPARE_GREATER}, {">=", COMPARE_GREATER_EQUAL}};

    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        if (take(parser, signs[i].text)) {
            *comparison = signs[i].comparison;
            return true;
        }
    }
    return fail(parser, "a comparison (=, !=, <, <=, >, >=)");
}

static bool is_functor(Text name)
{
    for (uint32_t i = 0; i < FUNCTOR_COUNT; i++) {
        if (text_equal(name, text_of(functor_infos[i].name)))
            return true;
    }
    return text_equal(name, TEXT("as"));
}

static bool starts_atom(const Parser *parser)
{
    Lexer ahead = parser->lexer;

    if (parser->token.kind != LEX_NAME || is_functor(parser->token.text))
        return false;
    Lexeme behind = lexer_next(&ahead);
    return behind.kind == LEX_PUNCTUATION && text_equal(behind.text, TEXT("("));
}

/* literal = ["!"] atom | "match" arguments | "contains" arguments | term sign term */
static Literal read_literal(Parser *parser)
{
    Literal literal = {.kind = LITERAL_ATOM, .relation = DL_NO_RELATION};
    uint32_t start = parser->token.start;

    if (take(parser, "!")) {
        literal.kind = LITERAL_ABSENT;
        read_atom(parser, &literal);
    } else if (at_name(parser, "match") || at_name(parser, "contains")) {
        literal.kind = at_name(parser, "match") ? LITERAL_MATCH : LITERAL_CONTAINS;
        read_atom(parser, &literal);
        if (!parser->failed && literal.count != 2)
            fail(parser, "two arguments of match or contains before this");
    } else if (starts_atom(parser)) {
        read_atom(parser, &literal);
    } else {
        Collected list = {0};

        literal.kind = LITERAL_COMPARE;
        collect(parser, &list, read_term(parser));
        if (!parser->failed && read_comparison(parser, &literal.comparison))
            collect(parser, &list, read_term(parser));
        literal.first = add_arguments(parser, &list);
        literal.count = list.count;
    }
    literal.span = span_from(parser, start);
    return literal;
}

/* body = literal ("," literal)* */
static void read_body(Parser *parser, uint32_t *first, uint32_t *count)
{
    DlProgram *program = parser->program;
    Literal *list = ARENA_ARRAY(program->arena, BODY_MAX, Literal);

    *count = 0;
    do {
        if (*count == BODY_MAX) {
            fail(parser, "at most 64 literals in a body");
            break;
        }
        list[(*count)++] = read_literal(parser);
    } while (!parser->failed && take(parser, ","));
    *first = program->nliterals;
    for (uint32_t i = 0; i < *count; i++)
        LIST_ADD(program->arena, program, literals, list[i]);
}

/* clause = atom [":-" body] "." */
static void read_clause(Parser *parser)
{
    DlProgram *program = parser->program;
    Clause clause = {0};
    uint32_t start = parser->token.start;

    parser->first_variable = program->nvariable_names;
    clause.variables = program->nvariable_names;
    clause.head.relation = DL_NO_RELATION;
    read_atom(parser, &clause.head);
    if (!parser->failed && take(parser, ":-"))
        read_body(parser, &clause.first, &clause.count);
    if (!parser->failed)
        expect(parser, ".");
    clause.nvariables = program->nvariable_names - clause.variables;
    clause.span = span_from(parser, start);
    if (clause.nvariables > VARIABLES_MAX)
        diag_error(parser->lexer.diags, "", clause.span,
                   "more than 64 variables in a clause");
    else if (!parser->failed)
        LIST_ADD(program->arena, program, clauses, clause);
}

static uint32_t find_type(const DlProgram *program, Text name)
{
    for (uint32_t i = 0; i < program->ntypes; i++) {
        if (text_equal(program->types[i].name, name))
            return i;
    }
    return DL_NO_RELATION;
}

static bool expect_type(Parser *parser, uint32_t *type)
{
    Text name;
    Span span = token_span(parser);

    if (!expect_name(parser, "a type", &name))
        return false;
    *type = find_type(parser->program, name);
    if (*type != DL_NO_RELATION)
        return true;
    parser->failed = true;
    return diag_error(parser->lexer.diags, "", span,
                      "no type '%.*s'; declare it above with .type", TEXT_ARG(name));
}

/* ".type" name "<:" type */
static void read_type(Parser *parser)
{
    Type type = {.span = token_span(parser)};

    if (!expect_name(parser, "a name", &type.name) || !expect(parser, "<:") ||
        !expect_type(parser, &type.parent))
        return;
    type.base = parser->program->types[type.parent].base;
    if (find_type(parser->program, type.name) != DL_NO_RELATION)
        diag_error(parser->lexer.diags, "", type.span,
                   "the type '%.*s' is declared twice", TEXT_ARG(type.name));
    else
        LIST_ADD(parser->program->arena, parser->program, types, type);
}

/* ".decl" name "(" [ name ":" type ("," name ":" type)* ] ")" */
static void read_declaration(Parser *parser)
{
    DlProgram *program = parser->program;
    DlAttribute *attributes = ARENA_ARRAY(program->arena, ARITY_MAX, DlAttribute);
    uint32_t types[ARITY_MAX];
    DlRelation relation = {.attributes = attributes, .declared = token_span(parser)};

    if (!expect_name(parser, "a relation's name", &relation.name) ||
        !expect(parser, "("))
        return;
    while (!at(parser, ")")) {
        uint32_t *type = &types[relation.arity];

        if (relation.arity == ARITY_MAX) {
            fail(parser, "at most 16 attributes");
            return;
        }
        DlAttribute *attribute = &attributes[relation.arity++];
        if (!expect_name(parser, "an attribute", &attribute->name) ||
            !expect(parser, ":") || !expect_type(parser, type))
            return;
        attribute->type = program->types[*type].name;
        attribute->base = program->types[*type].base;
        if (!take(parser, ","))
            break;
    }
    if (!expect(parser, ")"))
        return;
    if (program_find_relation(program, relation.name) != DL_NO_RELATION) {
        diag_error(parser->lexer.diags, "", relation.declared,
                   "the relation '%.*s' is declared twice", TEXT_ARG(relation.name));
        return;
    }
    if (program->nrelations == RELATIONS_MAX) {
        diag_error(parser->lexer.diags, "", relation.declared,
                   "more than 4096 relations");
        return;
    }
    uint32_t name = symbol_intern(program->symbols, relation.name).id;
    while (program->nby_name <= name) {
        uint32_t larger = program->nby_name ? program->nby_name * 2 : 256;
        uint32_t *by_name = ARENA_ARRAY(program->arena, larger, uint32_t);

        for (uint32_t i = 0; i < program->nby_name; i++)
            by_name[i] = program->by_name[i];
        program->by_name = by_name;
        program->nby_name = larger;
    }
    LIST_ADD(program->arena, program, first_type, program->nattribute_types);
    for (uint32_t i = 0; i < relation.arity; i++)
        LIST_ADD(program->arena, program, attribute_types, types[i]);
    LIST_ADD(program->arena, program, relations, relation);
    program->by_name[name] = program->nrelations;
}

/* ".input" name ("," name)*, and the same of ".output" */
static void read_marks(Parser *parser, bool is_input)
{
    do {
        Span span = token_span(parser);
        Text name;

        if (!expect_name(parser, "a relation", &name))
            return;
        uint32_t relation = program_find_relation(parser->program, name);
        if (relation == DL_NO_RELATION) {
            diag_error(parser->lexer.diags, "", span,
                       "no relation '%.*s'; declare it above with .decl",
                       TEXT_ARG(name));
            continue;
        }
        if (is_input)
            parser->program->relations[relation].is_input = true;
        else
            parser->program->relations[relation].is_output = true;
    } while (take(parser, ","));
}

static void read_statement(Parser *parser)
{
    Text directive = parser->token.text;

    if (parser->token.kind == LEX_NAME) {
        read_clause(parser);
        return;
    }
    if (parser->token.kind != LEX_DIRECTIVE) {
        fail(parser, "a clause, or a directive such as .decl");
        return;
    }
    bool known = true;
    next(parser);
    if (text_equal(directive, TEXT(".type")))
        read_type(parser);
    else if (text_equal(directive, TEXT(".decl")))
        read_declaration(parser);
    else if (text_equal(directive, TEXT(".input")))
        read_marks(parser, true);
    else if (text_equal(directive, TEXT(".output")))
        read_marks(parser, false);
    else
        known = false;
    if (!known) {
        diag_error(parser->lexer.diags, "", span_from(parser, parser->before.start),
                   "'%.*s' is not of this language; there are .type, .decl, .input and "
                   ".output",
                   TEXT_ARG(directive));
        parser->failed = true;
    }
}

/* Up to the next statement: behind a ".", or at a directive. */
static void resynchronise(Parser *parser)
{
    while (parser->token.kind != LEX_END && parser->token.kind != LEX_DIRECTIVE) {
        bool is_end = at(parser, ".");

        next(parser);
        if (is_end)
            return;
    }
}

void datalog_parse(DlProgram *program, uint32_t file, Diags *diags)
{
    Parser parser = {.program = program};

    parser.lexer = (Lexer){.arena = program->arena,
                           .diags = diags,
                           .file = file,
                           .bytes = source_bytes(program->sources, file)};
    next(&parser);
    while (parser.token.kind != LEX_END) {
        uint32_t start = parser.token.start;

        parser.failed = false;
        read_statement(&parser);
        if (parser.failed && parser.token.start == start)
            next(&parser);
        if (parser.failed)
            resynchronise(&parser);
    }
}
