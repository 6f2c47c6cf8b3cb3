#include "report/refs.h"

#include <stdlib.h>

#include "report/cells.h"
#include "report/way.h"

enum {
    TEXT_MAX = 1024 /* bytes of a reference as written */
};

/* The cells of the input relations, as compiler/facts/relations.def lists them. */
enum { CONFIGURATION_AT, CONFIGURATION_CONFIG, CONFIGURATION_REPO, CONFIGURATION_PATH };
enum { REF_AT, REF_CONFIG, REF_REF, REF_KIND, REF_REACH, REF_PHASE };
enum { NAME_REF, NAME_HOST, NAME_PATH, NAME_NAMESPACE, NAME_TAG, NAME_DIGEST };
enum { HOLE_AT, HOLE_CONFIG, HOLE_KIND, HOLE_TEXT, HOLE_HOLE };
enum { NOTE_AT, NOTE_CONFIG, NOTE_REF, NOTE_KIND, NOTE_REACH, NOTE_NOTE };
enum { OPAQUE_AT, OPAQUE_CONFIG, OPAQUE_KIND, OPAQUE_WHAT };
enum { AUTH_KIND, AUTH_AUTH };

/* --- tables --- */

typedef struct Table {
    const Report *report;
    DlRelationId relation;
    uint32_t count; /* 0 when the program has no such relation */
} Table;

static Table table_find(const Report *report, const char *name, uint32_t arity)
{
    Table table = {.report = report};

    table.relation = dl_relation_find(report->program, text_of(name));
    if (table.relation.index != DL_NO_RELATION && report->database &&
        dl_relation(report->program, table.relation)->arity == arity)
        table.count = dl_row_count(report->database, table.relation);
    return table;
}

static const uint32_t *table_row(const Table *table, uint32_t row)
{
    return dl_row(table->report->database, table->relation, row);
}

static Text symbol_of(const Report *report, uint32_t cell)
{
    return symbol_text(report->symbols, (Symbol){cell});
}

static Span span_of(const Report *report, uint32_t cell)
{
    return site_span(report->sources, (Site){cell});
}

/* What is said of a reference. */
typedef struct Note {
    const uint32_t *key; /* a row's cells from NOTE_AT to NOTE_REACH */
    Text text;
} Note;

typedef struct Collector {
    const Report *report;
    RefList list;
    Text repository, configuration; /* the only ones wanted */
    uint32_t *by_config;            /* configuration + 1 by symbol; 0: none */
    uint32_t *by_ref;               /* row of reference_name + 1 by symbol */
    const Ways *ways;
    Note *notes; /* by their references */
    uint32_t nnotes;
    Table auth;
} Collector;

/* --- notes --- */

static int note_key_compare(const uint32_t *left, const uint32_t *right)
{
    for (int i = NOTE_AT; i < NOTE_NOTE; i++) {
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    }
    return 0;
}

static int note_compare(const void *left, const void *right)
{
    const Note *one = left, *other = right;
    int order = note_key_compare(one->key, other->key);

    return order ? order : text_compare(one->text, other->text);
}

static void index_notes(Collector *collector)
{
    const Report *report = collector->report;
    Table table = table_find(report, "reference_note", NOTE_NOTE + 1);

    collector->notes = ARENA_ARRAY(report->arena, table.count, Note);
    collector->nnotes = table.count;
    for (uint32_t i = 0; i < table.count; i++) {
        const uint32_t *row = table_row(&table, i);

        collector->notes[i] = (Note){row, symbol_of(report, row[NOTE_NOTE])};
    }
    qsort(collector->notes, table.count, sizeof(Note), note_compare);
}

/* The first note of a row of `reference`, which has the same cells in front. */
static Text find_note(const Collector *collector, const uint32_t *row)
{
    uint32_t low = 0, high = collector->nnotes;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (note_key_compare(collector->notes[middle].key, row) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == collector->nnotes ||
        note_key_compare(collector->notes[low].key, row) != 0)
        return TEXT("");
    return collector->notes[low].text;
}

/* --- configurations --- */

typedef struct Wanted {
    const Report *report;
    RefConfiguration configuration;
    uint32_t config;
} Wanted;

static int wanted_compare(const void *left, const void *right)
{
    const Wanted *one = left, *other = right;
    int order =
        text_compare(one->configuration.repository, other->configuration.repository);

    if (order == 0)
        order = text_compare(one->configuration.path, other->configuration.path);
    if (order == 0)
        order = place_compare(one->report, one->configuration.span,
                              other->configuration.span);
    return order;
}

static bool is_wanted(const Collector *collector, const Wanted *wanted)
{
    const RefConfiguration *configuration = &wanted->configuration;
    Text config = symbol_of(collector->report, wanted->config);

    if (collector->repository.len &&
        !text_equal_ignoring_case(collector->repository, configuration->repository))
        return false;
    return collector->configuration.len == 0 ||
           text_equal(collector->configuration, configuration->path) ||
           text_equal(collector->configuration, config);
}

static void collect_configurations(Collector *collector)
{
    const Report *report = collector->report;
    Table table = table_find(report, "configuration", CONFIGURATION_PATH + 1);
    Wanted *wanted = ARENA_ARRAY(report->arena, table.count, Wanted);
    RefList *list = &collector->list;
    uint32_t count = 0;

    for (uint32_t i = 0; i < table.count; i++) {
        const uint32_t *row = table_row(&table, i);

        wanted[count] = (Wanted){.report = report, .config = row[CONFIGURATION_CONFIG]};
        wanted[count].configuration =
            (RefConfiguration){.repository = symbol_of(report, row[CONFIGURATION_REPO]),
                               .path = symbol_of(report, row[CONFIGURATION_PATH]),
                               .span = span_of(report, row[CONFIGURATION_AT])};
        count += is_wanted(collector, &wanted[count]);
    }
    qsort(wanted, count, sizeof(Wanted), wanted_compare);
    list->configurations = ARENA_ARRAY(report->arena, count, RefConfiguration);
    list->nconfigurations = count;
    for (uint32_t i = 0; i < count; i++) {
        list->configurations[i] = wanted[i].configuration;
        collector->by_config[wanted[i].config] = i + 1;
    }
}

/* --- references --- */

/* What the file says there: one line, without its quotes; else nothing. */
static Text written(const Report *report, Span span)
{
    Buffer shown = {.arena = report->arena};

    if (span.file == 0 || span.end - span.start > TEXT_MAX)
        return TEXT("");
    source_add_shown(report->sources, &shown, span);
    Text text = buffer_text(&shown);
    if (text_find_byte(text, '\n') < text.len)
        return TEXT("");
    if (text.len >= 2 && (text.at[0] == '"' || text.at[0] == '\'') &&
        text.at[text.len - 1] == text.at[0])
        return text_slice(text, 1, text.len - 1);
    return text;
}

static Text auth_of(const Collector *collector, uint32_t kind)
{
    for (uint32_t i = 0; i < collector->auth.count; i++) {
        const uint32_t *row = table_row(&collector->auth, i);

        if (row[AUTH_KIND] == kind)
            return symbol_of(collector->report, row[AUTH_AUTH]);
    }
    return TEXT("");
}

/* NULL when its configuration is not wanted. */
static RefItem *item_add(Collector *collector, uint32_t config, uint32_t at,
                         uint32_t kind)
{
    const Report *report = collector->report;
    RefList *list = &collector->list;

    if (collector->by_config[config] == 0)
        return NULL;
    ARRAY_GROW(report->arena, list->items, list->count, list->capacity);
    RefItem *item = &list->items[list->count++];

    *item = (RefItem){.configuration = collector->by_config[config] - 1,
                      .kind = symbol_of(report, kind),
                      .auth = auth_of(collector, kind),
                      .span = span_of(report, at)};
    Span *via;
    item->nvia = way_find(collector->ways, config, at, &via);
    item->via = via;
    return item;
}

static void collect_references(Collector *collector)
{
    const Report *report = collector->report;
    Table table = table_find(report, "reference", REF_PHASE + 1);
    Table names = table_find(report, "reference_name", NAME_DIGEST + 1);

    for (uint32_t i = 0; i < names.count; i++)
        collector->by_ref[table_row(&names, i)[NAME_REF]] = i + 1;
    for (uint32_t i = 0; i < table.count; i++) {
        const uint32_t *row = table_row(&table, i);
        RefItem *item =
            item_add(collector, row[REF_CONFIG], row[REF_AT], row[REF_KIND]);
        if (!item)
            continue;
        item->reference = symbol_of(report, row[REF_REF]);
        item->reach = symbol_of(report, row[REF_REACH]);
        item->phase = symbol_of(report, row[REF_PHASE]);
        item->note = find_note(collector, row);
        item->text = written(report, item->span);
        if (item->text.len == 0)
            item->text = item->reference;
        if (collector->by_ref[row[REF_REF]] == 0)
            continue;
        const uint32_t *name = table_row(&names, collector->by_ref[row[REF_REF]] - 1);
        item->registry = symbol_of(report, name[NAME_HOST]);
        item->path = symbol_of(report, name[NAME_PATH]);
        item->tag = symbol_of(report, name[NAME_TAG]);
        item->digest = symbol_of(report, name[NAME_DIGEST]);
    }
}

static Text depends_on(const Report *report, uint32_t hole)
{
    Buffer note = {.arena = report->arena};

    buffer_add(&note, TEXT("depends on "));
    buffer_add(&note, symbol_of(report, hole));
    return buffer_text(&note);
}

static void collect_unresolved(Collector *collector)
{
    const Report *report = collector->report;
    Table table = table_find(report, "unresolved_reference", HOLE_HOLE + 1);

    for (uint32_t i = 0; i < table.count; i++) {
        const uint32_t *row = table_row(&table, i);
        RefItem *item =
            item_add(collector, row[HOLE_CONFIG], row[HOLE_AT], row[HOLE_KIND]);

        if (item) {
            item->reach = TEXT("unresolved");
            item->text = symbol_of(report, row[HOLE_TEXT]);
            item->note = depends_on(report, row[HOLE_HOLE]);
        }
    }
}

static void collect_opaque(Collector *collector)
{
    const Report *report = collector->report;
    Table table = table_find(report, "opaque", OPAQUE_WHAT + 1);

    for (uint32_t i = 0; i < table.count; i++) {
        const uint32_t *row = table_row(&table, i);
        RefItem *item =
            item_add(collector, row[OPAQUE_CONFIG], row[OPAQUE_AT], row[OPAQUE_KIND]);

        if (item) {
            item->reach = TEXT("opaque");
            item->text = written(report, item->span);
            item->note = symbol_of(report, row[OPAQUE_WHAT]);
        }
    }
}

/* --- their order --- */

typedef struct Sorted {
    const Report *report;
    RefItem item;
} Sorted;

static int sorted_compare(const void *left, const void *right)
{
    const Sorted *one = left, *other = right;
    const RefItem *item = &one->item, *next = &other->item;

    if (item->configuration != next->configuration)
        return item->configuration < next->configuration ? -1 : 1;
    int order = place_compare(one->report, item->span, next->span);
    if (order == 0)
        order = text_compare(item->kind, next->kind);
    if (order == 0)
        order = text_compare(item->reference, next->reference);
    if (order == 0)
        order = text_compare(item->text, next->text);
    if (order == 0)
        order = text_compare(item->phase, next->phase);
    if (order == 0)
        order = text_compare(item->reach, next->reach);
    return order ? order : text_compare(item->note, next->note);
}

static void sort_items(Collector *collector)
{
    RefList *list = &collector->list;
    Sorted *sorted = ARENA_ARRAY(collector->report->arena, list->count, Sorted);

    for (uint32_t i = 0; i < list->count; i++)
        sorted[i] = (Sorted){collector->report, list->items[i]};
    qsort(sorted, list->count, sizeof(Sorted), sorted_compare);
    for (uint32_t i = 0; i < list->count; i++) {
        RefConfiguration *configuration =
            &list->configurations[sorted[i].item.configuration];

        list->items[i] = sorted[i].item;
        if (configuration->count++ == 0)
            configuration->first = i;
    }
}

RefList refs_collect(const Report *report, Text repository, Text configuration)
{
    uint32_t nsymbols = symbols_count(report->symbols);
    Collector collector = {.report = report,
                           .repository = repository,
                           .configuration = configuration,
                           .by_config = ARENA_ARRAY(report->arena, nsymbols, uint32_t),
                           .by_ref = ARENA_ARRAY(report->arena, nsymbols, uint32_t)};

    collector.auth = table_find(report, "reference_auth", AUTH_AUTH + 1);
    collector.ways = ways_new(report);
    index_notes(&collector);
    collect_configurations(&collector);
    collect_references(&collector);
    collect_unresolved(&collector);
    collect_opaque(&collector);
    sort_items(&collector);
    return collector.list;
}
