/* expand_compose and dotenv_read: what compose-go makes of variables. [inputs C5, C8] */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "syntax/dotenv.h"
#include "syntax/expand.h"

/* A is "1", EMPTY is "", HOLED holds a hole; what begins with M only the machine
 * knows; the rest is not set. */
static VariableState find(void *context, Text name, Text *value)
{
    (void)context;
    if (text_equal(name, TEXT("A")))
        *value = TEXT("1");
    else if (text_equal(name, TEXT("EMPTY")))
        *value = TEXT("");
    else if (text_equal(name, TEXT("HOLED")))
        *value = TEXT("h${M2}");
    else
        return text_starts_with(name, TEXT("M")) ? VARIABLE_UNKNOWN : VARIABLE_UNSET;
    return VARIABLE_SET;
}

typedef struct Case {
    const char *name, *in, *out, *hole;
    bool is_refused;
} Case;

static Case cases[] = {
    {"a text without variables", "x:1", "x:1", "", false},
    {"a variable", "x:$A-y", "x:1-y", "", false},
    {"a variable in braces", "x:${A}y", "x:1y", "", false},
    {"names are letters, digits and _", "$A.$_b$1", "1.$1", "", false},
    {"an unset variable is empty", "x:${TAG}", "x:", "", false},
    {"two dollar signs are one", "$$A ${A} $$$A", "$A 1 $1", "", false},
    {"a dollar sign before no name stays", "a$ $( $1", "a$ $( $1", "", false},
    {"a default for what is unset", "${X:-d}${X-e}", "de", "", false},
    {"a default for what is empty, with ':' alone", "${EMPTY:-d}[${EMPTY-e}]", "d[]",
     "", false},
    {"no default for what is set", "${A:-d}${A-e}", "11", "", false},
    {"an alternative for what is set", "${A:+y}${A+z}", "yz", "", false},
    {"no alternative for what is unset", "[${X:+y}${X+z}]", "[]", "", false},
    {"empty is unset for ':+' alone", "[${EMPTY:+y}${EMPTY+z}]", "[z]", "", false},
    {"an alternative may hold the variable", "${A:+$A/}x", "1/x", "", false},
    {"defaults may be nested", "x:${X:-${Y:-c}}/${A}", "x:c/1", "", false},
    {"the first operator counts", "${X:-a:+b}${X-?}", "a:+b?", "", false},
    {"a '-' in a name begins a default", "${MY_X-VAR}", "VAR", "", false},
    {"two on a line do not melt together", "${X:-a}/${Y:-b}", "a/b", "", false},
    {"braces in a default", "${X:-{y}}", "{y}", "", false},
    {"a required variable that is set", "${A:?need}${EMPTY?need}", "1", "", false},
    {"a required variable that is unset", "${X:?need}", "${X:?need}", "", true},
    {"a required variable that is empty", "${EMPTY:?need}", "${EMPTY:?need}", "", true},
    {"no other operators", "x:${A/a/b}", "x:${A/a/b}", "", true},
    {"no blanks around a name", "${ A }", "${ A }", "", true},
    {"no empty name", "${}", "${}", "", true},
    {"a brace that is never closed", "${A", "${A", "", true},
    {"a default ends on its line", "${X:-a\nb}", "${X:-a\nb}", "", true},
    {"an inner variable that is never closed", "${X:-${Y}", "${X:-${Y}", "", true},
    {"a default that is not needed is not looked at", "${A:-${}}", "1", "", false},
    {"what only the machine knows is a hole", "x:${M}-$M3", "x:${M}-${M3}", "M", false},
    {"its default is assumed", "${M:-d}${M-e}[${M:+f}]", "de[]", "", false},
    {"when it is required there is no default", "${M:?e}", "${M}", "M", false},
    {"a value may hold a hole", "a${HOLED}", "ah${M2}", "M2", false},
};

static void it_expands(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 20);
    Expansion expansion =
        expand_compose(arena, text_of(c->in), (Variables){find, NULL});

    if (!text_equal(expansion.value, text_of(c->out)))
        fail_msg("became '%.*s'", TEXT_ARG(expansion.value));
    if (!text_equal(expansion.hole, text_of(c->hole)))
        fail_msg("has the hole '%.*s'", TEXT_ARG(expansion.hole));
    assert_int_equal(expansion.problem.len != 0, c->is_refused);
    arena_free(arena);
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    Arena *arena = arena_new(1 << 24);
    Buffer text = {.arena = arena};

    for (int i = 0; i < 1000; i++)
        buffer_add(&text, TEXT("${X:-"));
    buffer_add_times(&text, '}', 1000);
    assert_true(
        expand_compose(arena, buffer_text(&text), (Variables){find, NULL}).problem.len >
        0);
    arena_free(arena);
}

/* --- .env --- */

typedef struct EnvCase {
    const char *name, *in;
    const char *out; /* "NAME=value" and "! line:column" of what is said, each a line */
} EnvCase;

static EnvCase env_cases[] = {
    {"an entry", "TAG=v1\n", "TAG=v1\n"},
    {"the last line needs no end", "TAG=v1", "TAG=v1\n"},
    {"a colon for '='", "TAG: v7\n", "TAG=v7\n"},
    {"export before the name", "export A_B = x\nexporter=y\n", "A_B=x\nexporter=y\n"},
    {"blank lines and comments", "\n# c\n  # d\n\tB=1\n", "B=1\n"},
    {"a comment begins at ' #'", "B=v1#x\nC=v2 # x\n", "B=v1#x\nC=v2\n"},
    {"blanks around a value are no part of it", "B=  a b \t\r\n", "B=a b\n"},
    {"an empty value", "B=\nC=1\n", "B=\nC=1\n"},
    {"a later entry replaces an earlier one", "B=1\nC=2\nB=3\n", "B=3\nC=2\n"},
    {"single quotes are literal", "B='a $A \\n #x'\n", "B=a $A \\n #x\n"},
    {"a quote may be escaped", "B='it\\'s'\nC=\"a\\\"b\"\n", "B=it's\nC=a\"b\n"},
    {"double quotes have escapes", "B=\"a\\tb\\\\\\101\\0101\"\n", "B=a\tb\\\\101A\n"},
    {"an escaped dollar sign", "B=\"\\$A $$A\"\n", "B=$A $A\n"},
    {"quotes may span lines", "B=\"a\nb\"\nC='d\n\ne'\n", "B=a\nb\nC=d\n\ne\n"},
    {"a comment after a quoted value", "B=\"x\" # y\nC=1\n", "B=x\nC=1\n"},
    {"a reference to an earlier key", "R=r.io\nIMG=${R}/x:${T:-9}\n",
     "R=r.io\nIMG=r.io/x:9\n"},
    {"not to a later one", "B=[$C]\nC=1\n", "B=[]\nC=1\n"},
    {"in double quotes, too", "B=1\nC=\"$B\"\n", "B=1\nC=1\n"},
    {"what only the machine knows is a hole", "B=$M-1\n", "B=${M}-1\n"},
    {"the environment wins", "EMPTY=x\nB=$EMPTY.\n", "EMPTY=\nB=.\n"},
    {"a key without a value is the environment's", "A\nX\nM\n", "A=1\n"},
    {"what is no entry is passed over", "B=1\nfoo bar\n{\nC=2\n",
     "B=1\nC=2\n! 2:1\n! 3:1\n"},
    {"a quote that is never closed", "B=\"x\nC=2\n", "C=2\n! 1:3\n"},
    {"a variable that compose refuses", "B=${}\n", "B=${}\n! 1:3\n"},
    {"a byte order mark",
     "\xEF\xBB\xBF"
     "B=1\n",
     "B=1\n"},
};

static void it_reads(void **state)
{
    const EnvCase *c = *state;
    Arena *arena = arena_new(1 << 24);
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    Dotenv *dotenv = dotenv_new(arena);
    uint32_t file = sources_add(sources, TEXT(".env"), text_of(c->in));
    Buffer out = {.arena = arena};

    dotenv_read(dotenv, arena, sources, file, (Variables){find, NULL}, diags);
    for (uint32_t i = 0; i < dotenv->count; i++) {
        const DotenvEntry *entry = &dotenv->entries[i];

        assert_ptr_equal(dotenv_find(dotenv, entry->name), entry);
        buffer_format(&out, "%.*s=%.*s\n", TEXT_ARG(entry->name),
                      TEXT_ARG(entry->value));
    }
    for (uint32_t i = 0; i < diags->count; i++) {
        Place place = source_place(sources, file, diags->items[i].span.start);

        buffer_format(&out, "! %u:%u\n", place.line, place.column);
    }
    if (!text_equal(buffer_text(&out), text_of(c->out)))
        fail_msg("read:\n%.*s", TEXT_ARG(buffer_text(&out)));
    arena_free(arena);
}

static void an_entry_has_its_place(void **state)
{
    (void)state;
    Arena *arena = arena_new(1 << 24);
    Sources *sources = sources_new(arena);
    Dotenv *dotenv = dotenv_new(arena);
    uint32_t file =
        sources_add(sources, TEXT(".env"), TEXT("A=1\nB = \"x y\" # c\nC= z #\n"));

    dotenv_read(dotenv, arena, sources, file, (Variables){find, NULL},
                diags_new(arena));
    assert_true(text_equal(span_bytes(sources, dotenv_find(dotenv, TEXT("B"))->span),
                           TEXT("\"x y\"")));
    assert_true(text_equal(span_bytes(sources, dotenv_find(dotenv, TEXT("C"))->span),
                           TEXT("z")));
    assert_null(dotenv_find(dotenv, TEXT("D")));
    arena_free(arena);
}

static void entries_have_a_limit(void **state)
{
    (void)state;
    Arena *arena = arena_new((size_t)1 << 28);
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    Dotenv *dotenv = dotenv_new(arena);
    Buffer text = {.arena = arena};

    for (int i = 0; i < DOTENV_ENTRIES_MAX + 10; i++)
        buffer_format(&text, "K%d=1\n", i);
    uint32_t file = sources_add(sources, TEXT(".env"), buffer_text(&text));
    dotenv_read(dotenv, arena, sources, file, (Variables){find, NULL}, diags);
    assert_int_equal(dotenv->count, DOTENV_ENTRIES_MAX);
    assert_int_equal(diags->count, 1);
    arena_free(arena);
}

int main(void)
{
    enum {
        COUNT = sizeof(cases) / sizeof(*cases),
        ENV_COUNT = sizeof(env_cases) / sizeof(*env_cases),
        OTHERS = 3
    };
    struct CMUnitTest tests[COUNT + ENV_COUNT + OTHERS] = {
        cmocka_unit_test(nesting_has_a_limit), cmocka_unit_test(an_entry_has_its_place),
        cmocka_unit_test(entries_have_a_limit)};

    for (size_t i = 0; i < COUNT; i++)
        tests[OTHERS + i] =
            (struct CMUnitTest){cases[i].name, it_expands, NULL, NULL, &cases[i]};
    for (size_t i = 0; i < ENV_COUNT; i++)
        tests[OTHERS + COUNT + i] =
            (struct CMUnitTest){env_cases[i].name, it_reads, NULL, NULL, &env_cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
