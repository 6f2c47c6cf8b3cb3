/*
 * command_words.h: a lifecycle command as words, for its readers.
 *
 * Private to from_commands.c, which reads the shell, and command_registry.c, which
 * knows what commands do with registries. Nothing is expanded: a word that `expands`
 * holds variables as they are written.
 */
#ifndef BERTH_FACTS_COMMAND_WORDS_H
#define BERTH_FACTS_COMMAND_WORDS_H

#include "facts/configuration.h"
#include "syntax/shell_script.h"

/* One event's commands. */
typedef struct CommandReading {
    Configuration *configuration;
    Text event;
    Text *built; /* names that its commands gave to images they built */
    uint32_t nbuilt, built_capacity;
} CommandReading;

/* A text, and the bytes of the file that hold it. Where the file writes it otherwise
 * (escapes), offsets in the text say nothing, and every part's span is the whole. */
typedef struct Located {
    Text text;
    Span span;
    bool is_exact;
} Located;

typedef struct Word {
    Located located;
    ShellRole role;
    bool expands;
} Word;

typedef struct Command {
    const Word *words;
    uint32_t count;
    Span span;
    bool hides_output; /* it is piped, or written into a file */
} Command;

/* The text of a word; empty beyond the last one. */
Text command_word(const Command *command, uint32_t at);

/* The next word that is neither an option nor the operand of a redirection, from *at
 * on; *at is then behind it. Options are those that stand before a verb. */
Text command_verb(const Command *command, uint32_t *at);

bool word_is_option(Text word);
bool word_is_one_of(Text word, const Text *words, size_t count);
#define WORD_IS_ONE_OF(word, words)                                                    \
    word_is_one_of((word), (words), sizeof(words) / sizeof(*(words)))

/* --- command_registry.c --- */

/* What the command pulls, pushes and logs in to. */
void command_registry_extract(CommandReading *reading, const Command *command);

#endif
