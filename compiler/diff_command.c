#include "commands.h"

#include "report/access.h"

/* The old state, as the command line's first directory; the new one is compiled. */
static bool compile_old(Answer *answer, CompileOptions *options, Compilation *old)
{
    options->path = answer->options->arguments[0];
    *old = (Compilation){.options = options, .arena = arena_scratch(answer->arena)};
    if (!arena_run(old->arena, compile, old)) {
        answer_fail(answer, EXIT_INCOMPLETE,
                    TEXT("the old state needs too much memory and was not compared"));
        return false;
    }
    if (old->failed) {
        answer_fail(answer, EXIT_UNUSABLE,
                    arena_format(answer->arena, "%.*s %s", TEXT_ARG(options->path),
                                 old->failed));
        return false;
    }
    compile_report(old, answer->arena);
    Answer said = {answer->options, old, NULL, answer->arena, EXIT_CLEAN};
    answer_say_errors(&said);
    if (old->is_unusable)
        answer_worsen(answer, EXIT_UNUSABLE);
    else if (old->is_incomplete)
        answer_worsen(answer, EXIT_INCOMPLETE);
    return !old->is_unusable;
}

void command_diff(Answer *answer)
{
    static const char *const names[] = {"text", "json", NULL};
    Compilation *now = answer->cc;
    CompileOptions options = *now->options;
    Buffer out = {.arena = answer->arena};
    Text name, file, problem;
    AccessDiff diff;
    Compilation old;

    if (!answer_one_format(answer, names, &name, &file) ||
        !compile_old(answer, &options, &old))
        return;
    AccessSide before = {&old.report, old.database};
    AccessSide after = {&now->report, now->database};
    answer_set_terminal(answer, &now->report, file);
    if (!access_diff(&before, &after, false, now->diags, &diff, &problem)) {
        answer_fail(answer, EXIT_INCOMPLETE, problem);
        return;
    }
    if (text_equal(name, TEXT("json")))
        access_diff_json(&diff, &old.report, &now->report, &out);
    else
        access_diff_text(&diff, &old.report, options.path, &now->report,
                         now->options->path, &out);
    answer_write(answer, file, buffer_text(&out));
    if (diff.count && answer->options->exit_code)
        answer_worsen(answer, EXIT_FINDINGS);
}
