#include "examples.h"

#include <stdlib.h>

#include "catalogue.h"
#include "compile.h"

/* A case, as its files are met. */
typedef struct Collection {
    Arena *arena;
    Sources *sources; /* of an organization's own */
    Example example;
    ExampleFile *files;
    uint32_t capacity;
} Collection;

/* --- one file of a case --- */

/* The last line of a golden, "# exit 1", where the status is not 0. */
static void take_output(Collection *collection, Text golden)
{
    const Text mark = TEXT("\n# exit ");
    size_t at = text_find(golden, mark);
    Text status = text_trim(text_from(golden, at + mark.len));

    for (size_t i = 0; i < status.len && byte_is_digit(status.at[i]); i++)
        collection->example.status =
            collection->example.status % 100 * 10 + (uint32_t)(status.at[i] - '0');
    collection->example.output = text_slice(golden, 0, at + 1);
}

/* The value of "repository:", when berth.yaml says nothing else but where checkouts are. */
static bool says_only_which(Text bytes, Text *repository)
{
    const Text which = TEXT("repository:"), where = TEXT("checkouts:");
    Text line;

    *repository = TEXT("");
    for (bool done = false; text_next_part(&bytes, '\n', &line, &done);) {
        if (text_starts_with(line, which))
            *repository = text_trim(text_from(line, which.len));
        else if (text_trim(line).len && !text_starts_with(line, where))
            return false;
    }
    return true;
}

static void take_file(Collection *collection, Text path, Text bytes)
{
    Example *example = &collection->example;
    Text repository;

    if (text_equal(path, TEXT("expect.text"))) {
        take_output(collection, bytes);
    } else if (text_equal(path, TEXT("arguments.text"))) {
        example->command = arena_format(collection->arena, "berth check %.*s",
                                        TEXT_ARG(text_trim(bytes)));
    } else if (text_equal(path, TEXT("berth.yaml")) &&
               says_only_which(bytes, &repository)) {
        example->repository = repository;
    } else {
        ARRAY_GROW(collection->arena, collection->files, example->nfiles,
                   collection->capacity);
        collection->files[example->nfiles++] = (ExampleFile){path, bytes};
    }
}

static Collection collection_new(Arena *arena, Text name)
{
    return (Collection){.arena = arena,
                        .example = {.name = name, .command = TEXT("berth check")}};
}

static int by_path(const void *left, const void *right)
{
    return text_compare(((const ExampleFile *)left)->path,
                        ((const ExampleFile *)right)->path);
}

static Example collection_end(Collection *collection)
{
    if (collection->example.nfiles > 1)
        qsort(collection->files, collection->example.nfiles, sizeof(ExampleFile),
              by_path);
    collection->example.files = collection->files;
    return collection->example;
}

/* "bad", or a name that begins with "bad-". */
static bool is_of_kind(Text name, Text kind)
{
    return text_starts_with(name, kind) &&
           (name.len == kind.len || name.at[kind.len] == '-');
}

/* --- the shipped ones --- */

/* Of each kind one case is embedded: the one that is wanted. */
static Example embedded_example(Arena *arena, const Rule *rule, Text kind)
{
    Text prefix = arena_format(arena, "%.*s/", TEXT_ARG(rule->id));
    Collection collection = {0};

    for (uint32_t i = 0; i < nexample_files; i++) {
        Text path = text_of(example_files[i].path);

        if (!text_starts_with(path, prefix))
            continue;
        path = text_from(path, prefix.len);
        Text name = text_slice(path, 0, text_find_byte(path, '/'));
        if (!is_of_kind(name, kind))
            continue;
        if (!collection.arena)
            collection = collection_new(arena, name);
        take_file(&collection, text_from(path, name.len + 1),
                  (Text){(const char *)example_files[i].bytes, example_files[i].len});
    }
    return collection_end(&collection);
}

/* --- an organization's own --- */

static Text choose_case(const Rule *rule, Text wanted, Text kind)
{
    const RuleHome *home = rule->home;
    FileName *names;
    uint32_t count;

    if (files_list(home->files, home->root, home->cases, &names, &count) != FILE_READ)
        return (Text){0};
    for (uint32_t i = 0; i < count; i++) {
        if (names[i].is_directory && (wanted.len ? text_equal(names[i].name, wanted)
                                                 : is_of_kind(names[i].name, kind)))
            return names[i].name;
    }
    return (Text){0};
}

static void take_golden(Collection *collection, const RuleHome *home, Text directory,
                        const char *name)
{
    Text path = arena_format(collection->arena, "%.*s/%s", TEXT_ARG(directory), name);
    uint32_t file;

    if (files_read(home->files, home->root, path, &file) == FILE_READ)
        take_file(collection, text_of(name), source_bytes(collection->sources, file));
}

/* Reads the case as a workspace, which finds and marks what is secret in it. */
static void take_workspace(Collection *collection, Text path)
{
    CompileOptions options = {.path = path, .facts_only = true};
    Compilation cc = {.options = &options, .arena = collection->arena};

    compile(&cc);
    if (cc.failed)
        return;
    for (uint32_t i = 1; i <= sources_count(cc.sources); i++) {
        Text bytes = source_bytes(cc.sources, i), name = source_path(cc.sources, i);
        Buffer shown = {.arena = collection->arena};

        if (compile_is_rule_file(&cc, i) || bytes.len == 0 ||
            text_ends_with(name, TEXT(".git/config")))
            continue;
        source_add_shown(cc.sources, &shown, (Span){i, 0, (uint32_t)bytes.len});
        take_file(collection, name, buffer_text(&shown));
    }
}

static Example own_example(const Report *report, const Rule *rule, Text wanted,
                           Text kind)
{
    Arena *arena = report->arena;
    const RuleHome *home = rule->home;
    Text name = choose_case(rule, wanted, kind);

    if (name.len == 0)
        return (Example){0};
    Collection collection = collection_new(arena, name);
    collection.sources = report->sources;
    Text directory =
        arena_format(arena, "%.*s/%.*s", TEXT_ARG(home->cases), TEXT_ARG(name));
    take_workspace(&collection, arena_format(arena, "%.*s/%.*s", TEXT_ARG(home->at),
                                             TEXT_ARG(directory)));
    take_golden(&collection, home, directory, "arguments.text");
    take_golden(&collection, home, directory, "expect.text");
    return collection_end(&collection);
}

Text examples_words(void)
{
    return (Text){(const char *)example_files[0].bytes, example_files[0].len};
}

Page examples_page(const Report *report, const Rule *rule)
{
    const Text bad = TEXT("bad"), good = TEXT("good");
    Page page = {.rule = rule};

    if (rule->home) {
        page.failing = own_example(report, rule, rule->failing, bad);
        page.passing = own_example(report, rule, rule->passing, good);
    } else {
        page.failing = embedded_example(report->arena, rule, bad);
        page.passing = embedded_example(report->arena, rule, good);
    }
    return page;
}
