/*
 * export.h: facts, rules and rows for other engines.
 */
#ifndef BERTH_EXPORT_H
#define BERTH_EXPORT_H

#include "compile.h"

/* For Souffle: DIR/program.dl, DIR/facts/RELATION.facts, and what berth derived as
 * DIR/rows/RELATION.csv, to compare. Cells are separated by tabs; a row with a tab or a
 * line end in a cell cannot be said so. False when something could not be written;
 * *problem then says what. */
bool export_souffle(Compilation *compilation, Text directory, Text *problem);

#endif
