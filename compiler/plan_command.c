#include "commands.h"
#include "plan/plan_json.h"
#include "plan/plan_make.h"
#include "plan/plan_shell.h"
#include "report/text.h"

/* The configuration to plan: the chosen one, or the only one, or the one that a
 * codespace takes when nobody chooses. NULL: it was said why. */
static const uint32_t *planned_configuration(Answer *answer)
{
    const Rows *rows = &answer->cc->facts->rows[REL_configuration];
    const Symbols *symbols = answer->cc->symbols;
    const uint32_t *chosen = NULL, *usual = NULL;
    uint32_t count = 0, repo = 0;
    bool several_repositories = false;

    for (uint32_t i = 0; i < rows->count; i += rows->arity) {
        const uint32_t *row = &rows->cells[i];
        Text path = symbol_text(symbols, (Symbol){row[3]});

        several_repositories |= count && row[2] != repo;
        repo = row[2];
        count++;
        chosen = row;
        if (text_equal(path, TEXT(".devcontainer/devcontainer.json")) ||
            (!usual && text_equal(path, TEXT(".devcontainer.json"))))
            usual = row;
    }
    if (count == 0)
        say(TEXT("no configuration to plan for; expected a devcontainer.json"));
    else if (several_repositories)
        say(TEXT("several repositories; choose one with --repository OWNER/NAME"));
    else if (count > 1 && !usual)
        say(TEXT("several configurations; choose one with --configuration FILE"));
    else
        return usual ? usual : chosen;
    answer->status = EXIT_UNUSABLE;
    return NULL;
}

/* Both places, so that one of them can be changed. */
static void say_conflict(const Answer *answer, const PlanConflict *conflict)
{
    Buffer text = {.arena = answer->arena};

    buffer_add(&text, TEXT("conflict: "));
    for (uint32_t i = 0; i < conflict->nrivals; i++) {
        const PlanRival *rival = &conflict->rivals[i];
        Span at = site_span(answer->cc->sources, rival->at);

        buffer_format(&text, "%s%.*s of the %.*s %.*s (%.*s)", i ? " and " : "",
                      TEXT_ARG(rival->identifier), TEXT_ARG(rival->level),
                      TEXT_ARG(rival->owner),
                      TEXT_ARG(place_text(&answer->cc->report, at)));
    }
    buffer_format(&text, " are for %.*s, and which of them logs in is not known (%.*s)",
                  TEXT_ARG(conflict->registry), TEXT_ARG(conflict->rule));
    say(buffer_text(&text));
}

/* What stands in the way of the whole plan; false: nothing. */
static bool say_obstacles(const Answer *answer, const Plan *plan)
{
    for (uint32_t i = 0; i < plan->nblocked; i++)
        say(arena_format(answer->arena, "blocked: %.*s cannot be pulled (%.*s)",
                         TEXT_ARG(plan->blocked[i].image),
                         TEXT_ARG(plan->blocked[i].rule)));
    for (uint32_t i = 0; i < plan->nconflicts; i++)
        say_conflict(answer, &plan->conflicts[i]);
    return plan->nblocked || plan->nconflicts;
}

static const Plan *make_plan(const Answer *answer, const uint32_t *row)
{
    const Compilation *cc = answer->cc;
    const Options *options = answer->options;
    PlanQuestion question = {
        .program = cc->program,
        .database = cc->database,
        .symbols = cc->symbols,
        .config = {row[1]},
        .repository = symbol_text(cc->symbols, (Symbol){row[2]}),
        .configuration = symbol_text(cc->symbols, (Symbol){row[3]}),
        .phase = options->phase.len ? options->phase : TEXT("create"),
        .target = options->target.len ? options->target : TEXT("codespaces")};

    return plan_make(answer->arena, &question);
}

void command_plan(Answer *answer)
{
    static const char *const names[] = {"json", "env", "shell", NULL};
    Buffer out = {.arena = answer->arena};
    Text name, file;

    if (!answer_one_format(answer, names, &name, &file))
        return;
    if (answer->cc->is_cut_off) {
        answer_fail(answer, EXIT_INCOMPLETE,
                    TEXT("no plan was written, since the rules met a limit"));
        return;
    }
    const uint32_t *row = planned_configuration(answer);
    if (!row)
        return;
    const Plan *plan = make_plan(answer, row);
    if (say_obstacles(answer, plan) && !answer->options->allow_blocked) {
        say(TEXT("no plan was written; --allow-blocked writes it for the rest"));
        answer_worsen(answer, EXIT_FINDINGS);
        return;
    }
    if (text_equal(name, TEXT("env")))
        plan_env(plan, &out);
    else if (text_equal(name, TEXT("shell")))
        plan_commands(plan, &out);
    else
        plan_json(plan, &answer->cc->report, &out);
    answer_write(answer, file, buffer_text(&out));
}
