/*
 * dockerfile_operands.h: what stands behind an instruction's name.
 *
 * Flags, words, lists in JSON and the options of "--mount", for dockerfile.c. Each
 * function reads from `start`, moves it, and fills the instruction.
 */
#ifndef BERTH_SYNTAX_DOCKERFILE_OPERANDS_H
#define BERTH_SYNTAX_DOCKERFILE_OPERANDS_H

#include "syntax/dockerfile_lines.h"

typedef struct OperandReader {
    LineReader *reader;
    const DockerfileLine *line;
    Instruction *instruction;
    size_t start, end; /* in the line's text */
    bool is_trigger;   /* of ONBUILD: BuildKit looks at it when it runs it */
} OperandReader;

Span operand_span(const OperandReader *operands, size_t start, size_t end);

/* Says what BuildKit refuses the instruction for; of a trigger, when it runs. */
void operand_refuse(OperandReader *operands, Span span, Text message);
/* The same for what BuildKit finds when it reads the file, triggers included. */
void operand_refuse_file(OperandReader *operands, Span span, Text message);

/* flag = "--" byte* ; up to the first word that is none, or "--" alone */
void operand_read_flags(OperandReader *operands);

/* Words between blanks, as they are. */
void operand_read_words(OperandReader *operands);
/* Words between white space that is neither quoted nor escaped. */
void operand_read_quoted_words(OperandReader *operands);
/* All of it as one word; none when there is nothing. */
void operand_read_text(OperandReader *operands);
/* A JSON list; false when it is no valid JSON list and nothing was read. */
bool operand_read_json(OperandReader *operands);

#endif
