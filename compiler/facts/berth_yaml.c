#include "facts/berth_yaml.h"

#include "base/day.h"
#include "facts/manifest_schema.h"
#include "facts/policy_file.h"

typedef struct Settings {
    Facts *facts;
    Files *files;
    Workspace *workspace;
    BerthYaml *yaml;
    SchemaReader reader;
    NodeId root;
} Settings;

static Value value_of(Settings *settings, const char *key)
{
    return schema_value(&settings->reader, &level_berth_yaml, settings->root, key);
}

static void add_manifest(Settings *settings, Text pattern, Span span)
{
    BerthYaml *yaml = settings->yaml;

    ARRAY_GROW(settings->facts->arena, yaml->manifests, yaml->nmanifests,
               yaml->manifests_capacity);
    yaml->manifests[yaml->nmanifests++] = (ManifestGlob){pattern, span};
}

static void add_default_manifests(Settings *settings)
{
    static const char *const patterns[] = {"berth/*.yaml", "berth/*.yml",
                                           ".berth/*.yaml", ".berth/*.yml"};

    for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
        add_manifest(settings, text_of(patterns[i]), (Span){0});
}

static void read_manifests(Settings *settings)
{
    Value list = value_of(settings, "manifests"), item;

    if (list.state != VALUE_STATED) {
        add_default_manifests(settings);
        return;
    }
    for (NodeId at = {0}; schema_item(&settings->reader, &level_berth_yaml, "manifests",
                                      &list, &at, &item);) {
        if (item.state == VALUE_STATED)
            add_manifest(settings, item.text, item.span);
    }
}

static void read_places(Settings *settings)
{
    Arena *arena = settings->facts->arena;
    BerthYaml *yaml = settings->yaml;
    Value checkouts = value_of(settings, "checkouts");
    Value repository = value_of(settings, "repository");
    Value github = value_of(settings, "github");

    if (checkouts.state == VALUE_STATED) {
        yaml->has_checkouts =
            path_join(arena, TEXT(""), checkouts.text, &yaml->checkouts);
        yaml->checkouts_span = checkouts.span;
    }
    if (repository.state == VALUE_STATED)
        yaml->repository = repository.text;
    if (github.state == VALUE_STATED) {
        Symbol host = {fact_lower(settings->facts, github.text)};

        yaml->github = symbol_text(settings->facts->symbols, host);
    }
}

/* Rules that are not there are not left out without a word. */
static bool is_rule_directory(Settings *settings, Text path, Span span)
{
    Diags *diags = settings->facts->diags;
    FileName *names;
    uint32_t count;
    FileResult result = files_list(settings->files, path, path, &names, &count);

    if (result == FILE_READ)
        return true;
    if (result == FILE_MISSING)
        return diag_error(
            diags, "", span,
            "there is no directory of rules '%.*s'; expected one, relative "
            "to berth.yaml",
            TEXT_ARG(path));
    return diag_error(diags, "", span, "the directory of rules '%.*s' %s",
                      TEXT_ARG(path), file_result_says(result));
}

static void read_rules(Settings *settings)
{
    Workspace *workspace = settings->workspace;
    Arena *arena = settings->facts->arena;
    Value list = value_of(settings, "rules"), item;
    Text path;

    if (list.state != VALUE_STATED)
        return;
    for (NodeId at = {0}; schema_item(&settings->reader, &level_berth_yaml, "rules",
                                      &list, &at, &item);) {
        if (item.state != VALUE_STATED ||
            !path_join(arena, TEXT(""), item.text, &path) ||
            !is_rule_directory(settings, path, item.span))
            continue;
        ARRAY_GROW(arena, workspace->rules, workspace->nrules,
                   workspace->rules_capacity);
        workspace->rules[workspace->nrules++] = path;
    }
}

static void expected(Settings *settings, Span span, const char *what, const char *key,
                     const char *expects)
{
    diag_add(settings->facts->diags, "", span, "%s of '%s' is not valid; expected %s",
             what, key, expects);
}

static void read_mirrors(Settings *settings)
{
    Workspace *workspace = settings->workspace;
    Arena *arena = settings->facts->arena;
    const Tree *tree = settings->reader.tree;
    const char *expects = field_kind_expects(FIELD_IMAGE, false);
    Value map = value_of(settings, "mirrors");

    if (map.state != VALUE_STATED)
        return;
    for (NodeId at = tree_first(tree, map.node); at.index; at = tree_next(tree, at)) {
        Text prefix = tree_node(tree, at)->key, upstream = tree_scalar(tree, at);

        if (!field_kind_fits(arena, FIELD_IMAGE, prefix)) {
            expected(settings, tree_key_span(tree, at), "a key", "mirrors", expects);
        } else if (!field_kind_fits(arena, FIELD_IMAGE, upstream)) {
            expected(settings, tree_span(tree, at), "a value", "mirrors", expects);
        } else {
            ARRAY_GROW(arena, workspace->mirrors, workspace->nmirrors,
                       workspace->mirrors_capacity);
            workspace->mirrors[workspace->nmirrors++] =
                (Mirror){prefix, upstream, tree_member_span(tree, at)};
        }
    }
}

static bool is_severity(Text text)
{
    return text_equal(text, TEXT("error")) || text_equal(text, TEXT("warning")) ||
           text_equal(text, TEXT("info")) || text_equal(text, TEXT("off"));
}

static void read_severities(Settings *settings)
{
    Workspace *workspace = settings->workspace;
    Arena *arena = settings->facts->arena;
    const Tree *tree = settings->reader.tree;
    Value map = value_of(settings, "severity");

    if (map.state != VALUE_STATED)
        return;
    for (NodeId at = tree_first(tree, map.node); at.index; at = tree_next(tree, at)) {
        Text rule = tree_node(tree, at)->key, severity = tree_scalar(tree, at);

        if (!field_kind_fits(arena, FIELD_RULE, rule)) {
            expected(settings, tree_key_span(tree, at), "a key", "severity",
                     field_kind_expects(FIELD_RULE, false));
        } else if (!is_severity(severity)) {
            expected(settings, tree_span(tree, at), "a value", "severity",
                     "error, warning, info or off");
        } else {
            ARRAY_GROW(arena, workspace->severities, workspace->nseverities,
                       workspace->severities_capacity);
            workspace->severities[workspace->nseverities++] =
                (SeverityChange){rule, severity, tree_member_span(tree, at)};
        }
    }
}

static Text text_or_empty(Value value)
{
    return value.state == VALUE_STATED ? value.text : (Text){0};
}

static void read_acknowledgement(Settings *settings, NodeId entry)
{
    const Level *level = &level_acknowledgement;
    SchemaReader *reader = &settings->reader;
    Workspace *workspace = settings->workspace;
    Acknowledgement read = {0};
    Value rule, reason;

    schema_check_keys(reader, level, entry);
    bool has_rule = schema_required(reader, level, entry, "rule", &rule);
    bool has_reason = schema_required(reader, level, entry, "reason", &reason);
    Value repository = schema_value(reader, level, entry, "repository");
    Value image = schema_value(reader, level, entry, "image");
    Value until = schema_value(reader, level, entry, "until");
    /* One that could not be read in full might cover more than was meant. */
    if (!has_rule || !has_reason || repository.state == VALUE_UNKNOWN ||
        image.state == VALUE_UNKNOWN || until.state == VALUE_UNKNOWN)
        return;
    read.rule = rule.text;
    read.reason = reason.text;
    read.repository = text_or_empty(repository);
    read.image = text_or_empty(image);
    read.until_text = text_or_empty(until);
    (void)day_read(read.until_text, &read.until);
    read.span = rule.span;
    ARRAY_GROW(settings->facts->arena, workspace->acknowledgements,
               workspace->nacknowledgements, workspace->acknowledgements_capacity);
    workspace->acknowledgements[workspace->nacknowledgements++] = read;
}

static void read_acknowledgements(Settings *settings)
{
    Value list = value_of(settings, "acknowledge"), item;

    if (list.state != VALUE_STATED)
        return;
    for (NodeId at = {0}; schema_item(&settings->reader, &level_berth_yaml,
                                      "acknowledge", &list, &at, &item);) {
        if (item.state == VALUE_STATED)
            read_acknowledgement(settings, item.node);
    }
}

/* The root of the file's only document, or 0 when nothing is in it. */
static NodeId root_of(Settings *settings, const Tree *tree)
{
    NodeKind kind = tree_kind(tree, tree->root);

    if (kind != NODE_OBJECT && kind != NODE_NONE && kind != NODE_NULL)
        diag_add(settings->facts->diags, "", tree_span(tree, tree->root),
                 "berth.yaml is %s; expected a mapping", node_kind_says(kind));
    NodeId next = tree_node(tree, tree->root)->next;
    if (next.index)
        diag_add(settings->facts->diags, "", tree_span(tree, next),
                 "berth.yaml has a second document; expected one");
    return kind == NODE_OBJECT ? tree->root : (NodeId){0};
}

static const Tree *read_file(Facts *facts, Files *files, Workspace *workspace)
{
    Text path = TEXT("berth.yaml");
    uint32_t file;
    FileResult result = files_read(files, TEXT(""), path, &file);

    workspace->has_berth_yaml = result != FILE_MISSING;
    if (result == FILE_READ)
        return policy_file_read(facts, file, "berth.yaml");
    if (result != FILE_MISSING)
        diag_add(facts->diags, "", (Span){0}, "berth.yaml %s",
                 file_result_says(result));
    return NULL;
}

void berth_yaml_read(Facts *facts, Files *files, Workspace *workspace, BerthYaml *yaml)
{
    Settings settings = {
        .facts = facts, .files = files, .workspace = workspace, .yaml = yaml};
    const Tree *tree = read_file(facts, files, workspace);

    *yaml = (BerthYaml){.github = TEXT("github.com")};
    if (tree) {
        settings.reader = (SchemaReader){.arena = facts->arena,
                                         .sources = facts->sources,
                                         .diags = facts->diags,
                                         .tree = tree};
        settings.root = root_of(&settings, tree);
    }
    if (settings.root.index == 0) {
        add_default_manifests(&settings);
        return;
    }
    schema_check_keys(&settings.reader, &level_berth_yaml, settings.root);
    read_manifests(&settings);
    read_places(&settings);
    read_rules(&settings);
    read_mirrors(&settings);
    read_severities(&settings);
    read_acknowledgements(&settings);
}
