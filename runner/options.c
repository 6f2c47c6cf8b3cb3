#include "options.h"

#include "base/server_key.h"

const char options_usage[] =
    "usage: berth-run PLAN [option...]\n"
    "       berth-run PLAN [option...] -- COMMAND [argument...]\n"
    "\n"
    "Logs in to the registries of a plan that berth plan has written, with the\n"
    "secrets that the environment holds. PLAN is a file; '-' is standard input. With\n"
    "COMMAND the logins last as long as it runs, and only it has them; berth-run\n"
    "ends with its status.\n"
    "\n"
    "instead of logging in:\n"
    "  --dry-run    say what would be done; read no secret, change nothing\n"
    "  --check      say what is at fault: server, user, password, permission, expiry\n"
    "               or a secret's copy; store nothing\n"
    "  --logout     remove the logins that were stored, and no others\n"
    "  --print-env  store them in a private directory, and print the shell's lines\n"
    "               that lead there: eval \"$(berth-run PLAN --print-env)\". --logout\n"
    "               removes it\n"
    "\n"
    "  --only REGISTRY\n"
    "               this one of the plan's; may stand several times\n"
    "  --tool docker|podman|skopeo|buildah|none\n"
    "               the client that verifies the logins (default: the first that is\n"
    "               there, in this order); none: write them without a check\n"
    "  --tool-path FILE\n"
    "               where the client of --tool is (default: /usr/local/bin,\n"
    "               /usr/bin, /bin)\n"
    "  --store file|client|helper\n"
    "               where logins are kept: in the file that clients read (the\n"
    "               default); where the client itself keeps them; or nowhere:\n"
    "               docker-credential-berth answers from the environment\n"
    "  --out FILE   the file (default: where the client looks)\n"
    "  --timeout SECONDS, --total SECONDS\n"
    "               for one login, for all, 1 to 3600 (default 30 and 600)\n"
    "  --retries N  try again up to 5 times where a registry does not answer or is\n"
    "               busy, never after a refusal (default 0)\n"
    "  --keep-going store what worked, though something failed (status 6)\n"
    "  --require-verified\n"
    "               fail where a registry asks nobody for a login\n"
    "  --plan-sha256 HEX\n"
    "               the plan must be these bytes\n"
    "  --allow FILE which servers may get which secrets (default:\n"
    "               $XDG_CONFIG_HOME/berth/allow or ~/.config/berth/allow, if there)\n"
    "  --allow-host HOST\n"
    "               a further host, with its port or 443, that clients may reach:\n"
    "               where a registry's tokens come from; may stand several times\n"
    "  --json       one line of JSON a step\n"
    "  --allow-insecure-loopback\n"
    "               plain HTTP or an unknown certificate, for registries on this\n"
    "               machine only\n"
    "  --network-environment\n"
    "               hand HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR to the\n"
    "               client; they decide who sees the passwords\n"
    "  --help, --version\n"
    "\n"
    "exit status: 0 all logins are stored; else none is, but with 6:\n"
    "  1 a registry refused a login     5 no answer in time\n"
    "  2 wrong usage or plan            6 some are stored (--keep-going)\n"
    "  3 refused: a server that         7 there is no client\n"
    "    differs, a file's mode, ...    127 COMMAND could not be started\n"
    "  4 a secret is missing or         128+N ended by signal N\n"
    "    malformed\n";

typedef struct Reader {
    Arena *arena;
    Options *options;
    Text *problem;
    Text *only, *allowed;
    uint32_t capacity, allowed_capacity;
} Reader;

static bool refuse(Reader *reader, Text says)
{
    *reader->problem = says;
    return false;
}

/* The place of `value` among names, or their count. */
static size_t find_name(Text value, const char *const *names, size_t count)
{
    size_t i = 0;

    while (i < count && !text_equal(value, text_of(names[i])))
        i++;
    return i;
}

static bool read_tool(Reader *reader, Text name)
{
    static const char *const names[] = {"docker", "podman", "skopeo", "buildah",
                                        "none"};
    static const Tool tools[] = {TOOL_DOCKER, TOOL_PODMAN, TOOL_SKOPEO, TOOL_BUILDAH,
                                 TOOL_NONE};
    const size_t count = sizeof(names) / sizeof(*names);
    size_t i = find_name(name, names, count);

    if (i == count)
        return refuse(reader,
                      TEXT("--tool takes docker, podman, skopeo, buildah or none"));
    reader->options->tool = tools[i];
    return true;
}

static bool read_store(Reader *reader, Text name)
{
    static const char *const names[] = {"file", "client", "helper"};
    static const Store stores[] = {STORE_FILE, STORE_CLIENT, STORE_HELPER};
    const size_t count = sizeof(names) / sizeof(*names);
    size_t i = find_name(name, names, count);

    if (i == count)
        return refuse(reader, TEXT("--store takes file, client or helper"));
    reader->options->store = stores[i];
    return true;
}

/* digit+, at most four */
static bool read_number(Reader *reader, const char *name, Text digits, uint32_t min,
                        uint32_t max, uint32_t *into)
{
    bool fits = digits.len >= 1 && digits.len <= 4;

    *into = 0;
    for (size_t i = 0; fits && i < digits.len; i++) {
        fits = byte_is_digit(digits.at[i]);
        *into = *into * 10 + (uint32_t)(digits.at[i] - '0');
    }
    return (fits && *into >= min && *into <= max) ||
           refuse(reader, arena_format(reader->arena, "%s takes a number from %u to %u",
                                       name, min, max));
}

static bool read_digest(Reader *reader, Text hex)
{
    bool fits = hex.len == 64;

    for (size_t i = 0; fits && i < hex.len; i++)
        fits = byte_is_digit(hex.at[i]) || (hex.at[i] >= 'a' && hex.at[i] <= 'f');
    reader->options->digest = hex;
    return fits ||
           refuse(reader, TEXT("--plan-sha256 takes 64 hexadecimal digits in lower "
                               "case"));
}

static bool add_only(Reader *reader, Text registry)
{
    Options *options = reader->options;

    ARRAY_GROW(reader->arena, reader->only, options->nonly, reader->capacity);
    reader->only[options->nonly++] = registry;
    options->only = reader->only;
    return registry.len != 0 || refuse(reader, TEXT("--only takes a registry's host"));
}

static bool add_allowed(Reader *reader, Text host)
{
    Options *options = reader->options;
    ServerKey key;
    Text ignored;

    if (!server_key_read(reader->arena, host, &key, &ignored) || key.problem.len)
        return refuse(reader,
                      TEXT("--allow-host takes a host, with a port or without"));
    ARRAY_GROW(reader->arena, reader->allowed, options->nallowed,
               reader->allowed_capacity);
    reader->allowed[options->nallowed++] = key.host;
    options->allowed = reader->allowed;
    return true;
}

static bool read_file(Reader *reader, const char *name, Text value, Text *into)
{
    *into = value;
    return value.len != 0 ||
           refuse(reader,
                  arena_format(reader->arena, "%s takes the name of a file", name));
}

/* Two of them cannot be done at once. */
static bool set_mode(Reader *reader, Mode mode)
{
    Mode *current = &reader->options->mode;
    bool fits = *current == MODE_LOGIN || *current == mode || mode == MODE_HELP ||
                mode == MODE_VERSION;

    *current = mode;
    return fits ||
           refuse(reader, TEXT("--dry-run, --check, --logout, --print-env and a "
                               "command exclude each other"));
}

static const struct {
    const char *name;
    Mode mode;
} modes[] = {{"--dry-run", MODE_DRY_RUN}, {"--check", MODE_CHECK},
             {"--logout", MODE_LOGOUT},   {"--print-env", MODE_PRINT_ENV},
             {"--help", MODE_HELP},       {"-h", MODE_HELP},
             {"--version", MODE_VERSION}};

static const char *const valued[] = {
    "--tool", "--store", "--timeout",   "--total",       "--retries",   "--only",
    "--out",  "--allow", "--tool-path", "--plan-sha256", "--allow-host"};

/* The option of this name that takes no value; NULL when there is none. */
static bool *flag(Options *options, Text word)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {{"--keep-going", &options->keep_going},
                 {"--require-verified", &options->require_verified},
                 {"--json", &options->json},
                 {"--allow-insecure-loopback", &options->allow_loopback},
                 {"--network-environment", &options->network_environment}};

    for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
        if (text_equal(word, text_of(flags[i].name)))
            return flags[i].flag;
    }
    return NULL;
}

static bool read_value(Reader *reader, Text name, Text value)
{
    Options *options = reader->options;

    if (text_equal(name, TEXT("--tool")))
        return read_tool(reader, value);
    if (text_equal(name, TEXT("--store")))
        return read_store(reader, value);
    if (text_equal(name, TEXT("--timeout")))
        return read_number(reader, "--timeout", value, 1, SECONDS_MAX,
                           &options->timeout);
    if (text_equal(name, TEXT("--total")))
        return read_number(reader, "--total", value, 1, SECONDS_MAX, &options->total);
    if (text_equal(name, TEXT("--retries")))
        return read_number(reader, "--retries", value, 0, RETRIES_MAX,
                           &options->retries);
    if (text_equal(name, TEXT("--only")))
        return add_only(reader, value);
    if (text_equal(name, TEXT("--allow-host")))
        return add_allowed(reader, value);
    if (text_equal(name, TEXT("--plan-sha256")))
        return read_digest(reader, value);
    if (text_equal(name, TEXT("--allow")))
        return read_file(reader, "--allow", value, &options->allow);
    if (text_equal(name, TEXT("--out")))
        return read_file(reader, "--out", value, &options->out);
    options->tool_path = value;
    return text_starts_with(value, TEXT("/")) ||
           refuse(reader, TEXT("--tool-path takes an absolute path"));
}

/* What cannot go together, once all is read. */
static bool check(Reader *reader)
{
    const Options *options = reader->options;

    if (options->plan.len == 0)
        return refuse(reader, TEXT("expected the name of a plan, or '-'"));
    if (options->tool_path.len &&
        (options->tool == TOOL_ANY || options->tool == TOOL_NONE))
        return refuse(reader, TEXT("--tool-path needs --tool, to know how to call it"));
    if (options->tool == TOOL_NONE &&
        (options->mode == MODE_CHECK || options->store == STORE_CLIENT))
        return refuse(reader, TEXT("--tool none has no client, which --check and "
                                   "--store client need"));
    if ((options->mode == MODE_COMMAND || options->mode == MODE_PRINT_ENV) &&
        (options->store != STORE_FILE || options->out.len))
        return refuse(reader, TEXT("a private directory has a file of its own; --store "
                                   "and --out have no meaning here"));
    return true;
}

/* word = flag | name "=" value | name, value | plan; "--" before a command */
bool options_read(Arena *arena, int count, char *const *words, Options *options,
                  Text *problem)
{
    Reader reader = {.arena = arena, .options = options, .problem = problem};

    *options = (Options){.timeout = TIMEOUT_DEFAULT, .total = TOTAL_DEFAULT};
    for (int i = 1; i < count; i++) {
        Text word = text_of(words[i]), name = word;
        bool *on = flag(options, word);
        size_t mode = 0;

        if (text_starts_with(word, TEXT("--")))
            name = text_slice(word, 0, text_find_byte(word, '='));
        while (mode < sizeof(modes) / sizeof(*modes) &&
               !text_equal(word, text_of(modes[mode].name)))
            mode++;
        if (on) {
            *on = true;
        } else if (mode < sizeof(modes) / sizeof(*modes)) {
            if (!set_mode(&reader, modes[mode].mode))
                return false;
            if (options->mode == MODE_HELP || options->mode == MODE_VERSION)
                return true;
        } else if (text_equal(word, TEXT("--"))) {
            options->command = words + i + 1;
            if (i + 1 == count)
                return refuse(&reader, TEXT("expected a command after --"));
            return set_mode(&reader, MODE_COMMAND) && check(&reader);
        } else if (find_name(name, valued, sizeof(valued) / sizeof(*valued)) <
                   sizeof(valued) / sizeof(*valued)) {
            bool apart = name.len == word.len;

            if (apart && i + 1 == count)
                return refuse(
                    &reader, arena_format(arena, "%.*s takes a value", TEXT_ARG(name)));
            if (!read_value(&reader, name,
                            apart ? text_of(words[++i])
                                  : text_from(word, name.len + 1)))
                return false;
        } else if (word.len > 1 && word.at[0] == '-') {
            return refuse(&reader, arena_format(arena, "there is no option %.*s",
                                                TEXT_ARG(name)));
        } else if (options->plan.len || word.len == 0) {
            return refuse(&reader, TEXT("expected the name of one plan"));
        } else {
            options->plan = word;
        }
    }
    return check(&reader);
}
