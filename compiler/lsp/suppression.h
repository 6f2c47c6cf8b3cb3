/*
 * suppression.h: where a comment goes that silences what begins at a place.
 *
 * The place is not reckoned but tried: the comment is put in, the file is read again as
 * its reader reads it, and it must cover the place there (syntax/comments.h).
 */
#ifndef BERTH_LSP_SUPPRESSION_H
#define BERTH_LSP_SUPPRESSION_H

#include "base/arena.h"
#include "base/text.h"

/* What stands for the reason until somebody writes theirs: an empty one would silence
 * nothing, and would be a finding itself. */
extern const Text suppression_placeholder;

typedef struct Insertion {
    uint32_t at;
    Text text;
} Insertion;

/* For a rule and a byte of the file at `path`. False where no comment can stand: in a
 * directive, in a file that is too large to be tried on. */
bool suppression_find(Arena *arena, Text path, Text bytes, Text rule, uint32_t at,
                      Insertion *insertion);

#endif
