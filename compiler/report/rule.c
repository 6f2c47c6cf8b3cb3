#include "report/rule.h"

const char *severity_name(Severity severity)
{
    static const char *const names[] = {"info", "warning", "error"};

    return names[severity];
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
