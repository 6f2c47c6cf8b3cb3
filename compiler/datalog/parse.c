#include "datalog/parse.h"

void parser_next(Parser *parser)
{
    parser->before = parser->token;
    parser->token = parser->ahead;
    parser->ahead = lexer_next(&parser->lexer);
}

Span parser_span_from(const Parser *parser, uint32_t start)
{
    uint32_t end = parser->before.end > start ? parser->before.end : start + 1;

    return (Span){parser->lexer.file, start, end};
}

Span parser_token_span(const Parser *parser)
{
    return (Span){parser->lexer.file, parser->token.start, parser->token.end};
}

bool parser_at(const Parser *parser, const char *punctuation)
{
    return parser->token.kind == LEX_PUNCTUATION &&
           text_equal(parser->token.text, text_of(punctuation));
}

bool parser_take(Parser *parser, const char *punctuation)
{
    if (!parser_at(parser, punctuation))
        return false;
    parser_next(parser);
    return true;
}

static void fail(Parser *parser, const char *quote, const char *expected)
{
    if (!parser->failed && parser->token.kind == LEX_END)
        diag_error(parser->lexer.diags, "", parser_token_span(parser),
                   "expected %s%s%s, and the file ends", quote, expected, quote);
    else if (!parser->failed)
        diag_error(parser->lexer.diags, "", parser_token_span(parser),
                   "expected %s%s%s, not '%.*s'", quote, expected, quote,
                   TEXT_ARG(parser->token.text));
    parser->failed = true;
}

bool parser_fail(Parser *parser, const char *expected)
{
    fail(parser, "", expected);
    return false;
}

bool parser_expect(Parser *parser, const char *punctuation)
{
    if (!parser->failed && parser_take(parser, punctuation))
        return true;
    fail(parser, "'", punctuation);
    return false;
}

/* The words that Souffle 2.5 keeps for itself. */
static bool is_reserved(Text name)
{
    static const Text words[] = {
        TEXT_INIT("as"),        TEXT_INIT("autoinc"),   TEXT_INIT("band"),
        TEXT_INIT("bnot"),      TEXT_INIT("bor"),       TEXT_INIT("brie"),
        TEXT_INIT("bshl"),      TEXT_INIT("bshr"),      TEXT_INIT("bshru"),
        TEXT_INIT("btree"),     TEXT_INIT("bxor"),      TEXT_INIT("btree_delete"),
        TEXT_INIT("cat"),       TEXT_INIT("contains"),  TEXT_INIT("count"),
        TEXT_INIT("eqrel"),     TEXT_INIT("false"),     TEXT_INIT("fold"),
        TEXT_INIT("inline"),    TEXT_INIT("input"),     TEXT_INIT("land"),
        TEXT_INIT("lnot"),      TEXT_INIT("lor"),       TEXT_INIT("lxor"),
        TEXT_INIT("magic"),     TEXT_INIT("match"),     TEXT_INIT("max"),
        TEXT_INIT("mean"),      TEXT_INIT("min"),       TEXT_INIT("nil"),
        TEXT_INIT("no_inline"), TEXT_INIT("no_magic"),  TEXT_INIT("ord"),
        TEXT_INIT("output"),    TEXT_INIT("printsize"), TEXT_INIT("overridable"),
        TEXT_INIT("range"),     TEXT_INIT("stateful"),  TEXT_INIT("strlen"),
        TEXT_INIT("substr"),    TEXT_INIT("sum"),       TEXT_INIT("true"),
        TEXT_INIT("to_float"),  TEXT_INIT("to_number"), TEXT_INIT("to_string"),
        TEXT_INIT("__FILE__"),  TEXT_INIT("__LINE__"),  TEXT_INIT("to_unsigned"),
        TEXT_INIT("__INCL__"),  TEXT_INIT("_"),         TEXT_INIT("__ITERATION__"),
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (text_equal(name, words[i]))
            return true;
    }
    return false;
}

bool parser_expect_name(Parser *parser, const char *what, Text *name)
{
    if (parser->token.kind != LEX_NAME || parser->failed)
        return parser_fail(parser, what);
    *name = parser->token.text;
    if (is_reserved(*name)) {
        parser->failed = true;
        return diag_error(parser->lexer.diags, "", parser_token_span(parser),
                          "'%.*s' is a word of the language; choose another name",
                          TEXT_ARG(*name));
    }
    parser_next(parser);
    return true;
}

bool parser_expect_type(Parser *parser, uint32_t *type)
{
    Text name;
    Span span = parser_token_span(parser);

    if (!parser_expect_name(parser, "a type", &name))
        return false;
    *type = program_find_type(parser->program, name);
    if (*type != DL_NO_RELATION)
        return true;
    *type = TYPE_SYMBOL;
    parser->failed = true;
    return diag_error(parser->lexer.diags, "", span,
                      "no type '%.*s'; declare it above with .type", TEXT_ARG(name));
}

/* clause = atom [":-" body] "." */
static void read_clause(Parser *parser)
{
    DlProgram *program = parser->program;
    Clause clause = {0};
    uint32_t start = parser->token.start;

    parser->first_variable = program->nvariable_names;
    parser->in_count = false;
    clause.variables = program->nvariable_names;
    clause.head.relation = DL_NO_RELATION;
    parse_atom(parser, &clause.head);
    if (!parser->failed && parser_take(parser, ":-"))
        parse_body(parser, &clause.first, &clause.count);
    if (!parser->failed)
        parser_expect(parser, ".");
    clause.nvariables = program->nvariable_names - clause.variables;
    clause.span = parser_span_from(parser, start);
    if (!parser->failed)
        LIST_ADD(program->arena, program, clauses, clause);
}

/* type = ".type" name "<:" type */
static void read_type(Parser *parser)
{
    DlProgram *program = parser->program;
    Type type = {.span = parser_token_span(parser)};

    if (!parser_expect_name(parser, "a name", &type.name) ||
        !parser_expect(parser, "<:") || !parser_expect_type(parser, &type.parent))
        return;
    type.base = program->types[type.parent].base;
    if (program_find_type(program, type.name) != DL_NO_RELATION)
        diag_error(parser->lexer.diags, "", type.span,
                   "the type '%.*s' is declared twice", TEXT_ARG(type.name));
    else if (program->ntypes == TYPES_MAX)
        diag_error(parser->lexer.diags, "", type.span, "more than %d types", TYPES_MAX);
    else
        LIST_ADD(program->arena, program, types, type);
}

static void add_relation(Parser *parser, DlRelation relation, const uint32_t *types)
{
    DlProgram *program = parser->program;
    Diags *diags = parser->lexer.diags;

    if (program_find_relation(program, relation.name) != DL_NO_RELATION) {
        diag_error(diags, "", relation.declared,
                   "the relation '%.*s' is declared twice", TEXT_ARG(relation.name));
        return;
    }
    if (program->nrelations == RELATIONS_MAX) {
        diag_error(diags, "", relation.declared, "more than %d relations",
                   RELATIONS_MAX);
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

/* declaration = ".decl" name "(" [ name ":" type ("," name ":" type)* ] ")" */
static void read_declaration(Parser *parser)
{
    DlProgram *program = parser->program;
    DlAttribute attributes[ARITY_MAX];
    uint32_t types[ARITY_MAX];
    DlRelation relation = {.declared = parser_token_span(parser)};

    if (!parser_expect_name(parser, "a relation's name", &relation.name) ||
        !parser_expect(parser, "("))
        return;
    while (!parser_at(parser, ")")) {
        DlAttribute attribute;
        uint32_t type;

        if (relation.arity == ARITY_MAX) {
            parser_fail(parser, "at most 16 attributes");
            return;
        }
        if (!parser_expect_name(parser, "an attribute", &attribute.name) ||
            !parser_expect(parser, ":") || !parser_expect_type(parser, &type))
            return;
        attribute.type = program->types[type].name;
        attribute.base = program->types[type].base;
        types[relation.arity] = type;
        attributes[relation.arity++] = attribute;
        if (!parser_take(parser, ","))
            break;
    }
    if (!parser_expect(parser, ")"))
        return;
    DlAttribute *kept = ARENA_ARRAY(program->arena, relation.arity, DlAttribute);
    for (uint32_t i = 0; i < relation.arity; i++)
        kept[i] = attributes[i];
    relation.attributes = kept;
    add_relation(parser, relation, types);
}

/* mark = (".input" | ".output") name ("," name)* */
static void read_marks(Parser *parser, bool is_input)
{
    do {
        Span span = parser_token_span(parser);
        Text name;

        if (!parser_expect_name(parser, "a relation", &name))
            return;
        uint32_t relation = program_find_relation(parser->program, name);
        if (relation == DL_NO_RELATION)
            diag_error(parser->lexer.diags, "", span,
                       "no relation '%.*s'; declare it above with .decl",
                       TEXT_ARG(name));
        else if (is_input)
            parser->program->relations[relation].is_input = true;
        else
            parser->program->relations[relation].is_output = true;
    } while (parser_take(parser, ","));
}

static void read_statement(Parser *parser)
{
    Text directive = parser->token.text;

    if (parser->token.kind == LEX_NAME) {
        read_clause(parser);
        return;
    }
    if (parser->token.kind != LEX_DIRECTIVE) {
        parser_fail(parser, "a clause, or a directive such as .decl");
        return;
    }
    parser_next(parser);
    if (text_equal(directive, TEXT(".type"))) {
        read_type(parser);
    } else if (text_equal(directive, TEXT(".decl"))) {
        read_declaration(parser);
    } else if (text_equal(directive, TEXT(".input"))) {
        read_marks(parser, true);
    } else if (text_equal(directive, TEXT(".output"))) {
        read_marks(parser, false);
    } else {
        parser->failed = true;
        diag_error(parser->lexer.diags, "",
                   parser_span_from(parser, parser->before.start),
                   "'%.*s' is not of this language; there are .type, .decl, .input and "
                   ".output",
                   TEXT_ARG(directive));
    }
}

/* Up to the next statement: behind a ".", or at a directive. */
static void resynchronise(Parser *parser)
{
    while (parser->token.kind != LEX_END && parser->token.kind != LEX_DIRECTIVE) {
        bool is_end = parser_at(parser, ".");

        parser_next(parser);
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
    if (text_starts_with(parser.lexer.bytes, TEXT("\xEF\xBB\xBF")))
        parser.lexer.at = 3;
    parser_next(&parser);
    parser_next(&parser);
    while (parser.token.kind != LEX_END) {
        uint32_t start = parser.token.start;

        parser.failed = false;
        parser.depth = 0;
        read_statement(&parser);
        if (parser.failed && parser.token.start == start)
            parser_next(&parser);
        if (parser.failed)
            resynchronise(&parser);
    }
}
