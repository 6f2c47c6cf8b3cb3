#include "commands.h"

#include <stdlib.h>

#include "examples.h"
#include "judge.h"

/* Of a page that goes into a pager, too. */
static uint32_t page_width(void)
{
    const char *said = getenv("COLUMNS");
    unsigned long columns = said ? strtoul(said, NULL, 10) : 0;
    uint32_t width = answer_terminal_width();

    if (columns > 0 && columns <= UINT16_MAX)
        return (uint32_t)columns;
    return width ? width : PAGE_WIDTH;
}

static void explain_rule(Answer *answer, const Rule *rule, Text format, Buffer *out)
{
    const Report *report = &answer->cc->report;
    Page page = examples_page(report, rule);

    if (text_equal(format, TEXT("markdown")))
        page_markdown(report, &page, out);
    else if (text_equal(format, TEXT("json")))
        page_json(report, &page, out);
    else
        page_text(report, &page, page_width(), out);
}

static const Finding *find_finding(const Report *report, Text fingerprint)
{
    for (uint32_t i = 0; i < report->count; i++) {
        if (text_equal(report->findings[i].fingerprint, fingerprint))
            return &report->findings[i];
    }
    return NULL;
}

static bool explain_fingerprint(Answer *answer, Text subject, Text format, Buffer *out)
{
    Report *report = &answer->cc->report;

    judge_findings(answer, answer->cc, true);
    const Finding *finding = find_finding(report, subject);
    if (!finding) {
        answer_fail(answer, EXIT_UNUSABLE,
                    arena_format(answer->arena,
                                 "'%.*s' is neither a rule nor the fingerprint of a "
                                 "finding here; 'berth rules' lists the rules",
                                 TEXT_ARG(subject)));
        return false;
    }
    if (!text_equal(format, TEXT("text"))) {
        answer_fail(answer, EXIT_UNUSABLE,
                    TEXT("a finding is explained as text; 'berth check --format json' "
                         "has its proof"));
        return false;
    }
    explain_finding(report, finding, out);
    return true;
}

void command_explain(Answer *answer)
{
    static const char *const names[] = {"text", "markdown", "json", NULL};
    Report *report = &answer->cc->report;
    Text subject = answer->options->arguments[0], format, file;
    const Rule *rule = rule_find(report->catalogue, subject);
    Buffer out = {.arena = answer->arena};

    if (!answer_one_format(answer, names, &format, &file))
        return;
    answer_set_terminal(answer, report, file);
    if (rule)
        explain_rule(answer, rule, format, &out);
    else if (!explain_fingerprint(answer, subject, format, &out))
        return;
    answer_write(answer, file, buffer_text(&out));
}
