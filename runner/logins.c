#include "logins.h"

#include "base/server_key.h"
#include "ecr.h"
#include "pin.h"
#include "plan/plan_read.h"
#include "secrets.h"

typedef struct Reader {
    Run *run;
    char *const *environment;
    Login *login; /* the one that is read */
} Reader;

static void fail(Reader *reader, Status status)
{
    Login *login = reader->login;

    login->result = LOGIN_REFUSED;
    if (login->status != STATUS_REFUSED) /* which is the graver one */
        login->status = status;
}

static void lack(Reader *reader, Text name, const char *problem)
{
    Login *login = reader->login;

    run_complain(reader->run, "%.*s: %.*s %s", TEXT_ARG(login->step->registry),
                 TEXT_ARG(name), problem);
    if (login->because.len == 0) {
        login->because =
            arena_format(reader->run->arena, "%.*s %s", TEXT_ARG(name), problem);
        login->fault = text_equal(name, login->server_env) ? TEXT("server")
                       : text_equal(name, login->user_env) ? TEXT("user")
                                                           : TEXT("password");
    }
    fail(reader, STATUS_SECRET);
}

static void say_trimmed(Reader *reader, Text name, bool trimmed)
{
    if (trimmed)
        run_complain(reader->run, "note: %.*s ends with a line end, which was cut off",
                     TEXT_ARG(name));
}

/* Whether the step's SERVER may be used; a step without one is pinned by the plan. */
static void check_server(Reader *reader, Text name)
{
    Run *run = reader->run;
    const PlanStep *step = reader->login->step;
    Text value, host, problem;
    bool trimmed;

    if (name.len == 0)
        return;
    if (!secret_find(reader->environment, name, &value)) {
        lack(reader, name, "is not set");
        return;
    }
    value = secret_without_line_end(value, &trimmed);
    switch (pin_compare(run->arena, value, step->server_expect, &host, &problem)) {
    case PIN_EQUAL:
        say_trimmed(reader, name, trimmed);
        break;
    case PIN_INVALID:
        lack(reader, name,
             arena_format(run->arena, "names no server: %.*s", TEXT_ARG(problem)).at);
        break;
    case PIN_DIFFERENT:
        run_complain(run,
                     "%.*s: %.*s names %.*s, and the plan expects %.*s (%.*s); nothing "
                     "was sent to either",
                     TEXT_ARG(step->registry), TEXT_ARG(name), TEXT_ARG(host),
                     TEXT_ARG(step->server_expect), TEXT_ARG(problem));
        reader->login->because =
            arena_format(run->arena, "%.*s names %.*s, and the plan expects %.*s",
                         TEXT_ARG(name), TEXT_ARG(host), TEXT_ARG(step->server_expect));
        reader->login->fault = TEXT("server");
        fail(reader, STATUS_REFUSED);
        break;
    }
}

static void name_after(Reader *reader, Text identifier)
{
    Arena *arena = reader->run->arena;

    reader->login->server_env = plan_variable(arena, identifier, "SERVER");
    reader->login->user_env = plan_variable(arena, identifier, "USER");
    reader->login->password_env = plan_variable(arena, identifier, "PASSWORD");
}

/* Of the candidates the first whose SERVER is the one expected. What the others name is
 * their own business; but when none fits, what they name is said. */
static bool choose(Reader *reader)
{
    const PlanStep *step = reader->login->step;
    Arena *arena = reader->run->arena;
    Text value, host, problem;
    bool trimmed, any = false;

    for (uint32_t i = 0; i < step->ncandidates; i++) {
        name_after(reader, step->candidates[i]);
        if (!secret_find(reader->environment, reader->login->server_env, &value))
            continue;
        any = true;
        value = secret_without_line_end(value, &trimmed);
        if (pin_compare(arena, value, step->server_expect, &host, &problem) ==
            PIN_EQUAL)
            return true;
    }
    for (uint32_t i = 0; i < step->ncandidates; i++) {
        name_after(reader, step->candidates[i]);
        if (!any)
            lack(reader, reader->login->server_env,
                 "is not set, nor is any other candidate's");
        else if (secret_find(reader->environment, reader->login->server_env, &value))
            check_server(reader, reader->login->server_env);
    }
    return false;
}

static void read_secrets(Reader *reader)
{
    Arena *arena = reader->run->arena;
    Login *login = reader->login;
    const char *problem = NULL;
    Text user = {0}, password = {0};
    bool trimmed, has_user, has_password, of_user;

    has_user = secret_find(reader->environment, login->user_env, &user);
    has_password = secret_find(reader->environment, login->password_env, &password);
    if (!has_user)
        lack(reader, login->user_env, "is not set");
    else if (!secret_check_user(user, &user, &trimmed, &problem))
        lack(reader, login->user_env, problem);
    else
        say_trimmed(reader, login->user_env, trimmed);
    if (!has_password)
        lack(reader, login->password_env, "is not set");
    else if (!secret_check_password(arena, user, password, &password, &trimmed,
                                    &problem))
        lack(reader, login->password_env, problem);
    else
        say_trimmed(reader, login->password_env, trimmed);
    if (!has_user || !has_password)
        return;
    /* What may be shown is known before the server's message is. */
    login->user = secret_copy(arena, user);
    login->password = secret_copy(arena, password);
    redact_learn(&reader->run->redaction, login->user, login->password);
    problem = ecr_problem(reader->run->arena, login, &of_user);
    if (problem)
        lack(reader, of_user ? login->user_env : login->password_env, problem);
}

static bool is_wanted(const Run *run, Text host)
{
    uint32_t i = 0;

    while (i < run->options.nonly && !text_equal(run->options.only[i], host))
        i++;
    return run->options.nonly == 0 || i < run->options.nonly;
}

Logins logins_of(Run *run, const Plan *plan)
{
    Logins logins = {ARENA_ARRAY(run->arena, plan->nsteps, Login), 0};

    for (uint32_t i = 0; i < plan->nsteps; i++) {
        const PlanStep *step = &plan->steps[i];
        ServerKey key = {0};
        Text ignored;

        (void)server_key_read(run->arena, step->server_expect, &key, &ignored);
        if (!is_wanted(run, key.host))
            continue;
        logins.items[logins.count++] = (Login){.step = step,
                                               .number = i + 1,
                                               .host = key.host,
                                               .key = key.key,
                                               .server_env = step->server_env,
                                               .user_env = step->username_env,
                                               .password_env = step->password_env};
    }
    return logins;
}

Status logins_read(Run *run, const Plan *plan, char *const *environment, Logins logins)
{
    Reader reader = {.run = run, .environment = environment};
    Status status = STATUS_OK;

    for (uint32_t i = 0; i < logins.count; i++) {
        reader.login = &logins.items[i];
        if (!reader.login->step->ncandidates || choose(&reader)) {
            read_secrets(&reader);
            if (!reader.login->step->ncandidates)
                check_server(&reader, reader.login->server_env);
        }
        if (reader.login->status == STATUS_REFUSED || status == STATUS_OK)
            status = reader.login->status;
    }
    secrets_wipe(environment, plan);
    return status;
}

Status login_obtain(Run *run, Login *login, int64_t deadline)
{
    return login->step->method == METHOD_ECR_EXCHANGE
               ? ecr_exchange(run, login, deadline)
               : STATUS_OK;
}
