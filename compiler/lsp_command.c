/* realpath(3) is of the X/Open part of POSIX. */
#define _XOPEN_SOURCE 700
#include "lsp_command.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "judge.h"
#include "lsp/server.h"

enum { INPUT_BYTES = 64 << 10, LSP_MEMORY_MIB = 64 };

/* The last look at the workspace. */
typedef struct Looking {
    const Options *options;
    Text rules[OPTION_REPEATS]; /* --rules, absolute */
    CompileOptions wanted;
    Arena *compiled, *reported;
    Compilation cc;
    Answer answer;
    Buffer problems;
    Analysis analysis;
} Looking;

/* --- one look --- */

static void add_problem(Looking *looking, Text says)
{
    if (looking->problems.len)
        buffer_add_byte(&looking->problems, '\n');
    buffer_add_printable(&looking->problems, says);
}

/* Errors that stand in no file of the workspace, and what makes the rest doubtful. */
static void add_problems(Looking *looking)
{
    const Compilation *cc = &looking->cc;
    const Diags *diags = cc->diags;

    for (uint32_t i = 0; diags && i < diags->count; i++) {
        const Diag *diag = &diags->items[i];
        uint32_t file = diag->span.file;
        bool is_elsewhere = file == 0 || (file > looking->analysis.elsewhere_after &&
                                          file <= looking->analysis.elsewhere_until);

        if (diag->rule[0] == '\0' && is_elsewhere)
            add_problem(looking, diag->message);
    }
    if (cc->is_unusable)
        add_problem(looking, TEXT("access is not judged: the manifests, berth.yaml or "
                                  "the rules cannot be used"));
    if (cc->is_incomplete)
        add_problem(looking, TEXT("the analysis is not complete: a limit was reached, "
                                  "or a file cannot be read"));
}

/* Rule files that --rules names have paths of their own directories. */
static void note_elsewhere(Looking *looking)
{
    if (looking->options->rules.count == 0)
        return;
    looking->analysis.elsewhere_after = looking->cc.rules_after;
    looking->analysis.elsewhere_until = looking->cc.rules_until;
}

static void report(void *context)
{
    Looking *looking = context;
    Compilation *cc = &looking->cc;

    compile_report(cc, looking->reported);
    looking->problems.arena = looking->reported;
    if (cc->failed) {
        add_problem(looking, arena_format(looking->reported, "%.*s %s",
                                          TEXT_ARG(cc->options->path), cc->failed));
    } else {
        note_elsewhere(looking);
        if (cc->program || cc->is_unusable) {
            judge_findings(&looking->answer, cc, false);
            looking->analysis.report = &cc->report;
            looking->analysis.diags = cc->diags;
            looking->analysis.is_judged =
                cc->database && !cc->is_unusable && !cc->is_cut_off;
        }
        add_problems(looking);
    }
    looking->analysis.problems = buffer_text(&looking->problems);
}

static CompileOptions compile_options(Looking *looking, Text root)
{
    const Options *options = looking->options;
    const time_t seconds_a_day = 24 * 60 * 60;
    time_t now = options->has_today ? 0 : time(NULL);

    return (CompileOptions){
        .path = root,
        .repository = options->repository,
        .visibility = options->visibility,
        .environment_repository = text_of(getenv("GITHUB_REPOSITORY")),
        .platform = options->platform,
        .user = options->user,
        .has_today = options->has_today || now > 0,
        .today = options->has_today ? options->today : (uint32_t)(now / seconds_a_day),
        .rules = looking->rules,
        .nrules = options->rules.count};
}

static void forget(Looking *looking)
{
    arena_free(looking->reported);
    arena_free(looking->compiled);
    looking->reported = looking->compiled = NULL;
    looking->analysis = (Analysis){0};
    looking->problems = (Buffer){0};
}

typedef struct Compiling {
    Looking *looking;
    const Documents *documents;
} Compiling;

static void compile_open(void *context)
{
    Compiling *compiling = context;
    Looking *looking = compiling->looking;

    looking->wanted.open = documents_as_files(compiling->documents, looking->compiled,
                                              &looking->wanted.nopen);
    compile(&looking->cc);
}

static const Analysis *analyse(void *context, Text root, const Documents *documents)
{
    Looking *looking = context;
    Compiling compiling = {looking, documents};

    forget(looking);
    looking->compiled = arena_new((size_t)COMPILE_MEMORY_MIB << 20);
    looking->reported = arena_new((size_t)REPORT_MEMORY_MIB << 20);
    looking->analysis.problems = TEXT("out of memory");
    if (!looking->compiled || !looking->reported)
        return &looking->analysis;
    looking->wanted = compile_options(looking, root);
    looking->cc =
        (Compilation){.options = &looking->wanted, .arena = looking->compiled};
    looking->answer =
        (Answer){looking->options, &looking->cc, NULL, looking->reported, EXIT_CLEAN};
    if (!arena_run(looking->compiled, compile_open, &compiling))
        looking->analysis.problems =
            TEXT("the analysis needs more than 4096 MiB and was ended");
    else if (!arena_run(looking->reported, report, looking))
        looking->analysis = (Analysis){
            .problems = TEXT("what there is to show needs more than 2048 MiB")};
    return &looking->analysis;
}

/* --- the conversation --- */

static bool write_all(void *context, Text bytes)
{
    (void)context;
    while (bytes.len) {
        ssize_t some = write(STDOUT_FILENO, bytes.at, bytes.len);

        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            return false;
        bytes = text_from(bytes, (size_t)some);
    }
    return true;
}

static bool has_come(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&input, 1, 0) > 0;
}

/* False at the end of the input. */
static bool read_some(char *input, Text *bytes)
{
    ssize_t some;

    do
        some = read(STDIN_FILENO, input, INPUT_BYTES);
    while (some < 0 && errno == EINTR);
    *bytes = (Text){input, some > 0 ? (size_t)some : 0};
    return some > 0;
}

/* What has come is worked on before anything is analysed. */
static int converse(Server *server, char *input)
{
    Text bytes = {0};
    int status;

    while (!server_is_over(server, &status)) {
        if (bytes.len == 0 && !has_come())
            server_settle(server);
        if (bytes.len == 0 && !read_some(input, &bytes))
            server_hang_up(server);
        server_feed(server, &bytes);
        if (bytes.len || !has_come())
            server_work(server);
    }
    return status;
}

static Text absolute(Arena *arena, Text path)
{
    char resolved[PATH_MAX];

    if (path.len == 0 || !realpath(arena_copy(arena, path).at, resolved))
        return path;
    return arena_copy(arena, text_of(resolved));
}

int lsp_run(const Options *options, const char *version)
{
    Arena *arena = arena_new((size_t)LSP_MEMORY_MIB << 20);
    Looking looking = {.options = options};
    Host host = {&looking, analyse, write_all, text_of(version)};

    if (!arena || signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
        arena_free(arena);
        return EXIT_INCOMPLETE;
    }
    for (uint32_t i = 0; i < options->rules.count; i++)
        looking.rules[i] = absolute(arena, options->rules.items[i]);
    Server *server = server_new(arena, &host, absolute(arena, options->arguments[0]));
    int status = converse(server, ARENA_ARRAY(arena, INPUT_BYTES, char));
    server_end(server);
    forget(&looking);
    arena_free(arena);
    return status;
}
