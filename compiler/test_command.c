#include "test_command.h"

#include <time.h>

#include "answer.h"
#include "facts/berth_yaml.h"
#include "progress.h"
#include "suite.h"

enum { SUITE_MEMORY_MIB = 2048 };

typedef struct Testing {
    Answer answer;
    Compilation cc; /* of the rules alone */
    CompileOptions wanted;
    Suite suite;
} Testing;

/* The directories that the berth.yaml here names; this directory when it names none. */
static bool read_directories(Testing *testing)
{
    Arena *arena = testing->cc.arena;
    Compilation *cc = &testing->cc;
    Workspace workspace = {0};
    BerthYaml yaml;

    cc->symbols = symbols_new(arena);
    cc->sources = sources_new(arena);
    cc->diags = diags_new(arena);
    Files *files = files_open(arena, cc->symbols, cc->sources, TEXT("."), &cc->failed);
    if (!files) {
        answer_fail(&testing->answer, EXIT_UNUSABLE,
                    arena_format(arena, "this directory %s", cc->failed));
        return false;
    }
    Facts *facts = facts_new(arena, cc->symbols, cc->sources, cc->diags);
    berth_yaml_read(facts, files, &workspace, &yaml);
    testing->suite.directories = workspace.rules;
    testing->suite.ndirectories = workspace.nrules;
    if (workspace.nrules)
        return cc->diags->count == 0;
    Text *here = ARENA_NEW(arena, Text);
    *here = TEXT(".");
    testing->suite.directories = here;
    testing->suite.ndirectories = 1;
    return cc->diags->count == 0;
}

static bool choose_directories(Testing *testing)
{
    const Options *options = testing->answer.options;

    if (options->shipped) {
        testing->suite.shipped = true;
        if (options->narguments == 0 && options->cases.len)
            return true;
        answer_fail(&testing->answer, EXIT_UNUSABLE,
                    TEXT("--shipped tests the shipped rules, with the cases of --cases "
                         "DIR; expected no other directory"));
        return false;
    }
    if (options->narguments == 0)
        return read_directories(testing);
    testing->suite.directories = options->arguments;
    testing->suite.ndirectories = 1;
    return true;
}

static bool find_cases(Testing *testing)
{
    Text cases = testing->answer.options->cases;
    Suite *suite = &testing->suite;
    const char *problem;

    if (cases.len && !suite_find_cases(suite, cases, &problem)) {
        answer_fail(&testing->answer, EXIT_UNUSABLE,
                    arena_format(suite->arena, "%.*s %s", TEXT_ARG(cases), problem));
        return false;
    }
    for (uint32_t i = 0; cases.len == 0 && i < suite->ndirectories; i++)
        (void)suite_find_cases(suite, suite->directories[i], &problem);
    return true;
}

static void run_cases(Suite *suite)
{
    Progress progress = progress_start();

    for (uint32_t i = 0; i < suite->ncases; i++) {
        suite_run_case(suite, &suite->cases[i]);
        progress_show(&progress, i + 1, suite->ncases);
    }
    progress_clear(&progress);
    for (uint32_t i = 0; i < suite->nclauses; i++)
        suite->exercised += suite->clauses[i].held;
}

static void print(Testing *testing, Text name, Text file)
{
    const Options *options = testing->answer.options;
    Buffer out = {.arena = testing->answer.arena};

    if (text_equal(name, TEXT("json")))
        suite_json(&testing->suite, &out);
    else
        suite_text(&testing->suite, options->quiet, options->verbose, &out);
    answer_write(&testing->answer, file, buffer_text(&out));
}

static void set_status(Testing *testing)
{
    const Suite *suite = &testing->suite;
    bool is_untested = suite_missing(suite) || suite->exercised < suite->nclauses;

    if (suite->counts[CASE_FAILED] || (testing->answer.options->strict && is_untested))
        answer_worsen(&testing->answer, EXIT_FINDINGS);
    if (suite->counts[CASE_INCOMPLETE])
        answer_worsen(&testing->answer, EXIT_INCOMPLETE);
}

static void say_unusable(Testing *testing)
{
    compile_report(&testing->cc, testing->cc.arena);
    answer_say_errors(&testing->answer);
    answer_fail(&testing->answer, EXIT_UNUSABLE,
                TEXT("no case was run, since what is above cannot be used"));
}

static void test(void *context)
{
    static const char *const names[] = {"text", "json", NULL};
    Testing *testing = context;
    Suite *suite = &testing->suite;
    Text name, file;

    suite->today = (uint32_t)(time(NULL) / (24 * 60 * 60));
    suite->target = testing->answer.options->target;
    if (!answer_one_format(&testing->answer, names, &name, &file))
        return;
    if (!choose_directories(testing)) {
        if (testing->answer.status == EXIT_CLEAN)
            say_unusable(testing);
        return;
    }
    if (!suite_read_rules(suite, &testing->cc)) {
        say_unusable(testing);
        return;
    }
    if (suite->nrules == 0) {
        answer_fail(&testing->answer, EXIT_UNUSABLE,
                    arena_format(suite->arena,
                                 "no rule in %.*s; expected <category>/<name>.dl",
                                 TEXT_ARG(suite->directories[0])));
        return;
    }
    if (!find_cases(testing))
        return;
    run_cases(suite);
    print(testing, name, file);
    set_status(testing);
}

int command_test(const Options *options)
{
    Arena *arena = arena_new((size_t)SUITE_MEMORY_MIB << 20);
    Testing testing = {.answer = {.options = options, .arena = arena},
                       .cc = {.arena = arena},
                       .suite = {.arena = arena}};

    testing.answer.cc = &testing.cc;
    testing.cc.options = &testing.wanted;
    if (!arena || !arena_run(arena, test, &testing)) {
        say(TEXT("what there is to say of the cases needs more than 2048 MiB"));
        answer_worsen(&testing.answer, EXIT_INCOMPLETE);
    }
    arena_free(arena);
    return testing.answer.status;
}
