/*
 * completion.h: what shells complete, and the manual's list of commands, from the table
 * of options.
 */
#ifndef BERTH_COMPLETION_H
#define BERTH_COMPLETION_H

#include "base/buffer.h"

/* The completion script of a shell ("bash", "zsh" or "fish"); false for another. */
bool completion_add(Text shell, Buffer *out);

/* The sections COMMANDS and OPTIONS of berth.1, as man(7) has them. */
void manual_add(Buffer *out);

#endif
