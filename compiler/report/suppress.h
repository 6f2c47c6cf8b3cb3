/*
 * suppress.h: findings that somebody has looked at and means to keep.
 *
 * A comment beside the cause (base/ignore.h) and an acknowledgement in berth.yaml take
 * a finding out of those that are reported. Each states a reason; one that silences
 * nothing, that has ended or that is malformed is itself a finding,
 * "input/unused-suppression", which nothing silences. (DESIGN 3.3)
 *
 * A finding is silenced where one of the places that a report shows of it, the primary
 * one or a related one, begins in what the comment covers.
 */
#ifndef BERTH_REPORT_SUPPRESS_H
#define BERTH_REPORT_SUPPRESS_H

#include "base/files.h"
#include "report/report.h"

/* One of berth.yaml. Empty texts: any. */
typedef struct Acknowledged {
    Text rule, reason, until;
    uint32_t until_day; /* when `until` is not empty */
    Text repository;    /* names ignore case */
    Text tree;          /* of a repository: where its tree is, for what readers found */
    bool has_tree;
    Text image;     /* as written */
    Text name;      /* its host and path, "ghcr.io/octo-org/base" */
    Text package;   /* its path, when it lies in GitHub's registry */
    Text whole;     /* canonical, tag and digest included; empty: it names neither */
    bool is_unseen; /* of what it speaks of, not all was read */
    Span span;
} Acknowledged;

typedef struct Suppressions {
    const Acknowledged *acknowledged;
    uint32_t nacknowledged;
    const Diags *diags; /* which files did not read as they should */
    uint32_t today;     /* since 1970-01-01; when has_today, else nothing ends */
    bool has_today;
    uint32_t rules_after, rules_until; /* files in which no comment counts */
    bool shows_all;                    /* --no-ignores: nothing is silenced */
    /* NULL, or the state before a change, judged, and its files. A comment that the
     * change adds, or puts before something else, is proposed: it silences nothing but
     * what was silenced before. */
    const Report *before;
    Files *before_files;
    bool is_narrowed; /* only a part was looked at: nothing is unused */
    bool is_whole;    /* every tree was read: so organization-wide rules know all */
    bool is_cut_off;  /* the rules met a limit */
} Suppressions;

/* After findings_collect: silences, and adds what is wrong with the suppressions. */
void findings_suppress(Report *report, const Suppressions *suppressions);

#endif
