#include "plan_diff_command.h"

#include "answer.h"
#include "base/files.h"
#include "plan/plan_diff.h"
#include "plan/plan_read.h"

enum { PLAN_DIFF_MEMORY_MIB = 64 };

/* A plan is no file of a repository, and has a limit of its own. */
static const char *file_says(FileResult result)
{
    return result == FILE_TOO_LARGE ? "is larger than 1 MiB"
           : result == FILE_OUTSIDE ? "is a symbolic link; name the file itself"
                                    : file_result_says(result);
}

static bool read_plan(Answer *answer, Text path, Plan *plan)
{
    Arena *arena = answer->arena;
    Sources *sources = sources_new(arena);
    const Text *problems;
    const char *problem = NULL;
    Text directory = arena_copy(arena, path_parent(path));
    uint32_t file, nproblems;
    Files *files = files_open(arena, symbols_new(arena), sources, directory, &problem);
    FileResult result = FILE_MISSING;

    if (files) {
        files_allow(files, PLAN_BYTES_MAX);
        result = files_read(files, TEXT(""), path_base(path), &file);
    }
    if (!files || result != FILE_READ) {
        answer_fail(answer, EXIT_UNUSABLE,
                    arena_format(arena, "%.*s %s; expected a plan of berth plan",
                                 TEXT_ARG(path), files ? file_says(result) : problem));
        return false;
    }
    bool fine = plan_read_bytes(arena, path, source_bytes(sources, file), plan,
                                &problems, &nproblems);
    for (uint32_t i = 0; i < nproblems; i++)
        answer_fail(answer, EXIT_UNUSABLE, problems[i]);
    return fine;
}

static void compare(void *context)
{
    static const char *const names[] = {"text", "json", NULL};
    Answer *answer = context;
    const Options *options = answer->options;
    Buffer out = {.arena = answer->arena};
    Report look = {.arena = answer->arena};
    Plan before, now;
    Text name, file;

    if (!answer_one_format(answer, names, &name, &file))
        return;
    bool fine = read_plan(answer, options->arguments[0], &before);
    if (!read_plan(answer, options->arguments[1], &now) || !fine)
        return;
    const PlanDiff *diff = plan_diff(answer->arena, &before, &now);
    answer_set_terminal(answer, &look, file);
    if (text_equal(name, TEXT("json")))
        plan_diff_json(diff, &out);
    else
        plan_diff_text(diff, &look, &out);
    answer_write(answer, file, buffer_text(&out));
    if (diff->nredirects || (diff->nchanges && options->exit_code))
        answer_worsen(answer, EXIT_FINDINGS);
}

int plan_diff_command(const Options *options)
{
    Answer answer = {.options = options,
                     .arena = arena_new((size_t)PLAN_DIFF_MEMORY_MIB << 20),
                     .status = EXIT_CLEAN};

    if (!answer.arena || !arena_run(answer.arena, compare, &answer)) {
        say(TEXT("these plans need too much memory and were not compared"));
        answer.status = EXIT_INCOMPLETE;
    }
    arena_free(answer.arena);
    return answer.status;
}
