#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "syntax/shell_script.h"

typedef struct Case {
    const char *name;
    const char *script;
    /* A command a line: its words in brackets, the operand of a redirection behind ">"
     * (output), "<<<" or "?" (any other), "$" before one that the shell expands; then
     * "|" for a piped command and ">" for a redirected one. */
    const char *says;
} Case;

static Case cases[] = {
    {"words", "docker login  -u x", "[docker][login][-u][x]\n"},
    {"nothing", " \t\n", ""},
    {"single quotes keep what is in them", "echo 'a $b \"c'", "[echo][a $b \"c]\n"},
    {"double quotes, and what they escape", "echo \"a \\\"b\\\" \\x $c\"",
     "[echo]$[a \"b\" \\x $c]\n"},
    {"parts of one word", "a'b'\"c\"\\ d", "[abc d]\n"},
    {"an empty word", "x '' \"\"", "[x][][]\n"},
    {"a variable stays as it is written", "echo ${A:-b c} $D",
     "[echo]$[${A:-b c}]$[$D]\n"},
    {"an escaped dollar is none", "echo \\$A", "[echo][$A]\n"},
    {"a command inside a word stays there", "x=$(echo a; echo \"b )\" | c) y `d e`",
     "$[x=$(echo a; echo \"b )\" | c)][y]$[`d e`]\n"},
    {"arithmetic is no document", "echo $((1<<2)) x", "[echo]$[$((1<<2))][x]\n"},
    {"what separates commands", "a;b && c || d & e\nf",
     "[a]\n[b]\n[c]\n[d]\n[e]\n[f]\n"},
    {"a pipe", "a | b |& c || d", "[a]|\n[b]|\n[c]\n[d]\n"},
    {"a line that goes on", "a \\\n b\\\nc", "[a][bc]\n"},
    {"a comment", "a # b; c\n#d\ne#f", "[a]\n[e#f]\n"},
    {"the output to a file", "a > f b >> g", "[a]>[f][b]>[g]>\n"},
    {"both outputs to a file", "a &> f; b >& g", "[a]>[f]>\n[b]>[g]>\n"},
    {"errors to a file", "a 2>/dev/null", "[a]?[/dev/null]\n"},
    {"the output to a file by its number", "a 1>f", "[a]>[f]>\n"},
    {"a number that is a word", "a 2 >f", "[a][2]>[f]>\n"},
    {"the output joins the errors", "a >&2; b 1>&2 2>&1", "[a]?[2]\n[b]?[2]?[1]\n"},
    {"the output to a terminal", "a >/dev/stderr", "[a]?[/dev/stderr]\n"},
    {"the input from a file", "a < f <&3", "[a]?[f]?[3]\n"},
    {"a text as input", "cat <<<\"$A\"", "[cat]<<<$[$A]\n"},
    {"a document is no command", "cat <<E; b\nc | d\nE\ne", "[cat]?[E]\n[b]\n[e]\n"},
    {"a document with tabs before its end", "cat <<-'E'\n\t$x\n\tE\ne",
     "[cat]?[E]\n[e]\n"},
    {"a document that never ends", "cat <<E\nc", "[cat]?[E]\n"},
    {"a group into a pipe", "(a; b) | c", "[a]|\n[b]|\n[c]\n"},
    {"a group in braces into a file", "{ a; b; } >f; c", "[a]>\n[b]>\n>[f]>\n[c]\n"},
    {"a group within a group", "((a) | b) | c", "[a]|\n[b]|\n[c]\n"},
    {"a group to a terminal", "(a) >&2", "[a]\n?[2]\n"},
    {"braces within a command are words", "a { }", "[a][{][}]\n"},
    {"reserved words", "if ! a; then b; else c; fi", "[a]\n[b]\n[c]\n"},
    {"a quoted reserved word is a command", "'if' a", "[if][a]\n"},
    {"quotes that never close", "a 'b", "[a][b]\n"},
    {"double quotes that never close", "a \"b $(c", "[a]$[b $(c]\n"},
    {"a backslash at the end", "a \\", "[a][]\n"},
    {"operators alone", "| && ; ( ) > <", ""},
};

static void add_command(Buffer *out, const ShellScript *words, uint32_t index)
{
    static const char *const roles[] = {"", "<<<", ">", "?"};
    const ShellCommand *command = &words->commands[index];

    for (uint32_t i = command->first; i < command->first + command->count; i++) {
        const ShellWord *word = &words->words[i];

        assert_int_equal(word->command, index);
        buffer_format(out, "%s%s[%.*s]", roles[word->role], word->expands ? "$" : "",
                      TEXT_ARG(word->text));
    }
    buffer_format(out, "%s%s\n", command->is_piped ? "|" : "",
                  command->is_redirected ? ">" : "");
}

static void it_splits(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 20);
    ShellScript words = shell_script_read(arena, text_of(c->script));
    Buffer out = {.arena = arena};

    for (uint32_t i = 0; i < words.ncommands; i++)
        add_command(&out, &words, i);
    buffer_add_byte(&out, '\0');
    assert_string_equal(out.at, c->says);
    arena_free(arena);
}

static void words_say_where_they_stand(void **state)
{
    (void)state;
    Arena *arena = arena_new(1 << 20);
    Text script = TEXT("a \"b c\" 2>'d'");
    ShellScript words = shell_script_read(arena, script);
    const char *expected[] = {"a", "\"b c\"", "'d'"};

    assert_int_equal(words.nwords, 3);
    for (uint32_t i = 0; i < words.nwords; i++) {
        Text bytes = text_slice(script, words.words[i].start, words.words[i].end);
        assert_true(text_equal(bytes, text_of(expected[i])));
    }
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 1] = {cmocka_unit_test(words_say_where_they_stand)};

    for (size_t i = 0; i < COUNT; i++)
        tests[1 + i] =
            (struct CMUnitTest){cases[i].name, it_splits, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
