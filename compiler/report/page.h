/*
 * page.h: the page of a rule: what is wrong, a case that fails, one that passes, how to
 * fix it, and the clauses.
 *
 * One content, three forms: for a terminal, as Markdown (the committed pages of
 * docs/rules) and as JSON (schemas/explain.schema.json). The cases are read above
 * (examples.c); their bytes hold no secret. In texts of metadata {attribute} stands for
 * what a finding has there: pages write <attribute>.
 */
#ifndef BERTH_REPORT_PAGE_H
#define BERTH_REPORT_PAGE_H

#include "report/report.h"

typedef struct ExampleFile {
    Text path; /* relative to the case */
    Text bytes;
} ExampleFile;

typedef struct Example {
    Text name; /* of the case: "bad-r5-internal"; empty: there is none */
    Text
        repository; /* which one the case is, where berth.yaml says no more; else empty */
    const ExampleFile *files; /* by path */
    uint32_t nfiles;
    Text command; /* "berth check --today 2026-01-01" */
    Text output;  /* what it prints; empty: not known */
    uint32_t status;
} Example;

typedef struct Page {
    const Rule *rule;
    Example failing, passing;
} Page;

enum { PAGE_WIDTH = 80, PAGE_WIDTH_MIN = 40 };

/* `width`: the columns that paragraphs are wrapped to; examples and clauses are not. */
void page_text(const Report *report, const Page *page, uint32_t width, Buffer *out);
void page_markdown(const Report *report, const Page *page, Buffer *out);
void page_json(const Report *report, const Page *page, Buffer *out);

/* page_markdown.c: lines of metadata as paragraphs of Markdown, each after an empty line;
 * only `code` is markup in them. */
void page_add_paragraphs(Text text, Buffer *out);

/* `berth rules --format markdown`: the pages by category, and `words`, a section of
 * Markdown that pages link to. */
void page_index(const Report *report, Text words, Buffer *out);

/* --- page.c: what the forms share --- */

/* What follows the metadata of a rule file; empty for a rule that a reader finds. */
Text page_clauses(const Report *report, const Rule *rule);
/* What is wrong: the description, else the message. */
Text page_description(const Report *report, const Rule *rule);
Text page_help(const Report *report, const Rule *rule);
Text page_severity(const Rule *rule); /* "off" where the workspace says so */
Text page_scope(const Rule *rule);    /* "organization" or "repository" */
/* What the word of a basis, or of a scope, means. */
Text page_basis_says(const Rule *rule);
Text page_scope_says(const Rule *rule);

/* Whether a rule yields to another of this id. */
bool page_yields(const Rule *rule, Text id);

/* Whether the passing case's file is to be shown: the failing one has not the same. */
bool page_is_shown(const Page *page, const ExampleFile *file);
/* What is said of a failing case's file beside the passing case: that it is the same
 * there, or absent; empty: the passing case shows its own. */
Text page_change_says(const Page *page, const ExampleFile *file);
/* What is said of the passing case's result: a sentence. */
Text page_result_says(const Report *report, const Page *page);
/* A long file without its middle, which a line stands for. */
Text page_excerpt(Arena *arena, Text bytes);

#endif
