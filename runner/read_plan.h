/*
 * read_plan.h: a login plan, read strictly.
 *
 * The plan decides where passwords go, so nothing in it is repaired: JSON to the
 * letter, the version, every name, host and size checked, every problem told at its
 * place. Members that this version does not know are passed over, since a plan of the
 * same version may gain some. DESIGN section 5; T1 and T17 of reference/runner.md.
 */
#ifndef BERTH_RUNNER_READ_PLAN_H
#define BERTH_RUNNER_READ_PLAN_H

#include "base/diag.h"
#include "base/source.h"
#include "plan/plan.h"

enum {
    PLAN_BYTES_MAX = 1 << 20,
    PLAN_STEPS_MAX = 256,
    PLAN_CANDIDATES_MAX = 64, /* of one step */
    PLAN_NAME_MAX = 256       /* bytes of a variable's name */
};

/* Fills *plan from the file with this number; false when anything is wrong, all of it
 * in `diags`. The plan's texts live as long as the arena. */
bool plan_read(Arena *arena, Sources *sources, uint32_t file, Diags *diags, Plan *plan);

/* The name of a method, as a plan writes it. */
Text plan_method_name(PlanMethod method);

/* name = (upper case letter | "_") (upper case letter | digit | "_")* */
bool plan_is_variable(Text name);

#endif
