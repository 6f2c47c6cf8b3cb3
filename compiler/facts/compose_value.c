#include "facts/compose_value.h"

#include <stdlib.h>

enum { FEW = 8 }; /* members that are looked through one by one */

bool compose_spend(ComposeWork *work, uint32_t count, Span span)
{
    if (count <= COMPOSE_STEPS_MAX - work->steps) {
        work->steps += count;
        return true;
    }
    work->steps = COMPOSE_STEPS_MAX;
    if (!work->is_exhausted)
        diag_add(work->diags, "input/syntax", span,
                 "the compose files are too large when their aliases, extends and "
                 "merges are carried out (more than 524,288 values); the rest was "
                 "not read");
    work->is_exhausted = true;
    return false;
}

/* Counts what a value has in it. */
static void measure(ComposeValue *value)
{
    uint64_t size = 1 + (value->kind == NODE_OBJECT ? (uint64_t)value->count : 0);

    value->height = 0;
    for (uint32_t i = 0; i < value->count; i++) {
        const ComposeValue *member = value->members[i].value;

        size += member->size;
        if (member->height >= value->height)
            value->height = member->height + 1;
    }
    value->size = size < UINT32_MAX ? (uint32_t)size : UINT32_MAX;
}

typedef struct Keyed {
    const ComposeMember *member;
    uint32_t index;
} Keyed;

static int by_key_and_index(const void *left, const void *right)
{
    const Keyed *one = left, *other = right;
    int order = text_compare(one->member->key, other->member->key);

    return order ? order : (one->index > other->index) - (one->index < other->index);
}

static Keyed *sorted(Arena *arena, const ComposeMember *members, uint32_t count)
{
    Keyed *order = ARENA_ARRAY(arena, count, Keyed);

    for (uint32_t i = 0; i < count; i++)
        order[i] = (Keyed){&members[i], i};
    qsort(order, count, sizeof(*order), by_key_and_index);
    return order;
}

static bool are_different(const ComposeMember *members, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = i + 1; k < count; k++) {
            if (text_equal(members[i].key, members[k].key))
                return false;
        }
    }
    return true;
}

/* Leaves the last member of each key; the new count. */
static uint32_t drop_repeated(Arena *arena, ComposeMember *members, uint32_t count)
{
    uint32_t kept = 0;

    if (count <= FEW && are_different(members, count))
        return count;
    Keyed *order = sorted(arena, members, count);
    for (uint32_t i = 0; i + 1 < count; i++) {
        if (text_equal(order[i].member->key, order[i + 1].member->key))
            members[order[i].index].value = NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (members[i].value)
            members[kept++] = members[i];
    }
    return kept;
}

const ComposeValue *compose_object(ComposeWork *work, const ComposeValue *like,
                                   ComposeMember *members, uint32_t count)
{
    ComposeValue *object = ARENA_NEW(work->arena, ComposeValue);

    *object = *like;
    object->kind = NODE_OBJECT;
    object->is_tagged = object->tag != TAG_NONE;
    object->members = members;
    object->count = drop_repeated(work->arena, members, count);
    object->by_key = NULL;
    for (uint32_t i = 0; i < object->count; i++)
        object->is_tagged = object->is_tagged || members[i].value->is_tagged;
    if (object->count > FEW) {
        Keyed *order = sorted(work->arena, members, object->count);
        uint32_t *by_key = ARENA_ARRAY(work->arena, object->count, uint32_t);

        for (uint32_t i = 0; i < object->count; i++)
            by_key[i] = order[i].index;
        object->by_key = by_key;
    }
    measure(object);
    return object;
}

const ComposeMember *compose_member(const ComposeValue *object, Text key)
{
    uint32_t low = 0, high;

    if (!object || object->kind != NODE_OBJECT)
        return NULL;
    for (uint32_t i = 0; !object->by_key && i < object->count; i++) {
        if (text_equal(object->members[i].key, key))
            return &object->members[i];
    }
    high = object->by_key ? object->count : 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const ComposeMember *member = &object->members[object->by_key[middle]];
        int order = text_compare(member->key, key);

        if (order == 0)
            return member;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const ComposeValue *compose_find(const ComposeValue *object, const char *key)
{
    const ComposeMember *member = compose_member(object, text_of(key));

    return member && member->value->kind != NODE_NULL ? member->value : NULL;
}

bool compose_is(const ComposeValue *value, NodeKind kind)
{
    return value && value->kind == kind;
}

Text compose_text(const ComposeValue *value)
{
    return compose_is(value, NODE_STRING) && !value->is_refused ? value->text
                                                                : (Text){0};
}

const ComposeValue *compose_with(ComposeWork *work, const ComposeValue *object,
                                 ComposeMember member)
{
    ComposeMember *members =
        ARENA_ARRAY(work->arena, (size_t)object->count + 1, ComposeMember);
    uint32_t count = 0;

    (void)compose_spend(work, object->count, object->span);
    for (uint32_t i = 0; i < object->count; i++) {
        if (!text_equal(object->members[i].key, member.key))
            members[count++] = object->members[i];
    }
    if (member.value)
        members[count++] = member;
    return compose_object(work, object, members, count);
}

/* --- from the tree --- */

typedef struct Reading {
    ComposeWork *work;
    const Tree *tree;
    NodeId root; /* of the document */
    Variables variables;
    const ComposeOrigin *origin;
    const ComposeValue **aliased; /* what aliases stand for, by node behind the root */
    uint32_t naliased, aliased_capacity;
    uint32_t depth;     /* aliases that lead to what is being read */
    uint64_t repeated;  /* keys and values that the document's own aliases stand for */
    uint32_t most;      /* of one of them */
    Span most_repeated; /* which it is */
} Reading;

typedef struct Members {
    ComposeMember *items;
    uint32_t count, capacity;
} Members;

static const ComposeValue *read_value(Reading *reading, NodeId id, uint32_t depth);

static void add_member(Reading *reading, Members *members, ComposeMember member)
{
    ARRAY_GROW(reading->work->arena, members->items, members->count, members->capacity);
    members->items[members->count++] = member;
}

static void add_members_of(Reading *reading, Members *members, const ComposeValue *from)
{
    if (!compose_spend(reading->work, from->count, from->span))
        return;
    for (uint32_t i = 0; from->kind == NODE_OBJECT && i < from->count; i++)
        add_member(reading, members, from->members[i]);
}

/* What the merge keys of an object bring, what counts most last: of several maps the
 * first one wins. [inputs C14] */
static void add_merged(Reading *reading, NodeId object, Members *members,
                       uint32_t depth)
{
    Members sources = {0};

    for (NodeId at = tree_first(reading->tree, object); at.index;
         at = tree_next(reading->tree, at)) {
        if (!tree_node(reading->tree, at)->is_merge)
            continue;
        const ComposeValue *value = read_value(reading, at, depth + 1);

        if (value->kind == NODE_OBJECT)
            add_member(reading, &sources, (ComposeMember){.value = value});
        else if (value->kind == NODE_ARRAY)
            for (uint32_t i = 0; i < value->count; i++)
                add_member(reading, &sources, value->members[i]);
        else if (value->kind != NODE_NULL)
            diag_add(reading->work->diags, "input/syntax", value->span,
                     "'<<' takes a mapping or a list of mappings; it was passed over");
    }
    for (uint32_t i = sources.count; i-- > 0;)
        add_members_of(reading, members, sources.items[i].value);
}

static const ComposeValue *read_object(Reading *reading, NodeId id, ComposeValue like,
                                       uint32_t depth)
{
    Members members = {0};

    add_merged(reading, id, &members, depth);
    for (NodeId at = tree_first(reading->tree, id);
         at.index && !reading->work->is_exhausted; at = tree_next(reading->tree, at)) {
        const Node *node = tree_node(reading->tree, at);

        if (!node->is_merge)
            add_member(reading, &members,
                       (ComposeMember){node->key, tree_key_span(reading->tree, at),
                                       read_value(reading, at, depth + 1)});
    }
    return compose_object(reading->work, &like, members.items, members.count);
}

static const ComposeValue *read_array(Reading *reading, NodeId id, ComposeValue *array,
                                      uint32_t depth)
{
    Members members = {0};

    for (NodeId at = tree_first(reading->tree, id);
         at.index && !reading->work->is_exhausted; at = tree_next(reading->tree, at)) {
        const ComposeValue *value = read_value(reading, at, depth + 1);

        array->is_tagged = array->is_tagged || value->is_tagged;
        add_member(reading, &members, (ComposeMember){.value = value});
    }
    array->members = members.items;
    array->count = members.count;
    measure(array);
    return array;
}

static void read_scalar(Reading *reading, ComposeValue *scalar, Text text)
{
    scalar->text = scalar->written = text;
    if (scalar->kind != NODE_STRING)
        return;
    Expansion expansion =
        expand_compose(reading->work->arena, text, reading->variables);
    scalar->text = expansion.value;
    scalar->hole = expansion.hole;
    scalar->is_refused = expansion.problem.len > 0;
    if (scalar->is_refused)
        diag_add(reading->work->diags, "input/syntax", scalar->span, "%.*s",
                 TEXT_ARG(expansion.problem));
}

static const ComposeValue *cut(Reading *reading, ComposeValue *value)
{
    diag_add(reading->work->diags, "input/syntax", value->span,
             "nested deeper than 100 levels; this was left out");
    value->kind = NODE_NULL;
    return value;
}

static const ComposeValue nothing = {.kind = NODE_NULL, .size = 1};

static const ComposeValue *read_node(Reading *reading, NodeId id, uint32_t depth)
{
    if (!compose_spend(reading->work, 1, tree_span(reading->tree, id)))
        return &nothing;
    const Node *node = tree_node(reading->tree, id);
    ComposeValue *value = ARENA_NEW(reading->work->arena, ComposeValue);

    *value = (ComposeValue){.kind = node->kind == NODE_NONE ? NODE_NULL : node->kind,
                            .span = tree_span(reading->tree, id),
                            .origin = reading->origin,
                            .size = 1};
    if (text_equal(node->tag, TEXT("!reset")))
        value->tag = TAG_RESET;
    else if (text_equal(node->tag, TEXT("!override")))
        value->tag = TAG_OVERRIDE;
    value->is_tagged = value->tag != TAG_NONE;
    if (value->kind != NODE_OBJECT && value->kind != NODE_ARRAY) {
        read_scalar(reading, value, node->text);
        return value;
    }
    if (depth == COMPOSE_DEPTH)
        return cut(reading, value);
    return value->kind == NODE_OBJECT ? read_object(reading, id, *value, depth)
                                      : read_array(reading, id, value, depth);
}

static void count_repeated(Reading *reading, uint32_t size, Span span)
{
    reading->repeated += size;
    if (size <= reading->most)
        return;
    reading->most = size;
    reading->most_repeated = span;
}

/* The reader of YAML in compose refuses a document that is mostly aliases: of up to
 * 400,000 keys and values 99 in 100 may come from them, of 4,000,000 and more 10, and in
 * between proportionally. [inputs C14] */
static void check_repeated(Reading *reading, const ComposeValue *document)
{
    enum { FEW_REPEATED = 100, SMALL = 1000, LOW = 400000, HIGH = 4000000 };
    uint64_t all = document->size, most = 99;

    if (all >= HIGH)
        most = 10;
    else if (all > LOW)
        most = 99 - 89 * (all - LOW) / (HIGH - LOW);
    if (reading->repeated > FEW_REPEATED && all > SMALL &&
        reading->repeated * 100 > all * most)
        diag_add(reading->work->diags, "input/syntax", reading->most_repeated,
                 "compose refuses a document that consists of aliases to this degree; "
                 "what they stand for was read once");
}

/* What an alias stands for is read once, however often it is named. */
static const ComposeValue *read_aliased(Reading *reading, NodeId alias, NodeId target,
                                        uint32_t depth)
{
    Arena *arena = reading->work->arena;
    uint32_t index = target.index - reading->root.index;
    Span span = tree_span(reading->tree, alias);

    while (reading->naliased <= index) {
        ARRAY_GROW(arena, reading->aliased, reading->naliased,
                   reading->aliased_capacity);
        reading->aliased[reading->naliased++] = NULL;
    }
    const ComposeValue *value = reading->aliased[index];
    if (!value) {
        reading->depth++;
        value = read_node(reading, target, depth);
        reading->depth--;
        reading->aliased[index] = value; /* where the array is now */
    }
    if (!compose_spend(reading->work, 1, span))
        return &nothing;
    if (depth + value->height > COMPOSE_DEPTH) {
        ComposeValue *left = ARENA_NEW(arena, ComposeValue);

        *left = (ComposeValue){.span = span, .origin = reading->origin, .size = 1};
        return cut(reading, left);
    }
    if (reading->depth == 0)
        count_repeated(reading, value->size, span);
    return value;
}

static const ComposeValue *read_value(Reading *reading, NodeId id, uint32_t depth)
{
    NodeId target = tree_resolve(reading->tree, id);

    return target.index == id.index ? read_node(reading, id, depth)
                                    : read_aliased(reading, id, target, depth);
}

const ComposeValue *compose_value_read(ComposeWork *work, const Tree *tree, NodeId id,
                                       Variables variables, const ComposeOrigin *origin)
{
    Reading reading = {.work = work,
                       .tree = tree,
                       .root = id,
                       .variables = variables,
                       .origin = origin};

    const ComposeValue *document = read_value(&reading, id, 0);
    check_repeated(&reading, document);
    return document;
}
