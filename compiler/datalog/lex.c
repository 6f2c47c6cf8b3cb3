#include "datalog/lex.h"

static char peek(const Lexer *lexer, uint32_t ahead)
{
    size_t at = (size_t)lexer->at + ahead;

    return at < lexer->bytes.len ? lexer->bytes.at[at] : '\0';
}

static void report(Lexer *lexer, uint32_t start, const char *message)
{
    diag_add(lexer->diags, "", (Span){lexer->file, start, lexer->at}, "%s", message);
}

/* blank = " " | TAB | CR | LF | "//" ... LF | "/" "*" ... "*" "/" */
static void skip_blanks(Lexer *lexer)
{
    while (lexer->at < lexer->bytes.len) {
        uint32_t start = lexer->at;
        char byte = peek(lexer, 0);

        if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n') {
            lexer->at++;
        } else if (byte == '/' && peek(lexer, 1) == '/') {
            lexer->at += (uint32_t)text_find_byte(text_from(lexer->bytes, start), '\n');
        } else if (byte == '/' && peek(lexer, 1) == '*') {
            Text rest = text_from(lexer->bytes, start + 2);
            size_t end = text_find(rest, TEXT("*/"));

            lexer->at = start + 2;
            if (end == rest.len)
                report(lexer, start, "this comment is never closed");
            lexer->at += (uint32_t)(end == rest.len ? end : end + 2);
        } else {
            return;
        }
    }
}

/* string = '"' ( byte | "\" ( '"' | "\" | n | t | r ) )* '"', on one line */
static Text read_string(Lexer *lexer)
{
    Buffer text = {.arena = lexer->arena};
    uint32_t start = lexer->at++;

    for (;;) {
        char byte = peek(lexer, 0);

        if (lexer->at >= lexer->bytes.len || byte == '\n') {
            report(lexer, start, "this string is never closed");
            break;
        }
        lexer->at++;
        if (byte == '"')
            break;
        if (byte == '\\') {
            char escape = peek(lexer, 0);

            if (lexer->at < lexer->bytes.len)
                lexer->at++;
            byte = escape == 'n'   ? '\n'
                   : escape == 't' ? '\t'
                   : escape == 'r' ? '\r'
                                   : escape;
            if (byte == escape && escape != '"' && escape != '\\')
                report(lexer, lexer->at - 2,
                       "no such escape in a string; a backslash is written \\\\");
        }
        buffer_add_byte(&text, byte);
    }
    return buffer_text(&text);
}

static bool is_name_byte(char byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '_' || byte == '?';
}

static uint32_t punctuation_len(const Lexer *lexer)
{
    static const Text pairs[] = {TEXT_INIT(":-"), TEXT_INIT("!="), TEXT_INIT("<="),
                                 TEXT_INIT(">="), TEXT_INIT("<:")};
    Text rest = text_from(lexer->bytes, lexer->at);

    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
        if (text_starts_with(rest, pairs[i]))
            return 2;
    }
    Text singles = TEXT("(){},.:!=<>+-*/%|");
    return text_find_byte(singles, rest.at[0]) < singles.len ? 1 : 0;
}

/* "p(x).q(x)." is two clauses: a directive has something blank before it. */
static bool begins_statement(const Lexer *lexer)
{
    char before = lexer->at ? lexer->bytes.at[lexer->at - 1] : '\n';

    return before == ' ' || before == '\t' || before == '\r' || before == '\n' ||
           before == '/' || before == '\xBF'; /* the end of a byte order mark */
}

static LexKind read_lexeme(Lexer *lexer, Lexeme *lexeme)
{
    char byte = peek(lexer, 0);

    if (byte == '"') {
        lexeme->text = read_string(lexer);
        return LEX_STRING;
    }
    if (byte_is_digit(byte)) {
        while (byte_is_digit(peek(lexer, 0)))
            lexer->at++;
        return LEX_NUMBER;
    }
    if (is_name_byte(byte)) {
        while (is_name_byte(peek(lexer, 0)))
            lexer->at++;
        return LEX_NAME;
    }
    if (byte == '.' && begins_statement(lexer) && byte_is_letter(peek(lexer, 1))) {
        lexer->at++;
        while (is_name_byte(peek(lexer, 0)))
            lexer->at++;
        return LEX_DIRECTIVE;
    }
    lexer->at += punctuation_len(lexer);
    return LEX_PUNCTUATION;
}

Lexeme lexer_next(Lexer *lexer)
{
    for (;;) {
        Lexeme lexeme = {0};

        skip_blanks(lexer);
        lexeme.start = lexer->at;
        if (lexer->at < lexer->bytes.len)
            lexeme.kind = read_lexeme(lexer, &lexeme);
        lexeme.end = lexer->at;
        if (lexeme.kind != LEX_STRING)
            lexeme.text = text_slice(lexer->bytes, lexeme.start, lexeme.end);
        if (lexeme.kind == LEX_END || lexeme.end > lexeme.start)
            return lexeme;
        do
            lexer->at++;
        while (((unsigned char)peek(lexer, 0) & 0xC0) == 0x80);
        report(lexer, lexeme.start, "this character means nothing here");
    }
}
