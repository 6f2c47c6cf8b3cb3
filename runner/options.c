#include "options.h"

const char options_usage[] =
    "usage: berth-run PLAN [--tool docker|podman|skopeo|none] [--out FILE]\n"
    "                 [--dry-run] [--timeout SECONDS] [--allow-insecure-loopback]\n"
    "                 [--network-environment]\n"
    "\n"
    "Logs in to the registries of a plan that berth plan has written, with the "
    "secrets\n"
    "that the environment holds. PLAN is a file; '-' is standard input.\n"
    "\n"
    "  --dry-run    say what would be done; read no secret, change nothing\n"
    "  --tool NAME  the client that verifies the logins (default: the first of "
    "docker,\n"
    "               podman, skopeo that is there); none: write them without a check\n"
    "  --out FILE   where the logins are stored (default: where the client looks)\n"
    "  --timeout SECONDS\n"
    "               for one login, 1 to 3600 (default 30)\n"
    "  --allow-insecure-loopback\n"
    "               plain HTTP or an unknown certificate, for registries on this\n"
    "               machine only\n"
    "  --network-environment\n"
    "               hand HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR to the\n"
    "               client; they decide who sees the passwords\n"
    "  --help, --version\n"
    "\n"
    "exit status: 0 all logins are stored; else none is:\n"
    "  1 a registry refused a login     4 a secret is missing or malformed\n"
    "  2 wrong usage or plan            5 no answer in time\n"
    "  3 refused: a server that         7 there is no client\n"
    "    differs, a file's mode, ...    128+N ended by signal N\n";

static bool refuse(Text *problem, Text says)
{
    *problem = says;
    return false;
}

static bool read_tool(Text name, Options *options, Text *problem)
{
    static const struct {
        const char *name;
        Tool tool;
    } tools[] = {{"docker", TOOL_DOCKER},
                 {"podman", TOOL_PODMAN},
                 {"skopeo", TOOL_SKOPEO},
                 {"none", TOOL_NONE}};

    for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
        if (text_equal(name, text_of(tools[i].name))) {
            options->tool = tools[i].tool;
            return true;
        }
    }
    return refuse(problem, TEXT("--tool takes docker, podman, skopeo or none"));
}

static bool read_timeout(Text digits, Options *options, Text *problem)
{
    bool fits = digits.len >= 1 && digits.len <= 4;

    options->timeout = 0;
    for (size_t i = 0; fits && i < digits.len; i++) {
        fits = byte_is_digit(digits.at[i]);
        options->timeout = options->timeout * 10 + (uint32_t)(digits.at[i] - '0');
    }
    if (!fits || options->timeout == 0 || options->timeout > TIMEOUT_MAX)
        return refuse(problem, TEXT("--timeout takes a number of seconds from 1 to "
                                    "3600"));
    return true;
}

/* The option of this name that takes no value; NULL when there is none. */
static bool *flag(Options *options, Text word)
{
    return text_equal(word, TEXT("--dry-run")) ? &options->dry_run
           : text_equal(word, TEXT("--allow-insecure-loopback"))
               ? &options->allow_loopback
           : text_equal(word, TEXT("--network-environment"))
               ? &options->network_environment
           : text_equal(word, TEXT("--help")) || text_equal(word, TEXT("-h"))
               ? &options->help
           : text_equal(word, TEXT("--version")) ? &options->version
                                                 : NULL;
}

static bool read_value(Text name, Text value, Options *options, Text *problem)
{
    if (text_equal(name, TEXT("--tool")))
        return read_tool(value, options, problem);
    if (text_equal(name, TEXT("--timeout")))
        return read_timeout(value, options, problem);
    options->out = value;
    return value.len != 0 || refuse(problem, TEXT("--out takes the name of a file"));
}

static bool takes_value(Text name)
{
    return text_equal(name, TEXT("--tool")) || text_equal(name, TEXT("--timeout")) ||
           text_equal(name, TEXT("--out"));
}

/* word = flag | name "=" value | name, value | plan | "--" */
bool options_read(Arena *arena, int count, char *const *words, Options *options,
                  Text *problem)
{
    bool only_plans = false;

    *options = (Options){.timeout = TIMEOUT_DEFAULT};
    for (int i = 1; i < count; i++) {
        Text word = text_of(words[i]), name = word;
        bool *on = only_plans ? NULL : flag(options, word);

        if (text_starts_with(word, TEXT("--")))
            name = text_slice(word, 0, text_find_byte(word, '='));
        if (on) {
            *on = true;
        } else if (!only_plans && text_equal(word, TEXT("--"))) {
            only_plans = true;
        } else if (!only_plans && takes_value(name)) {
            bool apart = name.len == word.len;

            if (apart && i + 1 == count)
                return refuse(
                    problem, arena_format(arena, "%.*s takes a value", TEXT_ARG(name)));
            Text value = apart ? text_of(words[++i]) : text_from(word, name.len + 1);
            if (!read_value(name, value, options, problem))
                return false;
        } else if (!only_plans && word.len > 1 && word.at[0] == '-') {
            return refuse(problem, arena_format(arena, "there is no option %.*s",
                                                TEXT_ARG(name)));
        } else if (options->plan.len || word.len == 0) {
            return refuse(problem, TEXT("expected the name of one plan"));
        } else {
            options->plan = word;
        }
    }
    return options->help || options->version || options->plan.len ||
           refuse(problem, TEXT("expected the name of a plan, or '-'"));
}
