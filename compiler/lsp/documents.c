#include "lsp/documents.h"

#include <string.h>

/* Room for one text: a change never makes more than the old one and the new part. */
static const size_t text_memory = (size_t)2 * FILE_BYTES_MAX + (128u << 20);
static const size_t names_memory = (size_t)256 << 20;

/* The first whose path is not before this one. */
static uint32_t find(const Documents *documents, Text path)
{
    uint32_t low = 0, high = documents->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (text_compare(documents->items[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

Document *documents_find(Documents *documents, Text path)
{
    uint32_t at = find(documents, path);

    if (at < documents->count && text_equal(documents->items[at].path, path))
        return &documents->items[at];
    return NULL;
}

/* Without an arena, which the machine refused, the document is lost. */
static void lose(Document *document)
{
    arena_free(document->arena);
    document->arena = NULL;
    document->text = (Text){0};
    document->is_lost = true;
}

/* The text becomes what stands before `start`, `middle`, and what stands from `end`. */
static void replace(Document *document, uint32_t start, uint32_t end, Text middle)
{
    Text old = document->text;
    size_t len = start + middle.len + (old.len - end);
    Arena *arena = len <= FILE_BYTES_MAX ? arena_new(text_memory) : NULL;

    if (!arena) {
        lose(document);
        return;
    }
    char *text = arena_alloc(arena, len + 1, 1);
    if (start)
        memcpy(text, old.at, start);
    if (middle.len)
        memcpy(text + start, middle.at, middle.len);
    if (old.len - end)
        memcpy(text + start + middle.len, old.at + end, old.len - end);
    arena_free(document->arena);
    document->arena = arena;
    document->text = (Text){text, len};
    document->is_lost = false;
}

/* What a version is written as is all that is asked of it. */
static bool name(Document *document, Text uri, Text path, Text version)
{
    Arena *names = uri.len + path.len + version.len < names_memory / 2
                       ? arena_new(names_memory)
                       : NULL;

    if (!names)
        return false;
    uri = arena_copy(names, uri);
    path = arena_copy(names, path);
    document->version = arena_copy(names, version);
    document->uri = uri;
    document->path = path;
    arena_free(document->names);
    document->names = names;
    return true;
}

/* All texts together stay below their limit. */
static bool fit(const Documents *documents)
{
    size_t bytes = 0;

    for (uint32_t i = 0; i < documents->count; i++)
        bytes += documents->items[i].text.len;
    return bytes <= DOCUMENTS_BYTES_MAX;
}

bool documents_open(Documents *documents, Text uri, Text path, Text version, Text text)
{
    Document *known = documents_find(documents, path);
    Document opened = {0};

    if (known)
        documents_close(documents, known);
    if (documents->count == DOCUMENTS_MAX || !name(&opened, uri, path, version))
        return false;
    opened.changes = ++documents->changes;
    replace(&opened, 0, 0, text);
    uint32_t at = find(documents, path);
    memmove(&documents->items[at + 1], &documents->items[at],
            (documents->count - at) * sizeof(Document));
    documents->items[at] = opened;
    documents->count++;
    if (!fit(documents))
        lose(&documents->items[at]);
    return true;
}

void documents_close(Documents *documents, Document *document)
{
    uint32_t at = (uint32_t)(document - documents->items);

    arena_free(document->arena);
    arena_free(document->names);
    documents->count--;
    memmove(document, document + 1, (documents->count - at) * sizeof(Document));
}

/* change = { "range"?: Range, "text": string }; without a range it is the whole text */
static const char *apply(Document *document, const Message *message, NodeId change,
                         Encoding encoding, uint64_t *work)
{
    NodeId ranged = message_find(message, change, "range");
    NodeId text = message_find(message, change, "text");
    uint32_t start = 0, end = (uint32_t)document->text.len;
    Range range;

    if (!tree_is_string(message->tree, text))
        return "a change has no text";
    if (ranged.index) {
        if (!range_read(message, ranged, &range))
            return "the range of a change is not valid";
        if (document->is_lost)
            return "a part of a text changed that is not known";
        Arena *arena = arena_new(text_memory);
        if (!arena)
            return "out of memory";
        Lines lines = lines_of(arena, document->text, encoding, false);
        start = lines_offset(&lines, range.start);
        end = lines_offset(&lines, range.end);
        arena_free(arena);
    }
    *work += document->text.len + 1;
    if (*work > DOCUMENT_WORK_MAX)
        return "too much changed at once";
    replace(document, ranged.index ? start : 0, end, tree_string(message->tree, text));
    return document->is_lost ? "it is larger than 16 MiB" : NULL;
}

const char *documents_change(Documents *documents, Document *document,
                             const Message *message, NodeId changes, Text version,
                             Encoding encoding)
{
    const char *problem = NULL;
    uint64_t work = 0;

    if (tree_kind(message->tree, changes) != NODE_ARRAY)
        problem = "a change of it is not valid";
    for (NodeId at = tree_first(message->tree, changes); at.index && !problem;
         at = tree_next(message->tree, at))
        problem = apply(document, message, at, encoding, &work);
    if (!name(document, document->uri, document->path, version))
        problem = "out of memory";
    if (!problem && !fit(documents))
        problem = "the open files are larger than 256 MiB";
    document->changes = ++documents->changes;
    if (problem)
        lose(document);
    return problem;
}

OpenFile *documents_as_files(const Documents *documents, Arena *arena, uint32_t *count)
{
    OpenFile *files = ARENA_ARRAY(arena, documents->count, OpenFile);

    *count = 0;
    for (uint32_t i = 0; i < documents->count; i++) {
        const Document *document = &documents->items[i];

        if (!document->is_lost)
            files[(*count)++] = (OpenFile){arena_copy(arena, document->path),
                                           arena_copy(arena, document->text)};
    }
    return files;
}

void documents_end(Documents *documents)
{
    while (documents->count)
        documents_close(documents, &documents->items[documents->count - 1]);
}
