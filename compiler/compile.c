#include "compile.h"

#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "facts/built_from.h"
#include "facts/configuration.h"
#include "facts/mirrors.h"
#include "facts/similar_hosts.h"
#include "progress.h"
#include "report/way.h"
#include "rule_set.h"
#include "syntax/syntax.h"

/* False when the rules are no longer those that were compiled before. */
static bool take_rules(Compilation *cc)
{
    const RuleSet *set = cc->options->compiled;

    if (!rule_set_is_current(set, cc->arena, cc->options, cc->workspace))
        return false;
    cc->program = dl_program_on(cc->arena, set->program, cc->symbols, cc->sources);
    cc->catalogue = set->catalogue;
    cc->catalogue.rules = ARENA_ARRAY(cc->arena, set->catalogue.count, Rule);
    memcpy(cc->catalogue.rules, set->catalogue.rules,
           set->catalogue.count * sizeof(Rule));
    cc->catalogue.capacity = cc->catalogue.count;
    cc->rules_after = 0;
    cc->rules_until = sources_count(set->sources);
    return true;
}

static void read_catalogue(Compilation *cc)
{
    RuleDirectory *directories;
    uint32_t used = rule_directories_open(
        cc->arena, cc->symbols, cc->sources, cc->policy, cc->options,
        (Texts){cc->workspace->rules, cc->workspace->nrules}, cc->diags, &directories);

    cc->rules_after = sources_count(cc->sources);
    cc->program = catalogue_read(cc->arena, cc->symbols, cc->sources, directories, used,
                                 cc->diags, &cc->catalogue);
    cc->rules_until = sources_count(cc->sources);
}

static void mark_mandatory(Compilation *cc)
{
    for (uint32_t i = 0; i < cc->catalogue.count; i++) {
        for (uint32_t j = 0; j < cc->options->nmandatory; j++)
            cc->catalogue.rules[i].is_mandatory |=
                text_matches_glob(cc->catalogue.rules[i].id, cc->options->mandatory[j]);
    }
}

/* Of a mandatory rule a repository's file may raise the severity, and no more. */
static void change_severity(Rule *rule, Text severity)
{
    if (text_equal(severity, TEXT("off")) && !rule->is_mandatory)
        rule->is_off = true;
    for (Severity s = SEVERITY_INFO; s <= SEVERITY_ERROR; s++) {
        if (text_equal(severity, text_of(severity_name(s))) &&
            (!rule->is_mandatory || s > rule->severity)) {
            rule->severity = s;
            rule->is_off = false;
        }
    }
}

static void apply_severities(Compilation *cc)
{
    for (uint32_t i = 0; i < cc->workspace->nseverities; i++) {
        const SeverityChange *change = &cc->workspace->severities[i];
        bool known = false;

        for (uint32_t j = 0; j < cc->catalogue.count; j++) {
            Rule *rule = &cc->catalogue.rules[j];

            if (!text_equal(rule->id, change->rule))
                continue;
            known = true;
            change_severity(rule, change->severity);
        }
        if (!known)
            diag_add(cc->diags, "", change->span,
                     "there is no rule '%.*s'; 'berth rules' lists them",
                     TEXT_ARG(change->rule));
    }
}

static Text platform_of(const Compilation *cc)
{
    return cc->options->platform.len ? cc->options->platform : TEXT("linux/amd64");
}

/* Of what could not be read or resolved nobody knows what it would have named. */
static bool hides_something(const Diags *diags, uint32_t from)
{
    static const char *const rules[] = {"input/syntax", "input/missing-file",
                                        "input/invalid-reference",
                                        "input/unresolved-reference"};

    for (uint32_t i = from; i < diags->count; i++) {
        for (size_t j = 0; j < sizeof(rules) / sizeof(*rules); j++) {
            if (text_equal(text_of(diags->items[i].rule), text_of(rules[j])))
                return true;
        }
    }
    return false;
}

/* False when what it references may not all be known. */
static bool read_configuration(Compilation *cc, const Checkout *checkout, Text path)
{
    uint32_t file;
    Text wanted;

    if (cc->options->configuration.len &&
        (!path_join(cc->arena, checkout->root, cc->options->configuration, &wanted) ||
         !text_equal(wanted, path)))
        return false;
    FileResult result = files_read(cc->files, checkout->root, path, &file);
    if (result != FILE_READ) {
        uint32_t nowhere = sources_add(cc->sources, path, TEXT(""));

        diag_add(cc->diags, "input/syntax", (Span){nowhere, 0, 0},
                 "this configuration %s", file_result_says(result));
        return false;
    }
    uint32_t said = cc->diags->count, dropped = cc->diags->dropped;
    configuration_extract(cc->facts, cc->files, file, checkout->repository,
                          checkout->root, path, platform_of(cc));
    arena_reset(cc->facts->scratch);
    cc->report.configurations++;
    return dropped == cc->diags->dropped && !hides_something(cc->diags, said);
}

/* Nothing is said to be unused in a repository of which something was not read. */
static void note_partial_trees(Compilation *cc, const bool *is_partial)
{
    const Rows *rows = &cc->facts->rows[REL_repository_tree];
    uint32_t partial = fact_symbol(cc->facts, TEXT("partial"));
    Text read = TEXT("read");

    for (uint32_t i = 0; i < rows->count; i += rows->arity) {
        uint32_t *state = &rows->cells[i + 1];

        if (is_partial[rows->cells[i]] &&
            text_equal(symbol_text(cc->symbols, (Symbol){*state}), read))
            *state = partial;
    }
}

static void read_configurations(Compilation *cc)
{
    bool *is_partial = ARENA_ARRAY(cc->arena, symbols_count(cc->symbols), bool);
    Progress progress = progress_start();
    uint32_t whole = 0, done = 0;

    for (uint32_t i = 0; i < cc->workspace->ncheckouts; i++)
        whole += cc->workspace->checkouts[i].nconfigurations;
    for (uint32_t i = 0; i < cc->workspace->ncheckouts; i++) {
        const Checkout *checkout = &cc->workspace->checkouts[i];
        uint32_t repo = fact_symbol(cc->facts, checkout->repository);

        cc->report.repositories += checkout->is_there;
        for (uint32_t j = 0; j < checkout->nconfigurations; j++) {
            is_partial[repo] |=
                !read_configuration(cc, checkout, checkout->configurations[j]);
            progress_show(&progress, ++done, whole);
        }
    }
    progress_clear(&progress);
    note_partial_trees(cc, is_partial);
    Rows *references = &cc->facts->rows[REL_reference];
    cc->report.references =
        references->arity ? references->count / references->arity : 0;
}

/* The configuration that the question is about: one that references the image, else
 * the repository's first, else none of its own. */
static uint32_t asked_configuration(Compilation *cc, uint32_t repo, uint32_t ref)
{
    const Rows *configurations = &cc->facts->rows[REL_configuration];
    const Rows *references = &cc->facts->rows[REL_reference];
    uint32_t first = 0;

    for (uint32_t i = 0; i < configurations->count; i += configurations->arity) {
        const uint32_t *row = &configurations->cells[i];

        if (row[2] != repo)
            continue;
        for (uint32_t j = 0; j < references->count; j += references->arity) {
            if (references->cells[j + 1] == row[1] && references->cells[j + 2] == ref)
                return row[1];
        }
        if (first == 0)
            first = row[1];
    }
    return first;
}

/* A repository that no entry mentions: everything about it is unknown. */
static void add_asked_repository(Compilation *cc, uint32_t repo)
{
    const Rows *rows = &cc->facts->rows[REL_repository];

    for (uint32_t i = 0; i < rows->count; i += rows->arity) {
        if (rows->cells[i + 1] == repo)
            return;
    }
    FACT(cc->facts, REL_repository, 0, repo,
         fact_owner(cc->facts, symbol_text(cc->symbols, (Symbol){repo})));
    FACT(cc->facts, REL_repository_visibility, 0, repo,
         fact_symbol(cc->facts, TEXT("unknown")));
}

static void ask(Compilation *cc)
{
    Facts *facts = cc->facts;
    ImageName name;
    Text problem;

    if (cc->options->asked_image.len == 0)
        return;
    if (!image_name_read(cc->arena, cc->options->asked_image, &name, &problem)) {
        diag_add(cc->diags, "", (Span){0}, "'%.*s' is no image reference: %.*s",
                 TEXT_ARG(cc->options->asked_image), TEXT_ARG(problem));
        return;
    }
    uint32_t ref = reference_name_extract(facts, &name);
    cc->asked_reference = symbol_text(cc->symbols, (Symbol){ref});
    uint32_t repo = fact_repository(facts, cc->options->asked_repository);
    cc->asked_repository = symbol_text(cc->symbols, (Symbol){repo});
    add_asked_repository(cc, repo);
    uint32_t config = asked_configuration(cc, repo, ref);
    if (config == 0)
        config = fact_symbol(
            facts, arena_format(cc->arena, "%.*s:", TEXT_ARG(cc->asked_repository)));
    cc->asked_configuration = symbol_text(cc->symbols, (Symbol){config});
    FACT(facts, REL_asked, config, repo, ref);
}

static void add_question_facts(Compilation *cc)
{
    Facts *facts = cc->facts;

    if (cc->options->target.len)
        FACT(facts, REL_plan_target, fact_symbol(facts, cc->options->target));
    if (cc->options->user.len)
        FACT(facts, REL_chosen_user, fact_lower(facts, cc->options->user));
    if (cc->options->has_today)
        FACT(facts, REL_today, cc->options->today);
    if (cc->options->asks_cut)
        FACT(facts, REL_cut_asked, fact_symbol(facts, TEXT("leaks")));
    if (cc->options->graph_of.len)
        FACT(facts, REL_graph_asked, fact_symbol(facts, cc->options->graph_of));
    ask(cc);
}

static void load(Compilation *cc)
{
    cc->database = dl_database(cc->arena, cc->program);
    for (RelationId i = 0; i < REL_COUNT; i++) {
        const Rows *rows = &cc->facts->rows[i];
        DlRelationId id = dl_relation_find(cc->program, text_of(relations[i].name));

        for (uint32_t j = 0; j < rows->count; j += rows->arity)
            dl_add(cc->database, id, &rows->cells[j]);
    }
}

static bool has_policy_error(const Diags *diags)
{
    for (uint32_t i = 0; i < diags->count; i++) {
        if (diags->items[i].rule[0] == '\0')
            return true;
    }
    return false;
}

static bool open_files(Compilation *cc)
{
    const CompileOptions *options = cc->options;

    cc->files = options->store ? files_of_store(cc->arena, cc->symbols, cc->sources,
                                                options->store)
                               : files_open(cc->arena, cc->symbols, cc->sources,
                                            options->path, &cc->failed);
    if (cc->files)
        files_cover(cc->files, options->open, options->nopen);
    cc->policy = options->policy ? files_of_store(cc->arena, cc->symbols, cc->sources,
                                                  options->policy)
                                 : cc->files;
    return cc->files != NULL;
}

void compile(void *context)
{
    Compilation *cc = context;
    const CompileOptions *options = cc->options;
    WorkspaceOptions workspace = {options->repository, options->visibility,
                                  options->environment_repository};

    cc->symbols = options->compiled
                      ? symbols_fork(cc->arena, options->compiled->symbols)
                      : symbols_new(cc->arena);
    cc->sources = options->compiled
                      ? sources_fork(cc->arena, options->compiled->sources)
                      : sources_new(cc->arena);
    cc->diags = diags_new(cc->arena);
    cc->facts = facts_new(cc->arena, cc->symbols, cc->sources, cc->diags);
    if (!open_files(cc))
        return;
    cc->workspace = workspace_read(cc->facts, cc->files, cc->policy, &workspace);
    if (!options->compiled) {
        read_catalogue(cc);
    } else if (!take_rules(cc)) {
        cc->rules_changed = true;
        return;
    }
    mark_mandatory(cc);
    apply_severities(cc);
    read_configurations(cc);
    add_question_facts(cc);
    similar_hosts_find(cc->facts);
    built_from_extract(cc->facts, cc->files, cc->workspace, platform_of(cc));
    mirrors_extract(cc->facts, cc->workspace);
    /* Access must not be judged from a broken policy; what the readers found stays. */
    cc->is_unusable = has_policy_error(cc->diags) || !cc->program;
    if (cc->is_unusable)
        return;
    load(cc);
    if (options->notes_held) {
        cc->held = ARENA_ARRAY(cc->arena, dl_clause_count(cc->program), bool);
        dl_note_held(cc->database, cc->held);
    }
    if (!options->facts_only && !dl_run(cc->database, dl_default_limits, cc->diags))
        cc->is_incomplete = cc->is_cut_off = true;
}

bool compile_is_rule_file(const Compilation *cc, uint32_t file)
{
    return file > cc->rules_after && file <= cc->rules_until;
}

static int by_path(const void *left, const void *right)
{
    return text_compare(((const Coverage *)left)->path,
                        ((const Coverage *)right)->path);
}

static void add_coverage(Compilation *cc, Arena *arena)
{
    uint32_t nfiles = cc->sources ? sources_count(cc->sources) : 0, nrefusals = 0;
    const Refusal *refusals = cc->files ? files_refusals(cc->files, &nrefusals) : NULL;
    bool *partial = ARENA_ARRAY(arena, nfiles + 1, bool);
    Coverage *list = ARENA_ARRAY(arena, nfiles + nrefusals, Coverage);
    uint32_t count = 0;

    for (uint32_t i = 0; i < cc->diags->count; i++) {
        if (text_equal(text_of(cc->diags->items[i].rule), TEXT("input/syntax")))
            partial[cc->diags->items[i].span.file] = true;
    }
    for (uint32_t i = 1; i <= nfiles; i++) {
        Text path = source_path(cc->sources, i);

        if (compile_is_rule_file(cc, i) || text_ends_with(path, TEXT(".git/config")) ||
            source_bytes(cc->sources, i).len == 0)
            continue;
        list[count++] =
            (Coverage){path, partial[i] ? TEXT("partial") : TEXT("analysed"),
                       partial[i] ? TEXT("it does not read as it should") : TEXT("")};
    }
    for (uint32_t i = 0; i < nrefusals; i++) {
        list[count++] = (Coverage){refusals[i].path, TEXT("refused"),
                                   text_of(file_result_says(refusals[i].result))};
        cc->is_incomplete |= file_result_is_incomplete(refusals[i].result);
    }
    qsort(list, count, sizeof(*list), by_path);
    cc->report.coverage = list;
    cc->report.ncoverage = count;
}

void compile_report(Compilation *cc, Arena *arena)
{
    Report *report = &cc->report;

    report->arena = arena;
    report->symbols = cc->symbols;
    report->sources = cc->sources;
    report->catalogue = &cc->catalogue;
    report->program = cc->program;
    report->database = cc->is_unusable ? NULL : cc->database;
    report->ways = ways_new(report);
    if (cc->diags)
        add_coverage(cc, arena);
}
