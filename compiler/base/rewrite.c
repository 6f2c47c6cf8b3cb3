#include "base/rewrite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Target {
    Arena *arena;
    int directory; /* that holds the file; -1: not open */
    const char *name;
    struct stat status; /* of the file, as it was read again */
    Text *problem;
} Target;

static bool refuse(const Target *target, Text why)
{
    *target->problem = why;
    return false;
}

static bool failed(const Target *target, const char *what)
{
    return refuse(target, arena_format(target->arena, "%s: %s", what, strerror(errno)));
}

/* A submodule's ".git" is a file that names a directory of the outer repository's
 * modules; that of a worktree names one of its worktrees. */
static bool is_submodule(int directory)
{
    char bytes[4096];
    int file =
        openat(directory, ".git", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (file < 0)
        return false;
    ssize_t len = read(file, bytes, sizeof(bytes));
    (void)close(file);
    Text text = {bytes, len > 0 ? (size_t)len : 0};
    return text_starts_with(text, TEXT("gitdir:")) &&
           text_find(text, TEXT("/modules/")) < text.len;
}

static bool enter(Target *target, Text part)
{
    Text name = arena_copy(target->arena, part);
    int next = openat(target->directory, name.at,
                      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int error = errno;

    (void)close(target->directory);
    target->directory = next;
    errno = error;
    if (next < 0)
        return error == ELOOP || error == ENOTDIR
                   ? refuse(target, TEXT("is reached by a symbolic link, which is not "
                                         "followed to write"))
                   : failed(target, "cannot be reached");
    return !is_submodule(next) ||
           refuse(target, TEXT("lies in a submodule; fix it in that repository"));
}

/* The directory of the file, entered step by step. */
static bool open_target(Target *target, Text directory, Text path)
{
    Text root = arena_copy(target->arena, directory.len ? directory : TEXT("."));
    Text rest = path, part;

    target->directory = open(root.at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (target->directory < 0)
        return failed(target, "cannot be reached");
    for (bool done = false; text_next_part(&rest, '/', &part, &done);) {
        if (done)
            target->name = arena_copy(target->arena, part).at;
        else if (!enter(target, part))
            return false;
    }
    return true;
}

static void close_target(const Target *target)
{
    if (target->directory >= 0)
        (void)close(target->directory);
}

static bool check_place(Target *target)
{
    if (fstatat(target->directory, target->name, &target->status,
                AT_SYMLINK_NOFOLLOW) != 0)
        return failed(target, "cannot be read again");
    if (S_ISLNK(target->status.st_mode))
        return refuse(target,
                      TEXT("is a symbolic link, which is not followed to write"));
    if (!S_ISREG(target->status.st_mode))
        return refuse(target, TEXT("is not a regular file"));
    return faccessat(target->directory, target->name, W_OK, 0) == 0 ||
           refuse(target, TEXT("may not be written"));
}

/* Whether the file's bytes are those that were read before. */
static bool is_unchanged(const Target *target, Text before)
{
    char bytes[8192];
    size_t at = 0;
    ssize_t len = 0;
    int file = openat(target->directory, target->name,
                      O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

    if (file < 0)
        return false;
    while ((len = read(file, bytes, sizeof(bytes))) != 0) {
        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0 || !text_equal(text_slice(before, at, at + (size_t)len),
                                   (Text){bytes, (size_t)len}))
            break;
        at += (size_t)len;
    }
    (void)close(file);
    return len == 0 && at == before.len;
}

static bool write_all(int file, Text bytes)
{
    size_t at = 0;

    while (at < bytes.len) {
        ssize_t some = write(file, bytes.at + at, bytes.len - at);

        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            return false;
        at += (size_t)some;
    }
    return true;
}

/* The owner stays where the writer may say so; the mode always. */
static bool write_part(const Target *target, const char *part, Text after)
{
    int file = openat(target->directory, part,
                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (file < 0)
        return failed(target, "cannot be written");
    bool is_same_owner =
        fchown(file, target->status.st_uid, target->status.st_gid) == 0;
    mode_t mode = target->status.st_mode & (is_same_owner ? 07777 : 0777);
    bool written = write_all(file, after) && fchmod(file, mode) == 0;
    int error = errno;
    if (close(file) != 0 && written) {
        written = false;
        error = errno;
    }
    errno = error;
    return written || failed(target, "cannot be written");
}

static bool is_same_file(const Target *target)
{
    struct stat now;
    const struct stat *then = &target->status;

    return fstatat(target->directory, target->name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
           now.st_ino == then->st_ino && now.st_dev == then->st_dev &&
           now.st_size == then->st_size && now.st_mtim.tv_sec == then->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == then->st_mtim.tv_nsec;
}

static bool replace(Target *target, Text before, Text after)
{
    Text part =
        arena_format(target->arena, "%s.%ld.part", target->name, (long)getpid());
    Text changed = TEXT("was changed while it was checked");

    if (!is_unchanged(target, before))
        return refuse(target, changed);
    bool written = write_part(target, part.at, after);
    if (written && !is_same_file(target))
        written = refuse(target, changed);
    if (written &&
        renameat(target->directory, part.at, target->directory, target->name) != 0)
        written = failed(target, "cannot be written");
    if (!written)
        (void)unlinkat(target->directory, part.at, 0);
    return written;
}

bool rewrite_file(Arena *arena, Text directory, Text path, Text before, Text after,
                  Text *problem)
{
    Target target = {.arena = arena, .directory = -1, .problem = problem};
    bool written = open_target(&target, directory, path) && check_place(&target) &&
                   replace(&target, before, after);

    close_target(&target);
    return written;
}

bool rewrite_may(Arena *arena, Text directory, Text path, Text *problem)
{
    Target target = {.arena = arena, .directory = -1, .problem = problem};
    bool may = open_target(&target, directory, path) && check_place(&target);

    close_target(&target);
    return may;
}
