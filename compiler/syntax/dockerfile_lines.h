/*
 * dockerfile_lines.h: the logical lines of a Dockerfile.
 *
 * Physical lines, parser directives, comments and continuations, for dockerfile.c. A
 * logical line is a text of its own when it was continued, so that a word may go on in
 * the next line ("FROM a/\" "b" is "a/b"); its segments lead back to the file's bytes.
 */
#ifndef BERTH_SYNTAX_DOCKERFILE_LINES_H
#define BERTH_SYNTAX_DOCKERFILE_LINES_H

#include "syntax/comments.h"
#include "syntax/dockerfile.h"

enum { DOCKERFILE_LINE_MAX = 65535 }; /* bytes of a physical line [D8] */

typedef struct LineSegment {
    uint32_t at;   /* in the logical line */
    uint32_t from; /* in the bytes */
} LineSegment;

typedef struct DockerfileLine {
    Text text;
    LineSegment *segments;
    uint32_t nsegments, segments_capacity;
} DockerfileLine;

typedef struct LineReader {
    Arena *arena;
    Diags *diags;
    Text bytes;
    uint32_t file;
    Span inside; /* of an inline Dockerfile: every span; else file 0 */
    uint32_t at;
    Dockerfile *dockerfile;
    Comments comments;
    bool directives_done, saw_syntax, saw_escape, saw_check;
} LineReader;

/* The bytes [start, end) as a span; the same of a logical line. */
Span line_reader_span(const LineReader *reader, uint32_t start, uint32_t end);
Span dockerfile_line_span(const LineReader *reader, const DockerfileLine *line,
                          size_t start, size_t end);

/* Says what BuildKit refuses the file for. */
void line_reader_refuse(LineReader *reader, Span span, Text message);

/* The frontend that "# syntax=", "// syntax=" or a JSON document names, as BuildKit
 * detects it [D2]; *start is its offset. Empty: none. */
Text dockerfile_find_syntax(Text bytes, uint32_t *start);

/* The next logical line that is neither blank nor a comment; false at the end. */
bool line_reader_next(LineReader *reader, DockerfileLine *line);

/* Passes over the body of a heredoc; *body is its span without the terminator. False
 * when the terminator is missing. */
bool line_reader_heredoc(LineReader *reader, Text name, bool strips_tabs, Span *body);

#endif
