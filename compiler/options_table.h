/*
 * options_table.h: the commands and options of berth, for who prints them.
 *
 * One table serves the command line, its help, the manual page and the completions of
 * shells, so that none of them says what another does not.
 */
#ifndef BERTH_OPTIONS_TABLE_H
#define BERTH_OPTIONS_TABLE_H

#include "options.h"

typedef struct CommandInfo {
    const char *name, *arguments, *says;
    uint32_t least, most; /* arguments */
} CommandInfo;

typedef struct OptionInfo {
    int id; /* options.c's own */
    const char *name;
    char letter;       /* 0: none */
    const char *value; /* NULL: a flag; "a|b": one of these; else what it is. "[=a]": it
                          may be left out, and stands behind "=" alone */
    uint32_t commands; /* bits by Command */
    const char *says;
} OptionInfo;

const CommandInfo *option_command(Command command);
const OptionInfo *option_table(uint32_t *count);

/* Whether the value is one of few words, those of "a|b|c". */
bool option_is_choice(const OptionInfo *info);

bool option_is_optional(const OptionInfo *info); /* its value may be left out */

#endif
