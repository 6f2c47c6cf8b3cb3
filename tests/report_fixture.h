/*
 * report_fixture.h: a small program, its rows and its catalogue, for tests of reports.
 *
 * A cell is written as text: a site as "path#part" (the first occurrence of `part` in
 * that file; "" is nowhere), a number in digits, anything else as it is.
 */
#ifndef BERTH_TESTS_REPORT_FIXTURE_H
#define BERTH_TESTS_REPORT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/report.h"

#define TYPES                                                                          \
    ".type Site <: number\n"                                                           \
    ".type Repo <: symbol\n"                                                           \
    ".type Config <: symbol\n"                                                         \
    ".type Ref <: symbol\n"

typedef struct Fixture {
    Arena *arena;
    Report report;
    Catalogue catalogue;
    Diags *diags;
    DlDatabase *database;
} Fixture;

static inline uint32_t fixture_file(Fixture *fixture, const char *path,
                                    const char *bytes)
{
    return sources_add(fixture->report.sources, text_of(path), text_of(bytes));
}

static inline Fixture *fixture_new(const char *program)
{
    Arena *arena = arena_new((size_t)1 << 30);
    Fixture *fixture = ARENA_NEW(arena, Fixture);
    Report *report = &fixture->report;

    fixture->arena = report->arena = arena;
    fixture->diags = diags_new(arena);
    report->symbols = symbols_new(arena);
    report->sources = sources_new(arena);
    report->catalogue = &fixture->catalogue;
    uint32_t file = fixture_file(fixture, "program.dl", program);
    report->program =
        dl_compile(arena, report->symbols, report->sources, &file, 1, fixture->diags);
    for (uint32_t i = 0; i < fixture->diags->count; i++)
        print_error("%.*s\n", TEXT_ARG(fixture->diags->items[i].message));
    assert_non_null(report->program);
    fixture->database = dl_database(arena, report->program);
    fixture->catalogue.nsentences = dl_relation_count(report->program);
    fixture->catalogue.sentences =
        ARENA_ARRAY(arena, fixture->catalogue.nsentences, Sentence);
    return fixture;
}

static inline DlRelationId fixture_relation(const Fixture *fixture, const char *name)
{
    DlRelationId id = dl_relation_find(fixture->report.program, text_of(name));

    assert_int_not_equal(id.index, DL_NO_RELATION);
    return id;
}

static inline Span fixture_span(const Fixture *fixture, const char *place)
{
    Text whole = text_of(place);
    size_t mark = text_find_byte(whole, '#');
    Text path = text_slice(whole, 0, mark), part = text_from(whole, mark + 1);
    const Sources *sources = fixture->report.sources;

    if (whole.len == 0)
        return (Span){0};
    for (uint32_t file = 1; file <= sources_count(sources); file++) {
        if (text_equal(source_path(sources, file), path)) {
            uint32_t start = (uint32_t)text_find(source_bytes(sources, file), part);

            return (Span){file, start, start + (uint32_t)part.len};
        }
    }
    fail_msg("no file %s", place);
    return (Span){0};
}

static inline uint32_t fixture_cell(const Fixture *fixture,
                                    const DlAttribute *attribute, const char *cell)
{
    if (text_equal(attribute->type, TEXT("Site")))
        return site_intern(fixture->report.sources, fixture_span(fixture, cell)).id;
    if (attribute->base == DL_NUMBER)
        return (uint32_t)strtol(cell, NULL, 10);
    return symbol_intern(fixture->report.symbols, text_of(cell)).id;
}

/* FIXTURE_ROW(fixture, "relation", "a.yaml#x", "octo-org/site") */
#define FIXTURE_ROW(fixture, relation, ...)                                            \
    fixture_row((fixture), (relation), (const char *const[]){__VA_ARGS__})

static inline void fixture_row(const Fixture *fixture, const char *relation,
                               const char *const *cells)
{
    DlRelationId id = fixture_relation(fixture, relation);
    const DlRelation *declared = dl_relation(fixture->report.program, id);
    uint32_t row[16];

    for (uint32_t i = 0; i < declared->arity; i++)
        row[i] = fixture_cell(fixture, &declared->attributes[i], cells[i]);
    dl_add(fixture->database, id, row);
}

/* What a relation says of a row, and of one that is not there. */
static inline void fixture_says(Fixture *fixture, const char *relation,
                                const char *says, const char *absent)
{
    fixture->catalogue.sentences[fixture_relation(fixture, relation).index] =
        (Sentence){text_of(says), text_of(absent)};
}

/* Rules are added by id. `relation`: NULL for one of a reader's. */
static inline Rule *fixture_rule(Fixture *fixture, const char *id, Severity severity,
                                 const char *relation, const char *message)
{
    Catalogue *catalogue = &fixture->catalogue;

    ARRAY_GROW(fixture->arena, catalogue->rules, catalogue->count, catalogue->capacity);
    Rule *rule = &catalogue->rules[catalogue->count++];
    *rule = (Rule){.id = text_of(id),
                   .severity = severity,
                   .title = TEXT("A title"),
                   .basis = TEXT("documented"),
                   .documentation = TEXT("https://docs.example/x"),
                   .message = text_of(message)};
    rule->relation.index =
        relation ? fixture_relation(fixture, relation).index : DL_NO_RELATION;
    return rule;
}

static inline void fixture_run(Fixture *fixture)
{
    assert_true(dl_run(fixture->database, dl_default_limits, fixture->diags));
    fixture->report.database = fixture->database;
}

static inline void assert_text(Text text, const char *expected)
{
    Arena *arena = arena_new(1 << 24);

    assert_string_equal(arena_copy(arena, text).at, expected);
    arena_free(arena);
}

#endif
