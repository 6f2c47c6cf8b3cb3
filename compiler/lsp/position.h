/*
 * position.h: places as LSP has them: line and character, both from 0.
 *
 * A line ends with LF, CR LF or CR. A character is a unit of UTF-16, or a byte where
 * client and server agreed on UTF-8. Malformed bytes count one each.
 */
#ifndef BERTH_LSP_POSITION_H
#define BERTH_LSP_POSITION_H

#include "base/json_out.h"
#include "lsp/message.h"

typedef enum Encoding { ENCODING_UTF16, ENCODING_UTF8 } Encoding;

typedef struct Position {
    uint32_t line, character;
} Position;

typedef struct Range {
    Position start, end;
} Range;

typedef struct Lines {
    Text bytes;
    Encoding encoding;
    uint32_t *starts; /* starts[i]: the first byte of line i */
    uint32_t count;
} Lines;

/* `from_disk`: a byte order mark at the start is no character. The bytes must outlive
 * the lines. */
Lines lines_of(Arena *arena, Text bytes, Encoding encoding, bool from_disk);

/* A place in the middle of a character is its start. */
Position lines_position(const Lines *lines, uint32_t offset);
/* A line that is not there is the end; a character that is not there is its line's end.
 * [LSP 3.17, Position] */
uint32_t lines_offset(const Lines *lines, Position position);

Range lines_range(const Lines *lines, uint32_t start, uint32_t end);
void range_add(Range range, JsonOut *json); /* {"start": ..., "end": ...} */
/* False when the node is no position (no range, or one that ends before it starts). */
bool position_read(const Message *message, NodeId node, Position *position);
bool range_read(const Message *message, NodeId node, Range *range);

#endif
