/*
 * dockerfile_words.h: a Dockerfile's line as words, as BuildKit's shell lexer cuts it.
 *
 * What tells where a heredoc begins ("<<EOF", but not "$((1<<2))" or "'<<EOF'"). The
 * other half of expand_dockerfile.c; nothing is expanded.
 */
#ifndef BERTH_SYNTAX_DOCKERFILE_WORDS_H
#define BERTH_SYNTAX_DOCKERFILE_WORDS_H

#include "base/arena.h"
#include "base/text.h"

typedef struct DockerfileWords {
    Text *items;
    uint32_t count, capacity;
} DockerfileWords;

/* The words with their quotes and escapes (`raw`), or without. False when the lexer
 * refuses the line (a quote that is not closed, a bad substitution). */
bool dockerfile_words(Arena *arena, Text line, bool raw, DockerfileWords *words);

/* Bytes of the white space character at `at` (Unicode's, as UTF-8); 0: it is none. */
size_t dockerfile_space(Text text, size_t at);
/* `text` without white space at its start or end. Views of the same bytes. */
Text dockerfile_trim_start(Text text);
Text dockerfile_trim_end(Text text);

#endif
