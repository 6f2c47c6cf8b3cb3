/* flock is beyond POSIX's base: hence _DEFAULT_SOURCE. */
#define _DEFAULT_SOURCE
#include "locked_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "file_io.h"

enum { LOCK_WAIT = 20 /* ms between two tries */ };

Status locked_file_refuse(Run *run, Text path, const char *says)
{
    run_complain(run, "%.*s %s; it was not changed", TEXT_ARG(path), says);
    return STATUS_REFUSED;
}

static Status refuse_errno(Run *run, Text path, const char *what, int error)
{
    run_complain(run, "%.*s cannot be %s: %s", TEXT_ARG(path), what, strerror(error));
    return STATUS_REFUSED;
}

/* Makes what is missing of a directory's path, each mode 0700. */
static bool make_directories(Arena *arena, Text directory)
{
    char *path = arena_alloc(arena, directory.len + 1, 1);

    memcpy(path, directory.at, directory.len);
    for (size_t i = 1; i <= directory.len; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        char byte = path[i];

        path[i] = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return false;
        path[i] = byte;
    }
    return true;
}

static void close_directory(void *handle)
{
    LockedFile *locked = handle;

    if (locked->directory >= 0)
        (void)close(locked->directory);
    locked->directory = -1;
}

Status locked_file_close(LockedFile *locked, Status status)
{
    if (locked)
        close_directory(locked);
    return status;
}

/* Whether a directory that is not there could be made. */
static bool could_make(Arena *arena, Text directory)
{
    Text path = arena_copy(arena, directory);

    while (path.len && access(path.at, F_OK) != 0 && errno == ENOENT) {
        size_t slash = text_find_last_byte(path, '/');

        path = arena_copy(arena, text_slice(path, 0, slash < path.len ? slash : 0));
    }
    if (path.len == 0)
        path = text_starts_with(directory, TEXT("/")) ? TEXT("/") : TEXT(".");
    return faccessat(AT_FDCWD, path.at, W_OK | X_OK, AT_EACCESS) == 0;
}

/* *into is NULL, and the status OK, when the directory is not there, could be made,
 * and `make` does not ask for it. */
static Status open_file(Run *run, Text path, bool make, LockedFile **into)
{
    LockedFile *locked = ARENA_NEW(run->arena, LockedFile);
    size_t slash = text_find_last_byte(path, '/');
    Text directory = slash < path.len ? text_slice(path, 0, slash) : (Text){0};
    Text name = slash < path.len ? text_from(path, slash + 1) : path;
    struct stat status;

    *into = NULL;
    *locked = (LockedFile){path, arena_copy(run->arena, name), -1};
    if (locked->name.len == 0)
        return locked_file_refuse(run, path, "is not the name of a file");
    if (text_starts_with(path, TEXT("/")) && directory.len == 0)
        directory = TEXT("/");
    directory = arena_copy(run->arena, directory.len ? directory : TEXT("."));
    if (make && !make_directories(run->arena, directory))
        return refuse_errno(run, directory, "made", errno);
    locked->directory = open(directory.at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (locked->directory < 0 && !make && errno == ENOENT)
        return could_make(run->arena, directory)
                   ? STATUS_OK
                   : refuse_errno(run, directory, "made", errno);
    if (locked->directory < 0)
        return refuse_errno(run, directory, "opened", errno);
    arena_defer(run->arena, close_directory, locked);
    if (fstat(locked->directory, &status) != 0)
        return refuse_errno(run, directory, "looked at", errno);
    if (status.st_uid != geteuid() &&
        status.st_uid != 0) /* who replaces what is in it */
        return locked_file_refuse(run, directory, "belongs to another user");
    if ((status.st_mode & S_IWOTH) && !(status.st_mode & S_ISVTX))
        return locked_file_refuse(run, directory, "is a directory that all may write");
    if (faccessat(locked->directory, ".", W_OK | X_OK, AT_EACCESS) != 0)
        return refuse_errno(run, directory, "written in", errno);
    *into = locked;
    return STATUS_OK;
}

/* What a file beside the locked, or it, holds; nothing when it is not there. */
Status locked_file_read(Run *run, const LockedFile *locked, Text name, size_t limit,
                        Text *bytes)
{
    struct stat status;
    int file = openat(locked->directory, name.at,
                      O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    *bytes = (Text){0};
    if (file < 0 && errno == ENOENT)
        return STATUS_OK;
    if (file < 0 && errno == ELOOP)
        return locked_file_refuse(run, locked->path, "is a symbolic link");
    if (file < 0)
        return refuse_errno(run, locked->path, "opened", errno);
    bool foreign = fstat(file, &status) != 0 || status.st_uid != geteuid();
    FileProblem problem = file_read_all(run->arena, file, limit, bytes);
    (void)close(file);
    if (problem == FILE_NOT_REGULAR)
        return locked_file_refuse(run, locked->path, "is not a regular file");
    if (problem == FILE_BEYOND_LIMIT)
        return locked_file_refuse(
            run, locked->path,
            arena_format(run->arena, "is larger than %zu bytes", limit).at);
    if (problem == FILE_BROKEN)
        return locked_file_refuse(run, locked->path, "cannot be read");
    if (foreign)
        return locked_file_refuse(run, locked->path, "belongs to another user");
    return STATUS_OK;
}

static Status lock_file(Run *run, const LockedFile *locked, int64_t deadline)
{
    while (flock(locked->directory, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return refuse_errno(run, locked->path, "locked", errno);
        if (clock_now() >= deadline) {
            run_complain(run, "%.*s is locked by another run; it was not changed",
                         TEXT_ARG(locked->path));
            return STATUS_UNREACHABLE;
        }
        int signal = run_signal(run, LOCK_WAIT);
        if (signal)
            return (Status)(STATUS_SIGNAL + signal);
    }
    return STATUS_OK;
}

/* Written beside, under a name that only the holder of the lock uses: what a killed run
 * left there goes with the next. */
Status locked_file_replace(Run *run, const LockedFile *locked, Text name, Text bytes,
                           bool durable)
{
    Text beside = arena_format(run->arena, ".%.*s.berth-run", TEXT_ARG(locked->name));

    if (unlinkat(locked->directory, beside.at, 0) != 0 && errno != ENOENT)
        return refuse_errno(run, locked->path, "replaced", errno);
    int file = openat(locked->directory, beside.at,
                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return refuse_errno(run, locked->path, "replaced", errno);
    bool written = fchmod(file, 0600) == 0 && file_write_all(file, bytes) &&
                   (!durable || fsync(file) == 0);
    int error = errno;
    if (close(file) != 0 && written) {
        written = false;
        error = errno;
    }
    if (written &&
        renameat(locked->directory, beside.at, locked->directory, name.at) == 0) {
        if (durable)
            (void)fsync(locked->directory);
        return STATUS_OK;
    }
    if (written)
        error = errno;
    (void)unlinkat(locked->directory, beside.at, 0);
    return refuse_errno(run, locked->path, "replaced", error);
}

Status locked_file_look(Run *run, Text path, LockedFile **file)
{
    return open_file(run, path, false, file);
}

/* While the lock was waited for, another directory may have come to this name. */
static Status check_place(Run *run, const LockedFile *locked)
{
    size_t slash = text_find_last_byte(locked->path, '/');
    Text name =
        slash < locked->path.len ? text_slice(locked->path, 0, slash + 1) : TEXT(".");
    struct stat held, there;

    if (fstat(locked->directory, &held) == 0 &&
        stat(arena_copy(run->arena, name).at, &there) == 0 &&
        held.st_dev == there.st_dev && held.st_ino == there.st_ino)
        return STATUS_OK;
    return locked_file_refuse(run, locked->path, "is in a directory that was moved");
}

Status locked_file_open(Run *run, Text path, int64_t deadline, LockedFile **locked)
{
    Status status = open_file(run, path, true, locked);

    if (status == STATUS_OK)
        status = lock_file(run, *locked, deadline);
    return status == STATUS_OK ? check_place(run, *locked) : status;
}
