#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "catalogue.h"

/* The metadata of a rule `own/rule`, with these lines more, and what is said of it; NULL:
 * it is read. */
typedef struct Case {
    const char *name;
    const char *lines;
    const char *problem;
} Case;

static Case cases[] = {
    {"a rule needs none of the keys of its page", "", NULL},
    {"a description is a text", "description: |\n  One.\n\n  Two.\n", NULL},
    {"a description is no list", "description: [a, b]\n",
     "'description' of the rule's metadata is empty or no text; expected a text"},
    {"a description is no mapping", "description: {a: b}\n",
     "'description' of the rule's metadata is empty or no text; expected a text"},
    {"a description is no number", "description: 3\n",
     "'description' of the rule's metadata is empty or no text; expected a text"},
    {"a description is not empty", "description:\n",
     "'description' of the rule's metadata is empty or no text; expected a text"},
    {"blanks are no description", "description: \"  \"\n",
     "'description' of the rule's metadata is empty or no text; expected a text"},
    {"a failing case is a bad one", "failing: bad-two\npassing: good\n", NULL},
    {"a failing case is no good one", "failing: good\n",
     "'good' is no case for 'failing'; expected bad, or a name that begins with bad-"},
    {"a word that begins with bad is no case", "failing: badly\n",
     "'badly' is no case for 'failing'; expected bad, or a name that begins with bad-"},
    {"a case is no path", "failing: bad-a/../../b\n",
     "'bad-a/../../b' is no case for 'failing'; expected bad, or a name that begins "
     "with "
     "bad-"},
    {"a passing case is a text", "passing: [good]\n",
     "'passing' of the rule's metadata is empty or no text; expected a text"},
    {"a passing case is a good one", "passing: unknown\n",
     "'unknown' is no case for 'passing'; expected good, or a name that begins with "
     "good-"},
};

static const char head[] = "/*---\n"
                           "title: A title\n"
                           "severity: info\n"
                           "basis: inferred\n"
                           "message: a message\n"
                           "help: some help\n"
                           "documentation: https://docs.example/x\n"
                           "scope: repository\n";
static const char clauses[] = "---*/\n"
                              ".decl own_rule(at: Site)\n"
                              ".output own_rule\n"
                              "own_rule(at) :- pulls(at, _, _, _, _).\n";

static Text new_directory(Arena *arena)
{
    const char *above = getenv("TMPDIR");
    char template[256];
    int len = snprintf(template, sizeof(template), "%s/berth-catalogue-XXXXXX",
                       above ? above : "/tmp");

    assert_in_range(len, 1, sizeof(template) - 1);
    assert_non_null(mkdtemp(template));
    return arena_copy(arena, text_of(template));
}

static void write_rule(const char *path, const char *lines)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fprintf(file, "%s%s%s", head, lines, clauses) > 0);
    assert_int_equal(fclose(file), 0);
}

static void is_read_as_expected(void **state)
{
    const Case *given = *state;
    Arena *arena = arena_new(1 << 28);
    Symbols *symbols = symbols_new(arena);
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    Catalogue catalogue = {0};
    Text directory = new_directory(arena);
    Text inner = arena_format(arena, "%.*s/own", TEXT_ARG(directory));
    Text path = arena_format(arena, "%.*s/rule.dl", TEXT_ARG(inner));
    const char *problem;

    assert_int_equal(mkdir(inner.at, 0700), 0);
    write_rule(path.at, given->lines);
    RuleDirectory own = {files_open(arena, symbols, sources, directory, &problem),
                         TEXT(""), directory};
    const DlProgram *read =
        catalogue_read(arena, symbols, sources, &own, 1, diags, &catalogue);
    if (given->problem) {
        assert_null(read);
        assert_int_equal(diags->count, 1);
        assert_string_equal(arena_copy(arena, diags->items[0].message).at,
                            given->problem);
        assert_true(diags->items[0].span.start > 0); /* it is placed */
    } else {
        assert_non_null(read);
        const Rule *rule = rule_find(&catalogue, TEXT("own/rule"));
        assert_non_null(rule);
        assert_non_null(rule->home);
        assert_true(text_equal(rule->home->cases, TEXT("own/rule")));
    }
    assert_int_equal(unlink(path.at), 0);
    assert_int_equal(rmdir(inner.at), 0);
    assert_int_equal(rmdir(directory.at), 0);
    arena_free(arena);
}

/* What every page of a shipped rule needs. */
static void a_shipped_rule_has_a_description(void **state)
{
    (void)state;
    Arena *arena = arena_new(1 << 28);
    Catalogue catalogue = {0};

    assert_non_null(catalogue_read(arena, symbols_new(arena), sources_new(arena), NULL,
                                   0, diags_new(arena), &catalogue));
    for (uint32_t i = 0; i < catalogue.count; i++) {
        const Rule *rule = &catalogue.rules[i];
        uint32_t sentences = 0;

        for (size_t at = 0; at < rule->description.len; at++) {
            char next =
                at + 1 < rule->description.len ? rule->description.at[at + 1] : ' ';
            sentences +=
                rule->description.at[at] == '.' && (next == ' ' || next == '\n');
        }
        if (sentences < 2 || sentences > 6)
            fail_msg("%.*s: its description has %u sentences, not 2 to 6",
                     TEXT_ARG(rule->id), sentences);
        assert_null(rule->home);
    }
    arena_free(arena);
}

int main(void)
{
    enum { CASES = sizeof(cases) / sizeof(cases[0]) };
    struct CMUnitTest tests[CASES + 1] = {
        cmocka_unit_test(a_shipped_rule_has_a_description)};

    for (int i = 0; i < CASES; i++)
        tests[i + 1] = (struct CMUnitTest){.name = cases[i].name,
                                           .test_func = is_read_as_expected,
                                           .initial_state = &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
