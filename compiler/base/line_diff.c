#include "base/line_diff.h"

#include "base/intern.h"

/* More edits than these, in one file, are looked at as one change: the rows that the way
 * back needs grow with their square. */
enum { EDITS_MAX = 1000 };

typedef struct Lines {
    uint32_t *ids; /* equal lines, equal numbers */
    uint32_t count;
} Lines;

typedef struct Diff {
    Arena *arena; /* of what is needed while comparing */
    const uint32_t *left, *right;
    int32_t nleft, nright;
    int32_t **rounds; /* by number of edits: the furthest left line, by diagonal */
} Diff;

static Lines lines_of(Arena *arena, Symbols *symbols, Text text)
{
    Lines lines = {0};
    uint32_t capacity = 0;

    while (text.len) {
        size_t end = text_find_byte(text, '\n');
        size_t len = end < text.len ? end + 1 : end;

        ARRAY_GROW(arena, lines.ids, lines.count, capacity);
        lines.ids[lines.count++] = symbol_intern(symbols, text_slice(text, 0, len)).id;
        text = text_from(text, len);
    }
    return lines;
}

/* Along equal lines, as far as they go. */
static int32_t slide(const Diff *diff, int32_t left, int32_t diagonal)
{
    while (left < diff->nleft && left - diagonal < diff->nright &&
           diff->left[left] == diff->right[left - diagonal])
        left++;
    return left;
}

/* Whether the furthest path on this diagonal came from the one above it: by a line of
 * the right text. `furthest` is of the round before. */
static bool came_down(const int32_t *furthest, int32_t edits, int32_t diagonal)
{
    return diagonal == -edits ||
           (diagonal != edits && furthest[diagonal - 1] < furthest[diagonal + 1]);
}

/* The least number of edits; -1 when it is above EDITS_MAX. */
static int32_t search(Diff *diff)
{
    int32_t start = 0;
    const int32_t *before = &start;

    for (int32_t edits = 0; edits <= EDITS_MAX; edits++) {
        int32_t *row = ARENA_ARRAY(diff->arena, 2 * (size_t)edits + 3, int32_t);
        int32_t *furthest = row + edits + 1;

        diff->rounds[edits] = furthest;
        for (int32_t diagonal = -edits; diagonal <= edits; diagonal += 2) {
            int32_t left = 0;

            if (edits)
                left = came_down(before, edits, diagonal) ? before[diagonal + 1]
                                                          : before[diagonal - 1] + 1;
            left = slide(diff, left, diagonal);
            furthest[diagonal] = left;
            if (left >= diff->nleft && left - diagonal >= diff->nright)
                return edits;
        }
        before = furthest;
    }
    return -1;
}

static void mark(LineDiff *result, uint32_t offset, int32_t left, int32_t right)
{
    uint32_t old_line = offset + (uint32_t)left, new_line = offset + (uint32_t)right;

    result->new_of_old[old_line + 1] = new_line + 1;
    result->old_of_new[new_line + 1] = old_line + 1;
}

/* Back from the end to the beginning: what lies on a diagonal is equal. */
static void walk_back(const Diff *diff, int32_t edits, uint32_t offset,
                      LineDiff *result)
{
    int32_t left = diff->nleft, right = diff->nright;

    for (; edits >= 0; edits--) {
        int32_t diagonal = left - right, from = 0, before = diagonal;

        if (edits) {
            const int32_t *furthest = diff->rounds[edits - 1];
            bool down = came_down(furthest, edits, diagonal);

            before = down ? diagonal + 1 : diagonal - 1;
            from = furthest[before];
        }
        int32_t stop = edits && before < diagonal ? from + 1 : from;
        while (left > stop) {
            left--;
            right--;
            mark(result, offset, left, right);
        }
        left = from;
        right = from - before;
    }
}

LineDiff line_diff(Arena *arena, Text old_text, Text new_text)
{
    Arena *scratch = arena_scratch(arena);
    Symbols *symbols = symbols_new(scratch);
    Lines left = lines_of(scratch, symbols, old_text);
    Lines right = lines_of(scratch, symbols, new_text);
    LineDiff result = {.nold = left.count, .nnew = right.count};
    uint32_t shared = left.count < right.count ? left.count : right.count;
    uint32_t head = 0, tail = 0;

    result.old_of_new = ARENA_ARRAY(arena, right.count + 1, uint32_t);
    result.new_of_old = ARENA_ARRAY(arena, left.count + 1, uint32_t);
    while (head < shared && left.ids[head] == right.ids[head]) {
        mark(&result, head, 0, 0);
        head++;
    }
    while (tail < shared - head &&
           left.ids[left.count - 1 - tail] == right.ids[right.count - 1 - tail]) {
        tail++;
        result.new_of_old[left.count + 1 - tail] = right.count + 1 - tail;
        result.old_of_new[right.count + 1 - tail] = left.count + 1 - tail;
    }
    Diff diff = {.arena = scratch,
                 .left = left.count ? left.ids + head : NULL,
                 .right = right.count ? right.ids + head : NULL,
                 .nleft = (int32_t)(left.count - head - tail),
                 .nright = (int32_t)(right.count - head - tail)};
    diff.rounds = ARENA_ARRAY(scratch, EDITS_MAX + 1, int32_t *);
    int32_t edits = diff.nleft && diff.nright ? search(&diff) : -1;
    if (edits >= 0)
        walk_back(&diff, edits, head, &result);
    arena_reset(scratch);
    return result;
}

bool line_diff_touches(const LineDiff *diff, uint32_t first, uint32_t last)
{
    for (uint32_t line = first; line <= last && line <= diff->nnew; line++) {
        if (diff->old_of_new[line] == 0)
            return true;
    }
    return false;
}

uint32_t line_diff_gap(const LineDiff *diff, uint32_t old_line)
{
    for (uint32_t line = old_line; line <= diff->nold; line++) {
        if (diff->new_of_old[line])
            return diff->new_of_old[line];
    }
    return diff->nnew;
}
