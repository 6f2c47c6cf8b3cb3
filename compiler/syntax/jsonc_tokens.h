/*
 * jsonc_tokens.h: JSON with comments, as tokens.
 *
 * Private to the reader. The scanner is the reference scanner's (jsonc-parser 3.3.1,
 * reference/inputs.md 1.2): white space is space, tab, LF and CR; whatever is no
 * token is an unknown one, up to the next byte that could begin another.
 */
#ifndef BERTH_SYNTAX_JSONC_TOKENS_H
#define BERTH_SYNTAX_JSONC_TOKENS_H

#include "base/buffer.h"
#include "base/diag.h"

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_OPEN_BRACE,
    TOKEN_CLOSE_BRACE,
    TOKEN_OPEN_BRACKET,
    TOKEN_CLOSE_BRACKET,
    TOKEN_COMMA,
    TOKEN_COLON,
    TOKEN_NULL,
    TOKEN_TRUE,
    TOKEN_FALSE,
    TOKEN_STRING,
    TOKEN_NUMBER,
    TOKEN_COMMENT,
    TOKEN_UNKNOWN
} TokenKind;

typedef struct Token {
    TokenKind kind;
    uint32_t start, end; /* bytes of the file */
    Text text;           /* decoded string; number or word as written */
} Token;

typedef struct Scanner {
    Arena *arena;
    Diags *diags;
    uint32_t file;
    Text bytes;
    uint32_t at;
} Scanner;

/* The next token, comments and unknown ones included. A damaged one is reported and
 * holds what could be read of it. */
Token scanner_next(Scanner *scanner);

#endif
