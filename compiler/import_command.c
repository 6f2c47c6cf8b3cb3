#include "import_command.h"

#include <stdio.h>

#include "answer.h"
#include "import/import.h"

enum { IMPORT_MEMORY_MIB = 4096 };

typedef struct Work {
    Answer answer;
    Buffer said; /* for standard error */
} Work;

/* Without the line itself: a dump may hold what nobody should see. */
static void add_diags(Work *work, Sources *sources, const Diags *diags)
{
    Buffer *out = &work->said;

    for (uint32_t i = 0; i < diags->count; i++) {
        const Diag *diag = &diags->items[i];
        Place place = source_place(sources, diag->span.file, diag->span.start);

        buffer_format(out, "error: %.*s\n --> %.*s:%u:%u\n", TEXT_ARG(diag->message),
                      TEXT_ARG(source_path(sources, diag->span.file)), place.line,
                      place.column);
    }
    if (diags->dropped)
        buffer_format(out, "error: %u more of these\n", diags->dropped);
    if (diags->count)
        answer_worsen(&work->answer, EXIT_INCOMPLETE);
}

static void write_result(Work *work, Import *import)
{
    Answer *answer = &work->answer;
    Buffer manifest = {.arena = answer->arena};

    import_add_manifest(import, &manifest);
    import_add_notes(import, &work->said);
    answer_write(answer, answer->options->output, buffer_text(&manifest));
    if (manifest.len <= FILE_BYTES_MAX)
        return;
    buffer_add(&work->said, TEXT("error: the manifest is larger than 16 MiB, which is "
                                 "more than berth reads; import in parts\n"));
    answer_worsen(answer, EXIT_INCOMPLETE);
}

/* In memory of its own, since the dumps may have taken what there was. */
static void show(Text said)
{
    Buffer shown = {.arena = arena_new((size_t)1 << 26)};

    if (!shown.arena)
        return;
    buffer_add_printable(&shown, said);
    if (shown.len)
        fwrite(shown.at, 1, shown.len, stderr);
    arena_free(shown.arena);
}

static void import_github(void *context)
{
    Work *work = context;
    Answer *answer = &work->answer;
    Arena *arena = answer->arena;
    Text directory = answer->options->arguments[1];
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    Import *import = import_new(arena, sources, diags);
    const char *problem;
    Files *files = files_open(arena, symbols_new(arena), sources, directory, &problem);

    if (!files) {
        answer_fail(answer, EXIT_UNUSABLE,
                    arena_format(arena, "%.*s %s", TEXT_ARG(directory), problem));
        return;
    }
    if (!import_directory(import, files))
        answer_worsen(answer, EXIT_INCOMPLETE);
    add_diags(work, sources, diags);
    if (import_count(import)) {
        write_result(work, import);
        return;
    }
    import_add_notes(import, &work->said);
    answer_fail(answer, EXIT_UNUSABLE,
                arena_format(arena,
                             "%.*s holds no dump; expected files as "
                             "orgs/ORG/packages.json, each an answer of the API",
                             TEXT_ARG(directory)));
}

int import_command(const Options *options)
{
    Work work = {.answer = {.options = options,
                            .arena = arena_new((size_t)IMPORT_MEMORY_MIB << 20)}};
    Answer *answer = &work.answer;

    if (!answer->arena) {
        say(TEXT("out of memory"));
        return EXIT_INCOMPLETE;
    }
    work.said.arena = answer->arena;
    if (!text_equal(options->arguments[0], TEXT("github")))
        answer_fail(answer, EXIT_UNUSABLE,
                    arena_format(answer->arena,
                                 "no import from '%.*s'; there is github",
                                 TEXT_ARG(options->arguments[0])));
    else if (!arena_run(answer->arena, import_github, &work))
        answer_fail(answer, EXIT_INCOMPLETE,
                    TEXT("the dumps need more than 4096 MiB; import in parts"));
    show(buffer_text(&work.said));
    arena_free(answer->arena);
    return answer->status;
}
