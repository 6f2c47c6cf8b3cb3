/*
 * expand.h: variables in texts, in the dialects of the three tools.
 *
 * Each dialect is one function and, inside it, one table of forms. What is not known
 * offline stays in the value as a hole, written "${NAME}" (no image reference can hold
 * those bytes). A value that was looked up may hold holes itself; they are kept.
 */
#ifndef BERTH_SYNTAX_EXPAND_H
#define BERTH_SYNTAX_EXPAND_H

#include "base/arena.h"
#include "base/text.h"

typedef enum VariableState {
    VARIABLE_UNSET,
    VARIABLE_SET,    /* *value is it; it may be empty */
    VARIABLE_UNKNOWN /* only the machine knows: a default is assumed, else a hole */
} VariableState;

typedef struct Variables {
    VariableState (*find)(void *context, Text name, Text *value);
    void *context;
} Variables;

typedef struct Expansion {
    Text value;
    Text hole;    /* the name of the first hole in `value`; empty: none */
    Text assumed; /* of expand_devcontainer: the first variable whose default was taken,
                     since the machine's value is not known; empty: none */
    Text problem; /* why the tool refuses the text; empty: it does not */
} Expansion;

/* "$X ${X} ${X:-d} ${X-d} ${X:+a} ${X+a} ${X:?e} ${X?e} ${X#p} ${X##p} ${X%p} ${X%%p}
 * ${X/p/r} ${X//p/r}", quotes and escapes, as BuildKit's shell lexer. [inputs D14] */
Expansion expand_dockerfile(Arena *arena, Text text, char escape, Variables variables);

/* "$X ${X} ${X:-d} ${X-d} ${X:+a} ${X+a} ${X:?e} ${X?e} $$", as compose-go. [C5] */
Expansion expand_compose(Arena *arena, Text text, Variables variables);

/* "${localEnv:X:default}", "${localWorkspaceFolderBasename}" and the others of the
 * dev container CLI; what it does not know stays as it is. [V1-V4] `basename`: of the
 * workspace folder. */
Expansion expand_devcontainer(Arena *arena, Text text, Text basename,
                              Variables variables);

#endif
