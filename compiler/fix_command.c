#include "fix_command.h"

#include <inttypes.h>

#include "base/rewrite.h"
#include "commands.h"
#include "fix/fix.h"

static Text path_of(const Answer *answer, uint32_t file)
{
    return source_path(answer->cc->sources, file);
}

static void say_left_file(Answer *answer, FixedFile *file, Text problem)
{
    Text path = path_of(answer, file->file);

    file->is_left = true;
    say(arena_format(answer->arena, "not fixed: %.*s %.*s", TEXT_ARG(path),
                     TEXT_ARG(problem)));
    answer_worsen(answer, EXIT_INCOMPLETE);
}

/* What is left for a second run, or for a person. */
static void say_left(Answer *answer, const Fixes *fixes)
{
    for (uint32_t i = 0; i < fixes->nsteps; i++) {
        const FixStep *step = &fixes->steps[i];
        Span span = step->finding->span;

        if (!step->refused)
            continue;
        if (span.file == 0) /* the finding is nowhere; its fix is not */
            span = (Span){step->file, 0, 0};
        Place place = source_place(answer->cc->sources, span.file, span.start);
        say(arena_format(answer->arena, "not fixed: %.*s:%" PRIu32 ": %.*s: %s",
                         TEXT_ARG(path_of(answer, span.file)), place.line,
                         TEXT_ARG(step->finding->rule->id), step->refused));
    }
}

static void say_count(Answer *answer, const char *done, const Fixes *fixes)
{
    uint32_t findings = fixes_count(fixes), files = 0;

    for (uint32_t i = 0; i < fixes->nfiles; i++)
        files += !fixes->files[i].is_left;
    say(arena_format(answer->arena, "%s %" PRIu32 " finding%s in %" PRIu32 " file%s",
                     done, findings, findings == 1 ? "" : "s", files,
                     files == 1 ? "" : "s"));
}

/* Of a policy that cannot be used, and of rules that were cut off, it is not known what
 * is needed. */
static bool is_known(const Compilation *cc)
{
    return cc->program && cc->database && !cc->is_unusable && !cc->is_cut_off;
}

static Fixes plan(const Answer *answer)
{
    return fixes_plan(fixer_new(&answer->cc->report), answer->options->fixes_all);
}

void fix_write(Answer *answer)
{
    Compilation *cc = answer->cc;
    Text problem;

    if (!is_known(cc)) {
        say(TEXT("nothing was fixed, since access cannot be judged"));
        return;
    }
    if (!check_collect(answer))
        return;
    Fixes fixes = plan(answer);
    for (uint32_t i = 0; i < fixes.nfiles; i++) {
        FixedFile *file = &fixes.files[i];

        if (!rewrite_file(answer->arena, cc->options->path, path_of(answer, file->file),
                          source_bytes(cc->sources, file->file), file->after, &problem))
            say_left_file(answer, file, problem);
    }
    say_left(answer, &fixes);
    say_count(answer, "fixed", &fixes);
}

void fix_print(Answer *answer)
{
    Compilation *cc = answer->cc;
    Buffer out = {.arena = answer->arena};
    Text problem;

    if (!is_known(cc)) {
        say(TEXT("there is no patch, since access cannot be judged"));
        return;
    }
    Fixes fixes = plan(answer);
    for (uint32_t i = 0; i < fixes.nfiles; i++) {
        FixedFile *file = &fixes.files[i];

        if (!rewrite_may(answer->arena, cc->options->path, path_of(answer, file->file),
                         &problem))
            say_left_file(answer, file, problem);
        else if (!edits_add_patch(cc->sources, file->file, file->edits, file->nedits,
                                  &out))
            say_left_file(answer, file,
                          TEXT("is left out, since its patch would show a secret; "
                               "--fix mends it"));
    }
    answer_write(answer, (Text){0}, buffer_text(&out));
    say_left(answer, &fixes);
    say_count(answer, "would fix", &fixes);
}
