#include "report/page.h"

#include <inttypes.h>

#include "report/shown.h"
#include "report/text.h"
#include "report/wrap.h"

enum { INDENT = 4, FIELD_COLUMNS = 15 };

typedef struct Writer {
    const Report *report;
    Buffer *out;
    uint32_t width;
    bool is_begun; /* something stands under the heading */
} Writer;

/* --- words --- */

/* A word as it is seen: the marks of `code` are Markdown's. */
static Text plain_word(Arena *arena, Text word)
{
    Buffer plain = {.arena = arena};

    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] != '`')
            buffer_add_byte(&plain, word.at[i]);
    }
    return buffer_text(&plain);
}

/* A paragraph from `column` on, its further lines after `indent` blanks. */
static void add_wrapped(Writer *writer, Text paragraph, uint32_t indent,
                        uint32_t column)
{
    Arena *arena = writer->report->arena;
    Buffer words = {.arena = arena}, before = {.arena = arena};
    Text word;

    for (bool done = false; text_next_part(&paragraph, ' ', &word, &done);) {
        word = plain_word(arena, word);
        if (word.len && words.len)
            buffer_add_byte(&words, ' ');
        buffer_add(&words, word);
    }
    buffer_add_times(&before, ' ', indent);
    wrap_add(writer->report, INK_PLAIN, buffer_text(&words), writer->width, column,
             buffer_text(&before), indent, writer->out);
    buffer_add_byte(writer->out, '\n');
}

/* Sentences, a line each. */
static void add_sentences(Writer *writer, Text text)
{
    Text line;

    for (bool done = false; text_next_part(&text, '\n', &line, &done);) {
        buffer_add_times(writer->out, ' ', INDENT);
        add_wrapped(writer, line, INDENT, INDENT);
    }
}

/* Lines as they are, after `indent` blanks. */
static void add_lines(Writer *writer, Text text, uint32_t indent)
{
    Text line;

    if (text_ends_with(text, TEXT("\n")))
        text.len--;
    for (bool done = false; text_next_part(&text, '\n', &line, &done);) {
        if (text_ends_with(line, TEXT("\r")))
            line.len--;
        if (line.len)
            buffer_add_times(writer->out, ' ', indent);
        shown_add(writer->out, line, 0);
        buffer_add_byte(writer->out, '\n');
    }
}

/* --- parts --- */

static void add_field(Writer *writer, const char *name, Text value)
{
    if (value.len == 0)
        return;
    uint32_t columns = shown_add(writer->out, text_of(name), 0);
    buffer_add_times(writer->out, ' ', FIELD_COLUMNS - columns);
    add_wrapped(writer, value, FIELD_COLUMNS, FIELD_COLUMNS);
}

/* A blank line between two blocks under a heading. */
static void begin_block(Writer *writer)
{
    if (writer->is_begun)
        buffer_add_byte(writer->out, '\n');
    writer->is_begun = true;
}

static void add_heading(Writer *writer, const char *heading)
{
    writer->is_begun = false;
    buffer_add_byte(writer->out, '\n');
    ink_add(writer->report, INK_BOLD, text_of(heading), writer->out);
    buffer_add_byte(writer->out, '\n');
}

/* Paragraphs, a line each. */
static void add_section(Writer *writer, const char *heading, Text text)
{
    Text line;

    if (text.len == 0)
        return;
    add_heading(writer, heading);
    for (bool done = false; text_next_part(&text, '\n', &line, &done);) {
        if (text_trim(line).len == 0)
            continue;
        begin_block(writer);
        add_sentences(writer, line);
    }
}

static void add_file(Writer *writer, const ExampleFile *file)
{
    begin_block(writer);
    buffer_add_times(writer->out, ' ', INDENT);
    ink_add(writer->report, INK_FRAME, file->path, writer->out);
    buffer_add_byte(writer->out, '\n');
    add_lines(writer, page_excerpt(writer->report->arena, file->bytes), 2 * INDENT);
}

static void add_repository(Writer *writer, Text repository)
{
    if (repository.len == 0)
        return;
    begin_block(writer);
    add_sentences(writer, arena_format(writer->report->arena, "In the repository %.*s:",
                                       TEXT_ARG(repository)));
}

static void add_failing(Writer *writer, const Example *failing)
{
    Arena *arena = writer->report->arena;

    if (failing->name.len == 0)
        return;
    add_heading(writer, "An example that fails");
    add_repository(writer, failing->repository);
    for (uint32_t i = 0; i < failing->nfiles; i++)
        add_file(writer, &failing->files[i]);
    if (failing->output.len == 0)
        return;
    begin_block(writer);
    add_sentences(writer,
                  arena_format(arena, "%.*s prints this, and exits with %" PRIu32 ":",
                               TEXT_ARG(failing->command), failing->status));
    begin_block(writer);
    add_lines(writer, failing->output, 2 * INDENT);
}

/* What became of the failing case's files, and what berth finds. */
static void add_changes(Writer *writer, const Page *page)
{
    Buffer sentences = {.arena = writer->report->arena};

    for (uint32_t i = 0; i < page->failing.nfiles; i++) {
        const ExampleFile *file = &page->failing.files[i];
        Text says = page_change_says(page, file);

        if (says.len)
            buffer_format(&sentences, "%.*s %.*s\n", TEXT_ARG(file->path),
                          TEXT_ARG(says));
    }
    if (page->passing.output.len)
        buffer_add(&sentences, page_result_says(writer->report, page));
    if (sentences.len == 0)
        return;
    begin_block(writer);
    add_sentences(writer, text_trim(buffer_text(&sentences)));
}

static void add_passing(Writer *writer, const Page *page)
{
    const Example *passing = &page->passing;

    if (passing->name.len == 0)
        return;
    add_heading(writer, "An example that passes");
    if (!text_equal(passing->repository, page->failing.repository))
        add_repository(writer, passing->repository);
    for (uint32_t i = 0; i < passing->nfiles; i++) {
        if (page_is_shown(page, &passing->files[i]))
            add_file(writer, &passing->files[i]);
    }
    add_changes(writer, page);
}

/* The ids that a rule yields to, or (`from`) that yield to it. */
static Text related_ids(const Report *report, const Rule *rule, bool from)
{
    Buffer ids = {.arena = report->arena};

    for (uint32_t i = 0; i < report->catalogue->count; i++) {
        const Rule *other = &report->catalogue->rules[i];

        if (from ? page_yields(other, rule->id) : page_yields(rule, other->id)) {
            buffer_add(&ids, ids.len ? TEXT(", ") : TEXT(""));
            buffer_add(&ids, other->id);
        }
    }
    return buffer_text(&ids);
}

void page_text(const Report *report, const Page *page, uint32_t width, Buffer *out)
{
    const Rule *rule = page->rule;
    Writer writer = {report, out, width < PAGE_WIDTH_MIN ? PAGE_WIDTH_MIN : width,
                     false};
    Text clauses = page_clauses(report, rule);

    ink_add(report, INK_BOLD, rule->id, out);
    buffer_add(out, TEXT(": "));
    ink_add(report, INK_BOLD, rule->title, out);
    buffer_add(out, TEXT("\n\n"));
    add_field(&writer, "severity", page_severity(rule));
    add_field(&writer, "basis",
              arena_format(report->arena, "%.*s: %.*s", TEXT_ARG(rule->basis),
                           TEXT_ARG(page_basis_says(rule))));
    add_field(&writer, "scope",
              arena_format(report->arena, "%.*s: %.*s", TEXT_ARG(page_scope(rule)),
                           TEXT_ARG(page_scope_says(rule))));
    add_field(&writer, "documentation", rule->documentation);
    add_field(&writer, "silent where", related_ids(report, rule, false));
    add_field(&writer, "silences", related_ids(report, rule, true));
    add_section(&writer, "What is wrong", page_description(report, rule));
    add_failing(&writer, &page->failing);
    add_passing(&writer, page);
    add_section(&writer, "How to fix it", page_help(report, rule));
    if (clauses.len) {
        add_heading(&writer, "The rule");
        add_lines(&writer, clauses, INDENT);
    }
}
