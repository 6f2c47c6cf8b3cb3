/*
 * test_command.h: `berth test`: the cases of an organization's own rules.
 */
#ifndef BERTH_TEST_COMMAND_H
#define BERTH_TEST_COMMAND_H

#include "options.h"

/* Runs them, prints what came of them, and gives the exit status: 0 all passed; 1 one
 * failed, or with --strict something was not tested; 2 wrong usage, or rules that cannot
 * be used; 3 one could not be analysed to its end. */
int command_test(const Options *options);

#endif
