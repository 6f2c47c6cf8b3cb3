#include "logins.h"

#include "base/server_key.h"
#include "pin.h"
#include "secrets.h"

typedef struct Names {
    Text server, user, password;
} Names;

typedef struct Reader {
    Run *run;
    char *const *environment;
    bool refused, lacking;
} Reader;

static void lack(Reader *reader, const PlanStep *step, Text name, const char *problem)
{
    run_complain(reader->run, "%.*s: %.*s %s", TEXT_ARG(step->registry), TEXT_ARG(name),
                 problem);
    reader->lacking = true;
}

static void say_trimmed(Reader *reader, Text name, bool trimmed)
{
    if (trimmed)
        run_complain(reader->run, "note: %.*s ends with a line end, which was cut off",
                     TEXT_ARG(name));
}

/* Whether the step's SERVER may be used; a step without one is pinned by the plan. */
static void check_server(Reader *reader, const PlanStep *step, Text name)
{
    Text value, host, problem;
    bool trimmed;

    if (name.len == 0)
        return;
    if (!secret_find(reader->environment, name, &value)) {
        lack(reader, step, name, "is not set");
        return;
    }
    value = secret_without_line_end(value, &trimmed);
    switch (
        pin_compare(reader->run->arena, value, step->server_expect, &host, &problem)) {
    case PIN_EQUAL:
        say_trimmed(reader, name, trimmed);
        break;
    case PIN_INVALID:
        run_complain(reader->run, "%.*s: %.*s names no server: %.*s",
                     TEXT_ARG(step->registry), TEXT_ARG(name), TEXT_ARG(problem));
        reader->lacking = true;
        break;
    case PIN_DIFFERENT:
        run_complain(reader->run,
                     "%.*s: %.*s names %.*s, and the plan expects %.*s (%.*s); nothing "
                     "was sent to either",
                     TEXT_ARG(step->registry), TEXT_ARG(name), TEXT_ARG(host),
                     TEXT_ARG(step->server_expect), TEXT_ARG(problem));
        reader->refused = true;
        break;
    }
}

/* Of the candidates the first whose SERVER is the one expected. What the others name is
 * their own business; but when none fits, what they name is said. */
static bool choose(Reader *reader, const PlanStep *step, Names *names)
{
    Arena *arena = reader->run->arena;
    Text value, host, problem;
    bool trimmed, any = false;

    for (uint32_t i = 0; i < step->ncandidates; i++) {
        Text server = secret_variable(arena, step->candidates[i], "SERVER");

        if (!secret_find(reader->environment, server, &value))
            continue;
        any = true;
        value = secret_without_line_end(value, &trimmed);
        if (pin_compare(arena, value, step->server_expect, &host, &problem) !=
            PIN_EQUAL)
            continue;
        *names = (Names){server, secret_variable(arena, step->candidates[i], "USER"),
                         secret_variable(arena, step->candidates[i], "PASSWORD")};
        return true;
    }
    for (uint32_t i = 0; i < step->ncandidates; i++) {
        Text server = secret_variable(arena, step->candidates[i], "SERVER");

        if (!any)
            lack(reader, step, server, "is not set, nor is any other candidate's");
        else if (secret_find(reader->environment, server, &value))
            check_server(reader, step, server);
    }
    return false;
}

static void check_ecr_user(Reader *reader, const PlanStep *step, Text name, Text user)
{
    if (step->method == METHOD_ECR_TOKEN && !text_equal(user, TEXT("AWS")))
        lack(reader, step, name, "is not AWS, as a token of ECR needs it");
}

static void read_step(Reader *reader, const PlanStep *step, Login *login)
{
    Names names = {step->server_env, step->username_env, step->password_env};
    Arena *arena = reader->run->arena;
    const char *problem = NULL;
    Text user = {0}, password = {0}, ignored;
    ServerKey key = {0};
    bool trimmed, has_user, has_password;

    if (step->ncandidates && !choose(reader, step, &names))
        return;
    has_user = secret_find(reader->environment, names.user, &user);
    has_password = secret_find(reader->environment, names.password, &password);
    if (!has_user)
        lack(reader, step, names.user, "is not set");
    else if (!secret_check_user(user, &user, &trimmed, &problem))
        lack(reader, step, names.user, problem);
    else
        say_trimmed(reader, names.user, trimmed);
    if (!has_password)
        lack(reader, step, names.password, "is not set");
    else if (!secret_check_password(arena, user, password, &password, &trimmed,
                                    &problem))
        lack(reader, step, names.password, problem);
    else
        say_trimmed(reader, names.password, trimmed);
    /* What may be shown is known before the server's message is. */
    if (has_user && has_password) {
        login->user = secret_copy(arena, user);
        login->password = secret_copy(arena, password);
        redact_learn(&reader->run->redaction, login->user, login->password);
        check_ecr_user(reader, step, names.user, user);
    }
    if (!step->ncandidates)
        check_server(reader, step, names.server);
    login->step = step;
    if (server_key_read(arena, step->server_expect, &key, &ignored)) {
        login->host = key.host;
        login->key = key.key;
    }
}

Status logins_read(Run *run, const Plan *plan, char *const *environment, Login **logins)
{
    Reader reader = {.run = run, .environment = environment};

    *logins = ARENA_ARRAY(run->arena, plan->nsteps, Login);
    for (uint32_t i = 0; i < plan->nsteps; i++)
        read_step(&reader, &plan->steps[i], &(*logins)[i]);
    secrets_wipe(environment, plan);
    return reader.refused ? STATUS_REFUSED : reader.lacking ? STATUS_SECRET : STATUS_OK;
}
