/*
 * take.h: what one dump tells, into the records.
 *
 * Private to the import.
 */
#ifndef BERTH_IMPORT_TAKE_H
#define BERTH_IMPORT_TAKE_H

#include "import/pages.h"

/* Whether the names in the dump's path can be names. */
bool take_accepts(Dump *dump);

/* `dump->tree` has no value when the file is damaged: then its path alone tells. */
void take_dump(Dump *dump);

#endif
