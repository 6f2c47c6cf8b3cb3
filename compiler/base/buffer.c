#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char *reserve(Buffer *buffer, size_t more)
{
    if (more > buffer->capacity - buffer->len) {
        size_t larger = buffer->capacity ? buffer->capacity : 64;

        while (larger - buffer->len < more && larger <= SIZE_MAX / 2)
            larger *= 2;
        if (larger - buffer->len < more)
            larger = SIZE_MAX; /* the arena's limit refuses it */
        char *grown = arena_alloc(buffer->arena, larger, 1);
        if (buffer->len)
            memcpy(grown, buffer->at, buffer->len);
        buffer->at = grown;
        buffer->capacity = larger;
    }
    return buffer->at + buffer->len;
}

void buffer_add(Buffer *buffer, Text text)
{
    if (text.len == 0)
        return;
    memcpy(reserve(buffer, text.len), text.at, text.len);
    buffer->len += text.len;
}

void buffer_add_byte(Buffer *buffer, char byte)
{
    *reserve(buffer, 1) = byte;
    buffer->len++;
}

void buffer_add_times(Buffer *buffer, char byte, size_t times)
{
    if (times == 0)
        return;
    memset(reserve(buffer, times), byte, times);
    buffer->len += times;
}

void buffer_format(Buffer *buffer, const char *format, ...)
{
    va_list arguments, again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (len > 0) {
        char *at = reserve(buffer, (size_t)len + 1);

        vsnprintf(at, (size_t)len + 1, format, again);
        buffer->len += (size_t)len;
    }
    va_end(again);
}

void buffer_add_utf8(Buffer *buffer, uint32_t scalar)
{
    if (scalar > 0x10FFFF || (scalar >= 0xD800 && scalar <= 0xDFFF))
        scalar = 0xFFFD;
    if (scalar < 0x80) {
        buffer_add_byte(buffer, (char)scalar);
    } else if (scalar < 0x800) {
        buffer_add_byte(buffer, (char)(0xC0 | scalar >> 6));
        buffer_add_byte(buffer, (char)(0x80 | (scalar & 0x3F)));
    } else if (scalar < 0x10000) {
        buffer_add_byte(buffer, (char)(0xE0 | scalar >> 12));
        buffer_add_byte(buffer, (char)(0x80 | (scalar >> 6 & 0x3F)));
        buffer_add_byte(buffer, (char)(0x80 | (scalar & 0x3F)));
    } else {
        buffer_add_byte(buffer, (char)(0xF0 | scalar >> 18));
        buffer_add_byte(buffer, (char)(0x80 | (scalar >> 12 & 0x3F)));
        buffer_add_byte(buffer, (char)(0x80 | (scalar >> 6 & 0x3F)));
        buffer_add_byte(buffer, (char)(0x80 | (scalar & 0x3F)));
    }
}

void buffer_add_printable(Buffer *buffer, Text text)
{
    size_t bad;

    while (text.len) {
        unsigned char byte = (unsigned char)text.at[0];
        size_t len = 1;

        if (byte >= 0x80) {
            len = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
            bool c1 = byte == 0xC2 && text.len > 1 && (unsigned char)text.at[1] < 0xA0;
            if (c1 || len > text.len || !text_is_utf8(text_slice(text, 0, len), &bad))
                len = 0;
        } else if ((byte < 0x20 && byte != '\n') || byte == 0x7F) {
            len = 0;
        }
        if (len == 0)
            buffer_format(buffer, "\\x%02X", byte);
        else
            buffer_add(buffer, text_slice(text, 0, len));
        text = text_from(text, len ? len : 1);
    }
}

Text buffer_text(const Buffer *buffer)
{
    return (Text){buffer->at, buffer->len};
}
