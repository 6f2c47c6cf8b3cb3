#include "import/yaml_text.h"

#include "base/json_out.h"
#include "syntax/yaml_scalar.h"

/* Booleans of YAML 1.1 that are texts since 1.2. */
static bool is_old_boolean(Text text)
{
    static const char *const words[] = {"y", "yes", "n", "no", "on", "off"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (text_equal_ignoring_case(text, text_of(words[i])))
            return true;
    }
    return false;
}

/* Letters, digits and what neither begins nor ends anything in YAML; it begins with a
 * letter, or is a name with a '/', and so no number and no date either. */
static bool is_plain(Text text)
{
    bool has_slash = text_find_byte(text, '/') < text.len;

    if (text.len == 0 || text.at[0] == '-' ||
        !(has_slash || byte_is_letter(text.at[0]) || text.at[0] == '_'))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];

        if (!byte_is_letter(byte) && !byte_is_digit(byte) &&
            text_find_byte(TEXT("-_./"), byte) == 4)
            return false;
    }
    return yaml_scalar_kind(text) == NODE_STRING && !is_old_boolean(text);
}

void yaml_text_add(Buffer *out, Text text)
{
    if (is_plain(text))
        buffer_add(out, text);
    else
        json_add_quoted(out, text);
}

void yaml_text_add_line(Buffer *out, Text text)
{
    for (size_t line; text.len; text = text_from(text, line + 1)) {
        line = text_find_byte(text, '\n');
        buffer_add_printable(out, text_slice(text, 0, line));
        if (line < text.len)
            buffer_add(out, TEXT("\\x0A"));
    }
}
