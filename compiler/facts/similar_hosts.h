/*
 * similar_hosts.h: which stated servers are nearly the registry of a reference.
 *
 * An edit distance is what no rule can work out, so it comes as a fact: `similar` holds
 * each server of a secret that no reference names, with the registry hosts of references
 * that are within two edits of it. A hint for a message: no verdict depends on it.
 */
#ifndef BERTH_FACTS_SIMILAR_HOSTS_H
#define BERTH_FACTS_SIMILAR_HOSTS_H

#include "facts/facts.h"

/* After all references and manifests were read. Where there are more than a million
 * pairs to compare, none is. */
void similar_hosts_find(Facts *facts);

#endif
