#include "syntax/yaml_scalar.h"

static bool is_one_of(Text text, const char *const *words)
{
    for (; *words; words++) {
        if (text_equal(text, text_of(*words)))
            return true;
    }
    return false;
}

static size_t digits_from(Text text, size_t at)
{
    while (at < text.len && byte_is_digit(text.at[at]))
        at++;
    return at;
}

/* "0o" [0-7]+ | "0x" [0-9a-fA-F]+ */
static bool is_based_integer(Text text)
{
    bool octal = text_starts_with(text, TEXT("0o"));

    if (text.len < 3 || (!octal && !text_starts_with(text, TEXT("0x"))))
        return false;
    for (size_t i = 2; i < text.len; i++) {
        char byte = byte_to_lower(text.at[i]);
        bool fits = octal ? byte >= '0' && byte <= '7'
                          : byte_is_digit(byte) || (byte >= 'a' && byte <= 'f');

        if (!fits)
            return false;
    }
    return true;
}

/* [-+]? ( "." digit+ | digit+ ("." digit*)? ) ([eE] [-+]? digit+)? */
static bool is_decimal(Text text)
{
    size_t at = text.len && (text.at[0] == '-' || text.at[0] == '+') ? 1 : 0;
    size_t whole = digits_from(text, at);
    bool has_digits = whole > at;

    at = whole;
    if (at < text.len && text.at[at] == '.') {
        size_t fraction = digits_from(text, at + 1);

        has_digits = has_digits || fraction > at + 1;
        at = fraction;
    }
    if (!has_digits)
        return false;
    if (at < text.len && (text.at[at] == 'e' || text.at[at] == 'E')) {
        at++;
        if (at < text.len && (text.at[at] == '-' || text.at[at] == '+'))
            at++;
        size_t exponent = digits_from(text, at);
        if (exponent == at)
            return false;
        at = exponent;
    }
    return at == text.len;
}

NodeKind yaml_scalar_kind(Text plain)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const booleans[] = {"true",  "True",  "TRUE", "false",
                                           "False", "FALSE", NULL};
    static const char *const floats[] = {".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf",
                                         "+.INF", "-.inf", "-.Inf", "-.INF", ".nan",
                                         ".NaN",  ".NAN",  NULL};

    if (is_one_of(plain, nulls))
        return NODE_NULL;
    if (is_one_of(plain, booleans))
        return NODE_BOOLEAN;
    if (is_decimal(plain) || is_based_integer(plain) || is_one_of(plain, floats))
        return NODE_NUMBER;
    return NODE_STRING;
}
