/* Functions and tests of values. What Souffle defines is as there. */
#include "datalog/eval.h"

static Text text_at(const DlDatabase *database, uint32_t symbol)
{
    return symbol_text(database->program->symbols, (Symbol){symbol});
}

static uint32_t made(DlDatabase *database, Text text)
{
    return symbol_intern(database->program->symbols, text).id;
}

static uint32_t cat(DlDatabase *database, const uint32_t *values, uint32_t count)
{
    database->scratch.len = 0;
    for (uint32_t i = 0; i < count; i++)
        buffer_add(&database->scratch, text_at(database, values[i]));
    return made(database, buffer_text(&database->scratch));
}

/* As std::string::substr: a start that is negative or behind the end gives the empty
 * text, a negative length the rest. Bytes. */
static uint32_t substr(DlDatabase *database, uint32_t symbol, int32_t start,
                       int32_t len)
{
    Text text = text_at(database, symbol);

    if (start < 0 || (size_t)start > text.len)
        return 0;
    size_t end = len < 0 ? text.len : (size_t)start + (size_t)len;
    Text part = text_slice(text, (size_t)start, end);
    return made(database, part);
}

/* An optional "-" and decimal digits, of 32 bits. */
static bool to_number(Text text, uint32_t *value)
{
    bool negative = text_starts_with(text, TEXT("-"));
    Text digits = text_from(text, negative);
    int64_t number = 0;

    for (size_t i = 0; i < digits.len; i++) {
        if (!byte_is_digit(digits.at[i]))
            return false;
        number = number * 10 + (digits.at[i] - '0');
        if (number > (int64_t)INT32_MAX + negative)
            return false;
    }
    *value = (uint32_t)(negative ? -number : number);
    return digits.len != 0;
}

static uint32_t to_string(DlDatabase *database, uint32_t value)
{
    database->scratch.len = 0;
    buffer_format(&database->scratch, "%d", (int)(int32_t)value);
    return made(database, buffer_text(&database->scratch));
}

/* Towards zero. INT32_MIN / -1 wraps, as sums and products do. */
static bool divide(int32_t left, int32_t right, bool remainder, uint32_t *value)
{
    if (right == 0)
        return false;
    if (right == -1)
        *value = remainder ? 0 : 0 - (uint32_t)left;
    else
        *value = (uint32_t)(remainder ? left % right : left / right);
    return true;
}

bool builtin_call(DlDatabase *database, uint32_t functor, const uint32_t *values,
                  uint32_t count, uint32_t *value)
{
    switch ((Functor)functor) {
    case FUNCTOR_CAT:
        *value = cat(database, values, count);
        return true;
    case FUNCTOR_SUBSTR:
        *value = substr(database, values[0], (int32_t)values[1], (int32_t)values[2]);
        return true;
    case FUNCTOR_STRLEN:
        *value = (uint32_t)text_at(database, values[0]).len;
        return true;
    case FUNCTOR_TO_NUMBER:
        return to_number(text_at(database, values[0]), value);
    case FUNCTOR_TO_STRING:
        *value = to_string(database, values[0]);
        return true;
    case FUNCTOR_ADD:
        *value = values[0] + values[1];
        return true;
    case FUNCTOR_SUBTRACT:
        *value = values[0] - values[1];
        return true;
    case FUNCTOR_MULTIPLY:
        *value = values[0] * values[1];
        return true;
    case FUNCTOR_DIVIDE:
    case FUNCTOR_REMAINDER:
        return divide((int32_t)values[0], (int32_t)values[1],
                      functor == FUNCTOR_REMAINDER, value);
    case FUNCTOR_NEGATE:
        *value = 0 - values[0];
        return true;
    case FUNCTOR_COUNT:
        break;
    }
    return false;
}

bool builtin_compare(const DlDatabase *database, DlBase base, Comparison comparison,
                     uint32_t left, uint32_t right)
{
    int order = 0;

    if (comparison == COMPARE_EQUAL || comparison == COMPARE_UNEQUAL)
        return (left == right) == (comparison == COMPARE_EQUAL);
    if (base == DL_SYMBOL && left != right)
        order = text_compare(text_at(database, left), text_at(database, right));
    else if (left != right)
        order = (int32_t)left < (int32_t)right ? -1 : 1;
    switch (comparison) {
    case COMPARE_LESS:
        return order < 0;
    case COMPARE_LESS_EQUAL:
        return order <= 0;
    case COMPARE_GREATER:
        return order > 0;
    case COMPARE_GREATER_EQUAL:
        return order >= 0;
    case COMPARE_EQUAL:
    case COMPARE_UNEQUAL:
        break;
    }
    return false;
}

bool builtin_contains(const DlDatabase *database, uint32_t part, uint32_t whole)
{
    Text text = text_at(database, whole), wanted = text_at(database, part);

    return wanted.len == 0 || text_find(text, wanted) < text.len;
}

/* The answers so far, with room for `symbol`. */
static uint8_t *answers(DlDatabase *database, Memo *memo, uint32_t symbol)
{
    if (symbol / 4 < memo->capacity)
        return memo->answers;
    uint32_t capacity = symbols_count(database->program->symbols) / 2 + 16;
    uint8_t *larger = ARENA_ARRAY(database->arena, capacity, uint8_t);

    for (uint32_t i = 0; i < memo->capacity; i++)
        larger[i] = memo->answers[i];
    memo->answers = larger;
    memo->capacity = capacity;
    return larger;
}

bool builtin_match(DlDatabase *database, uint32_t pattern, uint32_t subject,
                   bool negated)
{
    enum { NOT_KNOWN, NO, YES, GIVEN_UP };
    uint8_t *byte = &answers(database, &database->memos[pattern], subject)[subject / 4];
    unsigned shift = subject % 4 * 2, answer = *byte >> shift & 3u;

    if (answer == NOT_KNOWN) {
        Pattern *compiled = database->program->patterns[pattern];
        PatternResult result =
            pattern_match(compiled, text_at(database, subject), NULL, NULL);

        answer = result == PATTERN_YES ? YES : result == PATTERN_NO ? NO : GIVEN_UP;
        *byte = (uint8_t)(*byte | answer << shift);
    }
    if (answer == GIVEN_UP && !database->explains)
        database->stopped = "a pattern that takes too many steps on a text";
    return answer != GIVEN_UP && (answer == YES) != negated;
}
