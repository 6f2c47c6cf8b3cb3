#include "facts/devcontainer.h"

#include "facts/secret_facts.h"

/* --- values --- */

static VariableState find_unknown(void *context, Text name, Text *value)
{
    (void)context;
    (void)name;
    (void)value;
    return VARIABLE_UNKNOWN;
}

/* Of the workspace folder, which a codespace names after the repository; a Template is
 * not applied yet. */
static Text folder_name(const Configuration *configuration)
{
    Text repository =
        symbol_text(configuration->facts->symbols, (Symbol){configuration->repo});

    if (configuration->template)
        return (Text){0};
    return path_base(repository.len ? repository : configuration->root);
}

bool devcontainer_value(Configuration *configuration, NodeId node, Value *value)
{
    Facts *facts = configuration->facts;

    *value = (Value){.text = tree_string(configuration->tree, node),
                     .span = tree_span(configuration->tree, node)};
    if (!tree_is_string(configuration->tree, node))
        return false;
    Expansion expansion =
        expand_devcontainer(facts->scratch, value->text, folder_name(configuration),
                            (Variables){find_unknown, NULL});
    value->value = expansion.value;
    value->hole = expansion.hole;
    value->assumed = expansion.assumed;
    if (expansion.problem.len)
        return diag_error(facts->diags, "input/syntax", value->span,
                          "this variable is refused: %.*s, expected '${localEnv:NAME}'",
                          TEXT_ARG(expansion.problem));
    return true;
}

Value value_part(Value value, Text part)
{
    value.value = part;
    value.hole = value.hole.len ? reference_hole(part) : (Text){0};
    return value;
}

void value_add(Configuration *configuration, Value value, ReferenceKind kind,
               ReferenceReach reach, Text note)
{
    if (note.len == 0 && value.assumed.len)
        note = arena_format(configuration->facts->scratch,
                            "with the default of '%.*s', which the machine may set "
                            "otherwise",
                            TEXT_ARG(value.assumed));
    references_add(&configuration->references, (Reference){.kind = kind,
                                                           .reach = reach,
                                                           .text = value.text,
                                                           .value = value.value,
                                                           .hole = value.hole,
                                                           .note = note,
                                                           .span = value.span});
}

bool value_next_field(Text *rest, bool *done, Text *name, Text *value)
{
    Text field;

    if (!text_next_part(rest, ',', &field, done))
        return false;
    size_t equals = text_find_byte(field, '=');
    *name = text_slice(field, 0, equals);
    *value = text_from(field, equals + 1);
    return true;
}

NodeId value_first(const Tree *tree, NodeId list)
{
    return tree_kind(tree, list) == NODE_ARRAY ? tree_first(tree, list) : (NodeId){0};
}

/* --- image and mounts --- */

static NodeId find(const Configuration *configuration, const char *key)
{
    return tree_find(configuration->tree, configuration->tree->root, text_of(key));
}

static void image_extract(Configuration *configuration, NodeId image, Text note)
{
    Value value;

    if (!tree_is_string(configuration->tree, image))
        diag_add(configuration->facts->diags, "input/invalid-reference",
                 tree_span(configuration->tree, image),
                 "'image' is no string, expected an image reference");
    else if (devcontainer_value(configuration, image, &value))
        value_add(configuration, value, KIND_IMAGE, REACH_PULLED, note);
}

/* docker run needs the image of such a mount, but does not pull it. */
static void add_mounted(Configuration *configuration, Value value)
{
    value_add(configuration, value, KIND_VOLUME_IMAGE, REACH_CONDITIONAL,
              TEXT("it is mounted if it is there; docker run does not pull it"));
}

/* "type=image,source=REF,target=..." */
static void mount_list_extract(Configuration *configuration, Value value, Text list)
{
    Text name, field, source = {0};
    bool is_image = false;

    for (bool done = false; value_next_field(&list, &done, &name, &field);) {
        if (text_equal(name, TEXT("type")))
            is_image = text_equal(field, TEXT("image"));
        if (text_equal(name, TEXT("source")) || text_equal(name, TEXT("src")))
            source = field;
    }
    if (is_image && source.len)
        add_mounted(configuration, value_part(value, source));
}

static void mounts_extract(Configuration *configuration)
{
    const Tree *tree = configuration->tree;
    NodeId mounts = find(configuration, "mounts");

    for (NodeId at = value_first(tree, mounts); at.index; at = tree_next(tree, at)) {
        NodeId type = tree_find(tree, at, TEXT("type"));
        NodeId source = tree_find(tree, at, TEXT("source"));
        Value value;

        if (devcontainer_value(configuration, at, &value))
            mount_list_extract(configuration, value, value.value);
        else if (text_equal(tree_string(tree, type), TEXT("image")) &&
                 devcontainer_value(configuration, source, &value))
            add_mounted(configuration, value);
    }
}

static void run_arguments_extract(Configuration *configuration)
{
    const Tree *tree = configuration->tree;
    const Text mount = TEXT("--mount"), mount_is = TEXT("--mount=");
    NodeId arguments = find(configuration, "runArgs");
    bool is_mount = false;

    for (NodeId at = value_first(tree, arguments); at.index; at = tree_next(tree, at)) {
        Value value;

        if (!devcontainer_value(configuration, at, &value))
            continue;
        if (is_mount)
            mount_list_extract(configuration, value, value.value);
        else if (text_starts_with(value.value, mount_is))
            mount_list_extract(configuration, value,
                               text_from(value.value, mount_is.len));
        is_mount = !is_mount && text_equal(value.value, mount);
    }
}

/* --- compose --- */

static void add_compose_file(Configuration *configuration, NodeId node,
                             ComposeFile *files, uint32_t *count)
{
    Value value;

    if (devcontainer_value(configuration, node, &value))
        files[(*count)++] = (ComposeFile){value.value, value.span};
    else if (!tree_is_string(configuration->tree, node))
        diag_add(configuration->facts->diags, "input/missing-file",
                 tree_span(configuration->tree, node),
                 "this is no path of a compose file, expected a string");
}

static ComposeName *read_names(Configuration *configuration, NodeId array,
                               uint32_t *count)
{
    const Tree *tree = configuration->tree;
    ComposeName *names = ARENA_ARRAY(configuration->facts->scratch,
                                     tree_node(tree, array)->count, ComposeName);

    *count = 0;
    for (NodeId at = value_first(tree, array); at.index; at = tree_next(tree, at)) {
        Value value;

        if (devcontainer_value(configuration, at, &value))
            names[(*count)++] = (ComposeName){value.value, value.span};
    }
    return names;
}

static void compose_project_extract(Configuration *configuration, NodeId list)
{
    const Tree *tree = configuration->tree;
    NodeId service = find(configuration, "service");
    ComposeFile *files = ARENA_ARRAY(configuration->facts->scratch,
                                     tree_node(tree, list)->count + 1, ComposeFile);
    ComposeProject project = {.files = files};
    bool is_list = tree_kind(tree, list) == NODE_ARRAY;
    Value name = {0};

    if (!is_list)
        add_compose_file(configuration, list, files, &project.nfiles);
    for (NodeId at = value_first(tree, list); at.index; at = tree_next(tree, at))
        add_compose_file(configuration, at, files, &project.nfiles);
    if (project.nfiles == 0 && (!is_list || value_first(tree, list).index))
        return; /* none of them is a path, which was said */
    (void)devcontainer_value(configuration, service, &name);
    project.service = name.value;
    project.service_span = name.span;
    project.run_services = read_names(configuration, find(configuration, "runServices"),
                                      &project.nrun_services);
    project.via = configuration_via(configuration, tree_span(tree, list), NULL);
    compose_extract(configuration, &project);
}

/* --- branches --- */

/* Without an image, a Dockerfile and a compose project, a codespace has the image that
 * its host chooses. [inputs L6] */
static void add_default(Configuration *configuration)
{
    const Tree *tree = configuration->tree;
    Span whole = tree_span(tree, tree->root);

    if (tree_kind(tree, tree->root) == NODE_OBJECT)
        value_add(
            configuration, (Value){.span = {tree->file, whole.start, whole.start}},
            KIND_HOST_DEFAULT, REACH_OPAQUE,
            TEXT("the default image of the host, since the configuration names none"));
}

/* A proposal: today it means nothing to any tool, and one that reads it would pull what
 * that file says, too. [inputs 2.2] */
static void extends_extract(Configuration *configuration)
{
    NodeId extends = find(configuration, "extends");

    if (extends.index)
        value_add(configuration,
                  (Value){.span = tree_span(configuration->tree, extends)},
                  KIND_IMPLICIT, REACH_OPAQUE,
                  TEXT("'extends' is a proposal; the file it names was not read"));
}

/* What is pulled is the union of what the commands of the CLI would choose: a
 * Dockerfile, else the image, and a compose project. With a Dockerfile, `image` is the
 * name of the result. [inputs P1 to P3] */
static void branches_extract(Configuration *configuration)
{
    const Tree *tree = configuration->tree;
    NodeId image = find(configuration, "image"), build = find(configuration, "build");
    NodeId compose = find(configuration, "dockerComposeFile");
    bool builds = build_extract(configuration);

    if (!builds && image.index)
        image_extract(configuration, image,
                      compose.index
                          ? TEXT("'up' of the dev container CLI uses the image, "
                                 "'build' the compose files")
                          : TEXT(""));
    if (compose.index)
        compose_project_extract(configuration, compose);
    if (build.index && !builds && !image.index && !compose.index)
        diag_add(configuration->facts->diags, "input/missing-file",
                 tree_member_span(tree, build),
                 "'build' names no Dockerfile, expected 'dockerfile' in it");
    if (!builds && !image.index && !compose.index && !build.index)
        add_default(configuration);
}

static void lifecycle_extract(Configuration *configuration)
{
    static const Text events[] = {
        TEXT_INIT("initializeCommand"),    TEXT_INIT("onCreateCommand"),
        TEXT_INIT("updateContentCommand"), TEXT_INIT("postCreateCommand"),
        TEXT_INIT("postStartCommand"),     TEXT_INIT("postAttachCommand"),
    };

    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        NodeId command =
            tree_find(configuration->tree, configuration->tree->root, events[i]);

        if (command.index)
            commands_extract(configuration, events[i], command);
    }
}

void devcontainer_declare(Configuration *configuration)
{
    Facts *facts = configuration->facts;
    Span root = tree_span(configuration->tree, configuration->tree->root);
    Text inner = configuration->root.len
                     ? text_from(configuration->path, configuration->root.len + 1)
                     : configuration->path;
    Text spelt = symbol_text(facts->symbols, (Symbol){configuration->repo});

    configuration->config =
        fact_symbol(facts, arena_format(facts->scratch, "%.*s:%.*s", TEXT_ARG(spelt),
                                        TEXT_ARG(inner)));
    FACT(facts, REL_configuration,
         fact_site(facts, (Span){configuration->tree->file, root.start,
                                 root.start + (root.end > root.start)}),
         configuration->config, configuration->repo, fact_symbol(facts, inner));
}

void devcontainer_references(Configuration *configuration)
{
    const Tree *tree = configuration->tree;

    if (tree->root.index && tree_kind(tree, tree->root) != NODE_OBJECT)
        diag_add(configuration->facts->diags, "input/syntax",
                 tree_span(tree, tree->root),
                 "a configuration is an object, expected '{'");
    secret_facts_scan(configuration, tree->file);
    secrets_extract(configuration);
    branches_extract(configuration);
    extends_extract(configuration);
    features_extract(configuration);
    mounts_extract(configuration);
    run_arguments_extract(configuration);
}

void devcontainer_commands(Configuration *configuration)
{
    lifecycle_extract(configuration);
    permissions_extract(configuration);
}

void devcontainer_extract(Facts *facts, Files *files, const Tree *tree, Text repository,
                          Text root, Text path, Text platform)
{
    Configuration configuration = {.facts = facts,
                                   .files = files,
                                   .tree = tree,
                                   .repo = fact_repository(facts, repository),
                                   .root = root,
                                   .folder = root,
                                   .path = path,
                                   .directory = path_directory(path),
                                   .platform = platform,
                                   .references = {.arena = facts->scratch}};

    devcontainer_declare(&configuration);
    devcontainer_references(&configuration);
    devcontainer_commands(&configuration);
    for (uint32_t i = 0; i < configuration.references.count; i++)
        reference_extract(&configuration, &configuration.references.items[i]);
}
