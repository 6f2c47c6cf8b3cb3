#include "facts/command_words.h"

#include "base/server_key.h"

/* Options that take no value, of the commands below; every other one takes the next
 * word, unless it has a "=". "-it" is a cluster of short ones: its last letter decides.
 * (docker run, create, pull, push, build, login; podman's and nerdctl's of them) */
static bool takes_no_value(Text option)
{
    static const Text flags[] = {
        TEXT_INIT("--all"),
        TEXT_INIT("--all-tags"),
        TEXT_INIT("--debug"),
        TEXT_INIT("--detach"),
        TEXT_INIT("--disable-content-trust"),
        TEXT_INIT("--force-rm"),
        TEXT_INIT("--get-login"),
        TEXT_INIT("--help"),
        TEXT_INIT("--init"),
        TEXT_INIT("--insecure"),
        TEXT_INIT("--insecure-policy"),
        TEXT_INIT("--interactive"),
        TEXT_INIT("--load"),
        TEXT_INIT("--no-cache"),
        TEXT_INIT("--no-healthcheck"),
        TEXT_INIT("--oom-kill-disable"),
        TEXT_INIT("--password-stdin"),
        TEXT_INIT("--plain-http"),
        TEXT_INIT("--preserve-digests"),
        TEXT_INIT("--privileged"),
        TEXT_INIT("--publish-all"),
        TEXT_INIT("--push"),
        TEXT_INIT("--quiet"),
        TEXT_INIT("--raw"),
        TEXT_INIT("--read-only"),
        TEXT_INIT("--recursive"),
        TEXT_INIT("--remove-signatures"),
        TEXT_INIT("--replace"),
        TEXT_INIT("--rm"),
        TEXT_INIT("--sig-proxy"),
        TEXT_INIT("--squash"),
        TEXT_INIT("--tls-verify"),
        TEXT_INIT("--tty"),
        TEXT_INIT("--use-api-socket"),
        TEXT_INIT("--verbose"),
    };
    bool is_flag = text_find_byte(TEXT("Pdiqt"), option.at[option.len - 1]) < 5;

    if (text_starts_with(option, TEXT("--")))
        return WORD_IS_ONE_OF(option, flags);
    return is_flag;
}

/* "-v/a:/b": a short option with its value in the same word. */
static bool has_its_value(Text option)
{
    const Text flags = TEXT("Pdiqt");

    if (text_find_byte(option, '=') < option.len)
        return true;
    if (text_starts_with(option, TEXT("--")))
        return false;
    return option.len > 2 && text_find_byte(flags, option.at[1]) == flags.len;
}

/* The next operand of a verb, from *at on; NULL when there is none. *option, when not
 * NULL, is called for what stands before it. */
static const Word *next_operand(const Command *command, uint32_t *at)
{
    while (*at < command->count) {
        const Word *word = &command->words[*at];
        Text text = word->located.text;

        *at += 1;
        if (word->role != SHELL_WORD || text_equal(text, TEXT("--")))
            continue;
        if (!word_is_option(text))
            return word;
        if (!has_its_value(text) && !takes_no_value(text))
            *at += 1;
    }
    return NULL;
}

/* The value of an option, from `at` on: "--tag x", "--tag=x", "-t x"; false at the end. */
static bool next_value(const Command *command, uint32_t *at, Text name, Text *value)
{
    for (; *at < command->count; ++*at) {
        Text text = command_word(command, *at);

        if (command->words[*at].role != SHELL_WORD || !text_starts_with(text, name))
            continue;
        *value = text_from(text, name.len);
        if (value->len == 0)
            *value = command_word(command, *at + 1);
        else if (value->at[0] != '=')
            continue;
        else
            *value = text_from(*value, 1);
        *at += 1;
        return true;
    }
    return false;
}

static bool has_option(const Command *command, Text name)
{
    for (uint32_t i = 0; i < command->count; i++) {
        if (text_equal(command_word(command, i), name))
            return true;
    }
    return false;
}

/* --- references --- */

static bool holds_variable(Text text)
{
    return text_find_byte(text, '$') < text.len || text_find_byte(text, '`') < text.len;
}

static size_t variable_length(Text text)
{
    size_t len = 0;

    while (len < text.len && (byte_is_letter(text.at[len]) ||
                              byte_is_digit(text.at[len]) || text.at[len] == '_'))
        len++;
    return len;
}

/* An image's name; where its tag is a variable, that is a hole in *value. False when
 * more of it is not known: a shell may have set the variable itself. */
static bool read_image(Arena *arena, Text text, ImageName *name, Text *value,
                       Text *hole)
{
    const Text transport = TEXT("docker://");
    Text problem;

    if (text_starts_with(text, transport))
        text = text_from(text, transport.len);
    *value = text;
    *hole = (Text){0};
    if (!holds_variable(text))
        return image_name_read(arena, text, name, &problem);
    size_t at = text_find_byte(text, '$');
    Text before = text_slice(text, 0, at), rest = text_from(text, at + 1);
    rest = text_from(rest, text_starts_with(rest, TEXT("{")));
    *hole = text_slice(rest, 0, variable_length(rest));
    if (before.len < 2 || before.at[before.len - 1] != ':' || hole->len == 0 ||
        text_find_byte(rest, '/') < rest.len)
        return false;
    *value = arena_format(arena, "%.*s${%.*s}", TEXT_ARG(before), TEXT_ARG(*hole));
    if (!image_name_read(arena, text_slice(before, 0, before.len - 1), name, &problem))
        return false;
    name->tag = text_from(*value, before.len);
    return true;
}

/* In which phase an event's commands reach a registry with the credentials that a pull
 * has then. onCreateCommand and updateContentCommand have none. [semantics 3.5] */
static Text phase_of(Text event)
{
    static const Text later[] = {TEXT_INIT("postAttachCommand"),
                                 TEXT_INIT("postCreateCommand"),
                                 TEXT_INIT("postStartCommand")};

    if (text_equal(event, TEXT("initializeCommand")))
        return TEXT("create");
    return WORD_IS_ONE_OF(event, later) ? TEXT("runtime") : (Text){0};
}

static bool is_built(const CommandReading *reading, Text name)
{
    return word_is_one_of(name, reading->built, reading->nbuilt);
}

static void add_pull(CommandReading *reading, const Word *word)
{
    Configuration *configuration = reading->configuration;
    Facts *facts = configuration->facts;
    Text phase = phase_of(reading->event);
    Reference reference = {.kind = KIND_COMMAND,
                           .reach = REACH_PULLED,
                           .phase = phase,
                           .text = word->located.text,
                           .span = word->located.span};
    ImageName name;

    if (is_built(reading, word->located.text) ||
        !read_image(facts->scratch, word->located.text, &name, &reference.value,
                    &reference.hole))
        return;
    FACT(facts, REL_command_pull, fact_site(facts, reference.span),
         configuration->config, fact_symbol(facts, reading->event),
         reference_name_extract(facts, &name));
    if (phase.len)
        references_add(&configuration->references, reference);
}

static void add_push(CommandReading *reading, const Command *command, Text text)
{
    Configuration *configuration = reading->configuration;
    Facts *facts = configuration->facts;
    ImageName name;
    Text value, hole;

    if (read_image(facts->scratch, text, &name, &value, &hole))
        FACT(facts, REL_command_push, fact_site(facts, command->span),
             configuration->config, fact_symbol(facts, reading->event),
             fact_lower(facts, name.host));
}

/* `host`: empty when it cannot be told which. */
static void add_login(CommandReading *reading, const Command *command, Text host)
{
    Configuration *configuration = reading->configuration;
    Facts *facts = configuration->facts;

    FACT(facts, REL_command_login, fact_site(facts, command->span),
         configuration->config, fact_symbol(facts, reading->event),
         fact_symbol(facts, host.len ? host : TEXT("unknown")));
}

static void add_docker(CommandReading *reading, const Command *command, Text what)
{
    Configuration *configuration = reading->configuration;
    Facts *facts = configuration->facts;

    FACT(facts, REL_command_docker, fact_site(facts, command->span),
         configuration->config, fact_symbol(facts, reading->event),
         fact_symbol(facts, what));
}

/* --- docker, podman, nerdctl --- */

typedef struct Engine {
    CommandReading *reading;
    const Command *command;
    uint32_t at; /* the word behind the verb */
    bool is_docker;
} Engine;

static void engine_pulls(Engine *engine, Text what)
{
    const Word *image = next_operand(engine->command, &engine->at);

    if (!image)
        return;
    if (engine->is_docker)
        add_docker(engine->reading, engine->command, what);
    add_pull(engine->reading, image);
}

static void engine_pull(Engine *engine)
{
    engine_pulls(engine, TEXT("docker pull"));
}

static void engine_run(Engine *engine)
{
    engine_pulls(engine, TEXT("docker run"));
}

/* What the build pushes goes by its tags. */
static void engine_build(Engine *engine)
{
    static const Text names[] = {TEXT_INIT("-t"), TEXT_INIT("--tag")};
    CommandReading *reading = engine->reading;
    Arena *arena = reading->configuration->facts->scratch;
    bool pushes = has_option(engine->command, TEXT("--push")) ||
                  has_option(engine->command, TEXT("--push=true"));
    Text tag, output;

    if (engine->is_docker)
        add_docker(reading, engine->command, TEXT("docker build"));
    for (uint32_t at = engine->at;
         next_value(engine->command, &at, TEXT("--output"), &output);)
        pushes |= text_find(output, TEXT("type=registry")) < output.len ||
                  text_find(output, TEXT("push=true")) < output.len;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        for (uint32_t at = engine->at;
             next_value(engine->command, &at, names[i], &tag);) {
            ARRAY_GROW(arena, reading->built, reading->nbuilt, reading->built_capacity);
            reading->built[reading->nbuilt++] = tag;
            if (pushes)
                add_push(reading, engine->command, tag);
        }
    }
}

/* push IMAGE [DESTINATION] */
static void engine_push(Engine *engine)
{
    const Word *image = next_operand(engine->command, &engine->at);
    const Word *destination = next_operand(engine->command, &engine->at);

    if (destination && !engine->is_docker)
        image = destination;
    if (image)
        add_push(engine->reading, engine->command, image->located.text);
}

/* Which images, the compose files say. */
static void engine_compose(Engine *engine)
{
    static const Text verbs[] = {TEXT_INIT("build"), TEXT_INIT("create"),
                                 TEXT_INIT("pull"), TEXT_INIT("run"), TEXT_INIT("up")};
    const Word *verb = next_operand(engine->command, &engine->at);

    if (verb && engine->is_docker && WORD_IS_ONE_OF(verb->located.text, verbs))
        add_docker(engine->reading, engine->command, TEXT("docker compose"));
}

/* [ SERVER ]; without one it is Docker Hub */
static void engine_login(Engine *engine)
{
    const Word *server = next_operand(engine->command, &engine->at);
    ServerKey key = {.host = TEXT("docker.io")};
    Text problem;

    if (server && (holds_variable(server->located.text) ||
                   !server_key_read(engine->reading->configuration->facts->scratch,
                                    server->located.text, &key, &problem)))
        key.host = (Text){0};
    add_login(engine->reading, engine->command, key.host);
}

/* The verbs; a group's name stands before them, and may be left out of some. */
static const struct Verb {
    Text group, verb;
    void (*read)(Engine *engine);
} verbs[] = {
    {{0}, TEXT_INIT("build"), engine_build},
    {{0}, TEXT_INIT("compose"), engine_compose},
    {{0}, TEXT_INIT("create"), engine_run},
    {{0}, TEXT_INIT("login"), engine_login},
    {{0}, TEXT_INIT("pull"), engine_pull},
    {{0}, TEXT_INIT("push"), engine_push},
    {{0}, TEXT_INIT("run"), engine_run},
    {TEXT_INIT("buildx"), TEXT_INIT("build"), engine_build},
    {TEXT_INIT("builder"), TEXT_INIT("build"), engine_build},
    {TEXT_INIT("container"), TEXT_INIT("create"), engine_run},
    {TEXT_INIT("container"), TEXT_INIT("run"), engine_run},
    {TEXT_INIT("image"), TEXT_INIT("build"), engine_build},
    {TEXT_INIT("image"), TEXT_INIT("pull"), engine_pull},
    {TEXT_INIT("image"), TEXT_INIT("push"), engine_push},
};

static void engine_extract(CommandReading *reading, const Command *command, Text tool)
{
    static const Text groups[] = {TEXT_INIT("builder"), TEXT_INIT("buildx"),
                                  TEXT_INIT("container"), TEXT_INIT("image")};
    Engine engine = {reading, command, 1, text_equal(tool, TEXT("docker"))};
    Text group = {0}, verb = command_verb(command, &engine.at);

    if (WORD_IS_ONE_OF(verb, groups)) {
        group = verb;
        verb = command_verb(command, &engine.at);
    }
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (text_equal(verbs[i].group, group) && text_equal(verbs[i].verb, verb)) {
            verbs[i].read(&engine);
            return;
        }
    }
}

/* --- other tools --- */

/* skopeo copy SOURCE DESTINATION | skopeo inspect SOURCE ; of the transports, "docker:"
 * is a registry */
static void skopeo_extract(CommandReading *reading, const Command *command)
{
    const Text transport = TEXT("docker://");
    uint32_t at = 1;
    Text verb = command_verb(command, &at);
    Engine engine = {reading, command, at, false};

    if (text_equal(verb, TEXT("login"))) {
        engine_login(&engine);
        return;
    }
    if (!text_equal(verb, TEXT("copy")) && !text_equal(verb, TEXT("inspect")))
        return;
    const Word *source = next_operand(command, &at);
    const Word *destination = next_operand(command, &at);
    if (source && text_starts_with(source->located.text, transport))
        add_pull(reading, source);
    if (destination && text_starts_with(destination->located.text, transport))
        add_push(reading, command, destination->located.text);
}

/* oras pull NAME | oras push NAME FILE... | oras login SERVER */
static void oras_extract(CommandReading *reading, const Command *command)
{
    uint32_t at = 1;
    Text verb = command_verb(command, &at);
    Engine engine = {reading, command, at, false};
    const Word *name;

    if (text_equal(verb, TEXT("login")))
        engine_login(&engine);
    else if (text_equal(verb, TEXT("pull")) && (name = next_operand(command, &at)))
        add_pull(reading, name);
    else if (text_equal(verb, TEXT("push")) && (name = next_operand(command, &at)))
        add_push(reading, command, name->located.text);
}

/* Tools that log in to a registry of their cloud. Which one, what they write says. */
static const struct CloudLogin {
    Text tool, group, verb;
} cloud_logins[] = {
    {TEXT_INIT("aws"), TEXT_INIT("ecr"), TEXT_INIT("get-login")},
    {TEXT_INIT("aws"), TEXT_INIT("ecr"), TEXT_INIT("get-login-password")},
    {TEXT_INIT("aws"), TEXT_INIT("ecr-public"), TEXT_INIT("get-login-password")},
    {TEXT_INIT("az"), TEXT_INIT("acr"), TEXT_INIT("login")},
    {TEXT_INIT("crane"), TEXT_INIT("auth"), TEXT_INIT("login")},
    {TEXT_INIT("gcloud"), TEXT_INIT("auth"), TEXT_INIT("configure-docker")},
    {TEXT_INIT("helm"), TEXT_INIT("registry"), TEXT_INIT("login")},
};

static void cloud_extract(CommandReading *reading, const Command *command, Text tool)
{
    for (size_t i = 0; i < sizeof(cloud_logins) / sizeof(cloud_logins[0]); i++) {
        uint32_t at = 1;

        if (text_equal(tool, cloud_logins[i].tool) &&
            text_equal(command_verb(command, &at), cloud_logins[i].group) &&
            text_equal(command_verb(command, &at), cloud_logins[i].verb)) {
            add_login(reading, command, (Text){0});
            return;
        }
    }
}

void command_registry_extract(CommandReading *reading, const Command *command)
{
    static const Text engines[] = {TEXT_INIT("docker"), TEXT_INIT("nerdctl"),
                                   TEXT_INIT("podman")};
    Text tool = path_base(command_word(command, 0));

    if (WORD_IS_ONE_OF(tool, engines)) {
        engine_extract(reading, command, tool);
    } else if (text_equal(tool, TEXT("docker-compose"))) {
        engine_compose(&(Engine){reading, command, 1, true});
    } else if (text_equal(tool, TEXT("skopeo"))) {
        skopeo_extract(reading, command);
    } else if (text_equal(tool, TEXT("oras"))) {
        oras_extract(reading, command);
    } else {
        cloud_extract(reading, command, tool);
    }
}
