/*
 * yaml_scalar.h: what a plain scalar is, by the core schema of YAML 1.2.2, 10.3.2.
 */
#ifndef BERTH_SYNTAX_YAML_SCALAR_H
#define BERTH_SYNTAX_YAML_SCALAR_H

#include "syntax/tree.h"

/* NODE_NULL, NODE_BOOLEAN, NODE_NUMBER or NODE_STRING. */
NodeKind yaml_scalar_kind(Text plain);

#endif
