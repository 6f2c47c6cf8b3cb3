#include "report/page.h"

#include <inttypes.h>
#include <string.h>

#include "report/shown.h"

/* --- inline --- */

static bool is_word_byte(char byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte);
}

static bool must_escape(Text text, size_t at)
{
    bool inside = at > 0 && at + 1 < text.len && is_word_byte(text.at[at - 1]) &&
                  is_word_byte(text.at[at + 1]);

    return strchr("\\`*[]<>|~&", text.at[at]) || (text.at[at] == '_' && !inside);
}

/* Text of which nothing is markup. */
static void add_escaped(Text text, Buffer *out)
{
    Buffer escaped = {.arena = out->arena};

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] && must_escape(text, i))
            buffer_add_byte(&escaped, '\\');
        buffer_add_byte(&escaped, text.at[i]);
    }
    shown_add(out, buffer_text(&escaped), 0);
}

/* Text of which only `code` is markup. */
static void add_inline(Text text, Buffer *out)
{
    for (;;) {
        size_t start = text_find_byte(text, '`');
        Text rest = text_from(text, start + 1);
        size_t end = text_find_byte(rest, '`');

        if (start >= text.len || end == rest.len) {
            add_escaped(text, out);
            return;
        }
        add_escaped(text_slice(text, 0, start), out);
        buffer_add_byte(out, '`');
        shown_add(out, text_slice(rest, 0, end), 0);
        buffer_add_byte(out, '`');
        text = text_from(rest, end + 1);
    }
}

/* "`code`"; a code that holds a backtick stands as text. */
static void add_code(Text text, Buffer *out)
{
    if (text_find_byte(text, '`') < text.len) {
        add_escaped(text, out);
        return;
    }
    buffer_add_byte(out, '`');
    shown_add(out, text, 0);
    buffer_add_byte(out, '`');
}

/* --- blocks --- */

static void add_fence(uint32_t length, const char *language, Buffer *out)
{
    buffer_add_times(out, '`', length);
    buffer_format(out, "%s\n", language);
}

/* Longer than every run of backticks in the text. */
static uint32_t fence_length(Text text)
{
    uint32_t longest = 2, run = 0;

    for (size_t i = 0; i < text.len; i++) {
        run = text.at[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest + 1;
}

static void add_block(const char *language, Text text, Buffer *out)
{
    uint32_t fence = fence_length(text);
    Text line;

    add_fence(fence, language, out);
    if (text_ends_with(text, TEXT("\n")))
        text.len--;
    for (bool done = false; text_next_part(&text, '\n', &line, &done);) {
        if (text_ends_with(line, TEXT("\r")))
            line.len--;
        shown_add(out, line, 0);
        buffer_add_byte(out, '\n');
    }
    add_fence(fence, "", out);
}

static const char *language_of(Text path)
{
    size_t slash = text_find_last_byte(path, '/');
    Text name = slash < path.len ? text_from(path, slash + 1) : path;

    if (text_ends_with(name, TEXT(".json")))
        return "jsonc";
    if (text_ends_with(name, TEXT(".yaml")) || text_ends_with(name, TEXT(".yml")))
        return "yaml";
    if (text_starts_with(name, TEXT("Dockerfile")) ||
        text_ends_with(name, TEXT("Dockerfile")))
        return "dockerfile";
    return text_ends_with(name, TEXT(".sh")) ? "sh" : "text";
}

static void add_heading(const char *heading, Buffer *out)
{
    buffer_format(out, "\n## %s\n", heading);
}

void page_add_paragraphs(Text text, Buffer *out)
{
    Text line;

    for (bool done = false; text_next_part(&text, '\n', &line, &done);) {
        line = text_trim(line);
        if (line.len == 0)
            continue;
        buffer_add_byte(out, '\n');
        add_inline(line, out);
        buffer_add_byte(out, '\n');
    }
}

static void add_section(const char *heading, Text text, Buffer *out)
{
    if (text.len == 0)
        return;
    add_heading(heading, out);
    page_add_paragraphs(text, out);
}

static void add_file(const ExampleFile *file, Buffer *out)
{
    buffer_add_byte(out, '\n');
    add_code(file->path, out);
    buffer_add(out, TEXT("\n\n"));
    add_block(language_of(file->path), page_excerpt(out->arena, file->bytes), out);
}

/* --- the parts of a page --- */

static void add_repository(Text repository, Buffer *out)
{
    if (repository.len == 0)
        return;
    buffer_add(out, TEXT("\nIn the repository "));
    add_code(repository, out);
    buffer_add(out, TEXT(":\n"));
}

static void add_failing(const Example *failing, Buffer *out)
{
    if (failing->name.len == 0)
        return;
    add_heading("An example that fails", out);
    add_repository(failing->repository, out);
    for (uint32_t i = 0; i < failing->nfiles; i++)
        add_file(&failing->files[i], out);
    if (failing->output.len == 0)
        return;
    buffer_add_byte(out, '\n');
    add_code(failing->command, out);
    buffer_format(out, " prints this, and exits with %" PRIu32 ":\n\n",
                  failing->status);
    add_block("text", failing->output, out);
}

static void add_passing(const Report *report, const Page *page, Buffer *out)
{
    const Example *passing = &page->passing;

    if (passing->name.len == 0)
        return;
    add_heading("An example that passes", out);
    if (!text_equal(passing->repository, page->failing.repository))
        add_repository(passing->repository, out);
    for (uint32_t i = 0; i < passing->nfiles; i++) {
        if (page_is_shown(page, &passing->files[i]))
            add_file(&passing->files[i], out);
    }
    for (uint32_t i = 0; i < page->failing.nfiles; i++) {
        Text says = page_change_says(page, &page->failing.files[i]);

        if (says.len == 0)
            continue;
        buffer_add_byte(out, '\n');
        add_code(page->failing.files[i].path, out);
        buffer_add_byte(out, ' ');
        buffer_add(out, says);
        buffer_add_byte(out, '\n');
    }
    if (passing->output.len) {
        buffer_add_byte(out, '\n');
        add_inline(page_result_says(report, page), out);
        buffer_add_byte(out, '\n');
    }
}

/* Pages lie in docs/rules/<category>/<name>.md. */
static void add_link(const Rule *rule, Buffer *out)
{
    buffer_add_byte(out, '[');
    add_code(rule->id, out);
    buffer_add(out, TEXT("](../"));
    shown_add(out, rule->id, 0);
    buffer_add(out, TEXT(".md)"));
}

static void add_related(const Report *report, const Rule *rule, Buffer *out)
{
    const Catalogue *catalogue = report->catalogue;
    Buffer list = {.arena = report->arena};

    for (uint32_t i = 0; i < catalogue->count; i++) {
        const Rule *other = &catalogue->rules[i];
        bool yields = page_yields(rule, other->id);

        if (!yields && !page_yields(other, rule->id))
            continue;
        buffer_add(&list, TEXT("- "));
        add_link(other, &list);
        buffer_add(&list, TEXT(": "));
        add_escaped(other->title, &list);
        buffer_add(&list, yields ? TEXT(". Where it has a finding at the same place, "
                                        "this rule is silent.\n")
                                 : TEXT(". Where this rule has a finding at the same "
                                        "place, it is silent.\n"));
    }
    if (list.len == 0)
        return;
    add_heading("Related rules", out);
    buffer_add_byte(out, '\n');
    buffer_add(out, buffer_text(&list));
}

static void add_row(const char *name, Text word, Text says, Buffer *out)
{
    buffer_format(out, "| %s | ", name);
    add_escaped(word, out);
    buffer_add(out, says.len ? TEXT(": ") : TEXT(""));
    add_escaped(says, out);
    buffer_add(out, TEXT(" |\n"));
}

static void add_head(const Rule *rule, Buffer *out)
{
    buffer_add(out, TEXT("# "));
    add_escaped(rule->title, out);
    buffer_add(out, TEXT("\n\n| | |\n|---|---|\n| rule | "));
    add_code(rule->id, out);
    buffer_add(out, TEXT(" |\n"));
    add_row("severity", page_severity(rule), (Text){0}, out);
    add_row("basis", rule->basis, page_basis_says(rule), out);
    add_row("scope", page_scope(rule), page_scope_says(rule), out);
    buffer_add(out, TEXT("| documentation | <"));
    shown_add(out, rule->documentation, 0);
    buffer_add(out,
               TEXT("> |\n| words | [what *triple*, *grant*, *manifest* and others "
                    "mean](../README.md#the-words) |\n"));
}

void page_markdown(const Report *report, const Page *page, Buffer *out)
{
    const Rule *rule = page->rule;
    Text clauses = page_clauses(report, rule);

    add_head(rule, out);
    add_section("What is wrong", page_description(report, rule), out);
    add_failing(&page->failing, out);
    add_passing(report, page, out);
    add_section("How to fix it", page_help(report, rule), out);
    if (clauses.len) {
        add_heading("The rule", out);
        buffer_add_byte(out, '\n');
        add_block("prolog", clauses, out);
    }
    add_related(report, rule, out);
}

/* --- the index --- */

static Text category_of(const Rule *rule)
{
    return text_slice(rule->id, 0, text_find_byte(rule->id, '/'));
}

void page_index(const Report *report, Text words, Buffer *out)
{
    const Catalogue *catalogue = report->catalogue;
    Text category = {0};

    buffer_format(out,
                  "# The rules\n\n%" PRIu32
                  " rules, a page each. [The words](#the-words) "
                  "are explained below.\n",
                  catalogue->count);
    for (uint32_t i = 0; i < catalogue->count; i++) {
        const Rule *rule = &catalogue->rules[i];

        if (!text_equal(category, category_of(rule))) {
            category = category_of(rule);
            buffer_add(out, TEXT("\n## "));
            add_escaped(category, out);
            buffer_add(out, TEXT("\n\n| rule | severity | what it finds |\n"
                                 "|---|---|---|\n"));
        }
        buffer_add(out, TEXT("| ["));
        add_code(rule->id, out);
        buffer_add(out, TEXT("]("));
        shown_add(out, rule->id, 0);
        buffer_add(out, TEXT(".md) | "));
        add_escaped(page_severity(rule), out);
        buffer_add(out, TEXT(" | "));
        add_escaped(rule->title, out);
        buffer_add(out, TEXT(" |\n"));
    }
    buffer_add_byte(out, '\n');
    buffer_add(out, words);
}
