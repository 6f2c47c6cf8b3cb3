#include "base/json_out.h"
#include "report/report.h"

void json_add_location(const Report *report, Span span, JsonOut *json)
{
    if (span.file == 0) {
        json_null(json);
        return;
    }
    Place start = source_place(report->sources, span.file, span.start);
    Place end = source_place(report->sources, span.file, span.end);

    json_open_object(json);
    json_member_text(json, "path", source_path(report->sources, span.file));
    json_member_number(json, "line", start.line);
    json_member_number(json, "column", start.column);
    json_member_number(json, "endLine", end.line);
    json_member_number(json, "endColumn", end.column);
    json_close_object(json);
}

/* Recursion follows the proof, whose depth proof.c bounds. */
void json_add_proof(const Report *report, const Proof *proof, JsonOut *json)
{
    json_open_object(json);
    json_member_text(json, "says", proof->says);
    if (proof->absent)
        json_member_bool(json, "absent", true);
    json_key(json, "location");
    json_add_location(report, proof->span, json);
    json_key(json, "because");
    json_open_array(json);
    for (uint32_t i = 0; i < proof->nbecause; i++)
        json_add_proof(report, proof->because[i], json);
    json_close_array(json);
    json_close_object(json);
}

static void add_text_or_null(JsonOut *json, const char *key, Text value)
{
    json_key(json, key);
    if (value.len)
        json_text(json, value);
    else
        json_null(json);
}

static void add_fix(const Report *report, const Fix *fix, JsonOut *json)
{
    json_key(json, "fix");
    json_open_object(json);
    json_member_bool(json, "safe", fix->is_safe);
    json_key(json, "edits");
    json_open_array(json);
    for (uint32_t i = 0; i < fix->nedits; i++) {
        json_open_object(json);
        json_key(json, "location");
        json_add_location(report, fix->edits[i].span, json);
        json_member_text(json, "text", fix->edits[i].text);
        json_close_object(json);
    }
    json_close_array(json);
    json_close_object(json);
}

void json_add_finding(const Report *report, const Finding *finding, JsonOut *json)
{
    const Proof *proof = finding_proof(report, finding);

    json_member_text(json, "rule", finding->rule->id);
    json_member_text(json, "severity", text_of(severity_name(finding->rule->severity)));
    json_member_text(json, "message", finding->message);
    json_member_text(json, "help", finding->help);
    add_text_or_null(json, "repository", finding->repository);
    json_member_text(json, "basis", finding->rule->basis);
    json_member_text(json, "fingerprint", finding->fingerprint);
    json_key(json, "location");
    json_add_location(report, finding->span, json);
    json_key(json, "related");
    json_open_array(json);
    for (uint32_t i = 0; i < finding->nrelated; i++) {
        json_open_object(json);
        json_member_text(json, "message", finding->related[i].message);
        json_key(json, "location");
        json_add_location(report, finding->related[i].span, json);
        json_close_object(json);
    }
    json_close_array(json);
    if (finding->fix)
        add_fix(report, finding->fix, json);
    json_key(json, "proof");
    if (proof)
        json_add_proof(report, proof, json);
    else
        json_null(json);
}

static void add_coverage(const Report *report, JsonOut *json)
{
    json_key(json, "coverage");
    json_open_array(json);
    for (uint32_t i = 0; i < report->ncoverage; i++) {
        json_open_object(json);
        json_member_text(json, "path", report->coverage[i].path);
        json_member_text(json, "status", report->coverage[i].status);
        add_text_or_null(json, "reason", report->coverage[i].reason);
        json_close_object(json);
    }
    json_close_array(json);
}

static void add_summary(const Report *report, JsonOut *json)
{
    json_key(json, "summary");
    json_open_object(json);
    json_member_number(json, "repositories", report->repositories);
    json_member_number(json, "configurations", report->configurations);
    json_member_number(json, "references", report->references);
    json_member_number(json, "error", report->errors);
    json_member_number(json, "warning", report->warnings);
    json_member_number(json, "info", report->infos);
    json_member_number(json, "suppressed", report->suppressed);
    if (report->is_change)
        json_member_number(json, "fixed", report->fixed);
    if (report->is_change || report->has_baseline)
        json_member_number(json, "unchanged",
                           (int64_t)report->unchanged + report->known);
    json_close_object(json);
}

void json_add_rest(const Report *report, JsonOut *json)
{
    json_key(json, "suppressed");
    silenced_add_json(report, json);
    if (report->is_change) {
        json_key(json, "proposed");
        proposed_add_json(report, json);
    }
    add_coverage(report, json);
    add_summary(report, json);
}

void report_json(const Report *report, Buffer *out)
{
    JsonOut json = {.out = out};

    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_key(&json, "findings");
    json_open_array(&json);
    for (uint32_t i = 0; i < report->count; i++) {
        json_open_object(&json);
        json_add_finding(report, &report->findings[i], &json);
        json_close_object(&json);
    }
    json_close_array(&json);
    json_add_rest(report, &json);
    json_close_object(&json);
}
