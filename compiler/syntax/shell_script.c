#include "syntax/shell_script.h"

#include "base/buffer.h"

enum { GROUPS_MAX = 32, HERE_DOCUMENTS_MAX = 16 };

typedef struct HereDocument {
    Text delimiter;
    bool strips_tabs;
} HereDocument;

typedef struct Reader {
    Arena *arena;
    Text script;
    uint32_t at;
    ShellScript out;
    uint32_t first_word; /* of the command that is being read */
    ShellRole role;      /* of the next word */
    bool awaits_delimiter, strips_tabs;
    HereDocument documents[HERE_DOCUMENTS_MAX];
    uint32_t ndocuments;
    uint32_t groups[GROUPS_MAX]; /* the first command of each open group */
    uint32_t ngroups;
    uint32_t closed_from; /* the group that was just closed holds the commands from */
    bool is_after_group;  /* here to the end */
    bool is_group_redirected;
} Reader;

static char peek(const Reader *reader, uint32_t ahead)
{
    size_t at = (size_t)reader->at + ahead;

    return at < reader->script.len ? reader->script.at[at] : '\0';
}

static bool more(const Reader *reader)
{
    return reader->at < reader->script.len;
}

/* What ends a word that is not quoted. */
static bool is_meta(char byte)
{
    switch (byte) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case ';':
    case '&':
    case '|':
    case '<':
    case '>':
    case '(':
    case ')':
        return true;
    default:
        return false;
    }
}

/* --- words --- */

/* The bytes from `start`, which is where the word's substitution begins, to here. */
static void keep(Reader *reader, uint32_t start, ShellWord *word, Buffer *text)
{
    buffer_add(text, text_slice(reader->script, start, reader->at));
    word->expands = true;
}

/* "'" byte* "'" */
static void read_single_quotes(Reader *reader, Buffer *text)
{
    Text rest = text_from(reader->script, ++reader->at);
    size_t close = text_find_byte(rest, '\'');

    buffer_add(text, text_slice(rest, 0, close));
    reader->at += (uint32_t)close + (close < rest.len);
}

static void skip_quoted(Reader *reader, char quote)
{
    for (reader->at++; more(reader) && peek(reader, 0) != quote; reader->at++)
        reader->at += quote != '\'' && peek(reader, 0) == '\\';
    reader->at += more(reader);
    if (reader->at > reader->script.len)
        reader->at = (uint32_t)reader->script.len;
}

/* "$(" ... ")" or "${" ... "}", with what is nested in it. */
static void skip_nested(Reader *reader, char open, char close)
{
    uint32_t depth = 0;

    while (more(reader)) {
        char byte = peek(reader, 0);

        if (byte == '\'' || byte == '"' || byte == '`') {
            skip_quoted(reader, byte);
            continue;
        }
        reader->at += byte == '\\' && reader->at + 1 < reader->script.len;
        reader->at++;
        if (byte == open)
            depth++;
        if (byte == close && --depth == 0)
            return;
    }
}

/* "$" [ "(" ... ")" | "{" ... "}" ] | "`" ... "`" */
static void read_substitution(Reader *reader, ShellWord *word, Buffer *text)
{
    uint32_t start = reader->at;

    if (peek(reader, 0) == '`') {
        skip_quoted(reader, '`');
    } else {
        reader->at++;
        if (peek(reader, 0) == '(')
            skip_nested(reader, '(', ')');
        else if (peek(reader, 0) == '{')
            skip_nested(reader, '{', '}');
    }
    keep(reader, start, word, text);
}

/* '"' ( byte | "\" byte | substitution )* '"' */
static void read_double_quotes(Reader *reader, ShellWord *word, Buffer *text)
{
    for (reader->at++; more(reader) && peek(reader, 0) != '"';) {
        char byte = peek(reader, 0), next = peek(reader, 1);

        if (byte == '$' || byte == '`') {
            read_substitution(reader, word, text);
            continue;
        }
        if (byte == '\\' && reader->at + 1 < reader->script.len &&
            (next == '$' || next == '`' || next == '"' || next == '\\' ||
             next == '\n')) {
            if (next != '\n')
                buffer_add_byte(text, next);
            reader->at += 2;
            continue;
        }
        buffer_add_byte(text, byte);
        reader->at++;
    }
    reader->at += more(reader);
}

/* word = ( byte | "\" byte | quoted | substitution )+ ; *quoted: it is no reserved
 * word and no number of a descriptor */
static ShellWord read_word(Reader *reader, bool *quoted)
{
    Buffer text = {.arena = reader->arena};
    ShellWord word = {.start = reader->at};

    *quoted = false;
    while (more(reader) && !is_meta(peek(reader, 0))) {
        char byte = peek(reader, 0);

        *quoted |= byte == '\'' || byte == '"' || byte == '\\';
        if (byte == '\'') {
            read_single_quotes(reader, &text);
        } else if (byte == '"') {
            read_double_quotes(reader, &word, &text);
        } else if (byte == '$' || byte == '`') {
            read_substitution(reader, &word, &text);
        } else if (byte == '\\') {
            reader->at++;
            if (more(reader) && peek(reader, 0) != '\n')
                buffer_add_byte(&text, peek(reader, 0));
            reader->at += more(reader);
        } else {
            buffer_add_byte(&text, byte);
            reader->at++;
        }
    }
    word.text = buffer_text(&text);
    word.end = reader->at;
    return word;
}

/* --- commands --- */

static bool is_command_open(const Reader *reader)
{
    return reader->out.nwords > reader->first_word;
}

static void end_command(Reader *reader)
{
    ShellScript *out = &reader->out;

    reader->role = SHELL_WORD;
    reader->awaits_delimiter = false;
    if (!is_command_open(reader))
        return;
    ShellCommand command = {.first = reader->first_word,
                            .count = out->nwords - reader->first_word};
    for (uint32_t i = command.first; i < out->nwords; i++)
        command.is_redirected |= out->words[i].role == SHELL_OUTPUT;
    ARRAY_GROW(reader->arena, out->commands, out->ncommands, out->commands_capacity);
    out->commands[out->ncommands++] = command;
    reader->first_word = out->nwords;
}

/* The commands that an operator behind them speaks of: the group that was just closed,
 * or the last one. */
static uint32_t spoken_of(const Reader *reader)
{
    if (reader->is_after_group)
        return reader->closed_from;
    return reader->out.ncommands ? reader->out.ncommands - 1 : 0;
}

static void open_group(Reader *reader)
{
    end_command(reader);
    if (reader->ngroups < GROUPS_MAX)
        reader->groups[reader->ngroups] = reader->out.ncommands;
    reader->ngroups++;
    reader->is_after_group = false;
}

static void close_group(Reader *reader)
{
    end_command(reader);
    reader->is_after_group = false;
    if (reader->ngroups == 0)
        return;
    reader->ngroups--;
    if (reader->ngroups < GROUPS_MAX) {
        reader->closed_from = reader->groups[reader->ngroups];
        reader->is_after_group = true;
        reader->is_group_redirected = false;
    }
}

static bool is_reserved(Text word)
{
    static const Text reserved[] = {
        TEXT_INIT("!"),    TEXT_INIT("do"),    TEXT_INIT("done"),  TEXT_INIT("elif"),
        TEXT_INIT("else"), TEXT_INIT("fi"),    TEXT_INIT("if"),    TEXT_INIT("then"),
        TEXT_INIT("time"), TEXT_INIT("until"), TEXT_INIT("while"),
    };

    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
        if (text_equal(word, reserved[i]))
            return true;
    }
    return false;
}

static void await_document(Reader *reader, Text delimiter)
{
    if (reader->ndocuments < HERE_DOCUMENTS_MAX)
        reader->documents[reader->ndocuments++] =
            (HereDocument){delimiter, reader->strips_tabs};
    reader->awaits_delimiter = false;
}

/* Where a terminal, or whoever keeps a log, still sees what is written. */
static bool is_terminal(Text file)
{
    return text_equal(file, TEXT("/dev/stdout")) ||
           text_equal(file, TEXT("/dev/stderr")) || text_equal(file, TEXT("/dev/tty"));
}

static void add_word(Reader *reader, ShellWord word)
{
    ShellScript *out = &reader->out;

    word.role = reader->role;
    if (word.role == SHELL_OUTPUT && is_terminal(word.text))
        word.role = SHELL_OTHER;
    if (word.role == SHELL_OUTPUT && reader->is_after_group &&
        !reader->is_group_redirected) {
        reader->is_group_redirected = true;
        for (uint32_t i = reader->closed_from; i < out->ncommands; i++)
            out->commands[i].is_redirected = true;
    }
    if (reader->awaits_delimiter)
        await_document(reader, word.text);
    word.command = out->ncommands;
    reader->role = SHELL_WORD;
    ARRAY_GROW(reader->arena, out->words, out->nwords, out->words_capacity);
    out->words[out->nwords++] = word;
}

/* --- operators --- */

/* Passes over the bodies of the documents that the line before announced. */
static void skip_documents(Reader *reader)
{
    for (uint32_t i = 0; i < reader->ndocuments; i++) {
        bool found = false;

        while (more(reader) && !found) {
            Text rest = text_from(reader->script, reader->at);
            size_t end = text_find_byte(rest, '\n');
            Text line = text_slice(rest, 0, end);

            while (reader->documents[i].strips_tabs && line.len && line.at[0] == '\t')
                line = text_from(line, 1);
            found = text_equal(line, reader->documents[i].delimiter);
            reader->at += (uint32_t)end + (end < rest.len);
        }
    }
    reader->ndocuments = 0;
}

/* separator = ";" | "&" | "&&" | "||" | "|" | "|&" | "(" | ")" | line end */
static void read_separator(Reader *reader)
{
    char byte = peek(reader, 0);
    bool is_pipe = byte == '|' && peek(reader, 1) != '|';

    reader->at++;
    if (byte == '(') {
        open_group(reader);
        return;
    }
    if (byte == ')') {
        close_group(reader);
        return;
    }
    end_command(reader);
    if (is_pipe) {
        for (uint32_t i = spoken_of(reader); i < reader->out.ncommands; i++)
            reader->out.commands[i].is_piped = true;
        reader->at += peek(reader, 0) == '&';
    } else if (byte == '|') {
        reader->at++;
    }
    reader->is_after_group = false;
    if (byte == '\n')
        skip_documents(reader);
}

/* redirection = ("<" | "<<" | "<<-" | "<<<" | "<&" | "<>" | ">" | ">>" | ">|" | ">&"
 *               | "&>" | "&>>") word ; `is_output`: of the standard output */
static void read_redirection(Reader *reader, bool is_output)
{
    bool both = peek(reader, 0) == '&';

    reader->at += both;
    reader->role = SHELL_OTHER;
    if (peek(reader, 0) == '>') {
        reader->at++;
        bool duplicates = peek(reader, 0) == '&';
        if (peek(reader, 0) == '>' || peek(reader, 0) == '|' || duplicates)
            reader->at++;
        /* ">&2" joins another descriptor; ">&file" is a file. */
        if ((both || is_output) &&
            !(duplicates && (byte_is_digit(peek(reader, 0)) || peek(reader, 0) == '-')))
            reader->role = SHELL_OUTPUT;
        return;
    }
    reader->at++;
    if (peek(reader, 0) == '<' && peek(reader, 1) == '<') {
        reader->at += 2;
        reader->role = SHELL_HERE_STRING;
    } else if (peek(reader, 0) == '<') {
        reader->at++;
        reader->awaits_delimiter = true;
        reader->strips_tabs = peek(reader, 0) == '-';
        reader->at += reader->strips_tabs;
    } else if (peek(reader, 0) == '&' || peek(reader, 0) == '>') {
        reader->at++;
    }
}

/* Whether the word is the number of a descriptor, right before its redirection. */
static bool is_descriptor(const Reader *reader, ShellWord word)
{
    if (word.text.len != 1 || !byte_is_digit(word.text.at[0]))
        return false;
    return more(reader) && (peek(reader, 0) == '<' || peek(reader, 0) == '>');
}

static void read_one(Reader *reader)
{
    bool quoted;
    bool is_operand = reader->role != SHELL_WORD;
    bool is_head = !is_command_open(reader) && !is_operand;
    ShellWord word = read_word(reader, &quoted);

    if (!quoted && is_descriptor(reader, word)) {
        read_redirection(reader, word.text.at[0] == '1');
        return;
    }
    if (is_head && !quoted && text_equal(word.text, TEXT("{"))) {
        open_group(reader);
    } else if (is_head && !quoted && text_equal(word.text, TEXT("}"))) {
        close_group(reader);
    } else if (!is_head || quoted || !is_reserved(word.text)) {
        add_word(reader, word);
        reader->is_after_group &= is_operand;
    }
}

/* script = ( blank | comment | separator | redirection | word )* */
ShellScript shell_script_read(Arena *arena, Text text)
{
    Reader reader = {.arena = arena, .script = text};

    while (more(&reader)) {
        char byte = peek(&reader, 0), next = peek(&reader, 1);

        if (byte == ' ' || byte == '\t' || byte == '\r') {
            reader.at++;
        } else if (byte == '\\' && next == '\n') {
            reader.at += 2;
        } else if (byte == '#') {
            Text rest = text_from(text, reader.at);
            reader.at += (uint32_t)text_find_byte(rest, '\n');
        } else if (byte == '<' || byte == '>' || (byte == '&' && next == '>')) {
            read_redirection(&reader, true);
        } else if (is_meta(byte)) {
            read_separator(&reader);
        } else {
            read_one(&reader);
        }
    }
    end_command(&reader);
    return reader.out;
}
