/*
 * dockerfile_check.h: what BuildKit knows of each instruction, and what it refuses.
 *
 * One table, by kind: how the operands are cut, which flags there are, how many
 * operands it takes. For dockerfile.c.
 */
#ifndef BERTH_SYNTAX_DOCKERFILE_CHECK_H
#define BERTH_SYNTAX_DOCKERFILE_CHECK_H

#include "syntax/dockerfile_operands.h"

typedef enum OperandForm {
    OPERANDS_WORDS,  /* between blanks */
    OPERANDS_QUOTED, /* between white space outside of quotes */
    OPERANDS_LIST,   /* a JSON list, or words */
    OPERANDS_TEXT,   /* a JSON list, or one text */
    OPERANDS_STRING, /* one text */
    OPERANDS_HEALTH,
    OPERANDS_TRIGGER,
    OPERANDS_NONE
} OperandForm;

OperandForm instruction_form(InstructionKind kind);
bool instruction_has_heredocs(InstructionKind kind);

/* Says what BuildKit refuses in an instruction that was read. */
void instruction_check(OperandReader *operands);

#endif
