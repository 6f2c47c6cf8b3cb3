#include "actions.h"

#include <stdio.h>
#include <stdlib.h>

#include "plan/plan_read.h"
#include "secrets.h"

bool actions_is_here(void)
{
    return text_equal(text_of(getenv("GITHUB_ACTIONS")), TEXT("true"));
}

/* mask = "::add-mask::" value, in which "%", CR and LF are percent-encoded */
static void say_mask(Run *run, Text secret)
{
    char *escaped = secret_room(run->arena, 3 * secret.len);
    size_t len = 0;

    for (size_t i = 0; i < secret.len; i++) {
        const char *as = secret.at[i] == '%'    ? "%25"
                         : secret.at[i] == '\r' ? "%0D"
                         : secret.at[i] == '\n' ? "%0A"
                                                : NULL;

        if (!as)
            escaped[len++] = secret.at[i];
        for (; as && *as; as++)
            escaped[len++] = *as;
    }
    (void)fprintf(stderr, "::add-mask::%.*s\n", TEXT_ARG(((Text){escaped, len})));
    (void)fflush(stderr);
}

/* What the variable holds, and what of it is sent and stored, which differs for a key in
 * several lines: Actions looks for one line at a time. */
static void mask(Run *run, char *const *environment, Text user_env, Text password_env)
{
    Text user, password, sent;
    const char *ignored;
    bool trimmed;

    if (!secret_find(environment, password_env, &password) ||
        text_trim(password).len == 0)
        return;
    say_mask(run, password);
    if (!secret_find(environment, user_env, &user))
        return;
    user = secret_without_line_end(user, &trimmed);
    if (!secret_check_password(run->arena, user, password, &sent, &trimmed, &ignored))
        sent = secret_without_line_end(password, &trimmed);
    if (!text_equal(sent, password))
        say_mask(run, sent);
    say_mask(run, secret_basic(run->arena, user, sent));
}

void actions_mask(Run *run, Logins logins, char *const *environment)
{
    for (uint32_t i = 0; i < logins.count; i++) {
        const PlanStep *step = logins.items[i].step;

        if (!step->ncandidates)
            mask(run, environment, step->username_env, step->password_env);
        for (uint32_t j = 0; j < step->ncandidates; j++)
            mask(run, environment,
                 plan_variable(run->arena, step->candidates[j], "USER"),
                 plan_variable(run->arena, step->candidates[j], "PASSWORD"));
    }
}

void actions_mask_login(Run *run, Text user, Text password)
{
    say_mask(run, password);
    say_mask(run, secret_basic(run->arena, user, password));
}
