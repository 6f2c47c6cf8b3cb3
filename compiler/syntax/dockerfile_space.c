#include "syntax/dockerfile_words.h"

/* White space beyond ASCII: Unicode's White_Space, in UTF-8. */
static const Text wide_spaces[] = {
    TEXT_INIT("\xC2\x85"),     TEXT_INIT("\xC2\xA0"),     TEXT_INIT("\xE1\x9A\x80"),
    TEXT_INIT("\xE2\x80\x80"), TEXT_INIT("\xE2\x80\x81"), TEXT_INIT("\xE2\x80\x82"),
    TEXT_INIT("\xE2\x80\x83"), TEXT_INIT("\xE2\x80\x84"), TEXT_INIT("\xE2\x80\x85"),
    TEXT_INIT("\xE2\x80\x86"), TEXT_INIT("\xE2\x80\x87"), TEXT_INIT("\xE2\x80\x88"),
    TEXT_INIT("\xE2\x80\x89"), TEXT_INIT("\xE2\x80\x8A"), TEXT_INIT("\xE2\x80\xA8"),
    TEXT_INIT("\xE2\x80\xA9"), TEXT_INIT("\xE2\x80\xAF"), TEXT_INIT("\xE2\x81\x9F"),
    TEXT_INIT("\xE3\x80\x80"),
};

size_t dockerfile_space(Text text, size_t at)
{
    if (at >= text.len)
        return 0;
    char byte = text.at[at];
    if (byte == ' ' || (byte >= '\t' && byte <= '\r'))
        return 1;
    if ((unsigned char)byte < 0xC2)
        return 0;
    for (size_t i = 0; i < sizeof(wide_spaces) / sizeof(*wide_spaces); i++) {
        if (text_starts_with(text_from(text, at), wide_spaces[i]))
            return wide_spaces[i].len;
    }
    return 0;
}

Text dockerfile_trim_start(Text text)
{
    size_t at = 0;

    for (size_t space; (space = dockerfile_space(text, at)) > 0;)
        at += space;
    return text_from(text, at);
}

Text dockerfile_trim_end(Text text)
{
    for (size_t before = 0; before != text.len;) {
        before = text.len;
        for (size_t back = 1; back <= 3 && back <= text.len; back++) {
            if (dockerfile_space(text, text.len - back) == back) {
                text = text_slice(text, 0, text.len - back);
                break;
            }
        }
    }
    return text;
}
