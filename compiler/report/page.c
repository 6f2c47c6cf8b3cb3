#include "report/page.h"

#include <inttypes.h>

Text page_severity(const Rule *rule)
{
    return rule->is_off ? TEXT("off") : text_of(severity_name(rule->severity));
}

Text page_scope(const Rule *rule)
{
    return rule->is_organization_wide ? TEXT("organization") : TEXT("repository");
}

Text page_basis_says(const Rule *rule)
{
    if (text_equal(rule->basis, TEXT("documented")))
        return TEXT("the documentation says so");
    if (text_equal(rule->basis, TEXT("reference code")))
        return TEXT("the code of the reference implementation does so");
    return TEXT("it follows from the documentation, which does not say it itself");
}

Text page_scope_says(const Rule *rule)
{
    return rule->is_organization_wide
               ? TEXT("every repository and manifest has a say in it")
               : TEXT("one repository and what it reaches decide");
}

Text page_clauses(const Report *report, const Rule *rule)
{
    if (rule->file == 0)
        return TEXT("");
    Text bytes = source_bytes(report->sources, rule->file);
    size_t end = text_find(bytes, TEXT("---*/"));

    return text_trim(end == bytes.len ? bytes : text_from(bytes, end + 5));
}

/* "{repo}" becomes "<repo>". */
static Text name_attributes(Arena *arena, Text template)
{
    Buffer out = {.arena = arena};

    for (;;) {
        size_t start = text_find_byte(template, '{');
        size_t end = start + text_find_byte(text_from(template, start), '}');

        buffer_add(&out, text_slice(template, 0, start));
        if (end >= template.len) {
            buffer_add(&out, text_from(template, start));
            return buffer_text(&out);
        }
        buffer_add_byte(&out, '<');
        buffer_add(&out, text_slice(template, start + 1, end));
        buffer_add_byte(&out, '>');
        template = text_from(template, end + 1);
    }
}

Text page_description(const Report *report, const Rule *rule)
{
    if (rule->description.len)
        return rule->description;
    if (text_equal(rule->message, TEXT("{message}")))
        return TEXT(""); /* a reader has a text for each case */
    return name_attributes(report->arena, rule->message);
}

Text page_help(const Report *report, const Rule *rule)
{
    return name_attributes(report->arena, rule->help);
}

bool page_yields(const Rule *rule, Text id)
{
    for (uint32_t i = 0; i < rule->nyields_to; i++) {
        if (text_equal(rule->yields_to[i], id))
            return true;
    }
    return false;
}

static const ExampleFile *counterpart(const Example *other, const ExampleFile *file)
{
    for (uint32_t i = 0; i < other->nfiles; i++) {
        if (text_equal(other->files[i].path, file->path))
            return &other->files[i];
    }
    return NULL;
}

bool page_is_shown(const Page *page, const ExampleFile *file)
{
    const ExampleFile *other = counterpart(&page->failing, file);

    return !other || !text_equal(other->bytes, file->bytes);
}

Text page_change_says(const Page *page, const ExampleFile *file)
{
    const ExampleFile *other = counterpart(&page->passing, file);

    if (!other)
        return TEXT("is not there.");
    return page_is_shown(page, other) ? TEXT("") : TEXT("is the same.");
}

Text page_result_says(const Report *report, const Page *page)
{
    const Example *example = &page->passing;
    bool is_silent = text_starts_with(example->output, TEXT("no findings"));

    return arena_format(report->arena, "`%.*s` finds nothing%s.",
                        TEXT_ARG(example->command), is_silent ? "" : " of this rule");
}

/* Where line `line`, from 0, begins. */
static size_t line_start(Text bytes, uint32_t line)
{
    size_t at = 0;

    for (; line > 0; line--)
        at += text_find_byte(text_from(bytes, at), '\n') + 1;
    return at;
}

Text page_excerpt(Arena *arena, Text bytes)
{
    enum { LINES_MAX = 40, LINES_FIRST = 8, LINES_LAST = 3 };
    uint32_t lines = bytes.len && !text_ends_with(bytes, TEXT("\n"));

    for (size_t i = 0; i < bytes.len; i++)
        lines += bytes.at[i] == '\n';
    if (lines <= LINES_MAX)
        return bytes;
    Text first = text_slice(bytes, 0, line_start(bytes, LINES_FIRST));
    Text last = text_from(bytes, line_start(bytes, lines - LINES_LAST));
    return arena_format(arena, "%.*s... (%" PRIu32 " lines)\n%.*s", TEXT_ARG(first),
                        lines - LINES_FIRST - LINES_LAST, TEXT_ARG(last));
}
