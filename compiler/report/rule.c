#include "report/rule.h"

const char *severity_name(Severity severity)
{
    static const char *const names[] = {"info", "warning", "error"};

    return names[severity];
}

static bool names(Text template, Text attribute)
{
    for (;;) {
        template = text_from(template, text_find_byte(template, '{'));
        if (template.len == 0)
            return false;
        template = text_from(template, 1);
        if (text_equal(text_slice(template, 0, text_find_byte(template, '}')),
                       attribute))
            return true;
    }
}

static bool is_fixed_at(const FixRule *fix, Text attribute)
{
    for (uint32_t i = 0; i < fix->nat; i++) {
        if (text_equal(fix->at[i], attribute))
            return true;
    }
    return false;
}

bool rule_hides(const Rule *rule, Text attribute)
{
    if (!is_fixed_at(&rule->fix, attribute) && !names(rule->fix.with, attribute))
        return false;
    if (names(rule->message, attribute) || names(rule->help, attribute))
        return false;
    for (uint32_t i = 0; i < rule->nlabels; i++) {
        if (text_equal(rule->labels[i].attribute, attribute) ||
            names(rule->labels[i].says, attribute))
            return false;
    }
    return true;
}

const Rule *rule_find(const Catalogue *catalogue, Text id)
{
    uint32_t low = 0, high = catalogue->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = text_compare(catalogue->rules[middle].id, id);

        if (order == 0)
            return &catalogue->rules[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool rule_has_tag(const Rule *rule, Text tag)
{
    for (uint32_t i = 0; i < rule->ntags; i++) {
        if (text_equal(rule->tags[i], tag))
            return true;
    }
    return false;
}

bool rule_says_a_leak(const Rule *rule)
{
    return text_starts_with(rule->id, TEXT("leak/")) && !rule->is_off &&
           rule->relation.index != DL_NO_RELATION;
}
