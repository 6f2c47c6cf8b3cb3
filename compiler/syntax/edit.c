#include "syntax/edit.h"

#include <stdlib.h>

#include "syntax/edit_parts.h"

/* --- the file --- */

static bool is_named_yaml(Text path)
{
    return text_ends_with(path, TEXT(".yaml")) || text_ends_with(path, TEXT(".yml"));
}

/* targets[i] counts the nodes before i that an alias repeats. */
static void count_targets(EditFile *file)
{
    const Tree *tree = file->tree;

    file->targets = ARENA_ARRAY(file->arena, tree->count + 1, uint32_t);
    for (uint32_t i = 1; i < tree->count; i++) {
        if (tree->nodes[i].kind == NODE_ALIAS)
            file->targets[tree->nodes[i].target.index + 1] = 1;
    }
    for (uint32_t i = 1; i <= tree->count; i++)
        file->targets[i] += file->targets[i - 1];
}

EditFile *edit_open(Arena *arena, Sources *sources, uint32_t number)
{
    EditFile *file = ARENA_NEW(arena, EditFile);
    Text path = source_path(sources, number);
    Diags *diags = diags_new(arena);

    *file = (EditFile){.arena = arena, .sources = sources, .file = number};
    file->scratch = arena_scratch(arena);
    file->bytes = source_bytes(sources, number);
    file->is_yaml = is_named_yaml(path);
    if (!file->is_yaml && !text_ends_with(path, TEXT(".json"))) {
        file->refused = "only YAML and JSON files are edited";
        return file;
    }
    file->tree = file->is_yaml ? yaml_read(arena, sources, number, diags)
                               : jsonc_read(arena, sources, number, diags);
    for (uint32_t i = 0; i < diags->count; i++) {
        if (text_equal(text_of(diags->items[i].rule), TEXT("input/syntax")))
            file->refused = "the file does not read as it should";
    }
    size_t end = text_find_byte(file->bytes, '\n');
    file->newline = end && end < file->bytes.len && file->bytes.at[end - 1] == '\r'
                        ? TEXT("\r\n")
                        : TEXT("\n");
    count_targets(file);
    return file;
}

size_t edit_cost(const EditFile *file)
{
    return file->bytes.len;
}

typedef struct Plan {
    EditFile *file;
    Change *changes;
    Group *groups;
    uint32_t count, capacity;
    uint32_t *change_groups;     /* by change: the group's number + 1; 0: refused */
    uint32_t *removed, *changed; /* by node: the group that takes it, + 1 */
} Plan;

bool group_refuse(Group *group, const char *why)
{
    group->refused = why;
    return false;
}

void group_add_edit(const EditFile *file, Group *group, uint32_t start, uint32_t end,
                    Text text)
{
    ARRAY_GROW(file->arena, group->edits, group->nedits, group->edits_capacity);
    group->edits[group->nedits++] =
        (Edit){{file->file, start, end}, arena_copy(file->arena, text)};
}

/* --- changes that belong together --- */

static bool has_value(const Group *group, Text value)
{
    for (uint32_t i = 0; i < group->nvalues; i++) {
        if (text_equal(group->values[i], value))
            return true;
    }
    return false;
}

static bool takes_one_value(const Group *group)
{
    return group->kind == GROUP_VALUE || group->kind == GROUP_KEY ||
           group->kind == GROUP_MEMBER;
}

static bool is_same_group(const Group *one, const Group *other)
{
    return one->kind == other->kind && one->node.index == other->node.index &&
           text_equal(one->key, other->key) && one->is_word == other->is_word;
}

/* Where the plan remembers which group takes a node. */
static uint32_t *slot_of(Plan *plan, const Group *group)
{
    bool is_targeted = group->kind == GROUP_MOVE && group->target.index;

    if (group->kind == GROUP_REMOVE)
        return &plan->removed[group->node.index];
    return &plan->changed[is_targeted ? group->target.index : group->node.index];
}

static bool join_group(Plan *plan, uint32_t number, const Group *wanted, NodeId node)
{
    EditFile *file = plan->file;
    Change *change = &plan->changes[number];
    uint32_t *slot = slot_of(plan, wanted);

    if (*slot == 0) {
        ARRAY_GROW(file->arena, plan->groups, plan->count, plan->capacity);
        plan->groups[plan->count++] = *wanted;
        *slot = plan->count;
    }
    Group *group = &plan->groups[*slot - 1];
    if (!is_same_group(group, wanted) ||
        (takes_one_value(group) && group->nvalues && !has_value(group, change->value)))
        return change_refuse(change, "another fix changes the same place");
    if (group->kind == GROUP_REMOVE) {
        ARRAY_GROW(file->arena, group->children, group->nchildren,
                   group->children_capacity);
        group->children[group->nchildren++] = node;
    } else if (group->kind != GROUP_MOVE && !has_value(group, change->value)) {
        ARRAY_GROW(file->arena, group->values, group->nvalues, group->values_capacity);
        group->values[group->nvalues++] = change->value;
    }
    plan->change_groups[number] = *slot;
    return true;
}

static int by_index(const void *left, const void *right)
{
    uint32_t one = ((const NodeId *)left)->index;
    uint32_t other = ((const NodeId *)right)->index;

    return (one > other) - (one < other);
}

static void sort_children(Group *group)
{
    uint32_t count = 0;

    if (group->nchildren == 0)
        return;
    qsort(group->children, group->nchildren, sizeof(NodeId), by_index);
    for (uint32_t i = 0; i < group->nchildren; i++) {
        if (i == 0 || group->children[i].index != group->children[count - 1].index)
            group->children[count++] = group->children[i];
    }
    group->nchildren = count;
}

/* --- groups to edits --- */

static bool plan_addition(EditFile *file, Group *group)
{
    const Node *container = tree_node(file->tree, group->node);
    uint32_t count = group->kind == GROUP_ITEMS ? group->nvalues : 1;
    Text *texts = ARENA_ARRAY(file->arena, count, Text);
    bool is_flow = edit_is_flow(file, container);

    if (group->kind == GROUP_ITEMS) {
        NodeStyle style = list_style(file, group->node);

        for (uint32_t i = 0; i < count; i++)
            texts[i] = scalar_written(file, style, group->values[i], group->is_word);
    } else {
        Text key = scalar_written(file, STYLE_PLAIN, group->key, false);
        Text value =
            group->kind == GROUP_LIST
                ? list_written(file, group)
                : scalar_written(file, STYLE_PLAIN, group->values[0], group->is_word);

        texts[0] =
            arena_format(file->arena, "%.*s: %.*s", TEXT_ARG(key), TEXT_ARG(value));
    }
    return (is_flow ? plan_flow_add : plan_block_add)(file, group, group->node, texts,
                                                      count);
}

static bool plan_group(EditFile *file, Group *group)
{
    const Node *node = tree_node(file->tree, group->node);

    switch (group->kind) {
    case GROUP_VALUE:
    case GROUP_FILL:
        return plan_value(file, group);
    case GROUP_KEY:
        return plan_key(file, group);
    case GROUP_REMOVE:
        sort_children(group);
        return edit_is_flow(file, node) ? plan_flow_remove(file, group)
                                        : plan_block_remove(file, group);
    case GROUP_ITEMS:
    case GROUP_LIST:
    case GROUP_MEMBER:
        return plan_addition(file, group);
    case GROUP_MOVE:
        return plan_move(file, group);
    }
    return false;
}

/* --- edits that meet --- */

typedef struct Placed {
    Edit edit;
    uint32_t group, order;
} Placed;

static int by_place(const void *left, const void *right)
{
    const Placed *one = left, *other = right;

    if (one->edit.span.start != other->edit.span.start)
        return one->edit.span.start < other->edit.span.start ? -1 : 1;
    if (one->edit.span.end != other->edit.span.end)
        return one->edit.span.end < other->edit.span.end ? -1 : 1;
    return (one->order > other->order) - (one->order < other->order);
}

/* Two removals may touch; where something is inserted nothing else may end or begin. */
static bool meets(Span one, Span other)
{
    bool is_place = one.start == one.end || other.start == other.end;

    return is_place ? one.start <= other.end && other.start <= one.end
                    : one.start < other.end && other.start < one.end;
}

static Placed *place_edits(const Plan *plan, uint32_t *count)
{
    uint32_t capacity = 0;

    *count = 0;
    for (uint32_t i = 0; i < plan->count; i++)
        capacity += plan->groups[i].nedits;
    Placed *placed = ARENA_ARRAY(plan->file->arena, capacity, Placed);
    for (uint32_t i = 0; i < plan->count; i++) {
        const Group *group = &plan->groups[i];

        for (uint32_t j = 0; j < group->nedits && !group->refused; j++) {
            placed[*count] = (Placed){group->edits[j], i, *count};
            ++*count;
        }
    }
    if (*count)
        qsort(placed, *count, sizeof(*placed), by_place);
    return placed;
}

/* Of two groups that meet the later one is refused. */
static void refuse_meeting(Plan *plan, const Placed *placed, uint32_t count)
{
    const Placed *last = NULL; /* the one that reaches furthest so far */

    for (uint32_t i = 0; i < count; i++) {
        const Placed *at = &placed[i];
        bool meet =
            last && last->group != at->group && meets(last->edit.span, at->edit.span);

        if (plan->groups[at->group].refused)
            continue;
        if (meet) {
            uint32_t later = last->group > at->group ? last->group : at->group;

            (void)group_refuse(&plan->groups[later],
                               "another fix changes the same place");
            if (later == at->group)
                continue;
        }
        if (!last || meet || at->edit.span.end >= last->edit.span.end)
            last = at;
    }
}

static void collect(const Plan *plan, EditPlan *result)
{
    uint32_t count;
    Placed *placed = place_edits(plan, &count);
    Edit *edits = ARENA_ARRAY(plan->file->arena, count, Edit);

    for (uint32_t i = 0; i < count; i++)
        edits[i] = placed[i].edit;
    result->edits = edits;
    result->count = count;
    result->after = edits_apply(plan->file->arena, plan->file->bytes, edits, count);
}

static void refuse_changes(const Plan *plan, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t group = plan->change_groups[i];

        if (group && !plan->changes[i].refused)
            plan->changes[i].refused = plan->groups[group - 1].refused;
    }
}

static bool is_as_meant(const Plan *plan, EditPlan *result)
{
    collect(plan, result);
    return result->count == 0 ||
           edit_is_as_meant(plan->file, plan->groups, plan->count, result->after);
}

enum { GROUPS_ALONE = 64 }; /* that are looked at one by one in a file */

/* The file would not read as it should: the groups that are at fault by themselves are
 * refused; all of them, when that is not enough. */
static void refuse_faulty(const Plan *plan, EditPlan *result)
{
    const char *why = "the file would not read as it should";

    for (uint32_t i = 0; i < plan->count && plan->count <= GROUPS_ALONE; i++) {
        Plan alone = *plan;

        alone.groups = &plan->groups[i];
        alone.count = 1;
        if (!is_as_meant(&alone, result))
            (void)group_refuse(&plan->groups[i], why);
    }
    if (plan->count <= GROUPS_ALONE && is_as_meant(plan, result))
        return;
    for (uint32_t i = 0; i < plan->count; i++) {
        if (!plan->groups[i].refused)
            (void)group_refuse(&plan->groups[i], why);
    }
    collect(plan, result);
}

bool edit_plan(EditFile *file, Change *changes, uint32_t count, EditPlan *result)
{
    uint32_t nodes = file->tree ? file->tree->count : 0, nplaced;
    Plan plan = {.file = file, .changes = changes};

    plan.change_groups = ARENA_ARRAY(file->scratch, count, uint32_t);
    plan.removed = ARENA_ARRAY(file->scratch, nodes, uint32_t);
    plan.changed = ARENA_ARRAY(file->scratch, nodes, uint32_t);
    for (uint32_t i = 0; i < count; i++) {
        Group group = {0};
        NodeId node;

        if (change_resolve(file, &changes[i], &node, &group))
            (void)join_group(&plan, i, &group, node);
    }
    for (uint32_t i = 0; i < plan.count; i++)
        (void)plan_group(file, &plan.groups[i]);
    const Placed *placed = place_edits(&plan, &nplaced);
    refuse_meeting(&plan, placed, nplaced);
    bool is_right = is_as_meant(&plan, result);
    if (!is_right)
        refuse_faulty(&plan, result);
    refuse_changes(&plan, count);
    arena_reset(file->scratch);
    return is_right;
}
