#include "words.h"

#include <assert.h>
#include <string.h>

#include "redact.h"

Words words_new(Arena *arena)
{
    return (Words){arena, ARENA_ARRAY(arena, WORDS_MAX + 1, char *), 0};
}

void words_add(Words *words, const char *before, Text text)
{
    size_t len = strlen(before);
    char *word = secret_room(words->arena, len + text.len);

    assert(words->n < WORDS_MAX);
    memcpy(word, before, len);
    if (text.len)
        memcpy(word + len, text.at, text.len);
    words->at[words->n++] = word;
}
