#include "datalog/parse.h"

/* A list that is collected while others are: only then it becomes a run. */
typedef struct Collected {
    uint32_t *items;
    uint32_t count, capacity;
} Collected;

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

/* A term with arguments, which lies one deeper than the deepest of them. */
static uint32_t add_call(Parser *parser, Term term, const Collected *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t depth = parser->program->terms[list->items[i]].depth + 1;

        term.depth = depth > term.depth ? depth : term.depth;
    }
    if (term.depth > TERM_DEPTH)
        parser_fail(parser, "a term that is nested less deeply");
    term.first = add_arguments(parser, list);
    term.count = list->count;
    return add_term(parser, term);
}

static uint32_t read_term(Parser *parser);

static uint32_t variable_number(Parser *parser, Text name)
{
    DlProgram *program = parser->program;
    uint32_t count = program->nvariable_names - parser->first_variable;

    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(program->variable_names[parser->first_variable + i], name))
            return i;
    }
    if (count == VARIABLES_MAX) {
        parser_fail(parser, "at most 64 variables in a clause");
        return 0;
    }
    LIST_ADD(program->arena, program, variable_names, name);
    return count;
}

static uint32_t read_number(Parser *parser, bool negative)
{
    Text digits = parser->token.text;
    int64_t value = 0;
    Term term = {.kind = TERM_CONSTANT, .base = DL_NUMBER};

    term.span = parser_token_span(parser);
    for (size_t i = 0; i < digits.len && value <= (int64_t)INT32_MAX + 1; i++)
        value = value * 10 + (digits.at[i] - '0');
    if (value > (int64_t)INT32_MAX + negative) {
        parser_fail(parser, "a number of 32 bits");
        value = 0;
    }
    term.value = (uint32_t)(negative ? -value : value);
    parser_next(parser);
    return add_term(parser, term);
}

/* arguments = "(" [ term ("," term)* ] ")" */
static void collect_arguments(Parser *parser, Collected *list)
{
    parser_expect(parser, "(");
    if (!parser->failed && !parser_at(parser, ")")) {
        do {
            if (list->count == ARITY_MAX)
                parser_fail(parser, "at most 16 arguments");
            else
                collect(parser, list, read_term(parser));
        } while (!parser->failed && parser_take(parser, ","));
    }
    parser_expect(parser, ")");
}

/* as = "as" "(" term "," type ")" */
static uint32_t read_as(Parser *parser, uint32_t start)
{
    Term term = {.kind = TERM_AS};
    Collected list = {0};

    parser_expect(parser, "(");
    collect(parser, &list, read_term(parser));
    if (parser_expect(parser, ",") && parser_expect_type(parser, &term.value))
        parser_expect(parser, ")");
    term.span = parser_span_from(parser, start);
    return add_call(parser, term, &list);
}

static bool find_functor(Text name, uint32_t *functor)
{
    for (*functor = 0; *functor < FUNCTOR_COUNT; ++*functor) {
        if (text_equal(name, functor_infos[*functor].name))
            return true;
    }
    return false;
}

/* call = functor arguments */
static uint32_t read_call(Parser *parser, Text name, uint32_t start)
{
    Term term = {.kind = TERM_CALL};
    Collected list = {0};

    if (!find_functor(name, &term.value)) {
        if (!parser->failed)
            diag_error(parser->lexer.diags, "", parser_span_from(parser, start),
                       "'%.*s' is no function; there are cat, substr, strlen, "
                       "to_number, to_string and as",
                       TEXT_ARG(name));
        parser->failed = true;
        return add_term(parser, (Term){.kind = TERM_WILDCARD});
    }
    collect_arguments(parser, &list);
    term.span = parser_span_from(parser, start);
    return add_call(parser, term, &list);
}

/* count = "count" ":" "{" body "}" */
static uint32_t read_count(Parser *parser, uint32_t start)
{
    Term term = {.kind = TERM_COUNT, .base = DL_NUMBER};

    if (parser->in_count && !parser->failed)
        parser->failed =
            !diag_error(parser->lexer.diags, "", parser_span_from(parser, start),
                        "a count inside a count; give the inner one a "
                        "relation of its own");
    parser->in_count = true;
    parser_expect(parser, ":");
    parser_expect(parser, "{");
    if (!parser->failed)
        parse_body(parser, &term.first, &term.count);
    parser_expect(parser, "}");
    parser->in_count = false;
    term.span = parser_span_from(parser, start);
    return add_term(parser, term);
}

static uint32_t read_string(Parser *parser)
{
    Term term = {.kind = TERM_CONSTANT, .base = DL_SYMBOL};

    term.span = parser_token_span(parser);
    term.value = symbol_intern(parser->program->symbols, parser->token.text).id;
    parser_next(parser);
    return add_term(parser, term);
}

static uint32_t read_primary(Parser *parser);

/* negation = "-" primary ; "-" before a number belongs to it */
static uint32_t read_negation(Parser *parser, uint32_t start)
{
    Term term = {.kind = TERM_CALL, .value = FUNCTOR_NEGATE};
    Collected list = {0};

    if (parser->token.kind == LEX_NUMBER)
        return read_number(parser, true);
    if (++parser->depth <= TERM_DEPTH)
        collect(parser, &list, read_primary(parser));
    else
        parser_fail(parser, "a term that is nested less deeply");
    parser->depth--;
    term.span = parser_span_from(parser, start);
    return add_call(parser, term, &list);
}

/* primary = variable | "_" | string | number | call | as | count | "(" term ")"
 *         | negation */
static uint32_t read_primary(Parser *parser)
{
    uint32_t start = parser->token.start;
    Term term = {.kind = TERM_WILDCARD, .span = parser_token_span(parser)};
    Text name = parser->token.text;

    if (parser->token.kind == LEX_STRING)
        return read_string(parser);
    if (parser->token.kind == LEX_NUMBER)
        return read_number(parser, false);
    if (parser_take(parser, "(")) {
        uint32_t inner = read_term(parser);

        parser_expect(parser, ")");
        return inner;
    }
    if (parser_take(parser, "-"))
        return read_negation(parser, start);
    if (parser->token.kind != LEX_NAME) {
        parser_fail(parser, "a term");
        return add_term(parser, term);
    }
    if (text_equal(name, TEXT("_"))) {
        parser_next(parser);
        return add_term(parser, term);
    }
    if (text_equal(name, TEXT("count"))) {
        parser_next(parser);
        return read_count(parser, start);
    }
    uint32_t functor;
    bool is_as = text_equal(name, TEXT("as"));
    if (is_as || find_functor(name, &functor) ||
        (parser->ahead.kind == LEX_PUNCTUATION &&
         text_equal(parser->ahead.text, TEXT("(")))) {
        parser_next(parser);
        return is_as ? read_as(parser, start) : read_call(parser, name, start);
    }
    if (!parser_expect_name(parser, "a term", &name))
        return add_term(parser, term);
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
        if (operators[i].is_product == products &&
            parser_take(parser, operators[i].text)) {
            *functor = operators[i].functor;
            return true;
        }
    }
    return false;
}

/* term = product (("+" | "-") product)* ; product = primary (("*" | "/" | "%") primary)* */
static uint32_t read_sum(Parser *parser, bool products)
{
    uint32_t start = parser->token.start;
    uint32_t left = products ? read_primary(parser) : read_sum(parser, true);
    Functor functor;

    while (!parser->failed && read_operator(parser, products, &functor)) {
        Collected list = {0};
        Term term = {.kind = TERM_CALL, .value = functor};

        collect(parser, &list, left);
        collect(parser, &list,
                products ? read_primary(parser) : read_sum(parser, true));
        term.span = parser_span_from(parser, start);
        left = add_call(parser, term, &list);
    }
    return left;
}

static uint32_t read_term(Parser *parser)
{
    uint32_t term = 0;

    if (++parser->depth > TERM_DEPTH) {
        parser_fail(parser, "a term that is nested less deeply");
        term = add_term(parser, (Term){.kind = TERM_WILDCARD});
    } else {
        term = read_sum(parser, false);
    }
    parser->depth--;
    return term;
}

/* The arguments of an atom, whose name has been read. */
static void read_arguments(Parser *parser, uint32_t start, Literal *literal)
{
    Collected list = {0};

    collect_arguments(parser, &list);
    literal->first = add_arguments(parser, &list);
    literal->count = list.count;
    literal->span = parser_span_from(parser, start);
}

/* atom = name arguments */
void parse_atom(Parser *parser, Literal *literal)
{
    uint32_t start = parser->token.start;

    if (parser_expect_name(parser, "a relation", &literal->name))
        read_arguments(parser, start, literal);
}

static bool read_sign(Parser *parser, Comparison *comparison)
{
    static const struct {
        const char *text;
        Comparison comparison;
    } signs[] = {{"=", COMPARE_EQUAL},   {"!=", COMPARE_UNEQUAL},
                 {"<", COMPARE_LESS},    {"<=", COMPARE_LESS_EQUAL},
                 {">", COMPARE_GREATER}, {">=", COMPARE_GREATER_EQUAL}};

    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        if (parser_take(parser, signs[i].text)) {
            *comparison = signs[i].comparison;
            return true;
        }
    }
    return parser_fail(parser, "a comparison (=, !=, <, <=, > or >=)");
}

/* test = ("match" | "contains") "(" term "," term ")" */
static void read_test(Parser *parser, Literal *literal)
{
    uint32_t start = parser->token.start;
    bool is_match = text_equal(parser->token.text, TEXT("match"));

    literal->kind = is_match ? LITERAL_MATCH : LITERAL_CONTAINS;
    literal->name = parser->token.text;
    parser_next(parser);
    read_arguments(parser, start, literal);
    if (parser->failed || literal->count == 2)
        return;
    parser->failed = true;
    diag_error(parser->lexer.diags, "", literal->span,
               is_match ? "match takes a pattern and a text"
                        : "contains takes a part and a whole");
}

/* comparison = term sign term */
static void read_comparison(Parser *parser, Literal *literal)
{
    Collected list = {0};

    literal->kind = LITERAL_COMPARE;
    collect(parser, &list, read_term(parser));
    if (!parser->failed && read_sign(parser, &literal->comparison))
        collect(parser, &list, read_term(parser));
    literal->first = add_arguments(parser, &list);
    literal->count = list.count;
}

static bool starts_atom(const Parser *parser)
{
    uint32_t functor;

    return parser->token.kind == LEX_NAME &&
           !text_equal(parser->token.text, TEXT("as")) &&
           !find_functor(parser->token.text, &functor) &&
           parser->ahead.kind == LEX_PUNCTUATION &&
           text_equal(parser->ahead.text, TEXT("("));
}

static bool starts_test(const Parser *parser)
{
    return parser->token.kind == LEX_NAME &&
           (text_equal(parser->token.text, TEXT("match")) ||
            text_equal(parser->token.text, TEXT("contains")));
}

/* literal = ["!"] (atom | test) | comparison */
static Literal read_literal(Parser *parser)
{
    Literal literal = {.kind = LITERAL_ATOM, .relation = DL_NO_RELATION};
    uint32_t start = parser->token.start;
    bool negated = parser_take(parser, "!");

    if (starts_test(parser)) {
        literal.negated = negated;
        read_test(parser, &literal);
    } else if (negated || starts_atom(parser)) {
        literal.kind = negated ? LITERAL_ABSENT : LITERAL_ATOM;
        parse_atom(parser, &literal);
    } else {
        read_comparison(parser, &literal);
    }
    literal.span = parser_span_from(parser, start);
    return literal;
}

/* body = literal ("," literal)* ; a count's literals come to lie before those around it */
void parse_body(Parser *parser, uint32_t *first, uint32_t *count)
{
    DlProgram *program = parser->program;
    Literal *list = NULL;
    uint32_t nlist = 0, capacity = 0;

    do {
        if (nlist == BODY_MAX) {
            parser_fail(parser, "at most 64 literals in a body");
            break;
        }
        Literal literal = read_literal(parser);
        ARRAY_GROW(program->arena, list, nlist, capacity);
        list[nlist++] = literal;
    } while (!parser->failed && parser_take(parser, ","));
    *first = program->nliterals;
    *count = nlist;
    for (uint32_t i = 0; i < nlist; i++)
        LIST_ADD(program->arena, program, literals, list[i]);
}
