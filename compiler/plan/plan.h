/*
 * plan.h: a login plan: which registries, with which environment variables, and why.
 *
 * The shape that `berth plan` writes and berth-run reads (DESIGN section 5). A plan
 * holds names of environment variables, never their values.
 */
#ifndef BERTH_PLAN_PLAN_H
#define BERTH_PLAN_PLAN_H

#include "base/arena.h"
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

typedef struct PlanStep {
    Text registry; /* as image references name it: "docker.io" */
    PlanMethod method;
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
} PlanStep;

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
    const PlanImage *without_login;
    uint32_t nwithout_login;
    const PlanBlock *blocked;
    uint32_t nblocked;
} Plan;

#endif
