#include "lsp/diagnostics.h"

#include <stdlib.h>

enum { PUBLICATION_MEMORY_MAX = 1 << 30 };

typedef struct Published {
    Text path, uri, json;
    uint32_t changes; /* of the document, when it was told; 0: it was not open */
} Published;

/* A finding, or what a reader of policy said. */
typedef struct Item {
    Text path;
    const Finding *finding;
    const Diag *diag;
    uint32_t order;
} Item;

typedef struct Publishing {
    Session *session;
    const Publication *before;
    Publication *now;
    Places places;
    Item *items;
    uint32_t count;
} Publishing;

/* --- one diagnostic --- */

static void add_head(Places *places, Span span, Severity severity, Text message,
                     JsonOut *json)
{
    enum { LSP_ERROR = 1, LSP_WARNING, LSP_INFORMATION };
    static const int severities[] = {[SEVERITY_INFO] = LSP_INFORMATION,
                                     [SEVERITY_WARNING] = LSP_WARNING,
                                     [SEVERITY_ERROR] = LSP_ERROR};

    json_open_object(json);
    json_key(json, "range");
    range_add(places_range(places, span), json);
    json_member_number(json, "severity", severities[severity]);
    json_member_text(json, "source", TEXT("berth"));
    json_member_text(json, "message", message);
}

static void add_related(Places *places, Span span, Text message, JsonOut *json)
{
    if (span.file == 0)
        return;
    json_open_object(json);
    json_key(json, "location");
    location_add(places, span, json);
    json_member_text(json, "message", message);
    json_close_object(json);
}

static bool is_link(Text text)
{
    return text_starts_with(text, TEXT("https://")) ||
           text_starts_with(text, TEXT("http://"));
}

void diagnostic_add(Places *places, const Finding *finding, JsonOut *json)
{
    const Rule *rule = finding->rule;

    add_head(places, finding->span, rule->severity, finding->message, json);
    json_member_text(json, "code", rule->id);
    if (is_link(rule->documentation)) {
        json_key(json, "codeDescription");
        json_open_object(json);
        json_member_text(json, "href", rule->documentation);
        json_close_object(json);
    }
    if (places->session->has_related && finding->nrelated) {
        json_key(json, "relatedInformation");
        json_open_array(json);
        for (uint32_t i = 0; i < finding->nrelated; i++)
            add_related(places, finding->related[i].span, finding->related[i].message,
                        json);
        json_close_array(json);
    }
    json_member_text(json, "data", finding->fingerprint);
    json_close_object(json);
}

static void add_policy_error(Places *places, const Diag *diag, JsonOut *json)
{
    add_head(places, diag->span, SEVERITY_ERROR, diag->message, json);
    if (places->session->has_related && diag->related.file) {
        json_key(json, "relatedInformation");
        json_open_array(json);
        add_related(places, diag->related, diag->related_says, json);
        json_close_array(json);
    }
    json_close_object(json);
}

/* --- all of them --- */

static int by_path(const void *left, const void *right)
{
    const Item *a = left, *b = right;
    int order = text_compare(a->path, b->path);

    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static void add_item(Publishing *publishing, Span span, const Finding *finding,
                     const Diag *diag)
{
    const Sources *sources = publishing->session->analysis->report->sources;

    if (span.file == 0 ||
        !places_is(&publishing->places, span.file, source_path(sources, span.file)))
        return;
    publishing->items[publishing->count] =
        (Item){source_path(sources, span.file), finding, diag, publishing->count};
    publishing->count++;
}

static void collect(Publishing *publishing)
{
    const Analysis *analysis = publishing->session->analysis;
    const Report *report = analysis->report;

    publishing->items = ARENA_ARRAY(publishing->now->arena,
                                    report->count + analysis->diags->count, Item);
    for (uint32_t i = 0; i < analysis->diags->count; i++) {
        const Diag *diag = &analysis->diags->items[i];

        if (diag->rule[0] == '\0')
            add_item(publishing, diag->span, NULL, diag);
    }
    for (uint32_t i = 0; i < report->count; i++)
        add_item(publishing, report->findings[i].span, &report->findings[i], NULL);
    qsort(publishing->items, publishing->count, sizeof(Item), by_path);
}

static void keep(Publishing *publishing, Text path, Text json)
{
    Publication *now = publishing->now;
    Session *session = publishing->session;
    const Document *document = documents_find(&session->documents, path);

    ARRAY_GROW(now->arena, now->items, now->count, now->capacity);
    now->items[now->count++] =
        (Published){arena_copy(now->arena, path),
                    arena_copy(now->arena, session_uri(session, now->arena, path)),
                    json, document ? document->changes : 0};
}

/* The diagnostics of each file, as JSON. */
static void render(Publishing *publishing)
{
    for (uint32_t i = 0; i < publishing->count;) {
        Text path = publishing->items[i].path;
        Buffer out = {.arena = publishing->now->arena};
        JsonOut json = {.out = &out, .compact = true};

        json_open_array(&json);
        for (; i < publishing->count && text_equal(publishing->items[i].path, path);
             i++) {
            const Item *item = &publishing->items[i];

            if (item->finding)
                diagnostic_add(&publishing->places, item->finding, &json);
            else
                add_policy_error(&publishing->places, item->diag, &json);
        }
        json_close_array(&json);
        keep(publishing, path, buffer_text(&out));
    }
}

static void send(Publishing *publishing, const Published *file, Text diagnostics)
{
    Session *session = publishing->session;
    const Document *document = documents_find(&session->documents, file->path);
    Buffer out = {.arena = publishing->now->arena};
    JsonOut json = message_notification(&out, "textDocument/publishDiagnostics");

    json_open_object(&json);
    json_member_text(&json, "uri", file->uri);
    if (session->has_versions && document && document->version.len) {
        json_key(&json, "version");
        json_verbatim(&json, document->version);
    }
    json_key(&json, "diagnostics");
    json_verbatim(&json, diagnostics);
    json_close_object(&json);
    message_close(&json);
    session_send(session, publishing->now->arena, buffer_text(&out));
}

/* Both lists are by path. What moved in the editor while the text changed is told again,
 * changed or not. */
static void send_changes(Publishing *publishing)
{
    const Publication *before = publishing->before, *now = publishing->now;
    uint32_t i = 0, j = 0;

    while (i < before->count || j < now->count) {
        const Published *old = i < before->count ? &before->items[i] : NULL;
        const Published *new = j < now->count ? &now->items[j] : NULL;
        int order = !old ? 1 : !new ? -1 : text_compare(old->path, new->path);

        if (order < 0 || (order == 0 && !text_equal(old->uri, new->uri)))
            send(publishing, old, TEXT("[]"));
        if (order > 0 || (order == 0 && (!text_equal(old->json, new->json) ||
                                         !text_equal(old->uri, new->uri) ||
                                         old->changes != new->changes)))
            send(publishing, new, new->json);
        i += order <= 0;
        j += order >= 0;
    }
}

static void publish(void *context)
{
    Publishing *publishing = context;

    if (publishing->session->analysis->report) {
        publishing->places = places_new(publishing->session, publishing->now->arena);
        collect(publishing);
        render(publishing);
    }
    send_changes(publishing);
}

bool diagnostics_publish(Session *session, Publication *publication)
{
    Publication now = {.arena = arena_new(PUBLICATION_MEMORY_MAX)};
    Publishing publishing = {.session = session, .before = publication, .now = &now};
    bool is_told = now.arena && arena_run(now.arena, publish, &publishing);

    publication_end(publication);
    *publication = now;
    return is_told;
}

void publication_end(Publication *publication)
{
    arena_free(publication->arena);
    *publication = (Publication){0};
}
