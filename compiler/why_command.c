/* `berth why`. */
#include "commands.h"
#include "why_answer.h"

void command_why(Answer *answer)
{
    static const char *const names[] = {"text", "json", NULL};
    Compilation *cc = answer->cc;
    WhyQuestion question = {cc->asked_configuration, cc->asked_repository,
                            cc->asked_reference, TEXT("create")};
    WhyAnswer found;
    Verdict verdict;
    Buffer out = {.arena = answer->arena};
    Text name, file;

    if (!answer_one_format(answer, names, &name, &file))
        return;
    if (answer->options->phase.len)
        question.phase = answer->options->phase;
    answer_set_terminal(answer, &cc->report, file);
    if (!verdict_find(&cc->report, &question, &verdict)) {
        answer_fail(answer, EXIT_INCOMPLETE,
                    arena_format(answer->arena,
                                 "there is no verdict on %.*s in the phase %.*s; it is "
                                 "judged there only when a configuration pulls it",
                                 TEXT_ARG(question.reference),
                                 TEXT_ARG(question.phase)));
        return;
    }
    if (!why_answer(cc, answer->arena, &verdict, &found)) {
        answer_say_errors(answer);
        answer_worsen(answer, EXIT_UNUSABLE);
        return;
    }
    if (cc->is_incomplete)
        answer_worsen(answer, EXIT_INCOMPLETE);
    (text_equal(name, TEXT("json")) ? why_json : why_text)(&cc->report, &question,
                                                           &found, &out);
    answer_write(answer, file, buffer_text(&out));
}
