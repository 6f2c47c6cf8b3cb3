/*
 * tree.h: the located tree that JSONC and YAML are read into.
 *
 * Nodes lie in one array; a NodeId is an index, 0 is "none" (a node of kind
 * NODE_NONE, so that every question may be asked of it). Spans are bytes of the
 * file. `text` is decoded: a string without quotes and escapes (any bytes, a NUL
 * included), a number or a word as it is written. An object's children carry a
 * key; a key that stands twice stays twice, tree_find gives the last, as the
 * reference readers do. What a reader could not make sense of is not in the tree,
 * but in the Diags.
 */
#ifndef BERTH_SYNTAX_TREE_H
#define BERTH_SYNTAX_TREE_H

#include "base/diag.h"
#include "base/source.h"
#include "base/text.h"

typedef enum NodeKind {
    NODE_NONE,
    NODE_NULL,
    NODE_BOOLEAN,
    NODE_NUMBER,
    NODE_STRING,
    NODE_ARRAY,
    NODE_OBJECT,
    NODE_ALIAS /* YAML "*name": see `target` */
} NodeKind;

typedef enum NodeStyle {
    STYLE_PLAIN,  /* YAML plain, and JSON words and numbers */
    STYLE_SINGLE, /* 'x' */
    STYLE_DOUBLE, /* "x", and every JSON string */
    STYLE_LITERAL,
    STYLE_FOLDED
} NodeStyle;

typedef struct NodeId {
    uint32_t index;
} NodeId;

typedef struct Node {
    NodeKind kind;
    NodeStyle style;
    uint32_t start, end;         /* the value, quotes and brackets included */
    uint32_t key_start, key_end; /* the same of its key, in an object */
    Text key;
    Text text; /* of a scalar */
    Text tag;  /* YAML, as written ("!reset"); else empty */
    NodeId parent, first, last, next;
    uint32_t count; /* children */
    NodeId target;  /* what an alias stands for, always an earlier node */
    bool is_merge;  /* YAML: this member's key is a plain "<<" */
} Node;

typedef struct Tree {
    uint32_t file;
    Node *nodes; /* nodes[0] is "none" */
    uint32_t count, capacity;
    NodeId root; /* of the first document; further documents follow by `next` */
} Tree;

const Node *tree_node(const Tree *tree, NodeId id);
Span tree_span(const Tree *tree, NodeId id);     /* of the value */
Span tree_key_span(const Tree *tree, NodeId id); /* of the key */
/* Key and value together: what a finding about a member underlines. */
Span tree_member_span(const Tree *tree, NodeId id);

/* The node itself, or what its alias stands for. */
NodeId tree_resolve(const Tree *tree, NodeId id);
/* The kind of the resolved node. */
NodeKind tree_kind(const Tree *tree, NodeId id);

/* The value of a key; the last one when it stands twice; in YAML also what merge
 * keys bring (an explicit key wins, of several merged maps the first). NONE when
 * `object` is not an object or has no such key. Compared by byte. */
NodeId tree_find(const Tree *tree, NodeId object, Text key);
/* tree_find along a path of keys, ended by NULL. */
NodeId tree_find_path(const Tree *tree, NodeId object, const char *const *path);

NodeId tree_first(const Tree *tree, NodeId container); /* child, alias resolved */
NodeId tree_next(const Tree *tree, NodeId child);
/*     for (NodeId at = tree_first(tree, list); at.index; at = tree_next(tree, at)) */

bool tree_is_string(const Tree *tree, NodeId id);
/* The text of a string, else an empty text. */
Text tree_string(const Tree *tree, NodeId id);
/* The text of any scalar (string, number, boolean), else an empty text. */
Text tree_scalar(const Tree *tree, NodeId id);
/* "true" or "false"; false when it is neither. */
bool tree_boolean(const Tree *tree, NodeId id, bool *value);

/* For the readers: an empty tree, with room for the nodes of a file of so many bytes. */
Tree *tree_new(Arena *arena, uint32_t file, size_t bytes);

/* For the readers: a new node, linked as the last child of `parent` (or of
 * nothing when that is 0). */
NodeId tree_add(Tree *tree, Arena *arena, NodeId parent, Node node);

/* For the readers: says of an object's keys which stand twice ("input/duplicate-key");
 * the last one counts. */
void tree_report_duplicates(const Tree *tree, Arena *arena, NodeId object,
                            Diags *diags);

/* The tree as S-expressions, one node a line, with spans: a golden's form. Secret
 * spans are not shown. */
void tree_dump(const Tree *tree, Sources *sources, Buffer *out);

#endif
