#include "report/page.h"

static void add_example(JsonOut *json, const char *key, const Example *example)
{
    json_key(json, key);
    if (example->name.len == 0) {
        json_null(json);
        return;
    }
    json_open_object(json);
    json_member_text(json, "case", example->name);
    json_key(json, "files");
    json_open_array(json);
    for (uint32_t i = 0; i < example->nfiles; i++) {
        json_open_object(json);
        json_member_text(json, "path", example->files[i].path);
        json_member_text(json, "text", example->files[i].bytes);
        json_close_object(json);
    }
    json_close_array(json);
    json_member_text(json, "command", example->command);
    json_key(json, "output");
    if (example->output.len) {
        json_text(json, example->output);
        json_member_number(json, "status", example->status);
    } else {
        json_null(json);
        json_key(json, "status");
        json_null(json);
    }
    json_close_object(json);
}

/* The ids that `rule` yields to, or (`from`) that yield to it. */
static void add_related(JsonOut *json, const char *key, const Report *report,
                        const Rule *rule, bool from)
{
    json_key(json, key);
    json_open_array(json);
    for (uint32_t i = 0; i < report->catalogue->count; i++) {
        const Rule *other = &report->catalogue->rules[i];

        if (from ? page_yields(other, rule->id) : page_yields(rule, other->id))
            json_text(json, other->id);
    }
    json_close_array(json);
}

void page_json(const Report *report, const Page *page, Buffer *out)
{
    const Rule *rule = page->rule;
    JsonOut json = {.out = out};

    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_member_text(&json, "id", rule->id);
    json_member_text(&json, "title", rule->title);
    json_member_text(&json, "severity", page_severity(rule));
    json_member_text(&json, "basis", rule->basis);
    json_member_text(&json, "scope", page_scope(rule));
    json_member_text(&json, "documentation", rule->documentation);
    json_member_text(&json, "description", rule->description);
    json_member_text(&json, "message", rule->message);
    json_member_text(&json, "help", rule->help);
    add_related(&json, "yieldsTo", report, rule, false);
    add_related(&json, "yieldedBy", report, rule, true);
    add_example(&json, "failing", &page->failing);
    add_example(&json, "passing", &page->passing);
    json_member_text(&json, "clauses", page_clauses(report, rule));
    json_close_object(&json);
}
