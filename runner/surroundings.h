/*
 * surroundings.h: the environment of the programs that this one calls.
 *
 * From nothing: what this process has in its own, a pull request may have set. What
 * decides how a host is reached is handed on only where the options say so.
 */
#ifndef BERTH_RUNNER_SURROUNDINGS_H
#define BERTH_RUNNER_SURROUNDINGS_H

#include "runner.h"
#include "words.h"

/* That of a client which works in `directory` and reaches hosts by way of `gate` (see
 * egress.h). `keeps`: it is to reach the user's keychain. Ends in NULL. */
char **surroundings_of(Run *run, Text directory, uint16_t gate, bool keeps);

/* Adds the variables that say how to reach a host, where the options hand them on. */
void surroundings_add_network(Words *words, const Run *run);

#endif
