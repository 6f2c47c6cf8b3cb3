#include "report/sarif.h"

#include "base/escape.h"
#include "report/page.h"
#include "report/shown.h"

/* Where to read about it: what berth is for, in GitHub's words. */
#define INFORMATION                                                                    \
    TEXT("https://docs.github.com/en/codespaces/reference/"                            \
         "allowing-your-codespace-to-access-a-private-registry")

const char *sarif_level(Severity severity)
{
    static const char *const levels[] = {"note", "warning", "error"};

    return levels[severity];
}

static void add_text_object(const Report *report, const char *key, Text text,
                            JsonOut *json)
{
    json_key(json, key);
    json_open_object(json);
    json_member_text(json, "text",
                     shown_text(report->arena, text, SARIF_RULE_TEXT - 3));
    json_close_object(json);
}

static bool is_word_byte(Text id, size_t at)
{
    return at < id.len && (byte_is_letter(id.at[at]) || byte_is_digit(id.at[at]));
}

/* "LeakLatentGrant" of "leak/latent-grant". A word of one letter stays small, so that
 * capitals are where words begin. */
static Text name_of(Arena *arena, Text id)
{
    Buffer name = {.arena = arena};
    bool starts_word = true;

    for (size_t i = 0; i < id.len; i++) {
        char byte = id.at[i];
        bool is_in_word = is_word_byte(id, i);

        if (is_in_word)
            buffer_add_byte(&name, starts_word && is_word_byte(id, i + 1)
                                       ? byte_to_upper(byte)
                                       : byte);
        starts_word = !is_in_word;
    }
    return text_slice(buffer_text(&name), 0, 255);
}

static bool has_address(const Rule *rule)
{
    return text_starts_with(rule->documentation, TEXT("https://"));
}

/* The Markdown is what people see: what is wrong, how to mend it, and where to read on. */
static void add_help(const Report *report, const Rule *rule, JsonOut *json)
{
    Buffer markdown = {.arena = report->arena};
    Text description = page_description(report, rule), help = page_help(report, rule);

    buffer_add(&markdown, TEXT("**What is wrong**\n"));
    page_add_paragraphs(description.len ? description : rule->title, &markdown);
    buffer_add(&markdown, TEXT("\n**How to fix it**\n"));
    page_add_paragraphs(help, &markdown);
    if (has_address(rule)) {
        buffer_add(&markdown, TEXT("\n[Documentation](<"));
        escape_add_uri(&markdown, rule->documentation);
        buffer_format(&markdown, ">): %.*s.\n", TEXT_ARG(page_basis_says(rule)));
    }
    json_key(json, "help");
    json_open_object(json);
    json_member_text(json, "text", shown_text(report->arena, help, SARIF_RULE_TEXT));
    json_member_text(json, "markdown", buffer_text(&markdown));
    json_close_object(json);
}

/* How sure a rule is of what it says. */
static Text precision_of(const Rule *rule)
{
    if (text_equal(rule->basis, TEXT("documented")))
        return TEXT("very-high");
    return text_equal(rule->basis, TEXT("reference code")) ? TEXT("high")
                                                           : TEXT("medium");
}

/* GitHub's classes: above 7.0 high, above 4.0 medium, above 0.1 low. None is critical,
 * for no rule knows what an image holds. */
static Text security_severity_of(const Rule *rule)
{
    static const char *const scores[] = {"2.5", "5.5", "8.0"};

    return text_of(scores[rule->severity]);
}

static void add_properties(const Rule *rule, JsonOut *json)
{
    static const char *const problems[] = {"recommendation", "warning", "error"};
    Text category = text_slice(rule->id, 0, text_find_byte(rule->id, '/'));

    json_key(json, "properties");
    json_open_object(json);
    json_key(json, "tags");
    json_open_array(json);
    json_text(json, category);
    for (uint32_t i = 0; i < rule->ntags && i + 1 < SARIF_TAGS; i++)
        json_text(json, rule->tags[i]);
    json_close_array(json);
    json_member_text(json, "precision", precision_of(rule));
    json_member_text(json, "problem.severity", text_of(problems[rule->severity]));
    if (rule_has_tag(rule, TEXT("security")))
        json_member_text(json, "security-severity", security_severity_of(rule));
    json_close_object(json);
}

static void add_rule(const Report *report, const Rule *rule, JsonOut *json)
{
    Text description = page_description(report, rule);
    Buffer address = {.arena = report->arena};

    json_open_object(json);
    json_member_text(json, "id", rule->id);
    json_member_text(json, "name", name_of(report->arena, rule->id));
    add_text_object(report, "shortDescription", rule->title, json);
    add_text_object(report, "fullDescription",
                    description.len ? description : rule->title, json);
    add_help(report, rule, json);
    if (has_address(rule)) {
        escape_add_uri(&address, rule->documentation);
        json_member_text(json, "helpUri", buffer_text(&address));
    }
    json_key(json, "defaultConfiguration");
    json_open_object(json);
    json_member_text(json, "level", text_of(sarif_level(rule->severity)));
    json_close_object(json);
    add_properties(rule, json);
    json_close_object(json);
}

void sarif_add_tool(const Report *report, JsonOut *json)
{
    uint32_t count = 0;

    json_key(json, "tool");
    json_open_object(json);
    json_key(json, "driver");
    json_open_object(json);
    json_member_text(json, "name", TEXT("berth"));
    json_member_text(json, "semanticVersion", report->run.version);
    json_member_text(json, "informationUri", INFORMATION);
    json_key(json, "rules");
    json_open_array(json);
    for (uint32_t i = 0; i < report->catalogue->count && count < SARIF_RULES; i++) {
        if (report->catalogue->rules[i].is_off)
            continue;
        add_rule(report, &report->catalogue->rules[i], json);
        count++;
    }
    json_close_array(json);
    json_close_object(json);
    json_close_object(json);
}
