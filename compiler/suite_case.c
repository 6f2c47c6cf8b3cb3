#include <string.h>

#include "commands.h"
#include "suite.h"

enum { CASE_WORDS = 32 }; /* of its `arguments` */

typedef struct CaseRun {
    Suite *suite;
    Case *of;
    Arena *arena; /* of this case alone */
    Options options;
    CompileOptions wanted;
    Compilation cc;
    Text said;    /* why its `arguments` cannot be used; empty: they can */
    Text actual;  /* as expect.text has it */
    Text expects; /* expect.text */
    bool has_expects;
} CaseRun;

/* Texts that outlive the case. */
#define KEEP(run, ...) arena_format((run)->suite->arena, __VA_ARGS__)

static void fail(CaseRun *run, CaseStatus status, Text expected, Text found)
{
    run->of->status = status;
    run->of->expected = arena_copy(run->suite->arena, expected);
    run->of->found = arena_copy(run->suite->arena, found);
}

/* --- its options --- */

static bool next_word(Text *rest, Text *word)
{
    size_t end = 0;

    *rest = text_trim(*rest);
    while (end < rest->len && !strchr(" \t\r\n", rest->at[end]))
        end++;
    *word = text_slice(*rest, 0, end);
    *rest = text_from(*rest, end);
    return word->len > 0;
}

/* What may be said of a case: nothing that has it read or write elsewhere. */
static bool is_known_option(Text word, bool *takes_value)
{
    static const char *const with_value[] = {
        "--today", "--repository", "--visibility", "--platform",
        "--user",  "--select",     "--ignore"};
    static const char *const flags[] = {"-q",        "--quiet",      "-v",
                                        "--verbose", "--no-ignores", NULL};
    Text name = text_slice(word, 0, text_find_byte(word, '='));

    *takes_value = name.len == word.len;
    for (size_t i = 0; i < sizeof(with_value) / sizeof(*with_value); i++) {
        if (text_equal(name, text_of(with_value[i])))
            return true;
    }
    *takes_value = false;
    for (size_t i = 0; flags[i]; i++) {
        if (text_equal(word, text_of(flags[i])))
            return true;
    }
    return false;
}

static void read_arguments(CaseRun *run, Text bytes)
{
    char program[] = "berth", command[] = "check";
    char *words[CASE_WORDS + 2] = {program, command};
    bool is_value = false;
    int count = 2;
    Text word;

    while (next_word(&bytes, &word)) {
        bool takes_value = false;

        if (count == CASE_WORDS + 2 ||
            (!is_value && !is_known_option(word, &takes_value))) {
            run->said = count == CASE_WORDS + 2 ? TEXT("more than 32 words") : word;
            return;
        }
        is_value = takes_value;
        words[count] = ARENA_ARRAY(run->arena, word.len + 1, char);
        memcpy(words[count++], word.at, word.len);
    }
    if (options_read(run->arena, count, words, &run->options, &run->said))
        run->said = (Text){0};
}

static void read_own_files(CaseRun *run)
{
    Sources *sources = sources_new(run->arena);
    const char *problem;
    Files *files = files_open(run->arena, symbols_new(run->arena), sources,
                              run->of->path, &problem);
    uint32_t file;

    if (!files)
        return; /* the compilation will say so */
    if (files_read(files, TEXT(""), TEXT("arguments.text"), &file) == FILE_READ ||
        files_read(files, TEXT(""), TEXT("arguments"), &file) == FILE_READ)
        read_arguments(run, source_bytes(sources, file));
    run->has_expects =
        files_read(files, TEXT(""), TEXT("expect.text"), &file) == FILE_READ;
    if (run->has_expects)
        run->expects = source_bytes(sources, file);
}

static void compile_case(CaseRun *run)
{
    const Suite *suite = run->suite;
    const Options *options = &run->options;

    run->wanted =
        (CompileOptions){.path = run->of->path,
                         .repository = options->repository,
                         .visibility = options->visibility,
                         .platform = options->platform,
                         .user = options->user,
                         .today = options->has_today ? options->today : suite->today,
                         .has_today = true,
                         .target = suite->target,
                         .rules = suite->directories,
                         .nrules = suite->ndirectories,
                         .notes_held = true};
    run->cc.options = &run->wanted;
    run->cc.arena = run->arena;
    compile(&run->cc);
}

/* --- what `berth check` would print --- */

static void add_said(Text said, Buffer *out)
{
    Text line;

    for (bool done = said.len == 0; text_next_part(&said, '\n', &line, &done);) {
        if (line.len || said.len)
            buffer_format(out, "! %.*s\n", TEXT_ARG(line));
    }
}

static int status_of(const CaseRun *run)
{
    if (run->cc.is_unusable)
        return EXIT_UNUSABLE;
    if (run->cc.is_incomplete)
        return EXIT_INCOMPLETE;
    return run->cc.report.errors ? EXIT_FINDINGS : EXIT_CLEAN;
}

static void print_case(CaseRun *run)
{
    Buffer out = {.arena = run->arena}, said = {.arena = run->arena};
    Answer answer = {.options = &run->options, .cc = &run->cc, .arena = run->arena};
    int status;

    compile_report(&run->cc, run->arena);
    run->cc.report.quiet = run->options.quiet;
    run->cc.report.verbose = run->options.verbose;
    if (!check_collect(&answer))
        run->said = TEXT("a glob that matches no rule");
    report_text(&run->cc.report, &out);
    answer_add_errors(&answer, &said);
    add_said(buffer_text(&said), &out);
    status = status_of(run);
    if (status != EXIT_CLEAN)
        buffer_format(&out, "# exit %d\n", status);
    run->actual = buffer_text(&out);
}

/* --- the judgement --- */

static void keep_findings(CaseRun *run)
{
    const Report *report = &run->cc.report;
    CaseFinding *list = ARENA_ARRAY(run->suite->arena, report->count, CaseFinding);
    Case *of = run->of;

    of->findings = list;
    for (uint32_t i = 0; i < report->count; i++) {
        const Finding *finding = &report->findings[i];
        CaseFinding *kept = &list[of->nfindings];

        if (!text_equal(finding->rule->id, of->rule))
            continue;
        of->nfindings++;
        kept->severity = text_of(severity_name(finding->rule->severity));
        kept->message = arena_copy(run->suite->arena, finding->message);
        if (finding->span.file == 0)
            continue;
        kept->path = arena_copy(run->suite->arena,
                                source_path(report->sources, finding->span.file));
        kept->place =
            source_place(report->sources, finding->span.file, finding->span.start);
    }
}

/* The first line that is not as expected. */
static void compare(CaseRun *run)
{
    Text expected = run->expects, actual = run->actual, one = {0}, other = {0};
    bool expected_done = false, actual_done = false;
    uint32_t line = 0;

    do {
        line++;
        if (!text_next_part(&expected, '\n', &one, &expected_done))
            one = (Text){0};
        if (!text_next_part(&actual, '\n', &other, &actual_done))
            other = (Text){0};
    } while (text_equal(one, other) && !(expected_done && actual_done));
    fail(run, CASE_FAILED, one.len ? one : TEXT("no further line"),
         other.len ? other : TEXT("no further line"));
    run->of->where = KEEP(run, "%.*s/expect.text:%u", TEXT_ARG(run->of->path), line);
}

static Text other_rules(CaseRun *run)
{
    const Report *report = &run->cc.report;
    Buffer out = {.arena = run->arena};

    for (uint32_t i = 0; i < report->count; i++) {
        Text id = report->findings[i].rule->id;

        if (text_find(buffer_text(&out), id) == out.len)
            buffer_format(&out, "%s%.*s", out.len ? ", " : "", TEXT_ARG(id));
    }
    return out.len ? arena_format(run->arena, "findings of %.*s only",
                                  TEXT_ARG(buffer_text(&out)))
                   : TEXT("no finding");
}

/* The first thing that was said on standard error, on one line. */
static Text first_error(const CaseRun *run)
{
    Text actual = run->actual, line;

    for (bool done = false; text_next_part(&actual, '\n', &line, &done);) {
        if (text_starts_with(line, TEXT("! ")))
            return text_from(line, 2);
    }
    return TEXT("nothing that could be judged");
}

static void judge_findings(CaseRun *run)
{
    Case *of = run->of;
    const CaseFinding *finding = of->findings;

    if (of->kind == CASE_BAD) {
        if (of->nfindings == 0)
            fail(run, CASE_FAILED,
                 arena_format(run->arena, "a finding of %.*s", TEXT_ARG(of->rule)),
                 run->cc.is_unusable ? first_error(run) : other_rules(run));
        return;
    }
    if (of->nfindings == 0)
        return;
    fail(run, CASE_FAILED,
         arena_format(run->arena, "no finding of %.*s", TEXT_ARG(of->rule)),
         arena_format(run->arena, "%.*s: %.*s", TEXT_ARG(finding->severity),
                      TEXT_ARG(finding->message)));
    if (finding->path.len)
        of->where =
            KEEP(run, "%.*s/%.*s:%u:%u", TEXT_ARG(of->path), TEXT_ARG(finding->path),
                 finding->place.line, finding->place.column);
}

static void judge(CaseRun *run)
{
    Case *of = run->of;

    keep_findings(run);
    judge_findings(run);
    if (of->status != CASE_PASSED)
        return;
    if (run->has_expects) {
        if (!text_equal(run->expects, run->actual))
            compare(run);
        return; /* a status other than 0 was expected */
    }
    /* Where nothing was judged, nothing was found. */
    if (run->cc.is_incomplete)
        fail(run, CASE_INCOMPLETE, TEXT("a complete analysis"), first_error(run));
    else if (run->cc.is_unusable && of->kind != CASE_BAD)
        fail(run, CASE_FAILED, TEXT("a workspace that can be judged"),
             first_error(run));
}

/* The tested clauses are the program's first ones, or its last ones: a case's own rules,
 * of its berth.yaml, stand between. */
static void mark_held(CaseRun *run)
{
    Suite *suite = run->suite;
    uint32_t next = 0;

    if (!run->cc.held)
        return;
    uint32_t moved =
        suite->shipped ? 0 : dl_clause_count(run->cc.program) - suite->program_clauses;
    for (uint32_t i = suite->first_clause; i < suite->end_clause; i++) {
        if (!dl_clause_is_fact(run->cc.program, i + moved))
            suite->clauses[next++].held |= run->cc.held[i + moved];
    }
}

static void refuse_arguments(CaseRun *run)
{
    fail(run, CASE_FAILED,
         TEXT("in `arguments` options of berth check that neither read nor write "
              "elsewhere"),
         run->said);
}

static void run_case(void *context)
{
    CaseRun *run = context;

    read_own_files(run);
    if (run->said.len) {
        refuse_arguments(run);
        return;
    }
    compile_case(run);
    if (run->cc.failed) {
        fail(run, CASE_FAILED, TEXT("a directory"),
             arena_format(run->arena, "that it %s", run->cc.failed));
        return;
    }
    print_case(run);
    if (run->said.len) {
        refuse_arguments(run);
        return;
    }
    judge(run);
    mark_held(run);
}

void suite_run_case(Suite *suite, Case *of)
{
    CaseRun run = {.suite = suite, .of = of};

    if (of->status == CASE_PASSED) {
        run.arena = arena_new((size_t)COMPILE_MEMORY_MIB << 20);
        if (!run.arena || !arena_run(run.arena, run_case, &run))
            fail(&run, CASE_INCOMPLETE, TEXT("a complete analysis"),
                 TEXT("that it needs more than 4096 MiB"));
        arena_free(run.arena);
    }
    suite->counts[of->status]++;
}
