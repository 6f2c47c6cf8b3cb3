#include "facts/devcontainer.h"
#include "facts/secret_facts.h"

enum { RECOMMENDED_NAME_MAX = 64 }; /* bytes that a message shows */

static void add_permission(Configuration *configuration, Text target, Span span,
                           Text permission, Text value)
{
    Facts *facts = configuration->facts;

    FACT(facts, REL_permission_request, fact_site(facts, span), configuration->config,
         fact_repository(facts, target), fact_owner(facts, target),
         fact_symbol(facts, secret_facts_shown(configuration, permission)),
         fact_symbol(facts, secret_facts_shown(configuration, value)));
}

/* permissions = "read-all" | "write-all" | { permission: value, ... } ; what is none of
 * them is a value that "permissions" itself does not take */
static void add_permissions(Configuration *configuration, Text target,
                            NodeId permissions)
{
    const Tree *tree = configuration->tree;
    Text all = tree_scalar(tree, permissions);
    Span span = tree_member_span(tree, permissions);

    if (!permissions.index)
        return;
    if (text_equal(all, TEXT("read-all")) || text_equal(all, TEXT("write-all")))
        add_permission(configuration, target, span, TEXT("*"),
                       text_slice(all, 0, text_find_byte(all, '-')));
    else if (tree_kind(tree, permissions) != NODE_OBJECT)
        add_permission(configuration, target, span, TEXT("permissions"), all);
    if (tree_kind(tree, permissions) != NODE_OBJECT)
        return;
    for (NodeId at = tree_first(tree, permissions); at.index; at = tree_next(tree, at))
        add_permission(configuration, target, tree_member_span(tree, at),
                       tree_node(tree, at)->key, tree_scalar(tree, at));
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

/* --- recommended secrets --- */

typedef struct Recommendation {
    Configuration *configuration;
    Text name;
    Span span; /* of the name */
} Recommendation;

static void add_problem(const Recommendation *recommendation, Span span, Text problem)
{
    Configuration *configuration = recommendation->configuration;
    Facts *facts = configuration->facts;

    FACT(facts, REL_invalid_recommendation, fact_site(facts, span),
         configuration->config,
         fact_symbol(facts, secret_facts_shown(configuration, recommendation->name)),
         fact_symbol(facts, problem));
}

/* The schema's "^[a-zA-Z_][a-zA-Z0-9_]*$", and no name that GitHub keeps for itself.
 * [DCSPEC, SNAM] */
static void check_name(const Recommendation *recommendation)
{
    Text name = recommendation->name;
    const Text own = TEXT("GITHUB_");

    for (size_t i = 0; i < name.len; i++) {
        if (byte_is_letter(name.at[i]) || byte_is_digit(name.at[i]) ||
            name.at[i] == '_')
            continue;
        add_problem(recommendation, recommendation->span,
                    TEXT("has other characters in its name than letters, digits and "
                         "'_'"));
        return;
    }
    if (name.len == 0)
        add_problem(recommendation, recommendation->span, TEXT("has no name"));
    else if (byte_is_digit(name.at[0]))
        add_problem(recommendation, recommendation->span,
                    TEXT("has a digit at the start of its name"));
    else if (text_equal_ignoring_case(text_slice(name, 0, own.len), own))
        add_problem(recommendation, recommendation->span,
                    TEXT("has a name that begins with GITHUB_"));
}

/* It has no place there, and is shown nowhere. */
static void hide_value(const Recommendation *recommendation, NodeId value)
{
    Configuration *configuration = recommendation->configuration;
    const Tree *tree = configuration->tree;
    Text text = tree_string(tree, value);

    source_mark_secret(configuration->facts->sources, tree_span(tree, value));
    if (value_is_secret(TEXT("secret"), text, USE_OUTSIDE))
        secret_facts_add(
            configuration, tree_span(tree, value), text,
            arena_format(
                configuration->facts->scratch, "the value of %.*s",
                TEXT_ARG(text_slice(recommendation->name, 0, RECOMMENDED_NAME_MAX))));
}

/* { "description": text, "documentationUrl": text } and no other key */
static void check_shape(const Recommendation *recommendation, NodeId secret)
{
    static const Text keys[] = {TEXT_INIT("description"),
                                TEXT_INIT("documentationUrl")};
    Arena *arena = recommendation->configuration->facts->scratch;
    const Tree *tree = recommendation->configuration->tree;

    if (tree_kind(tree, secret) != NODE_OBJECT) {
        hide_value(recommendation, secret);
        add_problem(recommendation, recommendation->span, TEXT("is no object"));
        return;
    }
    for (NodeId at = tree_first(tree, secret); at.index; at = tree_next(tree, at)) {
        Text key = tree_node(tree, at)->key;
        bool is_known = text_equal(key, keys[0]) || text_equal(key, keys[1]);

        if (is_known && tree_is_string(tree, at))
            continue;
        if (!is_known)
            hide_value(recommendation, at);
        key = secret_facts_shown(recommendation->configuration,
                                 text_slice(key, 0, RECOMMENDED_NAME_MAX));
        add_problem(
            recommendation, tree_key_span(tree, at),
            is_known
                ? arena_format(arena, "has a '%.*s' that is no text", TEXT_ARG(key))
                : arena_format(arena, "has the key '%.*s', which means nothing",
                               TEXT_ARG(key)));
    }
}

/* secrets = { NAME: { "description": ..., "documentationUrl": ... }, ... } [G1] */
static void add_secrets(Configuration *configuration, NodeId secrets)
{
    const Tree *tree = configuration->tree;
    Facts *facts = configuration->facts;

    if (tree_kind(tree, secrets) != NODE_OBJECT)
        return;
    for (NodeId at = tree_first(tree, secrets); at.index; at = tree_next(tree, at)) {
        const Recommendation recommendation = {.configuration = configuration,
                                               .name = tree_node(tree, at)->key,
                                               .span = tree_key_span(tree, at)};

        check_name(&recommendation);
        check_shape(&recommendation, at);
        FACT(facts, REL_recommended_secret, fact_site(facts, recommendation.span),
             configuration->config,
             fact_upper(facts, secret_facts_shown(configuration, recommendation.name)));
    }
}

void permissions_extract(Configuration *configuration)
{
    /* The top-level key is the older form, with the same meaning. [G3] */
    static const char *const current[] = {"customizations", "codespaces",
                                          "repositories", NULL};
    static const char *const legacy[] = {"codespaces", "repositories", NULL};
    const Tree *tree = configuration->tree;
    Facts *facts = configuration->facts;
    NodeId older = tree_find(tree, tree->root, TEXT("codespaces"));

    if (older.index)
        FACT(facts, REL_legacy_key, fact_site(facts, tree_key_span(tree, older)),
             configuration->config, fact_symbol(facts, TEXT("codespaces")));
    add_repositories(configuration, tree_find_path(tree, tree->root, current));
    add_repositories(configuration, tree_find_path(tree, tree->root, legacy));
    add_secrets(configuration, tree_find(tree, tree->root, TEXT("secrets")));
}
