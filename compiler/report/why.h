/*
 * why.h: `berth why`: a verdict with its proof, why it is no better, and what would
 * allow it.
 *
 * The verdict is a row verdict(config, repo, ref, phase, verdict) of the rules. What
 * the repairs are is found elsewhere; here they are printed.
 */
#ifndef BERTH_REPORT_WHY_H
#define BERTH_REPORT_WHY_H

#include "report/report.h"

typedef struct WhyQuestion {
    Text configuration, repository, reference, phase;
} WhyQuestion;

typedef struct Verdict {
    Text says; /* "allowed", "denied" or "unknown" */
    DlRelationId relation;
    uint32_t row;
} Verdict;

typedef struct RepairStep {
    Text says;
    Span span; /* file 0: nowhere */
} RepairStep;

typedef struct ShownRepair {
    const RepairStep *steps;
    uint32_t nsteps;
    const Text *creates; /* ids of rules that would have a finding then */
    uint32_t ncreates;
} ShownRepair;

typedef struct WhyAnswer {
    Verdict verdict;
    const Proof *const *why_not; /* what fails of what would allow it */
    uint32_t nwhy_not;
    const ShownRepair *repairs; /* as they are shown */
    uint32_t nrepairs;
    uint32_t nchanges; /* among which they were sought; 0: nothing can be changed */
    uint32_t size_max; /* changes of a repair */
    bool is_cut_off;   /* a limit ended the search: there may be others */
} WhyAnswer;

/* False when the database holds no verdict on it. */
bool verdict_find(const Report *report, const WhyQuestion *question, Verdict *verdict);
bool verdict_is_allowed(const Verdict *verdict);
/* The verdict and its proof, without what would change it. */
void verdict_add_text(const Report *report, const WhyQuestion *question,
                      const Verdict *verdict, Buffer *out);

typedef void WhyEmitter(const Report *report, const WhyQuestion *question,
                        const WhyAnswer *answer, Buffer *out);
WhyEmitter why_text, why_json;

#endif
