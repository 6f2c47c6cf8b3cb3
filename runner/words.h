/*
 * words.h: the words of a call, or of an environment, which are few.
 */
#ifndef BERTH_RUNNER_WORDS_H
#define BERTH_RUNNER_WORDS_H

#include "base/arena.h"

enum { WORDS_MAX = 24 };

typedef struct Words {
    Arena *arena;
    char **at; /* ends in NULL */
    size_t n;
} Words;

Words words_new(Arena *arena);
/* Adds one word, `before` and `text`, in memory that is wiped. At most WORDS_MAX. */
void words_add(Words *words, const char *before, Text text);

#endif
