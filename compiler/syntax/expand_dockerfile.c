#include "syntax/dockerfile_words.h"
#include "syntax/expand.h"
#include "syntax/shell_pattern.h"

#include "base/buffer.h"

enum {
    DEPTH_MAX = 32,       /* substitutions inside each other */
    EXPANDED_MAX = 65535, /* bytes of a value: as many as a line may have */
    STEPS_MAX = 1 << 16   /* of all patterns of one text */
};

/* What has been made of a part of the text. */
typedef struct Part {
    Buffer bytes;
    Text hole; /* the name of the first one in it */
} Part;

typedef struct Lexer {
    Arena *arena;
    Text text;
    size_t at;
    char escape;
    Variables variables;
    bool raw_quotes, raw_escapes; /* they stay in the result */
    bool keep_unset;              /* "$X" stays "$X" when X is not set */
    DockerfileWords *words;       /* NULL: nobody asks for them */
    Buffer word;                  /* the one that is not complete */
    size_t limit;                 /* bytes of a result */
    uint32_t depth;
    uint32_t steps; /* left */
    Text problem;
} Lexer;

static bool more(const Lexer *lexer)
{
    return lexer->at < lexer->text.len;
}

static bool starts(const Lexer *lexer, Text mark)
{
    return text_starts_with(text_from(lexer->text, lexer->at), mark);
}

static bool refuse(Lexer *lexer, Text problem)
{
    if (lexer->problem.len == 0)
        lexer->problem = problem;
    return false;
}

static bool add(Lexer *lexer, Part *part, Text text)
{
    if (text.len > lexer->limit - part->bytes.len)
        return refuse(lexer, TEXT("the value grows beyond 65535 bytes"));
    buffer_add(&part->bytes, text);
    return true;
}

/* Adds what a variable holds, its holes included. */
static bool add_value(Lexer *lexer, Part *part, Text value)
{
    size_t hole = text_find(value, TEXT("${"));

    if (hole < value.len && part->hole.len == 0) {
        Text name = text_from(value, hole + 2);
        part->hole = text_slice(name, 0, text_find_byte(name, '}'));
    }
    return add(lexer, part, value);
}

static bool add_hole(Lexer *lexer, Part *part, Text name)
{
    if (part->hole.len == 0)
        part->hole = name;
    return add(lexer, part, TEXT("${")) && add(lexer, part, name) &&
           add(lexer, part, TEXT("}"));
}

static bool add_part(Lexer *lexer, Part *part, const Part *inner)
{
    if (part->hole.len == 0)
        part->hole = inner->hole;
    return add(lexer, part, buffer_text(&inner->bytes));
}

/* --- words --- */

static void end_word(Lexer *lexer)
{
    DockerfileWords *words = lexer->words;

    if (lexer->word.len == 0)
        return;
    ARRAY_GROW(lexer->arena, words->items, words->count, words->capacity);
    words->items[words->count++] = arena_copy(lexer->arena, buffer_text(&lexer->word));
    lexer->word.len = 0;
}

/* What was added to the result since `from`, for the words: white space parts them,
 * unless it was quoted or escaped. */
static void add_to_words(Lexer *lexer, const Part *part, size_t from, bool quoted)
{
    Text added = text_from(buffer_text(&part->bytes), from);

    if (!lexer->words || lexer->depth > 0)
        return;
    for (size_t at = 0; at < added.len;) {
        size_t space = quoted ? 0 : dockerfile_space(added, at);

        if (space)
            end_word(lexer);
        else
            buffer_add_byte(&lexer->word, added.at[at]);
        at += space ? space : 1;
    }
}

/* --- variables --- */

typedef enum Outcome {
    OUT_NOTHING,
    OUT_VALUE,
    OUT_WORD,
    OUT_HOLE,
    OUT_REFUSED,
    OUT_TRIMMED,
    OUT_REPLACED
} Outcome;

/* What stands behind the name in "${name...}", and what comes out when the variable is
 * not set, empty, set, or known to the machine alone. */
typedef struct Form {
    Text mark;
    bool has_word; /* up to the "}" */
    Outcome unset, empty, set, unknown;
} Form;

/* First match wins. [inputs D14] */
static const Form forms[] = {
    {TEXT_INIT("}"), false, OUT_NOTHING, OUT_VALUE, OUT_VALUE, OUT_HOLE},
    {TEXT_INIT(":-"), true, OUT_WORD, OUT_WORD, OUT_VALUE, OUT_WORD},
    {TEXT_INIT("-"), true, OUT_WORD, OUT_VALUE, OUT_VALUE, OUT_WORD},
    {TEXT_INIT(":+"), true, OUT_NOTHING, OUT_NOTHING, OUT_WORD, OUT_HOLE},
    {TEXT_INIT("+"), true, OUT_NOTHING, OUT_WORD, OUT_WORD, OUT_HOLE},
    {TEXT_INIT(":?"), true, OUT_REFUSED, OUT_REFUSED, OUT_VALUE, OUT_HOLE},
    {TEXT_INIT("?"), true, OUT_REFUSED, OUT_VALUE, OUT_VALUE, OUT_HOLE},
    {TEXT_INIT("##"), true, OUT_TRIMMED, OUT_TRIMMED, OUT_TRIMMED, OUT_HOLE},
    {TEXT_INIT("#"), true, OUT_TRIMMED, OUT_TRIMMED, OUT_TRIMMED, OUT_HOLE},
    {TEXT_INIT("%%"), true, OUT_TRIMMED, OUT_TRIMMED, OUT_TRIMMED, OUT_HOLE},
    {TEXT_INIT("%"), true, OUT_TRIMMED, OUT_TRIMMED, OUT_TRIMMED, OUT_HOLE},
    {TEXT_INIT("//"), true, OUT_REPLACED, OUT_REPLACED, OUT_REPLACED, OUT_HOLE},
    {TEXT_INIT("/"), true, OUT_REPLACED, OUT_REPLACED, OUT_REPLACED, OUT_HOLE},
};

enum { NO_STOP = -1 };

static bool read_until(Lexer *lexer, int stop, bool raw_escapes, Part *part);

static bool is_special_parameter(char byte)
{
    switch (byte) {
    case '@':
    case '*':
    case '#':
    case '?':
    case '-':
    case '$':
    case '!':
        return true;
    default:
        return false;
    }
}

/* name = digit+ | one of "@*#?-$!" | ( letter | "_" ) ( letter | digit | "_" )* ; may be
 * empty */
static Text read_name(Lexer *lexer)
{
    size_t start = lexer->at;
    bool is_number = more(lexer) && byte_is_digit(lexer->text.at[start]);

    if (more(lexer) && is_special_parameter(lexer->text.at[start])) {
        lexer->at++;
        return text_slice(lexer->text, start, lexer->at);
    }
    for (; more(lexer); lexer->at++) {
        char byte = lexer->text.at[lexer->at];

        if (!byte_is_digit(byte) &&
            (is_number || (!byte_is_letter(byte) && byte != '_')))
            break;
    }
    return text_slice(lexer->text, start, lexer->at);
}

static Outcome find(const Lexer *lexer, const Form *form, Text name, Text *value)
{
    *value = (Text){0};
    switch (lexer->variables.find(lexer->variables.context, name, value)) {
    case VARIABLE_UNSET:
        return form->unset;
    case VARIABLE_SET:
        return value->len ? form->set : form->empty;
    case VARIABLE_UNKNOWN:
        break;
    }
    return form->unknown;
}

/* A part of a value that has a hole cannot be told from the rest: all of it stays. */
static bool add_matched(Lexer *lexer, Part *part, const Form *form, Text value,
                        const Part *word, const Part *replacement)
{
    char mark = form->mark.at[0];
    bool doubled = form->mark.len == 2;
    ShellPattern pattern = {buffer_text(&word->bytes), mark == '%', doubled, doubled,
                            &lexer->steps};
    Text result;

    if (text_find(value, TEXT("${")) < value.len || word->hole.len ||
        replacement->hole.len) {
        if (part->hole.len == 0)
            part->hole = word->hole.len ? word->hole : replacement->hole;
        return add_value(lexer, part, value);
    }
    if (mark == '/') {
        if (!shell_replace(lexer->arena, &pattern, value,
                           buffer_text(&replacement->bytes), &result, &lexer->problem))
            return false;
    } else if (!shell_trim(lexer->arena, &pattern, value, &result, &lexer->problem)) {
        return false;
    }
    return add(lexer, part, result);
}

static bool add_outcome(Lexer *lexer, Part *part, const Form *form, Text name,
                        const Part *word, const Part *replacement)
{
    Text value;

    switch (find(lexer, form, name, &value)) {
    case OUT_NOTHING:
        return true;
    case OUT_VALUE:
        return add_value(lexer, part, value);
    case OUT_WORD:
        return add_part(lexer, part, word);
    case OUT_HOLE:
        return add_hole(lexer, part, name);
    case OUT_REFUSED:
        return refuse(lexer, arena_format(lexer->arena, "'%.*s' must have a value here",
                                          TEXT_ARG(name)));
    case OUT_TRIMMED:
    case OUT_REPLACED:
        break;
    }
    return add_matched(lexer, part, form, value, word, replacement);
}

static bool is_set(const Lexer *lexer, Text name)
{
    Text value;

    return lexer->variables.find(lexer->variables.context, name, &value) !=
           VARIABLE_UNSET;
}

/* What follows "${": name form, and for most forms a word up to "}". */
static bool read_braced(Lexer *lexer, Part *part)
{
    size_t start = lexer->at - 2;
    Part word = {.bytes = {.arena = lexer->arena}};
    Part replacement = word;
    const Form *form = forms;
    const Form *const end = forms + sizeof(forms) / sizeof(*forms);

    if (!more(lexer))
        return refuse(lexer, TEXT("a '${' is never closed"));
    if (starts(lexer, TEXT("{")) || starts(lexer, TEXT("}")) ||
        starts(lexer, TEXT(":")))
        return refuse(lexer, TEXT("'${' must be followed by a name"));
    Text name = read_name(lexer);
    while (form < end && !starts(lexer, form->mark))
        form++;
    if (form == end)
        return refuse(lexer, more(lexer) ? TEXT("a '${...}' has a form that BuildKit "
                                                "does not know")
                                         : TEXT("a '${' is never closed"));
    lexer->at += form->mark.len;
    if (form->has_word) {
        bool is_replacement = form->set == OUT_REPLACED;
        bool is_raw = is_replacement || form->set == OUT_TRIMMED;

        if (!read_until(lexer, is_replacement ? '/' : '}', is_raw, &word) ||
            (is_replacement && !read_until(lexer, '}', true, &replacement)))
            return false;
    }
    if (lexer->keep_unset && !is_set(lexer, name))
        return add(lexer, part, text_slice(lexer->text, start, lexer->at));
    return add_outcome(lexer, part, form, name, &word, &replacement);
}

/* "$" name | "${" name form ; a "$" before anything else is itself */
static bool read_dollar(Lexer *lexer, Part *part)
{
    size_t start = lexer->at++;

    if (starts(lexer, TEXT("{"))) {
        lexer->at++;
        return read_braced(lexer, part);
    }
    Text name = read_name(lexer);
    if (name.len == 0)
        return add(lexer, part, TEXT("$"));
    if (lexer->keep_unset && !is_set(lexer, name))
        return add(lexer, part, text_slice(lexer->text, start, lexer->at));
    return add_outcome(lexer, part, &forms[0], name, NULL, NULL);
}

/* --- quotes, escapes, the rest --- */

static bool read_single_quoted(Lexer *lexer, Part *part)
{
    size_t open = lexer->at;
    size_t close = open + 1 + text_find_byte(text_from(lexer->text, open + 1), '\'');

    if (close >= lexer->text.len)
        return refuse(lexer, TEXT("a single quote is never closed"));
    lexer->at = close + 1;
    return add(lexer, part,
               lexer->raw_quotes ? text_slice(lexer->text, open, close + 1)
                                 : text_slice(lexer->text, open + 1, close));
}

/* The position is behind an escape character inside double quotes. */
static bool read_quoted_escape(Lexer *lexer, Part *part)
{
    size_t escape = lexer->at - 1;

    if (lexer->raw_escapes &&
        !add(lexer, part, text_slice(lexer->text, escape, escape + 1)))
        return false;
    if (!more(lexer))
        return true;
    char behind = lexer->text.at[lexer->at];
    if (behind == '"' || behind == '$' || behind == lexer->escape)
        escape = lexer->at++;
    return add(lexer, part, text_slice(lexer->text, escape, escape + 1));
}

static bool read_double_quoted(Lexer *lexer, Part *part)
{
    lexer->at++;
    if (lexer->raw_quotes && !add(lexer, part, TEXT("\"")))
        return false;
    while (more(lexer)) {
        size_t at = lexer->at;
        char byte = lexer->text.at[at];
        bool ok = true;

        if (byte == '"') {
            lexer->at++;
            return !lexer->raw_quotes || add(lexer, part, TEXT("\""));
        }
        if (byte == '$') {
            ok = read_dollar(lexer, part);
        } else {
            lexer->at++;
            ok = byte == lexer->escape
                     ? read_quoted_escape(lexer, part)
                     : add(lexer, part, text_slice(lexer->text, at, at + 1));
        }
        if (!ok)
            return false;
    }
    return refuse(lexer, TEXT("a double quote is never closed"));
}

/* "<<" takes the blanks behind it into its word: a heredoc may be written "<< EOF". */
static bool read_angle(Lexer *lexer, Part *part)
{
    size_t start = lexer->at++;

    if (starts(lexer, TEXT("<"))) {
        do
            lexer->at++;
        while (starts(lexer, TEXT(" ")) || starts(lexer, TEXT("\t")) ||
               starts(lexer, TEXT("\r")));
    }
    return add(lexer, part, text_slice(lexer->text, start, lexer->at));
}

/* One byte, or an escape character and the byte it protects. */
static bool read_plain(Lexer *lexer, Part *part, bool *quoted)
{
    size_t at = lexer->at++;

    *quoted = lexer->text.at[at] == lexer->escape;
    if (!*quoted) {
        size_t space = dockerfile_space(lexer->text, at);

        lexer->at = at + (space ? space : 1);
        return add(lexer, part, text_slice(lexer->text, at, lexer->at));
    }
    if (lexer->raw_escapes && !add(lexer, part, text_slice(lexer->text, at, at + 1)))
        return false;
    if (!more(lexer))
        return true;
    at = lexer->at++;
    return add(lexer, part, text_slice(lexer->text, at, at + 1));
}

static bool read_one(Lexer *lexer, Part *part)
{
    size_t from = part->bytes.len;
    bool quoted = true, ok;

    switch (lexer->text.at[lexer->at]) {
    case '$':
        ok = read_dollar(lexer, part);
        quoted = false;
        break;
    case '<':
        ok = read_angle(lexer, part);
        break;
    case '\'':
        ok = read_single_quoted(lexer, part);
        break;
    case '"':
        ok = read_double_quoted(lexer, part);
        break;
    default:
        ok = read_plain(lexer, part, &quoted);
        break;
    }
    add_to_words(lexer, part, from, quoted);
    return ok;
}

static bool read_all(Lexer *lexer, int stop, Part *part)
{
    while (more(lexer)) {
        if (stop != NO_STOP && lexer->text.at[lexer->at] == (char)stop) {
            lexer->at++;
            return true;
        }
        if (!read_one(lexer, part))
            return false;
    }
    return stop == NO_STOP || refuse(lexer, TEXT("a '${' is never closed"));
}

/* Up to the byte `stop`, which is passed, or the end. Its depth on the C stack is
 * DEPTH_MAX. */
static bool read_until(Lexer *lexer, int stop, bool raw_escapes, Part *part)
{
    bool was_raw = lexer->raw_escapes;

    if (lexer->depth == DEPTH_MAX)
        return refuse(lexer,
                      TEXT("more than 32 substitutions stand inside each other"));
    lexer->depth++;
    lexer->raw_escapes = raw_escapes;
    bool ok = read_all(lexer, stop, part);
    lexer->raw_escapes = was_raw;
    lexer->depth--;
    return ok;
}

Expansion expand_dockerfile(Arena *arena, Text text, char escape, Variables variables)
{
    Lexer lexer = {.arena = arena,
                   .text = text,
                   .escape = escape,
                   .variables = variables,
                   .limit = EXPANDED_MAX,
                   .steps = STEPS_MAX};
    Part part = {.bytes = {.arena = arena}};

    (void)read_all(&lexer, NO_STOP, &part);
    return (Expansion){
        .value = buffer_text(&part.bytes), .hole = part.hole, .problem = lexer.problem};
}

static VariableState find_nothing(void *context, Text name, Text *value)
{
    (void)context;
    (void)name;
    (void)value;
    return VARIABLE_UNSET;
}

/* The escape character is "\" here, whatever the file's directive says: so it is in
 * BuildKit's search for heredocs. */
bool dockerfile_words(Arena *arena, Text line, bool raw, DockerfileWords *words)
{
    Lexer lexer = {.arena = arena,
                   .text = line,
                   .escape = '\\',
                   .variables = {find_nothing, NULL},
                   .raw_quotes = raw,
                   .raw_escapes = raw,
                   .keep_unset = true,
                   .words = words,
                   .word = {.arena = arena},
                   .limit = line.len, /* nothing is expanded */
                   .steps = STEPS_MAX};
    Part part = {.bytes = {.arena = arena}};

    if (!read_all(&lexer, NO_STOP, &part))
        return false;
    end_word(&lexer);
    return true;
}
