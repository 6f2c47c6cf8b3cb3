#include "syntax/dockerfile_lines.h"

#include "base/buffer.h"
#include "syntax/dockerfile_words.h"

#define BYTE_ORDER_MARK TEXT("\xEF\xBB\xBF")

Span line_reader_span(const LineReader *reader, uint32_t start, uint32_t end)
{
    if (reader->inside.file)
        return reader->inside;
    return (Span){reader->file, start, end};
}

/* Where the byte `at` of the line stands in the file's bytes. */
static uint32_t origin(const DockerfileLine *line, size_t at)
{
    uint32_t low = 0, high = line->nsegments;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (line->segments[middle].at <= at)
            low = middle;
        else
            high = middle;
    }
    return line->segments[low].from + (uint32_t)at - line->segments[low].at;
}

Span dockerfile_line_span(const LineReader *reader, const DockerfileLine *line,
                          size_t start, size_t end)
{
    uint32_t first = origin(line, start);
    uint32_t behind = end > start ? origin(line, end - 1) + 1 : first;

    return line_reader_span(reader, first, behind);
}

void line_reader_refuse(LineReader *reader, Span span, Text message)
{
    diag_add(reader->diags, "input/syntax", span, "%.*s", TEXT_ARG(message));
    reader->dockerfile->is_refused = true;
}

/* --- directives --- */

static size_t pass_blanks(Text line, size_t at)
{
    while (at < line.len) {
        switch (line.at[at]) {
        case ' ':
        case '\t':
        case '\n':
        case '\f':
        case '\r':
            at++;
            continue;
        default:
            return at;
        }
    }
    return at;
}

/* directive = mark space* letter ( letter | digit )* blank* "=" blank* byte+ */
static bool read_directive(Text line, Text mark, Text *name, Text *value)
{
    if (!text_starts_with(line, mark))
        return false;
    line = dockerfile_trim_start(text_from(line, mark.len));
    size_t end = 0;
    while (end < line.len &&
           (byte_is_letter(line.at[end]) || (end > 0 && byte_is_digit(line.at[end]))))
        end++;
    size_t equals = pass_blanks(line, end);
    if (end == 0 || equals == line.len || line.at[equals] != '=')
        return false;
    *name = text_slice(line, 0, end);
    *value = text_from(line, pass_blanks(line, equals + 1));
    while (value->len && pass_blanks(*value, value->len - 1) == value->len)
        value->len--;
    return value->len > 0;
}

static bool is_name(Text name, Text known)
{
    return text_equal_ignoring_case(name, known);
}

static bool is_known_directive(Text name)
{
    return is_name(name, TEXT("syntax")) || is_name(name, TEXT("escape")) ||
           is_name(name, TEXT("check"));
}

static Text find_syntax(Text bytes, size_t at, Text mark)
{
    Text rest = text_from(bytes, at), line, name, value;
    bool saw_escape = false, saw_check = false;

    for (bool done = false; text_next_part(&rest, '\n', &line, &done);) {
        if (!read_directive(line, mark, &name, &value) || !is_known_directive(name))
            break;
        if (is_name(name, TEXT("syntax")))
            return text_slice(value, 0, text_find_byte(value, ' '));
        bool *saw = is_name(name, TEXT("escape")) ? &saw_escape : &saw_check;
        if (*saw)
            break;
        *saw = true;
    }
    return (Text){0};
}

Text dockerfile_find_syntax(Text bytes, uint32_t *start)
{
    size_t at = text_starts_with(bytes, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.len : 0;

    if (text_starts_with(text_from(bytes, at), TEXT("#!")))
        at += text_find_byte(text_from(bytes, at), '\n') + 1;
    Text syntax = find_syntax(bytes, at, TEXT("#"));
    if (syntax.len == 0)
        syntax = find_syntax(bytes, at, TEXT("//"));
    *start = syntax.len ? (uint32_t)(syntax.at - bytes.at) : 0;
    return syntax;
}

static void set_escape(LineReader *reader, Text value, Span span)
{
    if (value.len == 1 && (value.at[0] == '\\' || value.at[0] == '`')) {
        reader->dockerfile->escape = value.at[0];
        reader->dockerfile->escape_directive = (DockerfileWord){value, span};
        return;
    }
    line_reader_refuse(reader, span,
                       TEXT("the escape character must be '\\' or '`'; this directive "
                            "was left out"));
}

/* Every physical line is asked until one is no directive. [D1] */
static void take_directive(LineReader *reader, Text line)
{
    Text name, value;

    if (reader->directives_done)
        return;
    if (!read_directive(line, TEXT("#"), &name, &value) || !is_known_directive(name)) {
        reader->directives_done = true;
        return;
    }
    bool is_escape = is_name(name, TEXT("escape"));
    bool *saw = is_escape                       ? &reader->saw_escape
                : is_name(name, TEXT("syntax")) ? &reader->saw_syntax
                                                : &reader->saw_check;
    uint32_t start = (uint32_t)(name.at - reader->bytes.at);
    uint32_t end = (uint32_t)(value.at + value.len - reader->bytes.at);

    if (*saw)
        line_reader_refuse(reader, line_reader_span(reader, start, end),
                           TEXT("this parser directive stands twice"));
    else if (is_escape)
        set_escape(reader, value,
                   line_reader_span(reader, end - (uint32_t)value.len, end));
    *saw = true;
}

/* --- lines --- */

/* A physical line without its end (LF, and every CR before it). */
static bool read_physical(LineReader *reader, Text *line)
{
    if (reader->at >= reader->bytes.len)
        return false;
    Text rest = text_from(reader->bytes, reader->at);
    size_t end = text_find_byte(rest, '\n');

    if (end > DOCKERFILE_LINE_MAX)
        line_reader_refuse(
            reader, line_reader_span(reader, reader->at, reader->at + 1),
            TEXT("this line is longer than 65535 bytes, which BuildKit does not read"));
    reader->at += (uint32_t)end + (end < rest.len);
    while (end > 0 && rest.at[end - 1] == '\r')
        end--;
    *line = (Text){rest.at, end};
    return true;
}

static bool is_comment(Text line)
{
    return text_starts_with(dockerfile_trim_start(line), TEXT("#"));
}

static void add_comment(LineReader *reader, Text line)
{
    Text comment = dockerfile_trim_start(line);
    uint32_t start = (uint32_t)(comment.at - reader->bytes.at);

    comments_add(&reader->comments, start, start + (uint32_t)comment.len, false);
}

/* Takes a continuation off: the escape character, alone or behind another byte, and
 * blanks. [D4] */
static bool take_continuation(Text *line, char escape)
{
    size_t end = line->len;

    while (end > 0 && (line->at[end - 1] == ' ' || line->at[end - 1] == '\t'))
        end--;
    if (end == 0 || line->at[end - 1] != escape)
        return false;
    if (end > 1 && line->at[end - 2] == escape)
        return false;
    line->len = end - 1;
    return true;
}

static void add_segment(LineReader *reader, DockerfileLine *line, size_t at,
                        const char *from)
{
    LineSegment segment = {(uint32_t)at, (uint32_t)(from - reader->bytes.at)};

    ARRAY_GROW(reader->arena, line->segments, line->nsegments, line->segments_capacity);
    line->segments[line->nsegments++] = segment;
}

/* The lines that continue one; comments and empty lines among them are passed over. */
static void join(LineReader *reader, DockerfileLine *line)
{
    Buffer joined = {.arena = reader->arena};
    Text part;

    buffer_add(&joined, line->text);
    for (bool continues = true; continues && read_physical(reader, &part);) {
        take_directive(reader, part);
        if (is_comment(part))
            add_comment(reader, part);
        if (is_comment(part) || dockerfile_trim_start(part).len == 0)
            continue;
        continues = take_continuation(&part, reader->dockerfile->escape);
        add_segment(reader, line, joined.len, part.at);
        buffer_add(&joined, part);
    }
    line->text = buffer_text(&joined);
}

bool line_reader_next(LineReader *reader, DockerfileLine *line)
{
    Text part;

    while (read_physical(reader, &part)) {
        if ((size_t)(part.at - reader->bytes.at) == 0 &&
            text_starts_with(part, BYTE_ORDER_MARK))
            part =
                (Text){part.at + BYTE_ORDER_MARK.len, part.len - BYTE_ORDER_MARK.len};
        Text trimmed = dockerfile_trim_start(part);
        take_directive(reader, trimmed);
        if (is_comment(trimmed))
            add_comment(reader, trimmed);
        if (is_comment(trimmed) || trimmed.len == 0)
            continue;
        bool continues = take_continuation(&trimmed, reader->dockerfile->escape);

        *line = (DockerfileLine){.text = trimmed};
        add_segment(reader, line, 0, trimmed.at);
        if (continues)
            join(reader, line);
        return true;
    }
    return false;
}

bool line_reader_heredoc(LineReader *reader, Text name, bool strips_tabs, Span *body)
{
    uint32_t start = reader->at;
    Text line;

    for (uint32_t before = start; read_physical(reader, &line); before = reader->at) {
        while (strips_tabs && line.len && line.at[0] == '\t')
            line = text_from(line, 1);
        if (!text_equal(line, name))
            continue;
        *body = line_reader_span(reader, start, before);
        return true;
    }
    *body = line_reader_span(reader, start, reader->at);
    return false;
}
