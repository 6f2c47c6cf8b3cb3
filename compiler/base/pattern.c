#include "base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_STEPS = 100000 };

struct Pattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
};

static void pattern_close(void *handle)
{
    Pattern *pattern = handle;

    pcre2_match_context_free(pattern->context);
    pcre2_match_data_free(pattern->data);
    pcre2_code_free(pattern->code);
}

Pattern *pattern_compile(Arena *arena, Text text, bool whole, Text *error, size_t *at)
{
    Pattern *pattern = ARENA_NEW(arena, Pattern);
    uint32_t options = PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C;
    PCRE2_SIZE offset;
    int code;

    arena_defer(arena, pattern_close, pattern);
    if (whole)
        options |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    pattern->code = pcre2_compile((PCRE2_SPTR)(text.len ? text.at : ""), text.len,
                                  options, &code, &offset, NULL);
    if (!pattern->code) {
        PCRE2_UCHAR message[256];

        pcre2_get_error_message(code, message, sizeof(message));
        *error = arena_copy(arena, text_of((const char *)message));
        *at = offset;
        return NULL;
    }
    /* Without JIT (not supported, or no memory for it) the interpreter serves. */
    (void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
    pattern->data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    pattern->context = pcre2_match_context_create(NULL);
    if (!pattern->data || !pattern->context) {
        *error = TEXT("out of memory");
        *at = 0;
        return NULL;
    }
    pcre2_set_match_limit(pattern->context, MATCH_STEPS);
    pcre2_set_depth_limit(pattern->context, MATCH_STEPS);
    pcre2_set_heap_limit(pattern->context, 4096); /* KiB */
    return pattern;
}

PatternResult pattern_match(Pattern *pattern, Text subject, size_t *start, size_t *end)
{
    int count = pcre2_match(pattern->code, (PCRE2_SPTR)(subject.len ? subject.at : ""),
                            subject.len, 0, 0, pattern->data, pattern->context);

    if (count == PCRE2_ERROR_NOMATCH)
        return PATTERN_NO;
    if (count < 0)
        return PATTERN_LIMIT;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(pattern->data);
    if (start)
        *start = ends[0];
    if (end)
        *end = ends[1];
    return PATTERN_YES;
}
