#include "options.h"

#include "base/day.h"
#include "options_table.h"

static const CommandInfo commands[COMMAND_COUNT] = {
    [COMMAND_CHECK] = {"check", "[PATH]", "report leaks and pulls that will be refused",
                       0, 1},
    [COMMAND_WHY] = {"why", "REPO IMAGE [PATH]",
                     "may a codespace of REPO pull IMAGE, and why", 2, 3},
    [COMMAND_REFS] = {"refs", "[PATH]", "list every image and artifact that is pulled",
                      0, 1},
    [COMMAND_PLAN] = {"plan", "[PATH] | --diff OLD NEW",
                      "resolve the logins that a configuration needs", 0, 2},
    [COMMAND_DIFF] = {"diff", "OLD NEW", "what access changed between two directories",
                      2, 2},
    [COMMAND_CUT] = {"cut", "[PATH]",
                     "the fewest grants to remove so that nothing leaks", 0, 1},
    [COMMAND_GRAPH] = {"graph", "[PATH]", "draw who may pull what, and why", 0, 1},
    [COMMAND_RULES] = {"rules", "[PATH]", "list the rules", 0, 1},
    [COMMAND_TEST] = {"test", "[DIR]", "run the cases of rules of your own", 0, 1},
    [COMMAND_EXPLAIN] = {"explain", "RULE|FINGERPRINT [PATH]",
                         "explain a rule, or why a finding holds", 1, 2},
    [COMMAND_INIT] = {"init", "[PATH]", "write a starter manifest", 0, 1},
    [COMMAND_IMPORT] = {"import", "github DIR",
                        "write a manifest from dumps of GitHub's REST API", 2, 2},
    [COMMAND_DUMP] = {"dump", "tree|configurations|facts|rows|schema|manual [PATH]",
                      "print what a phase made", 1, 2},
    [COMMAND_EXPORT] = {"export", "souffle DIR [PATH]",
                        "write facts and rules for another engine", 2, 3},
    [COMMAND_LSP] = {"lsp", "[PATH]",
                     "show findings in an editor, by the Language "
                     "Server Protocol",
                     0, 1},
    [COMMAND_COMPLETION] = {"completion", "bash|zsh|fish",
                            "print what completes berth in a shell", 1, 1},
    [COMMAND_HELP] = {"help", "[COMMAND]", "print this, or the options of a command", 0,
                      1},
    [COMMAND_VERSION] = {"version", "", "print the version", 0, 0},
};

#define FOR(command) (1u << COMMAND_##command)
enum {
    FOR_WORKSPACE = FOR(CHECK) | FOR(WHY) | FOR(REFS) | FOR(PLAN) | FOR(EXPLAIN) |
                    FOR(DUMP) | FOR(RULES) | FOR(EXPORT) | FOR(DIFF) | FOR(CUT) |
                    FOR(GRAPH),
    FOR_ANALYSIS = FOR_WORKSPACE | FOR(LSP),
    FOR_FINDINGS = FOR(CHECK) | FOR(EXPLAIN),
    /* One result, in one format. */
    FOR_RESULT = FOR(WHY) | FOR(REFS) | FOR(PLAN) | FOR(RULES) | FOR(EXPLAIN) |
                 FOR(DIFF) | FOR(CUT) | FOR(TEST) | FOR(GRAPH),
    FOR_FORMAT = FOR(CHECK) | FOR_RESULT,
    FOR_COLOR = FOR(CHECK) | FOR(WHY) | FOR(EXPLAIN) | FOR(DIFF) | FOR(CUT) | FOR(PLAN)
};

typedef enum OptionId {
    OPTION_REPOSITORY,
    OPTION_VISIBILITY,
    OPTION_CONFIGURATION,
    OPTION_PLATFORM,
    OPTION_USER,
    OPTION_TODAY,
    OPTION_RULES,
    OPTION_SELECT,
    OPTION_IGNORE,
    OPTION_MANDATORY,
    OPTION_NO_IGNORES,
    OPTION_BASELINE,
    OPTION_UPDATE_BASELINE,
    OPTION_ALLOW_GROWTH,
    OPTION_FAIL_ON,
    OPTION_FIX,
    OPTION_DIFF,
    OPTION_FORMAT,
    OPTION_DIFF_BASE,
    OPTION_FOCUS,
    OPTION_HOPS,
    OPTION_EXIT_CODE,
    OPTION_TARGET,
    OPTION_PHASE,
    OPTION_ALLOW_BLOCKED,
    OPTION_OUTPUT,
    OPTION_COLOR,
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_CASES,
    OPTION_STRICT,
    OPTION_SHIPPED
} OptionId;

static const OptionInfo infos[] = {
    {OPTION_REPOSITORY, "repository", 0, "OWNER/NAME", FOR_ANALYSIS,
     "which repository this directory is, or the one to look at"},
    {OPTION_VISIBILITY, "visibility", 0, "public|internal|private", FOR_ANALYSIS,
     "of that repository, where no manifest states it"},
    {OPTION_CONFIGURATION, "configuration", 0, "FILE", FOR_WORKSPACE,
     "only this devcontainer.json of the repository"},
    {OPTION_PLATFORM, "platform", 0, "OS/ARCH", FOR_ANALYSIS,
     "what images are pulled for (linux/amd64)"},
    {OPTION_USER, "user", 0, "LOGIN", FOR_ANALYSIS,
     "who creates the codespace: their own secrets count"},
    {OPTION_TODAY, "today", 0, "YYYY-MM-DD", FOR_ANALYSIS,
     "the day that ages are reckoned from (the machine's, in UTC)"},
    {OPTION_RULES, "rules", 0, "DIR", FOR_ANALYSIS,
     "rules of your own, added to the shipped ones"},
    {OPTION_SELECT, "select", 0, "GLOB", FOR_FINDINGS, "only these rules"},
    {OPTION_IGNORE, "ignore", 0, "GLOB", FOR_FINDINGS, "not these rules"},
    {OPTION_MANDATORY, "mandatory", 0, "GLOB", FOR_FINDINGS,
     "rules that no file of a repository switches off or silences"},
    {OPTION_NO_IGNORES, "no-ignores", 0, NULL, FOR(CHECK),
     "findings that comments or berth.yaml silence, too"},
    {OPTION_BASELINE, "baseline", 0, "FILE", FOR(CHECK),
     "not the findings that this file holds"},
    {OPTION_UPDATE_BASELINE, "update-baseline", 0, NULL, FOR(CHECK),
     "write that file without what is no longer found"},
    {OPTION_ALLOW_GROWTH, "allow-growth", 0, NULL, FOR(CHECK),
     "and with what it does not hold yet"},
    {OPTION_FAIL_ON, "fail-on", 0, "error|warning|info|never", FOR(CHECK),
     "the least severity that makes the exit status 1 (error)"},
    {OPTION_FIX, "fix", 0, "[=all]", FOR(CHECK),
     "mend what is safe to mend, or all, and report what is left"},
    {OPTION_DIFF, "diff", 0, NULL, FOR(CHECK) | FOR(PLAN),
     "for check print what --fix would do as a patch, and change nothing; for plan "
     "compare two plans: which secrets go to another server"},
    {OPTION_FORMAT, "format", 0, "NAME[=FILE]", FOR_FORMAT,
     "for check text, json, ndjson, sarif, github, gitlab, junit, markdown or html; "
     "for "
     "plan json, env or shell; for graph dot, mermaid, json, graphml, opengraph or "
     "html; "
     "for rules and explain text, markdown or json; else text or json"},
    {OPTION_FOCUS, "focus", 0, "NODE", FOR(GRAPH),
     "only what is near this node: octo-org/site, or package:octo-org/base"},
    {OPTION_HOPS, "hops", 0, "N", FOR(GRAPH), "how many edges from there (2)"},
    {OPTION_DIFF_BASE, "diff-base", 0, "REVISION", FOR(CHECK),
     "report only what is new since this commit of git"},
    {OPTION_EXIT_CODE, "exit-code", 0, NULL, FOR(DIFF) | FOR(PLAN),
     "exit with 1 when access changed, or with plan --diff anything"},
    {OPTION_TARGET, "target", 0, "codespaces|actions|local", FOR(PLAN) | FOR(TEST),
     "where the logins of a plan happen"},
    {OPTION_PHASE, "phase", 0, "prebuild|create|runtime", FOR(PLAN) | FOR(WHY),
     "when the pulls happen (create)"},
    {OPTION_ALLOW_BLOCKED, "allow-blocked", 0, NULL, FOR(PLAN),
     "write the plan for what is not blocked"},
    {OPTION_OUTPUT, "output", 'o', "FILE", FOR_RESULT | FOR(DUMP) | FOR(IMPORT),
     "write the result there instead of to standard output"},
    {OPTION_COLOR, "color", 0, "auto|always|never", FOR_COLOR,
     "colours in text (auto; NO_COLOR is obeyed)"},
    {OPTION_CASES, "cases", 0, "DIR", FOR(TEST),
     "where the cases stand, if not beside the rules"},
    {OPTION_STRICT, "strict", 0, NULL, FOR(TEST),
     "fail too where a rule lacks a case, or a clause is not exercised"},
    {OPTION_SHIPPED, "shipped", 0, NULL, FOR(TEST),
     "the rules that berth ships, with --cases"},
    {OPTION_QUIET, "quiet", 'q', NULL, FOR(CHECK) | FOR(TEST),
     "what is wrong alone, no summary"},
    {OPTION_VERBOSE, "verbose", 'v', NULL, FOR(CHECK) | FOR(TEST),
     "unfold each proof; for test, tell of each case"},
};

const CommandInfo *option_command(Command command)
{
    return &commands[command];
}

const OptionInfo *option_table(uint32_t *count)
{
    *count = (uint32_t)(sizeof(infos) / sizeof(*infos));
    return infos;
}

bool option_is_choice(const OptionInfo *info)
{
    return info->value &&
           text_find_byte(text_of(info->value), '|') < text_of(info->value).len;
}

bool option_is_optional(const OptionInfo *info)
{
    return info->value && info->value[0] == '[';
}

typedef struct Reading {
    Arena *arena;
    Options *options;
    Text *problem;
} Reading;

static bool wrong(Reading *reading, Text problem)
{
    *reading->problem = problem;
    return false;
}

static bool read_choice(Reading *reading, const OptionInfo *info, Text value)
{
    Text rest = text_of(info->value), part;

    for (bool done = false; text_next_part(&rest, '|', &part, &done);) {
        if (text_equal(part, value))
            return true;
    }
    return wrong(reading, arena_format(reading->arena, "--%s takes %s, not '%.*s'",
                                       info->name, info->value, TEXT_ARG(value)));
}

static bool add(Reading *reading, const OptionInfo *info, TextList *list, Text value)
{
    if (list->count == OPTION_REPEATS)
        return wrong(reading,
                     arena_format(reading->arena, "--%s can be given 16 times at most",
                                  info->name));
    list->items[list->count++] = value;
    return true;
}

static bool set_fail_on(Reading *reading, const OptionInfo *info, Text value)
{
    Options *options = reading->options;

    options->never_fails = text_equal(value, TEXT("never"));
    for (Severity i = SEVERITY_INFO; i <= SEVERITY_ERROR; i++) {
        if (text_equal(value, text_of(severity_name(i))))
            options->fail_on = i;
    }
    return read_choice(reading, info, value);
}

static bool set_today(Reading *reading, const OptionInfo *info, Text value)
{
    Options *options = reading->options;

    options->has_today = day_read(value, &options->today);
    if (options->has_today)
        return true;
    return wrong(reading,
                 arena_format(reading->arena, "--%s takes a date, %s, not '%.*s'",
                              info->name, info->value, TEXT_ARG(value)));
}

static bool set_fix(Reading *reading, const OptionInfo *info, Text value)
{
    if (info->id == OPTION_DIFF)
        reading->options->diff = true;
    else
        reading->options->fixes = true;
    if (value.len == 0)
        return true;
    reading->options->fixes_all = text_equal(value, TEXT("all"));
    return reading->options->fixes_all ||
           wrong(reading, arena_format(reading->arena, "--fix takes =all, not '%.*s'",
                                       TEXT_ARG(value)));
}

/* What a flag sets. */
static bool *flag_of(Options *options, int id)
{
    const struct {
        int id;
        bool *flag;
    } flags[] = {{OPTION_NO_IGNORES, &options->no_ignores},
                 {OPTION_UPDATE_BASELINE, &options->update_baseline},
                 {OPTION_ALLOW_GROWTH, &options->allow_growth},
                 {OPTION_EXIT_CODE, &options->exit_code},
                 {OPTION_ALLOW_BLOCKED, &options->allow_blocked},
                 {OPTION_QUIET, &options->quiet},
                 {OPTION_VERBOSE, &options->verbose},
                 {OPTION_STRICT, &options->strict},
                 {OPTION_SHIPPED, &options->shipped}};

    for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
        if (flags[i].id == id)
            return flags[i].flag;
    }
    return NULL;
}

static bool set_color(Reading *reading, const OptionInfo *info, Text value)
{
    reading->options->color = text_equal(value, TEXT("always"))  ? COLOR_ALWAYS
                              : text_equal(value, TEXT("never")) ? COLOR_NEVER
                                                                 : COLOR_AUTO;
    return read_choice(reading, info, value);
}

static bool set_hops(Reading *reading, const OptionInfo *info, Text value)
{
    enum { HOPS_MAX = 99 };
    uint32_t hops = 0;
    bool is_number = value.len > 0 && value.len <= 2;

    for (size_t i = 0; is_number && i < value.len; i++) {
        is_number = byte_is_digit(value.at[i]);
        hops = hops * 10 + (uint32_t)(value.at[i] - '0');
    }
    reading->options->hops = hops;
    if (is_number)
        return true;
    return wrong(reading, arena_format(reading->arena,
                                       "--%s takes a number up to %d, not '%.*s'",
                                       info->name, HOPS_MAX, TEXT_ARG(value)));
}

static bool set(Reading *reading, const OptionInfo *info, Text value)
{
    Options *options = reading->options;
    bool *flag;

    switch ((OptionId)info->id) {
    case OPTION_REPOSITORY:
        options->repository = value;
        return true;
    case OPTION_VISIBILITY:
        options->visibility = value;
        return read_choice(reading, info, value);
    case OPTION_CONFIGURATION:
        options->configuration = value;
        return true;
    case OPTION_PLATFORM:
        options->platform = value;
        return true;
    case OPTION_USER:
        options->user = value;
        return true;
    case OPTION_TODAY:
        return set_today(reading, info, value);
    case OPTION_RULES:
        return add(reading, info, &options->rules, value);
    case OPTION_FIX:
    case OPTION_DIFF:
        return set_fix(reading, info, value);
    case OPTION_SELECT:
        return add(reading, info, &options->select, value);
    case OPTION_IGNORE:
        return add(reading, info, &options->ignore, value);
    case OPTION_MANDATORY:
        return add(reading, info, &options->mandatory, value);
    case OPTION_BASELINE:
        options->baseline = value;
        return true;
    case OPTION_FAIL_ON:
        return set_fail_on(reading, info, value);
    case OPTION_FORMAT:
        return add(reading, info, &options->formats, value);
    case OPTION_DIFF_BASE:
        options->diff_base = value;
        return value.len != 0 || wrong(reading, TEXT("--diff-base takes a revision, "
                                                     "such as origin/main"));
    case OPTION_FOCUS:
        options->focus = value;
        return true;
    case OPTION_HOPS:
        return set_hops(reading, info, value);
    case OPTION_TARGET:
        options->target = value;
        return read_choice(reading, info, value);
    case OPTION_PHASE:
        options->phase = value;
        return read_choice(reading, info, value);
    case OPTION_OUTPUT:
        options->output = value;
        return true;
    case OPTION_COLOR:
        return set_color(reading, info, value);
    case OPTION_CASES:
        options->cases = value;
        return true;
    case OPTION_NO_IGNORES:
    case OPTION_UPDATE_BASELINE:
    case OPTION_ALLOW_GROWTH:
    case OPTION_EXIT_CODE:
    case OPTION_ALLOW_BLOCKED:
    case OPTION_QUIET:
    case OPTION_VERBOSE:
    case OPTION_STRICT:
    case OPTION_SHIPPED:
        flag = flag_of(options, info->id);
        if (flag)
            *flag = true;
        return true;
    }
    return false;
}

static const OptionInfo *find_option(Text name)
{
    for (size_t i = 0; i < sizeof(infos) / sizeof(*infos); i++) {
        if (text_equal(name, text_of(infos[i].name)) ||
            (name.len == 1 && name.at[0] == infos[i].letter))
            return &infos[i];
    }
    return NULL;
}

static Text nearest_option(Text name, uint32_t command)
{
    Text nearest = {0};
    uint32_t best = 3;

    for (size_t i = 0; i < sizeof(infos) / sizeof(*infos); i++) {
        uint32_t distance = text_distance(name, text_of(infos[i].name), 2);

        if (infos[i].commands & (1u << command) && distance < best) {
            best = distance;
            nearest = text_of(infos[i].name);
        }
    }
    return nearest;
}

static bool unknown_option(Reading *reading, Text name)
{
    Text near = nearest_option(name, reading->options->command);

    if (near.len)
        return wrong(reading, arena_format(reading->arena,
                                           "no option '%.*s'; did you mean --%.*s?",
                                           TEXT_ARG(name), TEXT_ARG(near)));
    return wrong(reading, arena_format(reading->arena,
                                       "no option '%.*s'; 'berth help %s' lists them",
                                       TEXT_ARG(name),
                                       commands[reading->options->command].name));
}

/* option = "--" name ["=" value] | "--" name value | "-" letter [value] */
static bool read_option(Reading *reading, int argc, char *const *argv, int *at)
{
    Text text = text_of(argv[*at]);
    bool is_long = text_starts_with(text, TEXT("--"));
    Text name = text_from(text, is_long ? 2 : 1);
    size_t equals = is_long ? text_find_byte(name, '=') : 1;
    bool attached = equals < name.len;
    Text value = text_from(name, equals + (is_long ? 1 : 0));

    name = text_slice(name, 0, equals);
    const OptionInfo *info = find_option(name);
    if (!info || (is_long && name.len == 1))
        return unknown_option(reading, name);
    if (!(info->commands & (1u << reading->options->command)))
        return wrong(reading,
                     arena_format(reading->arena, "'berth %s' has no option --%s",
                                  commands[reading->options->command].name,
                                  info->name));
    if (!info->value || (option_is_optional(info) && !attached)) {
        if (attached)
            return wrong(reading, arena_format(reading->arena, "--%s takes no value",
                                               info->name));
        return set(reading, info, (Text){0});
    }
    if (!attached) {
        if (*at + 1 >= argc)
            return wrong(reading, arena_format(reading->arena, "--%s needs a value: %s",
                                               info->name, info->value));
        value = text_of(argv[++*at]);
    }
    return set(reading, info, value);
}

static bool find_command(Text name, Command *command)
{
    for (Command i = 0; i < COMMAND_COUNT; i++) {
        if (text_equal(name, text_of(commands[i].name))) {
            *command = i;
            return true;
        }
    }
    return false;
}

static bool unknown_command(Reading *reading, Text name)
{
    return wrong(reading, arena_format(reading->arena,
                                       "no command '%.*s'; 'berth help' lists them",
                                       TEXT_ARG(name)));
}

static bool read_command(Reading *reading, Text name)
{
    Options *options = reading->options;

    if (text_equal(name, TEXT("--help")) || text_equal(name, TEXT("-h"))) {
        options->command = COMMAND_HELP;
        return true;
    }
    if (text_equal(name, TEXT("--version")) || text_equal(name, TEXT("-V"))) {
        options->command = COMMAND_VERSION;
        return true;
    }
    return find_command(name, &options->command) || unknown_command(reading, name);
}

bool options_read(Arena *arena, int argc, char *const *argv, Options *options,
                  Text *problem)
{
    Reading reading = {arena, options, problem};
    bool only_arguments = false;
    Command subject;

    *options = (Options){.command = COMMAND_HELP, .fail_on = SEVERITY_ERROR, .hops = 2};
    if (argc < 2)
        return true;
    if (!read_command(&reading, text_of(argv[1])))
        return false;
    const CommandInfo *command = &commands[options->command];
    for (int i = 2; i < argc; i++) {
        Text text = text_of(argv[i]);

        if (!only_arguments && text_equal(text, TEXT("--"))) {
            only_arguments = true;
        } else if (!only_arguments &&
                   (text_equal(text, TEXT("--help")) || text_equal(text, TEXT("-h")))) {
            options->arguments[0] = text_of(command->name);
            options->narguments = 1;
            options->command = COMMAND_HELP;
            return true;
        } else if (!only_arguments && text.len > 1 && text.at[0] == '-') {
            if (!read_option(&reading, argc, argv, &i))
                return false;
        } else if (options->narguments == command->most) {
            return wrong(&reading,
                         arena_format(arena, "unexpected '%.*s'; usage: berth %s %s",
                                      TEXT_ARG(text), command->name,
                                      command->arguments));
        } else {
            options->arguments[options->narguments++] = text;
        }
    }
    if (options->narguments < command->least ||
        (options->command == COMMAND_PLAN &&
         (options->diff ? options->narguments != 2 : options->narguments == 2)))
        return wrong(&reading, arena_format(arena, "usage: berth %s %s", command->name,
                                            command->arguments));
    if (options->command == COMMAND_HELP && options->narguments &&
        !find_command(options->arguments[0], &subject))
        return unknown_command(&reading, options->arguments[0]);
    return true;
}

static void add_command_help(Command command, Buffer *out)
{
    buffer_format(out, "berth %s %s\n\n  %s\n\n", commands[command].name,
                  commands[command].arguments, commands[command].says);
    for (size_t i = 0; i < sizeof(infos) / sizeof(*infos); i++) {
        size_t start = out->len;

        if (!(infos[i].commands & (1u << command)))
            continue;
        if (infos[i].letter)
            buffer_format(out, "  -%c, --%s", infos[i].letter, infos[i].name);
        else
            buffer_format(out, "  --%s", infos[i].name);
        if (infos[i].value)
            buffer_format(out, "%s%s", option_is_optional(&infos[i]) ? "" : " ",
                          infos[i].value);
        if (out->len - start < 38)
            buffer_add_times(out, ' ', 38 - (out->len - start));
        else
            buffer_add(out, TEXT("\n                                      "));
        buffer_format(out, "%s\n", infos[i].says);
    }
}

void options_add_help(Text name, Buffer *out)
{
    Command command;

    if (name.len && find_command(name, &command)) {
        add_command_help(command, out);
        return;
    }
    buffer_add(out, TEXT("berth compiles who may pull what: it reads dev container\n"
                         "configurations and access manifests, offline, and reports "
                         "every leak and\nevery pull that will be refused.\n\n"));
    for (Command i = 0; i < COMMAND_COUNT; i++) {
        Text name_and_arguments =
            arena_format(out->arena, "%s %s", commands[i].name, commands[i].arguments);

        buffer_format(out, "  berth %-38.*s %s\n", TEXT_ARG(name_and_arguments),
                      commands[i].says);
    }
    buffer_add(out, TEXT("\n'berth help COMMAND' lists its options. Exit status: 0 "
                         "nothing found, 1 findings,\n2 wrong usage or a policy that "
                         "cannot be used, 3 analysis incomplete.\n"));
}
