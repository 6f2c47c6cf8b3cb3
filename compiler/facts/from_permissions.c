#include "facts/devcontainer.h"

/* permissions = "read-all" | "write-all" | { permission: value, ... } */
static void add_permissions(Configuration *configuration, Text target,
                            NodeId permissions)
{
    const Tree *tree = configuration->tree;
    Facts *facts = configuration->facts;
    uint32_t repo = fact_repository(facts, target), owner = fact_owner(facts, target);
    Text all = tree_string(tree, permissions);
    const Text suffix = TEXT("-all");

    if (all.len) {
        Text value = text_ends_with(all, suffix)
                         ? text_slice(all, 0, all.len - suffix.len)
                         : all;
        FACT(facts, REL_permission_request,
             fact_site(facts, tree_member_span(tree, permissions)),
             configuration->config, repo, owner, fact_symbol(facts, TEXT("*")),
             fact_symbol(facts, value));
    }
    if (tree_kind(tree, permissions) != NODE_OBJECT)
        return;
    for (NodeId at = tree_first(tree, permissions); at.index; at = tree_next(tree, at))
        FACT(facts, REL_permission_request,
             fact_site(facts, tree_member_span(tree, at)), configuration->config, repo,
             owner, fact_symbol(facts, tree_node(tree, at)->key),
             fact_symbol(facts, tree_scalar(tree, at)));
}

/* repositories = { "owner/name": { "permissions": permissions }, ... } */
static void add_repositories(Configuration *configuration, NodeId repositories)
{
    const Tree *tree = configuration->tree;

    if (tree_kind(tree, repositories) != NODE_OBJECT)
        return;
    for (NodeId at = tree_first(tree, repositories); at.index; at = tree_next(tree, at))
        add_permissions(configuration, tree_node(tree, at)->key,
                        tree_find(tree, at, TEXT("permissions")));
}

/* secrets = { NAME: { "description": ..., "documentationUrl": ... }, ... } [G1] */
static void add_secrets(Configuration *configuration, NodeId secrets)
{
    const Tree *tree = configuration->tree;
    Facts *facts = configuration->facts;

    if (tree_kind(tree, secrets) != NODE_OBJECT)
        return;
    for (NodeId at = tree_first(tree, secrets); at.index; at = tree_next(tree, at)) {
        NodeId value = tree_find(tree, at, TEXT("value"));

        if (value.index) /* it has no place there, and is shown nowhere */
            source_mark_secret(facts->sources, tree_span(tree, value));
        FACT(facts, REL_recommended_secret, fact_site(facts, tree_key_span(tree, at)),
             configuration->config, fact_upper(facts, tree_node(tree, at)->key));
    }
}

void permissions_extract(Configuration *configuration)
{
    /* The top-level key is the older form, with the same meaning. [G3] */
    static const char *const current[] = {"customizations", "codespaces",
                                          "repositories", NULL};
    static const char *const legacy[] = {"codespaces", "repositories", NULL};
    const Tree *tree = configuration->tree;

    add_repositories(configuration, tree_find_path(tree, tree->root, current));
    add_repositories(configuration, tree_find_path(tree, tree->root, legacy));
    add_secrets(configuration, tree_find(tree, tree->root, TEXT("secrets")));
}
