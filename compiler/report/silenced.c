#include "base/json_out.h"
#include "report/shown.h"
#include "report/text.h"

/* "silenced in source until 2027-01-31 (path:1:2): reason" */
static void add_how(const Report *report, const Suppressed *silenced, Buffer *out)
{
    static const Text says[] = {TEXT_INIT("silenced in source"),
                                TEXT_INIT("acknowledged"),
                                TEXT_INIT("in the baseline")}; /* by SuppressionKind */

    buffer_add(out, TEXT("  = "));
    ink_add(report, INK_BOLD, says[silenced->kind], out);
    if (silenced->until.len)
        buffer_format(out, " until %.*s", TEXT_ARG(silenced->until));
    if (silenced->span.file) {
        buffer_add(out, TEXT(" ("));
        place_add(report, silenced->span, out);
        buffer_add(out, TEXT(")"));
    }
    if (silenced->reason.len) {
        buffer_add(out, TEXT(": "));
        shown_add(out, silenced->reason, 0);
    }
    buffer_add(out, TEXT("\n\n"));
}

void silenced_add_text(const Report *report, Buffer *out)
{
    for (uint32_t i = 0; i < report->nsilenced; i++) {
        const Suppressed *silenced = &report->silenced[i];
        const Finding *finding = &silenced->finding;

        buffer_format(out,
                      "suppressed %s[%.*s]: ", severity_name(finding->rule->severity),
                      TEXT_ARG(finding->rule->id));
        shown_add(out, finding->message, 0);
        buffer_add_byte(out, '\n');
        if (finding->span.file) {
            ink_add(report, INK_FRAME, TEXT("  -->"), out);
            buffer_add_byte(out, ' ');
            place_add(report, finding->span, out);
            buffer_add_byte(out, '\n');
        }
        add_how(report, silenced, out);
    }
}

static void add_text_or_null(JsonOut *json, const char *key, Text value)
{
    json_key(json, key);
    if (value.len)
        json_text(json, value);
    else
        json_null(json);
}

void silenced_add_json(const Report *report, JsonOut *json)
{
    json_open_array(json);
    for (uint32_t i = 0; i < report->nsilenced; i++) {
        const Suppressed *silenced = &report->silenced[i];

        json_open_object(json);
        json_add_finding(report, &silenced->finding, json);
        json_key(json, "suppression");
        json_open_object(json);
        json_member_text(json, "kind", suppression_kind_name(silenced->kind));
        add_text_or_null(json, "reason", silenced->reason);
        add_text_or_null(json, "until", silenced->until);
        json_key(json, "location");
        json_add_location(report, silenced->span, json);
        json_close_object(json);
        json_close_object(json);
    }
    json_close_array(json);
}

void proposed_add_text(const Report *report, Buffer *out)
{
    for (uint32_t i = 0; i < report->nproposed; i++) {
        const Proposed *proposed = &report->proposed[i];

        buffer_add(out, TEXT("the change adds a suppression, which silences nothing "
                             "yet: "));
        place_add(report, proposed->span, out);
        buffer_add(out, TEXT(": "));
        for (uint32_t j = 0; j < proposed->nrules; j++) {
            buffer_add(out, j ? TEXT(", ") : TEXT(""));
            shown_add(out, proposed->rules[j], 0);
        }
        buffer_add(out, TEXT(": "));
        shown_add(out, proposed->reason, 0);
        buffer_add_byte(out, '\n');
    }
}

void proposed_add_json(const Report *report, JsonOut *json)
{
    json_open_array(json);
    for (uint32_t i = 0; i < report->nproposed; i++) {
        const Proposed *proposed = &report->proposed[i];

        json_open_object(json);
        json_member_text(json, "kind", suppression_kind_name(proposed->kind));
        json_key(json, "rules");
        json_open_array(json);
        for (uint32_t j = 0; j < proposed->nrules; j++)
            json_text(json, proposed->rules[j]);
        json_close_array(json);
        add_text_or_null(json, "reason", proposed->reason);
        add_text_or_null(json, "until", proposed->until);
        json_key(json, "location");
        json_add_location(report, proposed->span, json);
        json_close_object(json);
    }
    json_close_array(json);
}
