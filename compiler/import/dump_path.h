/*
 * dump_path.h: which answer of the API a file holds, by its path.
 */
#ifndef BERTH_IMPORT_DUMP_PATH_H
#define BERTH_IMPORT_DUMP_PATH_H

#include "base/arena.h"

typedef enum DumpKind {
    DUMP_ACCOUNT,            /* an organization or a user */
    DUMP_REPOSITORIES,       /* a list of repositories */
    DUMP_REPOSITORY,         /* one, with what it was forked from */
    DUMP_PACKAGES,           /* a list of packages, or one */
    DUMP_SECRETS,            /* every Codespaces secret of a holder */
    DUMP_SECRET,             /* one of them */
    DUMP_SECRET_REPOSITORIES /* the repositories that one of them is selected for */
} DumpKind;

/* Whom a path names. */
typedef enum HolderKind {
    HOLDER_ORGANIZATION,
    HOLDER_REPOSITORY,
    HOLDER_USER,
    HOLDER_ME /* the user whose token it was */
} HolderKind;

typedef struct DumpPath {
    DumpKind kind;
    HolderKind holder;
    const char
        *list; /* the key of a page's list; NULL: a page is an array or an item */
    Text owner, repository; /* as the path spells them; empty: it names none */
    Text name;              /* of a secret or a package; empty: of none */
} DumpPath;

/* False when it is no dump. Percent signs of a path are decoded. */
bool dump_path_read(Arena *arena, Text path, DumpPath *dump);

/* Whether a dump may lie in this directory or below it. */
bool dump_path_may_hold(Text directory);

/* Whether a directory is one of secrets that are not Codespaces secrets: those of
 * Actions, of Dependabot, of a deployment's environments. */
bool dump_path_is_of_other_secrets(Text directory);

#endif
