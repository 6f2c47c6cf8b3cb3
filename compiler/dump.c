#include "dump.h"

#include <stdlib.h>

#include "base/json_out.h"
#include "syntax/dockerfile.h"
#include "syntax/syntax.h"

typedef struct Format {
    Text suffix; /* of the path; empty: any */
    Tree *(*read)(Arena *arena, Sources *sources, uint32_t file, Diags *diags);
} Format;

/* First match wins; what matches none is a Dockerfile. */
static const Format formats[] = {{TEXT_INIT("devcontainer-lock.json"), json_read},
                                 {TEXT_INIT(".json"), jsonc_read},
                                 {TEXT_INIT(".yaml"), yaml_read},
                                 {TEXT_INIT(".yml"), yaml_read}};

static void dump_file(Compilation *cc, uint32_t file, Buffer *out)
{
    Text path = source_path(cc->sources, file);
    Diags *diags = diags_new(cc->report.arena);

    buffer_format(out, "%.*s\n", TEXT_ARG(path));
    for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
        if (text_ends_with(path, formats[i].suffix)) {
            const Tree *tree =
                formats[i].read(cc->report.arena, cc->sources, file, diags);

            tree_dump(tree, cc->sources, out);
            return;
        }
    }
    dockerfile_dump(dockerfile_read(cc->report.arena, cc->sources, file, diags),
                    cc->sources, out);
}

typedef struct Named {
    Text path;
    uint32_t file;
} Named;

static int by_path(const void *left, const void *right)
{
    return text_compare(((const Named *)left)->path, ((const Named *)right)->path);
}

void dump_tree(Compilation *cc, Buffer *out)
{
    uint32_t count = sources_count(cc->sources), used = 0;
    Named *files = ARENA_ARRAY(cc->report.arena, count, Named);

    for (uint32_t i = 1; i <= count; i++) {
        Text path = source_path(cc->sources, i);

        if (!compile_is_rule_file(cc, i) && !text_ends_with(path, TEXT(".env")))
            files[used++] = (Named){path, i};
    }
    qsort(files, used, sizeof(*files), by_path);
    for (uint32_t i = 0; i < used; i++)
        dump_file(cc, files[i].file, out);
}

static void dump_cell(Compilation *cc, const DlAttribute *attribute, uint32_t cell,
                      Buffer *out)
{
    if (text_equal(attribute->type, TEXT("Site"))) {
        Span span = site_span(cc->sources, (Site){cell});

        if (span.file == 0) {
            buffer_add(out, TEXT("-"));
            return;
        }
        Place place = source_place(cc->sources, span.file, span.start);
        buffer_format(out, "%.*s:%u:%u", TEXT_ARG(source_path(cc->sources, span.file)),
                      place.line, place.column);
    } else if (attribute->base == DL_NUMBER) {
        buffer_format(out, "%d", (int)(int32_t)cell);
    } else {
        json_add_quoted(out, symbol_text(cc->symbols, (Symbol){cell}));
    }
}

static int by_line(const void *left, const void *right)
{
    return text_compare(*(const Text *)left, *(const Text *)right);
}

static void dump_relation(Compilation *cc, DlRelationId id, Buffer *out)
{
    const DlRelation *relation = dl_relation(cc->program, id);
    uint32_t count = dl_row_count(cc->database, id);
    Text *lines = ARENA_ARRAY(cc->report.arena, count, Text);

    for (uint32_t i = 0; i < count; i++) {
        Buffer line = {.arena = cc->report.arena};
        const uint32_t *row = dl_row(cc->database, id, i);

        for (uint32_t j = 0; j < relation->arity; j++) {
            if (j)
                buffer_add(&line, TEXT(", "));
            dump_cell(cc, &relation->attributes[j], row[j], &line);
        }
        lines[i] = buffer_text(&line);
    }
    /* Sorted as printed: the numbers of sites depend on the order of reading. */
    qsort(lines, count, sizeof(*lines), by_line);
    for (uint32_t i = 0; i < count; i++)
        buffer_format(out, "%.*s(%.*s)\n", TEXT_ARG(relation->name),
                      TEXT_ARG(lines[i]));
}

static void dump_relations(Compilation *cc, bool inputs, Buffer *out)
{
    for (uint32_t i = 0; i < dl_relation_count(cc->program); i++) {
        DlRelationId id = {i};

        if (dl_relation(cc->program, id)->is_input == inputs)
            dump_relation(cc, id, out);
    }
}

void dump_facts(Compilation *cc, Buffer *out)
{
    dump_relations(cc, true, out);
}

void dump_rows(Compilation *cc, Buffer *out)
{
    dump_relations(cc, false, out);
}
