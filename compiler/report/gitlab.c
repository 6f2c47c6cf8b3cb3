#include <inttypes.h>

#include "report/shown.h"
#include "report/told.h"

enum { GITLAB_TEXT = 2000 }; /* bytes of a description */

/* GitLab's classes are info, minor, major, critical, blocker. */
static Text severity_of(const Rule *rule)
{
    switch (rule->severity) {
    case SEVERITY_INFO:
        return TEXT("info");
    case SEVERITY_WARNING:
        return TEXT("minor");
    case SEVERITY_ERROR:
        break;
    }
    return rule_has_tag(rule, TEXT("security")) ? TEXT("critical") : TEXT("major");
}

/* How often each fingerprint was met, by its symbol. */
typedef struct Seen {
    Symbols *fingerprints;
    uint32_t *counts;
} Seen;

/* GitLab drops what repeats a fingerprint: the second of one is numbered. */
static Text unique_fingerprint(const Report *report, Seen *seen, Text fingerprint)
{
    uint32_t count = ++seen->counts[symbol_intern(seen->fingerprints, fingerprint).id];

    return count == 1 ? fingerprint
                      : arena_format(report->arena, "%.*s-%" PRIu32,
                                     TEXT_ARG(fingerprint), count);
}

static void add_issue(const Report *report, const Finding *finding, Seen *seen,
                      JsonOut *json)
{
    Span span = told_span(report, finding);
    uint32_t line =
        span.file ? source_place(report->sources, span.file, span.start).line : 1;

    json_open_object(json);
    json_member_text(json, "description",
                     shown_text(report->arena, finding->message, GITLAB_TEXT));
    json_member_text(json, "check_name", finding->rule->id);
    json_member_text(json, "fingerprint",
                     unique_fingerprint(report, seen, finding->fingerprint));
    json_member_text(json, "severity", severity_of(finding->rule));
    json_key(json, "location");
    json_open_object(json);
    json_member_text(json, "path", told_path(report, span));
    json_key(json, "lines");
    json_open_object(json);
    json_member_number(json, "begin", line);
    json_close_object(json);
    json_close_object(json);
    json_close_object(json);
}

void report_gitlab(const Report *report, Buffer *out)
{
    Seen seen = {symbols_new(report->arena),
                 ARENA_ARRAY(report->arena, report->count + 2, uint32_t)};
    JsonOut json = {.out = out};

    json_open_array(&json);
    for (uint32_t i = 0; i < report->count; i++)
        add_issue(report, &report->findings[i], &seen, &json);
    json_close_array(&json);
}
