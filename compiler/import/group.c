#include "import/group.h"

#include "import/yaml_text.h"

void group_add(Group *group, Text name)
{
    if (group->count < GROUP_NAMES)
        group->first[group->count] = name;
    group->count++;
}

void group_add_names(const Group *group, Buffer *out)
{
    uint32_t shown = group->count < GROUP_NAMES ? group->count : GROUP_NAMES;

    for (uint32_t i = 0; i < shown; i++) {
        const char *before = i == 0                                    ? ""
                             : i + 1 == group->count && shown == i + 1 ? " and "
                                                                       : ", ";

        buffer_add(out, text_of(before));
        yaml_text_add_line(out, group->first[i]);
    }
    if (group->count > shown)
        buffer_format(out, " and %u more", group->count - shown);
}

Group *groups_get(Groups *groups, Arena *arena, Text says)
{
    enum { GROUPS_MAX = 64 }; /* what comes then is of the last one */

    for (uint32_t i = 0; i < groups->count; i++) {
        if (text_equal(groups->items[i].says, says))
            return &groups->items[i];
    }
    if (groups->count == GROUPS_MAX)
        return &groups->items[GROUPS_MAX - 1];
    ARRAY_GROW(arena, groups->items, groups->count, groups->capacity);
    Group *group = &groups->items[groups->count++];
    *group = (Group){.says = groups->count == GROUPS_MAX ? TEXT("and more")
                                                         : arena_copy(arena, says)};
    return group;
}
