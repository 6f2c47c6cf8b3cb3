/*
 * edit_parts.h: what the parts of edit.h share.
 *
 * Private to them. Changes that belong together (all that is removed from one list, all
 * that is added to one) are a Group; a Group becomes edits as a whole, or is refused with
 * a reason. Offsets are bytes of the file.
 */
#ifndef BERTH_SYNTAX_EDIT_PARTS_H
#define BERTH_SYNTAX_EDIT_PARTS_H

#include "base/buffer.h"
#include "syntax/edit.h"
#include "syntax/syntax.h"

typedef enum GroupKind {
    GROUP_VALUE,  /* node: the scalar that is replaced */
    GROUP_KEY,    /* node: the member whose key is replaced */
    GROUP_REMOVE, /* node: the container */
    GROUP_ITEMS,  /* node: the list that is added to */
    GROUP_FILL,   /* node: the null that becomes a list */
    GROUP_LIST,   /* node: the mapping that gets `key` with a list */
    GROUP_MEMBER, /* node: the mapping that gets `key` with a scalar */
    GROUP_MOVE    /* node: the member */
} GroupKind;

typedef struct Group {
    GroupKind kind;
    NodeId node;
    Text key;
    bool is_word;
    NodeId target; /* GROUP_MOVE: the mapping it goes to; none: it is made */
    Text *values;  /* each once */
    uint32_t nvalues, values_capacity;
    NodeId *children; /* GROUP_REMOVE: by place, each once */
    uint32_t nchildren, children_capacity;
    Edit *edits;
    uint32_t nedits, edits_capacity;
    const char *refused;
} Group;

struct EditFile {
    Arena *arena, *scratch;
    Sources *sources;
    uint32_t file;
    Text bytes;
    Tree *tree;
    bool is_yaml;
    const char *refused; /* why nothing of it can be changed; NULL: it can */
    Text newline;        /* "\n" or "\r\n" */
    uint32_t *targets;   /* targets[i]: nodes before i that an alias repeats */
};

#define EDIT_NOWHERE UINT32_MAX

void group_add_edit(const EditFile *file, Group *group, uint32_t start, uint32_t end,
                    Text text);
/* `return group_refuse(...)`: always false. */
bool group_refuse(Group *group, const char *why);

/* --- edit_resolve.c --- */

/* Which node a change is about, and the group that it belongs to, without values and
 * children. False: it was refused. */
bool change_resolve(const EditFile *file, Change *change, NodeId *node, Group *group);
/* `return change_refuse(...)`: always false. */
bool change_refuse(Change *change, const char *why);

/* --- edit_scalar.c --- */

/* A scalar as it is written in this file. `style` is that of what stood there, or of its
 * neighbour; what that style cannot hold gets double quotes. */
Text scalar_written(const EditFile *file, NodeStyle style, Text value, bool is_word);
/* The style that a new item of the list has: its last string's. */
NodeStyle list_style(const EditFile *file, NodeId list);
/* "[a, b]" */
Text list_written(const EditFile *file, const Group *group);
bool plan_value(EditFile *file, Group *group);
bool plan_key(EditFile *file, Group *group);

/* --- edit_lines.c: places in the bytes --- */

uint32_t edit_line_start(const EditFile *file, uint32_t at);
/* Behind the line's LF, or the end of the file. */
uint32_t edit_next_line(const EditFile *file, uint32_t at);
/* Where the line's LF or CRLF stands, if from `at` on only blanks and one comment stand
 * before it; else EDIT_NOWHERE. */
uint32_t edit_rest_of_line(const EditFile *file, uint32_t at);
bool edit_is_indented(const EditFile *file, uint32_t at); /* only blanks before it */
/* Passes over blanks, line ends and comments. */
uint32_t edit_skip(const EditFile *file, uint32_t at);
/* Behind the colon of a member's key; EDIT_NOWHERE when it is not found. */
uint32_t edit_behind_colon(const EditFile *file, const Node *member);
bool edit_is_flow(const EditFile *file, const Node *container);
/* Where an item or a member begins: its key, or itself. */
uint32_t edit_begin(const Node *child);

/* --- edit_flow.c, edit_block.c: containers in brackets, and those by indentation --- */

bool plan_flow_remove(EditFile *file, Group *group);
bool plan_block_remove(EditFile *file, Group *group);
/* Adds texts ("a", "key: [a]", ...) behind the last child of a container. */
bool plan_flow_add(EditFile *file, Group *group, NodeId container, const Text *texts,
                   uint32_t count);
bool plan_block_add(EditFile *file, Group *group, NodeId container, const Text *texts,
                    uint32_t count);
bool plan_move(EditFile *file, Group *group);

/* --- edit_check.c --- */

/* Whether `after` reads as the tree that the groups mean. */
bool edit_is_as_meant(EditFile *file, const Group *groups, uint32_t count, Text after);

#endif
