#include "syntax/comments.h"

#include <string.h>

#include "base/buffer.h"
#include "base/day.h"

enum { RULES_MAX = 16 /* of one comment */ };

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* --- what speaks to berth --- */

/* Without the marks: "//", "/" "*" ... "*" "/", "#"; and a "*" before its text. */
static Text body_of(Text comment)
{
    size_t at = 0;

    if (text_starts_with(comment, TEXT("/*")) && text_ends_with(comment, TEXT("*/")))
        comment.len -= 2;
    while (at < comment.len && (is_blank(comment.at[at]) || comment.at[at] == '/' ||
                                comment.at[at] == '*' || comment.at[at] == '#'))
        at++;
    return text_trim(text_from(comment, at));
}

static const Text address = TEXT_INIT("berth:");

static bool speaks_to_berth(Text comment)
{
    return text_equal_ignoring_case(text_slice(body_of(comment), 0, address.len),
                                    address);
}

void comments_add(Comments *comments, uint32_t start, uint32_t end, bool is_behind)
{
    if (!speaks_to_berth(text_slice(comments->bytes, start, end)) ||
        comments->count > IGNORES_PER_FILE)
        return;
    ARRAY_GROW(comments->arena, comments->items, comments->count, comments->capacity);
    comments->items[comments->count++] =
        (Comment){.start = start, .end = end, .is_behind = is_behind};
}

/* --- what it covers --- */

static uint32_t line_start(Text bytes, uint32_t at)
{
    while (at > 0 && bytes.at[at - 1] != '\n')
        at--;
    return at;
}

static uint32_t line_end(Text bytes, uint32_t at)
{
    return at + (uint32_t)text_find_byte(text_from(bytes, at), '\n');
}

bool comments_is_behind(Text bytes, uint32_t at)
{
    uint32_t start = line_start(bytes, at);

    if (start == 0 && text_starts_with(bytes, TEXT("\xEF\xBB\xBF")))
        start = 3;
    for (uint32_t i = start; i < at; i++) {
        if (!is_blank(bytes.at[i]) && bytes.at[i] != '-')
            return true;
    }
    return false;
}

static void cover_line(const Comments *comments, Comment *comment)
{
    comment->covers_start = line_start(comments->bytes, comment->start);
    comment->covers_end = line_end(comments->bytes, comment->end);
}

void comments_settle(Comments *comments, uint32_t start, uint32_t end)
{
    while (comments->settled < comments->count) {
        Comment *comment = &comments->items[comments->settled++];

        if (comment->is_behind) {
            cover_line(comments, comment);
            if (start < comment->covers_start && comment->start >= end)
                comment->covers_start = start;
        } else if (comment->end < end) {
            comment->covers_start = comment->end;
            comment->covers_end = end;
        }
    }
}

/* The comments before a node that begins at `begin`. One that stands before `closed`
 * is in a container that ends there: nothing follows it. */
static void settle_before(Comments *comments, uint32_t begin, uint32_t end,
                          uint32_t closed)
{
    while (comments->settled < comments->count) {
        Comment *comment = &comments->items[comments->settled];

        if (comment->end > begin)
            return;
        comments->settled++;
        bool follows = comment->start >= closed;
        bool ends_line = !follows || line_end(comments->bytes, comment->end) < begin;
        if (comment->is_behind && ends_line) {
            cover_line(comments, comment);
        } else if (follows) {
            comment->covers_start = comment->end;
            comment->covers_end = end;
        }
    }
}

/* A block collection of YAML begins where its first member or item does, and is none of
 * what a comment can stand before. */
static bool has_own_start(const Comments *comments, const Node *node)
{
    if (node->kind != NODE_OBJECT && node->kind != NODE_ARRAY)
        return true;
    return node->start < comments->bytes.len &&
           memchr("{[&!", comments->bytes.at[node->start], 4) != NULL;
}

void comments_settle_tree(Comments *comments, const Tree *tree)
{
    uint32_t closed = 0;

    for (NodeId at = comments->count ? tree->root : (NodeId){0}; at.index;) {
        const Node *node = tree_node(tree, at);
        bool is_item = tree_node(tree, node->parent)->kind == NODE_ARRAY;

        if (node->key_end)
            settle_before(comments, node->key_start, node->end, closed);
        if (is_item || has_own_start(comments, node))
            settle_before(comments, node->start, node->end, closed);
        if (comments->settled == comments->count)
            return;
        if (node->first.index) {
            at = node->first;
            closed = 0;
            continue;
        }
        while (node->next.index == 0 && node->parent.index)
            node = tree_node(tree, node->parent);
        closed = node->end;
        at = node->next;
    }
}

/* --- what it says --- */

typedef struct Reading {
    Arena *arena;
    Text rest;
    Ignore *ignore;
    Text rules[RULES_MAX];
} Reading;

static bool wrong(Reading *reading, Text problem)
{
    reading->ignore->problem = problem;
    return false;
}

static void pass_blanks(Reading *reading)
{
    while (reading->rest.len && is_blank(reading->rest.at[0]))
        reading->rest = text_from(reading->rest, 1);
}

static bool takes(Reading *reading, Text word)
{
    if (!text_starts_with(reading->rest, word))
        return false;
    reading->rest = text_from(reading->rest, word.len);
    return true;
}

static bool is_name(Text name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!byte_is_lower(name.at[i]) && !byte_is_digit(name.at[i]) &&
            name.at[i] != '-')
            return false;
    }
    return name.len > 0 && name.len <= 100;
}

/* rule = name "/" ( name | "*" ) */
static bool is_rule(Text rule)
{
    size_t slash = text_find_byte(rule, '/');
    Text name = text_from(rule, slash + 1);

    return is_name(text_slice(rule, 0, slash)) &&
           (is_name(name) || text_equal(name, TEXT("*")));
}

/* rules = "[" rule ( "," rule )* "]" */
static bool read_rules(Reading *reading)
{
    Ignore *ignore = reading->ignore;
    size_t close = text_find_byte(reading->rest, ']');
    Text list = text_slice(reading->rest, 1, close), rule;

    if (!text_starts_with(reading->rest, TEXT("[")) || close == reading->rest.len)
        return wrong(reading, TEXT("this suppression names no rules; expected "
                                   "'berth: ignore[category/name] reason'"));
    ignore->rules = reading->rules;
    for (bool done = false; text_next_part(&list, ',', &rule, &done);) {
        rule = text_trim(rule);
        if (!is_rule(rule))
            return wrong(reading, TEXT("what this suppression names is no rule; "
                                       "expected category/name, or category/* for all "
                                       "of a category"));
        if (ignore->nrules == RULES_MAX)
            return wrong(reading, TEXT("this suppression names more than 16 rules; "
                                       "expected fewer, or category/*"));
        reading->rules[ignore->nrules++] = rule;
    }
    reading->rest = text_from(reading->rest, close + 1);
    return true;
}

/* [ "until=" date ] */
static bool read_until(Reading *reading)
{
    Ignore *ignore = reading->ignore;
    size_t end = 0;

    pass_blanks(reading);
    if (!takes(reading, TEXT("until=")))
        return true;
    while (end < reading->rest.len && !is_blank(reading->rest.at[end]))
        end++;
    ignore->until = text_slice(reading->rest, 0, end);
    reading->rest = text_from(reading->rest, end);
    if (day_read(ignore->until, &ignore->until_day))
        return true;
    ignore->until = (Text){0};
    return wrong(reading, TEXT("the date of this suppression is none; expected "
                               "until=YYYY-MM-DD"));
}

static bool says_something(Text reason)
{
    for (size_t i = 0; i < reason.len; i++) {
        char byte = reason.at[i];

        if (byte_is_letter(byte) || byte_is_digit(byte) || (unsigned char)byte >= 0x80)
            return true;
    }
    return false;
}

/* The rest, on one line; without the "*" that a block comment's lines begin with. */
static bool read_reason(Reading *reading)
{
    Buffer out = {.arena = reading->arena};
    Text rest = reading->rest, line;

    for (bool done = false, is_first = true; text_next_part(&rest, '\n', &line, &done);
         is_first = false) {
        line = text_trim(line);
        if (!is_first && text_starts_with(line, TEXT("*")))
            line = text_trim(text_from(line, 1));
        if (out.len && line.len)
            buffer_add_byte(&out, ' ');
        buffer_add(&out, line);
    }
    reading->ignore->reason = buffer_text(&out);
    if (!says_something(reading->ignore->reason))
        return wrong(reading, TEXT("this suppression states no reason; expected one "
                                   "behind the rules and the date"));
    if (text_find(reading->ignore->reason, TEXT("until=")) < out.len)
        return wrong(reading, TEXT("the date of this suppression stands in its reason; "
                                   "expected it before the reason"));
    return true;
}

/* suppression = "berth:" "ignore" rules [ until ] reason */
static void read_ignore(Reading *reading)
{
    pass_blanks(reading);
    if (!takes(reading, TEXT("ignore"))) {
        (void)wrong(reading, TEXT("this comment speaks to berth and is no suppression; "
                                  "expected 'berth: ignore[category/name] reason'"));
        return;
    }
    pass_blanks(reading);
    if (read_rules(reading) && read_until(reading))
        (void)read_reason(reading);
}

static void hand_up(const Comments *comments, Sources *sources, Text comment,
                    Ignore *ignore)
{
    Reading reading = {.arena = comments->arena, .ignore = ignore};

    reading.rest = text_from(body_of(comment), address.len);
    if (ignore->problem.len == 0)
        read_ignore(&reading);
    if (ignore->problem.len)
        ignore->covers = (Span){ignore->comment.file, 0, 0};
    ignores_add(sources_ignores(sources), ignore);
}

void comments_hand_up(Comments *comments, Sources *sources, uint32_t file)
{
    for (uint32_t i = 0; i < comments->count; i++) {
        Comment *comment = &comments->items[i];
        Ignore ignore = {0};

        if (i >= comments->settled && comment->is_behind)
            cover_line(comments, comment);
        ignore.comment =
            span_origin(sources, (Span){file, comment->start, comment->end});
        ignore.covers = span_origin(
            sources, (Span){file, comment->covers_start, comment->covers_end});
        hand_up(comments, sources,
                text_slice(comments->bytes, comment->start, comment->end), &ignore);
    }
}

void comments_hand_up_inline(const Comments *comments, Sources *sources, Span inside)
{
    Ignore ignore = {
        .comment = inside,
        .problem = TEXT("a suppression stands in this Dockerfile, which is part of "
                        "another file; expected it above the key that holds it")};

    if (comments->count)
        hand_up(comments, sources, TEXT("berth:"), &ignore);
}
