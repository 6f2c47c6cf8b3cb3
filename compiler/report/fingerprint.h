/*
 * fingerprint.h: what a finding is known by from one run to the next.
 *
 * 16 hexadecimal digits of XXH3 over the rule, the repository and what the finding is
 * about. Places have no part in it, so that it survives every edit around the finding.
 * Private to the reports.
 */
#ifndef BERTH_REPORT_FINGERPRINT_H
#define BERTH_REPORT_FINGERPRINT_H

#include "report/report.h"

/* Of a row: its cells but for the places. */
Text fingerprint_of_row(const Report *report, const Rule *rule, Text repository,
                        const uint32_t *row);
/* Of what a reader said: the path and the message. */
Text fingerprint_of_diag(const Report *report, const Rule *rule, const Diag *diag);

#endif
