/*
 * policy_file.h: a manifest, or berth.yaml, as a tree.
 *
 * Access must not be judged from a policy that does not parse: its first syntax error is
 * said as one Diag of the rule "", and nothing of it is used.
 */
#ifndef BERTH_FACTS_POLICY_FILE_H
#define BERTH_FACTS_POLICY_FILE_H

#include "facts/facts.h"
#include "syntax/tree.h"

/* NULL when it cannot be used; then no value that may be a secret's is shown of it.
 * `what` is "manifest" or "berth.yaml". */
const Tree *policy_file_read(Facts *facts, uint32_t file, const char *what);

#endif
