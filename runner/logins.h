/*
 * logins.h: a plan's steps with what the environment holds for them.
 *
 * All of the plan is looked at before anything is sent: every variable that is missing
 * or malformed and every server that differs is told in one run (T3, T4, T5 of
 * reference/runner.md). Then the environment is overwritten.
 *
 * The one place where a step's credential comes from: login_obtain gives what the
 * registry itself takes, for methods whose secrets are not that yet.
 */
#ifndef BERTH_RUNNER_LOGINS_H
#define BERTH_RUNNER_LOGINS_H

#include "auth_file.h"
#include "plan/plan.h"
#include "runner.h"
#include "verdict.h"

typedef enum LoginResult {
    LOGIN_SKIPPED,    /* not tried */
    LOGIN_LEFT,       /* there was a login already, and it is left alone */
    LOGIN_OK,         /* the registry asked for a login, and took this one */
    LOGIN_UNVERIFIED, /* nobody asked, or nobody was asked */
    LOGIN_DENIED,
    LOGIN_UNREACHABLE,
    LOGIN_REFUSED /* by this program: a policy, or a secret that cannot be used */
} LoginResult;

/* One step, from the plan to its end. */
typedef struct Login {
    const PlanStep *step;
    uint32_t number;                         /* of the step in the plan, from 1 */
    Text host;                               /* as image references name it */
    Text key;                                /* in "auths" */
    Text user, password;                     /* in memory that is wiped */
    Text user_env, password_env, server_env; /* where they came from */
    LoginResult result;
    Status status;       /* that a run of this step alone would end with */
    uint16_t gate;       /* of egress.h: the port that leads to its hosts */
    const char *refused; /* what was asked for there in vain; "": nothing yet */
    Verdict verdict;     /* where a client failed */
    Text because;        /* what went wrong, as the end of a sentence; may be empty */
    Text fault;    /* "server", "user", "password", ...: of --check; may be empty */
    bool may_pass; /* trying again may help */
    bool is_stored;
    int64_t ms;
    int64_t expires; /* of a token that says so, in seconds since 1970; 0: not known */
    Text entry;      /* the verified entry's value, JSON; empty when there is none */
} Login;

typedef struct Logins {
    Login *items;
    uint32_t count;
} Logins;

/* One Login for each step that the options leave, in order; no secret is read. */
Logins logins_of(Run *run, const Plan *plan);

/* Adds the secrets of those that can be used. STATUS_OK, or the status of the first
 * that cannot be: what is wrong has been said. The plan's variables are wiped. */
Status logins_read(Run *run, const Plan *plan, char *const *environment, Logins logins);

/* Makes user and password what the registry takes, by `deadline` (clock_now). When it
 * cannot be had, says why, sets the login's result and returns its status. */
Status login_obtain(Run *run, Login *login, int64_t deadline);

#endif
