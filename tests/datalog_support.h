/*
 * datalog_support.h: what the engine's tests share: a program from text, its input
 * rows from text, and what it derives as text.
 */
#ifndef BERTH_TESTS_DATALOG_SUPPORT_H
#define BERTH_TESTS_DATALOG_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "datalog/datalog.h"

typedef struct Bench {
    Arena *arena;
    Symbols *symbols;
    Sources *sources;
    Diags *diags;
    DlProgram *program;
    DlDatabase *database;
} Bench;

static inline Bench bench_new(void)
{
    Bench bench = {.arena = arena_new((size_t)1 << 30)};

    bench.symbols = symbols_new(bench.arena);
    bench.sources = sources_new(bench.arena);
    bench.diags = diags_new(bench.arena);
    return bench;
}

static inline void bench_free(Bench *bench)
{
    arena_free(bench->arena);
}

/* "path:line:column: message" for each diagnostic, a line each. */
static inline Text bench_diags(Bench *bench)
{
    Buffer out = {.arena = bench->arena};

    for (uint32_t i = 0; i < bench->diags->count; i++) {
        const Diag *diag = &bench->diags->items[i];
        Place place = source_place(bench->sources, diag->span.file, diag->span.start);

        buffer_format(&out, "%s%u:%u: %.*s", i ? "\n" : "", place.line, place.column,
                      TEXT_ARG(diag->message));
    }
    return buffer_text(&out);
}

static inline bool bench_compile(Bench *bench, const char *text)
{
    uint32_t file = sources_add(bench->sources, TEXT("test.dl"), text_of(text));

    bench->program = dl_compile(bench->arena, bench->symbols, bench->sources, &file, 1,
                                bench->diags);
    if (bench->program)
        bench->database = dl_database(bench->arena, bench->program);
    return bench->program != NULL;
}

/* One input row: "relation cell cell ..."; a cell of digits is a number where the
 * attribute is one. */
static inline void bench_add(Bench *bench, Text line)
{
    uint32_t row[16];
    Text name, cell;
    bool done = false;

    assert_true(text_next_part(&line, ' ', &name, &done));
    DlRelationId relation = dl_relation_find(bench->program, name);
    assert_int_not_equal(relation.index, DL_NO_RELATION);
    const DlRelation *declared = dl_relation(bench->program, relation);
    for (uint32_t i = 0; i < declared->arity; i++) {
        assert_true(text_next_part(&line, ' ', &cell, &done));
        row[i] = 0;
        if (declared->attributes[i].base == DL_SYMBOL)
            row[i] = symbol_intern(bench->symbols, cell).id;
        else
            for (size_t j = 0; j < cell.len; j++)
                row[i] = row[i] * 10 + (uint32_t)(cell.at[j] - '0');
    }
    dl_add(bench->database, relation, row);
}

static inline void bench_add_all(Bench *bench, const char *rows)
{
    Text rest = text_of(rows), line;

    for (bool done = false; text_next_part(&rest, '\n', &line, &done);) {
        if (line.len)
            bench_add(bench, line);
    }
}

#endif
