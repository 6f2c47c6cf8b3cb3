#include "syntax/expand.h"

#include "base/buffer.h"

enum { NESTING_MAX = 32 }; /* of variables in the words of variables */

typedef enum Use { USE_VALUE, USE_DEFAULT, USE_ALTERNATIVE, USE_REQUIRED } Use;

/* One form of "${NAME operator word}". The first that fits counts. */
typedef struct Form {
    Text operator;
    Use use;
    bool empty_is_unset;
} Form;

static const Form forms[] = {
    {TEXT_INIT(":-"), USE_DEFAULT, true},     {TEXT_INIT("-"), USE_DEFAULT, false},
    {TEXT_INIT(":+"), USE_ALTERNATIVE, true}, {TEXT_INIT("+"), USE_ALTERNATIVE, false},
    {TEXT_INIT(":?"), USE_REQUIRED, true},    {TEXT_INIT("?"), USE_REQUIRED, false},
    {TEXT_INIT("}"), USE_VALUE, false}};

typedef struct Expander {
    Arena *arena;
    Variables variables;
    Buffer out;
    Text hole, problem;
} Expander;

static bool expand(Expander *expander, Text text, uint32_t depth);

static bool starts_name(Text text, size_t at)
{
    return at < text.len && (text.at[at] == '_' || byte_is_letter(text.at[at]));
}

/* name = [_A-Za-z] [_A-Za-z0-9]*; the offset behind it */
static size_t name_end(Text text, size_t at)
{
    while (at < text.len && (text.at[at] == '_' || byte_is_letter(text.at[at]) ||
                             byte_is_digit(text.at[at])))
        at++;
    return at;
}

/* The offset of the "}" that closes the "${" at `at`, on the same line; of the line's
 * last one when some inner "${" is never closed; text.len when there is none. */
static size_t closing_brace(Text text, size_t at)
{
    size_t last = text.len;
    uint32_t open = 0;

    for (; at < text.len && text.at[at] != '\n'; at++) {
        if (text.at[at] == '}') {
            last = at;
            if (--open == 0)
                return at;
        }
        if (text_starts_with(text_from(text, at), TEXT("${"))) {
            open++;
            at++;
        }
    }
    return last;
}

static void add_hole(Expander *expander, Text name)
{
    if (expander->hole.len == 0)
        expander->hole = name;
    buffer_format(&expander->out, "${%.*s}", TEXT_ARG(name));
}

static void add_value(Expander *expander, Text value)
{
    size_t start = text_find(value, TEXT("${"));

    if (start < value.len && expander->hole.len == 0) {
        Text name = text_from(value, start + 2);

        expander->hole = text_slice(name, 0, text_find_byte(name, '}'));
    }
    buffer_add(&expander->out, value);
}

static bool refuse(Expander *expander, Text problem)
{
    expander->problem = problem;
    return false;
}

static bool apply(Expander *expander, const Form *form, Text name, Text word,
                  uint32_t depth)
{
    Text value = {0};
    VariableState state =
        expander->variables.find(expander->variables.context, name, &value);
    bool is_set = state == VARIABLE_SET && !(form->empty_is_unset && value.len == 0);

    switch (form->use) {
    case USE_DEFAULT:
        if (!is_set)
            return expand(expander, word, depth + 1);
        break;
    case USE_ALTERNATIVE:
        return is_set ? expand(expander, word, depth + 1) : true;
    case USE_REQUIRED:
        if (!is_set && state != VARIABLE_UNKNOWN)
            return refuse(expander,
                          arena_format(expander->arena,
                                       "the variable '%.*s' is required and has no "
                                       "value",
                                       TEXT_ARG(name)));
        break;
    case USE_VALUE:
        break;
    }
    if (state == VARIABLE_UNKNOWN)
        add_hole(expander, name);
    else
        add_value(expander, value);
    return true;
}

/* braced = "${" name [ operator word ] "}"; *end: the offset behind it */
static bool expand_braced(Expander *expander, Text text, size_t at, size_t *end,
                          uint32_t depth)
{
    size_t word = name_end(text, at + 2);
    size_t close = closing_brace(text, at);

    for (size_t i = 0; starts_name(text, at + 2) && close < text.len &&
                       i < sizeof(forms) / sizeof(forms[0]);
         i++) {
        if (!text_starts_with(text_from(text, word), forms[i].operator))
            continue;
        *end = forms[i].use == USE_VALUE ? word + 1 : close + 1;
        return apply(expander, &forms[i], text_slice(text, at + 2, word),
                     text_slice(text, word + forms[i].operator.len, close), depth);
    }
    return refuse(expander, TEXT("'${' begins no variable that compose knows; write "
                                 "'$$' for a dollar sign"));
}

/* text = { "$$" | "$" name | braced | byte } */
static bool expand(Expander *expander, Text text, uint32_t depth)
{
    size_t at = 0;

    if (depth > NESTING_MAX)
        return refuse(expander, TEXT("variables are nested deeper than 32 levels"));
    while (at < text.len) {
        Text rest = text_from(text, at);
        size_t plain = text_find_byte(rest, '$');

        buffer_add(&expander->out, text_slice(rest, 0, plain));
        at += plain;
        if (at == text.len)
            break;
        if (text_starts_with(text_from(text, at), TEXT("$$"))) {
            buffer_add_byte(&expander->out, '$');
            at += 2;
        } else if (text_starts_with(text_from(text, at), TEXT("${"))) {
            if (!expand_braced(expander, text, at, &at, depth))
                return false;
        } else if (starts_name(text, at + 1)) {
            size_t end = name_end(text, at + 1);
            const Form plain_form = {.use = USE_VALUE};

            (void)apply(expander, &plain_form, text_slice(text, at + 1, end), (Text){0},
                        depth);
            at = end;
        } else {
            buffer_add_byte(&expander->out, '$');
            at++;
        }
    }
    return true;
}

Expansion expand_compose(Arena *arena, Text text, Variables variables)
{
    Expander expander = {
        .arena = arena, .variables = variables, .out = {.arena = arena}};

    if (text_find_byte(text, '$') == text.len)
        return (Expansion){.value = text};
    if (!expand(&expander, text, 0))
        return (Expansion){.value = text, .problem = expander.problem};
    return (Expansion){.value = buffer_text(&expander.out), .hole = expander.hole};
}
