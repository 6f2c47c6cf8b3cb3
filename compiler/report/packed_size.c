#include "report/packed_size.h"

#include <string.h>

enum {
    WINDOW = 32768, /* RFC 1951: how far back a reference may lead */
    LONGEST = 258,  /* and how much it may stand for */
    SHORTEST = 4,   /* what is looked for */
    REFERENCE = 4,  /* bytes of one: length and distance take 26 bits and their codes */
    SLOT_BITS = 15
};

struct PackedSize {
    size_t ends[1 << SLOT_BITS]; /* behind the last SHORTEST bytes of a hash; 0: none */
    size_t counted;              /* of the buffer */
    size_t bytes;
};

PackedSize *packed_size_new(Arena *arena)
{
    return ARENA_NEW(arena, PackedSize);
}

static size_t *slot_of(PackedSize *size, const char *at)
{
    uint32_t bytes;

    memcpy(&bytes, at, sizeof(bytes));
    return &size->ends[bytes * 2654435761u >> (32 - SLOT_BITS)];
}

/* How many bytes at `at` stood earlier in the window, LONGEST at most. */
static size_t match_at(PackedSize *size, Text text, size_t at)
{
    size_t *slot = slot_of(size, text.at + at);
    size_t from = *slot - SHORTEST, len = 0;
    bool is_near = *slot && *slot < at + SHORTEST && at - from <= WINDOW;

    *slot = at + SHORTEST;
    while (is_near && len < LONGEST && at + len < text.len &&
           text.at[from + len] == text.at[at + len])
        len++;
    return len >= SHORTEST ? len : 0;
}

size_t packed_size_add(PackedSize *size, const Buffer *out)
{
    Text text = buffer_text(out);
    size_t at = size->counted < text.len ? size->counted : text.len;

    while (at < text.len) {
        size_t len = text.len - at < SHORTEST ? 0 : match_at(size, text, at);

        size->bytes += len ? REFERENCE : 1;
        at += len ? len : 1;
    }
    size->counted = at;
    return size->bytes;
}
