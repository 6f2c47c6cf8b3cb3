#include "report.h"

#include "base/json_out.h"
#include "cage.h"
#include "ecr.h"
#include "ecr_host.h"
#include "plan/plan_read.h"
#include "verify.h"

static const char *result_name(LoginResult result)
{
    switch (result) {
    case LOGIN_SKIPPED:
    case LOGIN_LEFT:
        return "skipped";
    case LOGIN_OK:
        return "ok";
    case LOGIN_UNVERIFIED:
        return "unverified";
    case LOGIN_DENIED:
        return "denied";
    case LOGIN_UNREACHABLE:
        return "unreachable";
    case LOGIN_REFUSED:
        return "refused";
    }
    return "";
}

void report_failure(Run *run, Logins logins, bool stored)
{
    for (uint32_t i = 0; i < logins.count; i++) {
        const Login *login = &logins.items[i];
        const char *says = "failed";

        if (login_is_good(login))
            says = stored ? "stored" : "verified, but not stored";
        else if (login->result == LOGIN_LEFT)
            says = "left as it was";
        else if (login->result == LOGIN_SKIPPED)
            says = "not tried";
        run_complain(run, "step %u, %.*s: %s", login->number, TEXT_ARG(login->host),
                     says);
    }
}

void report_stored(Run *run, Logins logins, Text where)
{
    for (uint32_t i = 0; i < logins.count; i++) {
        const Login *login = &logins.items[i];

        if (login->result == LOGIN_LEFT)
            run_say(run, "%.*s: left as it was: %.*s", TEXT_ARG(login->host),
                    TEXT_ARG(login->because));
        if (!login_is_good(login))
            continue;
        run_say(run, "%.*s: %s", TEXT_ARG(login->host),
                login->result == LOGIN_OK ? "logged in" : "stored, not verified");
        if (login->expires)
            run_say(run, "  until %.*s",
                    TEXT_ARG(ecr_time(run->arena, login->expires)));
        else if (login->step->expires_after)
            run_say(run, "  at most for %lld seconds",
                    (long long)login->step->expires_after);
    }
    run_say(run, "%.*s", TEXT_ARG(where));
}

void report_removed(Run *run, Logins logins)
{
    for (uint32_t i = 0; i < logins.count; i++) {
        const Login *login = &logins.items[i];

        if (login->result == LOGIN_REFUSED)
            run_complain(run, "%.*s: left as it is: %.*s", TEXT_ARG(login->host),
                         TEXT_ARG(login->because));
        else
            run_say(run, "%.*s: %.*s", TEXT_ARG(login->host), TEXT_ARG(login->because));
    }
}

void report_json(Run *run, Logins logins)
{
    for (uint32_t i = 0; i < logins.count && run->options.json; i++) {
        const Login *login = &logins.items[i];
        Buffer line = {.arena = run->arena};
        JsonOut json = {.out = &line, .compact = true};

        json_open_object(&json);
        json_member_number(&json, "id", login->number);
        json_member_text(&json, "server", login->host);
        json_member_text(&json, "key", login->key);
        json_member_text(&json, "result", text_of(result_name(login->result)));
        json_key(&json, "because");
        if (login->because.len)
            json_text(&json, login->because);
        else
            json_null(&json);
        json_key(&json, "fault");
        if (login->fault.len)
            json_text(&json, login->fault);
        else
            json_null(&json);
        json_member_bool(&json, "stored", login->is_stored);
        json_member_number(&json, "ms", login->ms);
        json_key(&json, "expires");
        if (login->step->expires_after)
            json_number(&json, login->step->expires_after);
        else
            json_null(&json);
        json_key(&json, "expires_at");
        if (login->expires)
            json_text(&json, ecr_time(run->arena, login->expires));
        else
            json_null(&json);
        json_close_object(&json);
        run_say_json(run, text_trim(buffer_text(&line)));
    }
}

static void describe_step(Run *run, const Login *login)
{
    const PlanStep *step = login->step;
    EcrHost ecr;
    Text problem;

    run_say(run, "step %u: %.*s (%.*s)", login->number, TEXT_ARG(step->registry),
            TEXT_ARG(plan_method_name(step->method)));
    for (uint32_t i = 0; i < step->ncandidates; i++)
        run_say(run, "  candidate %.*s_CONTAINER_REGISTRY_{SERVER,USER,PASSWORD}",
                TEXT_ARG(step->candidates[i]));
    if (step->ncandidates)
        run_say(run, "  the one whose server is %.*s", TEXT_ARG(step->server_expect));
    if (step->server_env.len)
        run_say(run, "  server    %.*s, which must be %.*s", TEXT_ARG(step->server_env),
                TEXT_ARG(step->server_expect));
    if (!step->ncandidates) {
        run_say(run, "  user      %.*s", TEXT_ARG(step->username_env));
        run_say(run, "  password  %.*s", TEXT_ARG(step->password_env));
    }
    run_say(run, "  stored as %.*s", TEXT_ARG(login->key));
    if (step->method == METHOD_ECR_EXCHANGE &&
        ecr_host_read(run->arena, login->host, &ecr, &problem))
        run_say(run, "  swapped for a token of %.*s", TEXT_ARG(ecr.api));
    else if (step->method == METHOD_ECR_EXCHANGE)
        run_say(run, "  cannot be swapped for a token: %.*s", TEXT_ARG(problem));
}

void report_dry_run(Run *run, const Plan *plan, Logins logins, const Client *client,
                    Text lacking, Text target)
{
    run_say(run, "plan for %.*s, %.*s (%.*s)", TEXT_ARG(plan->repository),
            TEXT_ARG(plan->configuration), TEXT_ARG(plan->target));
    for (uint32_t i = 0; i < logins.count; i++)
        describe_step(run, &logins.items[i]);
    if (lacking.len)
        run_say(run, "client: not found: %.*s", TEXT_ARG(lacking));
    else
        run_say(run, "client: %.*s",
                TEXT_ARG(client->path.len ? client->path
                                          : text_of(tool_name(client->tool))));
    if (cage_version() == 0)
        run_say(run, "note: this kernel has no Landlock: a client is not held to its "
                     "own directory, nor made to reach the plan's hosts alone");
    else if (!cage_holds_ports())
        run_say(run,
                "note: this kernel holds a client to no ports: it is asked to reach "
                "the plan's hosts alone, and not made to");
    run_say(run, "file: %.*s", TEXT_ARG(target));
    run_say(run, "dry run: no secret was read, nothing was changed");
}
