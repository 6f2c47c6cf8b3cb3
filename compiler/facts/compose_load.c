#include "facts/compose_load.h"

#include "facts/secret_facts.h"

#include "syntax/dotenv.h"
#include "syntax/syntax.h"

/* The variables of one project. Those of the outer one count first. [inputs C7, C13] */
typedef struct Environment {
    Variables outer;
    const Dotenv *dotenv;
} Environment;

/* A set of files that are merged: the main one, or one that is included. */
typedef struct Project {
    Text directory;
    Variables environment;
    Text main; /* clean path of the first file */
    const struct Project *includer;
    uint32_t depth;
    const ComposeValue *root; /* NULL: nothing yet */
} Project;

static VariableState find_variable(void *context, Text name, Text *value)
{
    const Environment *environment = context;
    VariableState state =
        environment->outer.find(environment->outer.context, name, value);
    const DotenvEntry *entry = dotenv_find(environment->dotenv, name);

    if (state == VARIABLE_SET || !entry)
        return state;
    *value = entry->value;
    return VARIABLE_SET;
}

static Variables environment_new(ComposeLoader *loader, Variables outer,
                                 const Dotenv *dotenv)
{
    Environment *environment = ARENA_NEW(loader->work->arena, Environment);

    *environment = (Environment){outer, dotenv};
    return (Variables){find_variable, environment};
}

/* The variables of `directory`'s .env, which need not be there. */
static const Dotenv *read_dotenv(ComposeLoader *loader, Text directory, Variables outer,
                                 Diags *diags)
{
    Configuration *configuration = loader->configuration;
    Dotenv *dotenv = dotenv_new(loader->work->arena);
    Text path;
    uint32_t file;

    if (path_join(loader->work->arena, directory, TEXT(".env"), &path) &&
        configuration_open(configuration, path, &file) == FILE_READ) {
        dotenv_read(dotenv, loader->work->arena, configuration->facts->sources, file,
                    outer, diags);
        dotenv_secrets_extract(configuration, dotenv, file, path);
    }
    return dotenv;
}

/* --- files --- */

bool compose_is_remote(Text path)
{
    static const Text prefixes[] = {TEXT_INIT("https://"),    TEXT_INIT("http://"),
                                    TEXT_INIT("git://"),      TEXT_INIT("ssh://"),
                                    TEXT_INIT("github.com/"), TEXT_INIT("git@")};

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (text_starts_with(path, prefixes[i]))
            return true;
    }
    return false;
}

static void add_elsewhere(ComposeLoader *loader, const ComposeValue *path)
{
    bool is_artifact = text_starts_with(path->text, TEXT("oci://"));
    Reference reference = {.kind = KIND_COMPOSE_ARTIFACT,
                           .reach = path->hole.len ? REACH_UNRESOLVED : REACH_PULLED,
                           .text = path->written,
                           .value = text_from(path->text, 6),
                           .hole = path->hole,
                           .span = path->span,
                           .via = path->origin->via};

    if (is_artifact)
        references_add(&loader->configuration->references, reference);
    reference.reach = REACH_OPAQUE;
    reference.value = reference.hole = (Text){0};
    reference.note = is_artifact ? TEXT("the compose file lies in a registry")
                                 : TEXT("the compose file lies in a git repository");
    references_add(&loader->configuration->references, reference);
}

/* Whether the reader of YAML had to stop somewhere. */
static bool says_syntax(const Diags *diags, uint32_t from)
{
    for (uint32_t i = from; i < diags->count; i++) {
        if (text_equal(text_of(diags->items[i].rule), TEXT("input/syntax")))
            return true;
    }
    return false;
}

const Tree *compose_tree(ComposeLoader *loader, uint32_t file, Span span)
{
    Diags *diags = loader->work->diags;
    uint32_t before = diags->count;

    for (uint32_t i = 0; i < loader->ntrees; i++) {
        if (loader->trees[i]->file == file)
            return loader->trees[i];
    }
    if (loader->ntrees == COMPOSE_FILES_MAX) {
        diag_add(diags, "input/syntax", span,
                 "the project has more than 256 compose files; this one was not read");
        return NULL;
    }
    secret_facts_scan(loader->configuration, file);
    const Tree *tree = yaml_read(loader->work->arena,
                                 loader->configuration->facts->sources, file, diags);
    if (says_syntax(diags, before))
        loader->model->is_incomplete = true;
    return loader->trees[loader->ntrees++] = tree;
}

bool compose_open(ComposeLoader *loader, const ComposeValue *path, const Tree **tree,
                  Text *clean)
{
    uint32_t file;
    Text text = compose_text(path);

    *tree = NULL;
    *clean = (Text){0};
    if (text.len == 0) {
        if (!path->is_refused && path->origin)
            diag_add(loader->work->diags, "input/syntax", path->span,
                     "the path of a compose file was expected");
    } else if (text_starts_with(text, TEXT("oci://")) || compose_is_remote(text)) {
        add_elsewhere(loader, path);
    } else if (configuration_read(loader->configuration, path->origin->directory, text,
                                  path->span, "compose file", &file, clean)) {
        *tree = compose_tree(loader, file, path->span);
    }
    if (!*tree)
        loader->model->is_incomplete = true;
    return *tree;
}

const ComposeValue *compose_document(ComposeLoader *loader, const Tree *tree, NodeId id,
                                     Variables environment, const ComposeOrigin *origin)
{
    ComposeWork *work = loader->work;
    const ComposeValue *document =
        compose_value_read(work, tree, id, environment, origin);
    const ComposeMember *services = compose_member(document, TEXT("services"));

    if (document->kind != NODE_OBJECT) {
        if (document->kind != NODE_NULL) {
            diag_add(work->diags, "input/syntax", document->span,
                     "the top level of a compose file must be a mapping");
            loader->model->is_incomplete = true;
        }
        return NULL;
    }
    if (!services || services->value->kind != NODE_OBJECT)
        return document;
    ComposeMember changed = *services;
    ComposeMember *members =
        ARENA_ARRAY(work->arena, services->value->count, ComposeMember);
    for (uint32_t i = 0; i < services->value->count; i++) {
        members[i] = services->value->members[i];
        members[i].value = compose_canonical(work, members[i].value);
    }
    changed.value =
        compose_object(work, services->value, members, services->value->count);
    return compose_with(work, document, changed);
}

/* --- include --- */

static const ComposeValue *include_all(ComposeLoader *loader, const Project *project,
                                       const ComposeValue *document);

static void load_file(ComposeLoader *loader, Project *project, const Tree *tree,
                      const Via *via)
{
    ComposeOrigin *origin = ARENA_NEW(loader->work->arena, ComposeOrigin);

    *origin = (ComposeOrigin){project->directory, via};
    for (NodeId id = tree->root; id.index; id = tree_next(tree, id)) {
        const ComposeValue *document =
            compose_document(loader, tree, id, project->environment, origin);

        if (!document)
            continue;
        document =
            compose_extend(loader, document, tree->file, project->environment, origin);
        document = include_all(loader, project, document);
        project->root = compose_merge(loader->work, project->root, document, false);
    }
}

/* The local services that an included file has too are marked; they win. [inputs C13] */
static const ComposeValue *mark_redefined(ComposeWork *work, const ComposeValue *local,
                                          const ComposeValue *included)
{
    ComposeMember *members = ARENA_ARRAY(work->arena, local->count, ComposeMember);

    (void)compose_spend(work, local->count, local->span);
    for (uint32_t i = 0; i < local->count; i++) {
        members[i] = local->members[i];
        if (!compose_member(included, members[i].key))
            continue;
        ComposeValue *marked = ARENA_NEW(work->arena, ComposeValue);
        *marked = *members[i].value;
        marked->is_redefined = true;
        members[i].value = marked;
    }
    return compose_object(work, local, members, local->count);
}

static const ComposeValue *import(ComposeWork *work, const ComposeValue *document,
                                  const ComposeValue *included)
{
    static const char *const keys[] = {"services", "models",  "networks",
                                       "volumes",  "secrets", "configs"};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const ComposeMember *from = compose_member(included, text_of(keys[i]));
        const ComposeMember *to = compose_member(document, text_of(keys[i]));

        if (!from || from->value->kind != NODE_OBJECT)
            continue;
        ComposeMember merged = *from;
        if (to && to->value->kind == NODE_OBJECT)
            merged.value = compose_merge(
                work, from->value, mark_redefined(work, to->value, from->value), true);
        document = compose_with(work, document, merged);
    }
    return document;
}

/* A build without a context has the directory of the project for it. */
static ComposeMember with_context(ComposeWork *work, const Project *project,
                                  ComposeMember service)
{
    const ComposeMember *build = compose_member(service.value, TEXT("build"));

    if (!build || build->value->kind != NODE_OBJECT || !build->value->origin ||
        compose_member(build->value, TEXT("context")))
        return service;
    ComposeValue *context = ARENA_NEW(work->arena, ComposeValue);
    ComposeOrigin *origin = ARENA_NEW(work->arena, ComposeOrigin);
    ComposeMember changed = *build;
    *origin = (ComposeOrigin){project->directory, build->value->origin->via};
    *context = (ComposeValue){.kind = NODE_STRING,
                              .text = TEXT("."),
                              .written = TEXT("."),
                              .span = build->value->span,
                              .origin = origin};
    changed.value =
        compose_with(work, build->value,
                     (ComposeMember){TEXT("context"), build->value->span, context});
    service.value = compose_with(work, service.value, changed);
    return service;
}

static void complete(ComposeWork *work, Project *project)
{
    const ComposeMember *services = compose_member(project->root, TEXT("services"));

    if (!services || services->value->kind != NODE_OBJECT)
        return;
    const ComposeValue *all = services->value;
    ComposeMember changed = *services;
    ComposeMember *members = ARENA_ARRAY(work->arena, all->count, ComposeMember);
    for (uint32_t i = 0; i < all->count; i++)
        members[i] = with_context(work, project, all->members[i]);
    changed.value = compose_object(work, all, members, all->count);
    project->root = compose_with(work, project->root, changed);
}

static void add_chain(Buffer *out, const Project *project, const Project *last)
{
    if (project != last)
        add_chain(out, project->includer, last);
    buffer_format(out, "%.*s, ", TEXT_ARG(project->main));
}

static bool check_cycle(ComposeLoader *loader, const Project *project, Text path,
                        Span span)
{
    Buffer chain = {.arena = loader->work->arena};

    for (const Project *at = project; at; at = at->includer) {
        if (!text_equal(at->main, path))
            continue;
        add_chain(&chain, project, at);
        return diag_error(loader->work->diags, "input/syntax", span,
                          "compose files include each other in a circle: %.*s%.*s",
                          TEXT_ARG(buffer_text(&chain)), TEXT_ARG(path));
    }
    if (project->depth < COMPOSE_INCLUDE_DEPTH)
        return true;
    return diag_error(loader->work->diags, "input/syntax", span,
                      "compose files include each other more than 16 levels deep; this "
                      "one was not read");
}

/* One value or a list of them, as a list. */
static uint32_t list_of(ComposeWork *work, const ComposeValue *value,
                        const ComposeValue *const **items)
{
    bool is_list = compose_is(value, NODE_ARRAY);
    uint32_t count = !value ? 0 : is_list ? value->count : 1;
    const ComposeValue **list = ARENA_ARRAY(work->arena, count, const ComposeValue *);

    for (uint32_t i = 0; i < count; i++)
        list[i] = is_list ? value->members[i].value : value;
    *items = list;
    return count;
}

static Variables include_environment(ComposeLoader *loader, const Project *includer,
                                     const ComposeValue *item, Text directory)
{
    ComposeWork *work = loader->work;
    const ComposeValue *const *paths;
    uint32_t count = list_of(work, compose_find(item, "env_file"), &paths), file;
    Text clean;

    if (count == 0)
        return environment_new(
            loader, includer->environment,
            read_dotenv(loader, directory, includer->environment, work->diags));
    Dotenv *dotenv = dotenv_new(work->arena);
    for (uint32_t i = 0; i < count && compose_spend(work, 1, item->span); i++) {
        Text path = compose_text(paths[i]);

        if (path.len && !text_equal(path, TEXT("/dev/null")) &&
            configuration_read(loader->configuration, paths[i]->origin->directory, path,
                               paths[i]->span, "file of variables", &file, &clean))
            dotenv_read(dotenv, work->arena, loader->configuration->facts->sources,
                        file, includer->environment, work->diags);
    }
    return environment_new(loader, includer->environment, dotenv);
}

/* Where the included project's relative paths start from. */
static bool include_directory(ComposeLoader *loader, const ComposeValue *item,
                              Text main, Text *directory)
{
    const ComposeValue *stated = compose_find(item, "project_directory");

    *directory = path_directory(main);
    if (!compose_text(stated).len ||
        path_join(loader->work->arena, stated->origin->directory, compose_text(stated),
                  directory))
        return true;
    return diag_error(loader->work->diags, "input/missing-file", stated->span,
                      "the project directory leads out of the repository; what is "
                      "included was not read");
}

/* item = PATH | { path: PATH | [PATH], project_directory, env_file } */
static const ComposeValue *include_one(ComposeLoader *loader, const Project *includer,
                                       const ComposeValue *item,
                                       const ComposeValue *document)
{
    ComposeWork *work = loader->work;
    Project project = {.includer = includer, .depth = includer->depth + 1};
    const ComposeValue *const *paths;
    uint32_t count =
        list_of(work, compose_is(item, NODE_OBJECT) ? compose_find(item, "path") : item,
                &paths);

    for (uint32_t i = 0; i < count && compose_spend(work, 1, item->span); i++) {
        const Tree *tree;
        Text clean;

        if (!compose_open(loader, paths[i], &tree, &clean))
            continue;
        if (!project.main.len) {
            project.main = clean;
            if (!check_cycle(loader, includer, clean, paths[i]->span) ||
                !include_directory(loader, item, clean, &project.directory))
                return document;
            project.environment =
                include_environment(loader, includer, item, project.directory);
        }
        load_file(loader, &project, tree,
                  configuration_via(loader->configuration, paths[i]->span,
                                    paths[i]->origin->via));
    }
    if (!project.root)
        return document;
    if (!compose_check_top(work, project.root))
        loader->model->is_incomplete = true;
    complete(work, &project);
    return import(work, document, project.root);
}

static const ComposeValue *include_all(ComposeLoader *loader, const Project *project,
                                       const ComposeValue *document)
{
    const ComposeValue *include = compose_find(document, "include");
    const ComposeValue *const *items;
    uint32_t count = list_of(loader->work, include, &items);

    if (include && include->kind != NODE_ARRAY)
        diag_add(loader->work->diags, "input/syntax", include->span,
                 "'include' must be a list");
    for (uint32_t i = 0; i < count; i++) {
        if (loader->includes++ == COMPOSE_INCLUDES_MAX)
            diag_add(loader->work->diags, "input/syntax", items[i]->span,
                     "the project includes more than 256 files; the rest was not read");
        if (loader->includes > COMPOSE_INCLUDES_MAX)
            break;
        document = include_one(loader, project, items[i], document);
    }
    return document;
}

/* --- the project --- */

/* Which files these are may be the machine's to say: COMPOSE_FILE may be set there. */
static void add_unknown_files(ComposeLoader *loader, Span span)
{
    loader->model->is_incomplete = true;
    references_add(&loader->configuration->references,
                   (Reference){.kind = KIND_COMPOSE_IMAGE,
                               .reach = REACH_OPAQUE,
                               .note = TEXT("which compose files are read depends on "
                                            "the machine"),
                               .span = span});
}

/* Without files in the configuration: COMPOSE_FILE of `.env`, else the classic two
 * names, in the workspace folder. [inputs C1] */
static uint32_t default_files(ComposeLoader *loader, Variables machine, Span span,
                              ComposeFile **files)
{
    Arena *arena = loader->work->arena;
    Configuration *configuration = loader->configuration;
    const Text classic = TEXT("docker-compose.yml");
    const Text override = TEXT("docker-compose.override.yml");
    Variables environment = environment_new(
        loader, machine,
        read_dotenv(loader, configuration->folder, machine, diags_new(arena)));
    uint32_t count = 0, capacity = 0, file;
    Text names, name;

    *files = NULL;
    if (find_variable(environment.context, TEXT("COMPOSE_FILE"), &names) !=
            VARIABLE_SET ||
        names.len == 0) {
        if (!path_join(arena, configuration->folder, classic, &name) ||
            configuration_open(configuration, name, &file) != FILE_READ)
            return 0;
        names = classic;
        if (path_join(arena, configuration->folder, override, &name) &&
            configuration_open(configuration, name, &file) == FILE_READ)
            names = TEXT("docker-compose.yml:docker-compose.override.yml");
    }
    for (bool done = false; text_next_part(&names, ':', &name, &done);) {
        ARRAY_GROW(arena, *files, count, capacity);
        (*files)[count++] = (ComposeFile){name, span};
    }
    return count;
}

static void load_main(ComposeLoader *loader, Project *project, const ComposeFile *files,
                      uint32_t count, const ComposeOrigin *origin, Variables machine)
{
    for (uint32_t i = 0; i < count; i++) {
        const ComposeValue path = {.kind = NODE_STRING,
                                   .text = files[i].path,
                                   .written = files[i].path,
                                   .hole = reference_hole(files[i].path),
                                   .span = files[i].span,
                                   .origin = origin};
        const Tree *tree;
        Text clean;
        bool is_read = compose_open(loader, &path, &tree, &clean);

        if (i == 0) {
            project->main = clean;
            project->directory = path_directory(clean);
            project->environment = environment_new(
                loader, machine,
                read_dotenv(loader, project->directory, machine, loader->work->diags));
        }
        if (is_read)
            load_file(
                loader, project, tree,
                configuration_via(loader->configuration, files[i].span, origin->via));
    }
}

ComposeModel *compose_load(Configuration *configuration, const ComposeProject *given,
                           Variables machine)
{
    static const ComposeValue empty = {.kind = NODE_OBJECT};
    ComposeModel *model = ARENA_NEW(configuration->facts->scratch, ComposeModel);
    ComposeLoader *loader = ARENA_NEW(configuration->facts->scratch, ComposeLoader);
    Span span = given->via ? given->via->span : given->service_span;
    ComposeOrigin *origin = ARENA_NEW(configuration->facts->scratch, ComposeOrigin);
    Project project = {0};
    ComposeFile *defaults;

    model->work = (ComposeWork){.arena = configuration->facts->scratch,
                                .diags = configuration->facts->diags};
    *loader = (ComposeLoader){
        .model = model, .configuration = configuration, .work = &model->work};
    if (given->nfiles) {
        *origin = (ComposeOrigin){configuration->directory, given->via};
        load_main(loader, &project, given->files, given->nfiles, origin, machine);
    } else {
        uint32_t count = default_files(loader, machine, span, &defaults);

        if (count == 0)
            add_unknown_files(loader, span);
        *origin = (ComposeOrigin){configuration->folder, given->via};
        load_main(loader, &project, defaults, count, origin, machine);
    }
    if (!project.root && !model->is_incomplete)
        diag_add(model->work.diags, "input/syntax",
                 given->nfiles ? given->files[0].span : span,
                 "the compose files say nothing");
    complete(&model->work, &project);
    model->root = project.root ? project.root : &empty;
    model->environment = project.environment;
    if (!project.root || !compose_check_top(&model->work, model->root) ||
        model->work.is_exhausted)
        model->is_incomplete = true;
    compose_check(model);
    return model;
}
