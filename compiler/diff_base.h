/*
 * diff_base.h: what a change is compared with, compiled: `--diff-base`.
 *
 * The state before judges the change: its berth.yaml and its rules hold for both, so
 * that no change silences what it brings. Where these cannot be used, there is nothing
 * to judge by, and the workspace's own hold.
 */
#ifndef BERTH_DIFF_BASE_H
#define BERTH_DIFF_BASE_H

#include "compile.h"
#include "git.h"

typedef struct DiffBase {
    Arena *arena;
    Text revision; /* as it was given */
    GitCommit *commit;
    CompileOptions options;
    Compilation cc;
} DiffBase;

/* Opens the commit, and makes its berth.yaml and rules those of `wanted`. False with
 * *problem set when there is no such commit. The arena must outlive all compilations. */
bool diff_base_open(DiffBase *base, Arena *arena, Text revision, CompileOptions *wanted,
                    Text *problem);

/* Compiles the state before, as `now`, which was compiled before, is to be compared
 * with it. False when it needs too much memory. */
bool diff_base_compile(DiffBase *base, const Compilation *now);

/* A manifest that the state before was judged by and `now` was not: what it says is lost.
 * Empty: none. After both were compiled. */
Text diff_base_lost_manifest(const DiffBase *base, const Compilation *now);

#endif
