/*
 * fuzz_shell_script.c: words lie in the script, in order and in whole commands; a word
 * that is quoted reads as itself.
 */
#include <stdlib.h>

#include "base/buffer.h"
#include "syntax/shell_script.h"

typedef struct Input {
    Arena *arena;
    Text script;
} Input;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void words_lie_in_the_script(const ShellScript *words, Text script)
{
    uint32_t end = 0, first = 0;

    for (uint32_t i = 0; i < words->ncommands; i++) {
        must(words->commands[i].first == first && words->commands[i].count > 0);
        first += words->commands[i].count;
    }
    must(first == words->nwords);
    for (uint32_t i = 0; i < words->nwords; i++) {
        const ShellWord *word = &words->words[i];
        const ShellCommand *command = &words->commands[word->command];

        must(word->start >= end && word->end > word->start);
        must(word->end <= script.len);
        must(word->text.len <= word->end - word->start);
        must(i >= command->first && i - command->first < command->count);
        end = word->end;
    }
}

static void add_quoted(Buffer *out, Text text)
{
    buffer_add_byte(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\'')
            buffer_add(out, TEXT("'\\'"));
        buffer_add_byte(out, text.at[i]);
    }
    buffer_add(out, TEXT("' "));
}

static void the_script_is_split(void *context)
{
    Input *input = context;
    ShellScript words = shell_script_read(input->arena, input->script);
    Buffer quoted = {.arena = input->arena};

    words_lie_in_the_script(&words, input->script);
    for (uint32_t i = 0; i < words.nwords; i++)
        add_quoted(&quoted, words.words[i].text);
    ShellScript again = shell_script_read(input->arena, buffer_text(&quoted));
    must(again.nwords == words.nwords && again.ncommands == (words.nwords > 0));
    for (uint32_t i = 0; i < words.nwords; i++)
        must(text_equal(again.words[i].text, words.words[i].text) &&
             again.words[i].role == SHELL_WORD && !again.words[i].expands);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input = {arena_new(1 << 24), {(const char *)data, size}};
    bool fits = arena_run(input.arena, the_script_is_split, &input);

    (void)fits; /* what memory did not suffice for was left */
    arena_free(input.arena);
    return 0;
}
