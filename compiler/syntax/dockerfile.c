#include "syntax/dockerfile.h"

#include "base/json_out.h"
#include "syntax/dockerfile_check.h"
#include "syntax/dockerfile_words.h"
#include "syntax/syntax.h"

static const Text kind_names[] = {
#define KIND(enumerator, name) TEXT_INIT(name),
    INSTRUCTION_KINDS(KIND)
#undef KIND
};

Text instruction_kind_name(InstructionKind kind)
{
    return kind_names[kind];
}

static InstructionKind kind_of(Text name)
{
    for (int kind = INSTRUCTION_UNKNOWN + 1; kind < INSTRUCTION_KIND_COUNT; kind++) {
        if (text_equal_ignoring_case(name, kind_names[kind]))
            return (InstructionKind)kind;
    }
    return INSTRUCTION_UNKNOWN;
}

const DockerfileFlag *instruction_flag(const Instruction *instruction, Text name)
{
    for (uint32_t i = instruction->nflags; i > 0; i--) {
        if (text_equal(instruction->flags[i - 1].name, name))
            return &instruction->flags[i - 1];
    }
    return NULL;
}

/* --- one instruction --- */

/* Blanks part an instruction's name from its operands; a no-break space does not. */
static bool is_separator(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\v' || byte == '\f' || byte == '\r';
}

static void read_instruction(OperandReader *operands);

static void read_trigger(OperandReader *operands)
{
    OperandReader inner = *operands;

    if (operands->start >= operands->end)
        return;
    inner.instruction = ARENA_NEW(operands->reader->arena, Instruction);
    inner.is_trigger = true;
    operands->instruction->trigger = inner.instruction;
    read_instruction(&inner);
}

/* type [ command ] */
static void read_health(OperandReader *operands)
{
    OperandReader type = *operands;
    Text text = text_slice(operands->line->text, 0, operands->end);
    size_t end = operands->start;

    while (end < text.len && !dockerfile_space(text, end))
        end++;
    type.end = end;
    operand_read_text(&type);
    for (size_t space; (space = dockerfile_space(text, end)) > 0;)
        end += space;
    operands->start = end;
    operand_read_text(operands);
}

static void read_operands(OperandReader *operands)
{
    switch (instruction_form(operands->instruction->kind)) {
    case OPERANDS_WORDS:
        operand_read_words(operands);
        break;
    case OPERANDS_QUOTED:
        operand_read_quoted_words(operands);
        break;
    case OPERANDS_LIST:
        if (!operand_read_json(operands))
            operand_read_words(operands);
        break;
    case OPERANDS_TEXT:
        if (!operand_read_json(operands))
            operand_read_text(operands);
        break;
    case OPERANDS_STRING:
        operand_read_text(operands);
        break;
    case OPERANDS_HEALTH:
        read_health(operands);
        break;
    case OPERANDS_TRIGGER:
        if (!operands->is_trigger) /* a trigger of a trigger is refused: depth 1 */
            read_trigger(operands);
        break;
    case OPERANDS_NONE:
        break;
    }
}

/* instruction = name [ blank+ flag* operands ] */
static void read_instruction(OperandReader *operands)
{
    Instruction *instruction = operands->instruction;
    Text text = operands->line->text;
    size_t start = operands->start, end = start;

    while (end < operands->end && !is_separator(text.at[end]))
        end++;
    instruction->name = text_slice(text, start, end);
    instruction->name_span = operand_span(operands, start, end);
    instruction->span = operand_span(operands, start, operands->end);
    instruction->kind = kind_of(instruction->name);
    while (end < operands->end && is_separator(text.at[end]))
        end++;
    operands->start = end;
    operand_read_flags(operands);
    read_operands(operands);
    instruction_check(operands);
}

/* --- heredocs --- */

typedef struct Heredoc {
    Text name;
    bool strips_tabs;
} Heredoc;

/* heredoc = digit* "<<" [ "-" ] blank* name ; the name is one word, with or without
 * quotes [D7] */
static bool read_heredoc(Arena *arena, Text word, Heredoc *heredoc)
{
    DockerfileWords words = {0};
    size_t at = 0;

    while (at < word.len && byte_is_digit(word.at[at]))
        at++;
    if (!text_starts_with(text_from(word, at), TEXT("<<")))
        return false;
    at += 2;
    heredoc->strips_tabs = at < word.len && word.at[at] == '-';
    Text rest = text_trim(text_from(word, at + heredoc->strips_tabs));
    if (rest.len == 0 || text_find_byte(rest, '<') < rest.len ||
        !dockerfile_words(arena, rest, false, &words) || words.count != 1)
        return false;
    heredoc->name = words.items[0];
    return true;
}

static void read_heredocs(LineReader *reader, const DockerfileLine *line,
                          Instruction *instruction)
{
    const Instruction *what = instruction->trigger ? instruction->trigger : instruction;
    DockerfileWords words = {0};

    if (!instruction_has_heredocs(what->kind) || what->is_json ||
        text_find(line->text, TEXT("<<")) == line->text.len ||
        !dockerfile_words(reader->arena, line->text, true, &words))
        return;
    for (uint32_t i = 0; i < words.count; i++) {
        Heredoc heredoc;
        DockerfileWord body;

        if (!read_heredoc(reader->arena, words.items[i], &heredoc))
            continue;
        bool ends =
            line_reader_heredoc(reader, heredoc.name, heredoc.strips_tabs, &body.span);
        if (!ends)
            line_reader_refuse(reader, instruction->span,
                               TEXT("this heredoc is never closed"));
        body.text = heredoc.name;
        ARRAY_GROW(reader->arena, instruction->heredocs, instruction->nheredocs,
                   instruction->heredocs_capacity);
        instruction->heredocs[instruction->nheredocs++] = body;
        if (!ends || instruction->nheredocs == DOCKERFILE_WORDS_MAX)
            return;
    }
}

/* --- the file --- */

/* A comment before an instruction covers all of it, one among its lines the rest. */
static void settle_comments(LineReader *reader, const DockerfileLine *line)
{
    const LineSegment *first = &line->segments[0];

    comments_settle(&reader->comments, first->from, reader->at);
}

/* Nothing but ARG may stand before the first FROM. [D8] */
static void check_order(LineReader *reader, const Instruction *instruction,
                        bool *has_stage)
{
    if (instruction->kind == INSTRUCTION_FROM)
        *has_stage = true;
    else if (!*has_stage && instruction->kind != INSTRUCTION_ARG &&
             instruction->kind != INSTRUCTION_UNKNOWN)
        line_reader_refuse(reader, instruction->name_span,
                           TEXT("this stands before the first FROM, where only ARG "
                                "may stand"));
}

static void read_instructions(LineReader *reader)
{
    Dockerfile *dockerfile = reader->dockerfile;
    DockerfileLine line;
    bool has_stage = false;

    while (line_reader_next(reader, &line)) {
        if (dockerfile->count == DOCKERFILE_INSTRUCTIONS_MAX) {
            line_reader_refuse(reader, dockerfile_line_span(reader, &line, 0, 1),
                               TEXT("the file has more than 16384 instructions; the "
                                    "rest was not read"));
            break;
        }
        Instruction instruction = {0};
        OperandReader operands = {.reader = reader,
                                  .line = &line,
                                  .instruction = &instruction,
                                  .end = dockerfile_trim_end(line.text).len};

        read_instruction(&operands);
        check_order(reader, &instruction, &has_stage);
        read_heredocs(reader, &line, &instruction);
        settle_comments(reader, &line);
        ARRAY_GROW(reader->arena, dockerfile->instructions, dockerfile->count,
                   dockerfile->capacity);
        dockerfile->instructions[dockerfile->count++] = instruction;
    }
    if (dockerfile->is_refused || has_stage)
        return;
    line_reader_refuse(reader, dockerfile->start,
                       reader->bytes.len == 0   ? TEXT("the Dockerfile is empty")
                       : dockerfile->count == 0 ? TEXT("there is no instruction here")
                                                : TEXT("there is no FROM, so there is "
                                                       "nothing to build"));
}

static Dockerfile *read_all(LineReader *reader)
{
    Dockerfile *dockerfile = ARENA_NEW(reader->arena, Dockerfile);
    uint32_t start, len = (uint32_t)reader->bytes.len;

    reader->dockerfile = dockerfile;
    dockerfile->escape = '\\';
    dockerfile->span = line_reader_span(reader, 0, len);
    dockerfile->start = line_reader_span(reader, 0, 0);
    dockerfile->syntax.text = dockerfile_find_syntax(reader->bytes, &start);
    if (dockerfile->syntax.text.len)
        dockerfile->syntax.span = line_reader_span(
            reader, start, start + (uint32_t)dockerfile->syntax.text.len);
    reader->comments = (Comments){.arena = reader->arena, .bytes = reader->bytes};
    read_instructions(reader);
    return dockerfile;
}

/* A JSON document may name a frontend, too: it is none of ours to read. [D2] */
static void read_json_syntax(Arena *arena, Sources *sources, Dockerfile *dockerfile)
{
    uint32_t file = dockerfile->span.file;
    Diags *diags = diags_new(arena);

    if (dockerfile->syntax.text.len ||
        !text_starts_with(text_trim(source_bytes(sources, file)), TEXT("{")))
        return;
    const Tree *tree = json_read(arena, sources, file, diags);
    NodeId syntax = tree_find(tree, tree->root, TEXT("syntax"));
    if (diags->count == 0 && tree_is_string(tree, syntax))
        dockerfile->syntax =
            (DockerfileWord){tree_string(tree, syntax), tree_span(tree, syntax)};
}

Dockerfile *dockerfile_read(Arena *arena, Sources *sources, uint32_t file, Diags *diags)
{
    LineReader reader = {.arena = arena,
                         .diags = diags,
                         .bytes = source_bytes(sources, file),
                         .file = file};
    Dockerfile *dockerfile = read_all(&reader);

    comments_hand_up(&reader.comments, sources, file);
    read_json_syntax(arena, sources, dockerfile);
    return dockerfile;
}

Dockerfile *dockerfile_read_inline(Arena *arena, Sources *sources, Text text, Span span,
                                   Diags *diags)
{
    LineReader reader = {.arena = arena,
                         .diags = diags,
                         .bytes = text,
                         .file = span.file,
                         .inside = span};
    Dockerfile *dockerfile = read_all(&reader);

    comments_hand_up_inline(&reader.comments, sources, span_origin(sources, span));
    return dockerfile;
}

/* --- its dump --- */

static void dump_place(Sources *sources, Span span, Buffer *out)
{
    Place start = source_place(sources, span.file, span.start);
    Place end = source_place(sources, span.file, span.end);

    buffer_format(out, " %u:%u-%u:%u", start.line, start.column, end.line, end.column);
}

static void dump_word(Sources *sources, DockerfileWord word, Buffer *out)
{
    dump_place(sources, word.span, out);
    buffer_add_byte(out, ' ');
    if (span_has_secret(sources, word.span))
        buffer_add(out, TEXT("•••"));
    else
        json_add_quoted(out, word.text);
}

static void dump_list(Sources *sources, const char *name, const DockerfileWord *words,
                      uint32_t count, Buffer *out)
{
    for (uint32_t i = 0; i < count; i++) {
        buffer_format(out, " (%s", name);
        dump_word(sources, words[i], out);
        buffer_add_byte(out, ')');
    }
}

/* instruction = "(" name place ( "(flag" place text ")" | "(word" place text ")" | ...
 * | instruction )* ")" */
static void dump_instruction(const Instruction *instruction, Sources *sources,
                             Buffer *out)
{
    buffer_format(out, "(%.*s", TEXT_ARG(instruction_kind_name(instruction->kind)));
    dump_place(sources, instruction->span, out);
    for (uint32_t i = 0; i < instruction->nflags; i++) {
        const DockerfileFlag *flag = &instruction->flags[i];

        buffer_add(out, TEXT(" (flag "));
        json_add_quoted(out, flag->name);
        if (flag->has_value)
            dump_word(sources, (DockerfileWord){flag->value, flag->value_span}, out);
        else
            dump_place(sources, flag->span, out);
        buffer_add_byte(out, ')');
    }
    for (uint32_t i = 0; i < instruction->nmounts; i++) {
        if (instruction->mounts[i].from.text.len)
            dump_list(sources, "from", &instruction->mounts[i].from, 1, out);
    }
    dump_list(sources, instruction->is_json ? "item" : "word", instruction->words,
              instruction->nwords, out);
    dump_list(sources, "heredoc", instruction->heredocs, instruction->nheredocs, out);
    if (instruction->trigger) {
        buffer_add_byte(out, ' ');
        dump_instruction(instruction->trigger, sources, out); /* depth 1 */
    }
    buffer_add_byte(out, ')');
}

static void dump_directive(Sources *sources, const char *name, DockerfileWord value,
                           Buffer *out)
{
    if (value.text.len == 0)
        return;
    buffer_format(out, "(%s", name);
    dump_word(sources, value, out);
    buffer_add(out, TEXT(")\n"));
}

void dockerfile_dump(const Dockerfile *dockerfile, Sources *sources, Buffer *out)
{
    dump_directive(sources, "syntax", dockerfile->syntax, out);
    dump_directive(sources, "escape", dockerfile->escape_directive, out);
    for (uint32_t i = 0; i < dockerfile->count; i++) {
        dump_instruction(&dockerfile->instructions[i], sources, out);
        buffer_add_byte(out, '\n');
    }
}
