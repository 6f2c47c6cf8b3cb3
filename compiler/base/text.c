#include "base/text.h"

#include <limits.h>
#include <string.h>

int text_int_len(Text text)
{
    return text.len > INT_MAX ? INT_MAX : (int)text.len;
}

Text text_of(const char *string)
{
    return string ? (Text){string, strlen(string)} : (Text){0};
}

/* Most texts that differ do so in their length or their first byte. */
bool text_equal(Text left, Text right)
{
    if (left.len != right.len)
        return false;
    return left.len == 0 ||
           (left.at[0] == right.at[0] && memcmp(left.at, right.at, left.len) == 0);
}

bool text_equal_ignoring_case(Text left, Text right)
{
    if (left.len != right.len)
        return false;
    for (size_t i = 0; i < left.len; i++) {
        if (byte_to_lower(left.at[i]) != byte_to_lower(right.at[i]))
            return false;
    }
    return true;
}

int text_compare(Text left, Text right)
{
    size_t shorter = left.len < right.len ? left.len : right.len;
    int order = shorter ? memcmp(left.at, right.at, shorter) : 0;

    if (order != 0)
        return order;
    return (left.len > right.len) - (left.len < right.len);
}

bool text_starts_with(Text text, Text prefix)
{
    return text.len >= prefix.len &&
           text_equal(text_slice(text, 0, prefix.len), prefix);
}

bool text_ends_with(Text text, Text suffix)
{
    return text.len >= suffix.len &&
           text_equal(text_from(text, text.len - suffix.len), suffix);
}

Text text_slice(Text text, size_t start, size_t end)
{
    if (end > text.len)
        end = text.len;
    if (start >= end)
        return (Text){0};
    return (Text){text.at + start, end - start};
}

Text text_from(Text text, size_t start)
{
    return text_slice(text, start, text.len);
}

size_t text_find_byte(Text text, char byte)
{
    const char *found = text.len ? memchr(text.at, byte, text.len) : NULL;

    return found ? (size_t)(found - text.at) : text.len;
}

size_t text_find_last_byte(Text text, char byte)
{
    for (size_t i = text.len; i > 0; i--) {
        if (text.at[i - 1] == byte)
            return i - 1;
    }
    return text.len;
}

size_t text_find(Text text, Text part)
{
    if (part.len == 0)
        return 0;
    for (size_t i = 0; i + part.len <= text.len; i++) {
        i += text_find_byte(text_from(text, i), part.at[0]);
        if (text_starts_with(text_from(text, i), part))
            return i;
    }
    return text.len;
}

bool text_matches_glob(Text text, Text glob)
{
    size_t at = 0, star = glob.len, again = 0, i = 0;

    /* After a mismatch only the last star needs to take one more byte. */
    while (i < text.len) {
        if (at < glob.len && glob.at[at] == '*') {
            star = at++;
            again = i;
        } else if (at < glob.len && glob.at[at] == text.at[i]) {
            at++;
            i++;
        } else if (star < glob.len) {
            at = star + 1;
            i = ++again;
        } else {
            return false;
        }
    }
    while (at < glob.len && glob.at[at] == '*')
        at++;
    return at == glob.len;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

Text text_trim(Text text)
{
    size_t start = 0, end = text.len;

    while (start < end && is_blank(text.at[start]))
        start++;
    while (end > start && is_blank(text.at[end - 1]))
        end--;
    return text_slice(text, start, end);
}

bool text_next_part(Text *rest, char separator, Text *part, bool *done)
{
    if (*done)
        return false;
    size_t at = text_find_byte(*rest, separator);

    *part = text_slice(*rest, 0, at);
    *done = at == rest->len;
    *rest = text_from(*rest, at + 1);
    return true;
}

bool byte_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

bool byte_is_lower(char byte)
{
    return byte >= 'a' && byte <= 'z';
}

bool byte_is_upper(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

bool byte_is_letter(char byte)
{
    return byte_is_lower(byte) || byte_is_upper(byte);
}

char byte_to_lower(char byte)
{
    return byte_is_upper(byte) ? (char)(byte - 'A' + 'a') : byte;
}

char byte_to_upper(char byte)
{
    return byte_is_lower(byte) ? (char)(byte - 'a' + 'A') : byte;
}

static uint32_t least(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

uint32_t text_distance(Text left, Text right, uint32_t limit)
{
    enum { LONGEST = 255 };
    uint32_t rows[3][LONGEST + 1];
    uint32_t *before = rows[0], *above = rows[1], *row = rows[2];
    size_t gap = left.len > right.len ? left.len - right.len : right.len - left.len;

    if (left.len > LONGEST || right.len > LONGEST || gap > limit)
        return limit + 1;
    for (uint32_t j = 0; j <= right.len; j++)
        above[j] = j;
    for (uint32_t i = 1; i <= left.len; i++) {
        uint32_t best = row[0] = i;

        for (uint32_t j = 1; j <= right.len; j++) {
            bool same = left.at[i - 1] == right.at[j - 1];

            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + !same);
            if (i > 1 && j > 1 && left.at[i - 1] == right.at[j - 2] &&
                left.at[i - 2] == right.at[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
            best = least(best, row[j]);
        }
        if (best > limit)
            return limit + 1;
        uint32_t *free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return above[right.len];
}

Text text_nearest(Text text, const Text *known, size_t count)
{
    Text near = {0};
    uint32_t best = UINT32_MAX;

    for (size_t i = 0; i < count; i++) {
        uint32_t distance = text_distance(text, known[i], UINT8_MAX);

        if (distance < best) {
            best = distance;
            near = known[i];
        }
    }
    return near;
}

/* Bytes of the well-formed sequence that starts `text`, 0 when it is not one. */
static size_t utf8_sequence(Text text)
{
    unsigned char first = (unsigned char)text.at[0];
    unsigned char low = 0x80, high = 0xBF;
    size_t len;

    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF) {
        len = 2;
    } else if (first >= 0xE0 && first <= 0xEF) {
        len = 3;
        low = first == 0xE0 ? 0xA0 : 0x80;
        high = first == 0xED ? 0x9F : 0xBF;
    } else if (first >= 0xF0 && first <= 0xF4) {
        len = 4;
        low = first == 0xF0 ? 0x90 : 0x80;
        high = first == 0xF4 ? 0x8F : 0xBF;
    } else {
        return 0;
    }
    if (text.len < len)
        return 0;
    for (size_t i = 1; i < len; i++) {
        unsigned char byte = (unsigned char)text.at[i];

        if (byte < low || byte > high)
            return 0;
        low = 0x80;
        high = 0xBF;
    }
    return len;
}

size_t text_first_character(Text text, uint32_t *scalar)
{
    size_t len = utf8_sequence(text);

    *scalar = TEXT_NO_CHARACTER;
    if (len == 0)
        return 1;
    *scalar = (unsigned char)text.at[0] & (len == 1 ? 0x7Fu : 0x7Fu >> len);
    for (size_t i = 1; i < len; i++)
        *scalar = *scalar << 6 | ((unsigned char)text.at[i] & 0x3Fu);
    return len;
}

/* ASCII, eight bytes at a time. */
static size_t ascii_run(Text text, size_t at)
{
    uint64_t bytes;

    while (text.len - at >= sizeof(bytes)) {
        memcpy(&bytes, text.at + at, sizeof(bytes));
        if (bytes & 0x8080808080808080u)
            break;
        at += sizeof(bytes);
    }
    return at;
}

bool text_is_utf8(Text text, size_t *bad)
{
    for (size_t i = ascii_run(text, 0); i < text.len; i = ascii_run(text, i)) {
        size_t len = utf8_sequence(text_from(text, i));

        if (len == 0) {
            *bad = i;
            return false;
        }
        i += len;
    }
    return true;
}
