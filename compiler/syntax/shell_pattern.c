#include "syntax/shell_pattern.h"

#include "base/buffer.h"

typedef enum ItemKind { ITEM_CHARACTER, ITEM_ANY_CHARACTER, ITEM_ANY_TEXT } ItemKind;

typedef struct Item {
    ItemKind kind;
    Text character;
} Item;

/* A pattern and a value, both as characters, so that either can be read from its end. */
typedef struct Match {
    Arena *arena;
    Item *items;
    uint32_t nitems;
    Text value;
    uint32_t *starts; /* of its characters; starts[ncharacters] is its length */
    uint32_t ncharacters;
    bool reversed;
    bool *now, *next; /* which positions in the pattern are reached */
    uint32_t *steps;
} Match;

enum { REPLACED_MAX = 1 << 16 }; /* bytes of a result */
#define NO_MATCH UINT32_MAX

/* Bytes of the character at `at`; 1 for what is no UTF-8. */
static size_t character_length(Text text, size_t at)
{
    unsigned char lead = (unsigned char)text.at[at];
    size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    if (at + length > text.len)
        return 1;
    for (size_t i = 1; i < length; i++) {
        if (((unsigned char)text.at[at + i] & 0xC0) != 0x80)
            return 1;
    }
    return length;
}

/* item = "*" | "?" | "\" ( "*" | "?" | "\" | "}" | "/" ) | character */
static bool read_items(Match *match, Text pattern, Text *problem)
{
    match->items = ARENA_ARRAY(match->arena, pattern.len + 1, Item);
    for (size_t at = 0; at < pattern.len;) {
        Item *item = &match->items[match->nitems++];
        char byte = pattern.at[at];
        char behind = at + 1 < pattern.len ? pattern.at[at + 1] : '\0';

        if (byte == '\\') {
            if (behind != '}' && behind != '/' && behind != '*' && behind != '?' &&
                behind != '\\') {
                *problem = TEXT("a pattern escapes what needs no escape");
                return false;
            }
            at++;
        } else if (byte == '*' || byte == '?') {
            item->kind = byte == '*' ? ITEM_ANY_TEXT : ITEM_ANY_CHARACTER;
        }
        size_t length = character_length(pattern, at);
        item->character = text_slice(pattern, at, at + length);
        at += length;
    }
    return true;
}

static bool prepare(Match *match, const ShellPattern *pattern, Text value,
                    Text *problem)
{
    match->value = value;
    match->steps = pattern->steps;
    if (!read_items(match, pattern->pattern, problem))
        return false;
    match->starts = ARENA_ARRAY(match->arena, value.len + 1, uint32_t);
    for (size_t at = 0; at < value.len; at += character_length(value, at))
        match->starts[match->ncharacters++] = (uint32_t)at;
    match->starts[match->ncharacters] = (uint32_t)value.len;
    match->now = ARENA_ARRAY(match->arena, (size_t)match->nitems + 1, bool);
    match->next = ARENA_ARRAY(match->arena, (size_t)match->nitems + 1, bool);
    return true;
}

static Item item_at(const Match *match, uint32_t i)
{
    return match->items[match->reversed ? match->nitems - 1 - i : i];
}

static Text character_at(const Match *match, uint32_t i)
{
    uint32_t at = match->reversed ? match->ncharacters - 1 - i : i;

    return text_slice(match->value, match->starts[at], match->starts[at + 1]);
}

/* A "*" may take nothing: what is behind it is reached with it. */
static void pass_stars(const Match *match, bool *reached)
{
    for (uint32_t i = 0; i < match->nitems; i++) {
        if (reached[i] && item_at(match, i).kind == ITEM_ANY_TEXT)
            reached[i + 1] = true;
    }
}

/* One character further; whether anything is still reached. */
static bool advance(Match *match, Text character)
{
    bool is_line_end = text_equal(character, TEXT("\n"));
    bool any = false;

    for (uint32_t i = 0; i <= match->nitems; i++)
        match->next[i] = false;
    for (uint32_t i = 0; i < match->nitems; i++) {
        Item item = item_at(match, i);

        if (!match->now[i])
            continue;
        if (item.kind == ITEM_ANY_TEXT && !is_line_end)
            match->next[i] = any = true;
        else if (item.kind == ITEM_ANY_CHARACTER && !is_line_end)
            match->next[i + 1] = any = true;
        else if (item.kind == ITEM_CHARACTER && text_equal(item.character, character))
            match->next[i + 1] = any = true;
    }
    pass_stars(match, match->next);
    bool *was = match->now;
    match->now = match->next;
    match->next = was;
    return any;
}

/* Where a match that begins at character `start` ends; NO_MATCH when none does. False
 * when the steps ran out. */
static bool find_end(Match *match, uint32_t start, bool longest, uint32_t *end)
{
    *end = NO_MATCH;
    for (uint32_t i = 0; i <= match->nitems; i++)
        match->now[i] = i == 0;
    pass_stars(match, match->now);
    for (uint32_t at = start;; at++) {
        if (match->now[match->nitems]) {
            *end = at;
            if (!longest)
                return true;
        }
        if (at == match->ncharacters)
            return true;
        if (*match->steps <= match->nitems)
            return false;
        *match->steps -= match->nitems + 1;
        if (!advance(match, character_at(match, at)))
            return true;
    }
}

static bool say_too_long(Text *problem)
{
    *problem = TEXT("a pattern and its value are too long to be matched");
    return false;
}

bool shell_trim(Arena *arena, const ShellPattern *pattern, Text value, Text *result,
                Text *problem)
{
    Match match = {.arena = arena, .reversed = pattern->at_end};
    uint32_t end;

    if (!prepare(&match, pattern, value, problem))
        return false;
    if (!find_end(&match, 0, pattern->longest, &end))
        return say_too_long(problem);
    *result = value;
    if (end == NO_MATCH)
        return true;
    if (pattern->at_end)
        *result = text_slice(value, 0, match.starts[match.ncharacters - end]);
    else
        *result = text_from(value, match.starts[end]);
    return true;
}

bool shell_replace(Arena *arena, const ShellPattern *pattern, Text value,
                   Text replacement, Text *result, Text *problem)
{
    Match match = {.arena = arena};
    Buffer out = {.arena = arena};
    uint32_t before = NO_MATCH; /* where the match before ended */
    bool done = false;

    if (!prepare(&match, pattern, value, problem))
        return false;
    for (uint32_t at = 0; at <= match.ncharacters;) {
        uint32_t end = NO_MATCH;

        if (out.len > REPLACED_MAX || (!done && !find_end(&match, at, true, &end)))
            return say_too_long(problem);
        if (end != NO_MATCH && !(end == at && at == before)) {
            buffer_add(&out, replacement);
            done = !pattern->all;
            before = end;
        }
        if (end == NO_MATCH || end == at) {
            if (at < match.ncharacters)
                buffer_add(&out, character_at(&match, at));
            at++;
        } else {
            at = end;
        }
    }
    *result = buffer_text(&out);
    return true;
}
