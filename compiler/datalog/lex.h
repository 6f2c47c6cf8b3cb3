/*
 * lex.h: a rule file as tokens. Private to the engine.
 */
#ifndef BERTH_DATALOG_LEX_H
#define BERTH_DATALOG_LEX_H

#include "base/buffer.h"
#include "base/diag.h"

typedef enum LexKind {
    LEX_END,
    LEX_NAME,      /* [A-Za-z_?][A-Za-z0-9_?]* */
    LEX_DIRECTIVE, /* "." name, after a blank or at the start of the file */
    LEX_NUMBER,
    LEX_STRING,
    LEX_PUNCTUATION /* text holds it: ( ) { } , . : :- ! = != < <= > >= + - * / % <: | */
} LexKind;

typedef struct Lexeme {
    LexKind kind;
    Text text; /* a string's is decoded */
    uint32_t start, end;
} Lexeme;

typedef struct Lexer {
    Arena *arena;
    Diags *diags;
    uint32_t file;
    Text bytes;
    uint32_t at;
} Lexer;

/* The next lexeme; comments and blanks are passed over, bytes that begin none are
 * reported and passed over. */
Lexeme lexer_next(Lexer *lexer);

#endif
