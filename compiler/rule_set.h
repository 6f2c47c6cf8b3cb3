/*
 * rule_set.h: the rules, compiled once for many compilations.
 *
 * A set holds the program and the catalogue with tables of their own, on which the tables
 * of a compilation are forked (see symbols_fork). It keeps what it was made of beside the
 * shipped rules, so that a compilation sees whether it still is what its workspace asks
 * for. Only rules without a mistake make a set.
 */
#ifndef BERTH_RULE_SET_H
#define BERTH_RULE_SET_H

#include "catalogue.h"
#include "compile.h"

enum { RULE_SET_MEMORY_MIB = 1024 };

typedef struct Texts {
    const Text *items;
    uint32_t count;
} Texts;

typedef struct RuleSet {
    Arena *arena;
    Symbols *symbols;
    Sources *sources; /* the rule files, and no others */
    Catalogue catalogue;
    DlProgram *program;
    Texts directories; /* of the workspace */
    Texts paths;       /* of the rule files that are not shipped */
    Texts bytes;       /* what they hold, in the same order */
} RuleSet;

/* The rules of a workspace, whose own directories are `directories`, and of `options`.
 * NULL when there is any mistake in them, or no memory. */
RuleSet *rule_set_new(const CompileOptions *options, Texts directories);
/* NULL is fine. */
void rule_set_free(RuleSet *set);

/* Whether a new set would be the same. What is read for it is in the arena. */
bool rule_set_is_current(const RuleSet *set, Arena *arena,
                         const CompileOptions *options, const Workspace *workspace);

/* Opens the workspace's own directories, which lie in `files`, and those of --rules: as
 * many as the result says. One that cannot be opened is a Diag. */
uint32_t rule_directories_open(Arena *arena, Symbols *symbols, Sources *sources,
                               Files *files, const CompileOptions *options, Texts own,
                               Diags *diags, RuleDirectory **directories);

#endif
