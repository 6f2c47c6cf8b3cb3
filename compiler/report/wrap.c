#include "report/wrap.h"

#include "report/shown.h"

uint32_t wrap_add(const Report *report, Ink ink, Text text, uint32_t width,
                  uint32_t column, Text before, uint32_t before_columns, Buffer *out)
{
    Buffer line = {.arena = report->arena};
    Text word;

    if (width == 0) {
        ink_add(report, ink, text, out);
        return column + shown_width(report->arena, text);
    }
    for (bool done = false; text_next_part(&text, ' ', &word, &done);) {
        uint32_t columns = shown_width(report->arena, word);

        bool is_first = line.len == 0;
        if (column + !is_first + columns > width && column > before_columns) {
            ink_add(report, ink, buffer_text(&line), out);
            /* No line ends with the blank that stands before a first word. */
            if (is_first && out->len && out->at[out->len - 1] == ' ')
                out->len--;
            buffer_add_byte(out, '\n');
            buffer_add(out, before);
            line.len = 0;
            column = before_columns;
        } else if (!is_first) {
            buffer_add_byte(&line, ' ');
            column++;
        }
        buffer_add(&line, word);
        column += columns;
    }
    ink_add(report, ink, buffer_text(&line), out);
    return column;
}
