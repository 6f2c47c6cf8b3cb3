/*
 * fuzz_manifest.c: whatever a manifest holds, every Diag lies in it, and no value of a
 * secret that may state none is in a symbol, in a message or shown.
 *
 * Only values that hold MARK and stand once in the file are followed: a value that
 * stands elsewhere too, as a name perhaps or by an alias, may well be seen.
 */
#include <stdlib.h>

#include "base/buffer.h"
#include "facts/policy_file.h"
#include "facts/workspace.h"
#include "syntax/syntax.h"

#define MARK "hunter"

typedef struct Input {
    Arena *arena;
    Text bytes;
    Symbols *symbols;
    Sources *sources;
    Facts *facts;
    uint32_t file;
} Input;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static bool contains(Text text, Text part)
{
    return text_find(text, part) < text.len;
}

static void lies_in_file(const Input *input, Span span)
{
    must(span.file == input->file && span.start <= span.end &&
         span.end <= input->bytes.len);
}

static void diags_lie_in_file(const Input *input, const Diags *diags)
{
    for (uint32_t i = 0; i < diags->count; i++) {
        lies_in_file(input, diags->items[i].span);
        if (diags->items[i].related.file)
            lies_in_file(input, diags->items[i].related);
    }
}

static bool stands_once(const Input *input, Text value)
{
    size_t first = text_find(input->bytes, value);

    return first < input->bytes.len &&
           !contains(text_from(input->bytes, first + 1), value);
}

static void is_nowhere(Input *input, Text value, Span span)
{
    Buffer shown = {.arena = input->arena};

    for (uint32_t i = 0; i < symbols_count(input->symbols); i++)
        must(!contains(symbol_text(input->symbols, (Symbol){i}), value));
    for (uint32_t i = 0; i < input->facts->diags->count; i++)
        must(!contains(input->facts->diags->items[i].message, value));
    source_add_shown(input->sources, &shown, span);
    must(!contains(buffer_text(&shown), value));
}

static bool may_state_value(Text name)
{
    return name.len >= 5 &&
           (text_equal_ignoring_case(text_from(name, name.len - 5), TEXT("_USER")) ||
            (name.len >= 7 &&
             text_equal_ignoring_case(text_from(name, name.len - 7), TEXT("_SERVER"))));
}

static bool is_aliased(const Tree *tree, NodeId id)
{
    const Node *node = tree_node(tree, id);

    for (uint32_t i = 1; i < tree->count; i++) {
        const Node *target = tree_node(tree, tree->nodes[i].target);

        if (tree->nodes[i].kind == NODE_ALIAS && target->start <= node->start &&
            target->end >= node->end)
            return true;
    }
    return node->kind == NODE_ALIAS;
}

static void entry_is_silent(Input *input, const Tree *tree, NodeId entry)
{
    Text name = tree_scalar(tree, tree_find(tree, entry, TEXT("name")));

    if (tree_kind(tree, entry) != NODE_OBJECT || may_state_value(name))
        return;
    for (NodeId at = tree_first(tree, entry); at.index; at = tree_next(tree, at)) {
        Text value = tree_scalar(tree, at);

        if (text_equal(tree_node(tree, at)->key, TEXT("value")) &&
            contains(value, TEXT(MARK)) && stands_once(input, value) &&
            !is_aliased(tree, at))
            is_nowhere(input, value, tree_span(tree, at));
    }
}

static void read_manifest(void *context)
{
    Input *input = context;
    Diags *diags = diags_new(input->arena);

    input->symbols = symbols_new(input->arena);
    input->sources = sources_new(input->arena);
    input->facts = facts_new(input->arena, input->symbols, input->sources,
                             diags_new(input->arena));
    input->file = sources_add(input->sources, TEXT("manifest.yaml"), input->bytes);
    (void)yaml_read(input->arena, input->sources, input->file, diags);
    diags_lie_in_file(input, diags);
    const Tree *tree = policy_file_read(input->facts, input->file, "manifest");
    if (tree)
        manifest_extract(input->facts, tree, NULL);
    manifests_complete(input->facts);
    diags_lie_in_file(input, input->facts->diags);
    for (NodeId root = tree ? tree->root : (NodeId){0}; root.index;
         root = tree_next(tree, root)) {
        NodeId secrets = tree_find(tree, root, TEXT("secrets"));

        for (NodeId at = tree_first(tree, secrets); at.index; at = tree_next(tree, at))
            entry_is_silent(input, tree, tree_resolve(tree, at));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input = {.arena = arena_new((size_t)1 << 26),
                   .bytes = {(const char *)data, size}};

    (void)arena_run(input.arena, read_manifest, &input);
    arena_free(input.arena);
    return 0;
}
