#include "completion.h"

#include "options_table.h"

/* What a value is completed with. */
typedef enum ValueKind {
    VALUE_FLAG,
    VALUE_CHOICE,
    VALUE_FILE,
    VALUE_DIRECTORY,
    VALUE_FREE
} ValueKind;

static ValueKind value_kind(const OptionInfo *info)
{
    Text value = text_of(info->value);

    if (!info->value || option_is_optional(info))
        return VALUE_FLAG;
    if (option_is_choice(info))
        return VALUE_CHOICE;
    if (text_starts_with(value, TEXT("FILE")))
        return VALUE_FILE;
    return text_equal(value, TEXT("DIR")) ? VALUE_DIRECTORY : VALUE_FREE;
}

static void add_words(Text choices, Buffer *out)
{
    Text part;

    for (bool done = false, first = true; text_next_part(&choices, '|', &part, &done);
         first = false)
        buffer_format(out, first ? "%.*s" : " %.*s", TEXT_ARG(part));
}

static bool takes(const OptionInfo *info, Command command)
{
    return (info->commands & (1u << command)) != 0;
}

static void add_command_names(Buffer *out)
{
    for (Command i = 0; i < COMMAND_COUNT; i++)
        buffer_format(out, i ? " %s" : "%s", option_command(i)->name);
}

/* --- bash --- */

static void add_bash_values(const OptionInfo *info, Buffer *out)
{
    switch (value_kind(info)) {
    case VALUE_FLAG:
        return;
    case VALUE_CHOICE:
        buffer_format(out, "    --%s)\n        mapfile -t COMPREPLY < <(compgen -W '",
                      info->name);
        add_words(text_of(info->value), out);
        buffer_add(out, TEXT("' -- \"$current\")\n        return\n        ;;\n"));
        return;
    case VALUE_FILE:
    case VALUE_DIRECTORY:
        buffer_format(out, "    --%s", info->name);
        if (info->letter)
            buffer_format(out, " | -%c", info->letter);
        buffer_format(out,
                      ")\n        mapfile -t COMPREPLY < <(compgen -%c -- "
                      "\"$current\")\n        compopt -o filenames\n"
                      "        return\n        ;;\n",
                      value_kind(info) == VALUE_FILE ? 'f' : 'd');
        return;
    case VALUE_FREE:
        buffer_format(out, "    --%s) return ;;\n", info->name);
        return;
    }
}

static void add_bash(Buffer *out)
{
    uint32_t count;
    const OptionInfo *infos = option_table(&count);

    buffer_add(out, TEXT("# Completion of berth for bash.\n_berth() {\n"
                         "    local current=${COMP_WORDS[COMP_CWORD]} before="
                         "${COMP_WORDS[COMP_CWORD - 1]} options=\n"
                         "    COMPREPLY=()\n"
                         "    # bash parts --option=value into three words.\n"
                         "    if [[ $current == = ]]; then\n"
                         "        current=\n"
                         "    elif [[ $before == = ]]; then\n"
                         "        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
                         "    fi\n"
                         "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                         "        mapfile -t COMPREPLY < <(compgen -W '"));
    add_command_names(out);
    buffer_add(out, TEXT(" --help --version' -- \"$current\")\n        return\n    fi\n"
                         "    case $before in\n"));
    for (uint32_t i = 0; i < count; i++)
        add_bash_values(&infos[i], out);
    buffer_add(out, TEXT("    esac\n    case ${COMP_WORDS[1]} in\n"));
    for (Command i = 0; i < COMMAND_COUNT; i++) {
        buffer_format(out, "    %s) options='--help", option_command(i)->name);
        for (uint32_t j = 0; j < count; j++) {
            if (takes(&infos[j], i))
                buffer_format(out, " --%s", infos[j].name);
        }
        buffer_add(out, TEXT("' ;;\n"));
    }
    buffer_add(out, TEXT("    esac\n"
                         "    if [[ $current == -* ]]; then\n"
                         "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- "
                         "\"$current\")\n"
                         "    elif [ \"${COMP_WORDS[1]}\" = help ]; then\n"
                         "        mapfile -t COMPREPLY < <(compgen -W '"));
    add_command_names(out);
    buffer_add(out,
               TEXT("' -- \"$current\")\n    else\n"
                    "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
                    "        compopt -o filenames\n    fi\n}\n"
                    "complete -F _berth berth\n"));
}

/* --- zsh --- */

/* Inside of '...' and of [...]. */
static void add_zsh_words(const char *words, Buffer *out)
{
    for (; *words; words++) {
        if (*words == '\'')
            buffer_add(out, TEXT("'\\''"));
        else if (*words == '[' || *words == ']' || *words == ':')
            buffer_format(out, "\\%c", *words);
        else
            buffer_add_byte(out, *words);
    }
}

static void add_zsh_option(const OptionInfo *info, Buffer *out)
{
    buffer_format(out, " \\\n            '--%s%s[", info->name,
                  value_kind(info) == VALUE_FLAG ? "" : "=");
    add_zsh_words(info->says, out);
    buffer_add_byte(out, ']');
    switch (value_kind(info)) {
    case VALUE_FLAG:
        break;
    case VALUE_CHOICE:
        buffer_add(out, TEXT(":value:("));
        add_words(text_of(info->value), out);
        buffer_add_byte(out, ')');
        break;
    case VALUE_FILE:
        buffer_add(out, TEXT(":file:_files"));
        break;
    case VALUE_DIRECTORY:
        buffer_add(out, TEXT(":directory:_files -/"));
        break;
    case VALUE_FREE:
        buffer_add(out, TEXT(":value: "));
        break;
    }
    buffer_add_byte(out, '\'');
}

static void add_zsh(Buffer *out)
{
    uint32_t count;
    const OptionInfo *infos = option_table(&count);

    buffer_add(out, TEXT("#compdef berth\n# Completion of berth for zsh.\n_berth() {\n"
                         "    if ((CURRENT == 2)); then\n"
                         "        local -a commands=(\n"));
    for (Command i = 0; i < COMMAND_COUNT; i++) {
        buffer_format(out, "            '%s:", option_command(i)->name);
        add_zsh_words(option_command(i)->says, out);
        buffer_add(out, TEXT("'\n"));
    }
    buffer_add(out, TEXT("        )\n        _describe 'command' commands\n"
                         "        return\n    fi\n    case $words[2] in\n"));
    for (Command i = 0; i < COMMAND_COUNT; i++) {
        buffer_format(out, "    %s)\n        _arguments '--help[list the options]'",
                      option_command(i)->name);
        for (uint32_t j = 0; j < count; j++) {
            if (takes(&infos[j], i))
                add_zsh_option(&infos[j], out);
        }
        buffer_add(out, TEXT(" \\\n            '*:argument:_files'\n        ;;\n"));
    }
    buffer_add(out, TEXT("    esac\n}\n_berth \"$@\"\n"));
}

/* --- fish --- */

/* Inside of '...'. */
static void add_fish_words(const char *words, Buffer *out)
{
    for (; *words; words++) {
        if (*words == '\'' || *words == '\\')
            buffer_add_byte(out, '\\');
        buffer_add_byte(out, *words);
    }
}

static void add_fish_option(const OptionInfo *info, Buffer *out)
{
    buffer_add(out, TEXT("complete -c berth -n '__fish_seen_subcommand_from"));
    for (Command i = 0; i < COMMAND_COUNT; i++) {
        if (takes(info, i))
            buffer_format(out, " %s", option_command(i)->name);
    }
    buffer_format(out, "' -l %s", info->name);
    if (info->letter)
        buffer_format(out, " -s %c", info->letter);
    switch (value_kind(info)) {
    case VALUE_FLAG:
        break;
    case VALUE_CHOICE:
        buffer_add(out, TEXT(" -x -a '"));
        add_words(text_of(info->value), out);
        buffer_add_byte(out, '\'');
        break;
    case VALUE_FILE:
    case VALUE_DIRECTORY:
        buffer_add(out, TEXT(" -r -F"));
        break;
    case VALUE_FREE:
        buffer_add(out, TEXT(" -x"));
        break;
    }
    buffer_add(out, TEXT(" -d '"));
    add_fish_words(info->says, out);
    buffer_add(out, TEXT("'\n"));
}

static void add_fish(Buffer *out)
{
    uint32_t count;
    const OptionInfo *infos = option_table(&count);

    buffer_add(out, TEXT("# Completion of berth for fish.\n"));
    for (Command i = 0; i < COMMAND_COUNT; i++) {
        buffer_format(out, "complete -c berth -n __fish_use_subcommand -f -a %s -d '",
                      option_command(i)->name);
        add_fish_words(option_command(i)->says, out);
        buffer_add(out, TEXT("'\n"));
    }
    for (uint32_t i = 0; i < count; i++)
        add_fish_option(&infos[i], out);
    buffer_add(out, TEXT("complete -c berth -n '__fish_seen_subcommand_from help' -f "
                         "-a '"));
    add_command_names(out);
    buffer_add(out, TEXT("'\n"));
}

bool completion_add(Text shell, Buffer *out)
{
    if (text_equal(shell, TEXT("bash")))
        add_bash(out);
    else if (text_equal(shell, TEXT("zsh")))
        add_zsh(out);
    else if (text_equal(shell, TEXT("fish")))
        add_fish(out);
    else
        return false;
    return true;
}

/* --- the manual --- */

/* A hyphen is a minus there, and a period never begins a line. */
static void add_roff(const char *words, Buffer *out)
{
    for (; *words; words++) {
        if (*words == '-' || *words == '\\')
            buffer_add(out, *words == '-' ? TEXT("\\-") : TEXT("\\e"));
        else
            buffer_add_byte(out, *words);
    }
}

static void add_roff_sentence(const char *words, Buffer *out)
{
    buffer_add_byte(out, byte_to_upper(words[0]));
    add_roff(words + 1, out);
    buffer_add(out, TEXT(".\n"));
}

static void add_roff_command(Command command, Buffer *out)
{
    const CommandInfo *info = option_command(command);

    buffer_add(out, TEXT(".TP\n.B "));
    add_roff(info->name, out);
    if (info->arguments[0]) {
        buffer_add(out, TEXT(" \\fI"));
        add_roff(info->arguments, out);
        buffer_add(out, TEXT("\\fR"));
    }
    buffer_add_byte(out, '\n');
    add_roff_sentence(info->says, out);
}

static void add_roff_option(const OptionInfo *info, Buffer *out)
{
    bool first = true;

    buffer_add(out, TEXT(".TP\n"));
    if (info->letter)
        buffer_format(out, "\\fB\\-%c\\fR, ", info->letter);
    buffer_add(out, TEXT("\\fB\\-\\-"));
    add_roff(info->name, out);
    buffer_add(out, TEXT("\\fR"));
    if (info->value) {
        buffer_add(out, option_is_optional(info) ? TEXT("\\fI") : TEXT(" \\fI"));
        add_roff(info->value, out);
        buffer_add(out, TEXT("\\fR"));
    }
    buffer_add_byte(out, '\n');
    add_roff_sentence(info->says, out);
    buffer_add(out, TEXT("For "));
    for (Command i = 0; i < COMMAND_COUNT; i++) {
        if (!takes(info, i))
            continue;
        buffer_format(out, first ? "%s" : ", %s", option_command(i)->name);
        first = false;
    }
    buffer_add(out, TEXT(".\n"));
}

void manual_add(Buffer *out)
{
    uint32_t count;
    const OptionInfo *infos = option_table(&count);

    buffer_add(out, TEXT(".SH COMMANDS\n"));
    for (Command i = 0; i < COMMAND_COUNT; i++)
        add_roff_command(i, out);
    buffer_add(out, TEXT(".SH OPTIONS\n"));
    for (uint32_t i = 0; i < count; i++)
        add_roff_option(&infos[i], out);
}
