/*
 * suite.h: the cases of rules, and what came of them.
 *
 * A case is a directory, a workspace: "images/no-hub/bad-tag" of the rule
 * "images/no-hub". In a bad case the rule must have a finding, in a good and in an
 * unknown one it must have none. Beside its files may stand `arguments` (or
 * `arguments.text`), words of `berth check`, and `expect.text`, what that prints, byte for
 * byte: standard output; then standard error, each line after "! "; then "# exit N" where
 * the status is not 0. Each case is compiled for itself, in memory of its own, and sees
 * nothing but its directory. Texts of a Suite lie in its arena.
 */
#ifndef BERTH_SUITE_H
#define BERTH_SUITE_H

#include "catalogue.h"
#include "compile.h"

typedef enum CaseKind { CASE_BAD, CASE_GOOD, CASE_UNKNOWN, CASE_OF_NO_KIND } CaseKind;
enum { CASE_KINDS = CASE_OF_NO_KIND };

typedef enum CaseStatus { CASE_PASSED, CASE_FAILED, CASE_INCOMPLETE } CaseStatus;

/* A finding of the case's rule. */
typedef struct CaseFinding {
    Text severity, message;
    Text path; /* below the case; empty: nowhere */
    Place place;
} CaseFinding;

typedef struct Case {
    Text rule; /* its id; empty: of no rule */
    CaseKind kind;
    Text path; /* to open, and as it is printed */
    CaseStatus status;
    Text expected, found; /* of what did not pass, in words */
    Text where;           /* of that: "path:line:column", or the case's path */
    const CaseFinding *findings;
    uint32_t nfindings;
} Case;

typedef struct TestedRule {
    Text id, path; /* path: of its file */
    uint32_t cases[CASE_KINDS];
} TestedRule;

/* A clause with a body: what it states holds, as facts do, without being exercised. */
typedef struct TestedClause {
    Text path, text; /* text: all of it */
    uint32_t line;
    bool held; /* its whole body, in some case */
} TestedClause;

typedef struct Suite {
    Arena *arena;
    const Text *directories; /* of the rules */
    uint32_t ndirectories;
    bool shipped; /* the rules that berth ships are tested; there are no directories */
    Text target;  /* --target: a plan's rows are asked for too; empty: they are not */
    uint32_t today;    /* since 1970-01-01; of a case that states none */
    TestedRule *rules; /* by id */
    uint32_t nrules, rules_capacity;
    TestedClause *clauses; /* in the order of the program */
    uint32_t nclauses;
    uint32_t first_clause, end_clause; /* of the program, facts included, */
    uint32_t program_clauses;          /* which has so many */
    Case *cases;                       /* by path, directory by directory */
    uint32_t ncases, cases_capacity;
    uint32_t counts[CASE_INCOMPLETE + 1]; /* cases by status */
    uint32_t exercised;                   /* clauses */
} Suite;

/* Reads the rules of suite->directories into cc, whose arena is set, and lists them and
 * their clauses. False when they cannot be used: cc->diags says why. */
bool suite_read_rules(Suite *suite, Compilation *cc);

/* Adds the cases that stand in a directory, as `directory`/<rule's id>/<case>. What looks
 * like one and is of no rule is added too, as failed. False when the directory cannot be
 * opened; *problem then says why. */
bool suite_find_cases(Suite *suite, Text directory, const char **problem);

/* suite_case.c. Runs one: its result goes into it, and marks to suite->clauses. */
void suite_run_case(Suite *suite, Case *of);

/* suite_print.c */
void suite_text(const Suite *suite, bool quiet, bool verbose, Buffer *out);
void suite_json(const Suite *suite, Buffer *out);
/* How many bad and good cases there should be and are not. */
uint32_t suite_missing(const Suite *suite);
const char *case_kind_name(CaseKind kind); /* "bad", "good", "unknown" */

#endif
