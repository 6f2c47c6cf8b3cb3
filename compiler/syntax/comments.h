/*
 * comments.h: the comments that speak to berth, and what they speak of.
 *
 * For the readers, which alone know what is a comment and not part of a string or of a
 * heredoc. A comment that begins with "berth:" is kept. It covers the node that follows
 * it (a member with its key, an item, an instruction, an entry, with all that is nested
 * in it), or, where it stands behind something and ends the line, that line. What it
 * asks for goes to the file's Ignores; what is wrong with it goes with it.
 */
#ifndef BERTH_SYNTAX_COMMENTS_H
#define BERTH_SYNTAX_COMMENTS_H

#include "base/ignore.h"
#include "syntax/tree.h"

typedef struct Comment {
    uint32_t start, end; /* bytes, marks included, the line's end not */
    bool is_behind;      /* something that is no comment stands before it in its line */
    uint32_t covers_start, covers_end; /* equal: nothing */
} Comment;

typedef struct Comments {
    Arena *arena;
    Text bytes;     /* of the file */
    Comment *items; /* by place: those that begin with "berth:" */
    uint32_t count, capacity;
    uint32_t settled; /* so many of them cover something, or nothing */
} Comments;

/* The next comment of the file; forgotten when it does not speak to berth. */
void comments_add(Comments *comments, uint32_t start, uint32_t end, bool is_behind);

/* Whether something stands before `at` in its line, but blanks and "-". */
bool comments_is_behind(Text bytes, uint32_t at);

/* A node [start, end) was read: what stands before it covers it, and what stands in it
 * covers the rest of it. For files without nesting, in their order. */
void comments_settle(Comments *comments, uint32_t start, uint32_t end);

/* Every comment covers what the tree says. */
void comments_settle_tree(Comments *comments, const Tree *tree);

/* Reads the comments and hands them up. Nothing follows one that is not settled. */
void comments_hand_up(Comments *comments, Sources *sources, uint32_t file);

/* The same of a file inside another one, where there is no place for a scope: each is
 * handed up as one that silences nothing. */
void comments_hand_up_inline(const Comments *comments, Sources *sources, Span inside);

#endif
