/*
 * shown.h: text of inputs as a terminal may see it, and how wide it is there.
 *
 * Private to the reports. Columns count a terminal's cells: two for a wide character,
 * none for a combining mark. No text of an input moves the cursor, starts a new line,
 * changes a colour or turns the direction of writing.
 */
#ifndef BERTH_REPORT_SHOWN_H
#define BERTH_REPORT_SHOWN_H

#include "base/buffer.h"

enum { TAB_COLUMNS = 4 };

/* Adds `text`, which begins at `column` (from 0) of its line, on one line: a tab fills
 * up to the next multiple of TAB_COLUMNS; control characters, LF included, malformed
 * bytes and marks of writing direction are spelt out. Returns the column after it. */
uint32_t shown_add(Buffer *out, Text text, uint32_t column);

/* What shown_add adds from column 0, or its first `max` bytes, up to a character, and "..."
 * when it is longer. */
Text shown_text(Arena *arena, Text text, size_t max);

/* The columns that shown_add takes from column 0. */
uint32_t shown_width(Arena *arena, Text text);

#endif
