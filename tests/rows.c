#include "rows.h"

static void add_place(Buffer *out, Sources *sources, Span span)
{
    if (span.file == 0) {
        buffer_add_byte(out, '-');
        return;
    }
    Place place = source_place(sources, span.file, span.start);

    buffer_format(out, "%u:%u", place.line, place.column);
}

/* column = name ": " type */
static void add_cell(Buffer *out, const Facts *facts, Text column, uint32_t cell)
{
    if (text_ends_with(column, TEXT(": Site")))
        add_place(out, facts->sources, site_span(facts->sources, (Site){cell}));
    else if (text_ends_with(column, TEXT(": number")))
        buffer_format(out, "%u", cell);
    else
        buffer_add(out, symbol_text(facts->symbols, (Symbol){cell}));
}

static void add_row(Buffer *out, const Facts *facts, RelationId relation,
                    const uint32_t *cells)
{
    Text rest = text_of(relations[relation].schema), column;
    uint32_t i = 0;

    buffer_format(out, "%s(", relations[relation].name);
    for (bool done = false; text_next_part(&rest, ',', &column, &done); i++) {
        if (i)
            buffer_add(out, TEXT(", "));
        add_cell(out, facts, column, cells[i]);
    }
    buffer_add(out, TEXT(")\n"));
}

Text rows_text(Facts *facts)
{
    Buffer out = {.arena = facts->arena};

    for (RelationId id = 0; id < REL_COUNT; id++) {
        const Rows *rows = &facts->rows[id];

        for (uint32_t i = 0; i < rows->count; i += rows->arity)
            add_row(&out, facts, id, &rows->cells[i]);
    }
    return buffer_text(&out);
}

Text diags_text(const Facts *facts)
{
    Buffer out = {.arena = facts->arena};

    for (uint32_t i = 0; i < facts->diags->count; i++) {
        const Diag *diag = &facts->diags->items[i];

        buffer_format(&out, "%s ", diag->rule[0] ? diag->rule : "unusable");
        add_place(&out, facts->sources, diag->span);
        buffer_format(&out, " %.*s\n", TEXT_ARG(diag->message));
    }
    return buffer_text(&out);
}
