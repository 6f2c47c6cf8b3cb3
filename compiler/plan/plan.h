/*
 * plan.h: a login plan: which registries, with which environment variables, and why.
 *
 * The shape that `berth plan` writes and berth-run reads (DESIGN section 5). A plan
 * holds names of environment variables, never their values.
 */
#ifndef BERTH_PLAN_PLAN_H
#define BERTH_PLAN_PLAN_H

#include "base/arena.h"
#include "base/source.h"
#include "base/text.h"

/* METHOD(enumerator, name) */
#define PLAN_METHODS(METHOD)                                                           \
    METHOD(METHOD_BASIC, "basic")                                                      \
    METHOD(METHOD_ECR_EXCHANGE, "ecr-exchange")                                        \
    METHOD(METHOD_ECR_TOKEN, "ecr-token")                                              \
    METHOD(METHOD_GITHUB_TOKEN, "github-token")

typedef enum PlanMethod {
#define METHOD(enumerator, name) enumerator,
    PLAN_METHODS(METHOD)
#undef METHOD
} PlanMethod;

/* What the name of a registry of ECR says. The runner reads it there itself: where a
 * request is signed for is decided by the host that the password goes to. */
typedef struct PlanEcr {
    Text access;            /* private or public; empty: the host is none */
    Text account;           /* empty: public */
    Text region, partition; /* "cn-north-1", "aws-cn" */
    bool has_fips, has_dual_stack;
} PlanEcr;

typedef struct PlanStep {
    Text registry; /* as image references name it: "docker.io" */
    PlanMethod method;
    Text credential; /* its kind, by the user that is stated: "acr-admin", "unknown";
                        the runner goes neither by it nor by `ecr` */
    PlanEcr ecr;
    Text server_env; /* empty: the plan's own `server_expect` is not checked */
    Text server_expect;
    Text username_env, password_env;
    const Text
        *candidates; /* identifiers; when there are any, the three names above are
                               empty: the one whose SERVER is server_expect is taken */
    uint32_t ncandidates;
    const Text *images;
    uint32_t nimages;
    Text identifier, level, owner; /* where the credential comes from */
    int64_t expires_after;         /* seconds; 0: not known */
    const uint32_t *rows; /* of plan_step: what proves it; none where a plan is read */
    uint32_t nrows;
} PlanStep;

/* One of several triples for one registry. */
typedef struct PlanRival {
    Text identifier, level, owner;
    Site at; /* its SERVER; nowhere where a plan is read */
} PlanRival;

/* Which of them logs in is not documented: there is no step for the registry. */
typedef struct PlanConflict {
    Text registry, rule;
    const PlanRival *rivals;
    uint32_t nrivals;
    const Text *images;
    uint32_t nimages;
} PlanConflict;

typedef struct PlanImage {
    Text image, because;
} PlanImage;

typedef struct PlanBlock {
    Text image, rule;
} PlanBlock;

typedef struct Plan {
    Text repository, configuration, target, phase;
    const PlanStep *steps;
    uint32_t nsteps;
    const PlanConflict *conflicts;
    uint32_t nconflicts;
    const PlanImage *without_login;
    uint32_t nwithout_login;
    const PlanBlock *blocked;
    uint32_t nblocked;
} Plan;

#endif
