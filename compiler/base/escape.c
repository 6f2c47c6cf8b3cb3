#include "base/escape.h"

#include <inttypes.h>

/* Cuts the first character off; malformed bytes are U+FFFD. */
static Text next_character(Text *text, uint32_t *scalar)
{
    size_t len = text_first_character(*text, scalar);
    Text bytes = text_slice(*text, 0, len);

    if (*scalar == TEXT_NO_CHARACTER) {
        *scalar = 0xFFFD;
        bytes = TEXT("\xEF\xBF\xBD");
    }
    *text = text_from(*text, len);
    return bytes;
}

static bool is_among(uint32_t scalar, const char *characters)
{
    return scalar < 0x80 &&
           text_find_byte(text_of(characters), (char)scalar) < text_of(characters).len;
}

static bool is_word(uint32_t scalar)
{
    return scalar < 0x80 &&
           (byte_is_letter((char)scalar) || byte_is_digit((char)scalar));
}

static bool is_control(uint32_t scalar)
{
    return scalar < 0x20 || (scalar >= 0x7F && scalar < 0xA0);
}

/* Char of XML 1.0, section 2.2. */
static bool is_xml(uint32_t scalar)
{
    return scalar == '\t' || scalar == '\n' || scalar == '\r' ||
           (scalar >= 0x20 && scalar != 0xFFFE && scalar != 0xFFFF);
}

void escape_add_xml(Buffer *out, Text text)
{
    while (text.len) {
        uint32_t scalar;
        Text bytes = next_character(&text, &scalar);

        if (!is_xml(scalar))
            buffer_add_utf8(out, 0xFFFD);
        else if (is_control(scalar) || is_among(scalar, "&<>\"'"))
            buffer_format(out, "&#%" PRIu32 ";", scalar);
        else
            buffer_add(out, bytes);
    }
}

/* Percent-encodes all but letters, digits and what `kept` has. */
static void add_encoded(Buffer *out, Text text, const char *kept)
{
    while (text.len) {
        uint32_t scalar;
        Text bytes = next_character(&text, &scalar);

        if (is_word(scalar) || is_among(scalar, kept)) {
            buffer_add(out, bytes);
            continue;
        }
        for (size_t i = 0; i < bytes.len; i++)
            buffer_format(out, "%%%02X", (unsigned)(unsigned char)bytes.at[i]);
    }
}

void escape_add_uri_path(Buffer *out, Text path)
{
    add_encoded(out, path, "-._~/");
}

void escape_add_uri(Buffer *out, Text uri)
{
    add_encoded(out, uri, "-._~:/?#@!$&'()*+,;=%");
}

void escape_add_markdown(Buffer *out, Text text)
{
    uint32_t before = ' ', scalar;

    for (; text.len; before = scalar) {
        Text rest = text;
        Text bytes = next_character(&text, &scalar);

        if (is_control(scalar)) {
            buffer_add_byte(out, ' ');
            continue;
        }
        if (is_among(scalar, "\\`*_[]<>#&|~$!") ||
            (scalar == ':' && text_starts_with(rest, TEXT("://"))))
            buffer_add_byte(out, '\\');
        else if (scalar == '.' && (before == 'w' || before == 'W'))
            buffer_add_byte(out, '\\'); /* "www." would be a link */
        buffer_add(out, bytes);
        if (scalar == '@' && !is_word(before))
            buffer_add(out, TEXT("<!-- -->")); /* the mention of nobody */
    }
}

void escape_add_mermaid(Buffer *out, Text text)
{
    while (text.len) {
        uint32_t scalar;
        Text bytes = next_character(&text, &scalar);

        if (is_control(scalar))
            buffer_add_byte(out, ' ');
        else if (scalar >= 0x80 || is_word(scalar) || is_among(scalar, " -_./:,@+="))
            buffer_add(out, bytes);
        else
            buffer_format(out, "#%" PRIu32 ";", scalar);
    }
}
