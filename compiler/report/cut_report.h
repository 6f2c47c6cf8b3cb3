/*
 * cut_report.h: `berth cut`: which access to remove so that nothing leaks, and what
 * becomes of everything then.
 */
#ifndef BERTH_REPORT_CUT_REPORT_H
#define BERTH_REPORT_CUT_REPORT_H

#include "report/report.h"

typedef struct FindingList {
    const Finding **items;
    uint32_t count, capacity;
} FindingList;

typedef struct ShownRemoval {
    Text says;
    Span span; /* file 0: nowhere */
    FindingList ends;
} ShownRemoval;

typedef struct CutAnswer {
    ShownRemoval *removals;
    uint32_t count;
    uint32_t at_least; /* no fewer removals end these leaks */
    FindingList left;  /* leaks that no removal of access ends */
    FindingList new;   /* findings that the removals bring */
    bool is_cut_off;   /* a limit was met: some leak may be left that could end */
} CutAnswer;

typedef void CutEmitter(const Report *report, const CutAnswer *answer, Buffer *out);
CutEmitter cut_text, cut_json;

#endif
