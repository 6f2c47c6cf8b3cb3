/*
 * buffer.h: text that grows at its end.
 *
 * The bytes lie in the arena; buffer_text is a view that the next addition may
 * move. Start with {.arena = arena}.
 */
#ifndef BERTH_BASE_BUFFER_H
#define BERTH_BASE_BUFFER_H

#include "base/arena.h"
#include "base/text.h"

typedef struct Buffer {
    Arena *arena;
    char *at;
    size_t len, capacity;
} Buffer;

void buffer_add(Buffer *buffer, Text text);
void buffer_add_byte(Buffer *buffer, char byte);
void buffer_add_times(Buffer *buffer, char byte, size_t times);
void buffer_format(Buffer *buffer, const char *format, ...) BERTH_FORMAT(2, 3);
/* One Unicode scalar value as UTF-8; a surrogate or beyond becomes U+FFFD. */
void buffer_add_utf8(Buffer *buffer, uint32_t scalar);

/* As a person may see it: control bytes, DEL, C1 and malformed UTF-8 as \xNN, so
 * that no text of an input reaches a terminal as a command. LF stays. */
void buffer_add_printable(Buffer *buffer, Text text);

Text buffer_text(const Buffer *buffer);

#endif
