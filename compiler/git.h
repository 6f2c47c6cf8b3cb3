/*
 * git.h: the files of a commit, through the program git.
 *
 * The one child process of the compiler, for --diff-base: started without a shell,
 * told to use no network, no replaced objects and no locks, and asked for nothing that
 * runs what a repository configures (no hook, filter, external diff or text conversion).
 * Blobs are read one by one, as they are asked for.
 */
#ifndef BERTH_GIT_H
#define BERTH_GIT_H

#include "base/files.h"

typedef struct GitCommit GitCommit;

/* The commit that the work tree around `directory` began from, as far as `revision` goes:
 * the merge base of HEAD and `revision`, or `revision` itself where there is none (a
 * shallow clone). NULL with *problem set when git is not there, the directory is in no
 * repository, or the revision is none. The arena ends it. */
GitCommit *git_commit_open(Arena *arena, Text directory, Text revision, Text *problem);

Text git_commit_id(const GitCommit *commit); /* 40 or 64 hexadecimal digits */

/* The commit's files, of what lies in `directory`. Its reads give FILE_UNREADABLE when
 * git does not answer. */
const FileStore *git_commit_files(const GitCommit *commit);

/* Whether git gave every file that was read so far: a partial clone lacks some. */
bool git_commit_is_whole(const GitCommit *commit);

typedef enum CommitRead { COMMIT_READ, COMMIT_LACKS_IT, COMMIT_ELSEWHERE } CommitRead;

/* The file `path`, from this process's directory or absolute, as the commit has it.
 * COMMIT_ELSEWHERE: it lies outside of the commit's work tree. */
CommitRead git_commit_read(GitCommit *commit, Arena *arena, Text path, Text *bytes);

#endif
