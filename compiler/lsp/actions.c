#include "lsp/actions.h"

#include "fix/fix.h"
#include "lsp/diagnostics.h"
#include "lsp/suppression.h"

enum { ACTIONS_MAX = 64 };

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

static void add_text_edits(Places *places, const Edit *edits, uint32_t count,
                           JsonOut *json)
{
    json_open_array(json);
    for (uint32_t i = 0; i < count; i++) {
        json_open_object(json);
        json_key(json, "range");
        range_add(places_range(places, edits[i].span), json);
        json_member_text(json, "newText", edits[i].text);
        json_close_object(json);
    }
    json_close_array(json);
}

/* A TextDocumentEdit: made only if the document is still of the version that was read. */
static void add_document_edit(Places *places, const Edit *edits, uint32_t count,
                              JsonOut *json)
{
    const Sources *sources = places->session->analysis->report->sources;
    uint32_t file = edits[0].span.file;
    const Document *open =
        documents_find(&places->session->documents, source_path(sources, file));

    json_open_object(json);
    json_key(json, "textDocument");
    json_open_object(json);
    json_member_text(json, "uri", places_uri(places, file));
    json_key(json, "version");
    json_verbatim(json, open && open->version.len ? open->version : TEXT("null"));
    json_close_object(json);
    json_key(json, "edits");
    add_text_edits(places, edits, count, json);
    json_close_object(json);
}

static uint32_t of_one_file(const Edit *edits, uint32_t count)
{
    uint32_t same = 1;

    while (same < count && edits[same].span.file == edits[0].span.file)
        same++;
    return same;
}

/* A WorkspaceEdit; the edits of a file follow each other. */
static void add_edit(Places *places, const Edit *edits, uint32_t count, JsonOut *json)
{
    bool has_versions = places->session->has_document_changes;
    uint32_t same;

    json_open_object(json);
    json_key(json, has_versions ? "documentChanges" : "changes");
    (has_versions ? json_open_array : json_open_object)(json);
    for (uint32_t i = 0; i < count; i += same) {
        same = of_one_file(edits + i, count - i);
        if (has_versions) {
            add_document_edit(places, edits + i, same, json);
            continue;
        }
        Text uri = places_uri(places, edits[i].span.file);
        json_key(json, arena_copy(places->arena, uri).at);
        add_text_edits(places, edits + i, same, json);
    }
    (has_versions ? json_close_array : json_close_object)(json);
    json_close_object(json);
}

static void add_action(Places *places, const Finding *finding, Text title,
                       bool is_preferred, const Edit *edits, uint32_t count,
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
    add_edit(places, edits, count, json);
    json_close_object(json);
}

/* No answer holds a secret, not even to move it. */
static bool touches_secret(const Report *report, const Fix *fix)
{
    for (uint32_t i = 0; i < fix->nedits; i++) {
        if (span_has_secret(report->sources, fix->edits[i].span))
            return true;
    }
    return false;
}

static bool add_fix(Places *places, const Report *report, Fixer *fixer,
                    const Finding *finding, JsonOut *json)
{
    const Fix *fix = finding_fix(fixer, finding);

    if (!fix || fix->nedits == 0 || touches_secret(report, fix))
        return false;
    /* It begins with the option that makes it, which is none of an editor's. */
    Text says = text_from(fix->says, text_find_byte(fix->says, ' ') + 1);
    add_action(places, finding,
               arena_format(report->arena, "Fix %.*s: %.*s",
                            TEXT_ARG(finding->rule->id), TEXT_ARG(says)),
               fix->is_safe, fix->edits, fix->nedits, json);
    return true;
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
    Edit edit = {{span.file, insertion.at, insertion.at}, insertion.text};
    add_action(places, finding,
               arena_format(report->arena, "Keep it: ignore %.*s, with a reason",
                            TEXT_ARG(finding->rule->id)),
               false, &edit, 1, json);
    return true;
}

void actions_add(Places *places, const Report *report, Text path, Range range,
                 JsonOut *json)
{
    Fixer *fixer = places->session->analysis->is_judged ? fixer_new(report) : NULL;
    uint32_t count = 0;

    json_open_array(json);
    for (uint32_t i = 0; i < report->count && count < ACTIONS_MAX; i++) {
        const Finding *finding = &report->findings[i];

        if (!places_touch(places, finding->span, path, range))
            continue;
        if (fixer)
            count += add_fix(places, report, fixer, finding, json);
        count += add_suppression(places, report, finding, json);
    }
    json_close_array(json);
}
