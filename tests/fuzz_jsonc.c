/*
 * fuzz_jsonc.c: nodes nest and lie in the file in order, what is said lies in it, too;
 * the strict reader gives the same tree and says all that the tolerant one says.
 */
#include <stdlib.h>

#include "syntax/syntax.h"

typedef struct Input {
    Arena *arena;
    Text bytes;
} Input;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void nodes_nest(const Tree *tree, size_t size)
{
    for (uint32_t i = 1; i < tree->count; i++) {
        const Node *node = &tree->nodes[i];
        const Node *parent = tree_node(tree, node->parent);
        const Node *next = tree_node(tree, node->next);

        must(node->start < node->end && node->end <= size);
        must(node->key_end == 0 ||
             (node->key_start < node->key_end && node->key_end <= node->start));
        if (node->parent.index) {
            must(node->parent.index < i);
            must(parent->start < node->start && node->end <= parent->end);
        }
        if (node->next.index)
            must(node->end <= next->start && next->parent.index == node->parent.index);
    }
}

static void trees_are_equal(const Tree *left, const Tree *right)
{
    must(left->count == right->count && left->root.index == right->root.index);
    for (uint32_t i = 1; i < left->count; i++) {
        must(left->nodes[i].kind == right->nodes[i].kind);
        must(left->nodes[i].start == right->nodes[i].start);
        must(left->nodes[i].end == right->nodes[i].end);
        must(text_equal(left->nodes[i].text, right->nodes[i].text));
        must(text_equal(left->nodes[i].key, right->nodes[i].key));
    }
}

static void it_is_read(void *context)
{
    Input *input = context;
    Sources *sources = sources_new(input->arena);
    Diags *diags = diags_new(input->arena), *strict = diags_new(input->arena);
    uint32_t file = sources_add(sources, TEXT("x"), input->bytes);
    Tree *tree = jsonc_read(input->arena, sources, file, diags);

    nodes_nest(tree, input->bytes.len);
    trees_are_equal(tree, json_read(input->arena, sources, file, strict));
    must(strict->count + strict->dropped >= diags->count + diags->dropped);
    for (uint32_t i = 0; i < diags->count; i++) {
        Span span = diags->items[i].span;

        must(span.file == file && span.start <= span.end);
        must(span.start <= input->bytes.len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input = {arena_new(1 << 26), {(const char *)data, size}};
    bool fits = arena_run(input.arena, it_is_read, &input);

    (void)fits; /* what memory did not suffice for was left */
    arena_free(input.arena);
    return 0;
}
