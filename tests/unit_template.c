#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/source.h"
#include "facts/template.h"

/* --- views --- */

typedef struct SpanCase {
    const char *name;
    const char *seen;   /* a part of the view */
    const char *origin; /* what it stands for in the file */
} SpanCase;

#define FILE_TEXT "FROM ${a}/x:${b}${c}\nFROM ${a}y\n"
#define VIEW_TEXT "FROM ghcr.io/x:1\nFROM ghcr.ioy\n"

static SpanCase spans[] = {
    {"bytes before a replaced part are their own", "FROM", "FROM"},
    {"a replaced part stands for all of what it replaces", "ghcr.io", "${a}"},
    {"a part of a replaced part, too", "hcr", "${a}"},
    {"a span may start in one", "io/x:", "${a}/x:"},
    {"a span may hold several, an empty one behind it left out", "/x:1", "/x:${b}"},
    {"a span may hold an empty one", "1\n", "${b}${c}\n"},
    {"behind the last one, bytes are their own again", "y\n", "y\n"},
};

static uint32_t add_view(Arena *arena, Sources *sources, uint32_t *file)
{
    Text text = TEXT(FILE_TEXT);
    size_t second = text_find(text, TEXT("\n")) + 1;
    const Replacement replacements[] = {
        {5, 9, TEXT("ghcr.io")},
        {12, 16, TEXT("1")},
        {16, 20, TEXT("")},
        {(uint32_t)second + 5, (uint32_t)second + 9, TEXT("ghcr.io")}};

    *file = sources_add(sources, TEXT("Dockerfile"), text);
    return sources_add_view(sources, arena, *file, replacements, 4);
}

static void a_view_leads_back_to_its_file(void **state)
{
    const SpanCase *c = *state;
    Arena *arena = arena_new(1 << 20);
    Sources *sources = sources_new(arena);
    uint32_t file, view = add_view(arena, sources, &file);
    Text bytes = source_bytes(sources, view), seen = text_of(c->seen);
    uint32_t at = (uint32_t)text_find(bytes, seen);
    Span origin = span_origin(sources, (Span){view, at, at + (uint32_t)seen.len});

    assert_true(text_equal(bytes, TEXT(VIEW_TEXT)));
    assert_true(text_equal(source_path(sources, view), TEXT("Dockerfile")));
    assert_int_equal(sources_count(sources), 1);
    assert_int_equal(origin.file, file);
    if (!text_equal(span_bytes(sources, origin), text_of(c->origin)))
        print_message("found '%.*s'\n", TEXT_ARG(span_bytes(sources, origin)));
    assert_true(text_equal(span_bytes(sources, origin), text_of(c->origin)));
    arena_free(arena);
}

static void sites_and_secrets_of_a_view_are_the_files(void **state)
{
    (void)state;
    Arena *arena = arena_new(1 << 20);
    Sources *sources = sources_new(arena);
    uint32_t file, view = add_view(arena, sources, &file);
    Site site = site_intern(sources, (Span){view, 5, 12});

    assert_int_equal(site.id, site_intern(sources, (Span){file, 5, 9}).id);
    source_mark_secret(sources, (Span){view, 15, 16});
    sources_drop_views(sources);
    assert_int_equal(site_span(sources, site).file, file);
    assert_true(span_has_secret(sources, (Span){file, 12, 16}));
    assert_false(span_has_secret(sources, (Span){file, 5, 9}));
    arena_free(arena);
}

/* --- options --- */

typedef struct FileCase {
    const char *name;
    const char *path, *text;
    const char *view; /* with the defaults */
    const char *hole; /* the first option without a value */
} FileCase;

static TemplateOption options[] = {
    {.name = TEXT_INIT("tag"), .standard = TEXT_INIT("1"), .has_standard = true},
    {.name = TEXT_INIT("open")},
};

static FileCase files[] = {
    {"a file without options is itself", "Dockerfile", "FROM x:${tag}\n",
     "FROM x:${tag}\n", ""},
    {"an option has its default", "Dockerfile", "FROM x:${templateOption:tag}\n",
     "FROM x:1\n", ""},
    {"blanks around the name mean nothing", "c.yaml", "${templateOption:\t tag \n}",
     "1", ""},
    {"what is no option stays", "c.yaml",
     "${templateOption:} ${templateOption:a-b} ${templateoption:tag} "
     "${templateOption:tag",
     "${templateOption:} ${templateOption:a-b} ${templateoption:tag} "
     "${templateOption:tag",
     ""},
    {"one that is no option does not hide the next", "c.yaml",
     "${templateOption:${templateOption:tag}", "${templateOption:1", ""},
    {"a hole is a variable for who knows no options", "Dockerfile",
     "FROM ${templateOption:open}:${templateOption:nobody}",
     "FROM ${templateOption_open}:${templateOption_nobody}", "open"},
    {"a hole of JSON stays", ".devcontainer.json",
     "{\"image\": \"${templateOption:open}\"}",
     "{\"image\": \"${templateOption:open}\"}", "open"},
};

static void a_file_has_its_options_replaced(void **state)
{
    const FileCase *c = *state;
    Arena *arena = arena_new(1 << 20);
    Sources *sources = sources_new(arena);
    Facts *facts = facts_new(arena, symbols_new(arena), sources, diags_new(arena));
    Template template = {.options = options, .noptions = 2};
    uint32_t file = sources_add(sources, text_of(c->path), text_of(c->text));
    uint32_t view = template_view(&template, facts, file);
    Text bytes = source_bytes(sources, view);

    if (!text_equal(bytes, text_of(c->view)))
        print_message("found '%.*s'\n", TEXT_ARG(bytes));
    assert_true(text_equal(bytes, text_of(c->view)));
    assert_int_equal(template_view(&template, facts, file), view);
    assert_true(
        text_equal(template_hole(&template, text_of(c->text)), text_of(c->hole)));
    arena_free(arena);
}

static void what_options_make_of_a_file_has_a_limit(void **state)
{
    (void)state;
    Arena *arena = arena_new((size_t)1 << 28);
    Sources *sources = sources_new(arena);
    Facts *facts = facts_new(arena, symbols_new(arena), sources, diags_new(arena));
    Buffer value = {.arena = arena}, text = {.arena = arena};
    TemplateOption large = {.name = TEXT("x"), .has_standard = true};
    Template template = {.options = &large, .noptions = 1};

    buffer_add_times(&value, 'v', TEMPLATE_VALUE_BYTES);
    large.standard = buffer_text(&value);
    for (int i = 0; i <= FILE_BYTES_MAX / TEMPLATE_VALUE_BYTES; i++)
        buffer_add(&text, TEXT("${templateOption:x}"));
    uint32_t file = sources_add(sources, TEXT("Dockerfile"), buffer_text(&text));
    assert_int_equal(template_view(&template, facts, file), file);
    assert_int_equal(facts->diags->count, 1);
    assert_string_equal(facts->diags->items[0].rule, "input/syntax");
    arena_free(arena);
}

enum {
    SPANS = sizeof(spans) / sizeof(spans[0]),
    FILES = sizeof(files) / sizeof(files[0])
};

int main(void)
{
    struct CMUnitTest tests[SPANS + FILES + 2] = {
        cmocka_unit_test(sites_and_secrets_of_a_view_are_the_files),
        cmocka_unit_test(what_options_make_of_a_file_has_a_limit)};
    size_t count = 2;

    for (size_t i = 0; i < SPANS; i++)
        tests[count++] = (struct CMUnitTest){
            spans[i].name, a_view_leads_back_to_its_file, NULL, NULL, &spans[i]};
    for (size_t i = 0; i < FILES; i++)
        tests[count++] = (struct CMUnitTest){
            files[i].name, a_file_has_its_options_replaced, NULL, NULL, &files[i]};
    return _cmocka_run_group_tests("template", tests, count, NULL, NULL);
}
