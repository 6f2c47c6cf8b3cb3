#include "syntax/dockerfile_operands.h"

#include "base/buffer.h"
#include "syntax/dockerfile_words.h"

/* A flag's bytes as its reader sees them, each with its place in the line. */
typedef struct FlagText {
    Buffer bytes;
    uint32_t *places;
    uint32_t count, capacity;
} FlagText;

Span operand_span(const OperandReader *operands, size_t start, size_t end)
{
    return dockerfile_line_span(operands->reader, operands->line, start, end);
}

void operand_refuse_file(OperandReader *operands, Span span, Text message)
{
    line_reader_refuse(operands->reader, span, message);
}

void operand_refuse(OperandReader *operands, Span span, Text message)
{
    Instruction *instruction = operands->instruction;

    if (!operands->is_trigger) {
        operand_refuse_file(operands, span, message);
    } else if (instruction->problem.len == 0) {
        instruction->problem = message;
        instruction->problem_span = span;
    }
}

static char byte_at(const OperandReader *operands, size_t at)
{
    return at < operands->end ? operands->line->text.at[at] : '\0';
}

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* What can be said of so many words is not worth reading them. */
static bool has_room(OperandReader *operands, uint32_t count, size_t at)
{
    if (count < DOCKERFILE_WORDS_MAX)
        return true;
    diag_add(operands->reader->diags, "input/syntax",
             operand_span(operands, at, operands->end),
             "an instruction has more than %d words; the rest was not read",
             DOCKERFILE_WORDS_MAX);
    return false;
}

static bool add_word(OperandReader *operands, size_t start, size_t end)
{
    Instruction *instruction = operands->instruction;
    DockerfileWord word = {text_slice(operands->line->text, start, end),
                           operand_span(operands, start, end)};

    if (!has_room(operands, instruction->nwords, start))
        return false;
    ARRAY_GROW(operands->reader->arena, instruction->words, instruction->nwords,
               instruction->words_capacity);
    instruction->words[instruction->nwords++] = word;
    return true;
}

/* --- mounts --- */

/* The parts of one "--mount=" value that are looked at. */
typedef struct MountReader {
    OperandReader *operands;
    const FlagText *flag;
    Text text; /* of the flag */
    size_t at; /* in it */
    DockerfileMount mount;
} MountReader;

static Span flag_span(const OperandReader *operands, const FlagText *flag, size_t start,
                      size_t end)
{
    if (flag->count == 0)
        return operand_span(operands, operands->start, operands->start);
    if (start >= end || end > flag->count) {
        uint32_t last = flag->places[flag->count - 1] + 1;

        return operand_span(operands, last, last);
    }
    return operand_span(operands, flag->places[start], flag->places[end - 1] + 1);
}

/* field = '"' ( byte | '""' )* '"' | byte* ; *open is where its bytes begin. False:
 * this is no CSV. */
static bool read_field(MountReader *reader, Buffer *field, size_t *open, size_t *close)
{
    bool quoted = reader->at < reader->text.len && reader->text.at[reader->at] == '"';

    reader->at += quoted;
    *open = reader->at;
    for (; reader->at < reader->text.len; reader->at++) {
        char byte = reader->text.at[reader->at];

        if (!quoted && byte == ',')
            break;
        if (byte == '"') {
            char behind = reader->at + 1 < reader->text.len
                              ? reader->text.at[reader->at + 1]
                              : ',';

            *close = reader->at;
            if (quoted && behind == ',') {
                reader->at++;
                return true;
            }
            if (!quoted || behind != '"')
                return false;
            reader->at++;
        }
        buffer_add_byte(field, byte);
    }
    *close = reader->at;
    return !quoted;
}

static void take_option(MountReader *reader, Text field, size_t open, size_t close)
{
    size_t equals = text_find_byte(field, '=');
    Text key = text_slice(field, 0, equals), value = text_from(field, equals + 1);
    Span span = flag_span(reader->operands, reader->flag, open + equals + 1, close);

    if (text_equal_ignoring_case(key, TEXT("type")))
        reader->mount.type = value;
    if (equals == field.len || !text_equal_ignoring_case(key, TEXT("from")))
        return;
    if (text_find_byte(value, '$') + 1 < value.len)
        operand_refuse(reader->operands, span,
                       TEXT("variables are not expanded in the 'from' of a mount, "
                            "expected the name of a stage or image"));
    else
        reader->mount.from = (DockerfileWord){value, span};
}

/* mount = field ( "," field )* ; the keys ignore case [D19] */
static void read_mount(OperandReader *operands, const FlagText *flag, size_t value,
                       Span span)
{
    Instruction *instruction = operands->instruction;
    Arena *arena = operands->reader->arena;
    MountReader reader = {.operands = operands,
                          .flag = flag,
                          .text = buffer_text(&flag->bytes),
                          .at = value,
                          .mount = {.span = span}};

    for (bool ends = false; !ends; reader.at++) {
        Buffer field = {.arena = arena};
        size_t open, close = 0;

        if (value == reader.text.len || !read_field(&reader, &field, &open, &close)) {
            operand_refuse(operands, span,
                           TEXT("the options of a mount are no list of comma "
                                "separated values"));
            return;
        }
        take_option(&reader, buffer_text(&field), open, close);
        ends = reader.at >= reader.text.len;
    }
    ARRAY_GROW(arena, instruction->mounts, instruction->nmounts,
               instruction->mounts_capacity);
    instruction->mounts[instruction->nmounts++] = reader.mount;
}

/* --- flags --- */

static void add_flag_byte(OperandReader *operands, FlagText *flag, size_t at)
{
    buffer_add_byte(&flag->bytes, byte_at(operands, at));
    ARRAY_GROW(operands->reader->arena, flag->places, flag->count, flag->capacity);
    flag->places[flag->count++] = (uint32_t)at;
}

/* Up to white space that is neither quoted nor escaped; returns where it ends. */
static size_t read_flag_text(OperandReader *operands, FlagText *flag)
{
    char escape = operands->reader->dockerfile->escape;
    char quote = '\0';
    size_t at = operands->start;

    for (; at < operands->end && (quote || !is_blank(byte_at(operands, at))); at++) {
        char byte = byte_at(operands, at);

        if (quote ? byte == quote : (byte == '"' || byte == '\'')) {
            quote = quote ? '\0' : byte;
            continue;
        }
        if (byte == escape && ++at == operands->end)
            break;
        add_flag_byte(operands, flag, at);
    }
    return at;
}

static void add_flag(OperandReader *operands, const FlagText *text, size_t end)
{
    Instruction *instruction = operands->instruction;
    Text bytes = buffer_text(&text->bytes);
    size_t equals = text_find_byte(bytes, '=');
    DockerfileFlag flag = {.name = text_slice(bytes, 2, equals),
                           .value = text_from(bytes, equals + 1),
                           .has_value = equals < bytes.len,
                           .span = operand_span(operands, operands->start, end),
                           .value_span =
                               flag_span(operands, text, equals + 1, bytes.len)};

    ARRAY_GROW(operands->reader->arena, instruction->flags, instruction->nflags,
               instruction->flags_capacity);
    instruction->flags[instruction->nflags++] = flag;
    if (instruction->kind == INSTRUCTION_RUN && flag.has_value &&
        text_equal(flag.name, TEXT("mount")))
        read_mount(operands, text, equals + 1, flag.span);
}

void operand_read_flags(OperandReader *operands)
{
    for (;;) {
        FlagText flag = {.bytes = {.arena = operands->reader->arena}};

        while (operands->start < operands->end &&
               is_blank(byte_at(operands, operands->start)))
            operands->start++;
        if (byte_at(operands, operands->start) != '-' ||
            byte_at(operands, operands->start + 1) != '-' ||
            !has_room(operands, operands->instruction->nflags, operands->start))
            return;
        size_t end = read_flag_text(operands, &flag);
        bool ends_flags = text_equal(buffer_text(&flag.bytes), TEXT("--"));

        if (!ends_flags)
            add_flag(operands, &flag, end);
        operands->start = end;
        if (ends_flags)
            break;
    }
    while (operands->start < operands->end &&
           is_blank(byte_at(operands, operands->start)))
        operands->start++;
}

/* --- words --- */

void operand_read_words(OperandReader *operands)
{
    while (operands->start < operands->end) {
        size_t start = operands->start;

        while (operands->start < operands->end &&
               !is_blank(byte_at(operands, operands->start)))
            operands->start++;
        if (operands->start > start && !add_word(operands, start, operands->start))
            return;
        while (operands->start < operands->end &&
               is_blank(byte_at(operands, operands->start)))
            operands->start++;
    }
}

/* word = ( byte | escape byte | quoted )+ */
static size_t find_word_end(const OperandReader *operands, size_t at)
{
    Text text = text_slice(operands->line->text, 0, operands->end);
    char escape = operands->reader->dockerfile->escape;
    char quote = '\0';

    for (; at < text.len; at++) {
        char byte = text.at[at];

        if (!quote && dockerfile_space(text, at))
            return at;
        if (byte == escape && quote != '\'') {
            if (at + 1 == text.len) /* there is nothing to escape: it is left out */
                return at;
            at++;
        } else if (quote ? byte == quote : (byte == '"' || byte == '\'')) {
            quote = quote ? '\0' : byte;
        }
    }
    return text.len;
}

void operand_read_quoted_words(OperandReader *operands)
{
    Text text = text_slice(operands->line->text, 0, operands->end);

    for (;;) {
        for (size_t space; (space = dockerfile_space(text, operands->start)) > 0;)
            operands->start += space;
        if (operands->start >= operands->end)
            return;
        size_t end = find_word_end(operands, operands->start);
        if (end == operands->start || !add_word(operands, operands->start, end))
            return;
        operands->start = end;
    }
}

void operand_read_text(OperandReader *operands)
{
    if (operands->start < operands->end)
        (void)add_word(operands, operands->start, operands->end);
}

/* --- JSON --- */

static size_t pass_json_blanks(const OperandReader *operands, size_t at)
{
    while (byte_at(operands, at) == ' ' || byte_at(operands, at) == '\t' ||
           byte_at(operands, at) == '\r' || byte_at(operands, at) == '\n')
        at++;
    return at;
}

static bool is_hexadecimal(char byte)
{
    byte = byte_to_lower(byte);
    return byte_is_digit(byte) || (byte >= 'a' && byte <= 'f');
}

/* `at` is behind a backslash; returns what is behind the escape, 0 when it is none. */
static size_t pass_json_escape(const OperandReader *operands, size_t at)
{
    switch (byte_at(operands, at)) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return at + 1;
    case 'u':
        for (size_t i = 1; i <= 4; i++) {
            if (!is_hexadecimal(byte_at(operands, at + i)))
                return 0;
        }
        return at + 5;
    default:
        return 0;
    }
}

/* Returns what is behind the string that begins at `at`, 0 when there is none. */
static size_t pass_json_string(const OperandReader *operands, size_t at)
{
    if (byte_at(operands, at) != '"')
        return 0;
    for (at++; at < operands->end;) {
        char byte = byte_at(operands, at);

        if (byte == '"')
            return at + 1;
        if ((unsigned char)byte < 0x20)
            return 0;
        at = byte == '\\' ? pass_json_escape(operands, at + 1) : at + 1;
        if (at == 0)
            return 0;
    }
    return 0;
}

/* A number or a word: what a list of an instruction must not hold. */
static size_t pass_json_scalar(const OperandReader *operands, size_t at)
{
    static const Text words[] = {TEXT_INIT("true"), TEXT_INIT("false"),
                                 TEXT_INIT("null")};
    Text rest = text_from(text_slice(operands->line->text, 0, operands->end), at);
    size_t start = at;

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (text_starts_with(rest, words[i]))
            return at + words[i].len;
    }
    at += byte_at(operands, at) == '-';
    while (byte_is_digit(byte_at(operands, at)) ||
           (at > start && byte_at(operands, at) == '.'))
        at++;
    return at > start && byte_is_digit(byte_at(operands, at - 1)) ? at : 0;
}

/* list = "[" [ value ( "," value )* ] "]" ; lists and objects in it are not read */
bool operand_read_json(OperandReader *operands)
{
    Instruction *instruction = operands->instruction;
    size_t at = pass_json_blanks(operands, operands->start);
    bool has_others = false;

    if (byte_at(operands, at) != '[')
        return false;
    at = pass_json_blanks(operands, at + 1);
    while (byte_at(operands, at) != ']' || instruction->nwords > 0 || has_others) {
        size_t end = pass_json_string(operands, at);

        if (end && !add_word(operands, at + 1, end - 1))
            return instruction->is_json = true;
        has_others |= end == 0;
        end = end ? end : pass_json_scalar(operands, at);
        at = pass_json_blanks(operands, end);
        if (end == 0 ||
            (byte_at(operands, at) != ',' && byte_at(operands, at) != ']')) {
            instruction->nwords = 0;
            return false;
        }
        if (byte_at(operands, at) == ']')
            break;
        at = pass_json_blanks(operands, at + 1);
    }
    if (pass_json_blanks(operands, at + 1) < operands->end) {
        instruction->nwords = 0;
        return false;
    }
    if (has_others)
        operand_refuse_file(operands,
                            operand_span(operands, operands->start, operands->end),
                            TEXT("a list in JSON form may hold nothing but strings"));
    instruction->is_json = true;
    return true;
}
