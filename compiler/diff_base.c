#include "diff_base.h"

bool diff_base_open(DiffBase *base, Arena *arena, Text revision, CompileOptions *wanted,
                    Text *problem)
{
    *base = (DiffBase){.arena = arena, .revision = revision};
    base->commit = git_commit_open(arena, wanted->path, revision, problem);
    if (!base->commit)
        return false;
    base->options = *wanted;
    base->options.store = git_commit_files(base->commit);
    wanted->policy = base->options.store;
    return true;
}

/* A commit has no .git/config that says which repository it is of. */
static Text repository_of(const Compilation *now)
{
    const Workspace *workspace = now->workspace;

    return workspace && workspace->ncheckouts == 1 &&
                   workspace->checkouts[0].root.len == 0
               ? workspace->checkouts[0].repository
               : now->options->environment_repository;
}

bool diff_base_compile(DiffBase *base, const Compilation *now)
{
    base->options.environment_repository = repository_of(now);
    base->cc = (Compilation){.options = &base->options, .arena = base->arena};
    return arena_run(base->arena, compile, &base->cc);
}

static bool has_manifest(const Compilation *cc, Text path)
{
    for (uint32_t i = 0; i < cc->workspace->nmanifests; i++) {
        if (text_equal(source_path(cc->sources, cc->workspace->manifests[i]), path))
            return true;
    }
    return false;
}

Text diff_base_lost_manifest(const DiffBase *base, const Compilation *now)
{
    const Workspace *before = base->cc.workspace;

    for (uint32_t i = 0; before && now->workspace && i < before->nmanifests; i++) {
        Text path = source_path(base->cc.sources, before->manifests[i]);

        if (!has_manifest(now, path))
            return path;
    }
    return TEXT("");
}
