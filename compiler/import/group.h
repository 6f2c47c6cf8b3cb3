/*
 * group.h: things of one kind, counted, with the names of the first few.
 */
#ifndef BERTH_IMPORT_GROUP_H
#define BERTH_IMPORT_GROUP_H

#include "base/buffer.h"

enum { GROUP_NAMES = 5 };

typedef struct Group {
    Text says; /* what they have in common */
    Text first[GROUP_NAMES];
    uint32_t count;
} Group;

typedef struct Groups {
    Group *items; /* in the order in which they came up */
    uint32_t count, capacity;
} Groups;

/* `name` must outlive the group. */
void group_add(Group *group, Text name);
/* "a, b and 3 more" */
void group_add_names(const Group *group, Buffer *out);

/* The group that says this; a new one, which copies the text, when there is none. Valid
 * until the next one is asked for. For a few groups: they are looked through. */
Group *groups_get(Groups *groups, Arena *arena, Text says);

#endif
