#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/escape.h"

typedef struct Case {
    const char *name;
    void (*add)(Buffer *out, Text text);
    Text text;
    const char *expected;
} Case;

#define REPLACEMENT "\xEF\xBF\xBD"

static Case cases[] = {
    {"XML: markup is text", escape_add_xml, TEXT_INIT("<a b=\"c\">'&]]>"),
     "&#60;a b=&#34;c&#34;&#62;&#39;&#38;]]&#62;"},
    {"XML: line ends survive an attribute", escape_add_xml, TEXT_INIT("a\r\n\tb"),
     "a&#13;&#10;&#9;b"},
    {"XML: what it cannot hold is replaced", escape_add_xml,
     TEXT_INIT("\0\x1B\xFF\xEF\xBF\xBE\xEF\xBF\xBF"),
     REPLACEMENT REPLACEMENT REPLACEMENT REPLACEMENT REPLACEMENT},
    {"XML: C1 is written by number, the rest stays", escape_add_xml,
     TEXT_INIT("\xC2\x85\xC3\xA9\xF0\x9F\x98\x80"), "&#133;\xC3\xA9\xF0\x9F\x98\x80"},
    {"URI: a path keeps its slashes", escape_add_uri_path, TEXT_INIT("a-b_c~/d.e"),
     "a-b_c~/d.e"},
    {"URI: all else is encoded, colons too", escape_add_uri_path,
     TEXT_INIT("C:\\a b?#%[\xC3\xA9"), "C%3A%5Ca%20b%3F%23%25%5B%C3%A9"},
    {"URI: malformed bytes are one character", escape_add_uri_path, TEXT_INIT("\xFF"),
     "%EF%BF%BD"},
    {"URI: an address keeps its parts", escape_add_uri,
     TEXT_INIT("https://a.example/b?c=%20#d"), "https://a.example/b?c=%20#d"},
    {"URI: brackets, blanks and quotes end no address", escape_add_uri,
     TEXT_INIT("https://a/<b> [c]\"\n"), "https://a/%3Cb%3E%20%5Bc%5D%22%0A"},
    {"Markdown: markup is text", escape_add_markdown, TEXT_INIT("*a* _b_ `c` ~d~ \\|"),
     "\\*a\\* \\_b\\_ \\`c\\` \\~d\\~ \\\\\\|"},
    {"Markdown: no link, image or tag", escape_add_markdown,
     TEXT_INIT("![a](b) <i>&amp;"), "\\!\\[a\\](b) \\<i\\>\\&amp;"},
    {"Markdown: no address becomes a link", escape_add_markdown,
     TEXT_INIT("https://a www.b WWW.c a:b"), "https\\://a www\\.b WWW\\.c a:b"},
    {"Markdown: nobody is mentioned", escape_add_markdown,
     TEXT_INIT("@octo x@octo (@octo"), "@<!-- -->octo x@octo (@<!-- -->octo"},
    {"Markdown: no line ends", escape_add_markdown, TEXT_INIT("a\n# b\r\x1B[m\xC2\x85"),
     "a \\# b  \\[m "},
    {"Mermaid: a label ends no quotation", escape_add_mermaid,
     TEXT_INIT("a\"]; b --> c"), "a#34;#93;#59; b --#62; c"},
    {"Mermaid: no entity, tag or directive", escape_add_mermaid,
     TEXT_INIT("#quot;<b>%%{x}`"), "#35;quot#59;#60;b#62;#37;#37;#123;x#125;#96;"},
    {"Mermaid: other letters stay, lines do not end", escape_add_mermaid,
     TEXT_INIT("\xC3\xA9\n\xFF"), "\xC3\xA9 " REPLACEMENT},
};

static void check(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 20);
    Buffer out = {.arena = arena};

    c->add(&out, c->text);
    buffer_add_byte(&out, '\0');
    assert_string_equal(out.at, c->expected);
    arena_free(arena);
}

/* Whatever the bytes, what is added is well-formed UTF-8 without a line's end. */
static void two_bytes_of_any_kind_end_no_line(void **state)
{
    static void (*const functions[])(Buffer *, Text) = {
        escape_add_xml, escape_add_uri_path, escape_add_uri, escape_add_markdown,
        escape_add_mermaid};
    Arena *arena = arena_new((size_t)1 << 28);
    size_t bad;

    (void)state;
    for (uint32_t pair = 0; pair < 0x10000; pair++) {
        char bytes[] = {(char)(pair >> 8), (char)(pair & 0xFF)};

        for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
            Buffer out = {.arena = arena};

            functions[i](&out, (Text){bytes, 2});
            assert_true(text_is_utf8(buffer_text(&out), &bad));
            assert_true(text_find_byte(buffer_text(&out), '\n') == out.len);
            assert_true(text_find_byte(buffer_text(&out), '\r') == out.len);
        }
    }
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 1];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check, NULL, NULL, &cases[i]};
    tests[COUNT] =
        (struct CMUnitTest)cmocka_unit_test(two_bytes_of_any_kind_end_no_line);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
