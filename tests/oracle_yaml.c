/*
 * oracle_yaml.c: yaml_read against the official test suite of YAML.
 *
 * A case is a directory of the suite's data form: in.yaml, in.json where JSON can hold
 * the documents, and a file `error` where a reader must refuse. Where libyaml 0.2.5
 * differs from the suite, and where this project means to, a row of `known` says why;
 * a row that no longer differs fails too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/files.h"
#include "syntax/syntax.h"

/* libyaml 0.2.5's own differences, by their reasons; the last ones are this project's. */
typedef struct Known {
    const char *reason;
    const char *ids; /* each between blanks */
} Known;

static const Known known[] = {
    {"libyaml refuses a flow mapping's key that starts on another line than its colon",
     " 4MUZ/00 4MUZ/01 4MUZ/02 5MUD 9SA2 NJ66 UT92 VJP3/01 "},
    {"libyaml refuses a colon that is neither before a value nor in a word",
     " 58MP 5T43 CFD4 DBG4 FRK4 HM87/00 "},
    {"libyaml refuses an empty key in a block",
     " 6M2F M2N8/00 NHX8 NKF9 SM9W/01 UKK6/00 "},
    {"libyaml refuses a tab where YAML 1.2 takes it for a separation",
     " 6CA3 96NN/00 96NN/01 A2M4 Y79Y/001 Y79Y/010 "},
    {"libyaml refuses a line that starts with '#' in a block scalar without "
     "indentation",
     " DK3J "},
    {"libyaml refuses an unknown directive, and '%' where a document has begun",
     " 6LVF W4TN "},
    {"libyaml refuses a bare document behind a document's end", " 7Z25 M7A3 "},
    {"libyaml takes letters, digits, '-' and '_' alone for an anchor's name",
     " W5VH Y2GN "},
    {"libyaml takes '?' before a word in a flow collection for a key's mark",
     " 652Z HM87/01 "},
    {"libyaml drops a block scalar's last line when it is blank and has no line end",
     " JEF9/02 "},
    {"libyaml reads what YAML 1.2 forbids", " 9C9N 9HCY S98Z SU5Z X4QW Y79Y/003 YJV2 "},
    {"a key that is no scalar is said and passed over, since no input has one",
     " 6BFJ 9MMW LX3P M2N8/01 M5DY Q9WF RZP5 SBG9 V9D5 "},
};

typedef struct Suite {
    Arena *arena;
    Symbols *symbols;
    Sources *sources;
    Files *files;
    uint32_t cases, equal, refused, read, known, failed;
} Suite;

static bool is_there(Suite *suite, Text directory, const char *name, uint32_t *file)
{
    Text path = arena_format(suite->arena, "%.*s/%s", TEXT_ARG(directory), name);

    return files_read(suite->files, TEXT(""), path, file) == FILE_READ;
}

/* JSON has one way to write a number that YAML has several of. */
static bool numbers_equal(Arena *arena, Text left, Text right)
{
    return text_equal(left, right) || strtod(arena_copy(arena, left).at, NULL) ==
                                          strtod(arena_copy(arena, right).at, NULL);
}

static bool equal(Arena *arena, const Tree *yaml, NodeId left, const Tree *json,
                  NodeId right, uint32_t depth);

static bool children_equal(Arena *arena, const Tree *yaml, NodeId left,
                           const Tree *json, NodeId right, uint32_t depth)
{
    NodeId mine = tree_first(yaml, left), theirs = tree_first(json, right);

    while (mine.index && theirs.index) {
        if (!text_equal(tree_node(yaml, mine)->key, tree_node(json, theirs)->key) ||
            !equal(arena, yaml, mine, json, theirs, depth + 1))
            return false;
        mine = tree_next(yaml, mine);
        theirs = tree_next(json, theirs);
    }
    return mine.index == theirs.index;
}

/* The suite nests a few levels deep. */
static bool equal(Arena *arena, const Tree *yaml, NodeId left, const Tree *json,
                  NodeId right, uint32_t depth)
{
    NodeKind kind = tree_kind(yaml, left);

    if (kind != tree_kind(json, right) || depth > 32)
        return kind == NODE_NONE && tree_kind(json, right) == NODE_NULL;
    switch (kind) {
    case NODE_STRING:
        return text_equal(tree_string(yaml, left), tree_string(json, right));
    case NODE_NUMBER:
        return numbers_equal(arena, tree_scalar(yaml, left), tree_scalar(json, right));
    case NODE_BOOLEAN:
        return text_equal_ignoring_case(tree_scalar(yaml, left),
                                        tree_scalar(json, right));
    case NODE_ARRAY:
    case NODE_OBJECT:
        return children_equal(arena, yaml, left, json, right, depth);
    case NODE_NONE:
    case NODE_NULL:
    case NODE_ALIAS:
        break;
    }
    return true;
}

static bool says_syntax(const Diags *diags)
{
    for (uint32_t i = 0; i < diags->count; i++) {
        if (text_equal(text_of(diags->items[i].rule), TEXT("input/syntax")))
            return true;
    }
    return false;
}

static const char *why_known(Arena *arena, Text id)
{
    Text name = arena_format(arena, " %.*s ", TEXT_ARG(id));

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        Text ids = text_of(known[i].ids);

        if (text_find(ids, name) < ids.len)
            return known[i].reason;
    }
    return NULL;
}

/* NULL: as the suite has it; *kind is then what was compared. */
static const char *difference(Suite *suite, Text directory, uint32_t in,
                              uint32_t **kind)
{
    Diags *diags = diags_new(suite->arena), *json_diags = diags_new(suite->arena);
    const Tree *yaml = yaml_read(suite->arena, suite->sources, in, diags);
    uint32_t file;

    if (is_there(suite, directory, "error", &file)) {
        *kind = &suite->refused;
        return says_syntax(diags) ? NULL : "was read, and must be refused";
    }
    if (says_syntax(diags))
        return "was refused, and must be read";
    if (!is_there(suite, directory, "in.json", &file) ||
        tree_node(yaml, yaml->root)->next.index) {
        *kind = &suite->read;
        return NULL;
    }
    const Tree *json = json_read(suite->arena, suite->sources, file, json_diags);
    *kind = &suite->equal;
    return equal(suite->arena, yaml, yaml->root, json, json->root, 0)
               ? NULL
               : "is another tree";
}

static void check_case(Suite *suite, Text id, uint32_t in)
{
    const char *reason = why_known(suite->arena, id);
    uint32_t *kind = NULL;
    const char *says = difference(suite, id, in, &kind);

    suite->cases++;
    if (says && reason) {
        suite->known++;
    } else if (says || reason) {
        suite->failed++;
        print_message("%.*s: %s\n", TEXT_ARG(id), says ? says : "no longer differs");
    } else {
        ++*kind;
    }
}

/* Cases lie one or two levels deep. */
static void check_directory(Suite *suite, Text directory, uint32_t depth)
{
    FileName *names;
    uint32_t count, in;

    if (depth && is_there(suite, directory, "in.yaml", &in)) {
        check_case(suite, directory, in);
        return;
    }
    (void)files_list(suite->files, TEXT(""), directory, &names, &count);
    for (uint32_t i = 0; i < count && depth < 2; i++) {
        Text inner = {0};

        if (names[i].is_directory &&
            path_join(suite->arena, directory, names[i].name, &inner))
            check_directory(suite, inner, depth + 1);
    }
}

static void the_suite_reads_as_it_says(void **state)
{
    const char *shared = getenv("BERTH_SHARED"), *problem;
    Suite suite = {.arena = arena_new((size_t)1 << 30)};

    (void)state;
    suite.symbols = symbols_new(suite.arena);
    suite.sources = sources_new(suite.arena);
    Text directory = arena_format(suite.arena, "%s/corpus/yaml/yaml-test-suite/data",
                                  shared ? shared : "../shared");
    suite.files =
        files_open(suite.arena, suite.symbols, suite.sources, directory, &problem);
    if (!suite.files) {
        print_message("skipped: the YAML test suite is not there\n");
        arena_free(suite.arena);
        skip();
    }
    check_directory(&suite, TEXT(""), 0);
    print_message("%u cases: %u trees equal to JSON, %u refused, %u without JSON or "
                  "of several documents read, %u known differences, %u failed\n",
                  suite.cases, suite.equal, suite.refused, suite.read, suite.known,
                  suite.failed);
    assert_int_equal(suite.failed, 0);
    arena_free(suite.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_suite_reads_as_it_says)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
