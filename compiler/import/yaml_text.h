/*
 * yaml_text.h: a text as a scalar of YAML.
 */
#ifndef BERTH_IMPORT_YAML_TEXT_H
#define BERTH_IMPORT_YAML_TEXT_H

#include "base/buffer.h"

/* Adds it plain where every reader takes that for this text, also one of YAML 1.1, and
 * in double quotes otherwise. */
void yaml_text_add(Buffer *out, Text text);

/* As it may stand in a comment, or in a line for a person: without line ends and other
 * control bytes. */
void yaml_text_add_line(Buffer *out, Text text);

#endif
