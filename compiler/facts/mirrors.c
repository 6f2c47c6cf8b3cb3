#include "facts/mirrors.h"

#include "facts/image_name.h"

/* What stands behind the prefix, "library/ubuntu"; hosts ignore case. */
static bool take_prefix(Text name, Text prefix, Text *rest)
{
    if (name.len <= prefix.len || name.at[prefix.len] != '/' ||
        !text_equal_ignoring_case(text_slice(name, 0, prefix.len), prefix))
        return false;
    *rest = text_from(name, prefix.len + 1);
    return true;
}

static const Mirror *find_mirror(const Workspace *workspace, Text name, Text *rest)
{
    const Mirror *found = NULL;
    Text behind;

    for (uint32_t i = 0; i < workspace->nmirrors; i++) {
        const Mirror *mirror = &workspace->mirrors[i];

        if ((!found || mirror->prefix.len > found->prefix.len) &&
            take_prefix(name, mirror->prefix, &behind)) {
            found = mirror;
            *rest = behind;
        }
    }
    return found;
}

static void add(Facts *facts, const Workspace *workspace, uint32_t ref, Text host,
                Text path)
{
    Arena *arena = facts->scratch;
    Text name = arena_format(arena, "%.*s/%.*s", TEXT_ARG(host), TEXT_ARG(path)), rest;
    const Mirror *mirror = find_mirror(workspace, name, &rest);
    ImageName upstream;
    Text problem;

    if (!mirror)
        return;
    name = arena_format(arena, "%.*s/%.*s", TEXT_ARG(mirror->upstream), TEXT_ARG(rest));
    if (image_name_read(arena, name, &upstream, &problem))
        FACT(facts, REL_mirrored, fact_site(facts, mirror->span), ref,
             fact_lower(facts, upstream.host), fact_symbol(facts, upstream.path));
}

void mirrors_extract(Facts *facts, const Workspace *workspace)
{
    const Rows *rows = &facts->rows[REL_reference_name];

    if (workspace->nmirrors == 0)
        return;
    for (uint32_t i = 0; i < rows->count; i += rows->arity) {
        const uint32_t *row = &rows->cells[i];

        add(facts, workspace, row[0], symbol_text(facts->symbols, (Symbol){row[1]}),
            symbol_text(facts->symbols, (Symbol){row[2]}));
        arena_reset(facts->scratch);
    }
}
