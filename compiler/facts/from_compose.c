#include "base/buffer.h"
#include "facts/compose_model.h"
#include "facts/secret_facts.h"
#include "facts/template.h"

typedef struct Extraction {
    Configuration *configuration;
    ComposeModel *model;
    const ComposeMember *service;
    ReferenceReach reach; /* of the service: PULLED or DECLARED */
} Extraction;

static VariableState machine_find(void *context, Text name, Text *value)
{
    return template_find_hole(context, name, value) ? VARIABLE_SET : VARIABLE_UNKNOWN;
}

/* Adds what `value` says; `reference` gives kind, reach, note and, where it is not all
 * of the text, value. */
static void add(Extraction *extraction, const ComposeValue *value, Reference reference)
{
    if (compose_text(value).len == 0 ||
        !compose_spend(&extraction->model->work, 1, value->span))
        return;
    if (reference.value.len == 0 && reference.reach != REACH_OPAQUE)
        reference.value = value->text;
    if (value->hole.len && reference.reach != REACH_OPAQUE) {
        reference.hole = reference_hole(reference.value);
        if (reference.hole.len && reference.reach != REACH_DECLARED)
            reference.reach = REACH_UNRESOLVED;
    }
    if (reference.reach == REACH_DECLARED && reference.note.len == 0)
        reference.note = TEXT("the service is not started");
    reference.text = value->written;
    reference.span = value->span;
    reference.via = value->origin->via;
    references_add(&extraction->configuration->references, reference);
}

/* --- images --- */

/* The started service that builds `image` under this name. [inputs 4.2] */
static const ComposeMember *find_builder(const ComposeModel *model, const bool *started,
                                         Text image)
{
    for (uint32_t i = 0; i < model->services->count && i < COMPOSE_SERVICES_MAX; i++) {
        const ComposeMember *service = &model->services->members[i];

        if (started[i] && compose_find(service->value, "build") &&
            text_equal(compose_text(compose_find(service->value, "image")), image))
            return service;
    }
    return NULL;
}

static void extract_image(Extraction *extraction, const bool *started)
{
    const ComposeValue *service = extraction->service->value;
    const ComposeValue *image = compose_find(service, "image");
    const ComposeValue *policy = compose_find(service, "pull_policy");
    Text pull = compose_text(policy);
    const ComposeMember *builder =
        find_builder(extraction->model, started, compose_text(image));
    Reference reference = {.kind = KIND_COMPOSE_IMAGE, .reach = extraction->reach};

    if (reference.reach == REACH_DECLARED) {
        add(extraction, image, reference);
        return;
    }
    if (service->is_redefined)
        reference.note = TEXT("an included file has this service too; earlier versions "
                              "of compose refuse that");
    if (text_equal(pull, TEXT("never"))) {
        reference.reach = REACH_DECLARED;
        reference.note = TEXT("its pull_policy is never");
    } else if (text_equal(pull, TEXT("build"))) {
        reference.reach = REACH_DECLARED;
        reference.note = TEXT("its pull_policy is build");
    } else if (compose_find(service, "build")) {
        reference.reach = REACH_CONDITIONAL;
        reference.note =
            TEXT("the dev container CLI builds it first; compose by itself "
                 "tries to pull it");
    } else if (builder) {
        reference.reach = REACH_DECLARED;
        reference.note =
            arena_format(extraction->model->work.arena, "the service '%.*s' builds it",
                         TEXT_ARG(builder->key));
    } else if (policy && policy->hole.len) {
        reference.reach = REACH_CONDITIONAL;
        reference.note = TEXT("its pull_policy depends on the machine");
    }
    add(extraction, image, reference);
}

/* Where a volume is mounted: what makes it the same as another one. */
static Text volume_target(const ComposeValue *volume)
{
    Text text = compose_text(volume), first, second;
    bool done = false;

    if (volume->kind == NODE_OBJECT)
        return compose_text(compose_find(volume, "target"));
    if (!text_next_part(&text, ':', &first, &done))
        return (Text){0};
    return text_next_part(&text, ':', &second, &done) ? second : first;
}

static bool is_replaced(Extraction *extraction, const ComposeValue *volumes,
                        uint32_t index)
{
    Text target = volume_target(volumes->members[index].value);

    if (!compose_spend(&extraction->model->work, volumes->count - index, volumes->span))
        return true;
    for (uint32_t i = index + 1; target.len && i < volumes->count; i++) {
        if (text_equal(volume_target(volumes->members[i].value), target))
            return true;
    }
    return false;
}

static void extract_volumes(Extraction *extraction)
{
    const ComposeValue *volumes = compose_find(extraction->service->value, "volumes");

    for (uint32_t i = 0; compose_is(volumes, NODE_ARRAY) && i < volumes->count; i++) {
        const ComposeValue *volume = volumes->members[i].value;

        if (text_equal(compose_text(compose_find(volume, "type")), TEXT("image")) &&
            !is_replaced(extraction, volumes, i))
            add(extraction, compose_find(volume, "source"),
                (Reference){.kind = KIND_VOLUME_IMAGE, .reach = extraction->reach});
    }
}

static void extract_hooks(Extraction *extraction)
{
    const ComposeValue *hooks = compose_find(extraction->service->value, "pre_start");

    for (uint32_t i = 0; compose_is(hooks, NODE_ARRAY) && i < hooks->count; i++)
        add(extraction, compose_find(hooks->members[i].value, "image"),
            (Reference){.kind = KIND_HOOK_IMAGE, .reach = extraction->reach});
}

/* --- builds --- */

/* The value of `name` among the "name=value" fields of a comma-separated text. */
static Text csv_field(Text text, Text name)
{
    Text field;

    for (bool done = false; text_next_part(&text, ',', &field, &done);) {
        size_t equals = text_find_byte(field, '=');

        if (equals < field.len &&
            text_equal(text_trim(text_slice(field, 0, equals)), name))
            return text_trim(text_from(field, equals + 1));
    }
    return (Text){0};
}

/* NAME | "type=registry,ref=" NAME; other types are in no registry. */
static void extract_cache(Extraction *extraction, const ComposeValue *build)
{
    const ComposeValue *caches = compose_find(build, "cache_from");

    for (uint32_t i = 0; compose_is(caches, NODE_ARRAY) && i < caches->count; i++) {
        const ComposeValue *cache = caches->members[i].value;
        Text text = compose_text(cache);
        Reference reference = {.kind = KIND_CACHE, .reach = extraction->reach};

        if (text_find_byte(text, '=') < text.len) {
            if (!text_equal(csv_field(text, TEXT("type")), TEXT("registry")))
                continue;
            reference.value = csv_field(text, TEXT("ref"));
            if (reference.value.len == 0)
                continue;
        }
        add(extraction, cache, reference);
    }
}

/* sbom = true | "true" | "generator=" IMAGE */
static void extract_sbom(Extraction *extraction, const ComposeValue *build)
{
    const ComposeValue *sbom = compose_find(build, "sbom");
    Reference reference = {.kind = KIND_SBOM_GENERATOR, .reach = extraction->reach};

    if (!sbom || sbom->is_refused)
        return;
    reference.value = csv_field(compose_text(sbom), TEXT("generator"));
    if (reference.value.len == 0) {
        if (!text_equal_ignoring_case(sbom->text, TEXT("true")))
            return;
        reference.value = TEXT("docker/buildkit-syft-scanner:stable-1");
        reference.note = TEXT("BuildKit's own generator");
    }
    ComposeValue text = *sbom; /* a boolean is as good as its word */
    text.kind = NODE_STRING;
    add(extraction, &text, reference);
}

/* Build arguments without a value are the environment's. */
static void read_arguments(Extraction *extraction, const ComposeValue *build,
                           Build *out)
{
    const ComposeValue *args = compose_find(build, "args");
    Variables environment = extraction->model->environment;

    if (!compose_is(args, NODE_OBJECT) ||
        !compose_spend(&extraction->model->work, args->count, args->span))
        return;
    BuildArgument *arguments =
        ARENA_ARRAY(extraction->model->work.arena, args->count, BuildArgument);
    for (uint32_t i = 0; i < args->count; i++) {
        const ComposeMember *arg = &args->members[i];
        BuildArgument argument = {.name = arg->key,
                                  .value = arg->value->text,
                                  .has_value = !arg->value->is_refused,
                                  .span = arg->value->span};

        if (arg->value->kind == NODE_NULL) {
            VariableState state =
                environment.find(environment.context, arg->key, &argument.value);

            if (state == VARIABLE_UNSET)
                continue;
            argument.has_value = state == VARIABLE_SET;
            argument.span = arg->key_span;
        }
        reference_mark_secret(extraction->configuration, argument.span,
                              arg->value->written);
        arguments[out->narguments++] = argument;
    }
    out->arguments = arguments;
}

static void read_contexts(Extraction *extraction, const ComposeValue *build, Build *out)
{
    const ComposeValue *all = compose_find(build, "additional_contexts");

    if (!compose_is(all, NODE_OBJECT) ||
        !compose_spend(&extraction->model->work, all->count, all->span))
        return;
    NamedContext *contexts =
        ARENA_ARRAY(extraction->model->work.arena, all->count, NamedContext);
    for (uint32_t i = 0; i < all->count; i++) {
        const ComposeMember *context = &all->members[i];

        if (compose_text(context->value).len == 0)
            continue;
        reference_mark_secret(extraction->configuration, context->value->span,
                              context->value->written);
        contexts[out->ncontexts++] =
            (NamedContext){context->key, context->value->text, context->value->span};
    }
    out->contexts = contexts;
}

/* What a Dockerfile that cannot be seen may name. */
static void add_contexts(Extraction *extraction, const ComposeValue *build)
{
    const ComposeValue *all = compose_find(build, "additional_contexts");
    const Text prefix = TEXT("docker-image://");

    for (uint32_t i = 0; compose_is(all, NODE_OBJECT) && i < all->count; i++) {
        const ComposeValue *context = all->members[i].value;

        if (text_starts_with(compose_text(context), prefix))
            add(extraction, context,
                (Reference){.kind = KIND_NAMED_CONTEXT,
                            .reach = extraction->reach == REACH_PULLED
                                         ? REACH_CONDITIONAL
                                         : extraction->reach,
                            .value = text_from(context->text, prefix.len),
                            .note = TEXT("the Dockerfile, which cannot be seen "
                                         "offline, may name it")});
    }
}

/* The Dockerfile of a service that is not started may be missing: nobody needs it. */
static bool read_dockerfile(Extraction *extraction, Text directory, Text path,
                            Span span, uint32_t *file)
{
    Configuration *configuration = extraction->configuration;
    Text clean;

    if (extraction->reach != REACH_DECLARED)
        return configuration_read(configuration, directory, path, span, "Dockerfile",
                                  file, &clean);
    return path_join(extraction->model->work.arena, directory, path, &clean) &&
           configuration_open(configuration, clean, file) == FILE_READ;
}

static void extract_dockerfile(Extraction *extraction, const ComposeValue *build,
                               Build out)
{
    Configuration *configuration = extraction->configuration;
    const ComposeValue *context = compose_find(build, "context");
    const ComposeValue *dockerfile = compose_find(build, "dockerfile");
    const ComposeValue *place = dockerfile ? dockerfile : context;
    Text path = dockerfile ? compose_text(dockerfile) : TEXT("Dockerfile");
    uint32_t file;

    if (compose_text(context).len == 0 || path.len == 0)
        return;
    if (compose_is_remote(context->text)) {
        add(extraction, context,
            (Reference){.kind = KIND_STAGE,
                        .reach = REACH_OPAQUE,
                        .note = TEXT("the Dockerfile of a remote build context")});
        add_contexts(extraction, build);
        return;
    }
    if (!text_starts_with(path, TEXT("/")) && !text_equal(context->text, TEXT(".")))
        path = arena_format(extraction->model->work.arena, "%.*s/%.*s",
                            TEXT_ARG(context->text), TEXT_ARG(path));
    if (!read_dockerfile(extraction, context->origin->directory, path, place->span,
                         &file)) {
        if (reference_hole(path).len)
            add(extraction, place,
                (Reference){.kind = KIND_STAGE,
                            .reach = REACH_OPAQUE,
                            .note = TEXT("which Dockerfile is built depends on the "
                                         "machine")});
        add_contexts(extraction, build);
        return;
    }
    out.via = configuration_via(configuration, place->span, place->origin->via);
    dockerfile_extract(configuration, file, &out);
}

/* The next "$NAME" or "${NAME" of a text that compose expands; false at its end. */
static bool next_variable(Text *rest, Text *name)
{
    for (;;) {
        size_t at = text_find_byte(*rest, '$') + 1;
        size_t start = at + text_starts_with(text_from(*rest, at), TEXT("{"));
        size_t end = start;

        if (at > rest->len)
            return false;
        while (end < rest->len &&
               (byte_is_letter(rest->at[end]) || byte_is_digit(rest->at[end]) ||
                rest->at[end] == '_'))
            end++;
        *name = text_slice(*rest, start, end);
        *rest = text_from(
            *rest, text_starts_with(text_from(*rest, at), TEXT("$")) ? at + 1 : end);
        if (name->len)
            return true;
    }
}

/* Where a Dockerfile's first instruction is: behind comments, which may be directives. */
static size_t first_instruction(Text text)
{
    Text rest = text, line;
    size_t start = 0;

    for (bool done = false; text_next_part(&rest, '\n', &line, &done);) {
        line = text_trim(line);
        if (line.len && line.at[0] != '#')
            break;
        start = text.len - rest.len;
    }
    return start;
}

enum { MACHINE_NAMES_MAX = 16 };

/* compose expands the variables of a Dockerfile that it holds. Those that only the
 * machine knows are left to the Dockerfile's reader, as arguments without a value,
 * declared before its first instruction. */
static Text declare_holes(Extraction *extraction, const ComposeValue *lines, Build *out)
{
    Arena *arena = extraction->model->work.arena;
    Variables environment = extraction->model->environment;
    size_t start = first_instruction(lines->text);
    uint32_t last = out->narguments + MACHINE_NAMES_MAX;
    BuildArgument *arguments = ARENA_ARRAY(arena, last, BuildArgument);
    Buffer with = {.arena = arena};
    Text rest = lines->written, name, value;

    for (uint32_t i = 0; i < out->narguments; i++)
        arguments[i] = out->arguments[i];
    out->arguments = arguments;
    buffer_add(&with, text_slice(lines->text, 0, start));
    while (out->narguments < last && next_variable(&rest, &name)) {
        if (environment.find(environment.context, name, &value) != VARIABLE_UNKNOWN)
            continue;
        buffer_format(&with, "ARG %.*s\n", TEXT_ARG(name));
        arguments[out->narguments++] =
            (BuildArgument){.name = name, .span = lines->span};
    }
    buffer_add(&with, text_from(lines->text, start));
    return buffer_text(&with);
}

static void extract_build(Extraction *extraction)
{
    const ComposeValue *build = compose_find(extraction->service->value, "build");
    const ComposeValue *text = compose_find(build, "dockerfile_inline");
    const ComposeValue *target = compose_find(build, "target");
    Build out = {.reach = extraction->reach};

    if (!compose_is(build, NODE_OBJECT))
        return;
    read_arguments(extraction, build, &out);
    read_contexts(extraction, build, &out);
    if (target && target->hole.len) { /* which stage is the machine's to say */
        if (out.reach == REACH_PULLED)
            out.reach = REACH_CONDITIONAL;
    } else if (compose_text(target).len) {
        out.target = target->text;
        out.target_span = target->span;
    }
    extract_cache(extraction, build);
    extract_sbom(extraction, build);
    if (compose_text(text).len) {
        Build with = out;
        Text lines =
            text->hole.len ? declare_holes(extraction, text, &with) : text->text;

        with.via = text->origin->via;
        dockerfile_extract_inline(extraction->configuration, lines, text->span, &with);
    }
    if (!text || compose_find(build, "dockerfile"))
        extract_dockerfile(extraction, build, out);
}

/* --- the project --- */

static void extract_service(Extraction *extraction, const bool *started)
{
    Configuration *configuration = extraction->configuration;
    const ComposeValue *platform = compose_find(extraction->service->value, "platform");
    Text usual = configuration->platform;

    extract_image(extraction, started);
    extract_volumes(extraction);
    extract_hooks(extraction);
    if (compose_text(platform).len && platform->hole.len == 0)
        configuration->platform = platform->text;
    extract_build(extraction);
    configuration->platform = usual;
}

/* A model is pulled when a started service uses it. */
static void extract_models(Extraction *extraction, const bool *started)
{
    ComposeModel *model = extraction->model;
    const ComposeValue *models = compose_find(model->root, "models");

    if (!compose_is(models, NODE_OBJECT))
        return;
    bool *is_used = ARENA_ARRAY(model->work.arena, models->count, bool);
    for (uint32_t i = 0; model->services && i < model->services->count; i++) {
        const ComposeValue *used =
            compose_find(model->services->members[i].value, "models");

        for (uint32_t k = 0;
             compose_is(used, NODE_OBJECT) && started[i] && k < used->count &&
             compose_spend(&model->work, 1, used->span);
             k++) {
            const ComposeMember *found = compose_member(models, used->members[k].key);

            if (found)
                is_used[found - models->members] = true;
        }
    }
    for (uint32_t i = 0; i < models->count; i++)
        add(extraction, compose_find(models->members[i].value, "model"),
            (Reference){.kind = KIND_MODEL,
                        .reach = is_used[i] ? REACH_PULLED : REACH_DECLARED,
                        .note = is_used[i]
                                    ? (Text){0}
                                    : TEXT("no service that is started uses it")});
}

static void check_name(ComposeModel *model, const char *property, Text name, Span span)
{
    static const ComposeValue none = {.kind = NODE_OBJECT};
    const ComposeValue *services = model->services ? model->services : &none;

    if (name.len == 0 || reference_hole(name).len || model->is_incomplete ||
        compose_member(services, name))
        return;
    Text nearest = compose_nearest(&model->work, services, name);
    diag_add(model->work.diags, "input/syntax", span,
             "%s names '%.*s', which is no service of the compose files%s%.*s%s",
             property, TEXT_ARG(name), nearest.len ? "; the nearest is '" : "",
             TEXT_ARG(nearest), nearest.len ? "'" : "");
}

void compose_extract(Configuration *configuration, const ComposeProject *project)
{
    ComposeModel *model =
        compose_load(configuration, project,
                     (Variables){machine_find, configuration->facts->scratch});
    const bool *started = compose_reachable(model, project);
    Extraction extraction = {.configuration = configuration, .model = model};

    compose_secrets_extract(configuration, model, started);
    check_name(model, "'service'", project->service, project->service_span);
    for (uint32_t i = 0; i < project->nrun_services; i++)
        check_name(model, "'runServices'", project->run_services[i].name,
                   project->run_services[i].span);
    for (uint32_t i = 0;
         model->services && i < model->services->count && i < COMPOSE_SERVICES_MAX;
         i++) {
        extraction.service = &model->services->members[i];
        extraction.reach = started[i] ? REACH_PULLED : REACH_DECLARED;
        extract_service(&extraction, started);
    }
    extract_models(&extraction, started);
}
