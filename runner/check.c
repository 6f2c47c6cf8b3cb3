#include "check.h"

#include "commit.h"
#include "reader.h"
#include "stage.h"
#include "verify.h"

/* Beginnings of tokens of services that issue them (reference/semantics.md, 7). */
static const char *const token_prefixes[] = {"ghp_",      "gho_",      "ghs_",
                                             "ghu_",      "glpat-",    "gldt-",
                                             "dckr_pat_", "dckr_oat_", "github_pat_"};

static bool is_quoted(Text value)
{
    return value.len > 1 && (value.at[0] == '"' || value.at[0] == '\'') &&
           value.at[0] == value.at[value.len - 1];
}

/* What a secret looks like that was copied wrongly; empty when nothing stands out. */
static Text miscopied(Run *run, const Login *login)
{
    for (size_t i = 0; i < sizeof(token_prefixes) / sizeof(*token_prefixes); i++) {
        if (text_starts_with(login->user, text_of(token_prefixes[i])))
            return arena_format(run->arena, "%.*s holds a token, and no user",
                                TEXT_ARG(login->user_env));
    }
    if (is_quoted(login->user))
        return arena_format(run->arena, "%.*s stands in quotes, which are part of it",
                            TEXT_ARG(login->user_env));
    if (is_quoted(login->password))
        return arena_format(run->arena, "%.*s stands in quotes, which are part of it",
                            TEXT_ARG(login->password_env));
    if (text_starts_with(login->password, login->password_env))
        return arena_format(run->arena, "%.*s begins with its own name",
                            TEXT_ARG(login->password_env));
    return (Text){0};
}

/* Where the secrets of a step belong. */
static void say_where(Run *run, const Plan *plan, const Login *login)
{
    const PlanStep *step = login->step;

    if (step->level.len)
        run_say(run, "  set it as a secret of %.*s %.*s that reaches %.*s",
                TEXT_ARG(step->level), TEXT_ARG(step->owner),
                TEXT_ARG(plan->repository));
    else
        run_say(run, "  set it where the environment of %.*s comes from",
                TEXT_ARG(plan->repository));
}

static void blame(Run *run, Login *login, const char *fault, const char *says)
{
    login->fault = text_of(fault);
    run_say(run, "  fault: %s: %s", fault, says);
}

/* A login that the registry refused. A registry does not say which of the two it was. */
static void blame_denied(Run *run, const Plan *plan, Login *login)
{
    Text copy = miscopied(run, login);

    run_say(run, "  credential: refused");
    if (login->verdict == VERDICT_FOREIGN) {
        blame(run, login, "server", arena_copy(run->arena, login->because).at);
    } else if (login->verdict == VERDICT_EXPIRED) {
        blame(run, login, "expiry", "the registry says that the password has expired");
    } else if (copy.len) {
        blame(run, login, "copy", copy.at);
    } else {
        blame(run, login, "user or password",
              arena_format(run->arena, "%.*s or %.*s is not what the registry knows",
                           TEXT_ARG(login->user_env), TEXT_ARG(login->password_env))
                  .at);
        if (login->step->expires_after)
            run_say(run, "  or it has expired: such a password lasts %lld seconds",
                    (long long)login->step->expires_after);
        run_say(run, "  if the same values work by hand, their copy is at fault");
    }
    say_where(run, plan, login);
}

static void blame_server(Run *run, Login *login)
{
    run_say(run, "  reached: no: %.*s", TEXT_ARG(login->because));
    blame(run, login, "server",
          login->verdict == VERDICT_NO_HOST
              ? "no such host is known; is the server's name right?"
              : "the secrets were not tried");
}

/* The verified login, as every client finds it. */
static const Stage *stage_entry(Run *run, const Stage *stage, const Login *login)
{
    const Stage *part = stage_part(run->arena, stage, login->number);
    AuthEntry entry = {login->key, login->entry};

    if (!part || commit_write(run, part->config, SECTION_AUTHS, &entry, 1,
                              clock_now() + 1000) != STATUS_OK)
        return NULL;
    return part;
}

static bool read_image(Run *run, const Client *reader, const Stage *stage, Login *login,
                       Text image, int64_t deadline)
{
    ChildResult result;
    Child child = reader_call(run, reader, stage, login, image, deadline);

    child_run(run->arena, &child, 1, run->signals, &result);
    if (result.end == CHILD_EXITED && result.status == 0) {
        run_say(run, "  image: %.*s can be read", TEXT_ARG(image));
        return true;
    }
    run_say(run, "  image: %.*s cannot be read", TEXT_ARG(image));
    client_say_failure(run, reader, login, &result);
    switch (login->verdict) {
    case VERDICT_REFUSED:
    case VERDICT_EXPIRED:
        login->because = TEXT("the login is good, and may not read this image");
        blame(run, login, "permission", login->because.at);
        break;
    case VERDICT_ABSENT:
        login->result = LOGIN_DENIED;
        login->status = STATUS_DENIED;
        blame(run, login, "image",
              "there is none of this name, or the registry hides it");
        break;
    case VERDICT_FOREIGN:
        blame(run, login, "server", "what it leads to is not a host of the plan");
        break;
    case VERDICT_NO_HOST:
    case VERDICT_UNTRUSTED:
    case VERDICT_UNREACHABLE:
    case VERDICT_BUSY:
        blame(run, login, "server", "it took the login, and then did not answer");
        break;
    }
    return false;
}

static void check_images(Run *run, const Client *client, const Stage *stage,
                         Login *login, int64_t total)
{
    const Stage *part = stage_entry(run, stage, login);
    Client reader;

    if (!part || !reader_find(run->arena, client, &reader)) {
        run_say(run, "  images: none was read: docker, skopeo or podman is needed");
        return;
    }
    for (uint32_t i = 0; i < login->step->nimages; i++) {
        int64_t deadline = clock_now() + (int64_t)run->options.timeout * 1000;

        if (!read_image(run, &reader, part, login, login->step->images[i],
                        deadline < total ? deadline : total))
            return;
    }
}

static void check_login(Run *run, const Plan *plan, const Client *client,
                        const Stage *stage, Login *login, int64_t total)
{
    run_say(run, "step %u: %.*s", login->number, TEXT_ARG(login->host));
    switch (login->result) {
    case LOGIN_REFUSED:
        blame(run, login,
              login->fault.len ? arena_copy(run->arena, login->fault).at : "client",
              arena_copy(run->arena, login->because).at);
        if (login->fault.len)
            say_where(run, plan, login);
        return;
    case LOGIN_UNREACHABLE:
        blame_server(run, login);
        return;
    case LOGIN_DENIED:
        run_say(run, "  reached: yes");
        if (login->fault.len) { /* by who gives tokens */
            run_say(run, "  credential: refused");
            blame(run, login, arena_copy(run->arena, login->fault).at,
                  arena_copy(run->arena, login->because).at);
            say_where(run, plan, login);
            return;
        }
        blame_denied(run, plan, login);
        return;
    case LOGIN_OK:
        run_say(run, "  reached: yes, and it asks for a login");
        run_say(run, "  credential: accepted");
        break;
    case LOGIN_UNVERIFIED:
        run_say(run, "  reached: yes; %.*s", TEXT_ARG(login->because));
        break;
    case LOGIN_LEFT:
    case LOGIN_SKIPPED:
        run_say(run, "  not tried");
        return;
    }
    check_images(run, client, stage, login, total);
}

Status check_logins(Run *run, const Plan *plan, const Client *client, Logins logins,
                    int64_t total)
{
    Text problem;

    if (!verify_logins(run, client, logins, total))
        return STATUS_REFUSED;
    const Stage *stage = stage_open(run->arena, &problem);
    if (!stage) {
        run_complain(run, "%.*s", TEXT_ARG(problem));
        return STATUS_REFUSED;
    }
    for (uint32_t i = 0; i < logins.count; i++)
        check_login(run, plan, client, stage, &logins.items[i], total);
    Status status = verify_status(run, logins);
    if (status == STATUS_OK)
        run_say(run, "every login works; nothing was stored");
    return status;
}
