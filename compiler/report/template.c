#include "report/cells.h"

#include <inttypes.h>

bool cell_is_site(const DlAttribute *attribute)
{
    return text_equal(attribute->type, TEXT("Site"));
}

static Text site_text(const Report *report, uint32_t cell)
{
    Buffer text = {.arena = report->arena};
    Span span = site_span(report->sources, (Site){cell});

    if (span.file == 0)
        return TEXT("nowhere");
    buffer_add(&text, source_path(report->sources, span.file));
    buffer_format(&text, ":%" PRIu32,
                  source_place(report->sources, span.file, span.start).line);
    return buffer_text(&text);
}

Text cell_text(const Report *report, const DlAttribute *attribute, uint32_t cell)
{
    if (cell_is_site(attribute))
        return site_text(report, cell);
    if (attribute->base == DL_SYMBOL)
        return symbol_text(report->symbols, (Symbol){cell});
    return arena_format(report->arena, "%" PRId32, (int32_t)cell);
}

Span cells_span(const Report *report, const DlRelation *relation, const uint32_t *row)
{
    for (uint32_t i = 0; i < relation->arity; i++) {
        if (cell_is_site(&relation->attributes[i]))
            return site_span(report->sources, (Site){row[i]});
    }
    return (Span){0};
}

static int number_compare(int64_t left, int64_t right)
{
    return (left > right) - (left < right);
}

int place_compare(const Report *report, Span left, Span right)
{
    if (left.file != right.file) {
        Text left_path = left.file ? source_path(report->sources, left.file) : TEXT("");
        Text right_path =
            right.file ? source_path(report->sources, right.file) : TEXT("");
        int order = text_compare(left_path, right_path);

        return order ? order : number_compare(left.file, right.file);
    }
    if (left.start != right.start)
        return number_compare(left.start, right.start);
    return number_compare(left.end, right.end);
}

static int cell_compare(const Report *report, const DlAttribute *attribute,
                        uint32_t left, uint32_t right)
{
    if (left == right)
        return 0;
    if (cell_is_site(attribute))
        return place_compare(report, site_span(report->sources, (Site){left}),
                             site_span(report->sources, (Site){right}));
    if (attribute->base == DL_SYMBOL)
        return text_compare(symbol_text(report->symbols, (Symbol){left}),
                            symbol_text(report->symbols, (Symbol){right}));
    return number_compare((int32_t)left, (int32_t)right);
}

int cells_compare(const Report *report, const DlRelation *relation,
                  const uint32_t *left, const uint32_t *right)
{
    for (uint32_t i = 0; i < relation->arity; i++) {
        int order = cell_compare(report, &relation->attributes[i], left[i], right[i]);

        if (order)
            return order;
    }
    return 0;
}

static void add_value(const Report *report, Buffer *out, const DlAttribute *attribute,
                      uint32_t cell, bool is_any)
{
    if (is_any) {
        buffer_add(out, TEXT("any "));
        buffer_add(out, attribute->name);
    } else {
        buffer_add(out, cell_text(report, attribute, cell));
    }
}

static uint32_t find_attribute(const DlRelation *relation, Text name)
{
    uint32_t i = 0;

    while (i < relation->arity && !text_equal(relation->attributes[i].name, name))
        i++;
    return i;
}

Text template_fill(const Report *report, Text template, DlRelationId id,
                   const uint32_t *row, const bool *any)
{
    const DlRelation *relation = dl_relation(report->program, id);
    Buffer out = {.arena = report->arena};

    while (template.len) {
        size_t open = text_find_byte(template, '{');

        buffer_add(&out, text_slice(template, 0, open));
        template = text_from(template, open);
        size_t close = text_find_byte(template, '}');
        if (close == template.len) {
            buffer_add(&out, template);
            break;
        }
        uint32_t i = find_attribute(relation, text_slice(template, 1, close));
        if (i < relation->arity) {
            add_value(report, &out, &relation->attributes[i], row[i], any && any[i]);
            template = text_from(template, close + 1);
        } else { /* not an attribute: the brace stands for itself */
            buffer_add_byte(&out, '{');
            template = text_from(template, 1);
        }
    }
    return buffer_text(&out);
}
