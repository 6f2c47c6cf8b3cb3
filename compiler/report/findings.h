/*
 * findings.h: findings that are added after the others.
 *
 * Private to the reports: suppressions are judged by the findings, and make some.
 */
#ifndef BERTH_REPORT_FINDINGS_H
#define BERTH_REPORT_FINDINGS_H

#include "report/report.h"

/* What a reader said, as a finding at the end; nothing when its rule is off. */
void finding_add_diag(Report *report, const Diag *diag);

#endif
