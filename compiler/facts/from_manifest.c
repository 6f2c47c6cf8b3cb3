#include "facts/manifest.h"

bool manifest_entry_is_new(Manifest *manifest, EntryKind kind, uint32_t symbol,
                           Text name, Span span)
{
    EntryPlaces *places = &manifest->all->places[kind];

    while (places->count <= symbol) {
        ARRAY_GROW(manifest->facts->arena, places->items, places->count,
                   places->capacity);
        places->items[places->count++] = (Span){0};
    }
    Span first = places->items[symbol];
    if (first.file == 0) {
        places->items[symbol] = span;
        return true;
    }
    Diag *diag =
        diag_add(manifest->facts->diags, "", span,
                 "'%.*s' has an entry already; expected one for each", TEXT_ARG(name));
    diag->related = first;
    diag->related_says = TEXT("the first entry");
    return false;
}

bool manifest_has_repository(const Facts *facts, uint32_t repo)
{
    const EntryPlaces *places =
        facts->manifests ? &facts->manifests->places[ENTRY_REPOSITORY] : NULL;

    return places && repo < places->count && places->items[repo].file != 0;
}

void manifest_repositories(Manifest *manifest, const Level *level, NodeId entry,
                           const char *name, uint32_t subject, RelationId relation,
                           RelationId unknown)
{
    Facts *facts = manifest->facts;
    Value list = schema_value(&manifest->reader, level, entry, name), value;

    if (list.state == VALUE_UNKNOWN && unknown != REL_COUNT)
        FACT(facts, unknown, fact_site(facts, list.span), subject);
    if (list.state != VALUE_STATED)
        return;
    for (NodeId at = {0};
         schema_item(&manifest->reader, level, name, &list, &at, &value);) {
        uint32_t site = fact_site(facts, value.span);

        if (value.state == VALUE_STATED)
            FACT(facts, relation, site, subject, fact_repository(facts, value.text));
        else if (unknown != REL_COUNT)
            FACT(facts, unknown, site, subject);
    }
}

/* The place of what an entry leaves open is the entry's name. */
static Span span_or(Value value, Value name)
{
    return value.state == VALUE_ABSENT ? name.span : value.span;
}

static Text text_or_unknown(Value value)
{
    return value.state == VALUE_STATED ? value.text : TEXT("unknown");
}

/* A field that is no row when it is not stated. */
static void add_text(Manifest *manifest, const Level *level, NodeId entry,
                     const char *name, uint32_t subject, RelationId relation)
{
    Facts *facts = manifest->facts;
    Value value = schema_value(&manifest->reader, level, entry, name);

    if (value.state == VALUE_STATED)
        FACT(facts, relation, fact_site(facts, value.span), subject,
             fact_symbol(facts, value.text));
}

static void add_visibility(Manifest *manifest, const Level *level, NodeId entry,
                           Value name, uint32_t subject, RelationId relation)
{
    Facts *facts = manifest->facts;
    Value value = schema_value(&manifest->reader, level, entry, "visibility");

    FACT(facts, relation, fact_site(facts, span_or(value, name)), subject,
         fact_symbol(facts, text_or_unknown(value)));
}

/* `secrets: unknown` in the entry of their holder. */
static void add_unknown_secrets(Manifest *manifest, const Level *level, NodeId entry,
                                Text holder_level, uint32_t holder)
{
    Facts *facts = manifest->facts;
    Value value = schema_value(&manifest->reader, level, entry, "secrets");

    if (value.state == VALUE_UNKNOWN)
        FACT(facts, REL_secrets_unknown, fact_site(facts, value.span),
             fact_symbol(facts, holder_level), holder);
}

static void extract_organization(Manifest *manifest, NodeId entry)
{
    const Level *level = &level_organization;
    Facts *facts = manifest->facts;
    Value name, list, image;

    if (!schema_required(&manifest->reader, level, entry, "name", &name))
        return;
    uint32_t organization = fact_lower(facts, name.text);
    if (!manifest_entry_is_new(manifest, ENTRY_ORGANIZATION, organization, name.text,
                               name.span))
        return;
    FACT(facts, REL_organization, fact_site(facts, name.span), organization);
    add_text(manifest, level, entry, "enterprise", organization,
             REL_organization_enterprise);
    add_unknown_secrets(manifest, level, entry, TEXT("organization"), organization);
    list = schema_value(&manifest->reader, level, entry, "base_images");
    if (list.state != VALUE_STATED)
        return;
    for (NodeId at = {0};
         schema_item(&manifest->reader, level, "base_images", &list, &at, &image);) {
        if (image.state == VALUE_STATED || image.state == VALUE_UNKNOWN)
            FACT(facts, REL_base_image_policy, fact_site(facts, image.span),
                 organization,
                 fact_symbol(facts, image.state == VALUE_STATED ? image.text
                                                                : TEXT("unknown")));
    }
}

static void add_path(Manifest *manifest, NodeId entry, uint32_t repo)
{
    Facts *facts = manifest->facts;
    RepositoryPaths *paths = manifest->paths;
    Value value = schema_value(&manifest->reader, &level_repository, entry, "path");
    RepositoryPath path = {.repository = symbol_text(facts->symbols, (Symbol){repo})};

    if (!paths)
        return;
    if (value.state == VALUE_STATED)
        path.path = arena_copy(facts->arena, value.text);
    ARRAY_GROW(facts->arena, paths->items, paths->count, paths->capacity);
    paths->items[paths->count++] = path;
}

static void extract_repository(Manifest *manifest, NodeId entry)
{
    const Level *level = &level_repository;
    SchemaReader *reader = &manifest->reader;
    Facts *facts = manifest->facts;
    Value name;

    if (!schema_required(reader, level, entry, "name", &name))
        return;
    uint32_t repo = fact_repository(facts, name.text);
    if (!manifest_entry_is_new(manifest, ENTRY_REPOSITORY, repo, name.text, name.span))
        return;
    FACT(facts, REL_repository, fact_site(facts, name.span), repo,
         fact_owner(facts, name.text));
    add_visibility(manifest, level, entry, name, repo, REL_repository_visibility);
    Value upstream = schema_value(reader, level, entry, "fork_of");
    if (upstream.state == VALUE_STATED)
        FACT(facts, REL_repository_fork, fact_site(facts, upstream.span), repo,
             fact_repository(facts, upstream.text));
    Value archived = schema_value(reader, level, entry, "archived");
    if (archived.state == VALUE_STATED &&
        text_equal_ignoring_case(archived.text, TEXT("true")))
        FACT(facts, REL_repository_archived, fact_site(facts, archived.span), repo);
    Value prebuilds = schema_value(reader, level, entry, "prebuilds");
    if (prebuilds.state == VALUE_STATED || prebuilds.state == VALUE_UNKNOWN)
        FACT(facts, REL_repository_prebuilds, fact_site(facts, prebuilds.span), repo,
             fact_lower(facts, text_or_unknown(prebuilds)));
    add_unknown_secrets(manifest, level, entry, TEXT("repository"), repo);
    add_path(manifest, entry, repo);
}

static void add_link(Manifest *manifest, NodeId entry, Value name, uint32_t package)
{
    Facts *facts = manifest->facts;
    Value link = schema_value(&manifest->reader, &level_package, entry, "repository");
    uint32_t site = fact_site(facts, span_or(link, name));

    if (link.state == VALUE_STATED)
        FACT(facts, REL_package_repository, site, package,
             fact_repository(facts, link.text));
    else if (link.state != VALUE_NONE)
        FACT(facts, REL_package_repository_unknown, site, package);
}

/* What is not stated follows from how the package is published: a workflow's package
 * inherits, one that a personal access token published does not. [semantics 2.3] */
static void add_inheritance(Manifest *manifest, NodeId entry, Value name,
                            uint32_t package)
{
    Facts *facts = manifest->facts;
    SchemaReader *reader = &manifest->reader;
    Value how = schema_value(reader, &level_package, entry, "published_by");
    Value inherits = schema_value(reader, &level_package, entry, "inherit_access");
    Text answer = text_or_unknown(inherits);
    Span span = span_or(inherits, name);

    if (how.state == VALUE_STATED)
        FACT(facts, REL_package_published_by, fact_site(facts, how.span), package,
             fact_symbol(facts, how.text));
    if (how.state == VALUE_STATED && inherits.state != VALUE_STATED &&
        inherits.state != VALUE_UNKNOWN) {
        answer = text_equal(how.text, TEXT("actions")) ? TEXT("true") : TEXT("false");
        span = how.span;
    }
    FACT(facts, REL_package_inherit_access, fact_site(facts, span), package,
         fact_lower(facts, answer));
}

static void extract_package(Manifest *manifest, NodeId entry)
{
    const Level *level = &level_package;
    Facts *facts = manifest->facts;
    Value name;

    if (!schema_required(&manifest->reader, level, entry, "name", &name))
        return;
    uint32_t package = fact_lower(facts, name.text);
    if (!manifest_entry_is_new(manifest, ENTRY_PACKAGE, package, name.text, name.span))
        return;
    FACT(facts, REL_package, fact_site(facts, name.span), package,
         fact_owner(facts, name.text));
    add_visibility(manifest, level, entry, name, package, REL_package_visibility);
    add_link(manifest, entry, name, package);
    add_inheritance(manifest, entry, name, package);
    manifest_repositories(manifest, level, entry, "codespaces_access", package,
                          REL_codespaces_access, REL_codespaces_access_unknown);
    manifest_repositories(manifest, level, entry, "actions_access", package,
                          REL_actions_access, REL_COUNT);
    add_text(manifest, level, entry, "built_from", package, REL_package_built_from);
}

static void extract_registry(Manifest *manifest, NodeId entry)
{
    Facts *facts = manifest->facts;
    SchemaReader *reader = &manifest->reader;
    Value name, access;

    if (!schema_required(reader, &level_registry, entry, "host", &name))
        return;
    uint32_t host = fact_lower(facts, name.text);
    if (!manifest_entry_is_new(manifest, ENTRY_REGISTRY, host, name.text, name.span))
        return;
    access = schema_value(reader, &level_registry, entry, "access");
    FACT(facts, REL_registry_access, fact_site(facts, span_or(access, name)), host,
         fact_symbol(facts, text_or_unknown(access)));
}

typedef struct Section {
    const char *key;
    const Level *level;
    void (*extract)(Manifest *manifest, NodeId entry);
} Section;

/* A new kind of entry is one row here and one level in manifest_schema.c. */
static const Section sections[] = {
    {"organizations", &level_organization, extract_organization},
    {"repositories", &level_repository, extract_repository},
    {"packages", &level_package, extract_package},
    {"secrets", &level_secret, manifest_secret_extract},
    {"registries", &level_registry, extract_registry},
};

static void note_secrets(Manifest *manifest, const Value *list)
{
    Manifests *all = manifest->all;

    if (list->state == VALUE_UNKNOWN)
        all->secrets_unknown = true;
    if (all->secrets_stated.file == 0)
        all->secrets_stated = tree_key_span(manifest->reader.tree, list->node);
}

static void extract_section(Manifest *manifest, NodeId root, const Section *section)
{
    SchemaReader *reader = &manifest->reader;
    Value list = schema_value(reader, &level_manifest, root, section->key), entry;

    if (section->level == &level_secret && list.node.index)
        note_secrets(manifest, &list);
    if (list.state != VALUE_STATED)
        return;
    for (NodeId at = {0};
         schema_item(reader, &level_manifest, section->key, &list, &at, &entry);) {
        if (entry.state != VALUE_STATED)
            continue;
        schema_check_keys(reader, section->level, entry.node);
        section->extract(manifest, entry.node);
    }
}

void manifest_extract(Facts *facts, const struct Tree *tree, RepositoryPaths *paths)
{
    Manifest manifest = {.facts = facts, .paths = paths};

    if (!facts->manifests)
        facts->manifests = ARENA_NEW(facts->arena, Manifests);
    manifest.all = facts->manifests;
    manifest.reader = (SchemaReader){.arena = facts->arena,
                                     .sources = facts->sources,
                                     .diags = facts->diags,
                                     .tree = tree};
    for (NodeId root = tree->root; root.index; root = tree_next(tree, root)) {
        NodeKind kind = tree_kind(tree, root);

        if (kind == NODE_NULL)
            continue;
        if (kind != NODE_OBJECT) {
            source_mark_secret(facts->sources, tree_span(tree, root));
            diag_add(facts->diags, "", tree_span(tree, root),
                     "this manifest is %s; expected a mapping", node_kind_says(kind));
            continue;
        }
        schema_check_keys(&manifest.reader, &level_manifest, root);
        for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
            extract_section(&manifest, root, &sections[i]);
    }
}

void manifests_complete(Facts *facts)
{
    const Manifests *all = facts->manifests;

    if (all && all->secrets_stated.file && !all->secrets_unknown)
        FACT(facts, REL_secrets_stated, fact_site(facts, all->secrets_stated));
}
