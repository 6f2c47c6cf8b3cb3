/*
 * plan_diff.h: what differs between two login plans: `berth plan --diff`.
 *
 * First of all which secrets go to a server that they did not go to: this is how a pull
 * request would send a password elsewhere (T2 of reference/runner.md, section 9). Then
 * every other change. Proofs and places are not compared, since they move with any line.
 * The order of what a plan lists has no meaning.
 */
#ifndef BERTH_PLAN_PLAN_DIFF_H
#define BERTH_PLAN_PLAN_DIFF_H

#include "base/buffer.h"
#include "plan/plan.h"
#include "report/report.h"

/* Secrets that go to the same servers, of which the old plan sends them to some, and to
 * one at least not. */
typedef struct PlanRedirect {
    const Text *secrets; /* variables, sorted: users and passwords */
    uint32_t nsecrets;
    const Text *before, *now; /* registries, sorted */
    uint32_t nbefore, nnow;
} PlanRedirect;

typedef struct PlanMember {
    const char *name; /* "server", "password", "image" */
    Text before, now; /* empty: there is none */
} PlanMember;

typedef struct PlanChange {
    const char *kind; /* "added", "removed", "changed" */
    const char *what; /* "plan", "step", "conflict", "without-login", "blocked" */
    Text name;        /* a registry or an image; empty: of the plan itself */
    const PlanMember *members;
    uint32_t nmembers;
} PlanChange;

typedef struct PlanDiff {
    const PlanRedirect *redirects;    /* by servers */
    uint32_t nredirects, nredirected; /* nredirected: secrets */
    const PlanChange *changes;        /* the plan's, steps', conflicts', then images' */
    uint32_t nchanges, capacity;
    uint32_t added, removed, changed;
} PlanDiff;

/* Its texts are those of the plans, or the arena's. */
const PlanDiff *plan_diff(Arena *arena, const Plan *old_plan, const Plan *new_plan);

/* `look`: only its colours. */
void plan_diff_text(const PlanDiff *diff, const Report *look, Buffer *out);
void plan_diff_json(const PlanDiff *diff, Buffer *out);

#endif
