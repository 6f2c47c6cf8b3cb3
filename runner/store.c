#include "store.h"

#include "verify.h"

uint32_t store_entries(Run *run, Logins logins, bool with_left, AuthEntry **entries)
{
    uint32_t count = 0;

    *entries = ARENA_ARRAY(run->arena, logins.count, AuthEntry);
    for (uint32_t i = 0; i < logins.count; i++) {
        const Login *login = &logins.items[i];
        uint32_t at = 0;

        if (!login_is_good(login) && !(with_left && login->result == LOGIN_LEFT))
            continue;
        while (at < count && !text_equal((*entries)[at].key, login->key))
            at++;
        (*entries)[at] = (AuthEntry){login->key, login->entry};
        count += at == count;
    }
    return count;
}

/* A helper is named by the host for all but Docker Hub, whose key is the one that docker
 * asks with. */
static Status store_helpers(Run *run, Text target, AuthEntry *entries, uint32_t count,
                            Text plan, int64_t deadline)
{
    Status status = commit_beside(run, target, TEXT(HELPER_PLAN), plan, deadline);

    for (uint32_t i = 0; i < count; i++)
        entries[i].value = TEXT("\"" HELPER_NAME "\"");
    return status != STATUS_OK
               ? status
               : commit_write(run, target, SECTION_HELPERS, entries, count, deadline);
}

typedef struct Storing {
    Run *run;
    const Client *client;
    Text target;
    Logins logins;
    int64_t deadline;
} Storing;

/* Each with the client's own writing, so that its keychain takes part. What was verified
 * hardly fails here; when it does, what came before it stays, which is said. */
static Status store_by_client(void *context)
{
    const Storing *storing = context;
    Run *run = storing->run;
    Text problem;
    const Stage *stage = stage_open(run->arena, &problem);

    if (!stage) {
        run_complain(run, "%.*s", TEXT_ARG(problem));
        return STATUS_REFUSED;
    }
    for (uint32_t i = 0; i < storing->logins.count; i++) {
        Login *login = &storing->logins.items[i];
        ChildResult result;

        if (!login_is_good(login))
            continue;
        Child child = client_store(run, storing->client, stage, storing->target, login,
                                   storing->deadline);
        child_run(run->arena, &child, 1, run->signals, &result);
        if (result.end != CHILD_EXITED || result.status != 0) {
            client_say_failure(run, storing->client, login, &result);
            return login->status;
        }
        login->is_stored = true;
    }
    return STATUS_OK;
}

Status store_logins(Run *run, const Client *client, Text target, Logins logins,
                    Text plan, int64_t deadline)
{
    AuthEntry *entries;
    uint32_t count = store_entries(run, logins, false, &entries);
    Storing storing = {run, client, target, logins, deadline};
    Status status = STATUS_OK;

    if (count == 0)
        return STATUS_OK;
    switch (run->options.store) {
    case STORE_CLIENT:
        return commit_locked(run, target, deadline, store_by_client, &storing);
    case STORE_HELPER:
        status = store_helpers(run, target, entries, count, plan, deadline);
        break;
    case STORE_FILE:
        status = commit_write(run, target, SECTION_AUTHS, entries, count, deadline);
        break;
    }
    for (uint32_t i = 0; status == STATUS_OK && i < logins.count; i++)
        logins.items[i].is_stored = login_is_good(&logins.items[i]);
    return status;
}
