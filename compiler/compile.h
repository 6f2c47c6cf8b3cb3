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
    Text path;                                           /* the workspace's directory */
    Text repository, visibility, environment_repository; /* see WorkspaceOptions */
    Text configuration; /* only this one, relative to its repository; empty: all */
    Text platform;      /* empty: linux/amd64 */
    Text user;          /* --user; empty: nobody in particular */
    Text target;        /* of a plan: codespaces, actions, local; empty: no plan */
    Text asked_repository, asked_image; /* `why`; empty: nothing is asked */
    const Text *rules;                  /* --rules */
    uint32_t nrules;
    bool facts_only; /* no rule is run */
} CompileOptions;

typedef struct Compilation {
    const CompileOptions *options;
    Arena *arena;
    Symbols *symbols;
    Sources *sources;
    Diags *diags;
    Files *files;
    Facts *facts;
    Workspace *workspace;
    Catalogue catalogue;
    DlProgram *program;
    DlDatabase *database;
    Text asked_reference; /* canonical; empty: the image is no reference */
    Text asked_repository, asked_configuration;
    Report report;      /* without findings: see findings_collect */
    const char *failed; /* why nothing was read: the directory does not exist, ... */
    bool is_unusable;   /* a manifest, berth.yaml or a rule is wrong: exit 2 */
    bool is_incomplete; /* a limit was reached or a file is unreadable: exit 3 */
} Compilation;

/* `context` is a Compilation with its options and arena set: for arena_run. */
void compile(void *context);

/* Everything that was read so far, as a report prints it. Also after an arena_run that
 * was left. */
void compile_report(Compilation *compilation, Arena *arena);

#endif
