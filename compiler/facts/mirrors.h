/*
 * mirrors.h: which references are served by a pull-through cache. (DESIGN 3.3, mirrors)
 *
 * A reference keeps its text and its canonical form, since that is what is pulled, from
 * the cache and with its credentials. What it holds is the upstream's: the fact
 * `mirrored` says which host and path that is, for the rules that judge an image's
 * content (rules/platform/mirrors.dl).
 */
#ifndef BERTH_FACTS_MIRRORS_H
#define BERTH_FACTS_MIRRORS_H

#include "facts/workspace.h"

/* For every reference_name there is. Of several mirrors that fit, the longest prefix
 * counts; a prefix ends where a segment does. */
void mirrors_extract(Facts *facts, const Workspace *workspace);

#endif
