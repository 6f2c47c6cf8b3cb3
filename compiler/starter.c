#include "starter.h"

#include <stdlib.h>

static Text cell_text(const Compilation *cc, uint32_t cell)
{
    return symbol_text(cc->symbols, (Symbol){cell});
}

static int by_text(const void *left, const void *right)
{
    return text_compare(*(const Text *)left, *(const Text *)right);
}

/* Sorted, each once, without the empty one; returns how many are left. */
static uint32_t make_distinct(Text *texts, uint32_t count)
{
    uint32_t used = 0;

    qsort(texts, count, sizeof(*texts), by_text);
    for (uint32_t i = 0; i < count; i++) {
        if (texts[i].len && (used == 0 || !text_equal(texts[i], texts[used - 1])))
            texts[used++] = texts[i];
    }
    return used;
}

static Text *repositories(const Compilation *cc, uint32_t *count)
{
    const Rows *rows = &cc->facts->rows[REL_repository];
    Text *names = ARENA_ARRAY(cc->arena, rows->count, Text);
    uint32_t used = 0;

    for (uint32_t i = 0; i < rows->count; i += rows->arity)
        names[used++] = cell_text(cc, rows->cells[i + 1]);
    *count = make_distinct(names, used);
    return names;
}

static void add_repositories(const Compilation *cc, Buffer *out)
{
    uint32_t count;
    const Text *names = repositories(cc, &count);

    buffer_add(out, TEXT("repositories:\n"));
    for (uint32_t i = 0; i < count; i++)
        buffer_format(out,
                      "  - name: %.*s\n    visibility: unknown   # public, internal or "
                      "private\n    prebuilds: unknown    # true or false\n",
                      TEXT_ARG(names[i]));
    if (count == 0)
        buffer_add(out,
                   TEXT("  - name: my-org/my-repository\n    visibility: unknown   "
                        "# public, internal or private\n"));
}

/* The packages that references name in GitHub's container registry. */
static Text *packages(const Compilation *cc, uint32_t *count)
{
    const Rows *rows = &cc->facts->rows[REL_reference_name];
    Text *names = ARENA_ARRAY(cc->arena, rows->count, Text);
    uint32_t used = 0;

    for (uint32_t i = 0; i < rows->count; i += rows->arity) {
        if (text_equal(cell_text(cc, rows->cells[i + 1]),
                       cc->workspace->container_registry))
            names[used++] = cell_text(cc, rows->cells[i + 2]);
    }
    *count = make_distinct(names, used);
    return names;
}

static void add_packages(const Compilation *cc, Buffer *out)
{
    uint32_t count;
    const Text *names = packages(cc, &count);

    if (count == 0)
        return;
    buffer_add(out, TEXT("\npackages:\n"));
    for (uint32_t i = 0; i < count; i++)
        buffer_format(
            out,
            "  - name: %.*s\n"
            "    visibility: unknown         # public, internal or private\n"
            "    repository: unknown         # the repository it is linked to, or "
            "none\n"
            "    inherit_access: unknown     # true or false\n"
            "    codespaces_access: unknown  # a list of repositories, or []\n",
            TEXT_ARG(names[i]));
}

static const Text secrets = TEXT_INIT(
    "\n# The registry secrets of the organization and of the repository, by name. "
    "Once\n"
    "# this list is here it is taken to be complete. Values stay in GitHub: only a\n"
    "# SERVER and a USER may be stated.\n"
    "# secrets:\n"
    "#   - name: ACR_CONTAINER_REGISTRY_SERVER\n"
    "#     organization: my-org\n"
    "#     visibility: selected     # all, private or selected\n"
    "#     repositories: [my-org/my-repository]\n"
    "#     value: example.azurecr.io\n");

void starter_add_manifest(const Compilation *cc, Buffer *out)
{
    buffer_add(out,
               TEXT("# Who may pull what. berth reads this file; 'unknown' is an "
                    "honest answer and is never\n# reported as a leak. Replace what "
                    "you know.\n\n"));
    add_repositories(cc, out);
    add_packages(cc, out);
    buffer_add(out, secrets);
}
