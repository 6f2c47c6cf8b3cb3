#include "syntax/dotenv.h"

#include "base/buffer.h"
#include "syntax/comments.h"

typedef struct Reader {
    Dotenv *dotenv;
    Arena *arena;
    Diags *diags;
    Variables outer;
    uint32_t file;
    Text bytes;
    size_t at;
    Comments comments;
    size_t statement; /* where the last one begins */
} Reader;

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\v' || byte == '\f';
}

static char byte_at(const Reader *reader, size_t at)
{
    return at < reader->bytes.len ? reader->bytes.at[at] : '\n';
}

static Span span_of(const Reader *reader, size_t start, size_t end)
{
    return (Span){reader->file, (uint32_t)start, (uint32_t)end};
}

static void skip_line(Reader *reader)
{
    reader->at += text_find_byte(text_from(reader->bytes, reader->at), '\n');
}

/* comment = "#" up to the end of the line; leaves the reader at what ends it. Behind a
 * statement it covers that one's lines. */
static void read_comment(Reader *reader, size_t start)
{
    bool is_behind = comments_is_behind(reader->bytes, (uint32_t)start);

    reader->at = start;
    skip_line(reader);
    comments_add(&reader->comments, (uint32_t)start, (uint32_t)reader->at, is_behind);
    if (is_behind)
        comments_settle(&reader->comments, (uint32_t)reader->statement,
                        (uint32_t)start);
}

/* Blank lines and comments, up to the next key; false at the end. */
static bool find_statement(Reader *reader)
{
    while (reader->at < reader->bytes.len) {
        char byte = byte_at(reader, reader->at);

        if (byte == '#')
            read_comment(reader, reader->at);
        else if (byte == '\n' || is_blank(byte))
            reader->at++;
        else
            return true;
    }
    return false;
}

static bool is_key_byte(char byte)
{
    return byte == '_' || byte == '.' || byte == '-' || byte == '[' || byte == ']' ||
           byte_is_letter(byte) || byte_is_digit(byte) || (unsigned char)byte >= 0x80;
}

/* key = ["export" blank+] key-byte+ blank* ( "=" | ":" | end of line ); leaves the
 * reader at what ends it */
static bool read_key(Reader *reader, Text *key)
{
    Text rest = text_from(reader->bytes, reader->at);

    if (text_starts_with(rest, TEXT("export")) &&
        is_blank(byte_at(reader, reader->at + 6)))
        reader->at += 6;
    while (is_blank(byte_at(reader, reader->at)))
        reader->at++;
    size_t start = reader->at;
    while (is_key_byte(byte_at(reader, reader->at)))
        reader->at++;
    *key = text_slice(reader->bytes, start, reader->at);
    while (is_blank(byte_at(reader, reader->at)))
        reader->at++;
    char end = byte_at(reader, reader->at);
    if (key->len && (end == '=' || end == ':' || end == '\n'))
        return true;
    return diag_error(reader->diags, "input/syntax",
                      span_of(reader, start, reader->at + 1),
                      "this is no entry of an .env file; a name and '=' were expected");
}

/* "\" [abfnrtv"\] | "\$", kept for the expansion as "$$" | "\0" [0-7]{0,3} */
static size_t add_escape(Buffer *out, Text text, size_t at)
{
    static const char names[] = "abfnrtv\"\\", bytes[] = "\a\b\f\n\r\t\v\"\\";
    char byte = text.at[at];
    uint32_t value = 0;

    if (byte == '0') {
        size_t end = at + 1;

        for (; end < text.len && end < at + 4 && text.at[end] >= '0' &&
               text.at[end] <= '7';
             end++)
            value = value * 8 + (uint32_t)(text.at[end] - '0');
        buffer_add_byte(out, (char)(unsigned char)value);
        return end;
    }
    for (size_t i = 0; names[i]; i++) {
        if (names[i] == byte) {
            buffer_add_byte(out, bytes[i]);
            return at + 1;
        }
    }
    buffer_add(out, byte == '$' ? TEXT("$") : TEXT("\\"));
    buffer_add_byte(out, byte);
    return at + 1;
}

static Text without_escapes(Arena *arena, Text text)
{
    Buffer out = {.arena = arena};

    for (size_t at = 0; at < text.len;) {
        if (text.at[at] == '\\' && at + 1 < text.len)
            at = add_escape(&out, text, at + 1);
        else
            buffer_add_byte(&out, text.at[at++]);
    }
    return buffer_text(&out);
}

static VariableState find_earlier(void *context, Text name, Text *value)
{
    const Reader *reader = context;
    VariableState state = reader->outer.find(reader->outer.context, name, value);
    const DotenvEntry *entry = dotenv_find(reader->dotenv, name);

    if (state == VARIABLE_SET || !entry)
        return state;
    *value = entry->value;
    return VARIABLE_SET;
}

static Text expanded(Reader *reader, Text text, Span span)
{
    Expansion expansion =
        expand_compose(reader->arena, text, (Variables){find_earlier, reader});

    if (expansion.problem.len)
        diag_add(reader->diags, "input/syntax", span, "%.*s",
                 TEXT_ARG(expansion.problem));
    return expansion.value;
}

/* quoted = quote { byte | "\" quote } quote, over any number of lines */
static bool read_quoted(Reader *reader, Text *value, Span *span)
{
    char quote = byte_at(reader, reader->at);
    size_t start = reader->at++;
    Buffer out = {.arena = reader->arena};

    for (; reader->at < reader->bytes.len; reader->at++) {
        char byte = byte_at(reader, reader->at);

        if (byte == quote)
            break;
        if (byte == '\\' && reader->at + 1 < reader->bytes.len) {
            char next = byte_at(reader, ++reader->at);

            if (next != quote || quote == '"')
                buffer_add_byte(&out, '\\');
            byte = next;
        }
        buffer_add_byte(&out, byte);
    }
    if (reader->at == reader->bytes.len) {
        reader->at = start;
        skip_line(reader);
        return diag_error(reader->diags, "input/syntax",
                          span_of(reader, start, start + 1),
                          "this quote is never closed; the line was not read");
    }
    *span = span_of(reader, start, ++reader->at);
    *value = buffer_text(&out);
    if (quote == '"')
        *value = expanded(reader, without_escapes(reader->arena, *value), *span);
    return true;
}

/* plain = { byte }, up to the end of the line or " #" */
static void read_plain(Reader *reader, Text *value, Span *span)
{
    size_t start = reader->at;

    skip_line(reader);
    Text line = text_slice(reader->bytes, start, reader->at);
    size_t comment = text_find(line, TEXT(" #"));
    *value = text_slice(line, 0, comment);
    while (value->len && is_blank(value->at[value->len - 1]))
        value->len--;
    *span = span_of(reader, start, start + value->len);
    *value = expanded(reader, *value, *span);
    if (comment < line.len) {
        comments_settle(&reader->comments, (uint32_t)reader->statement,
                        (uint32_t)(start + comment));
        read_comment(reader, start + comment + 1);
    }
}

static void add_entry(Reader *reader, Text name, Text value, Span span)
{
    Dotenv *dotenv = reader->dotenv;
    Symbol symbol = symbol_intern(dotenv->names, name);

    while (dotenv->nnames <= symbol.id) {
        ARRAY_GROW(reader->arena, dotenv->by_name, dotenv->nnames,
                   dotenv->names_capacity);
        dotenv->by_name[dotenv->nnames++] = 0;
    }
    if (dotenv->by_name[symbol.id] == 0) {
        ARRAY_GROW(reader->arena, dotenv->entries, dotenv->count, dotenv->capacity);
        dotenv->by_name[symbol.id] = ++dotenv->count;
    }
    dotenv->entries[dotenv->by_name[symbol.id] - 1] =
        (DotenvEntry){.name = name, .value = value, .span = span};
}

/* statement = key ( ("=" | ":") blank* ( quoted | plain ) | end of line ) */
static void read_statement(Reader *reader)
{
    Text key, value = {0}, of_outer;
    Span span = {0};

    reader->statement = reader->at;
    if (!read_key(reader, &key)) {
        skip_line(reader);
        return;
    }
    bool has_value = byte_at(reader, reader->at) != '\n';
    if (has_value) {
        reader->at++;
        while (is_blank(byte_at(reader, reader->at)))
            reader->at++;
        char first = byte_at(reader, reader->at);
        if (first != '"' && first != '\'')
            read_plain(reader, &value, &span);
        else if (!read_quoted(reader, &value, &span))
            return;
    } else {
        size_t start = (size_t)(key.at - reader->bytes.at);

        span = span_of(reader, start, start + key.len);
    }
    bool outer_wins =
        reader->outer.find(reader->outer.context, key, &of_outer) == VARIABLE_SET;
    if (has_value || outer_wins)
        add_entry(reader, key, outer_wins ? of_outer : value, span);
}

Dotenv *dotenv_new(Arena *arena)
{
    Dotenv *dotenv = ARENA_NEW(arena, Dotenv);

    dotenv->names = symbols_new(arena);
    return dotenv;
}

void dotenv_read(Dotenv *dotenv, Arena *arena, Sources *sources, uint32_t file,
                 Variables outer, Diags *diags)
{
    Reader reader = {.dotenv = dotenv,
                     .arena = arena,
                     .diags = diags,
                     .outer = outer,
                     .file = file,
                     .bytes = source_bytes(sources, file)};

    reader.comments = (Comments){.arena = arena, .bytes = reader.bytes};
    reader.at = text_starts_with(reader.bytes, TEXT("\xEF\xBB\xBF")) ? 3 : 0;
    while (find_statement(&reader)) {
        if (dotenv->count == DOTENV_ENTRIES_MAX) {
            diag_add(diags, "input/syntax", span_of(&reader, reader.at, reader.at + 1),
                     "more than 65,536 entries; the rest was not read");
            break;
        }
        read_statement(&reader);
        comments_settle(&reader.comments, (uint32_t)reader.statement,
                        (uint32_t)reader.at);
    }
    comments_hand_up(&reader.comments, sources, file);
}

const DotenvEntry *dotenv_find(const Dotenv *dotenv, Text name)
{
    Symbol symbol;

    if (!symbol_find(dotenv->names, name, &symbol) || symbol.id >= dotenv->nnames ||
        dotenv->by_name[symbol.id] == 0)
        return NULL;
    return &dotenv->entries[dotenv->by_name[symbol.id] - 1];
}
