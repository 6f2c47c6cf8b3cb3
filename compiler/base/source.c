#include "base/source.h"

#include <assert.h>
#include <string.h>

#include "base/ignore.h"

/* Of a part of a file: its characters, and those of four bytes, which take two UTF-16
 * units. */
typedef struct Count {
    uint32_t characters, pairs;
} Count;

typedef struct File {
    Text path, bytes;
    uint32_t *lines; /* lines[i] = offset of the first byte of line i + 1 */
    uint32_t nlines;
    Count *marks;  /* marks[i] = what stands before byte i * MARK_BYTES */
    Span *secrets; /* by start */
    uint32_t nsecrets, secrets_capacity;
} File;

/* Bytes of a view, and those of the file that they stand for. */
typedef struct Piece {
    uint32_t start, end, from, to;
} Piece;

typedef struct View {
    File file;
    uint32_t origin;
    Piece *pieces; /* by start */
    uint32_t npieces;
} View;

enum { VIEW = 1u << 30 }; /* numbers from here on are those of views */

struct Sources {
    Arena *arena;
    File *files; /* files[0] is "no file" */
    uint32_t count, capacity;
    Span *sites; /* sites[0] is nowhere */
    uint32_t nsites, sites_capacity;
    uint32_t *slots; /* site ids by hash of the span; 0 is free */
    uint32_t nslots; /* a power of two, at least twice `nsites` */
    View *views;
    uint32_t nviews, views_capacity;
    Ignores *ignores;
};

Sources *sources_new(Arena *arena)
{
    Sources *sources = ARENA_NEW(arena, Sources);

    sources->arena = arena;
    sources->ignores = ignores_new(arena);
    ARRAY_GROW(arena, sources->files, 0, sources->capacity);
    sources->count = 1;
    ARRAY_GROW(arena, sources->sites, 0, sources->sites_capacity);
    sources->nsites = 1;
    sources->nslots = 1024;
    sources->slots = ARENA_ARRAY(arena, sources->nslots, uint32_t);
    return sources;
}

Sources *sources_fork(Arena *arena, const Sources *sources)
{
    Sources *fork = ARENA_NEW(arena, Sources);

    *fork = *sources;
    fork->arena = arena;
    fork->ignores = ignores_new(arena);
    fork->files =
        arena_copy_items(arena, sources->files, sources->capacity, sizeof(File));
    fork->sites =
        arena_copy_items(arena, sources->sites, sources->sites_capacity, sizeof(Span));
    fork->slots =
        arena_copy_items(arena, sources->slots, sources->nslots, sizeof(uint32_t));
    for (uint32_t i = 0; i < fork->count; i++)
        fork->files[i] =
            (File){.path = fork->files[i].path, .bytes = fork->files[i].bytes};
    sources_drop_views(fork);
    return fork;
}

uint32_t sources_add(Sources *sources, Text path, Text bytes)
{
    assert(bytes.len < UINT32_MAX && sources->count < VIEW);
    ARRAY_GROW(sources->arena, sources->files, sources->count, sources->capacity);
    sources->files[sources->count] = (File){.path = path, .bytes = bytes};
    return sources->count++;
}

uint32_t sources_count(const Sources *sources)
{
    return sources->count - 1;
}

static File *file_get(const Sources *sources, uint32_t file)
{
    if (file >= VIEW) {
        assert(file - VIEW < sources->nviews);
        return &sources->views[file - VIEW].file;
    }
    assert(file < sources->count);
    return &sources->files[file];
}

Text source_path(const Sources *sources, uint32_t file)
{
    return file_get(sources, file)->path;
}

Text source_bytes(const Sources *sources, uint32_t file)
{
    return file_get(sources, file)->bytes;
}

Text span_bytes(const Sources *sources, Span span)
{
    return text_slice(source_bytes(sources, span.file), span.start, span.end);
}

static void index_lines(Sources *sources, File *file)
{
    const Text bytes = file->bytes;
    uint32_t capacity = 0;

    ARRAY_GROW(sources->arena, file->lines, file->nlines, capacity);
    file->lines[file->nlines++] = 0;
    for (size_t at = 0;
         (at += text_find_byte(text_from(bytes, at), '\n')) < bytes.len;) {
        ARRAY_GROW(sources->arena, file->lines, file->nlines, capacity);
        file->lines[file->nlines++] = (uint32_t)++at;
    }
}

static File *file_with_lines(Sources *sources, uint32_t number)
{
    File *file = file_get(sources, number);

    if (!file->lines)
        index_lines(sources, file);
    return file;
}

uint32_t source_line_count(Sources *sources, uint32_t file)
{
    return file_with_lines(sources, file)->nlines;
}

static uint32_t bom_bytes(const File *file)
{
    return text_starts_with(file->bytes, TEXT("\xEF\xBB\xBF")) ? 3 : 0;
}

static Count count_add(Count count, const File *file, uint32_t start, uint32_t end)
{
    for (uint32_t i = start; i < end; i++) {
        unsigned char byte = (unsigned char)file->bytes.at[i];

        count.characters += (byte & 0xC0) != 0x80;
        count.pairs += byte >= 0xF0 && byte <= 0xF4;
    }
    return count;
}

enum { MARK_BYTES = 1024 };

static Count count_before(const File *file, uint32_t offset)
{
    uint32_t mark = offset / MARK_BYTES;

    return count_add(file->marks[mark], file, mark * MARK_BYTES, offset);
}

static void mark_characters(Sources *sources, File *file)
{
    uint32_t count = (uint32_t)(file->bytes.len / MARK_BYTES) + 1;

    file->marks = ARENA_ARRAY(sources->arena, count, Count);
    for (uint32_t i = 1; i < count; i++)
        file->marks[i] =
            count_add(file->marks[i - 1], file, (i - 1) * MARK_BYTES, i * MARK_BYTES);
}

/* Of a long line not every character is counted for each place in it. */
static Count count_between(Sources *sources, File *file, uint32_t start, uint32_t end)
{
    if (end <= start)
        return (Count){0};
    if (end - start <= MARK_BYTES)
        return count_add((Count){0}, file, start, end);
    if (!file->marks)
        mark_characters(sources, file);
    Count before = count_before(file, start), until = count_before(file, end);

    return (Count){until.characters - before.characters, until.pairs - before.pairs};
}

/* The line of an offset, and what stands before it there. */
static uint32_t line_of(Sources *sources, uint32_t number, uint32_t offset,
                        Count *before)
{
    File *file = file_with_lines(sources, number);
    uint32_t low = 0, high = file->nlines;

    if (offset > file->bytes.len)
        offset = (uint32_t)file->bytes.len;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (file->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    uint32_t start = low ? file->lines[low] : bom_bytes(file);
    *before = count_between(sources, file, start, offset);
    return low + 1;
}

Place source_place(Sources *sources, uint32_t file, uint32_t offset)
{
    Count before;
    uint32_t line = line_of(sources, file, offset, &before);

    return (Place){line, before.characters + 1};
}

Place source_place_utf16(Sources *sources, uint32_t file, uint32_t offset)
{
    Count before;
    uint32_t line = line_of(sources, file, offset, &before);

    return (Place){line, before.characters + before.pairs + 1};
}

Text source_line(Sources *sources, uint32_t number, uint32_t line, uint32_t *start)
{
    const File *file = file_with_lines(sources, number);

    assert(line >= 1 && line <= file->nlines);
    *start = line == 1 ? bom_bytes(file) : file->lines[line - 1];
    Text bytes = text_slice(file->bytes, *start,
                            line < file->nlines ? file->lines[line] : file->bytes.len);

    if (text_ends_with(bytes, TEXT("\n")))
        bytes.len--;
    if (text_ends_with(bytes, TEXT("\r")))
        bytes.len--;
    return bytes;
}

/* --- views --- */

uint32_t sources_add_view(Sources *sources, Arena *arena, uint32_t file,
                          const Replacement *replacements, uint32_t count)
{
    View view = {.origin = file, .npieces = count};
    Text bytes = source_bytes(sources, file);
    Buffer out = {.arena = arena};
    uint32_t at = 0;

    view.pieces = ARENA_ARRAY(arena, count, Piece);
    for (uint32_t i = 0; i < count; i++) {
        const Replacement *replacement = &replacements[i];

        assert(replacement->start >= at && replacement->end >= replacement->start);
        buffer_add(&out, text_slice(bytes, at, replacement->start));
        view.pieces[i] = (Piece){.start = (uint32_t)out.len,
                                 .from = replacement->start,
                                 .to = replacement->end};
        buffer_add(&out, replacement->value);
        view.pieces[i].end = (uint32_t)out.len;
        at = replacement->end;
    }
    buffer_add(&out, text_from(bytes, at));
    assert(out.len < UINT32_MAX);
    view.file = (File){.path = source_path(sources, file), .bytes = buffer_text(&out)};
    ARRAY_GROW(arena, sources->views, sources->nviews, sources->views_capacity);
    sources->views[sources->nviews] = view;
    return VIEW + sources->nviews++;
}

void sources_drop_views(Sources *sources)
{
    sources->views = NULL;
    sources->nviews = sources->views_capacity = 0;
}

/* The last piece that starts at or before `offset`; NULL when none does. */
static const Piece *piece_before(const View *view, uint32_t offset)
{
    uint32_t low = 0, high = view->npieces;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (view->pieces[middle].start <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &view->pieces[low - 1] : NULL;
}

Span span_origin(const Sources *sources, Span span)
{
    if (span.file < VIEW)
        return span;
    const View *view = &sources->views[span.file - VIEW];
    uint32_t last = span.end > span.start ? span.end - 1 : span.start;
    const Piece *first = piece_before(view, span.start);
    const Piece *behind = piece_before(view, last);
    Span origin = {view->origin, span.start, span.end};

    if (first)
        origin.start = span.start < first->end ? first->from
                                               : first->to + (span.start - first->end);
    if (behind)
        origin.end =
            last < behind->end ? behind->to : behind->to + (span.end - behind->end);
    return origin;
}

/* --- sites --- */

static bool span_equal(Span left, Span right)
{
    return left.file == right.file && left.start == right.start &&
           left.end == right.end;
}

static uint32_t *site_slot(const Sources *sources, Span span)
{
    uint32_t mask = sources->nslots - 1;
    uint64_t hash =
        ((uint64_t)span.file << 40) ^ ((uint64_t)span.start << 16) ^ span.end;

    hash *= 0x9E3779B97F4A7C15u; /* Fibonacci hashing: spreads the low bits upwards */
    for (uint32_t i = (uint32_t)(hash >> 32) & mask;; i = (i + 1) & mask) {
        uint32_t id = sources->slots[i];

        if (id == 0 || span_equal(sources->sites[id], span))
            return &sources->slots[i];
    }
}

Site site_intern(Sources *sources, Span span)
{
    if (span.file == 0)
        return (Site){0};
    span = span_origin(sources, span);
    uint32_t *slot = site_slot(sources, span);

    if (*slot)
        return (Site){*slot};
    uint32_t id = *slot = sources->nsites;
    ARRAY_GROW(sources->arena, sources->sites, sources->nsites,
               sources->sites_capacity);
    sources->sites[sources->nsites++] = span;
    if (sources->nsites > sources->nslots / 2) {
        sources->nslots *= 2;
        sources->slots = ARENA_ARRAY(sources->arena, sources->nslots, uint32_t);
        for (uint32_t i = 1; i < sources->nsites; i++)
            *site_slot(sources, sources->sites[i]) = i;
    }
    return (Site){id};
}

Span site_span(const Sources *sources, Site site)
{
    assert(site.id < sources->nsites);
    return sources->sites[site.id];
}

uint32_t sites_count(const Sources *sources)
{
    return sources->nsites;
}

void source_mark_secret(Sources *sources, Span span)
{
    span = span_origin(sources, span);
    File *file = file_get(sources, span.file);
    uint32_t at = file->nsecrets;

    if (span.start >= span.end)
        return;
    ARRAY_GROW(sources->arena, file->secrets, file->nsecrets, file->secrets_capacity);
    while (at > 0 && file->secrets[at - 1].start > span.start)
        at--;
    memmove(file->secrets + at + 1, file->secrets + at,
            (file->nsecrets - at) * sizeof(Span));
    file->secrets[at] = span;
    file->nsecrets++;
}

void source_add_shown(const Sources *sources, Buffer *buffer, Span span)
{
    const File *file = file_get(sources, span.file);
    uint32_t at = span.start;

    for (uint32_t i = 0; i < file->nsecrets && file->secrets[i].start < span.end; i++) {
        Span secret = file->secrets[i];

        if (secret.end <= at)
            continue;
        if (secret.start > at)
            buffer_add(buffer, text_slice(file->bytes, at, secret.start));
        buffer_add(buffer, TEXT("•••"));
        at = secret.end;
    }
    if (at < span.end)
        buffer_add(buffer, text_slice(file->bytes, at, span.end));
}

bool span_has_secret(const Sources *sources, Span span)
{
    const File *file = file_get(sources, span.file);

    for (uint32_t i = 0; i < file->nsecrets; i++) {
        if (file->secrets[i].start < span.end && file->secrets[i].end > span.start)
            return true;
    }
    return false;
}

/* --- comments --- */

Ignores *sources_ignores(const Sources *sources)
{
    return sources->ignores;
}
