#include "datalog_support.h"

#include <stdio.h>

#include "base/files.h"
#include "facts/facts.h"

enum { FILES_MAX = 512 };

typedef struct Rules {
    Bench bench;
    Files *files;
    uint32_t numbers[FILES_MAX], count;
} Rules;

static void add_directory(Rules *rules, Text directory)
{
    FileName *names;
    uint32_t count;

    files_list(rules->files, TEXT(""), directory, &names, &count);
    for (uint32_t i = 0; i < count; i++) {
        Text path = arena_format(rules->bench.arena, "%.*s/%.*s", TEXT_ARG(directory),
                                 TEXT_ARG(names[i].name));

        if (names[i].is_directory) {
            add_directory(rules, path);
        } else if (text_ends_with(path, TEXT(".dl")) &&
                   !text_equal(path, TEXT("rules/schema.dl"))) {
            assert_true(rules->count < FILES_MAX);
            assert_int_equal(
                files_read(rules->files, TEXT(""), path, &rules->numbers[rules->count]),
                FILE_READ);
            rules->count++;
        }
    }
}

static Rules shipped_rules(void)
{
    Rules rules = {.bench = bench_new()};
    Bench *bench = &rules.bench;
    Buffer schema = {.arena = bench->arena};
    const char *problem;

    facts_add_schema(&schema);
    rules.numbers[rules.count++] =
        sources_add(bench->sources, TEXT("rules/schema.dl"), buffer_text(&schema));
    rules.files =
        files_open(bench->arena, bench->symbols, bench->sources, TEXT("."), &problem);
    assert_non_null(rules.files);
    add_directory(&rules, TEXT("rules"));
    return rules;
}

static void the_shipped_rules_compile_and_run(void **state)
{
    Rules rules = shipped_rules();
    Bench *bench = &rules.bench;

    (void)state;
    bench->program = dl_compile(bench->arena, bench->symbols, bench->sources,
                                rules.numbers, rules.count, bench->diags);
    for (uint32_t i = 0; i < bench->diags->count; i++) {
        const Diag *diag = &bench->diags->items[i];
        Place place = source_place(bench->sources, diag->span.file, diag->span.start);

        fprintf(stderr, "%.*s:%u:%u: %.*s\n",
                TEXT_ARG(source_path(bench->sources, diag->span.file)), place.line,
                place.column, TEXT_ARG(diag->message));
    }
    assert_non_null(bench->program);
    bench->database = dl_database(bench->arena, bench->program);
    assert_true(dl_run(bench->database, dl_default_limits, bench->diags));
    bench_free(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_rules_compile_and_run),
    };

    return cmocka_run_group_tests_name("the shipped rules", tests, NULL, NULL);
}
