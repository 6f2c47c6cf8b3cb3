#include "export.h"

#include "output.h"

static bool is_sayable(Text text)
{
    return text_find_byte(text, '\t') == text.len &&
           text_find_byte(text, '\n') == text.len &&
           text_find_byte(text, '\r') == text.len;
}

/* Cells separated by tabs; false when one cannot be said. */
static bool add_row(const Compilation *cc, const DlRelation *relation,
                    const uint32_t *row, Buffer *out)
{
    for (uint32_t i = 0; i < relation->arity; i++) {
        if (i)
            buffer_add_byte(out, '\t');
        if (relation->attributes[i].base == DL_NUMBER) {
            buffer_format(out, "%d", (int)(int32_t)row[i]);
            continue;
        }
        Text text = symbol_text(cc->symbols, (Symbol){row[i]});
        if (!is_sayable(text))
            return false;
        buffer_add(out, text);
    }
    if (relation->arity == 0)
        buffer_add(out, TEXT("()")); /* as Souffle writes it */
    buffer_add_byte(out, '\n');
    return true;
}

static bool write_relation(Compilation *cc, DlRelationId id, Text directory,
                           Text *problem)
{
    Arena *arena = cc->report.arena;
    const DlRelation *relation = dl_relation(cc->program, id);
    const uint32_t *order = dl_sorted(arena, cc->database, id);
    Buffer out = {.arena = arena};

    for (uint32_t i = 0; i < dl_row_count(cc->database, id); i++) {
        if (!add_row(cc, relation, dl_row(cc->database, id, order[i]), &out)) {
            *problem = arena_format(arena,
                                    "a row of '%.*s' holds a tab or a line end, which "
                                    "Souffle's files cannot say",
                                    TEXT_ARG(relation->name));
            return false;
        }
    }
    Text path =
        arena_format(arena, "%.*s/%s/%.*s.%s", TEXT_ARG(directory),
                     relation->is_input ? "facts" : "rows", TEXT_ARG(relation->name),
                     relation->is_input ? "facts" : "csv");
    return output_write(arena, path, buffer_text(&out), problem);
}

static bool write_program(Compilation *cc, Text directory, Text *problem)
{
    Arena *arena = cc->report.arena;
    Buffer out = {.arena = arena};

    for (uint32_t i = 1; i <= sources_count(cc->sources); i++) {
        if (!compile_is_rule_file(cc, i))
            continue;
        buffer_add(&out, source_bytes(cc->sources, i));
        buffer_add_byte(&out, '\n');
    }
    return output_write(arena,
                        arena_format(arena, "%.*s/program.dl", TEXT_ARG(directory)),
                        buffer_text(&out), problem);
}

bool export_souffle(Compilation *cc, Text directory, Text *problem)
{
    static const char *const inner[] = {"", "/facts", "/rows"};
    Arena *arena = cc->report.arena;

    for (int i = 0; i < 3; i++) {
        if (!output_directory(
                arena, arena_format(arena, "%.*s%s", TEXT_ARG(directory), inner[i]),
                problem))
            return false;
    }
    for (uint32_t i = 0; i < dl_relation_count(cc->program); i++) {
        if (!write_relation(cc, (DlRelationId){i}, directory, problem))
            return false;
    }
    return write_program(cc, directory, problem);
}
