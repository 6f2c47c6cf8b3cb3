#include "facts/secret_facts.h"

#include "facts/devcontainer.h"

static NodeId find(const Configuration *configuration, const char *key)
{
    return tree_find(configuration->tree, configuration->tree->root, text_of(key));
}

/* A place that may hold secrets, and what the build does with it (empty: nothing). */
typedef struct Holder {
    Configuration *configuration;
    Text build; /* "build.args", ...: what stands there is fed into an image build */
} Holder;

static void name_extract(const Holder *holder, Text name, Text value, Span span)
{
    secret_facts_value(holder->configuration, name, value, span, USE_OUTSIDE);
    if (holder->build.len)
        secret_facts_build(holder->configuration, name, value, span, holder->build);
}

/* { NAME: "value", ... } */
static void object_extract(const Holder *holder, NodeId object)
{
    const Tree *tree = holder->configuration->tree;

    if (tree_kind(tree, object) != NODE_OBJECT)
        return;
    for (NodeId at = tree_first(tree, object); at.index; at = tree_next(tree, at)) {
        if (tree_is_string(tree, at))
            name_extract(holder, tree_node(tree, at)->key, tree_string(tree, at),
                         tree_span(tree, at));
    }
}

/* NAME "=" value | NAME, which is the machine's variable */
static void pair_extract(const Holder *holder, Text pair, Span span)
{
    size_t equals = text_find_byte(pair, '=');
    Text name = text_slice(pair, 0, equals);

    if (equals < pair.len)
        name_extract(holder, name, text_from(pair, equals + 1), span);
    else if (holder->build.len)
        secret_facts_build_name(holder->configuration, name, span, holder->build);
}

/* --- arguments of docker run and docker build --- */

typedef enum OptionKind {
    OPTION_ENVIRONMENT,
    OPTION_BUILD_ARGUMENT,
    OPTION_MOUNT,
    OPTION_VOLUME
} OptionKind;

static const struct Option {
    Text name;
    OptionKind kind;
} run_options[] =
    {
        {TEXT_INIT("--env"), OPTION_ENVIRONMENT},
        {TEXT_INIT("-e"), OPTION_ENVIRONMENT},
        {TEXT_INIT("--mount"), OPTION_MOUNT},
        {TEXT_INIT("--volume"), OPTION_VOLUME},
        {TEXT_INIT("-v"), OPTION_VOLUME},
},
  build_options[] = {
      {TEXT_INIT("--build-arg"), OPTION_BUILD_ARGUMENT},
};

static void option_extract(Configuration *configuration, const struct Option *option,
                           Text value, Span span)
{
    const Text run = TEXT("runArgs");

    switch (option->kind) {
    case OPTION_ENVIRONMENT:
        pair_extract(&(Holder){configuration, {0}}, value, span);
        break;
    case OPTION_BUILD_ARGUMENT:
        pair_extract(&(Holder){configuration, TEXT("build.options")}, value, span);
        break;
    case OPTION_MOUNT:
        mount_facts_fields(configuration, value, span, run);
        break;
    case OPTION_VOLUME:
        mount_facts_volume(configuration, value, span, run);
        break;
    }
}

/* The option that `text` begins: all of it, or with its value behind "=" or, of a short
 * one, directly. */
static const struct Option *find_option(const struct Option *options, size_t count,
                                        Text text, Text *value)
{
    for (size_t i = 0; i < count; i++) {
        Text name = options[i].name;
        bool is_short = name.len == 2;

        if (!text_starts_with(text, name))
            continue;
        *value = text_from(text, name.len);
        if (value->len == 0)
            return &options[i];
        if (value->at[0] == '=')
            *value = text_from(*value, 1);
        else if (!is_short)
            continue;
        return &options[i];
    }
    return NULL;
}

/* option = name "=" value | name, value ; each a string of the array */
static void arguments_extract(Configuration *configuration, NodeId list,
                              const struct Option *options, size_t count)
{
    const Tree *tree = configuration->tree;
    const struct Option *pending = NULL;

    for (NodeId at = value_first(tree, list); at.index; at = tree_next(tree, at)) {
        Text text = tree_string(tree, at), value;
        Span span = tree_span(tree, at);

        if (pending) {
            option_extract(configuration, pending, text, span);
            pending = NULL;
            continue;
        }
        const struct Option *option = find_option(options, count, text, &value);
        if (option && value.len)
            option_extract(configuration, option, value, span);
        else
            pending = option;
    }
}

/* --- mounts --- */

static void mounts_extract(Configuration *configuration)
{
    const Tree *tree = configuration->tree;
    const Text how = TEXT("mounts");

    for (NodeId at = value_first(tree, find(configuration, "mounts")); at.index;
         at = tree_next(tree, at)) {
        Text type = tree_string(tree, tree_find(tree, at, TEXT("type")));

        if (tree_is_string(tree, at))
            mount_facts_fields(configuration, tree_string(tree, at),
                               tree_span(tree, at), how);
        else if (text_equal(type, TEXT("bind")))
            mount_facts_add(configuration,
                            tree_string(tree, tree_find(tree, at, TEXT("source"))),
                            tree_span(tree, at), how);
    }
}

/* --- the configuration --- */

static bool builds_an_image(const Configuration *configuration, NodeId build)
{
    return find(configuration, "dockerFile").index ||
           tree_find(configuration->tree, build, TEXT("dockerfile")).index;
}

/* "./path", which may install anything. */
static void local_extract(Configuration *configuration, NodeId feature)
{
    Facts *facts = configuration->facts;
    Text id = tree_node(configuration->tree, feature)->key;

    if (text_starts_with(id, TEXT(".")))
        FACT(facts, REL_local_feature,
             fact_site(facts, tree_key_span(configuration->tree, feature)),
             configuration->config,
             fact_symbol(facts, secret_facts_shown(configuration, id)));
}

void secrets_extract(Configuration *configuration)
{
    const Tree *tree = configuration->tree;
    NodeId build = find(configuration, "build");
    NodeId features = find(configuration, "features");
    Holder holder = {configuration, {0}};

    object_extract(&holder, find(configuration, "containerEnv"));
    object_extract(&holder, find(configuration, "remoteEnv"));
    if (builds_an_image(configuration, build)) {
        holder.build = TEXT("build.args");
        object_extract(&holder, tree_find(tree, build, TEXT("args")));
        arguments_extract(configuration, tree_find(tree, build, TEXT("options")),
                          build_options,
                          sizeof(build_options) / sizeof(*build_options));
    }
    holder.build = TEXT("an option of a Feature");
    for (NodeId at = tree_kind(tree, features) == NODE_OBJECT
                         ? tree_first(tree, features)
                         : (NodeId){0};
         at.index; at = tree_next(tree, at)) {
        local_extract(configuration, at);
        object_extract(&holder, at);
    }
    arguments_extract(configuration, find(configuration, "runArgs"), run_options,
                      sizeof(run_options) / sizeof(*run_options));
    mounts_extract(configuration);
}
