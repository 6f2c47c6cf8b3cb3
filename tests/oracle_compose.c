/*
 * oracle_compose.c: the compose reader against compose-go, over real files.
 *
 * Of each set of files that compose-go loaded (mode "interp": the .env beside the first
 * file, no other environment), every service's image and build must be the same, and
 * what it refused must be refused. Where this project means to differ, a row of `known`
 * says why; a row that no longer differs fails too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/files.h"
#include "facts/compose_model.h"

typedef struct Known {
    const char *reason;
    const char *ends[8]; /* of the sets, up to NULL */
} Known;

static const Known known[] = {
    {"a variable that is not set leaves an empty part of a port or a volume, which is "
     "no matter of images; and the machine may set it",
     {"devcontainer/mozilla-ai__lumigator/.devcontainer/devcontainer.json",
      "mozilla-ai__lumigator/docker-compose.yaml",
      "AxisCommunications__acap-rs/bin/samba/docker-compose.yml",
      "dotnet__aspire/playground/publishers/aspire-output/docker-compose.yaml"}},
};

/* Links need it; nothing is extracted here. */
void dockerfile_extract(Configuration *configuration, uint32_t file, const Build *build)
{
    (void)configuration;
    (void)file;
    (void)build;
}

void dockerfile_extract_inline(Configuration *configuration, Text text, Span span,
                               const Build *build)
{
    (void)configuration;
    (void)text;
    (void)span;
    (void)build;
}

static VariableState find_nothing(void *context, Text name, Text *value)
{
    (void)context;
    (void)name;
    (void)value;
    return VARIABLE_UNSET;
}

enum { COLUMNS = 12 };

typedef struct Table {
    Text rest, columns[COLUMNS];
    bool done;
} Table;

/* The next line of a table; absent columns are empty. */
static bool next_row(Table *table)
{
    Text line, part;

    if (!text_next_part(&table->rest, '\n', &line, &table->done))
        return false;
    bool done = false;
    for (uint32_t i = 0; i < COLUMNS; i++)
        table->columns[i] =
            text_next_part(&line, '\t', &part, &done) ? part : (Text){0};
    return true;
}

typedef struct Corpus {
    Arena *arena;
    Text directory, parse, services;
    uint32_t sets, nservices, nbuilds, refused, nknown, failed;
} Corpus;

static Text read_table(Corpus *corpus, const char *name)
{
    const char *problem;
    Symbols *symbols = symbols_new(corpus->arena);
    Sources *sources = sources_new(corpus->arena);
    Files *files =
        files_open(corpus->arena, symbols, sources, corpus->directory, &problem);
    Text path = arena_format(corpus->arena, "oracle/%s.tsv", name);
    uint32_t file;

    if (!files || files_read(files, TEXT(""), path, &file) != FILE_READ)
        return (Text){0};
    return source_bytes(sources, file);
}

/* One set, loaded in an arena of its own. */
typedef struct Load {
    Corpus *corpus;
    Text set, files, directory;
    Arena *arena;
    Diags *diags;
    ComposeModel *model;
    Buffer says; /* differences */
} Load;

static void load_model(Load *load)
{
    const char *problem;
    Arena *arena = load->arena;
    Symbols *symbols = symbols_new(arena);
    Sources *sources = sources_new(arena);
    Configuration *configuration = ARENA_NEW(arena, Configuration);
    ComposeFile *files = NULL;
    ComposeProject project = {0};
    uint32_t capacity = 0;
    Text rest = load->files, path;

    load->diags = diags_new(arena);
    *configuration = (Configuration){
        .facts = facts_new(arena, symbols, sources, load->diags),
        .files = files_open(arena, symbols, sources, load->corpus->directory, &problem),
        .references = {.arena = arena}};
    for (bool done = false; text_next_part(&rest, ',', &path, &done);) {
        ARRAY_GROW(arena, files, project.nfiles, capacity);
        files[project.nfiles++] = (ComposeFile){path, {0}};
    }
    project.files = files;
    load->model =
        compose_load(configuration, &project, (Variables){find_nothing, NULL});
}

/* That services fit together was not looked at when the files were loaded for this. */
static bool says_error(const Load *load)
{
    static const char *const passed[] = {"neither 'image' nor 'build'",
                                         "there is no service '",
                                         "builds nothing that could be a context"};

    for (uint32_t i = 0; i < load->diags->count; i++) {
        Text message = load->diags->items[i].message;
        bool is_passed = false;

        for (size_t k = 0; k < sizeof(passed) / sizeof(*passed); k++)
            is_passed =
                is_passed || text_find(message, text_of(passed[k])) < message.len;
        if (!is_passed)
            return true;
    }
    return false;
}

static void compare(Load *load, Text service, const char *what, Text found, Text wanted)
{
    if (!text_equal(found, wanted))
        buffer_format(&load->says, "  %.*s: %s is '%.*s', not '%.*s'\n",
                      TEXT_ARG(service), what, TEXT_ARG(found), TEXT_ARG(wanted));
}

/* "A=1;B=2" in the order of the keys. */
static Text arguments_of(Load *load, const ComposeValue *args)
{
    Buffer out = {.arena = load->arena};
    Text last = {0};

    for (uint32_t count = 0; args && count < args->count; count++) {
        const ComposeMember *next = NULL;

        for (uint32_t i = 0; i < args->count; i++) {
            const ComposeMember *member = &args->members[i];

            if ((count == 0 || text_compare(member->key, last) > 0) &&
                (!next || text_compare(member->key, next->key) < 0))
                next = member;
        }
        last = next ? next->key : last;
        if (!next)
            continue;
        buffer_format(&out, "%s%.*s", count ? ";" : "", TEXT_ARG(next->key));
        if (next->value->kind != NODE_NULL)
            buffer_format(&out, "=%.*s", TEXT_ARG(next->value->text));
    }
    return buffer_text(&out);
}

/* A path that starts from `directory`, as one from the corpus. */
static Text resolved(Load *load, Text directory, Text path)
{
    Text joined = path;

    if (compose_is_remote(path) || !path_join(load->arena, directory, path, &joined))
        return path;
    return joined;
}

static void compare_build(Load *load, Text service, const ComposeValue *build,
                          const Text *row)
{
    const ComposeValue *context = compose_find(build, "context");
    const ComposeValue *dockerfile = compose_find(build, "dockerfile");
    const ComposeValue *text = compose_find(build, "dockerfile_inline");
    bool is_wanted = row[4].len || row[5].len || row[7].len;

    if (is_wanted != (build != NULL)) {
        compare(load, service, "the build", build ? TEXT("there") : TEXT("absent"),
                is_wanted ? TEXT("there") : TEXT("absent"));
        return;
    }
    if (!build)
        return;
    load->corpus->nbuilds++;
    compare(load, service, "the context",
            resolved(load, context->origin->directory, context->text),
            resolved(load, load->directory, row[4]));
    compare(load, service, "the Dockerfile", compose_text(dockerfile), row[5]);
    compare(load, service, "the target", compose_text(compose_find(build, "target")),
            row[6]);
    compare(load, service, "the inline Dockerfile", text ? TEXT("yes") : TEXT(""),
            row[7]);
    compare(load, service, "the arguments",
            arguments_of(load, compose_find(build, "args")), row[8]);
    compare(load, service, "the contexts",
            arguments_of(load, compose_find(build, "additional_contexts")), row[9]);
}

/* The services of a set are consecutive rows: those in `load->corpus->services`. */
static void compare_services(Load *load)
{
    Table table = {.rest = load->corpus->services};
    const ComposeValue *services = load->model->services;
    uint32_t count = 0;

    while (next_row(&table)) {
        const Text *row = table.columns;

        if (!text_equal(row[0], load->set) || !text_equal(row[1], TEXT("interp")))
            continue;
        const ComposeMember *service = compose_member(services, row[2]);
        count++;
        load->corpus->nservices++;
        if (!service) {
            buffer_format(&load->says, "  %.*s: is not there\n", TEXT_ARG(row[2]));
            continue;
        }
        compare(load, row[2], "the image",
                text_trim(compose_text(compose_find(service->value, "image"))), row[3]);
        compare_build(load, row[2], compose_find(service->value, "build"), row);
    }
    if (count != (services ? services->count : 0))
        buffer_format(&load->says, "  %u services, not %u\n",
                      services ? services->count : 0, count);
}

static const char *why_known(Text set)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        for (const char *const *end = known[i].ends; *end; end++) {
            if (text_ends_with(set, text_of(*end)))
                return known[i].reason;
        }
    }
    return NULL;
}

static void check_set(void *context)
{
    Load *load = context;
    Corpus *corpus = load->corpus;
    Table table = {.rest = corpus->parse};
    const char *reason = why_known(load->set);

    load_model(load);
    while (next_row(&table) && !(text_equal(table.columns[0], load->set) &&
                                 text_equal(table.columns[1], TEXT("interp"))))
        ;
    bool is_refused = text_equal(table.columns[2], TEXT("no"));
    corpus->sets++;
    corpus->refused += is_refused;
    if (is_refused && !says_error(load))
        buffer_format(&load->says, "  was read, but: %.*s\n",
                      TEXT_ARG(table.columns[3]));
    if (!is_refused && says_error(load))
        buffer_format(&load->says, "  was refused: %.*s\n",
                      TEXT_ARG(load->diags->items[0].message));
    if (!is_refused)
        compare_services(load);
    if (load->says.len && reason)
        corpus->nknown++;
    else if (load->says.len || reason) {
        corpus->failed++;
        print_message("%.*s\n%.*s", TEXT_ARG(load->set),
                      TEXT_ARG(load->says.len ? buffer_text(&load->says)
                                              : TEXT("  no longer differs\n")));
    }
}

/* Of the first file: the project's. */
static Text directory_of(Text files)
{
    return path_directory(text_slice(files, 0, text_find_byte(files, ',')));
}

static void the_corpus_is_read_as_by_the_reference_tool(void **state)
{
    const char *shared = getenv("BERTH_SHARED");
    Corpus corpus = {.arena = arena_new((size_t)1 << 30)};

    (void)state;
    corpus.directory =
        arena_format(corpus.arena, "%s/corpus", shared ? shared : "../shared");
    corpus.parse = read_table(&corpus, "compose-parse");
    corpus.services = read_table(&corpus, "compose-services");
    Table sets = {.rest = read_table(&corpus, "compose-sets")};
    if (sets.rest.len == 0) {
        print_message("skipped: the corpus is not there\n");
        arena_free(corpus.arena);
        skip();
    }
    while (next_row(&sets)) {
        Load load = {.corpus = &corpus,
                     .set = sets.columns[0],
                     .files = sets.columns[1],
                     .directory = directory_of(sets.columns[1]),
                     .arena = arena_new((size_t)1 << 28)};

        load.says.arena = load.arena;
        if (load.files.len && !text_equal(load.set, TEXT("set")))
            assert_true(arena_run(load.arena, check_set, &load));
        arena_free(load.arena);
    }
    print_message("%u sets: %u services with %u builds compared, %u refused; %u known "
                  "differences, %u failed\n",
                  corpus.sets, corpus.nservices, corpus.nbuilds, corpus.refused,
                  corpus.nknown, corpus.failed);
    assert_int_equal(corpus.failed, 0);
    arena_free(corpus.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_corpus_is_read_as_by_the_reference_tool)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
