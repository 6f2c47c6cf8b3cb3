#include "report/cut_report.h"

#include <inttypes.h>

#include "report/shown.h"
#include "report/text.h"

static uint32_t ended(const CutAnswer *answer)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < answer->count; i++)
        count += answer->removals[i].ends.count;
    return count;
}

/* --- text --- */

static void add_finding(const Report *report, const Finding *finding, Text before,
                        Buffer *out)
{
    buffer_add(out, before);
    ink_add(report, severity_ink(finding->rule->severity), finding->rule->id, out);
    buffer_add(out, TEXT(": "));
    shown_add(out, finding->message, 0);
    if (finding->span.file) {
        buffer_add(out, TEXT("  ("));
        place_add(report, finding->span, out);
        buffer_add_byte(out, ')');
    }
    buffer_add_byte(out, '\n');
}

static void add_list(const Report *report, const FindingList *list, const char *title,
                     Buffer *out)
{
    if (list->count == 0)
        return;
    buffer_format(out, "\n%s:\n", title);
    for (uint32_t i = 0; i < list->count; i++)
        add_finding(report, list->items[i], TEXT("  "), out);
}

static void add_bound(const CutAnswer *answer, Buffer *out)
{
    if (answer->at_least == answer->count)
        buffer_add(out, TEXT("This is the least number of removals that does.\n"));
    else
        buffer_format(out,
                      "At least %" PRIu32 " are needed. Whether fewer than %" PRIu32
                      " do was not found out within the limit.\n",
                      answer->at_least, answer->count);
}

void cut_text(const Report *report, const CutAnswer *answer, Buffer *out)
{
    uint32_t leaks = ended(answer);

    if (answer->count == 0)
        buffer_add(out, answer->left.count ? TEXT("no leak ends by removing access\n")
                                           : TEXT("nothing leaks\n"));
    else
        buffer_format(out, "%" PRIu32 " %s %s %" PRIu32 " %s:\n\n", answer->count,
                      answer->count == 1 ? "removal" : "removals",
                      answer->count == 1 ? "ends" : "end", leaks,
                      leaks == 1 ? "leak" : "leaks");
    for (uint32_t i = 0; i < answer->count; i++) {
        const ShownRemoval *removal = &answer->removals[i];

        buffer_format(out, "  %" PRIu32 ". ", i + 1);
        ink_add(report, INK_BOLD, removal->says, out);
        if (removal->span.file) {
            buffer_add(out, TEXT("  ("));
            place_add(report, removal->span, out);
            buffer_add_byte(out, ')');
        }
        buffer_add_byte(out, '\n');
        for (uint32_t j = 0; j < removal->ends.count; j++)
            add_finding(report, removal->ends.items[j], TEXT("     ends "), out);
    }
    if (answer->count) {
        buffer_add_byte(out, '\n');
        add_bound(answer, out);
    }
    if (answer->is_cut_off)
        buffer_add(out, TEXT("A limit was met: leaks may be left that a removal would "
                             "end.\n"));
    add_list(report, &answer->new, "Then there would be", out);
    add_list(report, &answer->left, "No removal of access ends", out);
}

/* --- JSON --- */

static void add_findings(const Report *report, const char *key, const FindingList *list,
                         JsonOut *json)
{
    json_key(json, key);
    json_open_array(json);
    for (uint32_t i = 0; i < list->count; i++) {
        const Finding *finding = list->items[i];

        json_open_object(json);
        json_member_text(json, "rule", finding->rule->id);
        json_member_text(json, "severity",
                         text_of(severity_name(finding->rule->severity)));
        json_member_text(json, "message", finding->message);
        json_member_text(json, "fingerprint", finding->fingerprint);
        json_key(json, "location");
        json_add_location(report, finding->span, json);
        json_close_object(json);
    }
    json_close_array(json);
}

void cut_json(const Report *report, const CutAnswer *answer, Buffer *out)
{
    JsonOut json = {.out = out};

    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_key(&json, "removals");
    json_open_array(&json);
    for (uint32_t i = 0; i < answer->count; i++) {
        json_open_object(&json);
        json_member_text(&json, "change", answer->removals[i].says);
        json_key(&json, "location");
        json_add_location(report, answer->removals[i].span, &json);
        add_findings(report, "ends", &answer->removals[i].ends, &json);
        json_close_object(&json);
    }
    json_close_array(&json);
    json_member_number(&json, "atLeast", answer->at_least);
    json_member_bool(&json, "exact", answer->at_least == answer->count);
    json_member_bool(&json, "complete", !answer->is_cut_off);
    add_findings(report, "creates", &answer->new, &json);
    add_findings(report, "left", &answer->left, &json);
    json_close_object(&json);
}
