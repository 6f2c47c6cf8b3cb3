#include "lsp/actions.h"

#include "lsp/diagnostics.h"
#include "lsp/suppression.h"

enum { ACTIONS_MAX = 64 };

/* What stands elsewhere in a file, and what shall stand there. */
typedef struct Change {
    Span span;
    Text text;
} Change;

/* Kinds are names with dots; one stands for all below it. */
bool actions_are_wanted(const Message *message, NodeId only)
{
    const Text kind = TEXT("quickfix");

    if (tree_kind(message->tree, only) != NODE_ARRAY)
        return true;
    for (NodeId at = tree_first(message->tree, only); at.index;
         at = tree_next(message->tree, at)) {
        Text wanted = tree_string(message->tree, at);

        if (tree_is_string(message->tree, at) &&
            (wanted.len == 0 || text_equal(wanted, kind)))
            return true;
    }
    return false;
}

static void add_text_edits(Places *places, const Change *changes, uint32_t count,
                           JsonOut *json)
{
    json_open_array(json);
    for (uint32_t i = 0; i < count; i++) {
        json_open_object(json);
        json_key(json, "range");
        range_add(places_range(places, changes[i].span), json);
        json_member_text(json, "newText", changes[i].text);
        json_close_object(json);
    }
    json_close_array(json);
}

/* A TextDocumentEdit: made only if the document is still of the version that was read. */
static void add_document_edit(Places *places, const Change *changes, uint32_t count,
                              JsonOut *json)
{
    const Sources *sources = places->session->analysis->report->sources;
    uint32_t file = changes[0].span.file;
    const Document *open =
        documents_find(&places->session->documents, source_path(sources, file));

    json_open_object(json);
    json_key(json, "textDocument");
    json_open_object(json);
    json_member_text(json, "uri", places_uri(places, file));
    json_key(json, "version");
    json_raw(json, open && open->version.len ? open->version : TEXT("null"));
    json_close_object(json);
    json_key(json, "edits");
    add_text_edits(places, changes, count, json);
    json_close_object(json);
}

static uint32_t of_one_file(const Change *changes, uint32_t count)
{
    uint32_t same = 1;

    while (same < count && changes[same].span.file == changes[0].span.file)
        same++;
    return same;
}

/* A WorkspaceEdit; the changes of a file follow each other. */
static void add_edit(Places *places, const Change *changes, uint32_t count,
                     JsonOut *json)
{
    bool has_versions = places->session->has_document_changes;
    uint32_t same;

    json_open_object(json);
    json_key(json, has_versions ? "documentChanges" : "changes");
    (has_versions ? json_open_array : json_open_object)(json);
    for (uint32_t i = 0; i < count; i += same) {
        same = of_one_file(changes + i, count - i);
        if (has_versions) {
            add_document_edit(places, changes + i, same, json);
            continue;
        }
        Text uri = places_uri(places, changes[i].span.file);
        json_key(json, arena_copy(places->arena, uri).at);
        add_text_edits(places, changes + i, same, json);
    }
    (has_versions ? json_close_array : json_close_object)(json);
    json_close_object(json);
}

static void add_action(Places *places, const Finding *finding, Text title,
                       bool is_preferred, const Change *changes, uint32_t count,
                       JsonOut *json)
{
    json_open_object(json);
    json_member_text(json, "title", title);
    json_member_text(json, "kind", TEXT("quickfix"));
    json_key(json, "diagnostics");
    json_open_array(json);
    diagnostic_add(places, finding, json);
    json_close_array(json);
    if (is_preferred)
        json_member_bool(json, "isPreferred", true);
    json_key(json, "edit");
    add_edit(places, changes, count, json);
    json_close_object(json);
}

static bool add_suppression(Places *places, const Report *report,
                            const Finding *finding, JsonOut *json)
{
    Span span = finding->span;
    Insertion insertion;

    if (!suppression_find(report->arena, source_path(report->sources, span.file),
                          source_bytes(report->sources, span.file), finding->rule->id,
                          span.start, &insertion))
        return false;
    Change change = {{span.file, insertion.at, insertion.at}, insertion.text};
    add_action(places, finding,
               arena_format(report->arena, "Keep it: ignore %.*s, with a reason",
                            TEXT_ARG(finding->rule->id)),
               false, &change, 1, json);
    return true;
}

void actions_add(Places *places, const Report *report, Text path, Range range,
                 JsonOut *json)
{
    uint32_t count = 0;

    json_open_array(json);
    for (uint32_t i = 0; i < report->count && count < ACTIONS_MAX; i++) {
        const Finding *finding = &report->findings[i];

        if (places_touch(places, finding->span, path, range))
            count += add_suppression(places, report, finding, json);
    }
    json_close_array(json);
}
