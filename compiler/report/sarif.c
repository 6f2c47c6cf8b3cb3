#include "report/sarif.h"

#include <inttypes.h>
#include <stdlib.h>

#include "report/packed_size.h"

/* --- one result per rule and line --- */

typedef struct Entry {
    const Finding *finding;
    uint32_t file, line;
    uint32_t number; /* in the order of what is worst */
    LineHash hash;
} Entry;

static int by_place(const void *left, const void *right)
{
    const Entry *one = left, *other = right;

    if (one->file != other->file)
        return one->file < other->file ? -1 : 1;
    if (one->line != other->line)
        return one->line < other->line ? -1 : 1;
    if (one->finding->rule != other->finding->rule)
        return one->finding->rule < other->finding->rule ? -1 : 1;
    return one->number < other->number ? -1 : 1;
}

static Entry *entries_of(const Report *report)
{
    const Finding **worst = findings_worst_first(report);
    Entry *entries = ARENA_ARRAY(report->arena, report->count, Entry);

    for (uint32_t i = 0; i < report->count; i++) {
        Span span = told_span(report, worst[i]);

        entries[i] = (Entry){.finding = worst[i], .file = span.file, .number = i};
        if (span.file)
            entries[i].line = source_place(report->sources, span.file, span.start).line;
    }
    qsort(entries, report->count, sizeof(*entries), by_place);
    return entries;
}

/* The hashes of all lines of a file at once. */
static void hash_lines(const Report *report, Entry *entries)
{
    uint32_t *lines = ARENA_ARRAY(report->arena, report->count, uint32_t);
    LineHash *hashes = ARENA_ARRAY(report->arena, report->count, LineHash);
    uint32_t end;

    for (uint32_t start = 0; start < report->count; start = end) {
        for (end = start;
             end < report->count && entries[end].file == entries[start].file; end++)
            lines[end] = entries[end].line;
        if (entries[start].file)
            line_hashes(report->arena,
                        source_bytes(report->sources, entries[start].file),
                        &lines[start], end - start, &hashes[start]);
        for (uint32_t i = start; i < end; i++)
            entries[i].hash = hashes[i];
    }
}

/* The number of each rule of the catalogue among those that are declared. */
static uint32_t *number_rules(const Report *report)
{
    const Catalogue *catalogue = report->catalogue;
    uint32_t *numbers = ARENA_ARRAY(report->arena, catalogue->count, uint32_t);
    uint32_t count = 0;

    for (uint32_t i = 0; i < catalogue->count; i++) {
        numbers[i] = catalogue->rules[i].is_off ? SARIF_RULES : count;
        count += !catalogue->rules[i].is_off && count < SARIF_RULES;
    }
    return numbers;
}

/* `first` is the worst finding's number: the order of the log. */
typedef struct Group {
    SarifResult result;
    uint32_t first;
} Group;

static int by_number(const void *left, const void *right)
{
    const Group *one = left, *other = right;

    return (one->first > other->first) - (one->first < other->first);
}

static Group *group_results(const Report *report, uint32_t *count)
{
    Entry *entries = entries_of(report);
    const Finding **findings =
        ARENA_ARRAY(report->arena, report->count, const Finding *);
    Group *groups = ARENA_ARRAY(report->arena, report->count, Group);
    const uint32_t *numbers = number_rules(report);

    *count = 0;
    hash_lines(report, entries);
    for (uint32_t i = 0; i < report->count; i++) {
        const Entry *entry = &entries[i];

        findings[i] = entry->finding;
        if (i == 0 || entry->file != entry[-1].file || entry->line != entry[-1].line ||
            entry->finding->rule != entry[-1].finding->rule) {
            Group *group = &groups[(*count)++];

            group->first = entry->number;
            group->result.findings = &findings[i];
            group->result.hash = entry->hash;
            group->result.rule =
                numbers[entry->finding->rule - report->catalogue->rules];
        }
        groups[*count - 1].result.count++;
    }
    qsort(groups, *count, sizeof(*groups), by_number);
    return groups;
}

/* What became of the results. */
typedef struct Written {
    const Group *groups;
    uint32_t count, cut, without_flows; /* written; left out; of the written ones */
} Written;

static Written add_results(const Report *report, JsonOut *json)
{
    uint32_t count, written = 0, without_flows = 0;
    const Group *groups = group_results(report, &count);
    PackedSize *size = packed_size_new(report->arena);
    bool has_flows = true;

    json_key(json, "results");
    json_open_array(json);
    for (; written < count && written < SARIF_RESULTS; written++) {
        JsonOut start = *json;
        size_t before = json->out->len;

        sarif_add_result(report, &groups[written].result, has_flows, json);
        if (has_flows && (packed_size_add(size, json->out) > SARIF_PACKED_FLOWS ||
                          json->out->len > SARIF_FLOWS_END)) {
            has_flows = false;
            json->out->len = before;
            *json = start;
            sarif_add_result(report, &groups[written].result, false, json);
        }
        if (packed_size_add(size, json->out) > SARIF_PACKED ||
            json->out->len > SARIF_END) {
            json->out->len = before;
            *json = start;
            break;
        }
        without_flows += !has_flows;
    }
    json_close_array(json);
    return (Written){groups, written, count - written, without_flows};
}

/* The files that hold results, in their order. */
static void add_artifacts(const Report *report, const Written *written, JsonOut *json)
{
    bool *is_there =
        ARENA_ARRAY(report->arena, sources_count(report->sources) + 1, bool);

    json_key(json, "artifacts");
    json_open_array(json);
    for (uint32_t i = 0; i < written->count; i++) {
        Span span = told_span(report, written->groups[i].result.findings[0]);

        if (span.file == 0 || is_there[span.file])
            continue;
        is_there[span.file] = true;
        json_open_object(json);
        json_key(json, "location");
        sarif_add_artifact_location(report, told_path(report, span), json);
        json_member_number(json, "length",
                           (int64_t)source_bytes(report->sources, span.file).len);
        json_key(json, "roles");
        json_open_array(json);
        json_text(json, TEXT("resultFile"));
        json_close_array(json);
        json_close_object(json);
    }
    json_close_array(json);
}

/* --- what the run has to say of itself --- */

enum { NOTIFICATION_TEXT = 300 }; /* bytes */

static void open_notification(const Report *report, const char *level, Text text,
                              JsonOut *json)
{
    json_open_object(json);
    json_member_text(json, "level", text_of(level));
    sarif_add_message(report, text_slice(text, 0, NOTIFICATION_TEXT), json);
}

static void add_notification(const Report *report, const char *level, Text text,
                             JsonOut *json)
{
    open_notification(report, level, text, json);
    json_close_object(json);
}

static void add_file_notification(const Report *report, const Coverage *coverage,
                                  JsonOut *json)
{
    Text text =
        arena_format(report->arena, "%.*s was %s: %.*s", TEXT_ARG(coverage->path),
                     text_equal(coverage->status, TEXT("partial")) ? "analysed in part"
                                                                   : "not analysed",
                     TEXT_ARG(coverage->reason));

    open_notification(report, "warning", text, json);
    json_key(json, "locations");
    json_open_array(json);
    json_open_object(json);
    json_key(json, "physicalLocation");
    json_open_object(json);
    json_key(json, "artifactLocation");
    sarif_add_artifact_location(report, told_coverage_path(report, coverage), json);
    json_close_object(json);
    json_close_object(json);
    json_close_array(json);
    json_close_object(json);
}

static void add_execution(const Report *report, const Written *written, JsonOut *json)
{
    uint32_t count = 0, left = told_not_analysed(report);

    json_key(json, "toolExecutionNotifications");
    json_open_array(json);
    if (!report->database)
        add_notification(report, "error",
                         TEXT("access was not judged, since the policy cannot be used"),
                         json);
    if (written->cut)
        add_notification(report, "warning",
                         arena_format(report->arena, "%" PRIu32 " results are not here",
                                      written->cut),
                         json);
    if (written->without_flows)
        add_notification(report, "note",
                         arena_format(report->arena,
                                      "%" PRIu32
                                      " results are here without their proofs",
                                      written->without_flows),
                         json);
    for (uint32_t i = 0; i < report->ncoverage && count < SARIF_NOTIFICATIONS; i++) {
        if (text_equal(report->coverage[i].status, TEXT("analysed")))
            continue;
        add_file_notification(report, &report->coverage[i], json);
        count++;
    }
    if (left > count)
        add_notification(report, "warning",
                         arena_format(report->arena,
                                      "%" PRIu32
                                      " more files were not analysed in full",
                                      left - count),
                         json);
    json_close_array(json);
}

/* Why the policy cannot be used: the errors of manifests and rules. */
static void add_configuration(const Report *report, JsonOut *json)
{
    const Diags *diags = report->run.diags;
    uint32_t count = 0;

    json_key(json, "toolConfigurationNotifications");
    json_open_array(json);
    for (uint32_t i = 0; diags && i < diags->count && count < SARIF_NOTIFICATIONS;
         i++) {
        const Diag *diag = &diags->items[i];

        if (diag->rule[0] != '\0')
            continue;
        count++;
        open_notification(report, "error", diag->message, json);
        if (diag->span.file) {
            json_key(json, "locations");
            json_open_array(json);
            json_open_object(json);
            sarif_add_place(report, diag->span, false, json);
            json_close_object(json);
            json_close_array(json);
        }
        json_close_object(json);
    }
    json_close_array(json);
}

/* What a change brings is a category of its own, so that alerts of the main branch stay
 * what they are. */
static void add_category(const Report *report, JsonOut *json)
{
    json_key(json, "automationDetails");
    json_open_object(json);
    json_member_text(json, "id",
                     arena_format(report->arena, "berth%s/%.*s",
                                  report->is_change ? "-pr" : "",
                                  TEXT_ARG(report->run.category)));
    json_close_object(json);
}

static void add_run(const Report *report, JsonOut *json)
{
    json_open_object(json);
    sarif_add_tool(report, json);
    add_category(report, json);
    json_member_text(json, "columnKind", TEXT("utf16CodeUnits"));
    json_key(json, "originalUriBaseIds");
    json_open_object(json);
    json_key(json, "%SRCROOT%");
    json_open_object(json);
    json_key(json, "description");
    json_open_object(json);
    json_member_text(json, "text", TEXT("The directory where berth was run."));
    json_close_object(json);
    json_close_object(json);
    json_close_object(json);
    json_key(json, "redactionTokens");
    json_open_array(json);
    json_text(json, TEXT("\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2"));
    json_close_array(json);
    Written written = add_results(report, json);
    add_artifacts(report, &written, json);
    json_key(json, "invocations");
    json_open_array(json);
    json_open_object(json);
    json_member_bool(json, "executionSuccessful", report->run.is_complete);
    add_execution(report, &written, json);
    add_configuration(report, json);
    json_close_object(json);
    json_close_array(json);
    json_close_object(json);
}

void report_sarif(const Report *report, Buffer *out)
{
    JsonOut json = {.out = out};

    json_open_object(&json);
    json_member_text(&json, "$schema",
                     TEXT("https://json.schemastore.org/sarif-2.1.0.json"));
    json_member_text(&json, "version", TEXT("2.1.0"));
    json_key(&json, "runs");
    json_open_array(&json);
    add_run(report, &json);
    json_close_array(&json);
    json_close_object(&json);
}
