/*
 * compile.h: the pipeline: files to trees to facts to rows to findings.
 *
 * compile() is the only caller of every phase, in one direction. A Compilation owns
 * everything that was read; main prints from it. Limits stand here, all of them.
 */
#ifndef BERTH_COMPILE_H
#define BERTH_COMPILE_H

#include "base/files.h"
#include "facts/facts.h"
#include "facts/workspace.h"
#include "report/report.h"

enum {
    COMPILE_MEMORY_MIB = 4096, /* of one compilation */
    REPORT_MEMORY_MIB = 2048   /* of what is printed of it */
};

typedef struct CompileOptions {
    Text path;              /* the workspace's directory */
    const FileStore *store; /* NULL, or its files instead */
    const OpenFile *open;   /* by path: what an editor has not saved */
    uint32_t nopen;
    const FileStore *policy; /* NULL, or whose berth.yaml and rules judge it */
    Text repository, visibility, environment_repository; /* see WorkspaceOptions */
    Text configuration; /* only this one, relative to its repository; empty: all */
    Text platform;      /* empty: linux/amd64 */
    Text user;          /* --user; empty: nobody in particular */
    uint32_t today;     /* since 1970-01-01; when has_today */
    bool has_today;     /* else nothing has an age */
    Text target;        /* of a plan: codespaces, actions, local; empty: no plan */
    Text asked_repository, asked_image; /* `why`; empty: nothing is asked */
    const Text *rules;                  /* --rules */
    uint32_t nrules;
    const struct RuleSet *compiled; /* rules that were compiled before; NULL: none */
    const Text *mandatory;          /* --mandatory: globs of rules */
    uint32_t nmandatory;
    bool asks_cut; /* `cut`: removals are derived */
    Text
        graph_of; /* its nodes and edges are derived: of all "access", or as far as it is
                      judged for the "findings"; empty: none */
    bool facts_only; /* no rule is run */
    bool notes_held; /* which clauses' bodies held is wanted */
} CompileOptions;

typedef struct Compilation {
    const CompileOptions *options;
    Arena *arena;
    Symbols *symbols;
    Sources *sources;
    Diags *diags;
    Files *files;
    Files *policy; /* its berth.yaml and rules: `files`, but with a policy's store */
    Facts *facts;
    Workspace *workspace;
    uint32_t rules_after; /* the rule files are sources (rules_after, rules_until] */
    uint32_t rules_until;
    Catalogue catalogue;
    DlProgram *program;
    DlDatabase *database;
    bool *held;           /* by clause; NULL: not wanted, or no rule was run */
    Text asked_reference; /* canonical; empty: the image is no reference */
    Text asked_repository, asked_configuration;
    Report report;      /* without findings: see findings_collect */
    const char *failed; /* why nothing was read: the directory does not exist, ... */
    bool
        rules_changed; /* they are not options->compiled any more: nothing was analysed */
    bool is_cut_off;   /* a limit was met: what was not derived is not known */
    bool is_unusable;   /* a manifest, berth.yaml or a rule is wrong: exit 2 */
    bool is_incomplete; /* a limit was reached or a file is unreadable: exit 3 */
} Compilation;

/* `context` is a Compilation with its options and arena set: for arena_run. */
void compile(void *context);

/* Whether a source is a rule file. */
bool compile_is_rule_file(const Compilation *compilation, uint32_t file);

/* Everything that was read so far, as a report prints it. Also after an arena_run that
 * was left. */
void compile_report(Compilation *compilation, Arena *arena);

#endif
