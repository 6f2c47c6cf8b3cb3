/*
 * plan_read.h: a login plan, read strictly.
 *
 * The plan decides where passwords go, so nothing in it is repaired: JSON to the
 * letter, the version, every name, host and size checked, every problem told at its
 * place. Members that this version does not know are passed over, since a plan of the
 * same version may gain some. DESIGN section 5; T1, T2 and T17 of
 * reference/runner.md.
 */
#ifndef BERTH_PLAN_PLAN_READ_H
#define BERTH_PLAN_PLAN_READ_H

#include "base/diag.h"
#include "base/source.h"
#include "plan/plan.h"

enum {
    PLAN_BYTES_MAX = 1 << 20,
    PLAN_MEMORY =
        12 << 20, /* for who reads one of strangers: it ends early and small */
    PLAN_STEPS_MAX = 256,
    PLAN_CANDIDATES_MAX = 64, /* of one step */
    PLAN_NAME_MAX = 256       /* bytes of a variable's name */
};

/* Fills *plan from the file with this number; false when anything is wrong, all of it
 * in `diags`. The plan's texts live as long as the arena. */
bool plan_read(Arena *arena, Sources *sources, uint32_t file, Diags *diags, Plan *plan);

/* The same from bytes that are called `name`. What is wrong is in *problems, a line each
 * for people: "name:2:7: 'steps' is not an array". */
bool plan_read_bytes(Arena *arena, Text name, Text bytes, Plan *plan,
                     const Text **problems, uint32_t *nproblems);

/* The name of a method, as a plan writes it. */
Text plan_method_name(PlanMethod method);

/* The variable of an identifier's member: IDENTIFIER "_CONTAINER_REGISTRY_" MEMBER. */
Text plan_variable(Arena *arena, Text identifier, const char *member);

/* name = (upper case letter | "_") (upper case letter | digit | "_")* */
bool plan_is_variable(Text name);

#endif
