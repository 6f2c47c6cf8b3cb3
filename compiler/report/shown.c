#include "report/shown.h"

#include <inttypes.h>

typedef struct Range {
    uint32_t first, last;
} Range;

/* Combining marks and joiners of Unicode 15 (Mn, Me, Cf) as far as they are met in
 * source text. By code point. */
static const Range no_columns[] = {
    {0x300, 0x36F},     {0x483, 0x489},   {0x591, 0x5BD},   {0x610, 0x61A},
    {0x64B, 0x65F},     {0x6D6, 0x6DC},   {0x900, 0x902},   {0x93C, 0x93C},
    {0x941, 0x948},     {0x94D, 0x94D},   {0xE31, 0xE31},   {0xE34, 0xE3A},
    {0xE47, 0xE4E},     {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200D},
    {0x2060, 0x2064},   {0x20D0, 0x20FF}, {0x302A, 0x302D}, {0x3099, 0x309A},
    {0xFE00, 0xFE0F},   {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0x1F3FB, 0x1F3FF},
    {0xE0100, 0xE01EF},
};

/* East Asian Width W and F of Unicode 15, neighbouring ranges joined. By code point. */
static const Range two_columns[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x23F0, 0x23F0},   {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
    {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},
    {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
    {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},
    {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},
    {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},
    {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A},
    {0x1F200, 0x1F320}, {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393},
    {0x1F3A0, 0x1F3CA}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E},
    {0x1F440, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F567}, {0x1F5FB, 0x1F64F},
    {0x1F680, 0x1F6C5}, {0x1F6D0, 0x1F6D2}, {0x1F6D5, 0x1F6DF}, {0x1F6EB, 0x1F6EC},
    {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7EB}, {0x1F90C, 0x1F9FF}, {0x1FA70, 0x1FAFF},
    {0x20000, 0x3FFFD},
};

/* Characters that turn the direction of what follows (Bidi_Control of Unicode), and the
 * separators that some terminals take for a new line. */
static const Range spelt_out[] = {
    {0x61C, 0x61C},   {0x200E, 0x200F}, {0x2028, 0x202E},
    {0x2066, 0x2069}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
};

#define HOLDS(ranges, scalar)                                                          \
    ranges_hold((ranges), sizeof(ranges) / sizeof(*(ranges)), (scalar))

static bool ranges_hold(const Range *ranges, size_t count, uint32_t scalar)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (scalar > ranges[middle].last)
            low = middle + 1;
        else if (scalar < ranges[middle].first)
            high = middle;
        else
            return true;
    }
    return false;
}

static bool is_plain(uint32_t scalar)
{
    return scalar >= 0xA0 || (scalar >= 0x20 && scalar < 0x7F);
}

static uint32_t columns_of(uint32_t scalar)
{
    if (scalar < 0x300 || HOLDS(no_columns, scalar))
        return scalar < 0x300;
    return HOLDS(two_columns, scalar) ? 2 : 1;
}

/* Adds what stands for a character; returns the columns of it. */
static uint32_t add_character(Buffer *out, Text bytes, uint32_t scalar)
{
    size_t before = out->len;

    if (scalar == '\n') {
        buffer_add(out, TEXT("\\x0A"));
    } else if (scalar == TEXT_NO_CHARACTER || !is_plain(scalar)) {
        buffer_add_printable(out, bytes);
    } else if (HOLDS(spelt_out, scalar)) {
        buffer_format(out, "<U+%04" PRIX32 ">", scalar);
    } else {
        buffer_add(out, bytes);
        return columns_of(scalar);
    }
    return (uint32_t)(out->len - before);
}

/* How many bytes of ASCII the text begins with that are shown as they are, a column
 * each. */
static size_t plain_bytes(Text text)
{
    size_t len = 0;

    while (len < text.len && text.at[len] >= 0x20 && text.at[len] < 0x7F)
        len++;
    return len;
}

uint32_t shown_add(Buffer *out, Text text, uint32_t column)
{
    for (;;) {
        size_t plain = plain_bytes(text);

        buffer_add(out, text_slice(text, 0, plain));
        column += (uint32_t)plain;
        text = text_from(text, plain);
        if (text.len == 0)
            return column;

        uint32_t scalar;
        size_t len = text_first_character(text, &scalar);

        if (scalar == '\t') {
            uint32_t blanks = TAB_COLUMNS - column % TAB_COLUMNS;

            buffer_add_times(out, ' ', blanks);
            column += blanks;
        } else {
            column += add_character(out, text_slice(text, 0, len), scalar);
        }
        text = text_from(text, len);
    }
}

Text shown_text(Arena *arena, Text text, size_t max)
{
    Buffer shown = {.arena = arena};
    size_t end = max;

    /* No byte becomes less than one: more of the text cannot be needed. */
    shown_add(&shown, text_slice(text, 0, max + 4), 0);
    if (shown.len <= max)
        return buffer_text(&shown);
    while (end > 0 && ((unsigned char)shown.at[end] & 0xC0) == 0x80)
        end--;
    shown.len = end;
    buffer_add(&shown, TEXT("..."));
    return buffer_text(&shown);
}

uint32_t shown_width(Arena *arena, Text text)
{
    Buffer scratch = {.arena = arena};
    uint32_t plain = (uint32_t)plain_bytes(text);

    return shown_add(&scratch, text_from(text, plain), plain);
}
