#include "report_fixture.h"

#include "report/page.h"

static const char program[] = TYPES ".decl leak_x(at: Site, repo: Repo)\n"
                                    ".output leak_x\n"
                                    "leak_x(0, \"o/r\").\n";

static const ExampleFile failing_files[] = {
    {TEXT_INIT("Dockerfile"), TEXT_INIT("FROM a\n")},
    {TEXT_INIT("berth/a.yaml"), TEXT_INIT("x: 1\n")},
    {TEXT_INIT("old.sh"), TEXT_INIT("echo ```\n")},
};
static const ExampleFile passing_files[] = {
    {TEXT_INIT("Dockerfile"), TEXT_INIT("FROM a\n")},
    {TEXT_INIT("berth/a.yaml"), TEXT_INIT("x: 2")},
};

static Fixture *new_fixture(void)
{
    static const Text yields_to[] = {TEXT_INIT("leak/x")};
    Fixture *fixture = fixture_new(program);
    Rule *reader =
        fixture_rule(fixture, "input/syntax", SEVERITY_WARNING, NULL, "{message}");
    reader->help = TEXT("mend it");
    reader->file =
        fixture_file(fixture, "rules/input/syntax.dl", "/*---\na: b\n---*/\n");
    Rule *yielding =
        fixture_rule(fixture, "leak/w", SEVERITY_INFO, "leak_x", "a message");
    yielding->yields_to = yields_to;
    yielding->nyields_to = 1;
    Rule *rule =
        fixture_rule(fixture, "leak/x", SEVERITY_ERROR, "leak_x", "{repo} is public");
    rule->description =
        TEXT("Any `<ID>_USER` may read it; a_b is *not* _here_.\nSecond.");
    rule->help = TEXT("Grant {repo}, or <it>.");
    rule->is_organization_wide = true;
    rule->file =
        fixture_file(fixture, "rules/leak/x.dl",
                     "/*---\ntitle: A title\n---*/\n"
                     ".decl leak_x(at: Site)\n\nleak_x(at) :-\n\tpulls(at).\n");
    return fixture;
}

static Page new_page(const Fixture *fixture)
{
    return (Page){.rule = &fixture->catalogue.rules[2],
                  .failing = {TEXT("bad-x"), TEXT("o/r"), failing_files, 3,
                              TEXT("berth check --today 2026-01-01"),
                              TEXT("error[leak/x]: no\n"), 1},
                  .passing = {TEXT("good"), TEXT("o/r"), passing_files, 2,
                              TEXT("berth check"),
                              TEXT("no findings in 1 configuration\n"), 0}};
}

static const char expected_text[] = "leak/x: A title\n"
                                    "\n"
                                    "severity       error\n"
                                    "basis          documented: the\n"
                                    "               documentation says so\n"
                                    "scope          organization: every\n"
                                    "               repository and manifest\n"
                                    "               has a say in it\n"
                                    "documentation  https://docs.example/x\n"
                                    "silences       leak/w\n"
                                    "\n"
                                    "What is wrong\n"
                                    "    Any <ID>_USER may read it; a_b is\n"
                                    "    *not* _here_.\n"
                                    "\n"
                                    "    Second.\n"
                                    "\n"
                                    "An example that fails\n"
                                    "    In the repository o/r:\n"
                                    "\n"
                                    "    Dockerfile\n"
                                    "        FROM a\n"
                                    "\n"
                                    "    berth/a.yaml\n"
                                    "        x: 1\n"
                                    "\n"
                                    "    old.sh\n"
                                    "        echo ```\n"
                                    "\n"
                                    "    berth check --today 2026-01-01\n"
                                    "    prints this, and exits with 1:\n"
                                    "\n"
                                    "        error[leak/x]: no\n"
                                    "\n"
                                    "An example that passes\n"
                                    "    berth/a.yaml\n"
                                    "        x: 2\n"
                                    "\n"
                                    "    Dockerfile is the same.\n"
                                    "    old.sh is not there.\n"
                                    "    berth check finds nothing.\n"
                                    "\n"
                                    "How to fix it\n"
                                    "    Grant <repo>, or <it>.\n"
                                    "\n"
                                    "The rule\n"
                                    "    .decl leak_x(at: Site)\n"
                                    "\n"
                                    "    leak_x(at) :-\n"
                                    "        pulls(at).\n";

static void the_text_is_wrapped_and_has_no_markup(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Page page = new_page(fixture);
    Buffer narrow = {.arena = fixture->arena}, narrower = {.arena = fixture->arena};

    page_text(&fixture->report, &page, 40, &narrow);
    assert_text(buffer_text(&narrow), expected_text);
    page_text(&fixture->report, &page, 1, &narrower); /* 40 at least */
    assert_text(buffer_text(&narrower), expected_text);
    arena_free(fixture->arena);
}

static const char expected_markdown[] =
    "# A title\n"
    "\n"
    "| | |\n"
    "|---|---|\n"
    "| rule | `leak/x` |\n"
    "| severity | error |\n"
    "| basis | documented: the documentation says so |\n"
    "| scope | organization: every repository and manifest has a say in it |\n"
    "| documentation | <https://docs.example/x> |\n"
    "| words | [what *triple*, *grant*, *manifest* and others "
    "mean](../README.md#the-words) |\n"
    "\n"
    "## What is wrong\n"
    "\n"
    "Any `<ID>_USER` may read it; a_b is \\*not\\* \\_here\\_.\n"
    "\n"
    "Second.\n"
    "\n"
    "## An example that fails\n"
    "\n"
    "In the repository `o/r`:\n"
    "\n"
    "`Dockerfile`\n"
    "\n"
    "```dockerfile\n"
    "FROM a\n"
    "```\n"
    "\n"
    "`berth/a.yaml`\n"
    "\n"
    "```yaml\n"
    "x: 1\n"
    "```\n"
    "\n"
    "`old.sh`\n"
    "\n"
    "````sh\n"
    "echo ```\n"
    "````\n"
    "\n"
    "`berth check --today 2026-01-01` prints this, and exits with 1:\n"
    "\n"
    "```text\n"
    "error[leak/x]: no\n"
    "```\n"
    "\n"
    "## An example that passes\n"
    "\n"
    "`berth/a.yaml`\n"
    "\n"
    "```yaml\n"
    "x: 2\n"
    "```\n"
    "\n"
    "`Dockerfile` is the same.\n"
    "\n"
    "`old.sh` is not there.\n"
    "\n"
    "`berth check` finds nothing.\n"
    "\n"
    "## How to fix it\n"
    "\n"
    "Grant \\<repo\\>, or \\<it\\>.\n"
    "\n"
    "## The rule\n"
    "\n"
    "```prolog\n"
    ".decl leak_x(at: Site)\n"
    "\n"
    "leak_x(at) :-\n"
    "    pulls(at).\n"
    "```\n"
    "\n"
    "## Related rules\n"
    "\n"
    "- [`leak/w`](../leak/w.md): A title. Where this rule has a finding at the same "
    "place, it is silent.\n";

static void in_markdown_only_code_is_markup(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Page page = new_page(fixture);
    Buffer out = {.arena = fixture->arena};

    page_markdown(&fixture->report, &page, &out);
    assert_text(buffer_text(&out), expected_markdown);
    arena_free(fixture->arena);
}

static void a_rule_without_more_has_its_message_and_help(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Page page = {.rule = &fixture->catalogue.rules[1]};
    Buffer out = {.arena = fixture->arena};

    page_text(&fixture->report, &page, 200, &out);
    assert_text(buffer_text(&out),
                "leak/w: A title\n"
                "\n"
                "severity       info\n"
                "basis          documented: the documentation says so\n"
                "scope          repository: one repository and what "
                "it reaches decide\n"
                "documentation  https://docs.example/x\n"
                "silent where   leak/x\n"
                "\n"
                "What is wrong\n"
                "    a message\n");
    arena_free(fixture->arena);
}

static void a_rule_of_a_reader_has_neither_message_nor_clauses(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Page page = {.rule = &fixture->catalogue.rules[0]};
    Buffer out = {.arena = fixture->arena};

    page_text(&fixture->report, &page, 200, &out);
    Text text = buffer_text(&out);
    assert_true(text_find(text, TEXT("What is wrong")) == text.len);
    assert_true(text_ends_with(text, TEXT("\nHow to fix it\n    mend it\n")));
    arena_free(fixture->arena);
}

static void what_examples_hold_moves_no_cursor(void **state)
{
    (void)state;
    static const ExampleFile hostile[] = {
        {TEXT_INIT("a\033[2Jb"), TEXT_INIT("\033]0;x\007\n")}};
    Fixture *fixture = new_fixture();
    Page page = {.rule = &fixture->catalogue.rules[1],
                 .failing = {.name = TEXT("bad"),
                             .files = hostile,
                             .nfiles = 1,
                             .output = TEXT("\033c")}};
    Buffer out = {.arena = fixture->arena};

    page_text(&fixture->report, &page, 80, &out);
    page_markdown(&fixture->report, &page, &out);
    page_json(&fixture->report, &page, &out);
    Text text = buffer_text(&out);
    assert_true(text_find_byte(text, '\033') == text.len);
    assert_true(text_find_byte(text, '\007') == text.len);
    arena_free(fixture->arena);
}

static void of_a_long_file_the_middle_is_left_out(void **state)
{
    (void)state;
    Arena *arena = arena_new(1 << 20);
    Buffer lines = {.arena = arena};

    for (int i = 1; i <= 40; i++)
        buffer_format(&lines, "%d\n", i);
    assert_true(
        text_equal(page_excerpt(arena, buffer_text(&lines)), buffer_text(&lines)));
    buffer_add(&lines, TEXT("41")); /* without its LF */
    assert_text(page_excerpt(arena, buffer_text(&lines)),
                "1\n2\n3\n4\n5\n6\n7\n8\n... (30 lines)\n39\n40\n41");
    assert_text(page_excerpt(arena, TEXT("")), "");
    arena_free(arena);
}

static void the_index_has_a_table_for_each_category(void **state)
{
    (void)state;
    Fixture *fixture = new_fixture();
    Buffer out = {.arena = fixture->arena};

    fixture->catalogue.rules[2].is_off = true;
    page_index(&fixture->report, TEXT("## Words\n"), &out);
    assert_text(buffer_text(&out),
                "# The rules\n"
                "\n"
                "3 rules, a page each. [The words](#the-words) are explained below.\n"
                "\n"
                "## input\n"
                "\n"
                "| rule | severity | what it finds |\n"
                "|---|---|---|\n"
                "| [`input/syntax`](input/syntax.md) | warning | A title |\n"
                "\n"
                "## leak\n"
                "\n"
                "| rule | severity | what it finds |\n"
                "|---|---|---|\n"
                "| [`leak/w`](leak/w.md) | info | A title |\n"
                "| [`leak/x`](leak/x.md) | off | A title |\n"
                "\n"
                "## Words\n");
    arena_free(fixture->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_wrapped_and_has_no_markup),
        cmocka_unit_test(in_markdown_only_code_is_markup),
        cmocka_unit_test(a_rule_without_more_has_its_message_and_help),
        cmocka_unit_test(a_rule_of_a_reader_has_neither_message_nor_clauses),
        cmocka_unit_test(what_examples_hold_moves_no_cursor),
        cmocka_unit_test(of_a_long_file_the_middle_is_left_out),
        cmocka_unit_test(the_index_has_a_table_for_each_category),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
