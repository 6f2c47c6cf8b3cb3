#include "lsp_look.h"

#include <stdlib.h>
#include <time.h>

#include "judge.h"
#include "rule_set.h"

struct Look {
    const Options *options;
    const Text *rules; /* --rules, absolute */
    RuleSet *set;      /* NULL: the rules are to be compiled with the rest */
    CompileOptions wanted;
    Arena *compiled, *reported;
    Compilation cc;
    Answer answer;
    Buffer problems;
    Analysis analysis;
};

static void add_problem(Look *look, Text says)
{
    if (look->problems.len)
        buffer_add_byte(&look->problems, '\n');
    buffer_add_printable(&look->problems, says);
}

/* Errors that stand in no file of the workspace, and what makes the rest doubtful. */
static void add_problems(Look *look)
{
    const Compilation *cc = &look->cc;
    const Diags *diags = cc->diags;

    for (uint32_t i = 0; diags && i < diags->count; i++) {
        const Diag *diag = &diags->items[i];
        uint32_t file = diag->span.file;
        bool is_elsewhere = file == 0 || (file > look->analysis.elsewhere_after &&
                                          file <= look->analysis.elsewhere_until);

        if (diag->rule[0] == '\0' && is_elsewhere)
            add_problem(look, diag->message);
    }
    if (cc->is_unusable)
        add_problem(look, TEXT("access is not judged: the manifests, berth.yaml or "
                               "the rules cannot be used"));
    if (cc->is_incomplete)
        add_problem(look, TEXT("the analysis is not complete: a limit was reached, "
                               "or a file cannot be read"));
}

/* Rule files that --rules names have paths of their own directories. */
static void note_elsewhere(Look *look)
{
    if (look->options->rules.count == 0)
        return;
    look->analysis.elsewhere_after = look->cc.rules_after;
    look->analysis.elsewhere_until = look->cc.rules_until;
}

static void report(void *context)
{
    Look *look = context;
    Compilation *cc = &look->cc;

    compile_report(cc, look->reported);
    look->problems.arena = look->reported;
    if (cc->failed) {
        add_problem(look, arena_format(look->reported, "%.*s %s",
                                       TEXT_ARG(cc->options->path), cc->failed));
    } else {
        note_elsewhere(look);
        if (cc->program || cc->is_unusable) {
            judge_findings(&look->answer, cc, false);
            look->analysis.report = &cc->report;
            look->analysis.diags = cc->diags;
            look->analysis.is_judged =
                cc->database && !cc->is_unusable && !cc->is_cut_off;
        }
        add_problems(look);
    }
    look->analysis.problems = buffer_text(&look->problems);
}

static CompileOptions compile_options(Look *look, Text root)
{
    const Options *options = look->options;
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
        .rules = look->rules,
        .nrules = options->rules.count};
}

static void forget(Look *look)
{
    if (look->reported)
        arena_rewind(look->reported);
    if (look->compiled)
        arena_rewind(look->compiled);
    look->analysis = (Analysis){0};
    look->problems = (Buffer){0};
}

typedef struct Compiling {
    Look *look;
    const Documents *documents;
} Compiling;

static void compile_open(void *context)
{
    Compiling *compiling = context;
    Look *look = compiling->look;

    look->wanted.open =
        documents_as_files(compiling->documents, look->compiled, &look->wanted.nopen);
    compile(&look->cc);
}

/* False when it needs too much memory. */
static bool run(Look *look, const RuleSet *set, const Documents *documents, Text root)
{
    Compiling compiling = {look, documents};

    look->wanted = compile_options(look, root);
    look->wanted.compiled = set;
    look->cc = (Compilation){.options = &look->wanted, .arena = look->compiled};
    return arena_run(look->compiled, compile_open, &compiling);
}

/* With the rules of the last look, as long as they are the same. */
static bool run_again(Look *look, const Documents *documents, Text root)
{
    if (look->set) {
        bool is_whole = run(look, look->set, documents, root);

        if (!look->cc.rules_changed)
            return is_whole;
        rule_set_free(look->set);
        look->set = NULL;
        arena_rewind(look->compiled);
    }
    return run(look, NULL, documents, root);
}

/* For the next look. */
static void keep_rules(Look *look)
{
    const Compilation *cc = &look->cc;

    if (!look->set && cc->workspace && cc->program)
        look->set = rule_set_new(&look->wanted,
                                 (Texts){cc->workspace->rules, cc->workspace->nrules});
}

const Analysis *look_at(void *context, Text root, const Documents *documents)
{
    Look *look = context;

    forget(look);
    if (!look->compiled)
        look->compiled = arena_new((size_t)COMPILE_MEMORY_MIB << 20);
    if (!look->reported)
        look->reported = arena_new((size_t)REPORT_MEMORY_MIB << 20);
    look->analysis.problems = TEXT("out of memory");
    if (!look->compiled || !look->reported)
        return &look->analysis;
    look->answer = (Answer){look->options, &look->cc, NULL, look->reported, EXIT_CLEAN};
    if (!run_again(look, documents, root)) {
        look->analysis.problems =
            TEXT("the analysis needs more than 4096 MiB and was ended");
        return &look->analysis;
    }
    keep_rules(look);
    if (!arena_run(look->reported, report, look))
        look->analysis = (Analysis){
            .problems = TEXT("what there is to show needs more than 2048 MiB")};
    return &look->analysis;
}

Look *look_new(Arena *arena, const Options *options, const Text *rules)
{
    Look *look = ARENA_NEW(arena, Look);

    look->options = options;
    look->rules = rules;
    return look;
}

void look_end(Look *look)
{
    arena_free(look->reported);
    arena_free(look->compiled);
    look->reported = look->compiled = NULL;
    rule_set_free(look->set);
    look->set = NULL;
}
