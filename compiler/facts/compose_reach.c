#include "facts/compose_model.h"

static void add_need(ComposeWork *work, ComposeNeeds *needs, ComposeNeed need)
{
    ARRAY_GROW(work->arena, needs->items, needs->count, needs->capacity);
    needs->items[needs->count++] = need;
}

/* "NAME", "NAME:ALIAS" or "NAME:ro"; "container:NAME" is no service. */
static void add_listed(ComposeWork *work, ComposeNeeds *needs, const ComposeValue *list)
{
    if (!compose_is(list, NODE_ARRAY) || !compose_spend(work, list->count, list->span))
        return;
    for (uint32_t i = 0; i < list->count; i++) {
        const ComposeValue *item = list->members[i].value;
        Text text = compose_text(item);
        Text name = text_slice(text, 0, text_find_byte(text, ':'));

        if (name.len && item->hole.len == 0 && !text_equal(name, TEXT("container")))
            add_need(work, needs, (ComposeNeed){name, item->span, false});
    }
}

/* "service:NAME" */
static void add_named(ComposeWork *work, ComposeNeeds *needs, const ComposeValue *value)
{
    Text text = compose_text(value);

    if (text_starts_with(text, TEXT("service:")) && value->hole.len == 0)
        add_need(work, needs, (ComposeNeed){text_from(text, 8), value->span, false});
}

ComposeNeeds compose_needs(ComposeWork *work, const ComposeValue *service)
{
    static const char *const namespaces[] = {"network_mode", "ipc", "pid", "uts",
                                             "cgroup"};
    const ComposeValue *depends = compose_find(service, "depends_on");
    const ComposeValue *build = compose_find(service, "build");
    const ComposeValue *contexts = compose_find(build, "additional_contexts");
    ComposeNeeds needs = {0};

    for (uint32_t i = 0; compose_is(depends, NODE_OBJECT) && i < depends->count &&
                         compose_spend(work, 1, depends->span);
         i++) {
        const ComposeMember *member = &depends->members[i];
        const ComposeValue *required = compose_find(member->value, "required");

        add_need(
            work, &needs,
            (ComposeNeed){member->key, member->key_span,
                          compose_is(required, NODE_BOOLEAN) &&
                              text_equal_ignoring_case(required->text, TEXT("false"))});
    }
    add_listed(work, &needs, compose_find(service, "links"));
    add_listed(work, &needs, compose_find(service, "volumes_from"));
    for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++)
        add_named(work, &needs, compose_find(service, namespaces[i]));
    for (uint32_t i = 0; compose_is(contexts, NODE_OBJECT) && i < contexts->count &&
                         compose_spend(work, 1, contexts->span);
         i++)
        add_named(work, &needs, contexts->members[i].value);
    return needs;
}

static bool is_listed(Text list, Text name)
{
    Text part;

    for (bool done = false; text_next_part(&list, ',', &part, &done);) {
        if (text_equal(text_trim(part), name) || text_equal(text_trim(part), TEXT("*")))
            return true;
    }
    return false;
}

/* Without profiles, or with one that COMPOSE_PROFILES names. [inputs C17] */
static bool is_default(const ComposeModel *model, const ComposeValue *service)
{
    const ComposeValue *profiles = compose_find(service, "profiles");
    Text active = {0};

    if (!compose_is(profiles, NODE_ARRAY) || profiles->count == 0)
        return true;
    if (!model->environment.find ||
        model->environment.find(model->environment.context, TEXT("COMPOSE_PROFILES"),
                                &active) != VARIABLE_SET)
        return false;
    for (uint32_t i = 0; i < profiles->count; i++) {
        if (is_listed(active, compose_text(profiles->members[i].value)))
            return true;
    }
    return false;
}

typedef struct Walk {
    ComposeModel *model;
    bool *is_reached;
    uint32_t *queue;
    uint32_t count;
} Walk;

static void reach(Walk *walk, Text name)
{
    const ComposeMember *member = compose_member(walk->model->services, name);

    if (!member)
        return;
    uint32_t index = (uint32_t)(member - walk->model->services->members);
    if (index < COMPOSE_SERVICES_MAX && !walk->is_reached[index]) {
        walk->is_reached[index] = true;
        walk->queue[walk->count++] = index;
    }
}

const bool *compose_reachable(ComposeModel *model, const ComposeProject *project)
{
    const ComposeValue *services = model->services;
    Walk walk = {.model = model};

    if (!services)
        return NULL;
    walk.is_reached = ARENA_ARRAY(model->work.arena, services->count, bool);
    walk.queue = ARENA_ARRAY(model->work.arena, services->count, uint32_t);
    reach(&walk, project->service);
    for (uint32_t i = 0; i < project->nrun_services; i++)
        reach(&walk, project->run_services[i].name);
    for (uint32_t i = 0; project->nrun_services == 0 && i < services->count; i++) {
        if (is_default(model, services->members[i].value))
            reach(&walk, services->members[i].key);
    }
    for (uint32_t next = 0; next < walk.count; next++) {
        ComposeNeeds needs =
            compose_needs(&model->work, services->members[walk.queue[next]].value);

        for (uint32_t i = 0; i < needs.count; i++)
            reach(&walk, needs.items[i].service);
    }
    return walk.is_reached;
}
