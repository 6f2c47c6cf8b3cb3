/*
 * mutate: the shipped rules, broken on purpose, one place at a time.
 *
 *   mutate WORK CASES FIRST STEP FILTER
 *
 * WORK holds schema/schema.dl, rules/, a copy of the rules that is written to, and the
 * empty directory sinks/platform/. Of the mutants of the files whose path holds FILTER,
 * number FIRST and every STEPth after it are run through cases, lines "KIND DIRECTORY
 * [OPTION...]" of CASES with KIND and options as in golden.sh: a rule's mutant through
 * the cases of that rule, the plans and the demo; one of the platform through all, then
 * through the truth table. What prints otherwise than the unbroken rules catches it.
 *
 *   caught|survived|invalid  id  path:line  what was done  to which line  of which head
 *
 * The id is the rule file, a hash of the clause's text without its blanks, what was done,
 * and to which of the clause's literals, or constants: it outlives an edit elsewhere. No
 * rule is linked into this program: all are read from WORK.
 */
#include "catalogue.h"

#define main truth_table_main
#define catalogue_read(arena, symbols, sources, directories, ndirectories, diags,      \
                       catalogue)                                                      \
    read_rules((arena), (symbols), (sources), (diags), (catalogue))
int truth_table_main(void);
static DlProgram *read_rules(Arena *arena, Symbols *symbols, Sources *sources,
                             Diags *diags, Catalogue *catalogue);
#include "unit_truth_table.c"
#undef catalogue_read
#undef main

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/day.h"
#include "compile.h"
#include "datalog/ast.h"
#include "dump.h"
#include "fix/fix.h"
#include "mutate_marks.h"
#include "plan/plan_json.h"
#include "plan/plan_make.h"

const RuleFile rule_files[] = {{"", NULL, 0}};
const uint32_t nrule_files = 0;

enum {
    SECONDS_MAX = 60, /* of one mutant: a join that has lost its key */
    STATUS_SURVIVED = 0,
    STATUS_CAUGHT = 1,
    STATUS_INVALID = 2
};

enum { PART_SCHEMA, PART_RULES, PART_SINKS, PARTS };
static const char *const part_names[PARTS] = {"schema", "rules", "sinks"};

typedef struct Case {
    Text kind, directory;
    Text repository, user, target, phase, today; /* options; empty: not given */
    Text output;                                 /* with the unbroken rules */
    bool *held; /* by clause: its body held then; NULL: not known */
} Case;

typedef struct Mutant {
    uint32_t clause;
    uint32_t at; /* the byte that is printed as its place */
    Span cut;
    Text with; /* stands in its place */
    const char *done;
    uint32_t part; /* which literal of the clause, or which constant */
} Mutant;

typedef struct Mutation {
    Arena *arena;
    Sources *sources;
    DlProgram *program;
    Text parts[PARTS]; /* directories of rules, in the order of the program */
    Case *cases;
    uint32_t ncases, cases_capacity;
    Mutant *mutants;
    uint32_t nmutants, mutants_capacity;
} Mutation;

/* --- running --- */

static Text given_work; /* for the truth table, which takes no context */

static DlProgram *read_rules(Arena *arena, Symbols *symbols, Sources *sources,
                             Diags *diags, Catalogue *catalogue)
{
    RuleDirectory directories[PARTS];
    const char *problem;

    for (int i = 0; i < PARTS; i++) {
        Text path = arena_format(arena, "%.*s/%s", TEXT_ARG(given_work), part_names[i]);

        directories[i] = (RuleDirectory){
            files_open(arena, symbols, sources, path, &problem), TEXT(""), path};
        if (!directories[i].files)
            return NULL;
    }
    return catalogue_read(arena, symbols, sources, directories, PARTS, diags,
                          catalogue);
}

static Text either(Text text, Text other)
{
    return text.len ? text : other;
}

static void add_plans(const Compilation *cc, const Case *of, Arena *arena, Buffer *out)
{
    const Rows *rows = &cc->facts->rows[REL_configuration];

    for (uint32_t i = 0; i < rows->count; i += rows->arity) {
        PlanQuestion question = {.program = cc->program,
                                 .database = cc->database,
                                 .symbols = cc->symbols,
                                 .config = {rows->cells[i + 1]},
                                 .phase = either(of->phase, TEXT("create")),
                                 .target = cc->options->target};

        plan_json(plan_make(arena, &question), NULL, out);
    }
}

typedef struct Run {
    const Case *of;
    Arena *arena;
    Compilation cc;
    Text output;
} Run;

/* What would mend the findings, and where. */
static void add_fixes(Report *report, Buffer *out)
{
    fixes_collect(report);
    for (uint32_t i = 0; i < report->count; i++) {
        const Fix *fix = report->findings[i].fix;

        for (uint32_t j = 0; fix && j < fix->nedits; j++)
            buffer_format(out, "%u:%u-%u %.*s\n", fix->edits[j].span.file,
                          fix->edits[j].span.start, fix->edits[j].span.end,
                          TEXT_ARG(fix->edits[j].text));
    }
}

static void print_case(void *context)
{
    Run *run = context;
    Report *report = &run->cc.report;
    Buffer out = {.arena = run->arena};

    compile_report(&run->cc, run->arena);
    if (text_equal(run->of->kind, TEXT("rows"))) {
        dump_rows(&run->cc, &out);
    } else if (text_equal(run->of->kind, TEXT("plan"))) {
        add_plans(&run->cc, run->of, run->arena, &out);
    } else {
        findings_collect(report, run->cc.diags);
        add_fixes(report, &out);
        (text_equal(run->of->kind, TEXT("json")) ? report_json : report_text)(report,
                                                                              &out);
    }
    run->output = buffer_text(&out);
}

/* What the case prints; false when the rules are no program. */
static bool run_case(const Mutation *mutation, Case *of, Arena *arena, Text *output)
{
    CompileOptions options = {.path = of->directory,
                              .repository = of->repository,
                              .user = of->user,
                              .rules = mutation->parts,
                              .nrules = PARTS,
                              .notes_held = of->held == NULL};
    Run run = {.of = of, .arena = arena, .cc = {.options = &options, .arena = arena}};

    options.has_today = day_read(of->today, &options.today);
    if (text_equal(of->kind, TEXT("plan")))
        options.target = either(of->target, TEXT("codespaces"));
    bool fits =
        arena_run(arena, compile, &run.cc) && arena_run(arena, print_case, &run);
    *output = fits ? run.output : TEXT("no memory");
    if (!of->held && run.cc.held) {
        of->held = ARENA_ARRAY(mutation->arena, mutation->program->nclauses, bool);
        memcpy(of->held, run.cc.held, mutation->program->nclauses * sizeof(bool));
    }
    return run.cc.program != NULL;
}

/* `own`: the directory of a rule's cases; empty: all. */
static bool is_wanted(const Case *of, Text own)
{
    return own.len == 0 || text_starts_with(of->directory, own) ||
           text_starts_with(of->directory, TEXT("fixtures/plans/")) ||
           text_equal(of->directory, TEXT("fixtures/demo"));
}

/* Whether a clause's body holds in the case: a likely place to notice that it is broken. */
static bool is_exercised(const Case *of, uint32_t clause)
{
    return of->held && of->held[clause];
}

/* Those in which the clause is exercised go first. */
static bool run_cases(Mutation *mutation, bool (*visit)(Case *of, Text output),
                      Text own, uint32_t clause)
{
    for (uint32_t i = 0; i < 2 * mutation->ncases; i++) {
        Case *of = &mutation->cases[i % mutation->ncases];
        Text output;

        if (!is_wanted(of, own) || is_exercised(of, clause) != (i < mutation->ncases))
            continue;
        Arena *arena = arena_new((size_t)1 << 30);
        if (!run_case(mutation, of, arena, &output))
            exit(STATUS_INVALID);
        bool goes_on = visit(of, output);
        arena_free(arena);
        if (!goes_on)
            return false;
    }
    return true;
}

/* With the unbroken rules. */
static void keep_case(Mutation *mutation, Case *of)
{
    Arena *arena = arena_new((size_t)1 << 30);
    Text output;

    (void)run_case(mutation, of, arena, &output);
    of->output = arena_copy(mutation->arena, output);
    arena_free(arena);
}

static bool is_same(Case *of, Text output)
{
    return text_equal(of->output, output);
}

/* --- the mutants --- */

static Text bytes_at(const Mutation *mutation, uint32_t file, uint32_t start,
                     uint32_t end)
{
    return span_bytes(mutation->sources, (Span){file, start, end});
}

static void add(Mutation *mutation, uint32_t clause, Span cut, Text with,
                const char *done, uint32_t part)
{
    Mutant mutant = {clause, cut.start, cut, with, done, part};

    ARRAY_GROW(mutation->arena, mutation->mutants, mutation->nmutants,
               mutation->mutants_capacity);
    mutation->mutants[mutation->nmutants++] = mutant;
}

static void add_drop(Mutation *mutation, uint32_t number, uint32_t i)
{
    const Clause *clause = &mutation->program->clauses[number];
    const Literal *body = &mutation->program->literals[clause->first];
    Span cut = body[i].span;

    if (clause->count == 1)
        cut.start = clause->head.span.end;
    else if (i == 0)
        cut.end = body[1].span.start;
    else
        cut.start = body[i - 1].span.end;
    add(mutation, number, cut, TEXT(""), "drops", i);
    mutation->mutants[mutation->nmutants - 1].at = body[i].span.start;
}

static void add_flip(Mutation *mutation, uint32_t number, uint32_t i)
{
    const DlProgram *program = mutation->program;
    const Literal *literal = &program->literals[program->clauses[number].first + i];
    Span at = {literal->span.file, literal->span.start, literal->span.start};

    if (text_starts_with(span_bytes(mutation->sources, literal->span), TEXT("!"))) {
        at.end++;
        add(mutation, number, at, TEXT(""), "affirms", i);
    } else {
        add(mutation, number, at, TEXT("!"), "negates", i);
    }
}

static void add_comparison(Mutation *mutation, uint32_t number, uint32_t part)
{
    static const char *const others[][2] = {{"!=", "="}, {"<=", "<"}, {">=", ">"},
                                            {"=", "!="}, {"<", "<="}, {">", ">="}};
    const DlProgram *program = mutation->program;
    const Literal *literal = &program->literals[program->clauses[number].first + part];
    Span cut = literal->span;

    cut.start = argument_term(program, literal->first, 0)->span.end;
    cut.end = argument_term(program, literal->first, 1)->span.start;
    Text sign = text_trim(span_bytes(mutation->sources, cut));
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        if (text_equal(sign, text_of(others[i][0])))
            add(mutation, number, cut,
                arena_format(mutation->arena, " %s ", others[i][1]), "compares", part);
    }
}

static void add_constant(Mutation *mutation, uint32_t number, const Term *term,
                         uint32_t part)
{
    Text text = span_bytes(mutation->sources, term->span);
    Span cut = term->span;

    if (text_starts_with(text, TEXT("\""))) {
        cut.start = --cut.end;
        add(mutation, number, cut, TEXT("~"), "changes", part);
    } else {
        add(mutation, number, cut,
            arena_format(mutation->arena, "%d", (int)term->value + 1), "changes", part);
    }
}

static bool is_inside(Span inner, Span outer)
{
    return inner.file == outer.file && inner.start >= outer.start &&
           inner.end <= outer.end;
}

static void add_mutants(Mutation *mutation, uint32_t number)
{
    const DlProgram *program = mutation->program;
    const Clause *clause = &program->clauses[number];
    uint32_t constants = 0;

    add(mutation, number, clause->span, TEXT(""), "removes", 0);
    for (uint32_t i = 0; i < clause->count; i++) {
        const Literal *literal = &program->literals[clause->first + i];

        add_drop(mutation, number, i);
        if (literal->kind == LITERAL_COMPARE)
            add_comparison(mutation, number, i);
        else
            add_flip(mutation, number, i);
    }
    for (uint32_t i = 0; i < program->nterms; i++) {
        const Term *term = &program->terms[i];

        if (term->kind == TERM_CONSTANT && is_inside(term->span, clause->span))
            add_constant(mutation, number, term, constants++);
    }
}

/* --- a mutant's file --- */

static void write_file(Text path, Text bytes)
{
    FILE *file = fopen(path.at, "wb");

    if (!file || fwrite(bytes.at, 1, bytes.len, file) != bytes.len ||
        fclose(file) != 0) {
        fprintf(stderr, "mutate: %s cannot be written\n", path.at);
        exit(EXIT_FAILURE);
    }
}

static Text file_path(const Mutation *mutation, uint32_t file)
{
    return arena_format(mutation->arena, "%.*s/%.*s",
                        TEXT_ARG(mutation->parts[PART_RULES]),
                        TEXT_ARG(source_path(mutation->sources, file)));
}

static void write_mutant(Mutation *mutation, const Mutant *mutant)
{
    Span clause = mutation->program->clauses[mutant->clause].span, cut = mutant->cut;
    Text whole = source_bytes(mutation->sources, clause.file);
    Buffer broken = {.arena = mutation->arena}, out = {.arena = mutation->arena};

    buffer_add(&broken, bytes_at(mutation, clause.file, clause.start, cut.start));
    buffer_add(&broken, mutant->with);
    buffer_add(&broken, bytes_at(mutation, clause.file, cut.end, clause.end));
    buffer_add(&out, text_slice(whole, 0, clause.start));
    buffer_add(&out, with_marks(mutation->arena, buffer_text(&broken)));
    buffer_add(&out, text_from(whole, clause.end));
    write_file(file_path(mutation, clause.file), buffer_text(&out));
}

/* Runs in a process of its own: what crashes or hangs is caught. */
static void judge(Mutation *mutation, const Mutant *mutant, Text path)
{
    bool is_platform = text_starts_with(path, TEXT("platform/"));
    Text own = arena_format(mutation->arena, "fixtures/rules/%.*s/",
                            TEXT_ARG(text_slice(path, 0, path.len - 3)));
    int nowhere = open("/dev/null", O_WRONLY);

    (void)alarm(SECONDS_MAX);
    (void)dup2(nowhere, STDOUT_FILENO);
    (void)dup2(nowhere, STDERR_FILENO);
    if (!run_cases(mutation, is_same, is_platform ? TEXT("") : own, mutant->clause) ||
        (is_platform && truth_table_main() != 0))
        exit(STATUS_CAUGHT);
    exit(STATUS_SURVIVED);
}

static const char *run_mutant(Mutation *mutation, const Mutant *mutant)
{
    Text path = source_path(mutation->sources, mutant->cut.file);
    int status;

    write_mutant(mutation, mutant);
    pid_t child = fork();
    if (child == 0)
        judge(mutation, mutant, path);
    if (child < 0 || waitpid(child, &status, 0) != child)
        exit(EXIT_FAILURE);
    write_file(file_path(mutation, mutant->cut.file),
               source_bytes(mutation->sources, mutant->cut.file));
    if (!WIFEXITED(status))
        return "caught";
    return WEXITSTATUS(status) == STATUS_SURVIVED  ? "survived"
           : WEXITSTATUS(status) == STATUS_INVALID ? "invalid"
                                                   : "caught";
}

/* Of a clause's text without its blanks. */
static uint64_t clause_hash(const Mutation *mutation, const Clause *clause)
{
    Text text =
        bytes_at(mutation, clause->span.file, clause->span.start, clause->span.end);
    Buffer packed = {.arena = mutation->arena};

    for (size_t i = 0; i < text.len; i++) {
        if (!strchr(" \t\r\n", text.at[i]))
            buffer_add_byte(&packed, text.at[i]);
    }
    return XXH3_64bits(packed.at, packed.len);
}

static void print_mutant(const Mutation *mutation, const Mutant *mutant,
                         const char *verdict)
{
    const Clause *clause = &mutation->program->clauses[mutant->clause];
    uint32_t file = mutant->cut.file;
    Place place = source_place(mutation->sources, file, mutant->at);
    Text path = source_path(mutation->sources, file), start;
    Text line =
        text_trim(source_line(mutation->sources, file, place.line, &(uint32_t){0}));

    start = bytes_at(mutation, file, clause->span.start, clause->head.span.end);
    printf("%s\t%.*s:%08x:%s-%u\t%.*s:%u\t%s\t%.*s\t%.*s\n", verdict,
           TEXT_ARG(text_slice(path, 0, path.len - 3)),
           (unsigned)(clause_hash(mutation, clause) >> 32), mutant->done, mutant->part,
           TEXT_ARG(path), place.line, mutant->done, TEXT_ARG(line), TEXT_ARG(start));
    (void)fflush(stdout);
}

/* --- */

/* So that a relation of which the last reader is dropped is no error. */
static void write_sinks(Mutation *mutation)
{
    Buffer out = {.arena = mutation->arena};

    for (uint32_t i = 0; i < mutation->program->nrelations; i++) {
        const DlRelation *relation = &mutation->program->relations[i];

        if (!relation->is_input && !relation->is_output)
            buffer_format(&out, ".output %.*s\n", TEXT_ARG(relation->name));
    }
    write_file(arena_format(mutation->arena, "%.*s/platform/sinks.dl",
                            TEXT_ARG(mutation->parts[PART_SINKS])),
               buffer_text(&out));
}

static void read_option(Case *of, Text name, Text value)
{
    const struct {
        const char *name;
        Text *value;
    } options[] = {{"--repository", &of->repository},
                   {"--user", &of->user},
                   {"--target", &of->target},
                   {"--phase", &of->phase},
                   {"--today", &of->today}};

    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
        if (text_equal(name, text_of(options[i].name)))
            *options[i].value = value;
    }
}

static Case case_of(Arena *arena, const char *line)
{
    Text rest = arena_copy(arena, text_trim(text_of(line))), word, before = {0};
    Case of = {0};
    bool done = false;

    for (int i = 0; text_next_part(&rest, ' ', &word, &done); i++) {
        if (i == 0)
            of.kind = word;
        else if (i == 1)
            of.directory = word;
        else
            read_option(&of, before, word);
        before = word;
    }
    return of;
}

static void read_cases(Mutation *mutation, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[1024];

    while (file && fgets(line, sizeof(line), file)) {
        ARRAY_GROW(mutation->arena, mutation->cases, mutation->ncases,
                   mutation->cases_capacity);
        mutation->cases[mutation->ncases++] = case_of(mutation->arena, line);
    }
    if (!file || fclose(file) != 0 || mutation->ncases == 0) {
        fprintf(stderr, "mutate: no cases in %s\n", path);
        exit(EXIT_FAILURE);
    }
}

static void read_program(Mutation *mutation)
{
    Arena *arena = mutation->arena;
    Diags *diags = diags_new(arena);
    Catalogue catalogue = {0};

    mutation->sources = sources_new(arena);
    mutation->program =
        read_rules(arena, symbols_new(arena), mutation->sources, diags, &catalogue);
    if (!mutation->program) {
        fprintf(stderr, "mutate: the rules are no program: %.*s\n",
                TEXT_ARG(diags->count ? diags->items[0].message : TEXT("")));
        exit(EXIT_FAILURE);
    }
    for (uint32_t i = 0; i < mutation->program->nclauses; i++)
        add_mutants(mutation, i);
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: mutate WORK CASES FIRST STEP FILTER\n");
        return EXIT_FAILURE;
    }
    Arena *arena = arena_new((size_t)2 << 30);
    Mutation mutation = {.arena = arena};
    uint32_t first = (uint32_t)strtoul(argv[3], NULL, 10), count = 0;
    uint32_t step = (uint32_t)strtoul(argv[4], NULL, 10);
    Text filter = text_of(argv[5]);

    given_work = text_of(argv[1]);
    for (int i = 0; i < PARTS; i++)
        mutation.parts[i] = arena_format(arena, "%s/%s", argv[1], part_names[i]);
    read_cases(&mutation, argv[2]);
    read_program(&mutation);
    write_sinks(&mutation);
    for (uint32_t i = 0; i < mutation.ncases; i++)
        keep_case(&mutation, &mutation.cases[i]);
    for (uint32_t i = 0; i < mutation.nmutants; i++) {
        const Mutant *mutant = &mutation.mutants[i];
        Text path = source_path(mutation.sources, mutant->cut.file);

        if (text_find(path, filter) == path.len)
            continue;
        if (count++ % step == first)
            print_mutant(&mutation, mutant, run_mutant(&mutation, mutant));
    }
    arena_free(arena);
    return EXIT_SUCCESS;
}
