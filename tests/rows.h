/*
 * rows.h: facts and diagnostics as lines of text, for tests that compare them.
 *
 * A row is "relation(cell, cell)", a Site in it "line:column" or "-"; rows stand in the
 * order of relations.def, those of one relation in the order they were added. A Diag is
 * "rule line:column message"; a rule "" is printed as "unusable".
 */
#ifndef BERTH_TESTS_ROWS_H
#define BERTH_TESTS_ROWS_H

#include "facts/facts.h"

Text rows_text(Facts *facts);
Text diags_text(const Facts *facts);

#endif
