#include "suite.h"

/* --- the rules --- */

static bool is_tested(const Suite *suite, uint32_t file)
{
    return file != 0 && (file <= nrule_files) == suite->shipped;
}

static void list_rules(Suite *suite, const Compilation *cc)
{
    for (uint32_t i = 0; i < cc->catalogue.count; i++) {
        const Rule *rule = &cc->catalogue.rules[i];

        if (!is_tested(suite, rule->file))
            continue;
        ARRAY_GROW(suite->arena, suite->rules, suite->nrules, suite->rules_capacity);
        suite->rules[suite->nrules++] =
            (TestedRule){.id = rule->id, .path = source_path(cc->sources, rule->file)};
    }
}

/* The clauses of the tested files stand together: the shipped ones first, one's own
 * last. */
static void list_clauses(Suite *suite, const Compilation *cc)
{
    uint32_t count = dl_clause_count(cc->program);

    suite->program_clauses = suite->first_clause = suite->end_clause = count;
    suite->clauses = ARENA_ARRAY(suite->arena, count, TestedClause);
    for (uint32_t i = 0; i < count; i++) {
        Span span = dl_clause_span(cc->program, i);

        if (!is_tested(suite, span.file))
            continue;
        if (suite->first_clause == count)
            suite->first_clause = i;
        suite->end_clause = i + 1;
        if (dl_clause_is_fact(cc->program, i))
            continue;
        suite->clauses[suite->nclauses++] = (TestedClause){
            .path = source_path(cc->sources, span.file),
            .text = span_bytes(cc->sources, span),
            .line = source_place(cc->sources, span.file, span.start).line};
    }
}

bool suite_read_rules(Suite *suite, Compilation *cc)
{
    RuleDirectory *directories =
        ARENA_ARRAY(cc->arena, suite->ndirectories, RuleDirectory);
    uint32_t count = 0;

    cc->symbols = symbols_new(cc->arena);
    cc->sources = sources_new(cc->arena);
    cc->diags = diags_new(cc->arena);
    for (uint32_t i = 0; i < suite->ndirectories; i++) {
        if (rule_directory_open(cc->arena, cc->symbols, cc->sources,
                                suite->directories[i], cc->diags, &directories[count]))
            count++;
    }
    cc->program = catalogue_read(cc->arena, cc->symbols, cc->sources, directories,
                                 count, cc->diags, &cc->catalogue);
    if (!cc->program || cc->diags->count)
        return false;
    list_rules(suite, cc);
    list_clauses(suite, cc);
    return true;
}

/* --- the cases --- */

static CaseKind kind_of(Text name)
{
    for (CaseKind i = CASE_BAD; i < CASE_OF_NO_KIND; i++) {
        Text kind = text_of(case_kind_name(i));

        if (text_starts_with(name, kind) &&
            (name.len == kind.len || name.at[kind.len] == '-'))
            return i;
    }
    return CASE_OF_NO_KIND;
}

static TestedRule *find_rule(const Suite *suite, Text id)
{
    for (uint32_t i = 0; i < suite->nrules; i++) {
        if (text_equal(suite->rules[i].id, id))
            return &suite->rules[i];
    }
    return NULL;
}

/* Whether a rule could have cases there: it has the category of some rule. */
static bool is_in_category(const Suite *suite, Text path)
{
    for (uint32_t i = 0; i < suite->nrules; i++) {
        if (text_equal(path_directory(suite->rules[i].id), path_directory(path)))
            return true;
    }
    return false;
}

typedef struct Search {
    Suite *suite;
    Files *files;
    Text directory;
} Search;

static Case *add_case(Search *search, Text path)
{
    Suite *suite = search->suite;

    ARRAY_GROW(suite->arena, suite->cases, suite->ncases, suite->cases_capacity);
    Case *added = &suite->cases[suite->ncases++];
    bool here = text_equal(search->directory, TEXT("."));
    *added = (Case){.kind = CASE_OF_NO_KIND};
    added->path = here ? path
                       : arena_format(suite->arena, "%.*s/%.*s",
                                      TEXT_ARG(search->directory), TEXT_ARG(path));
    added->where = added->path;
    return added;
}

static void fail(Case *of, Text expected, Text found)
{
    of->status = CASE_FAILED;
    of->expected = expected;
    of->found = found;
}

static void add_cases(Search *search, TestedRule *rule, Text path,
                      const FileName *names, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        Text inner;
        FileName *inside;
        uint32_t ninside;

        if (!names[i].is_directory || names[i].name.at[0] == '.' ||
            !path_join(search->suite->arena, path, names[i].name, &inner))
            continue;
        Case *added = add_case(search, inner);
        FileResult result = files_list(search->files, inner, inner, &inside, &ninside);
        added->rule = rule->id;
        added->kind = kind_of(names[i].name);
        if (added->kind == CASE_OF_NO_KIND)
            fail(added,
                 TEXT("a case named bad, good or unknown, or bad-…, good-… or "
                      "unknown-…"),
                 TEXT("another name"));
        else
            rule->cases[added->kind]++;
        if (result != FILE_READ)
            fail(added, TEXT("a directory below that of the cases"),
                 arena_format(search->suite->arena, "that it %s",
                              file_result_says(result)));
    }
}

static bool has_case(const FileName *names, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (names[i].is_directory && kind_of(names[i].name) != CASE_OF_NO_KIND)
            return true;
    }
    return false;
}

/* Recursion: at most RULE_DIRECTORY_DEPTH. */
static void search_directory(Search *search, Text path, uint32_t depth)
{
    Suite *suite = search->suite;
    TestedRule *rule = find_rule(suite, path);
    FileName *names;
    uint32_t count;
    Text inner;

    if (files_list(search->files, TEXT(""), path, &names, &count) != FILE_READ)
        return; /* of rules, it was said; of anything else it is no matter */
    if (rule) {
        add_cases(search, rule, path, names, count);
        return;
    }
    if (depth && is_in_category(suite, path) && has_case(names, count)) {
        fail(add_case(search, path), TEXT("cases of a rule"),
             arena_format(suite->arena, "no rule '%.*s'", TEXT_ARG(path)));
        return;
    }
    for (uint32_t i = 0; i < count && depth < RULE_DIRECTORY_DEPTH; i++) {
        if (names[i].is_directory && names[i].name.at[0] != '.' &&
            path_join(suite->arena, path, names[i].name, &inner))
            search_directory(search, inner, depth + 1);
    }
}

bool suite_find_cases(Suite *suite, Text directory, const char **problem)
{
    Search search = {.suite = suite, .directory = directory};

    while (search.directory.len > 1 && text_ends_with(search.directory, TEXT("/")))
        search.directory.len--;
    search.files = files_open(suite->arena, symbols_new(suite->arena),
                              sources_new(suite->arena), directory, problem);
    if (!search.files)
        return false;
    search_directory(&search, TEXT(""), 0);
    return true;
}
