/*
 * baseline.h: the findings that a project has agreed to live with for now.
 *
 * A JSON file (schemas/baseline.schema.json) of fingerprints, which survive moved lines;
 * equal ones are as many as there are entries. What it holds is not reported and does
 * not count for the exit status. `--update-baseline` writes it again without what is no
 * longer found, and adds nothing unless `--allow-growth` is given.
 */
#ifndef BERTH_BASELINE_H
#define BERTH_BASELINE_H

#include "answer.h"

/* After judge_findings: takes the findings of `--baseline` out of the report, and
 * writes the file where that is asked for. False when nothing should be reported; it
 * was said why, and the answer has its status. Without `--baseline` nothing is done. */
bool baseline_use(Answer *answer);

#endif
