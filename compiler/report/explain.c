#include "report/shown.h"
#include "report/text.h"

static Text severity_text(const Rule *rule)
{
    return rule->is_off ? TEXT("off") : text_of(severity_name(rule->severity));
}

static Text scope_text(const Rule *rule)
{
    return rule->is_organization_wide ? TEXT("organization") : TEXT("repository");
}

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
        add_padded(out, severity_text(rule), 9);
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
        json_member_text(&json, "severity", severity_text(rule));
        json_member_text(&json, "title", rule->title);
        json_member_text(&json, "basis", rule->basis);
        json_member_text(&json, "scope", scope_text(rule));
        json_member_text(&json, "documentation", rule->documentation);
        json_close_object(&json);
    }
    json_close_array(&json);
    json_close_object(&json);
}

/* --- one rule --- */

static void add_field(Buffer *out, const char *name, Text value)
{
    if (value.len == 0)
        return;
    add_padded(out, text_of(name), 15);
    shown_add(out, value, 0);
    buffer_add_byte(out, '\n');
}

static void add_heading(const Report *report, Text heading, Buffer *out)
{
    buffer_add_byte(out, '\n');
    ink_add(report, INK_BOLD, heading, out);
    buffer_add_byte(out, '\n');
}

static void add_section(const Report *report, Text heading, Text text, Buffer *out)
{
    if (text.len == 0)
        return;
    add_heading(report, heading, out);
    buffer_add_times(out, ' ', 4);
    shown_add(out, text, 0);
    buffer_add_byte(out, '\n');
}

/* What follows the metadata of a rule file: its clauses. */
static Text clauses_of(const Report *report, const Rule *rule)
{
    if (rule->file == 0)
        return TEXT("");
    Text bytes = source_bytes(report->sources, rule->file);
    size_t end = text_find(bytes, TEXT("---*/"));

    return text_trim(end == bytes.len ? bytes : text_from(bytes, end + 5));
}

static void add_clauses(const Report *report, Text clauses, Buffer *out)
{
    Text line;
    bool done = false;

    if (clauses.len == 0)
        return;
    add_heading(report, TEXT("The rule"), out);
    while (text_next_part(&clauses, '\n', &line, &done)) {
        if (text_ends_with(line, TEXT("\r")))
            line.len--;
        if (line.len)
            buffer_add_times(out, ' ', 4);
        shown_add(out, line, 0);
        buffer_add_byte(out, '\n');
    }
}

void explain_rule(const Report *report, const Rule *rule, Buffer *out)
{
    bool is_of_reader = text_equal(rule->message, TEXT("{message}"));

    ink_add(report, INK_BOLD, rule->id, out);
    buffer_add(out, TEXT(": "));
    ink_add(report, INK_BOLD, rule->title, out);
    buffer_add(out, TEXT("\n\n"));
    add_field(out, "severity", severity_text(rule));
    add_field(out, "basis", rule->basis);
    add_field(out, "scope", scope_text(rule));
    add_field(out, "documentation", rule->documentation);
    if (!is_of_reader)
        add_section(report, TEXT("What is wrong"), rule->message, out);
    add_section(report, TEXT("How to fix it"), rule->help, out);
    add_clauses(report, clauses_of(report, rule), out);
}

/* --- one finding --- */

void explain_finding(const Report *report, const Finding *finding, Buffer *out)
{
    finding_add_text(report, finding, finding_proof(report, finding), out);
    buffer_add_byte(out, '\n');
    add_field(out, "fingerprint", finding->fingerprint);
    add_field(out, "repository", finding->repository);
    add_field(out, "basis", finding->rule->basis);
    add_field(out, "documentation", finding->rule->documentation);
}
