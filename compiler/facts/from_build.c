#include "facts/devcontainer.h"

/* build.args and the like of a configuration have few members; more are not read. */
enum { ARGUMENTS_MAX = 1024 };

typedef struct Reading {
    Configuration *configuration;
    BuildArgument *arguments;
    uint32_t narguments, arguments_capacity;
    NamedContext *contexts;
    uint32_t ncontexts, contexts_capacity;
    Value target, platform;
    Value
        option_file; /* of "-f" in build.options, which then is the one that is built */
    bool is_full;
} Reading;

/* --- arguments --- */

/* The last one of a name counts. */
static void add_argument(Reading *reading, BuildArgument argument)
{
    Facts *facts = reading->configuration->facts;

    reference_mark_secret(reading->configuration, argument.span, argument.value);
    for (uint32_t i = 0; i < reading->narguments; i++) {
        if (text_equal(reading->arguments[i].name, argument.name)) {
            reading->arguments[i] = argument;
            return;
        }
    }
    if (reading->narguments == ARGUMENTS_MAX) {
        if (!reading->is_full)
            diag_add(facts->diags, "input/syntax", argument.span,
                     "more than 1,024 build arguments; the rest was not read");
        reading->is_full = true;
        return;
    }
    ARRAY_GROW(facts->scratch, reading->arguments, reading->narguments,
               reading->arguments_capacity);
    reading->arguments[reading->narguments++] = argument;
}

/* "args": { name: value, ... } ; a number or a boolean is passed as it is written. */
static void read_arguments(Reading *reading, NodeId arguments)
{
    const Tree *tree = reading->configuration->tree;

    if (tree_kind(tree, arguments) != NODE_OBJECT)
        return;
    for (NodeId at = tree_first(tree, arguments); at.index && !reading->is_full;
         at = tree_next(tree, at)) {
        Value value = {.value = tree_scalar(tree, at), .span = tree_span(tree, at)};

        if (tree_is_string(tree, at) &&
            !devcontainer_value(reading->configuration, at, &value))
            continue;
        add_argument(reading, (BuildArgument){.name = tree_node(tree, at)->key,
                                              .value = value.value,
                                              .has_value = true,
                                              .span = value.span});
    }
}

/* --- cache, attestations --- */

/* cache = ref ("," ref)* | field ("," field)* ; of the fields, "type=registry" says
 * that "ref" is pulled. */
static void add_cache(Reading *reading, Value value)
{
    Text rest = value.value, name, field, ref = {0}, type = {0};
    bool has_fields = text_find_byte(rest, '=') < rest.len;

    for (bool done = false; value_next_field(&rest, &done, &name, &field);) {
        if (!has_fields)
            value_add(reading->configuration, value_part(value, name), KIND_CACHE,
                      REACH_PULLED, TEXT(""));
        if (text_equal(name, TEXT("type")))
            type = field;
        if (text_equal(name, TEXT("ref")))
            ref = field;
    }
    if (text_equal(type, TEXT("registry")) && ref.len)
        value_add(reading->configuration, value_part(value, ref), KIND_CACHE,
                  REACH_PULLED, TEXT(""));
}

static void read_caches(Reading *reading, NodeId caches)
{
    const Tree *tree = reading->configuration->tree;
    Value value;

    if (devcontainer_value(reading->configuration, caches, &value))
        add_cache(reading, value);
    for (NodeId at = value_first(tree, caches); at.index; at = tree_next(tree, at)) {
        if (devcontainer_value(reading->configuration, at, &value))
            add_cache(reading, value);
    }
}

/* sbom = boolean | field ("," field)* ; without a "generator" it is BuildKit's own. */
static void add_sbom(Reading *reading, Value value)
{
    Text rest = value.value, name, field;
    Text generator = TEXT("docker/buildkit-syft-scanner:stable-1");

    for (bool done = false; value_next_field(&rest, &done, &name, &field);) {
        bool is_disabled = text_equal(name, TEXT("disabled"));

        if (text_equal(name, TEXT("false")) ||
            (is_disabled && !text_equal(field, TEXT("false"))))
            return;
        if (text_equal(name, TEXT("generator")) && field.len)
            generator = field;
    }
    value_add(reading->configuration, value_part(value, generator), KIND_SBOM_GENERATOR,
              REACH_PULLED, TEXT(""));
}

/* --- build.options --- */

static void option_argument(Reading *reading, Value value)
{
    size_t equals = text_find_byte(value.value, '=');

    add_argument(reading, (BuildArgument){.name = text_slice(value.value, 0, equals),
                                          .value = text_from(value.value, equals + 1),
                                          .has_value = equals < value.value.len,
                                          .span = value.span});
}

static void option_target(Reading *reading, Value value)
{
    reading->target = value;
}

static void option_file(Reading *reading, Value value)
{
    reading->option_file = value;
}

/* Of several, the first: one build of each pulls the same references. */
static void option_platform(Reading *reading, Value value)
{
    size_t comma = text_find_byte(value.value, ',');

    reading->platform = value_part(value, text_slice(value.value, 0, comma));
}

/* NAME "=" value */
static void option_context(Reading *reading, Value value)
{
    size_t equals = text_find_byte(value.value, '=');

    if (equals == value.value.len || reading->ncontexts == ARGUMENTS_MAX)
        return;
    ARRAY_GROW(reading->configuration->facts->scratch, reading->contexts,
               reading->ncontexts, reading->contexts_capacity);
    reading->contexts[reading->ncontexts++] =
        (NamedContext){.name = text_slice(value.value, 0, equals),
                       .value = text_from(value.value, equals + 1),
                       .span = value.span};
}

/* "type=sbom" [",generator=" REF] */
static void option_attestation(Reading *reading, Value value)
{
    Text rest = value.value, name, field;

    for (bool done = false; value_next_field(&rest, &done, &name, &field);) {
        if (text_equal(name, TEXT("type")) && text_equal(field, TEXT("sbom"))) {
            add_sbom(reading, value);
            return;
        }
    }
}

/* Options of docker build that decide what is pulled. [inputs 2.3] */
static const struct Option {
    Text name;
    void (*read)(Reading *reading, Value value);
} options[] = {
    {TEXT_INIT("--build-arg"), option_argument},
    {TEXT_INIT("--target"), option_target},
    {TEXT_INIT("--file"), option_file},
    {TEXT_INIT("-f"), option_file},
    {TEXT_INIT("--build-context"), option_context},
    {TEXT_INIT("--cache-from"), add_cache},
    {TEXT_INIT("--sbom"), add_sbom},
    {TEXT_INIT("--attest"), option_attestation},
    {TEXT_INIT("--platform"), option_platform},
};

static const struct Option *find_option(Text name)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (text_equal(options[i].name, name))
            return &options[i];
    }
    return NULL;
}

/* option = name "=" value | name, value ; each a string of the array */
static void read_options(Reading *reading, NodeId list)
{
    const Tree *tree = reading->configuration->tree;
    const struct Option *pending = NULL;

    for (NodeId at = value_first(tree, list); at.index; at = tree_next(tree, at)) {
        Value value;

        if (!devcontainer_value(reading->configuration, at, &value))
            continue;
        if (pending) {
            pending->read(reading, value);
            pending = NULL;
            continue;
        }
        size_t equals = text_find_byte(value.value, '=');
        pending = find_option(text_slice(value.value, 0, equals));
        if (pending && equals < value.value.len) {
            pending->read(reading,
                          value_part(value, text_from(value.value, equals + 1)));
            pending = NULL;
        }
    }
}

/* --- the build --- */

/* An argument that speaks to BuildKit itself; the other one, BUILDKIT_SYNTAX, is the
 * Dockerfile's. */
static void add_argument_sbom(Reading *reading)
{
    for (uint32_t i = 0; i < reading->narguments; i++) {
        BuildArgument argument = reading->arguments[i];
        Value value = {.text = argument.value,
                       .value = argument.value,
                       .hole = reference_hole(argument.value),
                       .span = argument.span};

        if (text_equal(argument.name, TEXT("BUILDKIT_ATTEST_SBOM")) &&
            argument.has_value)
            add_sbom(reading, value);
    }
}

static void build_file(Reading *reading, Text directory, Value path,
                       ReferenceReach reach)
{
    Configuration *configuration = reading->configuration;
    Build build = {.arguments = reading->arguments,
                   .narguments = reading->narguments,
                   .contexts = reading->contexts,
                   .ncontexts = reading->ncontexts,
                   .reach = reach,
                   .via = configuration_via(configuration, path.span, NULL)};
    Text platform = configuration->platform, clean;
    uint32_t file;

    if (!configuration_read(configuration, directory, path.value, path.span,
                            "Dockerfile", &file, &clean)) {
        value_add(configuration, path, KIND_STAGE, REACH_OPAQUE,
                  TEXT("its Dockerfile was not read"));
        return;
    }
    if (reading->target.hole.len) { /* which stage is the machine's to say */
        build.reach = REACH_CONDITIONAL;
    } else {
        build.target = reading->target.value;
        build.target_span = reading->target.span;
    }
    if (reading->platform.value.len && reading->platform.hole.len == 0)
        configuration->platform = reading->platform.value;
    dockerfile_extract(configuration, file, &build);
    configuration->platform = platform;
}

static NodeId find_file(const Configuration *configuration, NodeId build)
{
    const Tree *tree = configuration->tree;
    NodeId legacy = tree_find(tree, tree->root, TEXT("dockerFile"));

    return legacy.index ? legacy : tree_find(tree, build, TEXT("dockerfile"));
}

bool build_extract(Configuration *configuration)
{
    const Tree *tree = configuration->tree;
    NodeId build = tree_find(tree, tree->root, TEXT("build"));
    NodeId file = find_file(configuration, build);
    Reading reading = {.configuration = configuration};
    Value path;

    if (!file.index)
        return false;
    read_arguments(&reading, tree_find(tree, build, TEXT("args")));
    (void)devcontainer_value(configuration, tree_find(tree, build, TEXT("target")),
                             &reading.target);
    read_caches(&reading, tree_find(tree, build, TEXT("cacheFrom")));
    read_options(&reading, tree_find(tree, build, TEXT("options")));
    add_argument_sbom(&reading);
    bool has_option = reading.option_file.value.len > 0;
    /* The CLI looks at the base image of its own property's file all the same. */
    if (devcontainer_value(configuration, file, &path))
        build_file(&reading, configuration->directory, path,
                   has_option ? REACH_CONDITIONAL : REACH_PULLED);
    else if (!tree_is_string(tree, file))
        diag_add(configuration->facts->diags, "input/missing-file",
                 tree_span(tree, file), "this is no path, expected a string");
    if (has_option)
        build_file(&reading, configuration->folder, reading.option_file, REACH_PULLED);
    return true;
}
