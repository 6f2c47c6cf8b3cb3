/*
 * unit_compose.c: compose files, from bytes to references.
 *
 * First what the reference tool answered (tests/vectors/compose.jsonl), then cases of
 * this project: files are written after "==> PATH" lines; what is expected is the list
 * of references, builds and diagnostics. dockerfile_extract is a fake that writes down
 * what it was asked for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compose_fixture.h"
#include "vectors.h"

/* The configuration that the fake writes down for: tests run one after the other. */
static Fixture *current;

static void add_place(Fixture *fixture, Buffer *out, Span span)
{
    Sources *sources = fixture->facts->sources;
    Place place = source_place(sources, span.file, span.start);

    buffer_format(out, "%.*s:%u:%u", TEXT_ARG(source_path(sources, span.file)),
                  place.line, place.column);
}

/* The steps of a way, but for those in the configuration itself. */
static void add_way(Fixture *fixture, Buffer *out, const Via *via)
{
    for (; via; via = via->from) {
        if (text_equal(source_path(fixture->facts->sources, via->span.file),
                       TEXT("config")))
            continue;
        buffer_add(out, TEXT(" < "));
        add_place(fixture, out, via->span);
    }
}

static void add_build(const char *what, Text path, const Build *build)
{
    Buffer *out = &current->builds;

    buffer_format(out, "%s %.*s %.*s", what,
                  TEXT_ARG(reference_reach_name(build->reach)), TEXT_ARG(path));
    if (build->target.len)
        buffer_format(out, " target=%.*s", TEXT_ARG(build->target));
    for (uint32_t i = 0; i < build->narguments; i++)
        buffer_format(out, " %.*s%s%.*s", TEXT_ARG(build->arguments[i].name),
                      build->arguments[i].has_value ? "=" : "?",
                      TEXT_ARG(build->arguments[i].value));
    for (uint32_t i = 0; i < build->ncontexts; i++)
        buffer_format(out, " [%.*s=%.*s]", TEXT_ARG(build->contexts[i].name),
                      TEXT_ARG(build->contexts[i].value));
    if (!text_equal(current->configuration.platform, TEXT("linux/amd64")))
        buffer_format(out, " on %.*s", TEXT_ARG(current->configuration.platform));
    add_way(current, out, build->via);
    buffer_add_byte(out, '\n');
}

void dockerfile_extract(Configuration *configuration, uint32_t file, const Build *build)
{
    add_build("build", source_path(configuration->facts->sources, file), build);
}

void dockerfile_extract_inline(Configuration *configuration, Text text, Span span,
                               const Build *build)
{
    (void)configuration;
    (void)span;
    add_build("build-inline", text, build);
}

/* --- the vectors --- */

/* "include oci": docker compose itself has a loader for OCI artifacts, which the
 * library that answered did not have; so it is no error, but a reference. */
static const char *const differences[] = {"include oci"};

static bool is_difference(Text name)
{
    for (size_t i = 0; i < sizeof(differences) / sizeof(*differences); i++) {
        if (text_equal(name, text_of(differences[i])))
            return true;
    }
    return false;
}

/* env = ["NAME=value", ...], all that there is */
static VariableState find_in_line(void *context, Text name, Text *value)
{
    const Tree *line = context;
    NodeId list = tree_find(line, line->root, TEXT("env"));

    for (NodeId at = tree_first(line, list); at.index; at = tree_next(line, at)) {
        Text entry = tree_string(line, at);
        size_t equals = text_find_byte(entry, '=');

        if (text_equal(text_slice(entry, 0, equals), name)) {
            *value = text_from(entry, equals + 1);
            return VARIABLE_SET;
        }
    }
    return VARIABLE_UNSET;
}

static void check_text(const char *what, Text found, Text expected)
{
    if (!text_equal(found, expected))
        fail_msg("%s is '%.*s', not '%.*s'", what, TEXT_ARG(found), TEXT_ARG(expected));
}

/* {"A": "1"}: what is null in the model is the environment's, or not there. */
static void check_pairs(const ComposeModel *model, const char *what,
                        const ComposeValue *found, const Tree *line, NodeId expected)
{
    uint32_t count = 0;

    for (uint32_t i = 0; found && i < found->count; i++) {
        Text value = found->members[i].value->text, key = found->members[i].key;

        if (found->members[i].value->kind == NODE_NULL &&
            model->environment.find(model->environment.context, key, &value) !=
                VARIABLE_SET)
            continue;
        check_text(what, value, tree_string(line, tree_find(line, expected, key)));
        count++;
    }
    assert_int_equal(count, tree_node(line, expected)->count);
}

static void check_vector_build(const ComposeModel *model, const ComposeValue *build,
                               const Tree *line, NodeId expected)
{
    const ComposeValue *context = compose_find(build, "context");
    const ComposeValue *dockerfile = compose_find(build, "dockerfile");
    const ComposeValue *caches = compose_find(build, "cache_from");
    NodeId cache = tree_find(line, expected, TEXT("cache_from"));
    Arena *arena = model->work.arena;
    Text found = {0}, wanted = {0};
    uint32_t i = 0;

    assert_true(path_join(arena, context->origin->directory, context->text, &found));
    assert_true(path_join(arena, TEXT(""),
                          tree_string(line, tree_find(line, expected, TEXT("context"))),
                          &wanted));
    check_text("the context", found, wanted);
    check_text("the Dockerfile", dockerfile ? dockerfile->text : TEXT("Dockerfile"),
               tree_string(line, tree_find(line, expected, TEXT("dockerfile"))));
    check_pairs(model, "an argument", compose_find(build, "args"), line,
                tree_find(line, expected, TEXT("args")));
    for (NodeId at = tree_first(line, cache); at.index; at = tree_next(line, at), i++)
        check_text("a cache",
                   caches && i < caches->count ? caches->members[i].value->text
                                               : (Text){0},
                   tree_string(line, at));
    assert_int_equal(i, caches ? caches->count : 0);
}

static Text volume_image(const ComposeValue *service)
{
    const ComposeValue *volumes = compose_find(service, "volumes");

    if (!volumes)
        return (Text){0};
    return compose_text(compose_find(volumes->members[0].value, "source"));
}

static void check_vector_service(const ComposeModel *model, const Tree *line, NodeId at)
{
    Text name = tree_node(line, at)->key;

    if (text_starts_with(name, TEXT("model:"))) {
        const ComposeMember *found =
            compose_member(compose_find(model->root, "models"), text_from(name, 6));

        assert_non_null(found);
        check_text("the model", compose_text(compose_find(found->value, "model")),
                   tree_string(line, at));
        return;
    }
    const ComposeMember *service = compose_member(model->services, name);
    assert_non_null(service);
    check_text("the image", compose_text(compose_find(service->value, "image")),
               tree_string(line, tree_find(line, at, TEXT("image"))));
    check_text("the volume", volume_image(service->value),
               tree_string(line, tree_find(line, at, TEXT("volimg"))));
    check_pairs(model, "a variable", compose_find(service->value, "environment"), line,
                tree_find(line, at, TEXT("env")));
    NodeId build = tree_find(line, at, TEXT("build"));
    assert_int_equal(build.index != 0, compose_find(service->value, "build") != NULL);
    if (build.index)
        check_vector_build(model, compose_find(service->value, "build"), line, build);
}

static uint32_t count_services(const Tree *line, NodeId services)
{
    uint32_t count = 0;

    for (NodeId at = tree_first(line, services); at.index; at = tree_next(line, at))
        count += !text_starts_with(tree_node(line, at)->key, TEXT("model:"));
    return count;
}

static void check_vector(const Tree *line)
{
    union {
        const Tree *line;
        void *context;
    } environment = {line};
    Fixture *fixture = fixture_new();
    NodeId files = tree_find(line, line->root, TEXT("files"));
    NodeId load = tree_find(line, line->root, TEXT("load"));
    NodeId services = tree_find(line, line->root, TEXT("services"));
    ComposeProject project = {0};
    ComposeFile names[4];

    for (NodeId at = tree_first(line, files); at.index; at = tree_next(line, at))
        fixture_write(fixture, tree_node(line, at)->key, tree_string(line, at));
    for (NodeId at = tree_first(line, load); at.index; at = tree_next(line, at))
        names[project.nfiles++] = (ComposeFile){tree_string(line, at), {0}};
    project.files = names;
    fixture_open(fixture);
    ComposeModel *model = compose_load(&fixture->configuration, &project,
                                       (Variables){find_in_line, environment.context});
    bool is_error = vector_text(line, "error").len > 0;

    if (is_difference(vector_text(line, "name")))
        assert_int_equal(fixture->configuration.references.count, 2);
    else if (is_error != (fixture->facts->diags->count > 0))
        fail_msg("%s: '%.*s'", is_error ? "no error" : "an error",
                 TEXT_ARG(is_error ? vector_text(line, "error")
                                   : fixture->facts->diags->items[0].message));
    for (NodeId at = tree_first(line, services); at.index; at = tree_next(line, at))
        check_vector_service(model, line, at);
    if (!is_error)
        assert_int_equal(model->services ? model->services->count : 0,
                         count_services(line, services));
    fixture_remove(fixture);
}

static void vector_holds(void **state)
{
    check_vector(*state);
}

/* --- cases --- */

typedef struct Case {
    const char *name;
    const char *files;         /* "==> PATH" and its bytes, one after the other */
    const char *load;          /* paths, separated by blanks */
    const char *service, *run; /* run: services, separated by blanks */
    const char *expected;
} Case;

#include "unit_compose_cases.h"

static uint32_t split(Arena *arena, const char *words, Text **parts)
{
    Text rest = text_of(words), part;
    uint32_t count = 0, capacity = 0;

    *parts = NULL;
    for (bool done = rest.len == 0; text_next_part(&rest, ' ', &part, &done);) {
        ARRAY_GROW(arena, *parts, count, capacity);
        (*parts)[count++] = part;
    }
    return count;
}

static void write_files(Fixture *fixture, Text all)
{
    const Text mark = TEXT("==> ");

    while (text_starts_with(all, mark)) {
        size_t line = text_find_byte(all, '\n');
        Text path = text_slice(all, mark.len, line);

        all = text_from(all, line + 1);
        size_t end = text_starts_with(all, mark) ? 0 : text_find(all, TEXT("\n==> "));
        end += end > 0 && end < all.len;
        fixture_write(fixture, path, text_slice(all, 0, end));
        all = text_from(all, end);
    }
}

static void add_references(Fixture *fixture, Buffer *out)
{
    const References *references = &fixture->configuration.references;

    for (uint32_t i = 0; i < references->count; i++) {
        const Reference *reference = &references->items[i];

        buffer_format(out, "%.*s %.*s %.*s ",
                      TEXT_ARG(reference_kind_name(reference->kind)),
                      TEXT_ARG(reference_reach_name(reference->reach)),
                      TEXT_ARG(reference->value));
        add_place(fixture, out, reference->span);
        add_way(fixture, out, reference->via);
        if (reference->hole.len)
            buffer_format(out, " needs %.*s", TEXT_ARG(reference->hole));
        if (reference->note.len &&
            !text_equal(reference->note, TEXT("the service is not started")))
            buffer_format(out, " (%.*s)", TEXT_ARG(reference->note));
        buffer_add_byte(out, '\n');
    }
}

static void add_diags(Fixture *fixture, Buffer *out)
{
    const Diags *diags = fixture->facts->diags;

    for (uint32_t i = 0; i < diags->count; i++) {
        buffer_format(out, "! %s ", diags->items[i].rule);
        add_place(fixture, out, diags->items[i].span);
        buffer_format(out, " %.*s\n", TEXT_ARG(diags->items[i].message));
    }
}

/* devcontainer.json is a list of names, so that each has a span. */
static ComposeProject project_of(Fixture *fixture, const Case *c)
{
    Arena *arena = fixture->arena;
    Text *paths, *run;
    uint32_t nfiles = split(arena, c->load, &paths);
    ComposeFile *files = ARENA_ARRAY(arena, nfiles, ComposeFile);
    Buffer text = {.arena = arena};
    ComposeProject project = {.files = files, .nfiles = nfiles};
    uint32_t file = sources_count(fixture->facts->sources) + 1;

    for (uint32_t i = 0; i < nfiles; i++) {
        files[i].path = paths[i];
        files[i].span = (Span){file, (uint32_t)text.len, 0};
        buffer_format(&text, "%.*s\n", TEXT_ARG(paths[i]));
        files[i].span.end = (uint32_t)text.len - 1;
    }
    project.service = text_of(c->service);
    project.service_span = (Span){file, (uint32_t)text.len, 0};
    buffer_format(&text, "%s\n", c->service);
    project.service_span.end = (uint32_t)text.len - 1;
    project.nrun_services = split(arena, c->run ? c->run : "", &run);
    ComposeName *names = ARENA_ARRAY(arena, project.nrun_services, ComposeName);
    for (uint32_t i = 0; i < project.nrun_services; i++) {
        names[i] = (ComposeName){run[i], {file, (uint32_t)text.len, 0}};
        buffer_format(&text, "%.*s\n", TEXT_ARG(run[i]));
        names[i].span.end = (uint32_t)text.len - 1;
    }
    project.run_services = names;
    (void)sources_add(fixture->facts->sources, TEXT("config"), buffer_text(&text));
    return project;
}

static void case_holds(void **state)
{
    const Case *c = *state;
    Fixture *fixture = current = fixture_new();
    Buffer out = {.arena = fixture->arena};

    write_files(fixture, text_of(c->files));
    fixture_open(fixture);
    ComposeProject project = project_of(fixture, c);
    compose_extract(&fixture->configuration, &project);
    add_references(fixture, &out);
    buffer_add(&out, buffer_text(&fixture->builds));
    add_diags(fixture, &out);
    if (!text_equal(buffer_text(&out), text_of(c->expected)))
        print_message("found:\n%.*s", TEXT_ARG(buffer_text(&out)));
    assert_true(text_equal(buffer_text(&out), text_of(c->expected)));
    fixture_remove(fixture);
}

/* --- limits --- */

static ComposeModel *load_text(Fixture *fixture, Text text)
{
    const ComposeFile file = {TEXT("c.yml"), {0}};
    const ComposeProject project = {.files = &file, .nfiles = 1};
    const Tree *none = ARENA_NEW(fixture->arena, Tree);
    union {
        const Tree *line;
        void *context;
    } environment = {none};

    fixture_write(fixture, TEXT("c.yml"), text);
    fixture_open(fixture);
    return compose_load(&fixture->configuration, &project,
                        (Variables){find_in_line, environment.context});
}

static void says(const Fixture *fixture, const char *part)
{
    const Diags *diags = fixture->facts->diags;

    for (uint32_t i = 0; i < diags->count; i++) {
        Text message = diags->items[i].message;

        if (text_find(message, text_of(part)) < message.len)
            return;
    }
    fail_msg("nothing says '%s'", part);
}

static void a_chain_of_extends_has_a_limit(void **state)
{
    (void)state;
    Fixture *fixture = fixture_new();
    Buffer text = {.arena = fixture->arena};

    buffer_add(&text, TEXT("services:\n"));
    for (int i = 0; i < 500; i++)
        buffer_format(&text, "  s%d: {extends: s%d}\n", i, i + 1);
    buffer_add(&text, TEXT("  s500: {image: x}\n"));
    (void)load_text(fixture, buffer_text(&text));
    says(fixture, "more than 64 levels deep");
    fixture_remove(fixture);
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    Fixture *fixture = fixture_new();
    Buffer text = {.arena = fixture->arena};

    buffer_add(&text, TEXT("x-a: "));
    buffer_add_times(&text, '[', 200);
    buffer_add_times(&text, ']', 200);
    buffer_add(&text, TEXT("\nservices: {a: {image: x}}\n"));
    ComposeModel *model = load_text(fixture, buffer_text(&text));
    says(fixture, "nested deeper than 100 levels");
    assert_int_equal(model->services->count, 1);
    fixture_remove(fixture);
}

/* Each of 2,000 services would copy the 1,000 values of the one that it extends. */
static void what_extends_copies_has_a_limit(void **state)
{
    (void)state;
    Fixture *fixture = fixture_new();
    Buffer text = {.arena = fixture->arena};

    buffer_add(&text, TEXT("services:\n  b: {image: x, volumes: ["));
    for (int i = 0; i < 1000; i++)
        buffer_format(&text, "v%d, ", i);
    buffer_add(&text, TEXT("]}\n"));
    for (int i = 0; i < 2000; i++)
        buffer_format(&text, "  s%d: {extends: b, volumes: [w]}\n", i);
    (void)load_text(fixture, buffer_text(&text));
    says(fixture, "too large when their aliases");
    fixture_remove(fixture);
}

static void services_have_a_limit(void **state)
{
    (void)state;
    Fixture *fixture = fixture_new();
    Buffer text = {.arena = fixture->arena};

    buffer_add(&text, TEXT("services:\n"));
    for (int i = 0; i <= COMPOSE_SERVICES_MAX; i++)
        buffer_format(&text, "  s%d: {image: x}\n", i);
    (void)load_text(fixture, buffer_text(&text));
    says(fixture, "more than 4,096 services");
    fixture_remove(fixture);
}

int main(void)
{
    enum { OTHERS = 4, COUNT = sizeof(cases) / sizeof(*cases) };
    Vectors *vectors = vectors_read("compose");
    struct CMUnitTest *tests =
        ARENA_ARRAY(vectors->arena, vectors->count + COUNT + OTHERS, struct CMUnitTest);
    const struct CMUnitTest others[OTHERS] = {
        cmocka_unit_test(a_chain_of_extends_has_a_limit),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(what_extends_copies_has_a_limit),
        cmocka_unit_test(services_have_a_limit)};
    size_t count = 0;

    for (uint32_t i = 0; i < vectors->count; i++) {
        union {
            const Tree *line;
            void *state;
        } vector = {vectors->lines[i]};

        tests[count++] = (struct CMUnitTest){
            arena_copy(vectors->arena, vector_text(vector.line, "name")).at,
            vector_holds, NULL, NULL, vector.state};
    }
    for (size_t i = 0; i < COUNT; i++)
        tests[count++] =
            (struct CMUnitTest){cases[i].name, case_holds, NULL, NULL, &cases[i]};
    for (size_t i = 0; i < OTHERS; i++)
        tests[count++] = others[i];
    int failed = _cmocka_run_group_tests("compose", tests, count, NULL, NULL);
    vectors_free(vectors);
    return failed;
}
