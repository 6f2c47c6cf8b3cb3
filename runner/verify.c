#include "verify.h"

#include "reader.h"
#include "stage.h"

enum { AT_ONCE = 8, SECOND = 1000 };

bool login_is_good(const Login *login)
{
    return (login->result == LOGIN_OK || login->result == LOGIN_UNVERIFIED) &&
           login->status == STATUS_OK;
}

/* Without a client: what a client would store. */
static void compose(Run *run, Login *login)
{
    Text basic = secret_basic(run->arena, login->user, login->password);
    const Text before = TEXT("{\n\t\t\t\"auth\": \""), behind = TEXT("\"\n\t\t}");
    Buffer value = {.arena = run->arena,
                    .capacity = before.len + basic.len + behind.len};

    value.at = secret_room(run->arena, value.capacity);
    buffer_add(&value, before);
    buffer_add(&value, basic);
    buffer_add(&value, behind);
    login->entry = buffer_text(&value);
    login->result = LOGIN_UNVERIFIED;
    login->because = TEXT("no client was asked");
    if (run->options.require_verified)
        login->status = STATUS_DENIED;
}

static const Stage *seeded_part(Run *run, const Stage *stage, uint32_t *number)
{
    const Stage *part = stage_part(run->arena, stage, (*number)++);

    if (part && stage_seed(part))
        return part;
    run_complain(run, "a private directory could not be made in %.*s",
                 TEXT_ARG(stage->directory));
    return NULL;
}

/* Logs in with these, at most AT_ONCE, all at once. `parts` counts directories. */
static bool try_together(Run *run, const Client *client, const Stage *stage,
                         Login **logins, uint32_t count, int64_t deadline,
                         uint32_t *parts)
{
    const Stage *places[2 * AT_ONCE];
    Child children[2 * AT_ONCE];
    ChildResult results[2 * AT_ONCE];
    bool probes = reader_probes(client);

    for (uint32_t i = 0; i < count; i++) {
        places[i] = seeded_part(run, stage, parts);
        places[count + i] = probes ? seeded_part(run, stage, parts) : places[i];
        if (!places[i] || !places[count + i])
            return false;
        children[i] = client_login(run, client, places[i], logins[i], deadline);
        if (probes)
            children[count + i] =
                reader_probe(run, client, places[count + i], logins[i], deadline);
    }
    child_run(run->arena, children, probes ? 2 * count : count, run->signals, results);
    for (uint32_t i = 0; i < count; i++)
        client_judge(run, client, places[i], logins[i], &results[i],
                     probes ? &results[count + i] : NULL);
    return true;
}

static bool was_signalled(Logins logins)
{
    for (uint32_t i = 0; i < logins.count; i++) {
        if (logins.items[i].status > STATUS_SIGNAL)
            return true;
    }
    return false;
}

/* The logins that are to be tried now, in their order. */
static uint32_t collect(Logins logins, bool again, Login **pending)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < logins.count; i++) {
        Login *login = &logins.items[i];

        if (again ? login->may_pass
                  : login->result == LOGIN_SKIPPED && login->status == STATUS_OK)
            pending[count++] = login;
    }
    return count;
}

static bool try_all(Run *run, const Client *client, const Stage *stage, Logins logins,
                    bool again, int64_t total, uint32_t *parts)
{
    Login **pending = ARENA_ARRAY(run->arena, logins.count, Login *);
    uint32_t count = collect(logins, again, pending);

    for (uint32_t at = 0; at < count && !was_signalled(logins); at += AT_ONCE) {
        uint32_t some = count - at < AT_ONCE ? count - at : AT_ONCE;
        int64_t deadline = clock_now() + (int64_t)run->options.timeout * SECOND;

        if (!try_together(run, client, stage, pending + at, some,
                          deadline < total ? deadline : total, parts))
            return false;
    }
    return true;
}

/* Waits before the `round`th try: 1, 2, 4, ... seconds. False when it is not worth it. */
static bool wait_for_round(Run *run, Logins logins, uint32_t round, int64_t total)
{
    int64_t ms = (int64_t)SECOND << (round - 1);
    uint32_t count = 0;

    for (uint32_t i = 0; i < logins.count; i++)
        count += logins.items[i].may_pass;
    if (count == 0 || was_signalled(logins) || clock_now() + ms >= total)
        return false;
    run_complain(run, "trying again in %lld s, %u of %u", (long long)(ms / SECOND),
                 round, run->options.retries);
    int signal = run_signal(run, (int)ms);
    if (signal)
        logins.items[0].status = (Status)(STATUS_SIGNAL + signal);
    return !signal;
}

static bool try_rounds(Run *run, const Client *client, const Stage *stage,
                       Logins logins, int64_t total)
{
    uint32_t parts = 0;
    bool fine = try_all(run, client, stage, logins, false, total, &parts);

    for (uint32_t round = 1; fine && round <= run->options.retries; round++) {
        if (!wait_for_round(run, logins, round, total))
            break;
        fine = try_all(run, client, stage, logins, true, total, &parts);
    }
    return fine;
}

bool verify_logins(Run *run, const Client *client, Logins logins, int64_t total)
{
    bool all = true;
    Text problem;

    for (uint32_t i = 0; i < logins.count; i++) {
        Login *login = &logins.items[i];

        if (login->result != LOGIN_SKIPPED || login->status != STATUS_OK)
            continue;
        all &= login_obtain(run, login, total) == STATUS_OK;
    }
    if (!all && !run->options.keep_going && run->options.mode != MODE_CHECK)
        return true; /* no password is sent in vain */
    for (uint32_t i = 0; client->tool == TOOL_NONE && i < logins.count; i++) {
        if (logins.items[i].result == LOGIN_SKIPPED &&
            logins.items[i].status == STATUS_OK)
            compose(run, &logins.items[i]);
    }
    if (client->tool == TOOL_NONE)
        return true;
    const Stage *stage = stage_open(run->arena, &problem);
    if (!stage) {
        run_complain(run, "%.*s", TEXT_ARG(problem));
        return false;
    }
    bool fine = try_rounds(run, client, stage, logins, total);
    stage_remove(run->arena, stage->directory); /* not only when the run is over */
    return fine;
}

/* The graver first; what is not here does not occur. */
static int gravity(Status status)
{
    static const Status order[] = {STATUS_OK,     STATUS_UNREACHABLE, STATUS_DENIED,
                                   STATUS_SECRET, STATUS_REFUSED,     STATUS_NO_CLIENT};
    const int count = sizeof(order) / sizeof(*order);
    int i = 0;

    while (i < count && order[i] != status)
        i++;
    return i;
}

Status verify_status(const Run *run, Logins logins)
{
    Status status = STATUS_OK;
    bool any_good = false;

    for (uint32_t i = 0; i < logins.count; i++) {
        const Login *login = &logins.items[i];

        if (gravity(login->status) > gravity(status))
            status = login->status;
        any_good |= login_is_good(login) || login->result == LOGIN_LEFT;
    }
    return status != STATUS_OK && status < STATUS_SIGNAL && any_good &&
                   run->options.keep_going
               ? STATUS_PARTIAL
               : status;
}
