#include <inttypes.h>

#include "report/shown.h"
#include "suite.h"

const char *case_kind_name(CaseKind kind)
{
    static const char *const names[] = {"bad", "good", "unknown", "none"};

    return names[kind];
}

static const char *status_name(CaseStatus status)
{
    static const char *const names[] = {"passed", "failed", "incomplete"};

    return names[status];
}

/* Up to the end of the line. */
static Text first_line(Text text)
{
    return text_trim(text_slice(text, 0, text_find_byte(text, '\n')));
}

/* A rule can do without a case that it cannot know. */
static const CaseKind needed_kinds[] = {CASE_BAD, CASE_GOOD};
enum { NEEDED_KINDS = sizeof(needed_kinds) / sizeof(*needed_kinds) };

uint32_t suite_missing(const Suite *suite)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < suite->nrules; i++) {
        for (int j = 0; j < NEEDED_KINDS; j++)
            count += suite->rules[i].cases[needed_kinds[j]] == 0;
    }
    return count;
}

/* --- text --- */

static void add_finding(const Case *of, const CaseFinding *finding, Buffer *out)
{
    buffer_add(out, TEXT("        "));
    if (finding->path.len) {
        shown_add(out, of->path, 0);
        buffer_add_byte(out, '/');
        shown_add(out, finding->path, 0);
        buffer_format(out, ":%" PRIu32 ":%" PRIu32 ": ", finding->place.line,
                      finding->place.column);
    }
    buffer_format(out, "%.*s: ", TEXT_ARG(finding->severity));
    shown_add(out, finding->message, 0);
    buffer_add_byte(out, '\n');
}

static void add_case(const Case *of, bool verbose, Buffer *out)
{
    static const char *const words[] = {"passed", "FAILED", "INCOMPLETE"};

    if (of->status == CASE_PASSED && !verbose)
        return;
    buffer_format(out, "%-7s ", words[of->status]);
    shown_add(out, of->where, 0);
    if (of->status != CASE_PASSED) {
        buffer_add(out, TEXT(": expected "));
        shown_add(out, of->expected, 0);
        buffer_add(out, TEXT(", found "));
        shown_add(out, of->found, 0);
    }
    buffer_add_byte(out, '\n');
    for (uint32_t i = 0; verbose && i < of->nfindings; i++)
        add_finding(of, &of->findings[i], out);
}

static void add_missing(const Suite *suite, Buffer *out)
{
    for (uint32_t i = 0; i < suite->nrules; i++) {
        const TestedRule *rule = &suite->rules[i];

        for (int j = 0; j < NEEDED_KINDS; j++) {
            if (rule->cases[needed_kinds[j]])
                continue;
            shown_add(out, rule->path, 0);
            buffer_format(out, ": no %s case of ", case_kind_name(needed_kinds[j]));
            shown_add(out, rule->id, 0);
            buffer_add_byte(out, '\n');
        }
    }
}

static void add_unexercised(const Suite *suite, Buffer *out)
{
    for (uint32_t i = 0; i < suite->nclauses; i++) {
        const TestedClause *clause = &suite->clauses[i];

        if (clause->held)
            continue;
        shown_add(out, clause->path, 0);
        buffer_format(out, ":%" PRIu32 ": no case exercises ", clause->line);
        shown_add(out, first_line(clause->text), 0);
        buffer_add_byte(out, '\n');
    }
}

void suite_text(const Suite *suite, bool quiet, bool verbose, Buffer *out)
{
    for (uint32_t i = 0; i < suite->ncases; i++)
        add_case(&suite->cases[i], verbose, out);
    add_missing(suite, out);
    add_unexercised(suite, out);
    if (quiet)
        return;
    buffer_format(out, "%" PRIu32 " passed, %" PRIu32 " failed",
                  suite->counts[CASE_PASSED], suite->counts[CASE_FAILED]);
    if (suite->counts[CASE_INCOMPLETE])
        buffer_format(out, ", %" PRIu32 " incomplete", suite->counts[CASE_INCOMPLETE]);
    buffer_format(out, "; %" PRIu32 " of %" PRIu32 " clauses exercised\n",
                  suite->exercised, suite->nclauses);
}

/* --- JSON --- */

static void json_add_case_finding(const CaseFinding *finding, JsonOut *json)
{
    json_open_object(json);
    json_member_text(json, "severity", finding->severity);
    json_member_text(json, "message", finding->message);
    json_key(json, "location");
    if (finding->path.len) {
        json_open_object(json);
        json_member_text(json, "path", finding->path);
        json_member_number(json, "line", finding->place.line);
        json_member_number(json, "column", finding->place.column);
        json_close_object(json);
    } else {
        json_null(json);
    }
    json_close_object(json);
}

static void text_or_null(JsonOut *json, const char *key, Text text)
{
    json_key(json, key);
    if (text.len)
        json_text(json, text);
    else
        json_null(json);
}

static void json_add_case(const Case *of, JsonOut *json)
{
    json_open_object(json);
    text_or_null(json, "rule", of->rule);
    json_member_text(json, "path", of->path);
    text_or_null(json, "kind",
                 of->kind == CASE_OF_NO_KIND ? TEXT("")
                                             : text_of(case_kind_name(of->kind)));
    json_member_text(json, "status", text_of(status_name(of->status)));
    text_or_null(json, "expected", of->expected);
    text_or_null(json, "found", of->found);
    json_key(json, "findings");
    json_open_array(json);
    for (uint32_t i = 0; i < of->nfindings; i++)
        json_add_case_finding(&of->findings[i], json);
    json_close_array(json);
    json_close_object(json);
}

static void json_add_rule(const TestedRule *rule, JsonOut *json)
{
    json_open_object(json);
    json_member_text(json, "rule", rule->id);
    json_member_text(json, "path", rule->path);
    for (CaseKind i = CASE_BAD; i < CASE_OF_NO_KIND; i++)
        json_member_number(json, case_kind_name(i), rule->cases[i]);
    json_close_object(json);
}

static void json_add_unexercised(const Suite *suite, JsonOut *json)
{
    json_key(json, "unexercised");
    json_open_array(json);
    for (uint32_t i = 0; i < suite->nclauses; i++) {
        const TestedClause *clause = &suite->clauses[i];

        if (clause->held)
            continue;
        json_open_object(json);
        json_member_text(json, "path", clause->path);
        json_member_number(json, "line", clause->line);
        json_member_text(json, "clause", clause->text);
        json_close_object(json);
    }
    json_close_array(json);
}

void suite_json(const Suite *suite, Buffer *out)
{
    JsonOut json = {.out = out};

    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_key(&json, "cases");
    json_open_array(&json);
    for (uint32_t i = 0; i < suite->ncases; i++)
        json_add_case(&suite->cases[i], &json);
    json_close_array(&json);
    json_key(&json, "rules");
    json_open_array(&json);
    for (uint32_t i = 0; i < suite->nrules; i++)
        json_add_rule(&suite->rules[i], &json);
    json_close_array(&json);
    json_add_unexercised(suite, &json);
    json_key(&json, "summary");
    json_open_object(&json);
    for (CaseStatus i = CASE_PASSED; i <= CASE_INCOMPLETE; i++)
        json_member_number(&json, status_name(i), suite->counts[i]);
    json_member_number(&json, "exercised", suite->exercised);
    json_member_number(&json, "clauses", suite->nclauses);
    json_close_object(&json);
    json_close_object(&json);
}
