#include "plan/plan_diff.h"

#include <stdlib.h>

#include "plan/plan_read.h"

typedef struct Differ {
    Arena *arena;
    const Plan *before, *now;
    PlanDiff *diff;
    PlanChange *changes;
    PlanMember *members; /* of the change that is being made */
    uint32_t nmembers, members_capacity;
} Differ;

/* --- lists --- */

static int by_text(const void *left, const void *right)
{
    return text_compare(*(const Text *)left, *(const Text *)right);
}

static Text *sorted(Arena *arena, const Text *texts, uint32_t count)
{
    Text *copy = ARENA_ARRAY(arena, count, Text);

    for (uint32_t i = 0; i < count; i++)
        copy[i] = texts[i];
    if (count)
        qsort(copy, count, sizeof(*copy), by_text);
    return copy;
}

static int compare_lists(const Text *left, uint32_t nleft, const Text *right,
                         uint32_t nright)
{
    for (uint32_t i = 0; i < nleft && i < nright; i++) {
        int order = text_compare(left[i], right[i]);

        if (order)
            return order;
    }
    return (nleft > nright) - (nleft < nright);
}

static Text joined(Arena *arena, const Text *texts, uint32_t count)
{
    Buffer text = {.arena = arena};

    for (uint32_t i = 0; i < count; i++) {
        buffer_add(&text, i ? TEXT(", ") : TEXT(""));
        buffer_add(&text, texts[i]);
    }
    return buffer_text(&text);
}

/* --- where secrets go --- */

typedef struct Use {
    Text secret, registry;
} Use;

typedef struct Uses {
    Use *items;
    uint32_t count, capacity;
} Uses;

static int by_use(const void *left, const void *right)
{
    const Use *one = left, *other = right;
    int order = text_compare(one->secret, other->secret);

    return order ? order : text_compare(one->registry, other->registry);
}

static void add_use(Arena *arena, Uses *uses, Text secret, Text registry)
{
    ARRAY_GROW(arena, uses->items, uses->count, uses->capacity);
    uses->items[uses->count++] = (Use){secret, registry};
}

/* Sorted, each once. Of candidates each may be the one that goes there. */
static Uses uses_of(Arena *arena, const Plan *plan)
{
    Uses uses = {0};
    uint32_t kept = 0;

    for (uint32_t i = 0; i < plan->nsteps; i++) {
        const PlanStep *step = &plan->steps[i];

        if (!step->ncandidates) {
            add_use(arena, &uses, step->username_env, step->registry);
            add_use(arena, &uses, step->password_env, step->registry);
        }
        for (uint32_t j = 0; j < step->ncandidates; j++) {
            Text identifier = step->candidates[j];

            add_use(arena, &uses, plan_variable(arena, identifier, "USER"),
                    step->registry);
            add_use(arena, &uses, plan_variable(arena, identifier, "PASSWORD"),
                    step->registry);
        }
    }
    if (uses.count)
        qsort(uses.items, uses.count, sizeof(*uses.items), by_use);
    for (uint32_t i = 0; i < uses.count; i++) {
        if (kept == 0 || by_use(&uses.items[kept - 1], &uses.items[i]) != 0)
            uses.items[kept++] = uses.items[i];
    }
    uses.count = kept;
    return uses;
}

/* The registries of the secret whose uses begin at *at, which is moved behind them. */
static Text *registries_at(Arena *arena, const Uses *uses, uint32_t *at,
                           uint32_t *count)
{
    uint32_t first = *at;

    while (*at < uses->count &&
           text_equal(uses->items[*at].secret, uses->items[first].secret))
        (*at)++;
    *count = *at - first;
    Text *registries = ARENA_ARRAY(arena, *count, Text);
    for (uint32_t i = 0; i < *count; i++)
        registries[i] = uses->items[first + i].registry;
    return registries;
}

/* Whether a sorted list has a text that the other has not. */
static bool has_more(const Text *now, uint32_t nnow, const Text *before,
                     uint32_t nbefore)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < nnow; i++) {
        while (at < nbefore && text_compare(before[at], now[i]) < 0)
            at++;
        if (at == nbefore || !text_equal(before[at], now[i]))
            return true;
    }
    return false;
}

static int by_servers(const void *left, const void *right)
{
    const PlanRedirect *one = left, *other = right;
    int order = compare_lists(one->before, one->nbefore, other->before, other->nbefore);

    if (order == 0)
        order = compare_lists(one->now, one->nnow, other->now, other->nnow);
    return order ? order : text_compare(one->secrets[0], other->secrets[0]);
}

static bool has_same_servers(const PlanRedirect *left, const PlanRedirect *right)
{
    return compare_lists(left->before, left->nbefore, right->before, right->nbefore) ==
               0 &&
           compare_lists(left->now, left->nnow, right->now, right->nnow) == 0;
}

/* Those of the same servers into one. */
static void group_redirects(Differ *differ, PlanRedirect *redirects, uint32_t count)
{
    uint32_t kept = 0;

    if (count)
        qsort(redirects, count, sizeof(*redirects), by_servers);
    for (uint32_t i = 0, end; i < count; i = end) {
        PlanRedirect group = redirects[i];

        for (end = i + 1; end < count; end++) {
            if (!has_same_servers(&redirects[i], &redirects[end]))
                break;
        }
        Text *secrets = ARENA_ARRAY(differ->arena, end - i, Text);
        for (uint32_t j = i; j < end; j++)
            secrets[j - i] = redirects[j].secrets[0];
        group.secrets = secrets;
        group.nsecrets = end - i;
        redirects[kept++] = group;
    }
    differ->diff->redirects = redirects;
    differ->diff->nredirects = kept;
    differ->diff->nredirected = count;
}

static void find_redirects(Differ *differ)
{
    Arena *arena = differ->arena;
    Uses before = uses_of(arena, differ->before), now = uses_of(arena, differ->now);
    PlanRedirect *redirects = NULL;
    uint32_t count = 0, capacity = 0, old = 0, new = 0;

    while (old < before.count && new < now.count) {
        int order = text_compare(before.items[old].secret, now.items[new].secret);
        PlanRedirect redirect = {.secrets = &now.items[new].secret, .nsecrets = 1};

        if (order <= 0)
            redirect.before = registries_at(arena, &before, &old, &redirect.nbefore);
        if (order >= 0)
            redirect.now = registries_at(arena, &now, &new, &redirect.nnow);
        if (order ||
            !has_more(redirect.now, redirect.nnow, redirect.before, redirect.nbefore))
            continue;
        ARRAY_GROW(arena, redirects, count, capacity);
        redirects[count++] = redirect;
    }
    group_redirects(differ, redirects, count);
}

/* --- changes --- */

static void add_member(Differ *differ, const char *name, Text before, Text now)
{
    if (text_equal(before, now))
        return;
    ARRAY_GROW(differ->arena, differ->members, differ->nmembers,
               differ->members_capacity);
    differ->members[differ->nmembers++] = (PlanMember){name, before, now};
}

/* What one list has and the other has not, each a member. */
static void add_items(Differ *differ, const char *name, const Text *before,
                      uint32_t nbefore, const Text *now, uint32_t nnow)
{
    const Text *left = sorted(differ->arena, before, nbefore);
    const Text *right = sorted(differ->arena, now, nnow);
    uint32_t i = 0, j = 0;

    while (i < nbefore || j < nnow) {
        int order = i == nbefore ? 1 : j == nnow ? -1 : text_compare(left[i], right[j]);

        if (order < 0)
            add_member(differ, name, left[i], TEXT(""));
        else if (order > 0)
            add_member(differ, name, TEXT(""), right[j]);
        i += order <= 0;
        j += order >= 0;
    }
}

/* The members that were added since the last call, as a change; nothing where nothing
 * differs. */
static void end_change(Differ *differ, const char *what, Text name, bool was, bool is)
{
    PlanDiff *diff = differ->diff;

    if (was && is && differ->nmembers == 0)
        return;
    diff->added += !was;
    diff->removed += !is;
    diff->changed += was && is;
    ARRAY_GROW(differ->arena, differ->changes, diff->nchanges, diff->capacity);
    differ->changes[diff->nchanges++] = (PlanChange){.kind = !was ? "added"
                                                             : is ? "changed"
                                                                  : "removed",
                                                     .what = what,
                                                     .name = name,
                                                     .members = differ->members,
                                                     .nmembers = differ->nmembers};
    differ->members = NULL;
    differ->nmembers = differ->members_capacity = 0;
}

static void compare_plans(Differ *differ)
{
    const Plan *before = differ->before, *now = differ->now;

    add_member(differ, "repository", before->repository, now->repository);
    add_member(differ, "configuration", before->configuration, now->configuration);
    add_member(differ, "target", before->target, now->target);
    add_member(differ, "phase", before->phase, now->phase);
    end_change(differ, "plan", TEXT(""), true, true);
}

static Text lifetime(Arena *arena, const PlanStep *step)
{
    return step->expires_after
               ? arena_format(arena, "%lld", (long long)step->expires_after)
               : TEXT("");
}

static const PlanStep no_step;

/* Either may be `no_step`. */
static void compare_steps(Differ *differ, const PlanStep *before, const PlanStep *now)
{
    Arena *arena = differ->arena;
    bool was = before != &no_step, is = now != &no_step;

    add_member(differ, "server", before->server_expect, now->server_expect);
    add_member(differ, "server-variable", before->server_env, now->server_env);
    add_member(differ, "username", before->username_env, now->username_env);
    add_member(differ, "password", before->password_env, now->password_env);
    add_member(differ, "candidates",
               joined(arena, sorted(arena, before->candidates, before->ncandidates),
                      before->ncandidates),
               joined(arena, sorted(arena, now->candidates, now->ncandidates),
                      now->ncandidates));
    add_member(differ, "method", was ? plan_method_name(before->method) : TEXT(""),
               is ? plan_method_name(now->method) : TEXT(""));
    add_member(differ, "credential", before->credential, now->credential);
    add_member(differ, "identifier", before->identifier, now->identifier);
    add_member(differ, "level", before->level, now->level);
    add_member(differ, "owner", before->owner, now->owner);
    add_member(differ, "expires-after", lifetime(arena, before), lifetime(arena, now));
    add_items(differ, "image", before->images, before->nimages, now->images,
              now->nimages);
    end_change(differ, "step", is ? now->registry : before->registry, was, is);
}

static bool has_same_secrets(const PlanStep *left, const PlanStep *right)
{
    return text_equal(left->username_env, right->username_env) &&
           text_equal(left->password_env, right->password_env) &&
           left->ncandidates == right->ncandidates &&
           compare_lists(left->candidates, left->ncandidates, right->candidates,
                         right->ncandidates) == 0;
}

static bool is_same_login(const PlanStep *left, const PlanStep *right)
{
    return text_equal(left->registry, right->registry) && has_same_secrets(left, right);
}

static bool has_same_registry(const PlanStep *left, const PlanStep *right)
{
    return text_equal(left->registry, right->registry);
}

static bool has_same_password(const PlanStep *left, const PlanStep *right)
{
    return left->ncandidates ? has_same_secrets(left, right)
                             : text_equal(left->password_env, right->password_env);
}

/* Each step with the one that it was: of the same registry and secrets, else of the same
 * registry, else of the same secrets. */
static void match_steps(Differ *differ)
{
    bool (*const likenesses[])(const PlanStep *, const PlanStep *) = {
        is_same_login, has_same_registry, has_same_password};
    const Plan *before = differ->before, *now = differ->now;
    const PlanStep **of = ARENA_ARRAY(differ->arena, now->nsteps, const PlanStep *);
    bool *is_taken = ARENA_ARRAY(differ->arena, before->nsteps, bool);

    for (size_t k = 0; k < sizeof(likenesses) / sizeof(*likenesses); k++) {
        for (uint32_t i = 0; i < now->nsteps; i++) {
            for (uint32_t j = 0; j < before->nsteps && !of[i]; j++) {
                if (is_taken[j] || !likenesses[k](&before->steps[j], &now->steps[i]))
                    continue;
                of[i] = &before->steps[j];
                is_taken[j] = true;
            }
        }
    }
    for (uint32_t i = 0; i < now->nsteps; i++)
        compare_steps(differ, of[i] ? of[i] : &no_step, &now->steps[i]);
    for (uint32_t j = 0; j < before->nsteps; j++) {
        if (!is_taken[j])
            compare_steps(differ, &before->steps[j], &no_step);
    }
}

static void compare_conflicts(Differ *differ, const PlanConflict *before,
                              const PlanConflict *now)
{
    static const PlanConflict none;
    const PlanConflict *sides[] = {before ? before : &none, now ? now : &none};
    Text *between[2];

    for (int side = 0; side < 2; side++) {
        const PlanConflict *conflict = sides[side];

        between[side] = ARENA_ARRAY(differ->arena, conflict->nrivals, Text);
        for (uint32_t i = 0; i < conflict->nrivals; i++) {
            const PlanRival *rival = &conflict->rivals[i];

            between[side][i] = arena_format(
                differ->arena, "%.*s of the %.*s %.*s", TEXT_ARG(rival->identifier),
                TEXT_ARG(rival->level), TEXT_ARG(rival->owner));
        }
    }
    add_items(differ, "between", between[0], sides[0]->nrivals, between[1],
              sides[1]->nrivals);
    add_member(differ, "rule", sides[0]->rule, sides[1]->rule);
    add_items(differ, "image", sides[0]->images, sides[0]->nimages, sides[1]->images,
              sides[1]->nimages);
    end_change(differ, "conflict", (now ? now : before)->registry, before, now);
}

static int by_registry(const void *left, const void *right)
{
    const PlanConflict *one = left, *other = right;

    return text_compare(one->registry, other->registry);
}

static const PlanConflict *conflicts_of(Arena *arena, const Plan *plan)
{
    PlanConflict *copy = ARENA_ARRAY(arena, plan->nconflicts, PlanConflict);

    for (uint32_t i = 0; i < plan->nconflicts; i++)
        copy[i] = plan->conflicts[i];
    if (plan->nconflicts)
        qsort(copy, plan->nconflicts, sizeof(*copy), by_registry);
    return copy;
}

static void match_conflicts(Differ *differ)
{
    const PlanConflict *before = conflicts_of(differ->arena, differ->before);
    const PlanConflict *now = conflicts_of(differ->arena, differ->now);
    uint32_t nbefore = differ->before->nconflicts, nnow = differ->now->nconflicts;
    uint32_t i = 0, j = 0;

    while (i < nbefore || j < nnow) {
        int order = i == nbefore ? 1
                    : j == nnow  ? -1
                                 : by_registry(&before[i], &now[j]);

        compare_conflicts(differ, order <= 0 ? &before[i] : NULL,
                          order >= 0 ? &now[j] : NULL);
        i += order <= 0;
        j += order >= 0;
    }
}

/* An image, and why it needs no login or cannot be pulled. */
typedef struct Pair {
    Text image, value;
} Pair;

static int by_pair(const void *left, const void *right)
{
    const Pair *one = left, *other = right;
    int order = text_compare(one->image, other->image);

    return order ? order : text_compare(one->value, other->value);
}

static Pair *pairs_of(Arena *arena, const Plan *plan, bool blocked, uint32_t *count)
{
    *count = blocked ? plan->nblocked : plan->nwithout_login;
    Pair *pairs = ARENA_ARRAY(arena, *count, Pair);

    for (uint32_t i = 0; i < *count; i++)
        pairs[i] = blocked ? (Pair){plan->blocked[i].image, plan->blocked[i].rule}
                           : (Pair){plan->without_login[i].image,
                                    plan->without_login[i].because};
    if (*count)
        qsort(pairs, *count, sizeof(*pairs), by_pair);
    return pairs;
}

static void match_images(Differ *differ, bool blocked)
{
    const char *what = blocked ? "blocked" : "without-login";
    const char *member = blocked ? "rule" : "because";
    uint32_t nbefore, nnow, i = 0, j = 0;
    const Pair *before = pairs_of(differ->arena, differ->before, blocked, &nbefore);
    const Pair *now = pairs_of(differ->arena, differ->now, blocked, &nnow);

    while (i < nbefore || j < nnow) {
        int order = i == nbefore ? 1
                    : j == nnow  ? -1
                                 : text_compare(before[i].image, now[j].image);
        bool was = order <= 0, is = order >= 0;

        add_member(differ, member, was ? before[i].value : TEXT(""),
                   is ? now[j].value : TEXT(""));
        end_change(differ, what, was ? before[i].image : now[j].image, was, is);
        i += was;
        j += is;
    }
}

const PlanDiff *plan_diff(Arena *arena, const Plan *old_plan, const Plan *new_plan)
{
    PlanDiff *diff = ARENA_NEW(arena, PlanDiff);
    Differ differ = {.arena = arena, .before = old_plan, .now = new_plan, .diff = diff};

    *diff = (PlanDiff){0};
    find_redirects(&differ);
    compare_plans(&differ);
    match_steps(&differ);
    match_conflicts(&differ);
    match_images(&differ, false);
    match_images(&differ, true);
    diff->changes = differ.changes;
    return diff;
}
