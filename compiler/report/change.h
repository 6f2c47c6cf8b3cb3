/*
 * change.h: of the findings, those that a change brought.
 *
 * Two states of one workspace were judged, each by itself. A finding is new when the
 * state before had fewer of its fingerprint; fingerprints hold no lines, so that what
 * only moved is not new. A new finding stands on the line that the change touched.
 */
#ifndef BERTH_REPORT_CHANGE_H
#define BERTH_REPORT_CHANGE_H

#include "base/files.h"
#include "report/report.h"

/* After findings_collect on both. `report` keeps its new findings, counted anew, each
 * placed: where its primary place was not touched, at the first place of its proof that
 * was, or where a line went that had kept it from being; the primary place is then the
 * first related one. `files` are the state before's, into before->sources. Sets
 * report->fixed and unchanged. */
void findings_keep_new(Report *report, const Report *before, Files *files);

#endif
