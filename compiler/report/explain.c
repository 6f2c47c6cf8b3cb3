#include "report/page.h"
#include "report/shown.h"
#include "report/text.h"

/* --- the catalogue --- */

static void add_padded(Buffer *out, Text text, uint32_t width)
{
    uint32_t columns = shown_add(out, text, 0);

    if (columns < width)
        buffer_add_times(out, ' ', width - columns);
}

void rules_text(const Report *report, Buffer *out)
{
    const Catalogue *catalogue = report->catalogue;
    uint32_t widest = 0;

    for (uint32_t i = 0; i < catalogue->count; i++) {
        uint32_t width = shown_width(report->arena, catalogue->rules[i].id);

        widest = width > widest ? width : widest;
    }
    for (uint32_t i = 0; i < catalogue->count; i++) {
        const Rule *rule = &catalogue->rules[i];

        add_padded(out, rule->id, widest + 2);
        add_padded(out, page_severity(rule), 9);
        shown_add(out, rule->title, 0);
        buffer_add_byte(out, '\n');
    }
}

void rules_json(const Report *report, Buffer *out)
{
    JsonOut json = {.out = out};

    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_key(&json, "rules");
    json_open_array(&json);
    for (uint32_t i = 0; i < report->catalogue->count; i++) {
        const Rule *rule = &report->catalogue->rules[i];

        json_open_object(&json);
        json_member_text(&json, "id", rule->id);
        json_member_text(&json, "severity", page_severity(rule));
        json_member_text(&json, "title", rule->title);
        json_member_text(&json, "basis", rule->basis);
        json_member_text(&json, "scope", page_scope(rule));
        json_member_text(&json, "documentation", rule->documentation);
        json_close_object(&json);
    }
    json_close_array(&json);
    json_close_object(&json);
}

/* --- one finding --- */

static void add_field(Buffer *out, const char *name, Text value)
{
    if (value.len == 0)
        return;
    add_padded(out, text_of(name), 15);
    shown_add(out, value, 0);
    buffer_add_byte(out, '\n');
}

void explain_finding(const Report *report, const Finding *finding, Buffer *out)
{
    finding_add_text(report, finding, finding_proof(report, finding), out);
    buffer_add_byte(out, '\n');
    add_field(out, "fingerprint", finding->fingerprint);
    add_field(out, "repository", finding->repository);
    add_field(out, "basis", finding->rule->basis);
    add_field(out, "documentation", finding->rule->documentation);
}
