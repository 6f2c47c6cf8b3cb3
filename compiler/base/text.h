/*
 * text.h: a view of bytes, and what is asked of one.
 *
 * A Text does not own its bytes and need not end in NUL; it may hold any byte.
 * `len` counts bytes. The zero value is the empty text. Comparisons are by
 * byte, so that no locale has a say.
 */
#ifndef BERTH_BASE_TEXT_H
#define BERTH_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Text {
    const char *at;
    size_t len;
} Text;

#define TEXT(literal) ((Text){"" literal, sizeof(literal) - 1})
#define TEXT_INIT(literal)                                                             \
    {                                                                                  \
        "" literal, sizeof(literal) - 1                                                \
    }

/* The two arguments of a "%.*s". A text longer than INT_MAX is cut there. */
#define TEXT_ARG(text) text_int_len(text), (text).len ? (text).at : ""

int text_int_len(Text text);

Text text_of(const char *string); /* a NUL-terminated string; NULL is empty */

bool text_equal(Text left, Text right);
bool text_equal_ignoring_case(Text left, Text right); /* ASCII letters only */
int text_compare(Text left, Text right);              /* <0, 0, >0, by byte */

bool text_starts_with(Text text, Text prefix);
bool text_ends_with(Text text, Text suffix);

/* The bytes [start, end); both are clamped to the text. */
Text text_slice(Text text, size_t start, size_t end);
Text text_from(Text text, size_t start);

/* Offset of the first (last) such byte, or text.len when there is none. */
size_t text_find_byte(Text text, char byte);
size_t text_find_last_byte(Text text, char byte);
/* Offset of the first occurrence of `part`, or text.len when there is none. */
size_t text_find(Text text, Text part);

/* Whether all of the text is what the glob says: "*" stands for any bytes, also none. */
bool text_matches_glob(Text text, Text glob);

Text text_trim(Text text); /* without blanks (space, tab, CR, LF) at both ends */

/* Cuts the part before the next `separator` off *rest; false when *rest has
 * been used up. An empty text has one, empty, part. Start with *done false. */
bool text_next_part(Text *rest, char separator, Text *part, bool *done);

bool byte_is_digit(char byte);
bool byte_is_letter(char byte);
bool byte_is_lower(char byte);
bool byte_is_upper(char byte);
char byte_to_lower(char byte);
char byte_to_upper(char byte);

/* Optimal string alignment distance (insert, delete, replace, swap neighbours),
 * or `limit` + 1 as soon as it is known to exceed `limit`. Texts longer than 255
 * bytes are never near. */
uint32_t text_distance(Text left, Text right, uint32_t limit);
/* Of `count` known texts, at least one, the first of the least distance. */
Text text_nearest(Text text, const Text *known, size_t count);

/* The first character of a text that is not empty, and how many bytes it has. A byte that
 * begins no well-formed character counts as one, which is TEXT_NO_CHARACTER. */
#define TEXT_NO_CHARACTER UINT32_MAX
size_t text_first_character(Text text, uint32_t *scalar);

/* Whether the text is well-formed UTF-8 (RFC 3629); *bad is the offset of the
 * first offending byte when it is not. */
bool text_is_utf8(Text text, size_t *bad);

#endif
