/*
 * report.h: what became of each step, for people or as JSON.
 *
 * One line of JSON a step, never with a user or a secret: schemas/run.schema.json.
 */
#ifndef BERTH_RUNNER_REPORT_H
#define BERTH_RUNNER_REPORT_H

#include "client.h"
#include "logins.h"

/* Why nothing, or not all, is stored: one line a step, on standard error. */
void report_failure(Run *run, Logins logins, bool stored);
/* What was stored, and where. */
void report_stored(Run *run, Logins logins, Text where);
/* What --logout has done. */
void report_removed(Run *run, Logins logins);

/* One line a step; nothing unless the options ask for it. */
void report_json(Run *run, Logins logins);

/* What a run of this plan would do. `lacking`: why there is no client; empty when there
 * is one, or none is needed. */
void report_dry_run(Run *run, const Plan *plan, Logins logins, const Client *client,
                    Text lacking, Text target);

#endif
