/*
 * helper.h: docker-credential-berth, a credential helper that keeps nothing.
 *
 * The same program under another name. It answers from the environment, through the
 * plan that --store helper left beside the file that names the helper: nothing is at
 * rest. The protocol is docker's: a verb as the argument, a server or JSON on standard
 * input, JSON or what went wrong on standard output. reference/runner.md, section 5.
 */
#ifndef BERTH_RUNNER_HELPER_H
#define BERTH_RUNNER_HELPER_H

#include "runner.h"

/* Whether a program that was called so is the helper. */
bool helper_is_meant(const char *program);

/* get, store, erase, list or version. */
Status helper_run(Run *run, const char *verb, char *const *environment);

#endif
