/*
 * rule.h: the catalogue: what each rule says of itself, and each relation of its rows.
 *
 * Filled from the rule files' metadata (catalogue.c, above the engine) and handed down.
 * A template holds {attribute} for the text of a cell. Texts live as long as the
 * compilation.
 */
#ifndef BERTH_REPORT_RULE_H
#define BERTH_REPORT_RULE_H

#include "base/files.h"
#include "base/source.h"
#include "datalog/datalog.h"

typedef enum Severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR } Severity;

const char *severity_name(Severity severity); /* "info", "warning", "error" */

/* Where a rule's cases lie, if it has any: a directory for each. */
typedef struct RuleHome {
    Files *files; /* opened at `at`, as the user gave it */
    Text at;
    Text root, cases; /* clean, in `files`: "policy", "policy/images/no-hub" */
} RuleHome;

typedef struct Label {
    Text attribute; /* of type Site */
    Text says;      /* template: what a report prints at that place */
} Label;

typedef enum FixKind {
    FIX_NONE,
    FIX_REPLACE, /* what stands there by `with` */
    FIX_REMOVE,  /* the item or the member that stands there */
    FIX_APPEND,  /* `with` to the list `key` of the mapping around the place */
    FIX_SET,     /* `key` of the mapping around the place to `with` */
    FIX_MOVE     /* the member that stands there into the mapping `key` beside it */
} FixKind;

/* How a finding of a rule is mended. A place that is nowhere is not edited; a finding
 * without any has no fix. */
typedef struct FixRule {
    FixKind kind;
    bool is_safe;   /* else only with --fix=all */
    const Text *at; /* attributes of type Site; of a reader's rule: "at", "related" */
    uint32_t nat;
    Text with;         /* template */
    bool with_is_word; /* true, 12: written without quotes */
    Text key;
} FixRule;

typedef struct Rule {
    Text id; /* "leak/public-repo-nonpublic-image" */
    Text title, message, help, basis, documentation;
    Text description; /* paragraphs, a line each; `code` stands between backticks */
    Text failing, passing; /* the cases that its page shows; empty: the first */
    Severity severity;
    bool is_off;
    bool is_mandatory; /* no file of a repository switches it off or silences it */
    bool is_organization_wide; /* scope: organization */
    const Label *labels;
    uint32_t nlabels;
    const Text *tags; /* "security", "external/cwe/cwe-200" */
    uint32_t ntags;
    const Text
        *yields_to; /* ids of more specific rules: where one of them has a finding
                              at the same place, this one is silent */
    uint32_t nyields_to;
    FixRule fix;
    DlRelationId relation; /* DL_NO_RELATION: found by a reader */
    uint32_t file;         /* the rule file, in the sources */
    const RuleHome *home;  /* an organization's own; NULL: a shipped one */
} Rule;

typedef struct Sentence {
    Text says;   /* template; empty: rows of this relation are steps without words */
    Text absent; /* template for a row that is not there; empty: "no ..." of `says` */
} Sentence;

typedef struct Catalogue {
    Rule *rules; /* by id */
    uint32_t count, capacity;
    Sentence *sentences; /* by relation number of the program */
    uint32_t nsentences;
} Catalogue;

/* Whether an attribute is there for the fix alone: neither shown nor counted as what a
 * finding is about. */
bool rule_hides(const Rule *rule, Text attribute);
bool rule_has_tag(const Rule *rule, Text tag);
/* Whether it is on, and finds leaks in rows: by its category, which is "leak". */
bool rule_says_a_leak(const Rule *rule);

const Rule *rule_find(const Catalogue *catalogue, Text id); /* NULL: no such rule */

#endif
