/*
 * plan_json.h: a login plan, written as JSON (DESIGN section 5; berth-run reads it back).
 *
 * Equal plans are equal bytes. Only names of environment variables are written, never a
 * value.
 *
 * A step whose identifier is not known has `candidates` in the place of `username`,
 * `password` and `source`; a step whose SERVER is not read has no `server.env`.
 */
#ifndef BERTH_PLAN_PLAN_JSON_H
#define BERTH_PLAN_PLAN_JSON_H

#include "base/buffer.h"
#include "plan/plan.h"
#include "report/report.h"

/* `report` proves each step, by the rows that the plan was made of, and places what is in
 * conflict; NULL: without either. */
void plan_json(const Plan *plan, const Report *report, Buffer *out);

#endif
