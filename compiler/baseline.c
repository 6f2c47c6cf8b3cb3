#include "baseline.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json_out.h"
#include "judge.h"
#include "syntax/syntax.h"

typedef struct Entry {
    Text fingerprint, rule;
    Text repository, path; /* empty: null */
    Text reason;           /* empty: none */
    bool is_matched;
    uint32_t passed; /* entries from here on that are matched: where to go on */
} Entry;

typedef struct Baseline {
    Answer *answer;
    Text file;      /* as it was given */
    Entry *entries; /* by fingerprint, path */
    uint32_t count;
    bool is_missing;
} Baseline;

/* --- reading --- */

typedef struct Reader {
    Answer *answer;
    const Tree *tree;
    Diags *diags;
} Reader;

static bool wrong(Reader *reader, NodeId node, const char *message)
{
    return diag_error(reader->diags, "", tree_span(reader->tree, node), "%s", message);
}

static bool is_fingerprint(Text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!byte_is_digit(text.at[i]) && (text.at[i] < 'a' || text.at[i] > 'f'))
            return false;
    }
    return text.len == 16;
}

/* The key's place in an entry; NULL: it has none. */
static Text *member_of(Entry *entry, Text key)
{
    if (text_equal(key, TEXT("fingerprint")))
        return &entry->fingerprint;
    if (text_equal(key, TEXT("rule")))
        return &entry->rule;
    if (text_equal(key, TEXT("repository")))
        return &entry->repository;
    if (text_equal(key, TEXT("path")))
        return &entry->path;
    return text_equal(key, TEXT("reason")) ? &entry->reason : NULL;
}

static bool read_entry(Reader *reader, NodeId node, Entry *entry)
{
    const Tree *tree = reader->tree;

    if (tree_kind(tree, node) != NODE_OBJECT)
        return wrong(reader, node, "this is no entry; expected an object");
    for (NodeId at = tree_first(tree, node); at.index; at = tree_next(tree, at)) {
        Text *member = member_of(entry, tree_node(tree, at)->key);

        if (!member)
            return diag_error(reader->diags, "", tree_key_span(tree, at),
                              "an entry has no such key; its keys are fingerprint, "
                              "rule, repository, path and reason");
        if (!tree_is_string(tree, at) && tree_kind(tree, at) != NODE_NULL)
            return wrong(reader, at, "this is no text; expected a text");
        *member = tree_string(tree, at);
    }
    if (!is_fingerprint(entry->fingerprint))
        return wrong(reader, node,
                     "this entry has no fingerprint of 16 hexadecimal digits");
    return entry->rule.len || wrong(reader, node, "this entry has no rule");
}

static bool read_entries(Reader *reader, Baseline *baseline)
{
    const Tree *tree = reader->tree;
    NodeId version = tree_find(tree, tree->root, TEXT("version"));
    NodeId list = tree_find(tree, tree->root, TEXT("findings"));

    if (!text_equal(tree_scalar(tree, version), TEXT("1")))
        return wrong(reader, version.index ? version : tree->root,
                     "this is no baseline of version 1; expected \"version\": 1");
    if (tree_kind(tree, list) != NODE_ARRAY)
        return wrong(reader, list.index ? list : tree->root,
                     "the baseline has no 'findings'; expected a list of entries");
    baseline->entries =
        ARENA_ARRAY(reader->answer->arena, tree_node(tree, list)->count, Entry);
    for (NodeId at = tree_first(tree, list); at.index; at = tree_next(tree, at)) {
        if (!read_entry(reader, at, &baseline->entries[baseline->count++]))
            return false;
    }
    return true;
}

static bool parse(Baseline *baseline, Text bytes)
{
    Answer *answer = baseline->answer;
    Sources *sources = answer->cc->sources;
    Reader reader = {.answer = answer, .diags = diags_new(answer->arena)};
    uint32_t file = sources_add(sources, baseline->file, bytes);
    Buffer out = {.arena = answer->arena};

    reader.tree = json_read(answer->arena, sources, file, reader.diags);
    if (reader.diags->count == 0 && read_entries(&reader, baseline))
        return true;
    text_add_diag(&answer->cc->report, &reader.diags->items[0], "error", &out);
    fwrite(out.at, 1, out.len, stderr);
    answer_fail(answer, EXIT_UNUSABLE, TEXT("the baseline cannot be used"));
    return false;
}

/* A change is judged by the baseline of the state before, which it cannot add to. False:
 * that is not asked, or the file is none of the repository's. */
static bool read_committed(Baseline *baseline, bool *fits)
{
    Answer *answer = baseline->answer;
    Text bytes = TEXT("");

    if (!answer->base)
        return false;
    switch (
        git_commit_read(answer->base->commit, answer->arena, baseline->file, &bytes)) {
    case COMMIT_ELSEWHERE:
        return false;
    case COMMIT_LACKS_IT:
        say(arena_format(answer->arena,
                         "%.*s has no baseline '%.*s', which silences nothing yet",
                         TEXT_ARG(answer->base->revision), TEXT_ARG(baseline->file)));
        *fits = true;
        return true;
    case COMMIT_READ:
        break;
    }
    *fits = parse(baseline, bytes);
    return true;
}

static bool read_file(Baseline *baseline)
{
    Answer *answer = baseline->answer;
    bool fits;

    if (read_committed(baseline, &fits))
        return fits;
    Compilation *cc = answer->cc;
    FileResult result = FILE_MISSING;
    const char *problem;
    uint32_t file;
    Files *files =
        files_open(answer->arena, cc->symbols, cc->sources,
                   arena_copy(answer->arena, path_parent(baseline->file)), &problem);

    if (files)
        result = files_read(files, TEXT(""), path_base(baseline->file), &file);
    if (result == FILE_READ)
        return parse(baseline, source_bytes(cc->sources, file));
    baseline->is_missing = result == FILE_MISSING;
    if (baseline->is_missing && answer->options->update_baseline)
        return true;
    answer_fail(answer, EXIT_UNUSABLE,
                arena_format(answer->arena, "the baseline '%.*s' %s%s",
                             TEXT_ARG(baseline->file),
                             files ? file_result_says(result) : problem,
                             baseline->is_missing
                                 ? "; --update-baseline --allow-growth writes one"
                                 : ""));
    return false;
}

/* --- matching --- */

static int by_fingerprint(const void *left, const void *right)
{
    const Entry *one = left, *other = right;
    int order = text_compare(one->fingerprint, other->fingerprint);

    if (order == 0)
        order = text_compare(one->path, other->path);
    return order ? order : text_compare(one->reason, other->reason);
}

static Text path_of(const Report *report, const Finding *finding)
{
    return finding->span.file ? source_path(report->sources, finding->span.file)
                              : TEXT("");
}

/* The first entry that is not before (fingerprint, path). */
static uint32_t find_first(const Baseline *baseline, const Entry *wanted)
{
    uint32_t low = 0, high = baseline->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (by_fingerprint(&baseline->entries[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* An entry of this fingerprint, and of this path where `path` is wanted, that no other
 * finding has; NULL: none is left. */
static Entry *take(Baseline *baseline, Text fingerprint, const Text *path)
{
    Entry wanted = {.fingerprint = fingerprint, .path = path ? *path : TEXT("")};
    uint32_t first = find_first(baseline, &wanted), at = first;

    if (first < baseline->count && baseline->entries[first].passed > at)
        at = baseline->entries[first].passed;
    for (; at < baseline->count; at++) {
        Entry *entry = &baseline->entries[at];

        if (!text_equal(entry->fingerprint, fingerprint) ||
            (path && !text_equal(entry->path, *path)))
            return NULL;
        if (entry->is_matched)
            continue;
        entry->is_matched = true;
        baseline->entries[first].passed = at + 1;
        return entry;
    }
    return NULL;
}

/* The entry of each finding, NULL: none. One at the same path goes first. */
static Entry **match(Baseline *baseline)
{
    Report *report = &baseline->answer->cc->report;
    Entry **matched = ARENA_ARRAY(baseline->answer->arena, report->count, Entry *);

    if (baseline->count)
        qsort(baseline->entries, baseline->count, sizeof(Entry), by_fingerprint);
    for (uint32_t i = 0; i < report->count; i++) {
        Text path = path_of(report, &report->findings[i]);

        if (report->findings[i].rule->is_mandatory)
            continue;
        matched[i] = take(baseline, report->findings[i].fingerprint, &path);
    }
    for (uint32_t i = 0; i < report->count; i++) {
        if (!matched[i] && !report->findings[i].rule->is_mandatory)
            matched[i] = take(baseline, report->findings[i].fingerprint, NULL);
    }
    return matched;
}

/* --- writing --- */

static int by_rule(const void *left, const void *right)
{
    const Entry *one = left, *other = right;
    int order = text_compare(one->rule, other->rule);

    if (order == 0)
        order = text_compare(one->repository, other->repository);
    if (order == 0)
        order = text_compare(one->path, other->path);
    return order ? order : by_fingerprint(left, right);
}

static void add_text_or_null(JsonOut *json, const char *key, Text value)
{
    json_key(json, key);
    if (value.len)
        json_text(json, value);
    else
        json_null(json);
}

static void add_entry(JsonOut *json, const Entry *entry)
{
    json_open_object(json);
    json_member_text(json, "fingerprint", entry->fingerprint);
    json_member_text(json, "rule", entry->rule);
    add_text_or_null(json, "repository", entry->repository);
    add_text_or_null(json, "path", entry->path);
    if (entry->reason.len)
        json_member_text(json, "reason", entry->reason);
    json_close_object(json);
}

/* Every finding, with the reason that the baseline has for it. */
static void write(Baseline *baseline, Entry *const *matched)
{
    const Report *report = &baseline->answer->cc->report;
    Entry *entries = ARENA_ARRAY(baseline->answer->arena, report->count, Entry);
    Buffer out = {.arena = baseline->answer->arena};
    JsonOut json = {.out = &out};

    for (uint32_t i = 0; i < report->count; i++)
        entries[i] = (Entry){.fingerprint = report->findings[i].fingerprint,
                             .rule = report->findings[i].rule->id,
                             .repository = report->findings[i].repository,
                             .path = path_of(report, &report->findings[i]),
                             .reason = matched[i] ? matched[i]->reason : TEXT("")};
    qsort(entries, report->count, sizeof(Entry), by_rule);
    json_open_object(&json);
    json_member_number(&json, "version", 1);
    json_key(&json, "findings");
    json_open_array(&json);
    for (uint32_t i = 0; i < report->count; i++)
        add_entry(&json, &entries[i]);
    json_close_array(&json);
    json_close_object(&json);
    answer_write(baseline->answer, baseline->file, buffer_text(&out));
}

enum { GROWTH_SHOWN = 10 };

static void say_growth(const Baseline *baseline, Entry *const *matched, uint32_t added)
{
    Answer *answer = baseline->answer;
    const Report *report = &answer->cc->report;
    uint32_t shown = 0;

    for (uint32_t i = 0; i < report->count && shown < GROWTH_SHOWN; i++) {
        const Finding *finding = &report->findings[i];
        Text path = path_of(report, finding);

        if (matched[i])
            continue;
        say(arena_format(answer->arena, "would be added: %.*s[%.*s]: %.*s",
                         TEXT_ARG(path), TEXT_ARG(finding->rule->id),
                         TEXT_ARG(finding->message)));
        shown++;
    }
    if (added > shown)
        say(arena_format(answer->arena, "would be added: %" PRIu32 " more",
                         added - shown));
    if (baseline->is_missing)
        say(arena_format(answer->arena,
                         "there is no baseline '%.*s' yet; --allow-growth writes it",
                         TEXT_ARG(baseline->file)));
    else
        say(arena_format(answer->arena,
                         "the baseline '%.*s' was not written, since it would grow by "
                         "%" PRIu32 "; --allow-growth writes it",
                         TEXT_ARG(baseline->file), added));
    answer_worsen(answer, EXIT_UNUSABLE);
}

/* What narrows a run: entries for the rest would be dropped. */
static const char *narrowed_by(const Answer *answer)
{
    const Options *options = answer->options;

    if (options->select.count)
        return "--select";
    if (options->ignore.count)
        return "--ignore";
    if (options->no_ignores)
        return "--no-ignores";
    if (options->configuration.len)
        return "--configuration";
    if (options->user.len)
        return "--user";
    if (answer->base)
        return "--diff-base";
    return judge_is_narrowed(answer) ? "--repository" : NULL;
}

/* --- the whole --- */

static void update(Baseline *baseline, Entry *const *matched, uint32_t added)
{
    Answer *answer = baseline->answer;

    if (!answer->cc->report.database || answer->cc->is_incomplete)
        say(TEXT("the baseline was not written, since the analysis is not complete"));
    else if ((added || baseline->is_missing) && !answer->options->allow_growth)
        say_growth(baseline, matched, added);
    else
        write(baseline, matched);
}

/* Entries of what is no longer found, as far as this run can tell. */
static void say_leftovers(const Baseline *baseline)
{
    Answer *answer = baseline->answer;
    uint32_t count = 0;

    for (uint32_t i = 0; i < baseline->count; i++)
        count += !baseline->entries[i].is_matched;
    if (count && !narrowed_by(answer) && answer->cc->report.database &&
        !answer->cc->is_incomplete)
        say(arena_format(answer->arena,
                         "%" PRIu32 " %s of the baseline %s nothing any more; "
                         "--update-baseline drops %s",
                         count, count == 1 ? "entry" : "entries",
                         count == 1 ? "matches" : "match", count == 1 ? "it" : "them"));
}

/* Takes out what is in the baseline, and with `all` the rest, which now is. */
static void take_out(Baseline *baseline, Entry *const *matched, bool all)
{
    Report *report = &baseline->answer->cc->report;
    uint32_t count = 0;

    for (uint32_t i = 0; i < report->count; i++) {
        const Finding finding = report->findings[i];

        if (matched[i] || (all && !finding.rule->is_mandatory))
            finding_silence(
                report, &finding,
                (Suppressed){.kind = SUPPRESSED_BASELINE,
                             .reason = matched[i] ? matched[i]->reason : TEXT("")});
        else
            report->findings[count++] = finding;
    }
    report->count = count;
    report->has_baseline = true;
    findings_count(report);
}

static bool is_asked_rightly(Answer *answer)
{
    const Options *options = answer->options;
    const char *narrowed = narrowed_by(answer);
    Text problem = {0};

    if (options->update_baseline && options->baseline.len == 0)
        problem = TEXT("--update-baseline needs --baseline FILE");
    else if (options->allow_growth && !options->update_baseline)
        problem = TEXT("--allow-growth needs --update-baseline");
    else if (options->update_baseline && narrowed)
        problem = arena_format(answer->arena,
                               "--update-baseline takes in everything, and so does "
                               "not go with %s",
                               narrowed);
    if (problem.len)
        answer_fail(answer, EXIT_UNUSABLE, problem);
    return problem.len == 0;
}

bool baseline_use(Answer *answer)
{
    const Options *options = answer->options;
    const Report *report = &answer->cc->report;
    Baseline baseline = {.answer = answer, .file = options->baseline};
    uint32_t added = 0;

    if (!is_asked_rightly(answer))
        return false;
    if (options->baseline.len == 0)
        return true;
    if (!read_file(&baseline))
        return false;
    Entry **matched = match(&baseline);
    for (uint32_t i = 0; i < report->count; i++)
        added += !matched[i];
    if (options->update_baseline)
        update(&baseline, matched, added);
    else
        say_leftovers(&baseline);
    take_out(&baseline, matched,
             options->update_baseline && options->allow_growth && report->database &&
                 !answer->cc->is_incomplete);
    return true;
}
