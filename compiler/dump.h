/*
 * dump.h: what each phase made, as text: for debugging, and for goldens.
 */
#ifndef BERTH_DUMP_H
#define BERTH_DUMP_H

#include "compile.h"

/* Every file that was read (but rules), by path, as its tree. */
void dump_tree(Compilation *compilation, Buffer *out);
/* Every configuration as one line of JSON: the properties that decide what is pulled,
 * with their variables expanded, as the dev container CLI prints them; what only the
 * machine knows stays as it is written. */
void dump_configurations(Compilation *compilation, Buffer *out);
/* Every input row, by relation; sites as path:line:column. */
void dump_facts(Compilation *compilation, Buffer *out);
/* Every derived row, by relation. */
void dump_rows(Compilation *compilation, Buffer *out);

#endif
