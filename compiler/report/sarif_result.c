#include "report/sarif.h"

#include <inttypes.h>

#include "base/escape.h"
#include "report/shown.h"

/* --- parts --- */

/* A text as one line that a person may see. */
static Text line_of(const Report *report, Text text)
{
    return shown_text(report->arena, text, SARIF_TEXT);
}

/* In a message "[text](1)" is a link, and a "[" that begins none is escaped; in the text
 * of a link "]" and "\\" are too (SARIF 3.11.6). */
static void add_escaped(Buffer *out, Text text, bool in_link)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];

        if (byte == '[' || (in_link && (byte == ']' || byte == '\\')))
            buffer_add_byte(out, '\\');
        buffer_add_byte(out, byte);
    }
}

void sarif_add_message(const Report *report, Text text, JsonOut *json)
{
    Buffer plain = {.arena = report->arena};

    add_escaped(&plain, line_of(report, text), false);
    json_key(json, "message");
    json_open_object(json);
    json_member_text(json, "text", buffer_text(&plain));
    json_close_object(json);
}

void sarif_add_artifact_location(const Report *report, Text path, JsonOut *json)
{
    Buffer uri = {.arena = report->arena};

    escape_add_uri_path(&uri, path);
    json_open_object(json);
    json_member_text(json, "uri", buffer_text(&uri));
    json_member_text(json, "uriBaseId", TEXT("%SRCROOT%"));
    json_close_object(json);
}

static void add_snippet(const Report *report, Span span, JsonOut *json)
{
    Buffer bytes = {.arena = report->arena};

    if (span.file)
        source_add_shown(report->sources, &bytes, span);
    json_key(json, "snippet");
    json_open_object(json);
    json_member_text(json, "text", line_of(report, buffer_text(&bytes)));
    json_close_object(json);
}

void sarif_add_place(const Report *report, Span span, bool has_snippet, JsonOut *json)
{
    Place start = {1, 1}, end = {1, 1};

    if (span.file) {
        start = source_place_utf16(report->sources, span.file, span.start);
        end = source_place_utf16(report->sources, span.file, span.end);
    }
    json_key(json, "physicalLocation");
    json_open_object(json);
    json_key(json, "artifactLocation");
    sarif_add_artifact_location(report, told_path(report, span), json);
    json_key(json, "region");
    json_open_object(json);
    json_member_number(json, "startLine", start.line);
    json_member_number(json, "startColumn", start.column);
    json_member_number(json, "endLine", end.line);
    json_member_number(json, "endColumn", end.column);
    if (has_snippet)
        add_snippet(report, span, json);
    json_close_object(json);
    json_close_object(json);
}

/* --- related places --- */

typedef struct RelatedList {
    Related items[SARIF_RELATED];
    uint32_t count;
} RelatedList;

static bool related_equal(const Related *left, const Related *right)
{
    return left->span.file == right->span.file &&
           left->span.start == right->span.start && left->span.end == right->span.end &&
           text_equal(left->message, right->message);
}

static void collect_related(const SarifResult *result, RelatedList *list)
{
    for (uint32_t i = 0; i < result->count; i++) {
        const Finding *finding = result->findings[i];

        for (uint32_t j = 0; j < finding->nrelated && list->count < SARIF_RELATED;
             j++) {
            uint32_t at = 0;

            while (at < list->count &&
                   !related_equal(&list->items[at], &finding->related[j]))
                at++;
            if (at == list->count)
                list->items[list->count++] = finding->related[j];
        }
    }
}

static Text says_of(const Related *related)
{
    return related->message.len ? related->message : TEXT("what it rests on");
}

static void add_related(const Report *report, const RelatedList *list, JsonOut *json)
{
    if (list->count == 0)
        return;
    json_key(json, "relatedLocations");
    json_open_array(json);
    for (uint32_t i = 0; i < list->count; i++) {
        json_open_object(json);
        json_member_number(json, "id", i + 1);
        sarif_add_message(report, says_of(&list->items[i]), json);
        sarif_add_place(report, list->items[i].span, false, json);
        json_close_object(json);
    }
    json_close_array(json);
}

/* --- the message --- */

enum { MESSAGES = 10, LINKS = 10 }; /* of one result's text */

/* The different messages of a result, MESSAGES at most. */
static uint32_t distinct_messages(const SarifResult *result, Text *messages)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < result->count && count < MESSAGES; i++) {
        uint32_t at = 0;

        while (at < count && !text_equal(messages[at], result->findings[i]->message))
            at++;
        if (at == count)
            messages[count++] = result->findings[i]->message;
    }
    return count;
}

/* What is wrong first, for it is the alert's title; then what else is wrong on that line,
 * what to do, and links to the related places. */
static void add_text(const Report *report, const SarifResult *result,
                     const RelatedList *related, JsonOut *json)
{
    Buffer text = {.arena = report->arena};
    Text messages[MESSAGES];
    uint32_t count = distinct_messages(result, messages);

    for (uint32_t i = 0; i < count; i++) {
        if (i)
            buffer_add(&text, TEXT("\nAlso: "));
        add_escaped(&text, line_of(report, messages[i]), false);
        buffer_add_byte(&text, '.');
    }
    if (result->count > MESSAGES)
        buffer_format(&text, "\nThe rule has %" PRIu32 " findings on this line.",
                      result->count);
    if (result->findings[0]->help.len) {
        buffer_add_byte(&text, '\n');
        add_escaped(&text, line_of(report, result->findings[0]->help), false);
    }
    for (uint32_t i = 0; i < related->count && i < LINKS; i++) {
        buffer_add(&text, i ? TEXT(", [") : TEXT("\nSee: ["));
        add_escaped(&text, line_of(report, says_of(&related->items[i])), true);
        buffer_format(&text, "](%" PRIu32 ")", i + 1);
    }
    if (related->count)
        buffer_add_byte(&text, '.');
    json_key(json, "message");
    json_open_object(json);
    json_member_text(json, "text", buffer_text(&text));
    json_close_object(json);
}

/* --- proofs --- */

static void add_flow(const Report *report, const Step *steps, uint32_t count,
                     JsonOut *json)
{
    json_open_object(json);
    json_key(json, "threadFlows");
    json_open_array(json);
    json_open_object(json);
    json_key(json, "locations");
    json_open_array(json);
    for (uint32_t i = 0; i < count; i++) {
        json_open_object(json);
        json_key(json, "location");
        json_open_object(json);
        sarif_add_message(report, steps[i].says, json);
        sarif_add_place(report, steps[i].span, false, json);
        json_close_object(json);
        json_close_object(json);
    }
    json_close_array(json);
    json_close_object(json);
    json_close_array(json);
    json_close_object(json);
}

static void add_flows(const Report *report, const SarifResult *result, JsonOut *json)
{
    Step *steps = ARENA_ARRAY(report->arena, SARIF_STEPS, Step);
    bool is_open = false;

    for (uint32_t i = 0; i < result->count && i < SARIF_FLOWS; i++) {
        uint32_t count = told_steps(report, result->findings[i], SARIF_STEPS, steps);

        if (count < 2)
            continue; /* the finding alone */
        if (!is_open) {
            json_key(json, "codeFlows");
            json_open_array(json);
        }
        is_open = true;
        add_flow(report, steps, count, json);
    }
    if (is_open)
        json_close_array(json);
}

/* --- the result --- */

static void add_fingerprints(const Report *report, const SarifResult *result,
                             JsonOut *json)
{
    Buffer hash = {.arena = report->arena};

    json_key(json, "partialFingerprints");
    json_open_object(json);
    if (result->hash.ordinal) {
        line_hash_add(&hash, result->hash);
        json_member_text(json, "primaryLocationLineHash", buffer_text(&hash));
    }
    json_member_text(json, "berth/v1", result->findings[0]->fingerprint);
    json_close_object(json);
}

static void add_properties(const Report *report, const SarifResult *result,
                           JsonOut *json)
{
    const Finding *finding = result->findings[0];

    json_key(json, "properties");
    json_open_object(json);
    if (finding->repository.len)
        json_member_text(json, "repository", line_of(report, finding->repository));
    json_member_text(json, "basis", finding->rule->basis);
    if (result->count > 1) {
        json_key(json, "fingerprints");
        json_open_array(json);
        for (uint32_t i = 0; i < result->count && i < SARIF_FLOWS; i++)
            json_text(json, result->findings[i]->fingerprint);
        json_close_array(json);
    }
    json_close_object(json);
}

void sarif_add_result(const Report *report, const SarifResult *result, bool has_flows,
                      JsonOut *json)
{
    const Finding *finding = result->findings[0];
    RelatedList *related = ARENA_NEW(report->arena, RelatedList);

    collect_related(result, related);
    json_open_object(json);
    json_member_text(json, "ruleId", finding->rule->id);
    if (result->rule < SARIF_RULES)
        json_member_number(json, "ruleIndex", result->rule);
    json_member_text(json, "level", text_of(sarif_level(finding->rule->severity)));
    add_text(report, result, related, json);
    json_key(json, "locations");
    json_open_array(json);
    json_open_object(json);
    sarif_add_place(report, told_span(report, finding), true, json);
    json_close_object(json);
    json_close_array(json);
    add_related(report, related, json);
    if (has_flows)
        add_flows(report, result, json);
    add_fingerprints(report, result, json);
    add_properties(report, result, json);
    json_close_object(json);
}
