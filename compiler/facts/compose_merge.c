#include "facts/compose_value.h"

typedef enum Shape {
    SHAPE_CONTEXT, /* "DIR" is {context: DIR} */
    SHAPE_PAIRS,   /* ["KEY=VALUE"] is {KEY: VALUE} */
    SHAPE_NAMES    /* ["NAME"] is {NAME: } */
} Shape;

/* What a service, or its build, may write in two forms. */
static const struct {
    const char *in, *key;
    Shape shape;
} shapes[] = {
    {"", "build", SHAPE_CONTEXT},
    {"", "environment", SHAPE_PAIRS},
    {"", "labels", SHAPE_PAIRS},
    {"", "annotations", SHAPE_PAIRS},
    {"", "sysctls", SHAPE_PAIRS},
    {"", "depends_on", SHAPE_NAMES},
    {"", "models", SHAPE_NAMES},
    {"", "networks", SHAPE_NAMES},
    {"build", "args", SHAPE_PAIRS},
    {"build", "labels", SHAPE_PAIRS},
    {"build", "additional_contexts", SHAPE_PAIRS},
};

static const ComposeValue *mapping_of_context(ComposeWork *work,
                                              const ComposeValue *context)
{
    ComposeMember *member = ARENA_NEW(work->arena, ComposeMember);
    ComposeValue *plain = ARENA_NEW(work->arena, ComposeValue);

    *plain = *context;
    plain->tag = TAG_NONE;
    plain->is_tagged = false;
    *member = (ComposeMember){TEXT("context"), context->span, plain};
    return compose_object(work, context, member, 1);
}

/* "KEY=VALUE" | "KEY"; the value without "=" is null: it is the environment's. */
static ComposeMember member_of_pair(ComposeWork *work, const ComposeValue *item)
{
    size_t equals = text_find_byte(item->text, '=');
    ComposeValue *value = ARENA_NEW(work->arena, ComposeValue);
    size_t written = text_find_byte(item->written, '=');

    *value = *item;
    value->kind = equals < item->text.len ? NODE_STRING : NODE_NULL;
    value->text = text_from(item->text, equals + 1);
    value->written = text_from(item->written, written + 1);
    value->hole = item->hole.len ? reference_hole(value->text) : (Text){0};
    return (ComposeMember){text_slice(item->text, 0, equals), item->span, value};
}

static ComposeMember member_of_name(ComposeWork *work, const ComposeValue *item)
{
    ComposeValue *value = ARENA_NEW(work->arena, ComposeValue);

    *value = *item;
    value->kind = NODE_NULL;
    return (ComposeMember){item->text, item->span, value};
}

static const ComposeValue *mapping_of_list(ComposeWork *work, const ComposeValue *list,
                                           Shape shape)
{
    ComposeMember *members = ARENA_ARRAY(work->arena, list->count, ComposeMember);
    uint32_t count = 0;

    if (!compose_spend(work, list->count, list->span))
        return list;
    for (uint32_t i = 0; i < list->count; i++) {
        const ComposeValue *item = list->members[i].value;

        if (item->kind == NODE_OBJECT || item->kind == NODE_ARRAY || item->is_refused)
            continue;
        members[count++] = shape == SHAPE_PAIRS ? member_of_pair(work, item)
                                                : member_of_name(work, item);
    }
    return compose_object(work, list, members, count);
}

static const ComposeValue *shaped(ComposeWork *work, const ComposeValue *value,
                                  Shape shape)
{
    if (value->kind == NODE_STRING && shape == SHAPE_CONTEXT)
        return value->text.len || value->tag != TAG_NONE
                   ? mapping_of_context(work, value)
                   : NULL; /* "" builds nothing */
    if (value->kind == NODE_ARRAY && shape != SHAPE_CONTEXT)
        return mapping_of_list(work, value, shape);
    return value;
}

static const ComposeValue *shape_members(ComposeWork *work, const ComposeValue *object,
                                         const char *in)
{
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        const ComposeMember *member = compose_member(object, text_of(shapes[i].key));

        if (!member || !text_equal(text_of(shapes[i].in), text_of(in)))
            continue;
        ComposeMember changed = *member;
        changed.value = shaped(work, member->value, shapes[i].shape);
        if (changed.value != member->value)
            object = compose_with(work, object, changed);
    }
    return object;
}

const ComposeValue *compose_canonical(ComposeWork *work, const ComposeValue *service)
{
    if (service->kind != NODE_OBJECT)
        return service;
    service = shape_members(work, service, "");
    const ComposeMember *build = compose_member(service, TEXT("build"));
    if (!build || build->value->kind != NODE_OBJECT)
        return service;
    ComposeMember changed = *build;
    changed.value = shape_members(work, build->value, "build");
    return changed.value == build->value ? service
                                         : compose_with(work, service, changed);
}

/* `value` without what !reset takes out; NULL when that is all of it. */
static const ComposeValue *without_tags(ComposeWork *work, const ComposeValue *value)
{
    if (!value->is_tagged)
        return value;
    if (value->tag == TAG_RESET || !compose_spend(work, value->count, value->span))
        return NULL;
    ComposeValue *plain = ARENA_NEW(work->arena, ComposeValue);
    ComposeMember *members = ARENA_ARRAY(work->arena, value->count, ComposeMember);
    uint32_t count = 0;
    for (uint32_t i = 0; i < value->count; i++) {
        ComposeMember member = value->members[i];

        member.value = without_tags(work, member.value);
        if (member.value)
            members[count++] = member;
    }
    *plain = *value;
    plain->tag = TAG_NONE;
    plain->is_tagged = false;
    plain->members = members;
    plain->count = count;
    return value->kind == NODE_OBJECT ? compose_object(work, plain, members, count)
                                      : plain;
}

static bool is_replaced(Text key)
{
    return text_starts_with(key, TEXT("x-")) || text_equal(key, TEXT("command")) ||
           text_equal(key, TEXT("entrypoint")) || text_equal(key, TEXT("test"));
}

/* The members of `base` in their order, then what only `over` has. */
static const ComposeValue *merge_objects(ComposeWork *work, const ComposeValue *base,
                                         const ComposeValue *over, bool keep)
{
    uint32_t count = 0;

    if (!compose_spend(work, base->count + over->count, over->span))
        return base;
    ComposeMember *members =
        ARENA_ARRAY(work->arena, (size_t)base->count + over->count, ComposeMember);
    for (uint32_t i = 0; i < base->count; i++) {
        ComposeMember member = base->members[i];
        const ComposeMember *above = compose_member(over, member.key);

        if (above) {
            const ComposeValue *below = is_replaced(member.key) ? NULL : member.value;

            member = *above;
            member.value = compose_merge(work, below, above->value, keep);
        }
        if (member.value)
            members[count++] = member;
    }
    for (uint32_t i = 0; i < over->count; i++) {
        ComposeMember member = over->members[i];

        if (compose_member(base, member.key))
            continue;
        member.value = compose_merge(work, NULL, member.value, keep);
        if (member.value)
            members[count++] = member;
    }
    ComposeValue like = *over;
    like.is_redefined = base->is_redefined || over->is_redefined;
    return compose_object(work, &like, members, count);
}

static const ComposeValue *append(ComposeWork *work, const ComposeValue *base,
                                  const ComposeValue *over)
{
    if (!compose_spend(work, base->count + over->count, over->span))
        return base;
    ComposeValue *list = ARENA_NEW(work->arena, ComposeValue);
    ComposeMember *members =
        ARENA_ARRAY(work->arena, (size_t)base->count + over->count, ComposeMember);
    *list = *over;
    list->members = members;
    list->count = base->count + over->count;
    for (uint32_t i = 0; i < base->count; i++)
        members[i] = base->members[i];
    for (uint32_t i = 0; i < over->count; i++)
        members[base->count + i] = over->members[i];
    return list;
}

const ComposeValue *compose_merge(ComposeWork *work, const ComposeValue *base,
                                  const ComposeValue *over, bool keep)
{
    if (over->tag != TAG_NONE || !base)
        return keep ? over : without_tags(work, over);
    if (over->kind == NODE_OBJECT && base->kind == NODE_OBJECT)
        return merge_objects(work, base, over, keep);
    if (over->kind == NODE_NULL)
        return base;
    if (!keep) {
        over = without_tags(work, over);
        if (!over)
            return base;
    }
    if (over->kind == NODE_ARRAY && base->kind == NODE_ARRAY)
        return append(work, base, over);
    return over;
}

typedef struct Rerouting {
    ComposeWork *work;
    const Via *from, *to;
    const ComposeOrigin *origin, *rerouted; /* the last one and what became of it */
} Rerouting;

static const Via *reroute_via(Rerouting *rerouting, const Via *via)
{
    if (!via || via == rerouting->from)
        return rerouting->to;
    Via *copy = ARENA_NEW(rerouting->work->arena, Via);
    *copy = (Via){.span = via->span, .from = reroute_via(rerouting, via->from)};
    return copy;
}

static const ComposeOrigin *reroute_origin(Rerouting *rerouting,
                                           const ComposeOrigin *origin)
{
    if (origin == rerouting->origin)
        return rerouting->rerouted;
    ComposeOrigin *copy = ARENA_NEW(rerouting->work->arena, ComposeOrigin);
    *copy = (ComposeOrigin){origin->directory, reroute_via(rerouting, origin->via)};
    rerouting->origin = origin;
    rerouting->rerouted = copy;
    return copy;
}

static const ComposeValue *reroute(Rerouting *rerouting, const ComposeValue *value)
{
    if (!value->origin ||
        !compose_spend(rerouting->work, value->count + 1, value->span))
        return value;
    ComposeValue *copy = ARENA_NEW(rerouting->work->arena, ComposeValue);
    *copy = *value;
    copy->origin = reroute_origin(rerouting, value->origin);
    if (value->count) {
        ComposeMember *members =
            ARENA_ARRAY(rerouting->work->arena, value->count, ComposeMember);

        for (uint32_t i = 0; i < value->count; i++) {
            members[i] = value->members[i];
            members[i].value = reroute(rerouting, value->members[i].value);
        }
        copy->members = members;
    }
    return copy;
}

/* The keys of a service that lead to what is pulled. */
static bool leads_on(Text key)
{
    return text_equal(key, TEXT("build")) || text_equal(key, TEXT("image")) ||
           text_equal(key, TEXT("pre_start")) || text_equal(key, TEXT("volumes"));
}

const ComposeValue *compose_reroute(ComposeWork *work, const ComposeValue *service,
                                    const Via *from, const Via *to)
{
    Rerouting rerouting = {.work = work, .from = from, .to = to};

    if (service->kind != NODE_OBJECT ||
        !compose_spend(work, service->count, service->span))
        return service;
    ComposeMember *members = ARENA_ARRAY(work->arena, service->count, ComposeMember);
    for (uint32_t i = 0; i < service->count; i++) {
        members[i] = service->members[i];
        if (leads_on(members[i].key))
            members[i].value = reroute(&rerouting, members[i].value);
    }
    return compose_object(work, service, members, service->count);
}
