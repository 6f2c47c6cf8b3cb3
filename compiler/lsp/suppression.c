#include "lsp/suppression.h"

#include "base/ignore.h"
#include "base/path.h"
#include "syntax/dockerfile.h"
#include "syntax/dotenv.h"
#include "syntax/syntax.h"

/* A file is read once for each place that is tried. */
enum { TRIED_BYTES_MAX = 1 << 20, LINES_ABOVE_MAX = 32 };

const Text suppression_placeholder = TEXT_INIT("say here why this is meant to be so");

typedef enum FileKind {
    FILE_JSON,
    FILE_LOCK, /* JSON without comments */
    FILE_YAML,
    FILE_DOTENV,
    FILE_DOCKERFILE
} FileKind;

typedef struct Trial {
    Arena *arena, *scratch;
    FileKind kind;
    Text bytes, comment;
    uint32_t at;
} Trial;

/* What is none of the others can only be a Dockerfile. */
static FileKind kind_of(Text path)
{
    Text name = path_base(path);

    if (text_ends_with(name, TEXT("-lock.json")))
        return FILE_LOCK;
    if (text_ends_with(name, TEXT(".json")) || text_ends_with(name, TEXT(".jsonc")))
        return FILE_JSON;
    if (text_ends_with(name, TEXT(".yaml")) || text_ends_with(name, TEXT(".yml")))
        return FILE_YAML;
    if (text_starts_with(name, TEXT(".env")) || text_ends_with(name, TEXT(".env")))
        return FILE_DOTENV;
    return FILE_DOCKERFILE;
}

/* Values are of no matter here. */
static VariableState find_nothing(void *context, Text name, Text *value)
{
    (void)context;
    (void)name;
    (void)value;
    return VARIABLE_UNKNOWN;
}

static void read(FileKind kind, Arena *arena, Sources *sources, uint32_t file)
{
    Diags *diags = diags_new(arena);

    switch (kind) {
    case FILE_JSON:
        (void)jsonc_read(arena, sources, file, diags);
        return;
    case FILE_LOCK:
        return;
    case FILE_YAML:
        (void)yaml_read(arena, sources, file, diags);
        return;
    case FILE_DOTENV:
        dotenv_read(dotenv_new(arena), arena, sources, file,
                    (Variables){find_nothing, NULL}, diags);
        return;
    case FILE_DOCKERFILE:
        (void)dockerfile_read(arena, sources, file, diags);
        return;
    }
}

/* Whether the file with `text` at `at` has a comment there that covers the place. */
static bool covers(const Trial *trial, uint32_t at, Text text)
{
    Arena *arena = trial->scratch;
    Sources *sources = sources_new(arena);
    Buffer bytes = {.arena = arena};
    uint32_t count, place = trial->at < at ? trial->at : trial->at + (uint32_t)text.len;
    bool is_covered = false;

    buffer_add(&bytes, text_slice(trial->bytes, 0, at));
    buffer_add(&bytes, text);
    buffer_add(&bytes, text_from(trial->bytes, at));
    uint32_t file = sources_add(sources, TEXT("file"), buffer_text(&bytes));
    read(trial->kind, arena, sources, file);
    const Ignore *ignores = ignores_of(sources_ignores(sources), file, &count);
    for (uint32_t i = 0; i < count; i++) {
        const Ignore *ignore = &ignores[i];

        is_covered |= ignore->comment.start >= at &&
                      ignore->comment.end <= at + text.len &&
                      ignore->problem.len == 0 && ignore->covers.start <= place &&
                      ignore->covers.end > place;
    }
    arena_reset(arena);
    return is_covered;
}

static uint32_t line_start(Text bytes, uint32_t at)
{
    while (at > 0 && bytes.at[at - 1] != '\n')
        at--;
    return at == 0 && text_starts_with(bytes, TEXT("\xEF\xBB\xBF")) ? 3 : at;
}

static Text end_of_lines(Text bytes)
{
    size_t end = text_find_byte(bytes, '\n');

    return end < bytes.len && end > 0 && bytes.at[end - 1] == '\r' ? TEXT("\r\n")
                                                                   : TEXT("\n");
}

static bool try_above(const Trial *trial, uint32_t line, Insertion *insertion)
{
    uint32_t indent = line;

    while (indent < trial->bytes.len &&
           (trial->bytes.at[indent] == ' ' || trial->bytes.at[indent] == '\t'))
        indent++;
    /* Above a comment it could be above a directive, which then is none any more. */
    if (trial->kind == FILE_DOCKERFILE && indent < trial->bytes.len &&
        trial->bytes.at[indent] == '#')
        return false;
    Text blanks = text_slice(trial->bytes, line, indent);
    Text text =
        arena_format(trial->arena, "%.*s%.*s%.*s", TEXT_ARG(blanks),
                     TEXT_ARG(trial->comment), TEXT_ARG(end_of_lines(trial->bytes)));
    *insertion = (Insertion){line, text};
    return covers(trial, line, text);
}

static bool try_behind(const Trial *trial, uint32_t line, Insertion *insertion)
{
    Text rest = text_from(trial->bytes, line);
    uint32_t end = line + (uint32_t)text_find_byte(rest, '\n');

    if (end > line && trial->bytes.at[end - 1] == '\r')
        end--;
    Text text = arena_format(trial->arena, " %.*s", TEXT_ARG(trial->comment));
    *insertion = (Insertion){end, text};
    return covers(trial, end, text);
}

/* In the middle of something no comment can stand: then above what it is a part of. */
bool suppression_find(Arena *arena, Text path, Text bytes, Text rule, uint32_t at,
                      Insertion *insertion)
{
    Trial trial = {.arena = arena, .kind = kind_of(path), .bytes = bytes, .at = at};
    uint32_t line = line_start(bytes, at);

    if (bytes.len > TRIED_BYTES_MAX || trial.kind == FILE_LOCK ||
        text_equal(rule, TEXT("input/unused-suppression")))
        return false;
    trial.scratch = arena_scratch(arena);
    trial.comment = arena_format(arena, "%s berth: ignore[%.*s] %.*s",
                                 trial.kind == FILE_JSON ? "//" : "#", TEXT_ARG(rule),
                                 TEXT_ARG(suppression_placeholder));
    if (try_above(&trial, line, insertion) || try_behind(&trial, line, insertion))
        return true;
    for (int i = 0; i < LINES_ABOVE_MAX && line > 3; i++) {
        line = line_start(bytes, line - 1);
        if (try_above(&trial, line, insertion))
            return true;
    }
    return false;
}
