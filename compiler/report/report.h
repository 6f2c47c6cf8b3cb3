/*
 * report.h: the findings of a compilation, and everything that prints them.
 *
 * findings_collect turns rows and Diags into Findings; an emitter turns a Report into
 * bytes. Emitters are a table in commands.c: a new output is one file and one line there.
 * Nothing here knows the platform.
 */
#ifndef BERTH_REPORT_REPORT_H
#define BERTH_REPORT_REPORT_H

#include "base/buffer.h"
#include "base/diag.h"
#include "base/edits.h"
#include "base/json_out.h"
#include "datalog/datalog.h"
#include "report/rule.h"

typedef struct Related {
    Span span;
    Text message;
} Related;

/* A proof as people read it: steps without words are left out, their reasons taking
 * their place. */
typedef struct Proof {
    Text says;
    Span span; /* file 0: nowhere */
    bool absent;
    const struct Proof *const *because;
    uint32_t nbecause;
} Proof;

/* What would mend a finding. */
typedef struct Fix {
    bool is_safe;
    Text says;         /* "remove it" */
    const Edit *edits; /* by file and place */
    uint32_t nedits;
} Fix;

typedef struct Finding {
    const Rule *rule;
    Text message, help;
    Text repository;  /* empty: of none */
    Text fingerprint; /* 16 hexadecimal digits; of rule, repository and subject */
    Span span;        /* file 0: nowhere */
    Text label;       /* what stands there; empty: nothing to say */
    const Related *related;
    uint32_t nrelated;
    DlRelationId relation; /* DL_NO_RELATION: found by a reader */
    uint32_t row;          /* what proves it */
    Text meant;            /* of a reader's: what would stand there; or empty */
    const Fix *fix;        /* see fixes_collect; NULL: none, or not asked for */
} Finding;

/* SUPPRESSION(enumerator, name): what took a finding out of those that are reported. */
#define SUPPRESSION_KINDS(SUPPRESSION)                                                 \
    SUPPRESSION(SUPPRESSED_IN_SOURCE, "inSource")                                      \
    SUPPRESSION(SUPPRESSED_ACKNOWLEDGED, "acknowledged")                               \
    SUPPRESSION(SUPPRESSED_BASELINE, "baseline")

typedef enum SuppressionKind {
#define SUPPRESSION(enumerator, name) enumerator,
    SUPPRESSION_KINDS(SUPPRESSION)
#undef SUPPRESSION
} SuppressionKind;

Text suppression_kind_name(SuppressionKind kind);

typedef struct Suppressed {
    Finding finding;
    SuppressionKind kind;
    Text reason; /* empty: the baseline states none */
    Text until;  /* "2027-01-31"; empty: for good */
    Span span;   /* the comment, the acknowledgement; file 0: of a baseline */
} Suppressed;

/* A suppression that a change adds: it silences nothing yet. */
typedef struct Proposed {
    SuppressionKind kind;
    const Text *rules;
    uint32_t nrules;
    Text reason, until; /* until: empty: for good */
    Span span;
} Proposed;

typedef struct Coverage {
    Text path, status, reason; /* status: analysed, partial, refused */
} Coverage;

typedef struct Ways Ways;

/* What a report tells of the run itself. */
typedef struct RunFacts {
    Text version;     /* of berth */
    Text category;    /* what was asked to be checked, "octo-org/site/"; empty: all */
    Text prefix;      /* the checked path as the places of findings begin with it where
                           they are told to others: "" or "sub/" */
    Severity fail_on; /* what fails the run; when never_fails is not set */
    bool never_fails;
    bool is_complete;   /* no limit was reached, nothing was unreadable or unusable */
    const Diags *diags; /* those of rule "": why a policy cannot be used */
} RunFacts;

typedef struct Report {
    Arena *arena;
    Symbols *symbols;
    Sources *sources;
    const Catalogue *catalogue;
    const DlProgram *program;
    const DlDatabase *database; /* NULL: access was not judged */
    const Ways *ways;           /* of its references; NULL: proofs do not show them */
    Finding *findings;          /* by path, place, rule, message */
    uint32_t count, capacity;
    Suppressed *silenced; /* not among the findings; those of the baseline last */
    uint32_t nsilenced, silenced_capacity;
    Proposed *proposed; /* of a change: those of comments by file and place first */
    uint32_t nproposed, proposed_capacity;
    const Coverage *coverage; /* by path */
    uint32_t ncoverage;
    uint32_t repositories, configurations, references; /* that were read */
    uint32_t errors, warnings, infos;                  /* findings */
    uint32_t suppressed; /* silenced in source, or acknowledged */
    uint32_t known;      /* in the baseline, when has_baseline */
    bool has_baseline;
    bool is_change;            /* the findings are those that a change brought */
    uint32_t fixed, unchanged; /* of a change: findings that went, that stayed */
    RunFacts run;
    bool color;
    Text links;     /* "file://host/directory/", to link places to; empty: no links */
    uint32_t width; /* of the terminal, in columns; 0: lines are as long as they are */
    bool quiet, verbose; /* text only: -q, -v (proofs unfolded) */
} Report;

/* Adds the findings of every rule that is not off, from the database's rows and from the
 * Diags of rules (those of rule "" are not findings), sorted, without duplicates and
 * without those that yield to another, and counts them. */
void findings_collect(Report *report, const Diags *diags);
/* Sorts and counts them again, after some were taken away or placed elsewhere. */
void findings_sort(Report *report);

/* Takes a finding's place among the silenced ones; it has to be taken out of the
 * findings, which are then counted anew. */
void finding_silence(Report *report, const Finding *finding, Suppressed how);
void findings_count(Report *report);
void suppression_propose(Report *report, Proposed proposed);

/* The proof of a row; `depth` levels of it at most. Never NULL. */
const Proof *proof_of(const Report *report, DlRelationId relation, uint32_t row,
                      uint32_t depth);
/* The proof of a finding: its message at the root. NULL for what a reader found. */
const Proof *finding_proof(const Report *report, const Finding *finding);

/* What fails, of each way in which a row could have been derived: the roots of trees, as
 * people read them. What has no words, or was said, is left out. */
const Proof *const *why_not_proofs(const Report *report, DlWhyNots why_not,
                                   uint32_t *count);

/* A template with every {attribute} replaced by the row's text. `any`: marks of cells
 * that stand for anything (see DlProof); NULL: none. */
Text template_fill(const Report *report, Text template, DlRelationId relation,
                   const uint32_t *row, const bool *any);

typedef void Emitter(const Report *report, Buffer *out);
Emitter report_text;     /* text.c */
Emitter report_json;     /* json.c */
Emitter report_ndjson;   /* ndjson.c */
Emitter report_sarif;    /* sarif.c */
Emitter report_github;   /* github.c */
Emitter report_gitlab;   /* gitlab.c */
Emitter report_junit;    /* junit.c */
Emitter report_markdown; /* markdown.c */

/* markdown.c: the same for $GITHUB_STEP_SUMMARY, in at most `limit` bytes; nothing where
 * that is too few. */
void report_step_summary(const Report *report, size_t limit, Buffer *out);

/* text.c: parts that other commands print too. */
void text_add_diag(const Report *report, const Diag *diag, const char *severity,
                   Buffer *out); /* "error: access/a.yaml:3:5: ..." with its snippet */
void text_add_proof(const Report *report, const Proof *proof, Buffer *out); /* a tree */
void json_add_proof(const Report *report, const Proof *proof, JsonOut *json);
void json_add_location(const Report *report, Span span, JsonOut *json);
/* The members of a finding, in an object that is open. */
void json_add_finding(const Report *report, const Finding *finding, JsonOut *json);
/* What stands beside the findings: the rest of the report's members. */
void json_add_rest(const Report *report, JsonOut *json);

/* silenced.c: what is not among the findings, and why; what a change proposes. */
void silenced_add_text(const Report *report, Buffer *out);   /* one after another */
void silenced_add_json(const Report *report, JsonOut *json); /* an array */
void proposed_add_text(const Report *report, Buffer *out);
void proposed_add_json(const Report *report, JsonOut *json);

/* explain.c: `berth rules`, `berth explain FINGERPRINT`; page.h has a rule's page. */
void rules_text(const Report *report, Buffer *out);
void rules_json(const Report *report, Buffer *out);
void explain_finding(const Report *report, const Finding *finding, Buffer *out);

/* refs.c: `berth refs`, from the input relations. `configuration` and `repository`:
 * empty, or the only ones wanted. */
void refs_text(const Report *report, Text repository, Text configuration, Buffer *out);
void refs_json(const Report *report, Text repository, Text configuration, Buffer *out);

#endif
