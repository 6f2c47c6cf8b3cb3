/* flock is beyond POSIX's base: hence _DEFAULT_SOURCE. */
#define _DEFAULT_SOURCE
#include "commit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "file_io.h"
#include "sha256.h"

enum { LOCK_WAIT = 20 /* ms between two tries */ };

typedef struct Target {
    Text path, name; /* name: within its directory; ends in NUL */
    Text record;     /* the name of its record */
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
    bool is_docker = tool != TOOL_PODMAN && tool != TOOL_SKOPEO && tool != TOOL_BUILDAH;
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
    Target *target = handle;

    if (target->directory >= 0)
        (void)close(target->directory);
    target->directory = -1;
}

/* Unlocks too. What it was opened for ended with this status, which is given back. */
static Status let_go(Target *target, Status status)
{
    if (target)
        close_directory(target);
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

/* *target is NULL, and the status OK, when the directory is not there, could be made,
 * and `make` does not ask for it. */
static Status open_target(Run *run, Text path, bool make, Target **into)
{
    Target *target = ARENA_NEW(run->arena, Target);
    size_t slash = text_find_last_byte(path, '/');
    Text directory = slash < path.len ? text_slice(path, 0, slash) : (Text){0};
    Text name = slash < path.len ? text_from(path, slash + 1) : path;
    struct stat status;

    *into = NULL;
    *target = (Target){
        path, arena_copy(run->arena, name),
        arena_format(run->arena, ".%.*s.berth-run.stored", TEXT_ARG(name)), -1};
    if (target->name.len == 0)
        return refuse(run, path, "is not the name of a file");
    if (text_starts_with(path, TEXT("/")) && directory.len == 0)
        directory = TEXT("/");
    directory = arena_copy(run->arena, directory.len ? directory : TEXT("."));
    if (make && !make_directories(run->arena, directory))
        return refuse_errno(run, directory, "made", errno);
    target->directory = open(directory.at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (target->directory < 0 && !make && errno == ENOENT)
        return could_make(run->arena, directory)
                   ? STATUS_OK
                   : refuse_errno(run, directory, "made", errno);
    if (target->directory < 0)
        return refuse_errno(run, directory, "opened", errno);
    arena_defer(run->arena, close_directory, target);
    if (fstat(target->directory, &status) != 0)
        return refuse_errno(run, directory, "looked at", errno);
    if ((status.st_mode & S_IWOTH) && !(status.st_mode & S_ISVTX))
        return refuse(run, directory, "is a directory that all may write");
    if (faccessat(target->directory, ".", W_OK | X_OK, AT_EACCESS) != 0)
        return refuse_errno(run, directory, "written in", errno);
    *into = target;
    return STATUS_OK;
}

/* What a file beside the target, or it, holds; nothing when it is not there. */
static Status read_file(Run *run, const Target *target, Text name, Text *bytes)
{
    struct stat status;
    int file = openat(target->directory, name.at,
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

static Status read_target(Run *run, const Target *target, AuthFile *file)
{
    Text bytes, problem;
    Status status = read_file(run, target, target->name, &bytes);

    if (status == STATUS_OK && !auth_file_read(run->arena, bytes, file, &problem))
        return refuse(run, target->path, arena_copy(run->arena, problem).at);
    return status;
}

/* A record that cannot be read records nothing: then nothing is removed either. */
static Status read_record(Run *run, const Target *target, AuthFile *record)
{
    Text bytes, problem;
    Status status = read_file(run, target, target->record, &bytes);

    if (status == STATUS_OK && !auth_file_read(run->arena, bytes, record, &problem) &&
        !auth_file_read(run->arena, TEXT(""), record, &problem))
        return refuse(run, target->path, "has a record that cannot be read");
    return status;
}

/* What the record holds of an entry: digest = '"' 64 hexadecimal digits '"' */
static Text digest_of(Arena *arena, Text value)
{
    return arena_format(arena, "\"%.*s\"", TEXT_ARG(sha256_hex(arena, value)));
}

static bool is_ours(const AuthFile *record, Section section, Text key, Text value)
{
    Text digest;

    return auth_file_entry(record, section, key, &digest) &&
           text_equal(digest, digest_of(record->arena, value));
}

Status commit_check(Run *run, Text path, Section section, Logins logins, bool leave)
{
    Target *target;
    AuthFile file, record;
    Text problem, value;
    Status status = open_target(run, path, false, &target);

    if (status != STATUS_OK || !target)
        return status;
    status = read_target(run, target, &file);
    if (status == STATUS_OK)
        status = read_record(run, target, &record);
    for (uint32_t i = 0; status == STATUS_OK && i < logins.count; i++) {
        Login *login = &logins.items[i];

        if (leave && auth_file_entry(&file, SECTION_AUTHS, login->key, &value) &&
            !is_ours(&record, SECTION_AUTHS, login->key, value)) {
            login->result = LOGIN_LEFT;
            login->because = TEXT("there was a login already");
            login->entry = value;
        } else if (auth_file_is_shadowed(&file, section, login->host, TEXT(HELPER_NAME),
                                         &problem)) {
            status = refuse(run, path, arena_copy(run->arena, problem).at);
        }
    }
    return let_go(target, status);
}

/* The lock is on the directory, so that it needs no file and outlives no process. */
static Status lock_target(Run *run, const Target *target, int64_t deadline)
{
    while (flock(target->directory, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return refuse_errno(run, target->path, "locked", errno);
        if (clock_now() >= deadline) {
            run_complain(run, "%.*s is locked by another run; it was not changed",
                         TEXT_ARG(target->path));
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
static Status replace(Run *run, const Target *target, Text name, Text bytes)
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
    if (written &&
        renameat(target->directory, beside.at, target->directory, name.at) == 0) {
        (void)fsync(target->directory);
        return STATUS_OK;
    }
    if (written)
        error = errno;
    (void)unlinkat(target->directory, beside.at, 0);
    return refuse_errno(run, target->path, "replaced", error);
}

/* Before the entries themselves: a run that is killed between the two has then recorded
 * what is not there, which is harmless. */
static Status write_record(Run *run, const Target *target, Section section,
                           const AuthEntry *entries, uint32_t count)
{
    AuthEntry *digests = ARENA_ARRAY(run->arena, count, AuthEntry);
    AuthFile record;
    Status status = read_record(run, target, &record);

    for (uint32_t i = 0; i < count; i++)
        digests[i] =
            (AuthEntry){entries[i].key, digest_of(run->arena, entries[i].value)};
    return status != STATUS_OK
               ? status
               : replace(run, target, target->record,
                         auth_file_merge(&record, section, digests, count));
}

/* A client that was writing the file at the same time knows no lock. */
static Status verify(Run *run, const Target *target, Section section,
                     const AuthEntry *entries, uint32_t count)
{
    AuthFile file;
    Text value;
    Status status = read_target(run, target, &file);
    bool same = true;

    for (uint32_t i = 0; status == STATUS_OK && same && i < count; i++)
        same = auth_file_entry(&file, section, entries[i].key, &value) &&
               text_equal(value, entries[i].value);
    if (same)
        return status;
    run_complain(run,
                 "%.*s was changed by another program at the same time, and its "
                 "logins are not there",
                 TEXT_ARG(target->path));
    return STATUS_REFUSED;
}

static Status open_locked(Run *run, Text path, int64_t deadline, Target **target)
{
    Status status = open_target(run, path, true, target);

    return status == STATUS_OK ? lock_target(run, *target, deadline) : status;
}

Status commit_write(Run *run, Text path, Section section, const AuthEntry *entries,
                    uint32_t count, int64_t deadline)
{
    Target *target;
    AuthFile file;
    Status status = open_locked(run, path, deadline, &target);
    int signal;

    if (status == STATUS_OK)
        status = read_target(run, target, &file);
    if (status == STATUS_OK && (signal = run_signal(run, 0)) != 0)
        status = (Status)(STATUS_SIGNAL + signal);
    if (status == STATUS_OK)
        status = write_record(run, target, section, entries, count);
    if (status == STATUS_OK)
        status = replace(run, target, target->name,
                         auth_file_merge(&file, section, entries, count));
    if (status == STATUS_OK)
        status = verify(run, target, section, entries, count);
    return let_go(target, status);
}

Status commit_beside(Run *run, Text path, Text name, Text bytes, int64_t deadline)
{
    Target *target;
    Status status = open_locked(run, path, deadline, &target);

    if (status == STATUS_OK)
        status = replace(run, target, arena_copy(run->arena, name), bytes);
    return let_go(target, status);
}

Status commit_locked(Run *run, Text path, int64_t deadline,
                     Status (*work)(void *context), void *context)
{
    Target *target;
    Status status = open_locked(run, path, deadline, &target);

    if (status == STATUS_OK)
        status = work(context);
    return let_go(target, status);
}

/* One entry, of one section; whether it is there no more. */
static bool remove_entry(Login *login, Section section, AuthFile *file,
                         AuthFile *record)
{
    Text value, problem;

    if (!auth_file_entry(file, section, login->key, &value))
        return true;
    if (!is_ours(record, section, login->key, value)) {
        if (section == SECTION_HELPERS)
            return true; /* somebody's own helper: no login that we could have stored */
        login->because = TEXT("it is not as it was stored");
        return false;
    }
    login->because = TEXT("logged out");
    return auth_file_read(file->arena, auth_file_without(file, section, login->key),
                          file, &problem) &&
           auth_file_read(record->arena, auth_file_without(record, section, login->key),
                          record, &problem);
}

/* The record goes last, and is not there when nothing is recorded. */
static Status write_removed(Run *run, const Target *target, const AuthFile *file,
                            const AuthFile *record)
{
    Status status = replace(run, target, target->name, file->bytes);

    if (status != STATUS_OK)
        return status;
    if (auth_file_first(record, SECTION_AUTHS).index ||
        auth_file_first(record, SECTION_HELPERS).index)
        return replace(run, target, target->record, record->bytes);
    (void)unlinkat(target->directory, target->record.at, 0);
    return STATUS_OK;
}

Status commit_remove(Run *run, Text path, Logins logins, int64_t deadline)
{
    Target *target;
    AuthFile file, record;
    Status status = open_target(run, path, false, &target);

    for (uint32_t i = 0; i < logins.count; i++) {
        logins.items[i].result = LOGIN_OK;
        logins.items[i].because = TEXT("there was no login");
    }
    if (status != STATUS_OK || !target)
        return status;
    status = lock_target(run, target, deadline);
    if (status == STATUS_OK)
        status = read_target(run, target, &file);
    if (status == STATUS_OK)
        status = read_record(run, target, &record);
    if (status != STATUS_OK)
        return let_go(target, status);
    Text before = file.bytes;
    for (uint32_t i = 0; i < logins.count; i++) {
        Login *login = &logins.items[i];
        bool gone = remove_entry(login, SECTION_HELPERS, &file, &record);

        if (remove_entry(login, SECTION_AUTHS, &file, &record) && gone)
            continue;
        login->result = LOGIN_REFUSED;
        login->status = STATUS_REFUSED;
        status = STATUS_REFUSED;
    }
    Status written = file.bytes.at == before.at
                         ? STATUS_OK
                         : write_removed(run, target, &file, &record);
    return let_go(target, written == STATUS_OK ? status : written);
}
