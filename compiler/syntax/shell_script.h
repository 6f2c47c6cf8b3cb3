/*
 * shell_script.h: the commands of a shell script, and their words.
 *
 * As much of the shell's grammar (POSIX.1-2008, Shell Command Language 2.2 to 2.10) as
 * it takes to know what a command is given and where its output goes. Nothing is
 * expanded: "$X", "${X}", "$(...)" and "`...`" stay as they are written. What the shell
 * would refuse is read as far as it makes sense; nothing fails. Reserved words at the
 * head of a command ("then", "{", "!", ...) are left out.
 */
#ifndef BERTH_SYNTAX_SHELL_SCRIPT_H
#define BERTH_SYNTAX_SHELL_SCRIPT_H

#include "base/arena.h"
#include "base/text.h"

typedef enum ShellRole {
    SHELL_WORD,
    SHELL_HERE_STRING, /* the text behind "<<<" */
    SHELL_OUTPUT,      /* a file that the standard output is written to */
    SHELL_OTHER        /* the operand of any other redirection */
} ShellRole;

typedef struct ShellWord {
    Text text;           /* without quotes and escapes */
    uint32_t start, end; /* bytes of the script, quotes included */
    uint32_t command;    /* the one it belongs to, from 0 */
    ShellRole role;
    bool expands; /* holds something that the shell replaces */
} ShellWord;

typedef struct ShellCommand {
    uint32_t first, count; /* its words, in the script's order */
    bool is_piped;         /* its output is the input of another command */
    bool is_redirected;    /* its output is written to a file, not to a terminal */
} ShellCommand;

typedef struct ShellScript {
    ShellWord *words;
    uint32_t nwords, words_capacity;
    ShellCommand *commands; /* each with a word */
    uint32_t ncommands, commands_capacity;
} ShellScript;

ShellScript shell_script_read(Arena *arena, Text text);

#endif
