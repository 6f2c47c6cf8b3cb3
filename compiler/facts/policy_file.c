#include "facts/policy_file.h"

#include "facts/manifest.h"
#include "syntax/syntax.h"

/* So many of a reader's warnings, and the file still has room for what makes it
 * unusable. */
enum { WARNINGS_SAID = 20 };

static bool is_syntax(const Diag *diag)
{
    return text_equal(text_of(diag->rule), TEXT("input/syntax"));
}

static void copy(Facts *facts, const Diag *diag, const char *rule, Text message)
{
    Diag *copied = diag_add(facts->diags, rule, diag->span, "%.*s", TEXT_ARG(message));

    copied->related = diag->related;
    copied->related_says = diag->related_says;
}

/* A key that is an alias may be the text of a password somewhere else. */
static Text warning_message(const Facts *facts, const Diag *diag)
{
    return text_starts_with(span_bytes(facts->sources, diag->span), TEXT("*"))
               ? TEXT("this key stands twice; the last one counts")
               : diag->message;
}

const Tree *policy_file_read(Facts *facts, uint32_t file, const char *what)
{
    Diags *diags = diags_new(facts->arena);
    const Tree *tree = yaml_read(facts->arena, facts->sources, file, diags);

    for (uint32_t i = 0; i < diags->count; i++) {
        const Diag *diag = &diags->items[i];

        if (!is_syntax(diag))
            continue;
        manifest_hide_values(facts->sources, file);
        copy(facts, diag, "",
             arena_format(facts->arena, "this %s cannot be used: %.*s", what,
                          TEXT_ARG(diag->message)));
        return NULL;
    }
    for (uint32_t i = 0; i < diags->count && i < WARNINGS_SAID; i++)
        copy(facts, &diags->items[i], diags->items[i].rule,
             warning_message(facts, &diags->items[i]));
    return tree;
}
