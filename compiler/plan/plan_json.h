/*
 * plan_json.h: a login plan, written.
 *
 * As JSON (DESIGN section 5; berth-run reads it back) or as the environment variable
 * of the dev container CLI. Equal plans are equal bytes. Only names of environment
 * variables are written, never a value.
 *
 * A step whose identifier is not known has `candidates` in the place of `username`,
 * `password` and `source`; a step whose SERVER is not read has no `server.env`.
 */
#ifndef BERTH_PLAN_PLAN_JSON_H
#define BERTH_PLAN_PLAN_JSON_H

#include "base/buffer.h"
#include "plan/plan.h"

void plan_json(const Plan *plan, Buffer *out);

/* One line for a shell, DEVCONTAINERS_OCI_AUTH='host|'"$USER"'|'"$PASSWORD", the
 * variables by reference; before it a comment for each step that cannot be said so. */
void plan_env(const Plan *plan, Buffer *out);

#endif
