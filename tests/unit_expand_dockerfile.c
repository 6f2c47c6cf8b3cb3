/*
 * unit_expand_dockerfile.c: variables, quotes and escapes as BuildKit's shell lexer reads
 * them, and holes where only the machine knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/buffer.h"
#include "syntax/dockerfile_words.h"
#include "syntax/expand.h"

static void text_is(Text text, const char *expected)
{
    if (!text_equal(text, text_of(expected)))
        fail_msg("expected\n%s\ngot\n%.*s", expected, TEXT_ARG(text));
}

typedef struct Word {
    const char *word, *value; /* NULL: refused */
    const char *hole;
    char escape;
} Word;

static Word words[] = {
    {.word = "a", .value = "a"},
    {.word = "$set-${set}.$set", .value = "one-one.one"},
    {.word = "${unset}|$unset|", .value = "||"},
    {.word = "${set:-d}${empty:-d}${unset:-d}${empty-d}${unset-d}", .value = "oneddd"},
    {.word = "${set:+d}${empty:+d}${unset:+d}${empty+d}${unset+d}", .value = "dd"},
    {.word = "${set:?no}${empty?no}", .value = "one"},
    {.word = "${empty:?no}", .value = NULL},
    {.word = "${unset?no}", .value = NULL},
    {.word = "${unset:-${empty:-${set}}}", .value = "one"},
    {.word = "${unset:-\"$set x\"}", .value = "one x"},
    {.word = "${path#*/}|${path##*/}|${path%/*}|${path%%/*}",
     .value = "b/c:1.2|c:1.2|a/b|a"},
    {.word = "${path#b}|${path%c}|${path#?/}", .value = "a/b/c:1.2|a/b/c:1.2|b/c:1.2"},
    {.word = "${path%.*}|${path##*:}|${path%%:*}", .value = "a/b/c:1|1.2|a/b/c"},
    {.word = "${path/\\//-}|${path//\\//-}|${path//[/x}",
     .value = "a-b/c:1.2|a-b-c:1.2|a/b/c:1.2"},
    {.word = "${path/b*:/}", .value = "a/1.2"},
    {.word = "${set//?/x}|${set//n*/}|${empty//x/y}", .value = "xxx|o|"},
    {.word = "${star#\\*}|${star%\\*}", .value = "b*|*b"},
    {.word = "${unset#x}", .value = ""},
    {.word = "${set#\\x}", .value = NULL},
    {.word = "'$set'\"$set\"\\$set", .value = "$setone$set"},
    {.word = "\"a\\\"b\\$c\\d\"", .value = "a\"b$c\\d"},
    {.word = "a\\", .value = "a"},
    {.word = "\"a", .value = NULL},
    {.word = "'a", .value = NULL},
    {.word = "${", .value = NULL},
    {.word = "${}", .value = NULL},
    {.word = "${set", .value = NULL},
    {.word = "${set:x}", .value = NULL},
    {.word = "${set:#x}", .value = NULL},
    {.word = "${set^^}", .value = NULL},
    {.word = "$", .value = "$"},
    {.word = "$.", .value = "$."},
    {.word = "$1x${2:-y}$@", .value = "xy"},
    {.word = "`$set", .value = "`one"},
    {.word = "`$set", .value = "$set", .escape = '`'},
    {.word = "$unknown/x", .value = "${unknown}/x", .hole = "unknown"},
    {.word = "${unknown:-d}${unknown-d}", .value = "dd"},
    {.word = "${unknown:+d}", .value = "${unknown}", .hole = "unknown"},
    {.word = "${unknown:?d}", .value = "${unknown}", .hole = "unknown"},
    {.word = "${unknown%x}", .value = "${unknown}", .hole = "unknown"},
    {.word = "${holed:-d}", .value = "x${localEnv:Y}", .hole = "localEnv:Y"},
    {.word = "${holed#x}", .value = "x${localEnv:Y}", .hole = "localEnv:Y"},
    {.word = "${set:-$unknown}", .value = "one"},
    {.word = "${unset:-$unknown}", .value = "${unknown}", .hole = "unknown"},
    {.word = "${set#$unknown}", .value = "one", .hole = "unknown"},
    {.word = "\\${set}", .value = "${set}"},
    {.word = "$\xC3\xA9", .value = "$\xC3\xA9"},
};

static VariableState find_word(void *context, Text name, Text *value)
{
    static const struct {
        Text name;
        VariableState state;
        Text value;
    } known[] = {
        {TEXT_INIT("set"), VARIABLE_SET, TEXT_INIT("one")},
        {TEXT_INIT("empty"), VARIABLE_SET, TEXT_INIT("")},
        {TEXT_INIT("path"), VARIABLE_SET, TEXT_INIT("a/b/c:1.2")},
        {TEXT_INIT("star"), VARIABLE_SET, TEXT_INIT("*b*")},
        {TEXT_INIT("holed"), VARIABLE_SET, TEXT_INIT("x${localEnv:Y}")},
        {TEXT_INIT("unknown"), VARIABLE_UNKNOWN, TEXT_INIT("")},
    };

    (void)context;
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        if (text_equal(name, known[i].name)) {
            *value = known[i].value;
            return known[i].state;
        }
    }
    return VARIABLE_UNSET;
}

static void is_expanded(void **state)
{
    const Word *word = *state;
    Arena *arena = arena_new(1 << 22);
    Expansion expansion = expand_dockerfile(arena, text_of(word->word),
                                            word->escape ? word->escape : '\\',
                                            (Variables){find_word, NULL});

    assert_int_equal(expansion.problem.len > 0, word->value == NULL);
    if (word->value) {
        text_is(expansion.value, word->value);
        text_is(expansion.hole, word->hole ? word->hole : "");
    }
    arena_free(arena);
}

static VariableState find_long(void *context, Text name, Text *value)
{
    (void)name;
    *value = *(const Text *)context;
    return VARIABLE_SET;
}

/* Doubling, nesting and patterns come to an end. */
static void expansion_is_bounded(void **state)
{
    static char many[65536];
    Arena *arena = arena_new((size_t)1 << 30);
    Buffer nested = {.arena = arena}, doubled = {.arena = arena};
    Text value = {many, 40000};

    (void)state;
    memset(many, 'a', sizeof(many));
    for (int i = 0; i < 5000; i++)
        buffer_add(&nested, TEXT("${x:-"));
    for (int i = 0; i < 100; i++)
        buffer_add(&doubled, TEXT("$x"));
    Variables variables = {find_long, &value};
    assert_true(
        expand_dockerfile(arena, buffer_text(&nested), '\\', variables).problem.len >
        0);
    assert_true(
        expand_dockerfile(arena, buffer_text(&doubled), '\\', variables).problem.len >
        0);
    assert_true(expand_dockerfile(arena, TEXT("${x##*a*a*a*a*a*b}"), '\\', variables)
                    .problem.len > 0);
    arena_free(arena);
}

typedef struct Line {
    const char *line, *words; /* each in brackets; NULL: refused */
} Line;

static Line lines[] = {
    {"RUN a  b", "[RUN][a][b]"},
    {"'a b'\"c d\" e\\ f", "['a b'\"c d\"][e\\ f]"},
    {"cat <<EOF >x", "[cat][<<EOF][>x]"},
    {"cat << EOF", "[cat][<< EOF]"},
    {"cat <<- EOF", "[cat][<<-][EOF]"},
    {"echo $((1<<2))", "[echo][$((1<<2))]"},
    {"$a${b}${c:-d e}", "[$a${b}${c:-d][e}]"},
    {"a\xC2\xA0"
     "b",
     "[a][b]"},
    {"it's", NULL},
    {"${#a[@]}", NULL},
};

static void is_cut_into_words(void **state)
{
    const Line *line = *state;
    Arena *arena = arena_new(1 << 20);
    DockerfileWords found = {0};
    Buffer out = {.arena = arena};

    assert_int_equal(dockerfile_words(arena, text_of(line->line), true, &found),
                     line->words != NULL);
    for (uint32_t i = 0; i < found.count; i++)
        buffer_format(&out, "[%.*s]", TEXT_ARG(found.items[i]));
    if (line->words)
        text_is(buffer_text(&out), line->words);
    arena_free(arena);
}

int main(void)
{
    enum {
        WORDS = sizeof(words) / sizeof(*words),
        LINES = sizeof(lines) / sizeof(*lines)
    };
    struct CMUnitTest tests[WORDS + LINES + 1];
    size_t count = 0;

    for (size_t i = 0; i < WORDS; i++)
        tests[count++] =
            (struct CMUnitTest){words[i].word, is_expanded, NULL, NULL, &words[i]};
    for (size_t i = 0; i < LINES; i++)
        tests[count++] = (struct CMUnitTest){lines[i].line, is_cut_into_words, NULL,
                                             NULL, &lines[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(expansion_is_bounded);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
