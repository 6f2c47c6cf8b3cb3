#include "commands.h"

#include <stdlib.h>

#include "baseline.h"
#include "dump.h"
#include "examples.h"
#include "export.h"
#include "fix/fix.h"
#include "fix_command.h"
#include "html_output.h"
#include "judge.h"
#include "output.h"
#include "report/change.h"
#include "starter.h"
#include "step_summary.h"

typedef struct OutputFormat {
    const char *name;
    Emitter *emit;
} OutputFormat;

/* A new output is one file in report/ and one line here. */
static const OutputFormat check_formats[] = {
    {"text", report_text},     {"json", report_json},         {"ndjson", report_ndjson},
    {"sarif", report_sarif},   {"gitlab", report_gitlab},     {"junit", report_junit},
    {"github", report_github}, {"markdown", report_markdown}, {"html", html_check}};

/* --- which rules --- */

static bool list_matches(const TextList *globs, Text id)
{
    for (uint32_t i = 0; i < globs->count; i++) {
        if (text_matches_glob(id, globs->items[i]))
            return true;
    }
    return false;
}

static bool matches_some_rule(const Catalogue *catalogue, Text glob)
{
    for (uint32_t i = 0; i < catalogue->count; i++) {
        if (text_matches_glob(catalogue->rules[i].id, glob))
            return true;
    }
    return false;
}

/* A glob that names no rule is a mistake that would hide findings. */
static bool choose_rules(Answer *answer, Compilation *cc)
{
    Catalogue *catalogue = &cc->catalogue;
    const TextList *lists[] = {&answer->options->select, &answer->options->ignore,
                               &answer->options->mandatory};

    for (int i = 0; i < 3; i++) {
        for (uint32_t j = 0; j < lists[i]->count; j++) {
            Text glob = lists[i]->items[j];

            if (!matches_some_rule(catalogue, glob)) {
                answer_fail(answer, EXIT_UNUSABLE,
                            arena_format(answer->arena,
                                         "'%.*s' matches no rule; 'berth rules' lists "
                                         "them",
                                         TEXT_ARG(glob)));
                return false;
            }
        }
    }
    for (uint32_t i = 0; i < catalogue->count; i++) {
        Rule *rule = &catalogue->rules[i];

        if (lists[0]->count && !list_matches(lists[0], rule->id))
            rule->is_off = true;
        if (list_matches(lists[1], rule->id))
            rule->is_off = true;
    }
    return true;
}

/* --- the commands --- */

static const OutputFormat *find_format(Text name)
{
    for (size_t i = 0; i < sizeof(check_formats) / sizeof(*check_formats); i++) {
        if (text_equal(name, text_of(check_formats[i].name)))
            return &check_formats[i];
    }
    return NULL;
}

/* Annotations are the half of it: the page of the run shows a summary. */
static void append_step_summary(Answer *answer)
{
    Report report = answer->cc->report;
    Text path = text_of(getenv("GITHUB_STEP_SUMMARY")), problem;

    report.arena = answer->arena;
    if (path.len && !step_summary_append(&report, path, &problem)) {
        say(problem);
        answer_worsen(answer, EXIT_INCOMPLETE);
    }
}

static void emit(Answer *answer, const OutputFormat *format, Text file)
{
    Report report = answer->cc->report;
    Buffer out = {.arena = answer->arena};

    answer_set_terminal(answer, &report, file);
    format->emit(&report, &out);
    answer_write(answer, file, buffer_text(&out));
    if (format->emit == report_github)
        append_step_summary(answer);
}

/* A state before that cannot be judged had no findings that anyone knows of. */
static void judge_before(Answer *answer)
{
    Compilation *before = &answer->base->cc;

    if (before->is_unusable)
        say(arena_format(answer->arena,
                         "access was not judged at %.*s, whose policy cannot be used: "
                         "what is found counts as new",
                         TEXT_ARG(answer->base->revision)));
    if (before->is_incomplete)
        answer_worsen(answer, EXIT_INCOMPLETE);
    compile_report(before, answer->arena);
    if (before->program && choose_rules(answer, before))
        judge_findings(answer, before, answer->options->no_ignores);
}

/* What can be wrong with the options is told before anything is done. */
static bool options_are_right(Answer *answer)
{
    const Options *options = answer->options;

    if (options->update_baseline && (options->fixes || options->diff)) {
        answer_fail(answer, EXIT_UNUSABLE,
                    TEXT("--update-baseline keeps what --fix would mend; give one of "
                         "them"));
        return false;
    }
    for (uint32_t i = 0; i < options->formats.count; i++) {
        Text format = options->formats.items[i];

        if (!find_format(format_name(format))) {
            answer_fail(answer, EXIT_UNUSABLE,
                        arena_format(answer->arena, "no format '%.*s'",
                                     TEXT_ARG(format_name(format))));
            return false;
        }
        if (options->diff && format_file(format).len == 0) {
            answer_fail(answer, EXIT_UNUSABLE,
                        TEXT("with --diff standard output is the patch; give --format "
                             "NAME=FILE"));
            return false;
        }
    }
    return true;
}

bool check_collect(Answer *answer)
{
    if (!options_are_right(answer) || !choose_rules(answer, answer->cc))
        return false;
    if (answer->base)
        judge_before(answer);
    judge_findings(answer, answer->cc, answer->options->no_ignores);
    if (answer->base)
        findings_keep_new(&answer->cc->report, &answer->base->cc.report,
                          answer->base->cc.files);
    if (!baseline_use(answer))
        return false;
    judge_hide_credentials(answer);
    return true;
}

/* What a path is told with so that it begins where berth runs: nothing for a directory
 * that lies elsewhere. */
static Text told_prefix(const Answer *answer)
{
    Text path = answer->cc->options->path, inner;

    if (text_starts_with(path, TEXT("/")) ||
        !path_join(answer->arena, TEXT(""), path, &inner) || inner.len == 0)
        return TEXT("");
    return arena_format(answer->arena, "%.*s/", TEXT_ARG(inner));
}

static RunFacts run_facts(const Answer *answer)
{
    const Options *options = answer->options;
    RunFacts run = {.version = TEXT(BERTH_VERSION),
                    .prefix = told_prefix(answer),
                    .fail_on = options->fail_on,
                    .never_fails = options->never_fails,
                    .is_complete = !answer->cc->is_incomplete &&
                                   !answer->cc->is_unusable &&
                                   !(answer->base && answer->base->cc.is_incomplete),
                    .diags = answer->cc->diags};
    Buffer category = {.arena = answer->arena};

    if (options->repository.len)
        buffer_format(&category, "%.*s/", TEXT_ARG(options->repository));
    if (options->configuration.len)
        buffer_format(&category, "%.*s/", TEXT_ARG(options->configuration));
    run.category = buffer_text(&category);
    return run;
}

void command_check(Answer *answer)
{
    const Options *options = answer->options;
    Report *report = &answer->cc->report;

    report->quiet = options->quiet;
    report->verbose = options->verbose;
    report->run = run_facts(answer);
    if (!check_collect(answer))
        return;
    if (options->formats.count || options->verbose)
        fixes_collect(report);
    if (options->diff)
        fix_print(answer);
    else if (options->formats.count == 0)
        emit(answer, &check_formats[0], (Text){0});
    for (uint32_t i = 0; i < options->formats.count; i++)
        emit(answer, find_format(format_name(options->formats.items[i])),
             format_file(options->formats.items[i]));
    uint32_t counted = report->errors;
    if (options->fail_on <= SEVERITY_WARNING)
        counted += report->warnings;
    if (options->fail_on <= SEVERITY_INFO)
        counted += report->infos;
    if (counted && !options->never_fails)
        answer_worsen(answer, EXIT_FINDINGS);
}

void command_refs(Answer *answer)
{
    static const char *const names[] = {"text", "json", NULL};
    Buffer out = {.arena = answer->arena};
    Text name, file;

    if (!answer_one_format(answer, names, &name, &file))
        return;
    (text_equal(name, TEXT("json")) ? refs_json : refs_text)(
        &answer->cc->report, answer->options->repository, (Text){0}, &out);
    answer_write(answer, file, buffer_text(&out));
}

void command_rules(Answer *answer)
{
    static const char *const names[] = {"text", "json", "markdown", NULL};
    Buffer out = {.arena = answer->arena};
    Text name, file;

    if (!answer_one_format(answer, names, &name, &file))
        return;
    if (text_equal(name, TEXT("markdown")))
        page_index(&answer->cc->report, examples_words(), &out);
    else
        (text_equal(name, TEXT("json")) ? rules_json : rules_text)(&answer->cc->report,
                                                                   &out);
    answer_write(answer, file, buffer_text(&out));
}

void command_init(Answer *answer)
{
    Compilation *cc = answer->cc;
    Buffer out = {.arena = answer->arena};
    Text problem, path;

    if (cc->workspace->nmanifests) {
        answer_fail(answer, EXIT_UNUSABLE,
                    TEXT("this workspace has manifests already; nothing was written"));
        return;
    }
    starter_add_manifest(cc, &out);
    path = arena_format(answer->arena, "%.*s/berth", TEXT_ARG(cc->options->path));
    if (!output_directory(answer->arena, path, &problem)) {
        answer_fail(answer, EXIT_INCOMPLETE, problem);
        return;
    }
    path = arena_format(answer->arena, "%.*s/access.yaml", TEXT_ARG(path));
    if (!output_create(answer->arena, path, buffer_text(&out), &problem)) {
        answer_fail(answer, EXIT_INCOMPLETE, problem);
        return;
    }
    say(arena_format(answer->arena,
                     "wrote %.*s; replace each 'unknown' that you know, then run "
                     "'berth check'",
                     TEXT_ARG(path)));
}

void command_dump(Answer *answer)
{
    Text what = answer->options->arguments[0];
    Buffer out = {.arena = answer->arena};

    if (text_equal(what, TEXT("tree")))
        dump_tree(answer->cc, &out);
    else if (text_equal(what, TEXT("configurations")))
        dump_configurations(answer->cc, &out);
    else if (text_equal(what, TEXT("facts")))
        dump_facts(answer->cc, &out);
    else if (text_equal(what, TEXT("rows")))
        dump_rows(answer->cc, &out);
    else
        answer_fail(answer, EXIT_UNUSABLE,
                    arena_format(answer->arena,
                                 "no dump of '%.*s'; there are tree, configurations, "
                                 "facts, rows, schema and manual",
                                 TEXT_ARG(what)));
    if (answer->status == EXIT_CLEAN)
        answer_write(answer, answer->options->output, buffer_text(&out));
}

void command_export(Answer *answer)
{
    Text engine = answer->options->arguments[0], problem;

    if (!text_equal(engine, TEXT("souffle")))
        answer_fail(answer, EXIT_UNUSABLE,
                    arena_format(answer->arena,
                                 "no export for '%.*s'; there is souffle",
                                 TEXT_ARG(engine)));
    else if (!export_souffle(answer->cc, answer->options->arguments[1], &problem))
        answer_fail(answer, EXIT_INCOMPLETE, problem);
}
