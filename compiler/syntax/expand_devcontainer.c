#include "syntax/expand.h"

#include "base/buffer.h"

typedef struct Expander {
    Buffer value;
    Expansion result;
    Text basename; /* of the workspace folder; empty: not known */
    Variables variables;
} Expander;

typedef struct Form {
    Text name;
    /* `body` is what stands between the braces, `arguments` what follows the name's
     * ":"; is_bare: there is no such ":". */
    void (*expand)(Expander *expander, Text body, Text arguments, bool is_bare);
} Form;

static void add_as_written(Expander *expander, Text body)
{
    buffer_add(&expander->value, TEXT("${"));
    buffer_add(&expander->value, body);
    buffer_add_byte(&expander->value, '}');
}

/* As it stands, and not known offline. */
static void add_hole(Expander *expander, Text body)
{
    if (expander->result.hole.len == 0)
        expander->result.hole = body;
    add_as_written(expander, body);
}

/* name [":" default], the default up to the next ":"; what follows it is lost. [V2] */
static void add_environment(Expander *expander, Text body, Text arguments, bool is_bare)
{
    size_t colon = text_find_byte(arguments, ':');
    Text name = text_slice(arguments, 0, colon), value = {0};
    bool has_default = colon < arguments.len;

    if (is_bare) {
        expander->result.problem = TEXT("it names no variable");
        return;
    }
    VariableState state =
        expander->variables.find(expander->variables.context, name, &value);
    if (state == VARIABLE_SET) {
        buffer_add(&expander->value, value);
        return;
    }
    if (has_default) {
        Text rest = text_from(arguments, colon + 1);
        buffer_add(&expander->value, text_slice(rest, 0, text_find_byte(rest, ':')));
        if (state == VARIABLE_UNKNOWN && expander->result.assumed.len == 0)
            expander->result.assumed = name;
    } else if (state == VARIABLE_UNKNOWN) {
        add_hole(expander, body);
    }
}

static void add_basename(Expander *expander, Text body, Text arguments, bool is_bare)
{
    (void)arguments;
    (void)is_bare;
    if (expander->basename.len == 0)
        add_hole(expander, body);
    else
        buffer_add(&expander->value, expander->basename);
}

static void add_container_folder(Expander *expander, Text body, Text arguments,
                                 bool is_bare)
{
    if (expander->basename.len)
        buffer_add(&expander->value, TEXT("/workspaces/"));
    add_basename(expander, body, arguments, is_bare);
}

/* What only the machine, or the one who applies a template, knows. */
static void add_unknown(Expander *expander, Text body, Text arguments, bool is_bare)
{
    (void)arguments;
    (void)is_bare;
    add_hole(expander, body);
}

/* Any other name stays as it stands, and is no hole: nobody replaces it. */
static const Form forms[] = {
    {TEXT_INIT("localEnv"), add_environment},
    {TEXT_INIT("env"), add_environment},
    {TEXT_INIT("localWorkspaceFolder"), add_unknown},
    {TEXT_INIT("localWorkspaceFolderBasename"), add_basename},
    {TEXT_INIT("containerWorkspaceFolder"), add_container_folder},
    {TEXT_INIT("containerWorkspaceFolderBasename"), add_basename},
    {TEXT_INIT("devcontainerId"), add_unknown},
    {TEXT_INIT("templateOption"), add_unknown},
};

static void add_variable(Expander *expander, Text body)
{
    size_t colon = text_find_byte(body, ':');
    Text name = text_slice(body, 0, colon);

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (text_equal(forms[i].name, name)) {
            forms[i].expand(expander, body, text_from(body, colon + 1),
                            colon == body.len);
            return;
        }
    }
    add_as_written(expander, body);
}

/* Offset of the first "}", or of what ends a line for the reference tool's pattern: LF,
 * CR, U+2028 and U+2029 (E2 80 A8 and A9). */
static size_t find_stop(Text text)
{
    for (size_t i = 0; i < text.len; i++) {
        Text next = text_slice(text, i, i + 3);

        if (text.at[i] == '}' || text.at[i] == '\n' || text.at[i] == '\r' ||
            text_equal(next, TEXT("\xE2\x80\xA8")) ||
            text_equal(next, TEXT("\xE2\x80\xA9")))
            return i;
    }
    return text.len;
}

/* text     = ( byte | variable )*
 * variable = "${" body "}" ; no line end and no "}" in the body, and no nesting */
Expansion expand_devcontainer(Arena *arena, Text text, Text basename,
                              Variables variables)
{
    Expander expander = {
        .value = {.arena = arena}, .basename = basename, .variables = variables};
    size_t start = text_find(text, TEXT("${"));

    if (start == text.len)
        return (Expansion){.value = text};
    for (size_t at = 0; at < text.len;) {
        Text rest = text_from(text, at);
        size_t open = text_find(rest, TEXT("${"));
        Text inside = text_from(rest, open + 2);
        size_t stop = find_stop(inside);

        buffer_add(&expander.value, text_slice(rest, 0, open));
        if (stop < inside.len && inside.at[stop] == '}')
            add_variable(&expander, text_slice(inside, 0, stop));
        else /* a line end: no other "${" before it is closed either */
            buffer_add(&expander.value, text_slice(rest, open, open + 2 + stop + 1));
        at += open + 2 + stop + 1;
    }
    expander.result.value = buffer_text(&expander.value);
    return expander.result;
}
