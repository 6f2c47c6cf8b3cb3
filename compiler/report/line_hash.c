#include "report/line_hash.h"

#include <inttypes.h>
#include <stdlib.h>

enum { WINDOW = 100, BASE = 37, END_OF_FILE = 65535, NO_LINE = 0 };

typedef struct Tally {
    uint64_t hash;
    uint32_t count;
} Tally;

typedef struct Hasher {
    uint16_t window[WINDOW];
    uint32_t lines[WINDOW]; /* the line that starts there, or NO_LINE */
    uint32_t at;            /* in both */
    uint64_t hash, power;   /* BASE to the power of WINDOW */
    uint32_t line;
    bool at_line_start, after_cr;

    const uint32_t *wanted; /* lines, ascending */
    uint32_t nwanted, next;
    LineHash *hashes; /* of the wanted lines */
    Tally *tallies;   /* of their hashes, ascending; NULL in the first pass */
    uint32_t ntallies;
} Hasher;

static int tally_compare(const void *left, const void *right)
{
    const Tally *one = left, *other = right;

    return (one->hash > other->hash) - (one->hash < other->hash);
}

/* A line's hash is known: in the first pass it is kept, in the second it is counted. */
static void emit(Hasher *hasher)
{
    uint32_t line = hasher->lines[hasher->at], ordinal = 0;
    Tally key = {.hash = hasher->hash};

    hasher->lines[hasher->at] = NO_LINE;
    if (hasher->tallies) {
        Tally *tally = bsearch(&key, hasher->tallies, hasher->ntallies, sizeof(key),
                               tally_compare);

        ordinal = tally ? ++tally->count : 0;
    }
    for (; hasher->next < hasher->nwanted && hasher->wanted[hasher->next] == line;
         hasher->next++)
        hasher->hashes[hasher->next] = (LineHash){hasher->hash, ordinal};
}

static void push(Hasher *hasher, uint16_t unit)
{
    uint64_t leaves = hasher->window[hasher->at];

    hasher->window[hasher->at] = unit;
    hasher->hash = hasher->hash * BASE + unit - hasher->power * leaves;
    hasher->at = (hasher->at + 1) % WINDOW;
}

static void add_unit(Hasher *hasher, uint16_t unit)
{
    bool ends_crlf = hasher->after_cr && unit == '\n';

    hasher->after_cr = unit == '\r';
    if (unit == ' ' || unit == '\t' || ends_crlf)
        return;
    if (unit == '\r')
        unit = '\n';
    if (hasher->lines[hasher->at] != NO_LINE)
        emit(hasher);
    if (hasher->at_line_start)
        hasher->lines[hasher->at] = ++hasher->line;
    hasher->at_line_start = unit == '\n';
    push(hasher, unit);
}

/* How many bytes of a malformed sequence become one U+FFFD: as many as begin one that
 * would be well formed (Unicode, "maximal subpart"). */
static size_t malformed_bytes(Text text)
{
    unsigned char lead = (unsigned char)text.at[0];
    unsigned char low = 0x80, high = 0xBF;
    size_t len = lead >= 0xF0 ? 4 : 3, at = 1;

    if (lead < 0xE0 || lead > 0xF4)
        return 1; /* of two bytes the first alone is left */
    if (lead == 0xE0)
        low = 0xA0;
    else if (lead == 0xED)
        high = 0x9F;
    else if (lead == 0xF0)
        low = 0x90;
    else if (lead == 0xF4)
        high = 0x8F;
    for (; at < len && at < text.len; at++) {
        unsigned char byte = (unsigned char)text.at[at];

        if (byte < low || byte > high)
            break;
        low = 0x80;
        high = 0xBF;
    }
    return at;
}

static void read_units(Hasher *hasher, Text bytes)
{
    while (bytes.len) {
        uint32_t scalar;
        size_t len = text_first_character(bytes, &scalar);

        if (scalar == TEXT_NO_CHARACTER) {
            len = malformed_bytes(bytes);
            scalar = 0xFFFD;
        }
        if (scalar >= 0x10000) {
            add_unit(hasher, (uint16_t)(0xD800 + ((scalar - 0x10000) >> 10)));
            scalar = 0xDC00 + (scalar & 0x3FF);
        }
        add_unit(hasher, (uint16_t)scalar);
        bytes = text_from(bytes, len);
    }
    add_unit(hasher, END_OF_FILE);
    for (uint32_t i = 0; i < WINDOW; i++) {
        if (hasher->lines[hasher->at] != NO_LINE)
            emit(hasher);
        push(hasher, 0);
    }
}

static void run(Text bytes, const uint32_t *lines, uint32_t count, LineHash *hashes,
                Tally *tallies, uint32_t ntallies)
{
    Hasher hasher = {.power = 1,
                     .at_line_start = true,
                     .wanted = lines,
                     .nwanted = count,
                     .hashes = hashes,
                     .tallies = tallies,
                     .ntallies = ntallies};

    for (uint32_t i = 0; i < WINDOW; i++)
        hasher.power *= BASE;
    read_units(&hasher, bytes);
}

void line_hashes(Arena *arena, Text bytes, const uint32_t *lines, uint32_t count,
                 LineHash *hashes)
{
    Tally *tallies = ARENA_ARRAY(arena, count, Tally);
    uint32_t ntallies = 0;

    run(bytes, lines, count, hashes, NULL, 0);
    for (uint32_t i = 0; i < count; i++)
        tallies[i].hash = hashes[i].hash;
    qsort(tallies, count, sizeof(*tallies), tally_compare);
    for (uint32_t i = 0; i < count; i++) {
        if (ntallies == 0 || tallies[ntallies - 1].hash != tallies[i].hash)
            tallies[ntallies++] = tallies[i];
    }
    run(bytes, lines, count, hashes, tallies, ntallies);
}

void line_hash_add(Buffer *out, LineHash hash)
{
    buffer_format(out, "%" PRIx64 ":%" PRIu32, hash.hash, hash.ordinal);
}
