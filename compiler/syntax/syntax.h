/*
 * syntax.h: the readers. Bytes in, a located tree out; none of them fails.
 *
 * What a reader had to repair is in the Diags ("input/syntax",
 * "input/duplicate-key"), each at its place, and the tree holds what was
 * recovered. None uses the C stack for nesting beyond TREE_DEPTH.
 */
#ifndef BERTH_SYNTAX_SYNTAX_H
#define BERTH_SYNTAX_SYNTAX_H

#include "base/diag.h"
#include "base/source.h"
#include "syntax/tree.h"

enum {
    TREE_DEPTH = 512,        /* nesting; deeper is reported and skipped */
    TREE_NODES_MAX = 4 << 20 /* nodes of one file */
};

/* JSON with comments and trailing commas, read as the reference reader of dev
 * containers (jsonc-parser) reads it: reference/inputs.md 1.2 has the table of
 * what it recovers from, and every recovery but comments and trailing commas is
 * said. */
Tree *jsonc_read(Arena *arena, Sources *sources, uint32_t file, Diags *diags);

/* RFC 8259 to the letter: every deviation is said, comments and trailing commas
 * included. A key that stands twice is said too. The tree is the same. */
Tree *json_read(Arena *arena, Sources *sources, uint32_t file, Diags *diags);

/* Values one after another, as a program prints pages; each to the letter. Each is a
 * root, as a document of YAML. A member whose key is none of `keys` (ended by NULL) is
 * checked and left out of the tree, so that of a large file little is kept. */
Tree *json_read_values(Arena *arena, Sources *sources, uint32_t file, Diags *diags,
                       const char *const *keys);

/* YAML, by libyaml's events. Scalars by the core schema of YAML 1.2. */
Tree *yaml_read(Arena *arena, Sources *sources, uint32_t file, Diags *diags);

/* The same of the bytes `part` alone, as if the file were nothing else; every span is
 * still one of the whole file. */
Tree *yaml_read_part(Arena *arena, Sources *sources, Span part, Diags *diags);

#endif
