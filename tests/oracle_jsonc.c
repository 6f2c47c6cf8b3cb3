/*
 * oracle_jsonc.c: the JSONC reader against the reference reader, over real files.
 *
 * For each file of the corpus, its value in canonical form (keys sorted, no blanks) is
 * compared with the reference reader's, and whether anything was repaired. Then
 * JSONTestSuite: the strict reader says nothing of a y_ file and something of every n_
 * file. There is no exception.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/files.h"
#include "base/json_out.h"
#include "syntax/syntax.h"

typedef struct Corpus {
    Arena *arena;
    Symbols *symbols;
    Sources *sources;
    Files *files;
} Corpus;

/* --- canonical form --- */

/* The shortest digits that read as the same number, as ECMAScript writes it. */
static void add_number(Buffer *out, Text text)
{
    char source[64] = {0}, digits[32];
    int precision = 0, exponent = 0;

    assert_true(text.len < sizeof(source));
    for (size_t i = 0; i < text.len; i++)
        source[i] = text.at[i];
    double number = strtod(source, NULL);
    do
        snprintf(digits, sizeof(digits), "%.*e", precision, number);
    while (strtod(digits, NULL) != number && precision++ < 17);
    if (number == 0) {
        buffer_add_byte(out, '0');
        return;
    }
    Text mantissa = text_of(digits), all;
    exponent = atoi(mantissa.at + text_find_byte(mantissa, 'e') + 1);
    mantissa = text_slice(mantissa, 0, text_find_byte(mantissa, 'e'));
    if (mantissa.at[0] == '-') {
        buffer_add_byte(out, '-');
        mantissa = text_from(mantissa, 1);
    }
    Buffer joined = {.arena = out->arena};
    buffer_add_byte(&joined, mantissa.at[0]);
    buffer_add(&joined, text_from(mantissa, 2));
    all = buffer_text(&joined);
    size_t before = exponent >= 0 ? (size_t)exponent + 1 : 0;
    if (exponent >= 21 || exponent < -7) {
        buffer_add_byte(out, all.at[0]);
        if (all.len > 1)
            buffer_format(out, ".%.*s", TEXT_ARG(text_from(all, 1)));
        buffer_format(out, "e%+d", exponent);
        return;
    }
    if (exponent < 0) {
        buffer_add(out, TEXT("0."));
        buffer_add_times(out, '0', (size_t)(-exponent - 1));
    }
    buffer_add(out, text_slice(all, 0, before));
    if (all.len < before)
        buffer_add_times(out, '0', before - all.len);
    else if (exponent >= 0 && all.len > before)
        buffer_add_byte(out, '.');
    buffer_add(out, text_from(all, before));
}

static int by_key(const void *left, const void *right)
{
    return text_compare((*(const Node *const *)left)->key,
                        (*(const Node *const *)right)->key);
}

static void add_value(Buffer *out, const Tree *tree, NodeId id);

/* In the order of bytes, which is that of UTF-16 for every key of the corpus. Of a key
 * that stands twice, the last one counts. */
static void add_object(Buffer *out, const Tree *tree, NodeId object)
{
    uint32_t count = 0;
    const Node **members =
        ARENA_ARRAY(out->arena, tree_node(tree, object)->count, const Node *);

    for (NodeId at = tree_first(tree, object); at.index; at = tree_next(tree, at)) {
        const Node *member = tree_node(tree, at);

        if (tree_find(tree, object, member->key).index == at.index)
            members[count++] = member;
    }
    qsort(members, count, sizeof(const Node *), by_key);
    buffer_add_byte(out, '{');
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            buffer_add_byte(out, ',');
        json_add_quoted(out, members[i]->key);
        buffer_add_byte(out, ':');
        add_value(out, tree, (NodeId){(uint32_t)(members[i] - tree->nodes)});
    }
    buffer_add_byte(out, '}');
}

static void add_array(Buffer *out, const Tree *tree, NodeId array)
{
    bool is_first = true;

    buffer_add_byte(out, '[');
    for (NodeId at = tree_first(tree, array); at.index; at = tree_next(tree, at)) {
        if (!is_first)
            buffer_add_byte(out, ',');
        is_first = false;
        add_value(out, tree, at);
    }
    buffer_add_byte(out, ']');
}

/* Nested as deep as the file, which is at most TREE_DEPTH. */
static void add_value(Buffer *out, const Tree *tree, NodeId id)
{
    switch (tree_kind(tree, id)) {
    case NODE_OBJECT:
        add_object(out, tree, id);
        break;
    case NODE_ARRAY:
        add_array(out, tree, id);
        break;
    case NODE_STRING:
        json_add_quoted(out, tree_string(tree, id));
        break;
    case NODE_NUMBER:
        add_number(out, tree_scalar(tree, id));
        break;
    case NODE_BOOLEAN:
        buffer_add(out, tree_scalar(tree, id));
        break;
    case NODE_NULL:
        buffer_add(out, TEXT("null"));
        break;
    case NODE_NONE:
    case NODE_ALIAS:
        break;
    }
}

/* --- the corpus --- */

static bool open_corpus(Corpus *corpus)
{
    const char *shared = getenv("BERTH_SHARED"), *problem = NULL;

    corpus->arena = arena_new((size_t)1 << 32);
    corpus->symbols = symbols_new(corpus->arena);
    corpus->sources = sources_new(corpus->arena);
    Text directory =
        arena_format(corpus->arena, "%s/corpus", shared ? shared : "../shared");
    corpus->files = files_open(corpus->arena, corpus->symbols, corpus->sources,
                               directory, &problem);
    if (!corpus->files) {
        print_message("skipped: %s %s\n", directory.at, problem);
        arena_free(corpus->arena);
    }
    return corpus->files != NULL;
}

static bool read_file(Corpus *corpus, Text path, uint32_t *file)
{
    return files_read(corpus->files, TEXT(""), path, file) == FILE_READ;
}

static bool says(const Diags *diags, const char *rule)
{
    for (uint32_t i = 0; i < diags->count; i++) {
        if (text_equal(text_of(diags->items[i].rule), text_of(rule)))
            return true;
    }
    return false;
}

/* Whether value and what is said agree with the row of the table. */
static bool agrees(Corpus *corpus, const Text *fields, uint32_t file)
{
    enum { ERRORS = 3, DUPLICATES = 12 };
    Diags *diags = diags_new(corpus->arena);
    const Tree *tree = jsonc_read(corpus->arena, corpus->sources, file, diags);
    Buffer mine = {.arena = corpus->arena};
    uint32_t theirs;
    Text path = arena_format(corpus->arena, "oracle/jsonc-canonical/%.*s.canon",
                             TEXT_ARG(fields[0]));

    add_value(&mine, tree, tree->root);
    if (!read_file(corpus, path, &theirs))
        return false;
    return text_equal(buffer_text(&mine),
                      text_trim(source_bytes(corpus->sources, theirs))) &&
           says(diags, "input/syntax") != text_equal(fields[ERRORS], TEXT("0")) &&
           says(diags, "input/duplicate-key") == (fields[DUPLICATES].len > 0);
}

static void real_files_are_read_as_the_reference_reader_does(void **state)
{
    (void)state;
    enum { FIELDS = 15 };
    Corpus corpus;
    uint32_t table, file, equal = 0, absent = 0, failed = 0;

    if (!open_corpus(&corpus))
        return;
    assert_true(read_file(&corpus, TEXT("oracle/jsonc.tsv"), &table));
    Text rest = source_bytes(corpus.sources, table), line;
    for (bool done = false; text_next_part(&rest, '\n', &line, &done);) {
        Text fields[FIELDS] = {0};
        uint32_t count = 0;

        for (bool end = false;
             count < FIELDS && text_next_part(&line, '\t', &fields[count], &end);)
            count++;
        if (count < FIELDS || text_equal(fields[0], TEXT("path")))
            continue;
        if (!read_file(&corpus, fields[0], &file)) {
            absent++;
            continue;
        }
        if (agrees(&corpus, fields, file)) {
            equal++;
            continue;
        }
        print_message("%.*s: differs\n", TEXT_ARG(fields[0]));
        failed++;
    }
    print_message("%u files agree, %u differ, %u are not there\n", equal, failed,
                  absent);
    arena_free(corpus.arena);
    assert_int_equal(failed, 0);
}

static void the_test_suite_is_judged_as_it_says(void **state)
{
    (void)state;
    Corpus corpus;
    FileName *names;
    uint32_t count, counts[3] = {0}, failed = 0;
    const Text folder = TEXT("jsontestsuite/test_parsing");

    if (!open_corpus(&corpus))
        return;
    assert_int_equal(files_list(corpus.files, TEXT(""), folder, &names, &count),
                     FILE_READ);
    for (uint32_t i = 0; i < count; i++) {
        Text path = arena_format(corpus.arena, "%.*s/%.*s", TEXT_ARG(folder),
                                 TEXT_ARG(names[i].name));
        Diags *diags = diags_new(corpus.arena);
        char kind = names[i].name.at[0];
        uint32_t file;

        assert_true(read_file(&corpus, path, &file));
        (void)json_read(corpus.arena, corpus.sources, file, diags);
        bool is_said = says(diags, "input/syntax");
        counts[kind == 'y' ? 0 : kind == 'n' ? 1 : 2]++;
        if (kind == 'i' || is_said == (kind == 'n'))
            continue;
        print_message("%.*s: %s\n", TEXT_ARG(names[i].name),
                      is_said ? "something is said" : "nothing is said");
        failed++;
    }
    print_message("%u y_ files, %u n_ files, %u i_ files that may be either\n",
                  counts[0], counts[1], counts[2]);
    arena_free(corpus.arena);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_files_are_read_as_the_reference_reader_does),
        cmocka_unit_test(the_test_suite_is_judged_as_it_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
