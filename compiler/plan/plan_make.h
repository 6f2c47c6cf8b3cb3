/*
 * plan_make.h: rows -> a login plan.
 *
 * What needs a login, by which secrets, and what needs none is said by the relations
 * of rules/platform/plan.dl and blocks.dl; here they are only put in order: steps by
 * registry, then identifier; images and reasons by text. DESIGN section 5.
 */
#ifndef BERTH_PLAN_PLAN_MAKE_H
#define BERTH_PLAN_PLAN_MAKE_H

#include "base/intern.h"
#include "datalog/datalog.h"
#include "plan/plan.h"

typedef struct PlanQuestion {
    const DlProgram *program;
    const DlDatabase *database; /* after dl_run */
    const Symbols *symbols;
    Symbol config;                          /* the configuration, as the rows name it */
    Text phase;                             /* prebuild, create or runtime */
    Text repository, configuration, target; /* copied into the plan */
} PlanQuestion;

/* The plan of one configuration in one phase; a relation that the program does not
 * declare counts as empty. Its texts are views of the symbols and of `question`. */
const Plan *plan_make(Arena *arena, const PlanQuestion *question);

#endif
