/*
 * parse.h: what the two halves of the parser share. Private to the engine.
 *
 * parse.c reads statements, parse_term.c terms and bodies. One lexeme is looked
 * ahead. A statement says once what is wrong with it (`failed`); the readers then
 * return at once, and the statement is passed over.
 */
#ifndef BERTH_DATALOG_PARSE_H
#define BERTH_DATALOG_PARSE_H

#include "datalog/ast.h"
#include "datalog/lex.h"

typedef struct Parser {
    DlProgram *program;
    Lexer lexer;
    Lexeme before, token, ahead;
    uint32_t first_variable; /* of the clause: in program->variable_names */
    uint32_t depth;
    bool in_count;
    bool failed; /* the statement is given up: skip to its end */
} Parser;

void parser_next(Parser *parser);
Span parser_span_from(const Parser *parser, uint32_t start);
Span parser_token_span(const Parser *parser);
bool parser_at(const Parser *parser, const char *punctuation);
/* Passes over it if it is there. */
bool parser_take(Parser *parser, const char *punctuation);
/* Says what was expected at this token; always false. */
bool parser_fail(Parser *parser, const char *expected);
bool parser_expect(Parser *parser, const char *punctuation);
/* A name that Souffle does not reserve; `what` says what it would name. */
bool parser_expect_name(Parser *parser, const char *what, Text *name);
bool parser_expect_type(Parser *parser, uint32_t *type);

/* parse_term.c */
void parse_atom(Parser *parser, Literal *literal);
void parse_body(Parser *parser, uint32_t *first, uint32_t *count);

#endif
