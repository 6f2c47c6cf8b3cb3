#include "lsp/position.h"

static bool ends_line(Text bytes, size_t at)
{
    return bytes.at[at] == '\n' ||
           (bytes.at[at] == '\r' && !(at + 1 < bytes.len && bytes.at[at + 1] == '\n'));
}

Lines lines_of(Arena *arena, Text bytes, Encoding encoding, bool from_disk)
{
    Lines lines = {.bytes = bytes, .encoding = encoding, .count = 1};
    uint32_t count = 1;

    for (size_t i = 0; i < bytes.len; i++)
        count += ends_line(bytes, i);
    lines.starts = ARENA_ARRAY(arena, count, uint32_t);
    if (from_disk && text_starts_with(bytes, TEXT("\xEF\xBB\xBF")))
        lines.starts[0] = 3;
    for (size_t i = 0; i < bytes.len; i++) {
        if (ends_line(bytes, i))
            lines.starts[lines.count++] = (uint32_t)i + 1;
    }
    return lines;
}

static bool is_continuation(Text bytes, size_t at)
{
    return at < bytes.len && ((unsigned char)bytes.at[at] & 0xC0) == 0x80;
}

/* The bytes of the character at `at`; 1 for what is none. */
static uint32_t character_bytes(Text bytes, uint32_t at)
{
    unsigned char lead = (unsigned char)bytes.at[at];
    uint32_t len = lead >= 0xF0 && lead <= 0xF4   ? 4
                   : lead >= 0xE0 && lead <= 0xEF ? 3
                   : lead >= 0xC2 && lead <= 0xDF ? 2
                                                  : 1;

    for (uint32_t i = 1; i < len; i++) {
        if (!is_continuation(bytes, at + i))
            return 1;
    }
    return len;
}

static uint32_t units(const Lines *lines, uint32_t len)
{
    if (lines->encoding == ENCODING_UTF8)
        return len;
    return len == 4 ? 2 : 1;
}

/* Without what ends it. */
static uint32_t line_end(const Lines *lines, uint32_t line)
{
    uint32_t end =
        line + 1 < lines->count ? lines->starts[line + 1] : (uint32_t)lines->bytes.len;

    if (line + 1 == lines->count)
        return end;
    end--;
    if (end > lines->starts[line] && lines->bytes.at[end] == '\n' &&
        lines->bytes.at[end - 1] == '\r')
        end--;
    return end;
}

Position lines_position(const Lines *lines, uint32_t offset)
{
    uint32_t low = 0, high = lines->count;
    Position position = {0};

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (lines->starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    position.line = low;
    uint32_t end = line_end(lines, low);
    for (uint32_t at = lines->starts[low]; at < offset && at < end;) {
        uint32_t len = character_bytes(lines->bytes, at);

        if (at + len > offset)
            break;
        position.character += units(lines, len);
        at += len;
    }
    return position;
}

uint32_t lines_offset(const Lines *lines, Position position)
{
    if (position.line >= lines->count)
        return (uint32_t)lines->bytes.len;
    uint32_t at = lines->starts[position.line], end = line_end(lines, position.line);
    uint32_t character = 0;

    while (at < end) {
        uint32_t len = character_bytes(lines->bytes, at);

        character += units(lines, len);
        if (character > position.character)
            break;
        at += len;
    }
    return at;
}

Range lines_range(const Lines *lines, uint32_t start, uint32_t end)
{
    return (Range){lines_position(lines, start), lines_position(lines, end)};
}

static void position_add(Position position, JsonOut *json)
{
    json_open_object(json);
    json_member_number(json, "line", position.line);
    json_member_number(json, "character", position.character);
    json_close_object(json);
}

void range_add(Range range, JsonOut *json)
{
    json_open_object(json);
    json_key(json, "start");
    position_add(range.start, json);
    json_key(json, "end");
    position_add(range.end, json);
    json_close_object(json);
}

bool position_read(const Message *message, NodeId node, Position *position)
{
    return message_number(message, message_find(message, node, "line"),
                          &position->line) &&
           message_number(message, message_find(message, node, "character"),
                          &position->character);
}

bool range_read(const Message *message, NodeId node, Range *range)
{
    if (!position_read(message, message_find(message, node, "start"), &range->start) ||
        !position_read(message, message_find(message, node, "end"), &range->end))
        return false;
    return range->start.line < range->end.line ||
           (range->start.line == range->end.line &&
            range->start.character <= range->end.character);
}
