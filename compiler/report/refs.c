#include "report/refs.h"

#include <inttypes.h>

#include "report/shown.h"
#include "report/text.h"

/* --- text --- */

typedef struct Widths {
    uint32_t kind, reach, phase, name;
} Widths;

static Text name_of(const RefItem *item)
{
    return item->reference.len ? item->reference : item->text;
}

static Text or_dash(Text text)
{
    return text.len ? text : TEXT("-");
}

static void widen(const Report *report, uint32_t *width, Text text)
{
    uint32_t columns = shown_width(report->arena, or_dash(text));

    *width = columns > *width ? columns : *width;
}

static Widths widths_of(const Report *report, const RefList *list)
{
    Widths widths = {0};

    for (uint32_t i = 0; i < list->count; i++) {
        const RefItem *item = &list->items[i];

        widen(report, &widths.kind, item->kind);
        widen(report, &widths.reach, item->reach);
        widen(report, &widths.phase, item->phase);
        widen(report, &widths.name, name_of(item));
    }
    return widths;
}

static void add_column(Text text, uint32_t width, Buffer *out)
{
    uint32_t columns = shown_add(out, or_dash(text), 0);

    buffer_add_times(out, ' ', width - columns + 2);
}

static void add_line_of(const Report *report, Span span, Buffer *out)
{
    shown_add(out, source_path(report->sources, span.file), 0);
    buffer_format(out, ":%" PRIu32,
                  source_place(report->sources, span.file, span.start).line);
}

static void add_item(const Report *report, const RefItem *item, const Widths *widths,
                     Buffer *out)
{
    buffer_add_times(out, ' ', 2);
    add_column(item->kind, widths->kind, out);
    add_column(item->reach, widths->reach, out);
    add_column(item->phase, widths->phase, out);
    add_column(name_of(item), widths->name, out);
    for (uint32_t i = 0; i < item->nvia; i++) {
        if (item->via[i].file == 0)
            continue;
        add_line_of(report, item->via[i], out);
        buffer_add(out, TEXT(" -> "));
    }
    if (item->span.file)
        place_add(report, item->span, out);
    else
        buffer_add(out, TEXT("(no file)"));
    if (item->note.len) {
        buffer_add(out, TEXT("  ("));
        shown_add(out, item->note, 0);
        buffer_add_byte(out, ')');
    }
    buffer_add_byte(out, '\n');
}

void refs_text(const Report *report, Text repository, Text configuration, Buffer *out)
{
    RefList list = refs_collect(report, repository, configuration);
    Widths widths = widths_of(report, &list);

    for (uint32_t i = 0; i < list.nconfigurations; i++) {
        const RefConfiguration *group = &list.configurations[i];
        Buffer head = {.arena = report->arena};

        if (i)
            buffer_add_byte(out, '\n');
        buffer_add(&head, group->repository);
        if (group->repository.len)
            buffer_add(&head, TEXT(": "));
        buffer_add(&head, group->path);
        ink_add(report, INK_BOLD, buffer_text(&head), out);
        buffer_add_byte(out, '\n');
        if (group->count == 0)
            buffer_add(out, TEXT("  no references\n"));
        for (uint32_t j = 0; j < group->count; j++)
            add_item(report, &list.items[group->first + j], &widths, out);
    }
    if (list.nconfigurations == 0 && report->database)
        buffer_add(out, TEXT("no configuration was found\n"));
}

/* --- JSON --- */

static void add_or_null(JsonOut *json, const char *key, Text value)
{
    json_key(json, key);
    if (value.len)
        json_text(json, value);
    else
        json_null(json);
}

static void add_name(const RefItem *item, JsonOut *json)
{
    add_or_null(json, "registry", item->registry);
    add_or_null(json, "path", item->path);
    add_or_null(json, "tag", item->tag);
    add_or_null(json, "digest", item->digest);
    add_or_null(json, "auth", item->auth);
}

static void add_via(const Report *report, const RefItem *item, JsonOut *json)
{
    json_key(json, "via");
    json_open_array(json);
    for (uint32_t i = 0; i < item->nvia; i++) {
        json_open_object(json);
        json_key(json, "location");
        json_add_location(report, item->via[i], json);
        json_close_object(json);
    }
    json_close_array(json);
}

void refs_json(const Report *report, Text repository, Text configuration, Buffer *out)
{
    RefList list = refs_collect(report, repository, configuration);
    JsonOut json = {.out = out};

    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_key(&json, "references");
    json_open_array(&json);
    for (uint32_t i = 0; i < list.count; i++) {
        const RefItem *item = &list.items[i];
        const RefConfiguration *group = &list.configurations[item->configuration];

        json_open_object(&json);
        if (item->reference.len)
            json_member_text(&json, "reference", item->reference);
        json_member_text(&json, "text", item->text);
        json_member_text(&json, "kind", item->kind);
        json_member_text(&json, "reach", item->reach);
        add_or_null(&json, "phase", item->phase);
        add_name(item, &json);
        add_or_null(&json, "repository", group->repository);
        json_member_text(&json, "configuration", group->path);
        json_key(&json, "location");
        json_add_location(report, item->span, &json);
        add_via(report, item, &json);
        if (item->note.len)
            json_member_text(&json, "note", item->note);
        json_close_object(&json);
    }
    json_close_array(&json);
    json_close_object(&json);
}
