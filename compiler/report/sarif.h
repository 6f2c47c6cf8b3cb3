/*
 * sarif.h: the parts of a SARIF 2.1.0 log, for GitHub code scanning.
 *
 * GitHub's support page decides what stands in it, and its limits what is kept. Private
 * to the reports: sarif.c writes the log and chooses the results, sarif_rules.c the tool
 * and its rules, sarif_result.c one result.
 */
#ifndef BERTH_REPORT_SARIF_H
#define BERTH_REPORT_SARIF_H

#include "report/line_hash.h"
#include "report/told.h"

/* GitHub refuses a log of more than 10 MB, compressed: results and their proofs take less,
 * and leave room for what is told of the run. Logs are bounded as they are, too. */
enum {
    SARIF_RULES = 25000,  /* GitHub refuses more */
    SARIF_RESULTS = 5000, /* GitHub shows so many */
    SARIF_PACKED_FLOWS =
        7000000,                /* compressed: from here on results go without proofs */
    SARIF_PACKED = 8500000,     /* compressed: from here on there are no results */
    SARIF_FLOWS_END = 64 << 20, /* the same of the log as it is */
    SARIF_END = 96 << 20,
    SARIF_FLOWS = 100,   /* of a result */
    SARIF_STEPS = 100,   /* of a flow: 10,000 a result, as many as GitHub takes */
    SARIF_RELATED = 100, /* GitHub shows so many */
    SARIF_TAGS = 20,
    SARIF_NOTIFICATIONS = 1000,
    SARIF_RULE_TEXT = 1024, /* bytes of a rule's descriptions */
    SARIF_TEXT = 2000       /* bytes of any other text of an input */
};

/* All findings of one rule on one line: GitHub takes them for one alert. */
typedef struct SarifResult {
    const Finding *const *findings; /* in the report's order */
    uint32_t count;
    uint32_t rule; /* its place among the declared rules; SARIF_RULES: not there */
    LineHash hash;
} SarifResult;

const char *sarif_level(Severity severity);

/* "tool": the driver with every rule that is on, in the catalogue's order. */
void sarif_add_tool(const Report *report, JsonOut *json);

/* `has_flows`: whether the proofs are shown. */
void sarif_add_result(const Report *report, const SarifResult *result, bool has_flows,
                      JsonOut *json);

void sarif_add_message(const Report *report, Text text, JsonOut *json);
/* "physicalLocation" of a place; with the bytes there, secrets hidden, or without. */
void sarif_add_place(const Report *report, Span span, bool has_snippet, JsonOut *json);
/* An "artifactLocation": the key is the caller's. */
void sarif_add_artifact_location(const Report *report, Text path, JsonOut *json);

#endif
