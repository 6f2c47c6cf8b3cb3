/*
 * import_command.h: `berth import`, which reads no workspace.
 */
#ifndef BERTH_IMPORT_COMMAND_H
#define BERTH_IMPORT_COMMAND_H

#include "options.h"

/* The exit status. What there is to say goes to standard error. */
int import_command(const Options *options);

#endif
