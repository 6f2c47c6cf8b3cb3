/*
 * mutate_marks.h: a clause that was broken, so that it is one again.
 */
#ifndef BERTH_TESTS_MUTATE_MARKS_H
#define BERTH_TESTS_MUTATE_MARKS_H

#include "base/buffer.h"
#include "datalog/lex.h"

static bool is_variable(Lexeme name, Lexeme next)
{
    return name.kind == LEX_NAME && !byte_is_upper(name.text.at[0]) &&
           name.text.at[0] != '_' && !text_equal(name.text, TEXT("count")) &&
           !(next.kind == LEX_PUNCTUATION && text_equal(next.text, TEXT("(")));
}

/* A variable that now stands once is what a wildcard is: "_name". */
static Text with_marks(Arena *arena, Text clause)
{
    enum { NAMES_MAX = 512 };
    Lexer lexer = {.arena = arena, .diags = diags_new(arena), .bytes = clause};
    Lexeme *names = ARENA_ARRAY(arena, NAMES_MAX, Lexeme);
    uint32_t count = 0, from = 0;
    Buffer out = {.arena = arena};

    for (Lexeme at = lexer_next(&lexer), next; at.kind != LEX_END; at = next) {
        next = lexer_next(&lexer);
        if (is_variable(at, next) && count < NAMES_MAX)
            names[count++] = at;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t times = 0;

        for (uint32_t j = 0; j < count; j++)
            times += text_equal(names[i].text, names[j].text);
        buffer_add(&out, text_slice(clause, from, names[i].start));
        from = names[i].start;
        if (times == 1)
            buffer_add_byte(&out, '_');
    }
    buffer_add(&out, text_from(clause, from));
    return buffer_text(&out);
}

#endif
