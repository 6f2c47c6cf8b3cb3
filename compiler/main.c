/*
 * main.c: the command line, the compilation, the command's answer, the exit status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "commands.h"
#include "completion.h"
#include "fix_command.h"
#include "import_command.h"
#include "lsp_command.h"
#include "plan_diff_command.h"
#include "test_command.h"

#ifndef BERTH_VERSION
#define BERTH_VERSION "unversioned"
#endif

typedef struct Reply {
    void (*run)(Answer *answer);
    uint32_t path_argument; /* which argument is PATH */
    bool needs_verdicts;    /* nothing is printed from a broken policy */
} Reply;

static const Reply replies[COMMAND_COUNT] = {
    [COMMAND_CHECK] = {command_check, 0, false},
    [COMMAND_WHY] = {command_why, 2, true},
    [COMMAND_REFS] = {command_refs, 0, true},
    [COMMAND_PLAN] = {command_plan, 0, true},
    [COMMAND_DIFF] = {command_diff, 1, true},
    [COMMAND_CUT] = {command_cut, 0, true},
    [COMMAND_GRAPH] = {command_graph, 0, true},
    [COMMAND_RULES] = {command_rules, 0, true},
    [COMMAND_EXPLAIN] = {command_explain, 1, true},
    [COMMAND_INIT] = {command_init, 0, true},
    [COMMAND_DUMP] = {command_dump, 1, true},
    [COMMAND_EXPORT] = {command_export, 2, true}};

/* Whether some repository has the configuration that was asked for: none is a mistake
 * that would hide findings. */
static bool has_configuration(const Compilation *cc, Arena *arena)
{
    Text asked = cc->options->configuration, path;

    if (asked.len == 0)
        return true;
    for (uint32_t i = 0; i < cc->workspace->ncheckouts; i++) {
        const Checkout *checkout = &cc->workspace->checkouts[i];

        for (uint32_t j = 0; j < checkout->nconfigurations; j++) {
            if (path_join(arena, checkout->root, asked, &path) &&
                text_equal(path, checkout->configurations[j]))
                return true;
        }
    }
    return false;
}

static void reply(void *context)
{
    Answer *answer = context;
    Compilation *cc = answer->cc;

    compile_report(cc, answer->arena);
    if (cc->failed) {
        answer_fail(answer, EXIT_UNUSABLE,
                    arena_format(answer->arena, "%.*s %s", TEXT_ARG(cc->options->path),
                                 cc->failed));
        return;
    }
    answer_say_errors(answer);
    if (cc->is_incomplete)
        answer_worsen(answer, EXIT_INCOMPLETE);
    if (cc->is_unusable)
        answer_worsen(answer, EXIT_UNUSABLE);
    if (!cc->program && !cc->is_unusable)
        return; /* it was ended before there were rules to report by */
    if (!has_configuration(cc, answer->arena)) {
        answer_fail(answer, EXIT_UNUSABLE,
                    arena_format(answer->arena, "there is no configuration '%.*s'",
                                 TEXT_ARG(cc->options->configuration)));
        return;
    }
    if (cc->database || !replies[answer->options->command].needs_verdicts)
        replies[answer->options->command].run(answer);
}

/* Dumps are the same on every day: only what is found has an age. */
static void choose_day(const Options *options, CompileOptions *wanted)
{
    const time_t seconds_a_day = 24 * 60 * 60;
    bool finds = options->command == COMMAND_CHECK ||
                 options->command == COMMAND_EXPLAIN ||
                 options->command == COMMAND_GRAPH;
    time_t now = finds && !options->has_today ? time(NULL) : 0;

    wanted->has_today = options->has_today || now > 0;
    wanted->today =
        options->has_today ? options->today : (uint32_t)(now / seconds_a_day);
}

/* Whether a format of the findings draws the graph. */
static bool draws(const Options *options)
{
    for (uint32_t i = 0; i < options->formats.count; i++) {
        if (options->command == COMMAND_CHECK &&
            text_equal(format_name(options->formats.items[i]), TEXT("html")))
            return true;
    }
    return false;
}

static CompileOptions compile_options(const Options *options)
{
    uint32_t at = replies[options->command].path_argument;
    const char *repository = getenv("GITHUB_REPOSITORY");
    CompileOptions compile_options = {
        .path = options->narguments > at ? options->arguments[at] : TEXT("."),
        .repository = options->repository,
        .visibility = options->visibility,
        .environment_repository = text_of(repository),
        .configuration = options->configuration,
        .platform = options->platform,
        .user = options->user,
        .rules = options->rules.items,
        .nrules = options->rules.count,
        .mandatory = options->mandatory.items,
        .nmandatory = options->mandatory.count};

    choose_day(options, &compile_options);
    if (options->command == COMMAND_WHY) {
        compile_options.asked_repository = options->arguments[0];
        compile_options.asked_image = options->arguments[1];
    }
    if (options->command == COMMAND_PLAN)
        compile_options.target =
            options->target.len ? options->target : TEXT("codespaces");
    compile_options.asks_cut = options->command == COMMAND_CUT;
    if (options->command == COMMAND_GRAPH)
        compile_options.graph_of = TEXT("access");
    else if (draws(options))
        compile_options.graph_of = TEXT("findings");
    compile_options.facts_only =
        options->command == COMMAND_REFS || options->command == COMMAND_RULES ||
        options->command == COMMAND_DIFF || options->command == COMMAND_INIT ||
        (options->command == COMMAND_DUMP &&
         !text_equal(options->arguments[0], TEXT("rows")));
    return compile_options;
}

static Arena *new_arena(size_t mebibytes)
{
    Arena *arena = arena_new(mebibytes << 20);

    if (!arena) {
        say(TEXT("out of memory"));
        exit(EXIT_INCOMPLETE);
    }
    return arena;
}

static void run_compile(Compilation *cc, Arena *arena)
{
    if (arena_run(arena, compile, cc))
        return;
    say(TEXT("the analysis needs more than 4096 MiB and was ended; what follows is "
             "not complete"));
    cc->is_incomplete = cc->is_cut_off = true;
}

static bool open_base(Answer *answer, CompileOptions *wanted)
{
    Arena *arena = new_arena(COMPILE_MEMORY_MIB);
    Text problem;

    if (diff_base_open(answer->base, arena, answer->options->diff_base, wanted,
                       &problem))
        return true;
    say(problem);
    arena_free(arena);
    return false;
}

/* A policy that cannot be used judges nothing: the workspace's own does, so that a
 * change can mend it. One that git does not give would let a change judge itself: false,
 * and it was said. */
static bool compile_base(Answer *answer, CompileOptions *wanted)
{
    Compilation *now = answer->cc, *before = &answer->base->cc;

    if (!diff_base_compile(answer->base, now)) {
        say(TEXT("the analysis of the state before needs more than 4096 MiB and was "
                 "ended"));
        before->is_incomplete = true;
    } else if (!git_commit_is_whole(answer->base->commit)) {
        say(arena_format(answer->arena,
                         "git does not give a file of '%.*s', as in a partial clone; "
                         "fetch all of it first",
                         TEXT_ARG(answer->base->revision)));
        return false;
    }
    if (before->is_unusable && now->is_unusable) {
        wanted->policy = NULL;
        arena_free(now->arena);
        *now = (Compilation){.options = wanted, .arena = new_arena(COMPILE_MEMORY_MIB)};
        run_compile(now, now->arena);
    }
    Text lost = diff_base_lost_manifest(answer->base, now);
    if (lost.len)
        say(arena_format(answer->arena,
                         "the manifest '%.*s' of %.*s is gone: what only it says is "
                         "unknown, and no leak is found by it",
                         TEXT_ARG(lost), TEXT_ARG(answer->base->revision)));
    return true;
}

/* What --fix does before the answer; what is wrong is said with that. */
static void fix(void *context)
{
    Answer *answer = context;

    compile_report(answer->cc, answer->arena);
    if (!answer->cc->failed && has_configuration(answer->cc, answer->arena))
        fix_write(answer);
}

/* Reads and judges everything, and lets `work` do the rest. The status is the worse of
 * `status` and what comes of it. */
static int analyse(const Options *options, void (*work)(void *context), int status)
{
    CompileOptions wanted = compile_options(options);
    Compilation cc = {.options = &wanted, .arena = new_arena(COMPILE_MEMORY_MIB)};
    Answer answer = {options, &cc, NULL, new_arena(REPORT_MEMORY_MIB), status};
    DiffBase base = {0};

    if (options->diff_base.len) {
        answer.base = &base;
        if (!open_base(&answer, &wanted)) {
            arena_free(answer.arena);
            arena_free(cc.arena);
            return EXIT_UNUSABLE;
        }
    }
    run_compile(&cc, cc.arena);
    if (answer.base && !compile_base(&answer, &wanted)) {
        answer.status = EXIT_UNUSABLE;
    } else if (!arena_run(answer.arena, work, &answer)) {
        say(TEXT("what there is to print needs more than 2048 MiB"));
        answer_worsen(&answer, EXIT_INCOMPLETE);
    }
    arena_free(answer.arena);
    arena_free(cc.arena);
    arena_free(base.arena);
    return answer.status;
}

static int run(const Options *options)
{
    int status = EXIT_CLEAN;

    if (options->fixes && !options->diff)
        status = analyse(options, fix, status);
    return status == EXIT_UNUSABLE ? status : analyse(options, reply, status);
}

int main(int argc, char **argv)
{
    Arena *arena = new_arena(16);
    Options options;
    Text problem;
    int status = EXIT_CLEAN;

    if (!options_read(arena, argc, argv, &options, &problem)) {
        say(problem);
        status = EXIT_UNUSABLE;
    } else if (options.command == COMMAND_HELP) {
        Buffer out = {.arena = arena};

        options_add_help(options.arguments[0], &out);
        fwrite(out.at, 1, out.len, stdout);
    } else if (options.command == COMMAND_DUMP &&
               text_equal(options.arguments[0], TEXT("schema"))) {
        Buffer out = {.arena = arena};

        /* Asks for no workspace, and for no rule: they may need what it prints. */
        facts_add_schema(&out);
        fwrite(out.at, 1, out.len, stdout);
    } else if (options.command == COMMAND_DUMP &&
               text_equal(options.arguments[0], TEXT("manual"))) {
        Buffer out = {.arena = arena};

        manual_add(&out);
        fwrite(out.at, 1, out.len, stdout);
    } else if (options.command == COMMAND_COMPLETION) {
        Buffer out = {.arena = arena};

        if (completion_add(options.arguments[0], &out)) {
            fwrite(out.at, 1, out.len, stdout);
        } else {
            say(TEXT("completions are there for bash, zsh and fish"));
            status = EXIT_UNUSABLE;
        }
    } else if (options.command == COMMAND_TEST) {
        status = command_test(&options);
    } else if (options.command == COMMAND_PLAN && options.diff) {
        status = plan_diff_command(&options);
    } else if (options.command == COMMAND_LSP) {
        status = lsp_run(&options, BERTH_VERSION);
    } else if (options.command == COMMAND_VERSION) {
        puts("berth " BERTH_VERSION);
    } else if (options.command == COMMAND_IMPORT) {
        status = import_command(&options);
    } else {
        status = run(&options);
    }
    arena_free(arena);
    if (fflush(stdout) != 0 && status == EXIT_CLEAN)
        status = EXIT_INCOMPLETE;
    return status;
}
