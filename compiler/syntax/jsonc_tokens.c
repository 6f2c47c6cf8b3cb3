#include "syntax/jsonc_tokens.h"

static bool more(const Scanner *scanner)
{
    return scanner->at < scanner->bytes.len;
}

/* The byte `ahead` of the position, 0 beyond the end. */
static char peek(const Scanner *scanner, uint32_t ahead)
{
    size_t at = (size_t)scanner->at + ahead;

    return at < scanner->bytes.len ? scanner->bytes.at[at] : '\0';
}

static void damaged(Scanner *scanner, uint32_t start, uint32_t end, const char *what)
{
    diag_add(scanner->diags, "input/syntax", (Span){scanner->file, start, end}, "%s",
             what);
}

static int hex_digit(char byte)
{
    if (byte_is_digit(byte))
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

/* Four digits; -1 when there are fewer, which are read all the same. */
static int32_t read_hex(Scanner *scanner)
{
    int32_t value = 0;

    for (int i = 0; i < 4; i++) {
        int digit = more(scanner) ? hex_digit(peek(scanner, 0)) : -1;

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
        scanner->at++;
    }
    return value;
}

/* "u" hex hex hex hex, and the second half of a surrogate pair behind it. */
static void read_unicode(Scanner *scanner, uint32_t start, Buffer *text)
{
    int32_t unit = read_hex(scanner);

    if (unit < 0) {
        damaged(scanner, start, scanner->at,
                "a \\u escape needs four hexadecimal digits; it was left out");
        return;
    }
    if (unit >= 0xD800 && unit < 0xDC00 && peek(scanner, 0) == '\\' &&
        peek(scanner, 1) == 'u') {
        uint32_t before = scanner->at;

        scanner->at += 2;
        int32_t low = read_hex(scanner);
        if (low >= 0xDC00 && low < 0xE000) {
            buffer_add_utf8(text, 0x10000u + ((uint32_t)(unit - 0xD800) << 10) +
                                      (uint32_t)(low - 0xDC00));
            return;
        }
        scanner->at = before;
    }
    if (unit >= 0xD800 && unit < 0xE000)
        damaged(scanner, start, scanner->at,
                "half of a surrogate pair; it was read as U+FFFD");
    buffer_add_utf8(text, (uint32_t)unit);
}

/* escape = "\" ( '"' | "\" | "/" | b | f | n | r | t | u hex{4} ) */
static void read_escape(Scanner *scanner, Buffer *text)
{
    uint32_t start = scanner->at++;
    char byte = peek(scanner, 0);

    scanner->at++;
    switch (byte) {
    case '"':
    case '\\':
    case '/':
        buffer_add_byte(text, byte);
        break;
    case 'b':
        buffer_add_byte(text, '\b');
        break;
    case 'f':
        buffer_add_byte(text, '\f');
        break;
    case 'n':
        buffer_add_byte(text, '\n');
        break;
    case 'r':
        buffer_add_byte(text, '\r');
        break;
    case 't':
        buffer_add_byte(text, '\t');
        break;
    case 'u':
        read_unicode(scanner, start, text);
        break;
    default:
        damaged(
            scanner, start, scanner->at,
            "no such escape in JSON; it was left out (a backslash is written \\\\)");
    }
}

static bool is_plain(char byte)
{
    return (unsigned char)byte >= 0x20 && byte != '"' && byte != '\\';
}

/* string = '"' ( byte | escape )* '"'; a line end closes it, too. */
static Text read_string(Scanner *scanner)
{
    uint32_t open = scanner->at++;
    uint32_t start = scanner->at;
    Buffer text = {.arena = scanner->arena};
    bool copied = false;

    for (;;) {
        uint32_t run = scanner->at;

        while (more(scanner) && is_plain(scanner->bytes.at[scanner->at]))
            scanner->at++;
        char byte = peek(scanner, 0);
        Text plain = text_slice(scanner->bytes, run, scanner->at);
        bool ends = !more(scanner) || byte == '"' || byte == '\n' || byte == '\r' ||
                    (byte == '\\' && scanner->at + 1 >= scanner->bytes.len);

        if (ends && !copied)
            plain = text_slice(scanner->bytes, start, scanner->at);
        if (copied || !ends)
            buffer_add(&text, plain);
        if (ends) {
            bool closed = byte == '"' && more(scanner);

            scanner->at += closed || byte == '\\';
            if (!closed)
                damaged(scanner, open, scanner->at,
                        "this string is never closed; it was read up to here");
            return copied ? buffer_text(&text) : plain;
        }
        copied = true;
        if (byte == '\\') {
            read_escape(scanner, &text);
        } else {
            damaged(scanner, scanner->at, scanner->at + 1,
                    "a control character in a string; it was kept");
            buffer_add_byte(&text, byte);
            scanner->at++;
        }
    }
}

static void read_digits(Scanner *scanner)
{
    while (more(scanner) && byte_is_digit(peek(scanner, 0)))
        scanner->at++;
}

/* number = ["-"] ("0" | digit1-9 digit*) ["." digit+] [("e"|"E") ["+"|"-"] digit+] */
static void read_number(Scanner *scanner, uint32_t start)
{
    if (peek(scanner, 0) == '0')
        scanner->at++;
    else
        read_digits(scanner);
    if (peek(scanner, 0) == '.') {
        scanner->at++;
        if (!byte_is_digit(peek(scanner, 0))) {
            damaged(scanner, start, scanner->at, "a number ends after its point");
            return;
        }
        read_digits(scanner);
    }
    if (peek(scanner, 0) == 'e' || peek(scanner, 0) == 'E') {
        scanner->at++;
        if (peek(scanner, 0) == '+' || peek(scanner, 0) == '-')
            scanner->at++;
        if (!byte_is_digit(peek(scanner, 0))) {
            damaged(scanner, start, scanner->at, "a number ends in its exponent");
            return;
        }
        read_digits(scanner);
    }
}

/* comment = "//" up to the end of the line | "/" "*" up to "*" "/"; no nesting */
static void read_comment(Scanner *scanner)
{
    uint32_t start = scanner->at;
    bool line = peek(scanner, 1) == '/';

    scanner->at += 2;
    while (more(scanner)) {
        char byte = peek(scanner, 0);

        if (line && (byte == '\n' || byte == '\r'))
            return;
        scanner->at++;
        if (!line && byte == '*' && peek(scanner, 0) == '/') {
            scanner->at++;
            return;
        }
    }
    if (!line)
        damaged(scanner, start, start + 2,
                "this comment is never closed; the rest of the file is part of it");
}

static bool is_unknown_content(char byte)
{
    switch (byte) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case '{':
    case '}':
    case '[':
    case ']':
    case '"':
    case ':':
    case ',':
    case '/':
        return false;
    default:
        return true;
    }
}

static TokenKind read_word(Scanner *scanner)
{
    uint32_t start = scanner->at;

    while (more(scanner) && is_unknown_content(peek(scanner, 0)))
        scanner->at++;
    Text word = text_slice(scanner->bytes, start, scanner->at);
    if (word.len == 0)
        scanner->at++;
    if (text_equal(word, TEXT("true")))
        return TOKEN_TRUE;
    if (text_equal(word, TEXT("false")))
        return TOKEN_FALSE;
    return text_equal(word, TEXT("null")) ? TOKEN_NULL : TOKEN_UNKNOWN;
}

static TokenKind punctuation(char byte)
{
    switch (byte) {
    case '{':
        return TOKEN_OPEN_BRACE;
    case '}':
        return TOKEN_CLOSE_BRACE;
    case '[':
        return TOKEN_OPEN_BRACKET;
    case ']':
        return TOKEN_CLOSE_BRACKET;
    case ',':
        return TOKEN_COMMA;
    case ':':
        return TOKEN_COLON;
    default:
        return TOKEN_UNKNOWN;
    }
}

static TokenKind read_token(Scanner *scanner, Token *token)
{
    char byte = peek(scanner, 0);
    TokenKind kind = punctuation(byte);

    if (kind != TOKEN_UNKNOWN) {
        scanner->at++;
        return kind;
    }
    if (byte == '"') {
        token->text = read_string(scanner);
        return TOKEN_STRING;
    }
    if (byte == '/' && (peek(scanner, 1) == '/' || peek(scanner, 1) == '*')) {
        read_comment(scanner);
        return TOKEN_COMMENT;
    }
    if (byte == '-' && !byte_is_digit(peek(scanner, 1))) {
        scanner->at++;
        return TOKEN_UNKNOWN;
    }
    if (byte == '-' || byte_is_digit(byte)) {
        uint32_t start = scanner->at;

        scanner->at += byte == '-';
        read_number(scanner, start);
        return TOKEN_NUMBER;
    }
    return read_word(scanner);
}

Token scanner_next(Scanner *scanner)
{
    Token token = {0};

    while (more(scanner) && (peek(scanner, 0) == ' ' || peek(scanner, 0) == '\n' ||
                             peek(scanner, 0) == '\t' || peek(scanner, 0) == '\r'))
        scanner->at++;
    token.start = scanner->at;
    if (more(scanner))
        token.kind = read_token(scanner, &token);
    token.end = scanner->at;
    if (token.kind != TOKEN_STRING)
        token.text = text_slice(scanner->bytes, token.start, token.end);
    return token;
}
