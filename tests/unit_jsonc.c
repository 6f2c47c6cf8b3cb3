#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "syntax/syntax.h"
#include "vectors.h"

/* --- values --- */

static bool values_equal(const Tree *mine, NodeId left, const Tree *theirs,
                         NodeId right);

/* JavaScript has no such member of its own: the reference reader's result lacks it.
 * Nothing in berth asks for it. [inputs J3] */
static bool is_no_member(Text key)
{
    return text_equal(key, TEXT("__proto__"));
}

/* Of a key that stands twice, the last one counts. */
static bool objects_equal(const Tree *mine, NodeId left, const Tree *theirs,
                          NodeId right)
{
    uint32_t count = 0;

    for (NodeId at = tree_first(mine, left); at.index; at = tree_next(mine, at)) {
        Text key = tree_node(mine, at)->key;
        NodeId other = tree_find(theirs, right, key);

        if (is_no_member(key) || tree_find(mine, left, key).index != at.index)
            continue;
        if (!other.index || !values_equal(mine, at, theirs, other))
            return false;
        count++;
    }
    return count == tree_node(theirs, right)->count;
}

static bool arrays_equal(const Tree *mine, NodeId left, const Tree *theirs,
                         NodeId right)
{
    NodeId at = tree_first(mine, left), other = tree_first(theirs, right);

    while (at.index && other.index && values_equal(mine, at, theirs, other)) {
        at = tree_next(mine, at);
        other = tree_next(theirs, other);
    }
    return !at.index && !other.index;
}

/* The vectors nest twenty levels deep. */
static bool values_equal(const Tree *mine, NodeId left, const Tree *theirs,
                         NodeId right)
{
    NodeKind kind = tree_kind(mine, left);

    if (kind != tree_kind(theirs, right))
        return false;
    if (kind == NODE_OBJECT)
        return objects_equal(mine, left, theirs, right);
    if (kind == NODE_ARRAY)
        return arrays_equal(mine, left, theirs, right);
    return text_equal(tree_scalar(mine, left), tree_scalar(theirs, right));
}

/* --- the vectors --- */

/* Where the reference reader speaks of what it allows, or berth of more than it does. */
static bool is_said(const Tree *line)
{
    static const char *const allowed[] = {"bom", "trailing comma obj",
                                          "trailing comma arr"};
    static const char *const more[] = {"dup keys", "dup nested", "lone surrogate"};
    Text name = vector_text(line, "name");

    for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++) {
        if (text_equal(name, text_of(allowed[i])))
            return false;
    }
    for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++) {
        if (text_equal(name, text_of(more[i])))
            return true;
    }
    NodeId errors = tree_find(line, line->root, TEXT("errors"));
    return tree_node(line, errors)->count > 0;
}

static void texts_are_read_as_the_reference_reader_does(void **state)
{
    (void)state;
    Vectors *vectors = vectors_read("jsonc");

    for (uint32_t i = 0; i < vectors->count; i++) {
        const Tree *line = vectors->lines[i];
        Text name = vector_text(line, "name");
        Diags *diags = diags_new(vectors->arena);
        uint32_t file = sources_add(vectors->sources, name, vector_text(line, "text"));
        Tree *tree = jsonc_read(vectors->arena, vectors->sources, file, diags);
        NodeId value = tree_find(line, line->root, TEXT("value"));
        bool undefined = false;

        assert_true(tree_boolean(line, tree_find(line, line->root, TEXT("undefined")),
                                 &undefined));
        if (undefined ? tree->root.index != 0
                      : !values_equal(tree, tree->root, line, value))
            fail_msg("%.*s: another value", TEXT_ARG(name));
        if ((diags->count > 0) != is_said(line))
            fail_msg("%.*s: %u things are said", TEXT_ARG(name), diags->count);
    }
    assert_int_equal(vectors->count, 36);
    vectors_free(vectors);
}

/* --- what is said, and where --- */

typedef struct Case {
    const char *name;
    const char *text;
    bool is_strict;
    const char *rule; /* of the first thing that is said; NULL: nothing */
    uint32_t start, end;
} Case;

static Case cases[] = {
    {"comments and trailing commas are normal", "{/*a*/\"x\":[1,],}//b", false, NULL, 0,
     0},
    {"but not in JSON", "[1,]", true, "input/syntax", 2, 3},
    {"nor comments", "[1//\n]", true, "input/syntax", 2, 4},
    {"a key that stands twice", "{\"a\":1,\"a\":2}", false, "input/duplicate-key", 7,
     10},
    {"a missing comma is said where it is missing", "{\"a\":1 \"b\":2}", false,
     "input/syntax", 5, 6},
    {"a key in single quotes", "{'a':1}", false, "input/syntax", 1, 4},
    {"what follows the value", "{} {}", false, "input/syntax", 3, 4},
    {"the file ends too soon", "{\"a\":[1", false, "input/syntax", 6, 7},
    {"a byte order mark is passed over", "\xEF\xBB\xBF{}", false, NULL, 0, 0},
    {"UTF-16 is said", "\xFF\xFE{", false, "input/syntax", 0, 2},
    {"a byte that is no UTF-8 is said", "\"\xC0\"", false, "input/syntax", 1, 2},
};

static void it_is_said(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 22);
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    uint32_t file = sources_add(sources, TEXT("x"), text_of(c->text));
    Tree *tree = c->is_strict ? json_read(arena, sources, file, diags)
                              : jsonc_read(arena, sources, file, diags);

    assert_non_null(tree);
    assert_int_equal(diags->count > 0, c->rule != NULL);
    if (c->rule) {
        assert_string_equal(diags->items[0].rule, c->rule);
        assert_int_equal(diags->items[0].span.start, c->start);
        assert_int_equal(diags->items[0].span.end, c->end);
    }
    arena_free(arena);
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    enum { DEEP = 100000 };
    Arena *arena = arena_new((size_t)1 << 26);
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    Buffer text = {.arena = arena};

    buffer_add(&text, TEXT("[1,"));
    buffer_add_times(&text, '[', DEEP);
    buffer_add_times(&text, ']', DEEP);
    buffer_add(&text, TEXT(",2]"));
    uint32_t file = sources_add(sources, TEXT("x"), buffer_text(&text));
    Tree *tree = jsonc_read(arena, sources, file, diags);
    assert_int_equal(diags->count, 1);
    assert_int_equal(tree_node(tree, tree->root)->count, 3);
    arena_free(arena);
}

/* --- several values --- */

static void values_follow_one_another(void **state)
{
    static const char *const keys[] = {"a", "b", NULL};
    static const struct {
        const char *text, *tree;
        uint32_t said;
    } rows[] = {
        {"1 [2]\n{\"a\": 3}",
         "(number 1:1-1:2 \"1\")\n(array 1:3-1:6)\n  (number 1:4-1:5 \"2\")\n"
         "(object 2:1-2:9)\n  \"a\" 2:2-2:5 (number 2:7-2:8 \"3\")\n",
         0},
        {"{\"x\": {\"a\": [1]}, \"b\": {\"x\": 1, \"a\": 2}}",
         "(object 1:1-1:41)\n  \"b\" 1:19-1:22 (object 1:24-1:40)\n"
         "    \"a\" 1:33-1:36 (number 1:38-1:39 \"2\")\n",
         0},
        {"{\"x\": [1,]}", "(object 1:1-1:12)\n", 1},
        {"{} //", "(object 1:1-1:3)\n", 1},
        {"[] ]", "(array 1:1-1:3)\n", 1},
        {"", "", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        Arena *arena = arena_new(1 << 24);
        Sources *sources = sources_new(arena);
        Diags *diags = diags_new(arena);
        Buffer out = {.arena = arena};
        uint32_t file = sources_add(sources, TEXT("x"), text_of(rows[i].text));

        tree_dump(json_read_values(arena, sources, file, diags, keys), sources, &out);
        assert_string_equal(arena_copy(arena, buffer_text(&out)).at, rows[i].tree);
        assert_int_equal(diags->count, rows[i].said);
        arena_free(arena);
    }
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 3] = {
        cmocka_unit_test(texts_are_read_as_the_reference_reader_does),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(values_follow_one_another)};

    for (size_t i = 0; i < COUNT; i++)
        tests[3 + i] =
            (struct CMUnitTest){cases[i].name, it_is_said, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
