/*
 * fuzz_import.c: whatever the dumps hold, what is written is a manifest that can be used,
 * nothing in it is a key or a name that is wrong, and it is the same again.
 *
 * The first byte chooses the place of a dump, the rest up to a 0xFF byte is its text, and
 * so on.
 */
#include <stdlib.h>

#include "facts/policy_file.h"
#include "facts/workspace.h"
#include "import/import.h"

static const char *const places[] = {
    "orgs/o.json",
    "users/u.json",
    "user.json",
    "orgs/o/repos.json",
    "user/repos.json",
    "repos/o/r.json",
    "orgs/o/packages.json",
    "orgs/o/packages/container/a%2Fb.json",
    "user/packages.json",
    "orgs/o/codespaces/secrets.json",
    "orgs/o/codespaces/secrets/S.json",
    "orgs/o/codespaces/secrets/S/repositories.json",
    "repos/o/r/codespaces/secrets.json",
    "user/codespaces/secrets.json",
    "user/codespaces/secrets/S/repositories.json",
};

typedef struct Input {
    Arena *arena;
    Text bytes;
} Input;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static Text import_all(Input *input, Sources *sources)
{
    enum { PLACES = sizeof(places) / sizeof(*places) };
    Import *import = import_new(input->arena, sources, diags_new(input->arena));
    Buffer manifest = {.arena = input->arena}, notes = {.arena = input->arena};
    Text rest = input->bytes, dump;

    for (bool done = false; text_next_part(&rest, '\xFF', &dump, &done);) {
        if (dump.len == 0)
            continue;
        Text path = text_of(places[(unsigned char)dump.at[0] % PLACES]);
        import_add(import, path, sources_add(sources, path, text_from(dump, 1)));
    }
    import_add_manifest(import, &manifest);
    import_add_notes(import, &notes);
    return buffer_text(&manifest);
}

static void it_is_a_manifest(void *context)
{
    Input *input = context;
    Sources *sources = sources_new(input->arena);
    Facts *facts = facts_new(input->arena, symbols_new(input->arena), sources,
                             diags_new(input->arena));
    Text manifest = import_all(input, sources);
    uint32_t file = sources_add(sources, TEXT("access.yaml"), manifest);
    const Tree *tree = policy_file_read(facts, file, "manifest");

    must(tree != NULL);
    manifest_extract(facts, tree, NULL);
    must(facts->diags->count == 0);
    must(text_equal(manifest, import_all(input, sources_new(input->arena))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input = {arena_new(1 << 26), {(const char *)data, size}};
    bool fits = arena_run(input.arena, it_is_a_manifest, &input);

    (void)fits; /* what memory did not suffice for was left */
    arena_free(input.arena);
    return 0;
}
