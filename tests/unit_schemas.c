/*
 * The JSON Schemas that editors complete manifests and berth.yaml with, held against the
 * tables that berth reads them by: the same keys, the same words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/diag.h"
#include "facts/manifest_schema.h"
#include "syntax/syntax.h"

typedef struct Case {
    const char *name, *file;
    const char *definition; /* of its $defs; NULL: the schema itself */
    const Level *level;
} Case;

static Case cases[] = {
    {"a manifest", "schemas/manifest.schema.json", NULL, &level_manifest},
    {"an organization", "schemas/manifest.schema.json", "organizationEntry",
     &level_organization},
    {"a repository", "schemas/manifest.schema.json", "repositoryEntry",
     &level_repository},
    {"a package", "schemas/manifest.schema.json", "packageEntry", &level_package},
    {"a secret", "schemas/manifest.schema.json", "secretEntry", &level_secret},
    {"a registry", "schemas/manifest.schema.json", "registryEntry", &level_registry},
    {"berth.yaml", "schemas/berth-yaml.schema.json", NULL, &level_berth_yaml},
    {"an acknowledgement", "schemas/berth-yaml.schema.json", "acknowledgement",
     &level_acknowledgement},
};

static const Tree *read_schema(Arena *arena, const char *path)
{
    static char bytes[1 << 16];
    FILE *in = fopen(path, "re");

    assert_non_null(in);
    size_t len = fread(bytes, 1, sizeof(bytes), in);
    assert_true(len < sizeof(bytes));
    assert_int_equal(fclose(in), 0);
    Sources *sources = sources_new(arena);
    uint32_t file =
        sources_add(sources, text_of(path), arena_copy(arena, (Text){bytes, len}));
    Diags *diags = diags_new(arena);
    const Tree *tree = jsonc_read(arena, sources, file, diags);
    assert_int_equal(diags->count, 0);
    return tree;
}

static void has_words(const Tree *tree, NodeId property, const Field *field)
{
    NodeId words = tree_find(tree, property, TEXT("enum"));
    Text rest = text_trim(text_of(field->words)), word;

    for (bool done = false; text_next_part(&rest, ' ', &word, &done);) {
        bool found = false;

        for (NodeId at = tree_first(tree, words); at.index; at = tree_next(tree, at))
            found |= text_equal(tree_scalar(tree, at), word);
        if (!found)
            fail_msg("%s has no word '%.*s'", field->name, TEXT_ARG(word));
    }
}

static void it_has_the_keys_of_the_table(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new((size_t)1 << 24);
    const Tree *tree = read_schema(arena, c->file);
    NodeId schema = tree->root;
    uint32_t keys = 0, fields = 0;

    if (c->definition)
        schema = tree_find(tree, tree_find(tree, schema, TEXT("$defs")),
                           text_of(c->definition));
    NodeId properties = tree_find(tree, schema, TEXT("properties"));
    for (NodeId at = tree_first(tree, properties); at.index; at = tree_next(tree, at))
        keys++;
    for (const Field *field = c->level->fields; field->name; field++, fields++) {
        NodeId property = tree_find(tree, properties, text_of(field->name));

        if (property.index == 0)
            fail_msg("the schema has no key '%s'", field->name);
        if (field->words && field->words[0])
            has_words(tree, property, field);
    }
    assert_int_equal(keys, fields);
    arena_free(arena);
}

int main(void)
{
    struct CMUnitTest tests[sizeof(cases) / sizeof(*cases)];

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        tests[i] = (struct CMUnitTest){cases[i].name, it_has_the_keys_of_the_table,
                                       NULL, NULL, &cases[i]};
    return cmocka_run_group_tests_name("schemas", tests, NULL, NULL);
}
