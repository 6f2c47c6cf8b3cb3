/* flock is beyond POSIX's base: hence _DEFAULT_SOURCE. */
#define _DEFAULT_SOURCE
#include "commit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "file_io.h"

enum { LOCK_WAIT = 20 /* ms between two tries */ };

typedef struct Target {
    Text path, name; /* name: within its directory; ends in NUL */
    int directory;
} Target;

static Text from_environment(Arena *arena, const char *variable, const char *behind)
{
    const char *value = getenv(variable);

    return value && *value ? arena_format(arena, "%s%s", value, behind) : (Text){0};
}

bool commit_target(Run *run, Tool tool, Text *path)
{
    static const char *const docker[][2] = {{"DOCKER_CONFIG", "/config.json"},
                                            {"HOME", "/.docker/config.json"}};
    static const char *const containers[][2] = {
        {"REGISTRY_AUTH_FILE", ""},
        {"XDG_RUNTIME_DIR", "/containers/auth.json"},
        {"XDG_CONFIG_HOME", "/containers/auth.json"},
        {"HOME", "/.config/containers/auth.json"}};
    bool is_docker = tool != TOOL_PODMAN && tool != TOOL_SKOPEO;
    size_t count = is_docker ? 2 : 4;

    *path = arena_copy(run->arena, run->options.out);
    for (size_t i = 0; path->len == 0 && i < count; i++) {
        const char *const *place = is_docker ? docker[i] : containers[i];

        *path = from_environment(run->arena, place[0], place[1]);
    }
    return path->len != 0;
}

static Status refuse(Run *run, Text path, const char *says)
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
    const Target *target = handle;

    if (target->directory >= 0)
        (void)close(target->directory);
}

/* *target is NULL, and the status OK, when the directory is not there and `make` does
 * not ask for it. */
static Status open_target(Run *run, Text path, bool make, Target **into)
{
    Target *target = ARENA_NEW(run->arena, Target);
    size_t slash = text_find_last_byte(path, '/');
    Text directory = slash < path.len ? text_slice(path, 0, slash) : (Text){0};
    Text name = slash < path.len ? text_from(path, slash + 1) : path;
    struct stat status;

    *into = NULL;
    *target = (Target){path, arena_copy(run->arena, name), -1};
    if (target->name.len == 0)
        return refuse(run, path, "is not the name of a file");
    if (text_starts_with(path, TEXT("/")) && directory.len == 0)
        directory = TEXT("/");
    directory = arena_copy(run->arena, directory.len ? directory : TEXT("."));
    if (make && !make_directories(run->arena, directory))
        return refuse_errno(run, directory, "made", errno);
    target->directory = open(directory.at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (target->directory < 0)
        return !make && errno == ENOENT ? STATUS_OK
                                        : refuse_errno(run, directory, "opened", errno);
    arena_defer(run->arena, close_directory, target);
    if (fstat(target->directory, &status) != 0)
        return refuse_errno(run, directory, "looked at", errno);
    if ((status.st_mode & S_IWOTH) && !(status.st_mode & S_ISVTX))
        return refuse(run, directory, "is a directory that all may write");
    *into = target;
    return STATUS_OK;
}

/* What the file holds; nothing when it is not there. */
static Status read_target(Run *run, const Target *target, Text *bytes)
{
    struct stat status;
    int file = openat(target->directory, target->name.at,
                      O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    *bytes = (Text){0};
    if (file < 0 && errno == ENOENT)
        return STATUS_OK;
    if (file < 0 && errno == ELOOP)
        return refuse(run, target->path, "is a symbolic link");
    if (file < 0)
        return refuse_errno(run, target->path, "opened", errno);
    bool foreign = fstat(file, &status) != 0 || status.st_uid != geteuid();
    FileProblem problem = file_read_all(run->arena, file, AUTH_FILE_BYTES_MAX, bytes);
    (void)close(file);
    if (problem == FILE_NOT_REGULAR)
        return refuse(run, target->path, "is not a regular file");
    if (problem == FILE_BEYOND_LIMIT)
        return refuse(run, target->path, "is larger than 1 MiB");
    if (problem == FILE_BROKEN)
        return refuse(run, target->path, "cannot be read");
    if (foreign)
        return refuse(run, target->path, "belongs to another user");
    return STATUS_OK;
}

/* Whether these bytes can take the logins of these hosts. */
static Status parse_target(Run *run, Text path, Text bytes, const Text *hosts,
                           uint32_t count, AuthFile *file)
{
    Text problem;

    if (!auth_file_read(run->arena, bytes, file, &problem))
        return refuse(run, path, arena_copy(run->arena, problem).at);
    for (uint32_t i = 0; i < count; i++) {
        if (auth_file_is_shadowed(file, hosts[i], &problem))
            return refuse(run, path, arena_copy(run->arena, problem).at);
    }
    return STATUS_OK;
}

Status commit_check(Run *run, Text path, const Text *hosts, uint32_t count)
{
    Target *target;
    AuthFile file;
    Text bytes;
    Status status = open_target(run, path, false, &target);

    if (status != STATUS_OK || !target)
        return status;
    status = read_target(run, target, &bytes);
    return status ? status : parse_target(run, path, bytes, hosts, count, &file);
}

/* The lock is on the directory, so that it needs no file and outlives no process. */
static Status lock_target(Run *run, const Target *target, int64_t deadline)
{
    struct pollfd signals = {.fd = run->signals, .events = POLLIN};
    struct signalfd_siginfo info;

    while (flock(target->directory, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return refuse_errno(run, target->path, "locked", errno);
        if (clock_now() >= deadline) {
            run_complain(run, "%.*s is locked by another run; it was not changed",
                         TEXT_ARG(target->path));
            return STATUS_UNREACHABLE;
        }
        if (poll(&signals, 1, LOCK_WAIT) > 0 &&
            read(run->signals, &info, sizeof(info)) == sizeof(info))
            return (Status)(STATUS_SIGNAL + (int)info.ssi_signo);
    }
    return STATUS_OK;
}

/* Written beside, under a name that only the holder of the lock uses: what a killed run
 * left there goes with the next. */
static Status replace(Run *run, const Target *target, Text bytes)
{
    Text beside = arena_format(run->arena, ".%.*s.berth-run", TEXT_ARG(target->name));

    if (unlinkat(target->directory, beside.at, 0) != 0 && errno != ENOENT)
        return refuse_errno(run, target->path, "replaced", errno);
    int file = openat(target->directory, beside.at,
                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return refuse_errno(run, target->path, "replaced", errno);
    bool written =
        fchmod(file, 0600) == 0 && file_write_all(file, bytes) && fsync(file) == 0;
    int error = errno;
    if (close(file) != 0 && written) {
        written = false;
        error = errno;
    }
    if (written && renameat(target->directory, beside.at, target->directory,
                            target->name.at) == 0) {
        (void)fsync(target->directory);
        return STATUS_OK;
    }
    if (written)
        error = errno;
    (void)unlinkat(target->directory, beside.at, 0);
    return refuse_errno(run, target->path, "replaced", error);
}

/* A client that was writing the file at the same time knows no lock. */
static Status verify(Run *run, const Target *target, const AuthEntry *entries,
                     uint32_t count)
{
    AuthFile file;
    Text bytes, problem, value;
    Status status = read_target(run, target, &bytes);

    if (status != STATUS_OK)
        return status;
    bool same = auth_file_read(run->arena, bytes, &file, &problem);
    for (uint32_t i = 0; same && i < count; i++)
        same = auth_file_entry(&file, entries[i].key, &value) &&
               text_equal(value, entries[i].value);
    if (same)
        return STATUS_OK;
    run_complain(run,
                 "%.*s was changed by another program at the same time, and its "
                 "logins are not there",
                 TEXT_ARG(target->path));
    return STATUS_REFUSED;
}

Status commit_write(Run *run, Text path, const Text *hosts, const AuthEntry *entries,
                    uint32_t count, int64_t deadline)
{
    Target *target;
    AuthFile file;
    Text bytes;
    Status status = open_target(run, path, true, &target);

    if (status == STATUS_OK)
        status = lock_target(run, target, deadline);
    if (status == STATUS_OK)
        status = read_target(run, target, &bytes);
    if (status == STATUS_OK)
        status = parse_target(run, path, bytes, hosts, count, &file);
    if (status == STATUS_OK)
        status = replace(run, target, auth_file_merge(&file, entries, count));
    return status == STATUS_OK ? verify(run, target, entries, count) : status;
}
