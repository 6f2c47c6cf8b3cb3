#include "base/diag.h"

#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>

Diags *diags_new(Arena *arena)
{
    Diags *diags = ARENA_NEW(arena, Diags);

    diags->arena = arena;
    return diags;
}

BERTH_FORMAT(2, 0)
static Text format_message(Arena *arena, const char *format, va_list arguments)
{
    va_list again;

    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    char *message = arena_alloc(arena, (size_t)len + 1, 1);
    vsnprintf(message, (size_t)len + 1, format, again);
    va_end(again);
    return (Text){message, (size_t)len};
}

BERTH_FORMAT(4, 0)
static Diag *add(Diags *diags, const char *rule, Span span, const char *format,
                 va_list arguments)
{
    if (span.file != diags->file || span.file == 0) {
        diags->file = span.file;
        diags->in_file = 0;
    }
    Diag diag = {.rule = rule, .span = span};

    diag.message = format_message(diags->arena, format, arguments);
    bool is_policy =
        rule[0] == '\0'; /* decides whether access is judged: always kept */
    if (!is_policy && diags->in_file++ >= DIAGS_PER_FILE) {
        Diag *scratch = ARENA_NEW(diags->arena, Diag);

        diags->dropped++;
        *scratch = diag;
        return scratch;
    }
    ARRAY_GROW(diags->arena, diags->items, diags->count, diags->capacity);
    diags->items[diags->count] = diag;
    return &diags->items[diags->count++];
}

Diag *diag_add(Diags *diags, const char *rule, Span span, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    Diag *diag = add(diags, rule, span, format, arguments);
    va_end(arguments);
    return diag;
}

bool diag_error(Diags *diags, const char *rule, Span span, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add(diags, rule, span, format, arguments);
    va_end(arguments);
    return false;
}
