#include "facts/secret_facts.h"

/* Whether the word expands to something else. */
static bool has_variable(Text text)
{
    return text_find_byte(text, '$') < text.len;
}

static Text unquoted(Text text)
{
    bool is_quoted = text.len > 1 && (text.at[0] == '"' || text.at[0] == '\'') &&
                     text.at[text.len - 1] == text.at[0];

    return is_quoted ? text_slice(text, 1, text.len - 1) : text;
}

/* NAME [ "=" default ] : what the build gives it is in the image's history. */
static void argument_extract(Configuration *configuration, const DockerfileWord *word)
{
    size_t equals = text_find_byte(word->text, '=');
    Text name = text_slice(word->text, 0, equals);
    Text value = unquoted(text_from(word->text, equals + 1));

    if (value.len == 0)
        secret_facts_build_name(configuration, name, word->span, TEXT("ARG"));
    else if (!has_variable(value))
        secret_facts_value(configuration, name, value, word->span, USE_OUTSIDE);
}

/* NAME "=" value ... | NAME value */
static void environment_extract(Configuration *configuration,
                                const Instruction *instruction)
{
    const DockerfileWord *words = instruction->words;

    for (uint32_t i = 0; i < instruction->nwords; i++) {
        size_t equals = text_find_byte(words[i].text, '=');

        if (i == 0 && equals == words[i].text.len && instruction->nwords > 1) {
            secret_facts_value(configuration, words[0].text, unquoted(words[1].text),
                               words[1].span, USE_OUTSIDE);
            return;
        }
        secret_facts_value(configuration, text_slice(words[i].text, 0, equals),
                           unquoted(text_from(words[i].text, equals + 1)),
                           words[i].span, USE_OUTSIDE);
    }
}

void dockerfile_secrets_extract(Configuration *configuration,
                                const Dockerfile *dockerfile)
{
    for (uint32_t i = 0; i < dockerfile->count; i++) {
        const Instruction *instruction = &dockerfile->instructions[i];

        if (instruction->kind == INSTRUCTION_ONBUILD && instruction->trigger)
            instruction = instruction->trigger;
        if (instruction->kind == INSTRUCTION_ENV)
            environment_extract(configuration, instruction);
        for (uint32_t k = 0;
             instruction->kind == INSTRUCTION_ARG && k < instruction->nwords; k++)
            argument_extract(configuration, &instruction->words[k]);
    }
}
