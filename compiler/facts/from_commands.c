#include "facts/command_words.h"
#include "facts/secret_facts.h"

/* "sh -c" within "sh -c", and no further. */
enum { NESTED_MAX = 4 };

static Located part_of(Located whole, Text text, uint32_t start, uint32_t end)
{
    Located part = {.text = text, .span = whole.span};

    if (!whole.is_exact)
        return part;
    part.span.start = whole.span.start + start;
    part.span.end = whole.span.start + end;
    part.is_exact = end - start == text.len;
    if (end - start == text.len + 2 && text.len) { /* quotes alone */
        Text bytes = text_slice(whole.text, start + 1, end - 1);

        part.is_exact = text_equal(bytes, text);
        part.span.start += part.is_exact;
        part.span.end -= part.is_exact;
    }
    return part;
}

static Located located_string(Configuration *configuration, NodeId node)
{
    Span span = tree_span(configuration->tree, node);
    Text text = tree_string(configuration->tree, node);
    Located located = {.text = text, .span = span};

    if (span.end - span.start == text.len + 2) {
        located.is_exact = true;
        located.span = (Span){span.file, span.start + 1, span.end - 1};
    }
    return located;
}

/* --- what a command does --- */

bool word_is_one_of(Text word, const Text *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(word, words[i]))
            return true;
    }
    return false;
}

Text command_word(const Command *command, uint32_t at)
{
    return at < command->count ? command->words[at].located.text : (Text){0};
}

bool word_is_option(Text word)
{
    return word.len > 1 && word.at[0] == '-';
}

static bool is_assignment(Text text)
{
    size_t equals = text_find_byte(text, '=');

    for (size_t i = 0; i < equals; i++) {
        if (!byte_is_letter(text.at[i]) && !byte_is_digit(text.at[i]) &&
            text.at[i] != '_')
            return false;
    }
    return equals > 0 && equals < text.len && !byte_is_digit(text.at[0]);
}

/* The command itself, behind assignments and what merely runs it. */
static Command without_prefix(Command command)
{
    static const Text prefixes[] = {TEXT_INIT("command"), TEXT_INIT("env"),
                                    TEXT_INIT("exec"), TEXT_INIT("nohup"),
                                    TEXT_INIT("sudo")};
    bool is_prefixed = false;

    while (command.count) {
        Text text = command.words->located.text;
        bool is_prefix = WORD_IS_ONE_OF(text, prefixes);

        if (command.words->role == SHELL_WORD && !is_prefix && !is_assignment(text) &&
            !(is_prefixed && word_is_option(text)))
            break;
        is_prefixed |= is_prefix;
        command.words++;
        command.count--;
    }
    return command;
}

/* How each tool logs in: its name, and the words that must follow. */
static const struct Login {
    Text tool, group, verb;
} logins[] = {
    {TEXT_INIT("buildah"), {0}, TEXT_INIT("login")},
    {TEXT_INIT("crane"), TEXT_INIT("auth"), TEXT_INIT("login")},
    {TEXT_INIT("docker"), {0}, TEXT_INIT("login")},
    {TEXT_INIT("helm"), TEXT_INIT("registry"), TEXT_INIT("login")},
    {TEXT_INIT("oras"), {0}, TEXT_INIT("login")},
    {TEXT_INIT("podman"), {0}, TEXT_INIT("login")},
    {TEXT_INIT("skopeo"), {0}, TEXT_INIT("login")},
};

/* Global options of these tools that take the next word for their value. */
static bool takes_a_value(Text option)
{
    static const Text taking[] = {
        TEXT_INIT("--config"),
        TEXT_INIT("--connection"),
        TEXT_INIT("--context"),
        TEXT_INIT("--host"),
        TEXT_INIT("--identity"),
        TEXT_INIT("--kube-context"),
        TEXT_INIT("--kubeconfig"),
        TEXT_INIT("--log-level"),
        TEXT_INIT("--namespace"),
        TEXT_INIT("--registries-conf-dir"),
        TEXT_INIT("--root"),
        TEXT_INIT("--runroot"),
        TEXT_INIT("--storage-driver"),
        TEXT_INIT("--url"),
        TEXT_INIT("-H"),
        TEXT_INIT("-c"),
        TEXT_INIT("-l"),
        TEXT_INIT("-n"),
    };

    return WORD_IS_ONE_OF(option, taking);
}

Text command_verb(const Command *command, uint32_t *at)
{
    while (*at < command->count) {
        Text text = command_word(command, *at);

        bool is_operand = command->words[*at].role != SHELL_WORD;

        *at += 1;
        if (is_operand)
            continue;
        if (!word_is_option(text))
            return text;
        *at += takes_a_value(text);
    }
    return (Text){0};
}

static const struct Login *find_login(const Command *command, uint32_t *at)
{
    Text tool = path_base(command_word(command, 0));

    for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
        if (!text_equal(tool, logins[i].tool))
            continue;
        *at = 1;
        if (logins[i].group.len &&
            !text_equal(command_verb(command, at), logins[i].group))
            return NULL;
        return text_equal(command_verb(command, at), logins[i].verb) ? &logins[i]
                                                                     : NULL;
    }
    return NULL;
}

/* password = "-p" value | "-p" "=" value | "--password" value | "--password=" value ;
 * *word is the one that holds it, *value the part of it. "-" means standard input. */
static bool find_password(const Command *command, uint32_t at, const Word **word,
                          Text *value)
{
    const Text is = TEXT("--password=");

    for (; at < command->count; at++) {
        Text text = command_word(command, at);
        bool is_short = text_starts_with(text, TEXT("-p"));

        *word = &command->words[at];
        *value = (Text){0};
        if ((*word)->role != SHELL_WORD)
            continue;
        if (text_equal(text, TEXT("-p")) || text_equal(text, TEXT("--password"))) {
            *value = command_word(command, at + 1);
            *word = &command->words[at + (at + 1 < command->count)];
        } else if (text_starts_with(text, is)) {
            *value = text_from(text, is.len);
        } else if (is_short) {
            *value = text_from(text, text_starts_with(text, TEXT("-p=")) ? 3 : 2);
        }
        if (value->len && !text_equal(*value, TEXT("-")))
            return true;
    }
    return false;
}

/* A password that is written out: `value` is the end of the word. */
static void add_password(CommandReading *reading, const Located *word, Text value)
{
    Configuration *configuration = reading->configuration;
    Span span = word->span;

    if (word->is_exact)
        span.start = span.end - (uint32_t)value.len;
    source_mark_secret(configuration->facts->sources, span);
    if (value_is_secret(TEXT("password"), value, USE_OUTSIDE))
        secret_facts_add(configuration, span, word->is_exact ? value : (Text){0},
                         TEXT("a registry password"));
}

static void check_login(CommandReading *reading, const Command *command)
{
    Facts *facts = reading->configuration->facts;
    uint32_t at = 0;
    const struct Login *login = find_login(command, &at);
    const Word *word;
    Text value;

    if (!login || !find_password(command, at, &word, &value))
        return;
    if (!word->expands) /* it stands there for everyone to read */
        add_password(reading, &word->located, value);
    FACT(facts, REL_login_with_password, fact_site(facts, command->span),
         reading->configuration->config, fact_symbol(facts, reading->event),
         fact_symbol(facts, login->tool));
}

/* NAME "=" value | "--name=" value, whatever the command does with it */
static void check_assignments(CommandReading *reading, const Command *command)
{
    for (uint32_t i = 0; i < command->count; i++) {
        const Word *word = &command->words[i];
        Text text = word->located.text;

        while (text_starts_with(text, TEXT("-")))
            text = text_from(text, 1);
        size_t equals = text_find_byte(text, '=');
        if (word->role == SHELL_WORD && !word->expands && equals < text.len)
            secret_facts_value(reading->configuration, text_slice(text, 0, equals),
                               text_from(text, equals + 1), word->located.span,
                               USE_OUTSIDE);
    }
}

static bool is_password_name(Text name)
{
    return text_ends_with(name, TEXT("_CONTAINER_REGISTRY_PASSWORD"));
}

static size_t name_length(Text text)
{
    size_t len = 0;

    while (len < text.len && (byte_is_letter(text.at[len]) ||
                              byte_is_digit(text.at[len]) || text.at[len] == '_'))
        len++;
    return len;
}

/* The next registry password in "$NAME" or "${NAME...}", from *at on. "${#NAME}" and
 * "${NAME:+word}" do not show it. */
static Text next_password(Text text, size_t *at)
{
    while (*at < text.len) {
        *at += text_find_byte(text_from(text, *at), '$') + 1;
        Text rest = text_from(text, *at);
        if (text_starts_with(rest, TEXT("{")))
            rest = text_from(rest, 1);
        Text name = text_slice(rest, 0, name_length(rest));
        Text behind = text_from(rest, name.len);
        if (is_password_name(name) && !text_starts_with(behind, TEXT("+")) &&
            !text_starts_with(behind, TEXT(":+")))
            return name;
    }
    return (Text){0};
}

static void add_prints(CommandReading *reading, const Command *command, Text name)
{
    Facts *facts = reading->configuration->facts;

    FACT(facts, REL_prints_password, fact_site(facts, command->span),
         reading->configuration->config, fact_symbol(facts, reading->event),
         fact_upper(facts, name));
}

/* What the command writes to its output: the words of echo and printf, cat's text. */
static void check_prints(CommandReading *reading, const Command *command)
{
    Text tool = path_base(command_word(command, 0));
    bool is_cat = text_equal(tool, TEXT("cat"));
    bool is_printf = text_equal(tool, TEXT("printf"));
    ShellRole role = is_cat ? SHELL_HERE_STRING : SHELL_WORD;

    if (command->hides_output ||
        (!is_cat && !is_printf && !text_equal(tool, TEXT("echo"))))
        return;
    if (is_printf && text_equal(command_word(command, 1), TEXT("-v")))
        return; /* it sets a variable */
    for (uint32_t i = 1; i < command->count; i++) {
        const Word *word = &command->words[i];
        size_t at = 0;

        if (word->role != role || !word->expands)
            continue;
        for (Text name; (name = next_password(word->located.text, &at)).len;)
            add_prints(reading, command, name);
    }
}

static void script_extract(CommandReading *reading, Located script, uint32_t depth);

/* sh "-c" script */
static void check_shell(CommandReading *reading, const Command *command, uint32_t depth)
{
    static const Text shells[] = {TEXT_INIT("ash"), TEXT_INIT("bash"),
                                  TEXT_INIT("dash"), TEXT_INIT("sh"), TEXT_INIT("zsh")};

    if (depth == NESTED_MAX ||
        !WORD_IS_ONE_OF(path_base(command_word(command, 0)), shells))
        return;
    for (uint32_t i = 1; i + 1 < command->count; i++) {
        Text option = command_word(command, i);

        if (!word_is_option(option))
            return;
        if (option.at[1] != '-' && option.at[option.len - 1] == 'c') {
            script_extract(reading, command->words[i + 1].located, depth + 1);
            return;
        }
    }
}

static void command_extract(CommandReading *reading, Command command, uint32_t depth)
{
    check_assignments(reading, &command);
    command = without_prefix(command);
    if (command.count == 0)
        return;
    check_login(reading, &command);
    check_prints(reading, &command);
    command_registry_extract(reading, &command);
    check_shell(reading, &command, depth);
}

/* Nested at most NESTED_MAX deep. */
static void script_extract(CommandReading *reading, Located script, uint32_t depth)
{
    Arena *arena = reading->configuration->facts->scratch;
    ShellScript shell = shell_script_read(arena, script.text);
    Word *words = ARENA_ARRAY(arena, shell.nwords, Word);

    for (uint32_t i = 0; i < shell.nwords; i++) {
        const ShellWord *word = &shell.words[i];

        words[i] = (Word){part_of(script, word->text, word->start, word->end),
                          word->role, word->expands};
    }
    for (uint32_t i = 0; i < shell.ncommands; i++) {
        const ShellCommand *command = &shell.commands[i];
        const ShellWord *last = &shell.words[command->first + command->count - 1];
        Located whole =
            part_of(script, (Text){0}, shell.words[command->first].start, last->end);

        command_extract(
            reading,
            (Command){.words = words + command->first,
                      .count = command->count,
                      .span = whole.span,
                      .hides_output = command->is_piped || command->is_redirected},
            depth);
    }
}

/* An array is one command and its arguments: no shell expands anything in it. */
static void arguments_extract(CommandReading *reading, NodeId array)
{
    Configuration *configuration = reading->configuration;
    const Tree *tree = configuration->tree;
    Word *words =
        ARENA_ARRAY(configuration->facts->scratch, tree_node(tree, array)->count, Word);
    Command command = {.words = words, .span = tree_span(tree, array)};

    for (NodeId at = tree_first(tree, array); at.index; at = tree_next(tree, at)) {
        if (tree_is_string(tree, at))
            words[command.count++] =
                (Word){.located = located_string(configuration, at)};
    }
    command_extract(reading, command, 0);
}

static void either_extract(CommandReading *reading, NodeId command)
{
    Configuration *configuration = reading->configuration;
    NodeKind kind = tree_kind(configuration->tree, command);

    if (kind == NODE_STRING)
        script_extract(reading, located_string(configuration, command), 0);
    if (kind == NODE_ARRAY)
        arguments_extract(reading, command);
}

void commands_extract(Configuration *configuration, Text event, NodeId command)
{
    const Tree *tree = configuration->tree;
    CommandReading reading = {.configuration = configuration, .event = event};

    if (tree_kind(tree, command) != NODE_OBJECT) {
        either_extract(&reading, command);
        return;
    }
    for (NodeId at = tree_first(tree, command); at.index; at = tree_next(tree, at))
        either_extract(&reading, at);
}
