/*
 * oracle_dockerfile.c: real Dockerfiles against BuildKit's own answers.
 *
 * The corpus has, for each file with default arguments on linux/amd64: whether BuildKit
 * reads it, its stages with their bases, and what COPY, mounts and "# syntax=" name.
 * Ours are written in the same form and compared file by file: they are all the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/files.h"
#include "facts/dockerfile_stages.h"

typedef struct Oracle {
    Arena *arena;
    Symbols *symbols;
    Sources *sources;
    Files *files;
    Buffer *expected; /* by symbol of the file's path */
    uint32_t *order;
    uint32_t count, capacity, expected_capacity;
    uint32_t compared, equal, absent, stages, references;
} Oracle;

/* --- the oracle's rows, by file --- */

static Buffer *rows_of(Oracle *oracle, Text path)
{
    Symbol symbol = symbol_intern(oracle->symbols, path);

    while (symbol.id >= oracle->expected_capacity)
        ARRAY_GROW(oracle->arena, oracle->expected, oracle->expected_capacity,
                   oracle->expected_capacity);
    Buffer *rows = &oracle->expected[symbol.id];
    if (!rows->arena) {
        rows->arena = oracle->arena;
        ARRAY_GROW(oracle->arena, oracle->order, oracle->count, oracle->capacity);
        oracle->order[oracle->count++] = symbol.id;
    }
    return rows;
}

static void add_column(Buffer *out, Text column)
{
    buffer_add_byte(out, '\t');
    buffer_add(out, text_starts_with(column, TEXT("ERR:")) ? TEXT("ERR") : column);
}

/* Adds to each file's rows the columns that are not skipped: `columns` has an "x" for
 * each that counts. Of a file that BuildKit refuses, no more counts than that. */
static void read_table(Oracle *oracle, const char *name, const char *columns)
{
    Text path = arena_format(oracle->arena, "oracle/%s", name);
    uint32_t file;

    assert_int_equal(files_read(oracle->files, TEXT(""), path, &file), FILE_READ);
    Text rest = source_bytes(oracle->sources, file), line, column;
    bool is_first = true;
    for (bool done = false; text_next_part(&rest, '\n', &line, &done);
         is_first = false) {
        if (line.len == 0 || is_first)
            continue;
        bool no_more = false;
        (void)text_next_part(&line, '\t', &column, &no_more);
        Buffer *rows = rows_of(oracle, column);
        buffer_format(rows, "%s", name);
        for (size_t i = 0; columns[i]; i++) {
            if (!text_next_part(&line, '\t', &column, &no_more))
                column = (Text){0};
            if (columns[i] == 'x')
                add_column(rows, column);
            if (text_equal(column, TEXT("no")) && i == 0)
                break;
        }
        buffer_add_byte(rows, '\n');
    }
}

/* --- ours, in the same form --- */

static void add_number(Buffer *out, uint32_t number)
{
    buffer_format(out, "\t%u", number);
}

static void add_parse_row(Buffer *out, const Dockerfile *dockerfile)
{
    uint32_t stages = 0, commands = 0, arguments = 0;

    for (uint32_t i = 0; i < dockerfile->count; i++) {
        if (dockerfile->instructions[i].kind == INSTRUCTION_FROM)
            stages++;
        else if (stages)
            commands++;
        else
            arguments++;
    }
    buffer_add(out, TEXT("dockerfile-parse.tsv"));
    add_column(out, dockerfile->is_refused ? TEXT("no") : TEXT("yes"));
    if (!dockerfile->is_refused) {
        add_number(out, stages);
        add_number(out, commands);
        add_number(out, arguments);
        add_column(out, (Text){&dockerfile->escape, 1});
        add_column(out, dockerfile->syntax.text);
    }
    buffer_add_byte(out, '\n');
}

static Text canonical(Arena *arena, Text value)
{
    ImageName name;
    Text problem;

    return image_name_read(arena, value, &name, &problem)
               ? image_name_canonical(arena, &name)
               : TEXT("ERR");
}

static uint32_t line_of(Oracle *oracle, Span span)
{
    return source_place(oracle->sources, span.file, span.start).line;
}

static void add_stage_row(Oracle *oracle, Buffer *out, BuildGraph *graph,
                          uint32_t index)
{
    const BuildNode *node = &graph->nodes[index];
    const Instruction *from = &graph->dockerfile->instructions[node->instruction - 1];
    const DockerfileFlag *platform = instruction_flag(from, TEXT("platform"));
    bool is_scratch = node->parent == 0 && text_equal(node->base, TEXT("scratch"));
    Text value, hole;
    bool is_refused = !build_graph_expand(graph, from->words[0], &value, &hole);

    buffer_add(out, TEXT("dockerfile-from.tsv"));
    add_number(out, index);
    add_number(out, line_of(oracle, from->span));
    add_column(out, node->text);
    add_column(out, is_refused ? TEXT("ERR") : node->base);
    if (node->parent)
        buffer_format(out, "\tstage:%u\t", node->parent - 1);
    else if (is_scratch)
        buffer_add(out, TEXT("\tscratch\t"));
    else
        buffer_add(out, TEXT("\tno"));
    if (!node->parent && !is_scratch)
        add_column(out, is_refused       ? (Text){0}
                        : node->base.len ? canonical(oracle->arena, node->base)
                                         : TEXT("BLANK"));
    add_column(out, node->name);
    add_column(out, platform ? platform->value : (Text){0});
    add_column(out, node->platform);
    buffer_add_byte(out, '\n');
    oracle->stages++;
}

static void add_reference_row(Oracle *oracle, Buffer *out, const BuildGraph *graph,
                              uint32_t stage, const Instruction *instruction,
                              const char *kind, Text text, const BuildSource *source)
{
    const BuildNode *node = &graph->nodes[source->node - 1];

    buffer_format(out, "dockerfile-refs.tsv\t%u\t%u\t%s", stage,
                  line_of(oracle, instruction->span), kind);
    add_column(out, text);
    if (node->is_stage)
        buffer_format(out, "\tstage:%u\n", source->node - 1);
    else
        buffer_format(out, "\timage-or-context:%.*s\n",
                      TEXT_ARG(canonical(oracle->arena, node->base)));
    oracle->references++;
}

static void add_reference_rows(Oracle *oracle, Buffer *out, const BuildGraph *graph,
                               uint32_t index)
{
    const BuildNode *node = &graph->nodes[index];
    uint32_t source = node->source;

    for (uint32_t i = node->instruction; i < node->end; i++) {
        const Instruction *instruction = &graph->dockerfile->instructions[i];
        const DockerfileFlag *from = instruction_flag(instruction, TEXT("from"));

        if (instruction->kind == INSTRUCTION_COPY && from && from->value.len)
            add_reference_row(oracle, out, graph, index, instruction, "copy-from",
                              from->value, &graph->sources[source++]);
        for (uint32_t k = 0; k < instruction->nmounts; k++, source++) {
            if (graph->sources[source].is_mount)
                add_reference_row(oracle, out, graph, index, instruction, "mount-from",
                                  instruction->mounts[k].from.text,
                                  &graph->sources[source]);
        }
        if (instruction->trigger)
            buffer_format(
                out, "dockerfile-refs.tsv\t%u\t%u\tonbuild\t%.*s\t\n", index,
                line_of(oracle, instruction->span),
                TEXT_ARG(span_bytes(oracle->sources, instruction->trigger->span)));
    }
}

static Text our_rows(Oracle *oracle, uint32_t file)
{
    static const Build build = {.reach = REACH_PULLED};
    Arena *arena = oracle->arena;
    Diags *diags = diags_new(arena);
    Dockerfile *dockerfile = dockerfile_read(arena, oracle->sources, file, diags);
    Buffer out = {.arena = arena};

    add_parse_row(&out, dockerfile);
    BuildGraph *graph =
        build_graph_read(arena, diags, dockerfile, &build, TEXT("linux/amd64"));
    for (uint32_t i = 0; i < graph->nstages && !dockerfile->is_refused; i++)
        add_stage_row(oracle, &out, graph, i);
    if (dockerfile->syntax.text.len) {
        buffer_format(&out, "dockerfile-refs.tsv\t-\t%u\tsyntax",
                      line_of(oracle, dockerfile->syntax.span));
        add_column(&out, dockerfile->syntax.text);
        buffer_format(&out, "\timage:%.*s\n",
                      TEXT_ARG(canonical(arena, dockerfile->syntax.text)));
    }
    for (uint32_t i = 0; i < graph->nstages && !dockerfile->is_refused; i++)
        add_reference_rows(oracle, &out, graph, i);
    return buffer_text(&out);
}

/* --- the comparison --- */

static void show_difference(Text path, Text expected, Text got)
{
    Text mine = {0}, theirs = {0};
    bool mine_done = false, theirs_done = false;

    while (text_equal(mine, theirs)) {
        if (!text_next_part(&expected, '\n', &theirs, &theirs_done))
            theirs = TEXT("(nothing)");
        if (!text_next_part(&got, '\n', &mine, &mine_done))
            mine = TEXT("(nothing)");
    }
    print_message("%.*s\n  BuildKit: %.*s\n  berth:    %.*s\n", TEXT_ARG(path),
                  TEXT_ARG(theirs), TEXT_ARG(mine));
}

static void compare(Oracle *oracle, uint32_t id)
{
    Text path = symbol_text(oracle->symbols, (Symbol){id});
    Text expected = buffer_text(&oracle->expected[id]);
    uint32_t file;

    if (files_read(oracle->files, TEXT(""), path, &file) != FILE_READ) {
        oracle->absent++;
        return;
    }
    Text got = our_rows(oracle, file);
    oracle->compared++;
    if (text_equal(expected, got))
        oracle->equal++;
    else
        show_difference(path, expected, got);
}

static void real_dockerfiles_read_as_buildkit_reads_them(void **state)
{
    const char *shared = getenv("BERTH_SHARED"), *problem;
    Arena *arena = arena_new((size_t)1 << 30);
    Oracle oracle = {
        .arena = arena, .symbols = symbols_new(arena), .sources = sources_new(arena)};
    Text directory = arena_format(arena, "%s/corpus", shared ? shared : "../shared");

    (void)state;
    oracle.files =
        files_open(arena, oracle.symbols, oracle.sources, directory, &problem);
    if (!oracle.files) {
        print_message("skipped: the corpus is not there\n");
        arena_free(arena);
        skip();
    }
    read_table(&oracle, "dockerfile-parse.tsv", "x-xxxxx-");
    read_table(&oracle, "dockerfile-from.tsv", "xxxx-xxxxx");
    read_table(&oracle, "dockerfile-refs.tsv", "xxxxx");
    for (uint32_t i = 0; i < oracle.count; i++)
        compare(&oracle, oracle.order[i]);
    print_message("%u files: %u equal (%u stages, %u references), %u not here\n",
                  oracle.compared, oracle.equal, oracle.stages, oracle.references,
                  oracle.absent);
    assert_true(oracle.compared > 0);
    assert_int_equal(oracle.equal, oracle.compared);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_dockerfiles_read_as_buildkit_reads_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
