#include "base/edits.h"

#include <inttypes.h>

Text edits_apply(Arena *arena, Text bytes, const Edit *edits, uint32_t count)
{
    Buffer out = {.arena = arena};
    size_t at = 0;

    for (uint32_t i = 0; i < count; i++) {
        buffer_add(&out, text_slice(bytes, at, edits[i].span.start));
        buffer_add(&out, edits[i].text);
        at = edits[i].span.end;
    }
    buffer_add(&out, text_from(bytes, at));
    return buffer_text(&out);
}

/* --- patches --- */

enum { CONTEXT = 3 }; /* lines around a change */

/* Whole lines of the file, and those that replace them. Numbers are from 0. */
typedef struct Hunk {
    uint32_t start, end;   /* bytes of the file */
    uint32_t first, lines; /* of the file */
    Text before, after;
    uint32_t nafter; /* lines */
} Hunk;

typedef struct Patch {
    Arena *arena;
    Sources *sources;
    Text bytes;
    uint32_t file;
    Hunk *hunks;
    uint32_t count, capacity;
} Patch;

static uint32_t line_start(Text bytes, uint32_t at)
{
    while (at > 0 && bytes.at[at - 1] != '\n')
        at--;
    return at;
}

/* Behind the LF of the line that holds `at`. */
static uint32_t line_end(Text bytes, uint32_t at)
{
    size_t end = at + text_find_byte(text_from(bytes, at), '\n');

    return (uint32_t)(end < bytes.len ? end + 1 : bytes.len);
}

static uint32_t count_lines(Text text)
{
    uint32_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == '\n';
    return count + (text.len && text.at[text.len - 1] != '\n');
}

/* Leaves what is the same on both sides, at either end, out of the hunk. */
static void trim(Hunk *hunk)
{
    for (;;) {
        Text before = text_slice(hunk->before, 0, line_end(hunk->before, 0));
        Text after = text_slice(hunk->after, 0, line_end(hunk->after, 0));

        if (before.len == 0 || !text_equal(before, after))
            break;
        hunk->start += (uint32_t)before.len;
        hunk->first++;
        hunk->before = text_from(hunk->before, before.len);
        hunk->after = text_from(hunk->after, after.len);
    }
    for (;;) {
        size_t before_len = hunk->before.len, after_len = hunk->after.len;

        if (before_len == 0 || after_len == 0)
            break;
        uint32_t before = line_start(hunk->before, (uint32_t)before_len - 1);
        uint32_t after = line_start(hunk->after, (uint32_t)after_len - 1);
        if (!text_equal(text_from(hunk->before, before), text_from(hunk->after, after)))
            break;
        hunk->end -= (uint32_t)before_len - before;
        hunk->before = text_slice(hunk->before, 0, before);
        hunk->after = text_slice(hunk->after, 0, after);
    }
    hunk->lines = count_lines(hunk->before);
    hunk->nafter = count_lines(hunk->after);
}

/* Edits that share a line are one change. */
static void add_change(Patch *patch, const Edit *edits, uint32_t count)
{
    uint32_t start = line_start(patch->bytes, edits[0].span.start);
    uint32_t end = line_end(patch->bytes, edits[count - 1].span.end);
    Edit *inner = ARENA_ARRAY(patch->arena, count, Edit);
    Hunk hunk = {.start = start, .end = end};

    for (uint32_t i = 0; i < count; i++) {
        inner[i] = edits[i];
        inner[i].span.start -= start;
        inner[i].span.end -= start;
    }
    hunk.before = text_slice(patch->bytes, start, end);
    hunk.after = edits_apply(patch->arena, hunk.before, inner, count);
    hunk.first = source_place(patch->sources, patch->file, start).line - 1;
    trim(&hunk);
    if (hunk.lines == 0 && hunk.nafter == 0)
        return;
    ARRAY_GROW(patch->arena, patch->hunks, patch->count, patch->capacity);
    patch->hunks[patch->count++] = hunk;
}

static void add_lines(Buffer *out, char mark, Text lines)
{
    while (lines.len) {
        Text line = text_slice(lines, 0, line_end(lines, 0));

        buffer_add_byte(out, mark);
        buffer_add(out, line);
        if (line.at[line.len - 1] != '\n')
            buffer_add(out, TEXT("\n\\ No newline at end of file\n"));
        lines = text_from(lines, line.len);
    }
}

static uint32_t lines_before(Text bytes, uint32_t at, uint32_t count)
{
    for (; count && at; count--)
        at = line_start(bytes, at - 1);
    return at;
}

static uint32_t lines_after(Text bytes, uint32_t at, uint32_t count)
{
    for (; count && at < bytes.len; count--)
        at = line_end(bytes, at);
    return at;
}

static void add_range(Buffer *out, char mark, uint32_t first, uint32_t lines)
{
    /* Of no line at all the one before is named. */
    buffer_format(out, "%c%" PRIu32, mark, lines ? first + 1 : first);
    if (lines != 1)
        buffer_format(out, ",%" PRIu32, lines);
}

/* Changes whose surroundings meet are one hunk. `shift`: lines added before it. */
static bool add_hunk(const Patch *patch, uint32_t from, uint32_t until, int64_t *shift,
                     Buffer *out)
{
    const Hunk *first = &patch->hunks[from], *last = &patch->hunks[until - 1];
    uint32_t start = lines_before(patch->bytes, first->start, CONTEXT);
    uint32_t end = lines_after(patch->bytes, last->end, CONTEXT), at = start;
    uint32_t lead = count_lines(text_slice(patch->bytes, start, first->start));
    uint32_t lines = count_lines(text_slice(patch->bytes, start, end));
    int64_t grown = 0;

    if (span_has_secret(patch->sources, (Span){patch->file, start, end}))
        return false;
    for (uint32_t i = from; i < until; i++)
        grown += (int64_t)patch->hunks[i].nafter - (int64_t)patch->hunks[i].lines;
    buffer_add(out, TEXT("@@ "));
    add_range(out, '-', first->first - lead, lines);
    buffer_add_byte(out, ' ');
    add_range(out, '+', (uint32_t)(first->first - lead + *shift),
              (uint32_t)(lines + grown));
    buffer_add(out, TEXT(" @@\n"));
    for (uint32_t i = from; i < until; i++) {
        const Hunk *hunk = &patch->hunks[i];

        add_lines(out, ' ', text_slice(patch->bytes, at, hunk->start));
        add_lines(out, '-', hunk->before);
        add_lines(out, '+', hunk->after);
        at = hunk->end;
    }
    add_lines(out, ' ', text_slice(patch->bytes, at, end));
    *shift += grown;
    return true;
}

/* A name as git writes and reads it: in quotes where a byte would end it. */
static void add_name(Buffer *out, const char *mark, char side, Text path)
{
    bool quotes = false;

    for (size_t i = 0; i < path.len; i++)
        quotes |= (unsigned char)path.at[i] < 0x20 || path.at[i] == '"' ||
                  path.at[i] == '\\' || path.at[i] == 0x7F;
    buffer_format(out, "%s %s%c/", mark, quotes ? "\"" : "", side);
    for (size_t i = 0; i < path.len; i++) {
        unsigned char byte = (unsigned char)path.at[i];

        if (byte < 0x20 || byte == 0x7F)
            buffer_format(out, "\\%03o", byte);
        else if (byte == '"' || byte == '\\')
            buffer_format(out, "\\%c", byte);
        else
            buffer_add_byte(out, path.at[i]);
    }
    if (quotes)
        buffer_add_byte(out, '"');
    else if (text_find_byte(path, ' ') < path.len)
        buffer_add_byte(out, '\t'); /* what tells patch(1) where the name ends */
    buffer_add_byte(out, '\n');
}

bool edits_add_patch(Sources *sources, uint32_t file, const Edit *edits, uint32_t count,
                     Buffer *out)
{
    Patch patch = {.arena = out->arena, .sources = sources, .file = file};
    size_t len = out->len;
    int64_t shift = 0;

    patch.bytes = source_bytes(sources, file);
    for (uint32_t i = 0, j; i < count; i = j) {
        for (j = i + 1; j < count; j++) {
            Text between =
                text_slice(patch.bytes, edits[j - 1].span.end, edits[j].span.start);

            if (text_find_byte(between, '\n') < between.len)
                break;
        }
        add_change(&patch, &edits[i], j - i);
    }
    if (patch.count == 0)
        return true;
    add_name(out, "---", 'a', source_path(sources, file));
    add_name(out, "+++", 'b', source_path(sources, file));
    for (uint32_t i = 0, j; i < patch.count; i = j) {
        for (j = i + 1; j < patch.count; j++) {
            if (patch.hunks[j].first >
                patch.hunks[j - 1].first + patch.hunks[j - 1].lines + 2 * CONTEXT)
                break;
        }
        if (!add_hunk(&patch, i, j, &shift, out)) {
            out->len = len;
            return false;
        }
    }
    return true;
}
