/* Rows in the order in which people read them. */
#include "base/json_out.h"
#include "datalog/eval.h"

static int compare_numbers(int64_t left, int64_t right)
{
    return (left > right) - (left < right);
}

static int compare_sites(const Sources *sources, uint32_t left, uint32_t right)
{
    Span one = site_span(sources, (Site){left}),
         other = site_span(sources, (Site){right});
    int order = 0;

    if (one.file != other.file)
        order = text_compare(source_path(sources, one.file),
                             source_path(sources, other.file));
    if (order == 0)
        order = compare_numbers(one.start, other.start);
    return order ? order : compare_numbers(one.end, other.end);
}

static bool is_site(const DlProgram *program, uint32_t relation, uint32_t column,
                    uint32_t cell)
{
    return attribute_is_site(program, relation, column) && cell &&
           cell < sites_count(program->sources);
}

static int compare_cells(const DlProgram *program, uint32_t relation, uint32_t column,
                         uint32_t left, uint32_t right)
{
    if (left == right)
        return 0;
    if (program->relations[relation].attributes[column].base == DL_SYMBOL)
        return text_compare(symbol_text(program->symbols, (Symbol){left}),
                            symbol_text(program->symbols, (Symbol){right}));
    if (is_site(program, relation, column, left) &&
        is_site(program, relation, column, right))
        return compare_sites(program->sources, left, right);
    return compare_numbers((int32_t)left, (int32_t)right);
}

int row_compare(const DlDatabase *database, uint32_t relation, uint32_t left,
                uint32_t right)
{
    const Store *store = &database->stores[relation];
    const uint32_t *one = store_row(store, left), *other = store_row(store, right);
    int order = 0;

    for (uint32_t i = 0; left != right && i < store->arity && order == 0; i++)
        order = compare_cells(database->program, relation, i, one[i], other[i]);
    return order;
}

/* Merges [from, middle) and [middle, to), each in order. */
static void merge(const DlDatabase *database, uint32_t relation, const uint32_t *rows,
                  uint32_t *merged, const uint32_t ends[3])
{
    uint32_t left = ends[0], right = ends[1];

    for (uint32_t i = ends[0]; i < ends[2]; i++) {
        bool from_right = left == ends[1] ||
                          (right < ends[2] && row_compare(database, relation,
                                                          rows[right], rows[left]) < 0);

        merged[i] = rows[from_right ? right++ : left++];
    }
}

uint32_t *dl_sorted(Arena *arena, const DlDatabase *database, DlRelationId relation)
{
    uint32_t count = dl_row_count(database, relation);
    uint32_t *rows = ARENA_ARRAY(arena, count, uint32_t);
    uint32_t *merged = ARENA_ARRAY(arena, count, uint32_t);

    for (uint32_t i = 0; i < count; i++)
        rows[i] = i;
    for (uint64_t width = 1; width < count; width *= 2) {
        uint32_t *swap = rows;

        for (uint64_t from = 0; from < count; from += 2 * width) {
            uint64_t middle = from + width < count ? from + width : count;
            uint64_t to = from + 2 * width < count ? from + 2 * width : count;
            uint32_t ends[3] = {(uint32_t)from, (uint32_t)middle, (uint32_t)to};

            merge(database, relation.index, rows, merged, ends);
        }
        rows = merged;
        merged = swap;
    }
    return rows;
}

static void dump_cell(const DlDatabase *database, uint32_t relation, uint32_t column,
                      uint32_t cell, Buffer *out)
{
    const DlProgram *program = database->program;

    if (program->relations[relation].attributes[column].base == DL_SYMBOL) {
        json_add_quoted(out, symbol_text(program->symbols, (Symbol){cell}));
    } else if (is_site(program, relation, column, cell)) {
        Span span = site_span(program->sources, (Site){cell});
        Place place = source_place(program->sources, span.file, span.start);

        buffer_format(out, "%.*s:%u:%u",
                      TEXT_ARG(source_path(program->sources, span.file)), place.line,
                      place.column);
    } else {
        buffer_format(out, "%d", (int)(int32_t)cell);
    }
}

void dl_dump_relation(const DlDatabase *database, DlRelationId relation, Buffer *out)
{
    const DlRelation *declared = dl_relation(database->program, relation);
    uint32_t count = dl_row_count(database, relation);
    const uint32_t *rows = dl_sorted(out->arena, database, relation);

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *cells = dl_row(database, relation, rows[i]);

        buffer_add(out, declared->name);
        buffer_add_byte(out, '(');
        for (uint32_t j = 0; j < declared->arity; j++) {
            if (j)
                buffer_add(out, TEXT(", "));
            dump_cell(database, relation.index, j, cells[j], out);
        }
        buffer_add(out, TEXT(")\n"));
    }
}
