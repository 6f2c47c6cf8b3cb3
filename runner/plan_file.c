#include "plan_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_io.h"
#include "plan/plan_read.h"
#include "sha256.h"

static Status say(Run *run, Text path, Status status, const char *problem)
{
    run_complain(run, "%.*s %s", TEXT_ARG(path), problem);
    return status;
}

static Status check_owner(Run *run, Text path, int file)
{
    struct stat status;

    if (fstat(file, &status) != 0)
        return say(run, path, STATUS_USAGE, "cannot be looked at");
    if (!S_ISREG(status.st_mode))
        return say(run, path, STATUS_USAGE, "is not a regular file; '-' reads a pipe");
    if (status.st_uid != geteuid() && status.st_uid != 0)
        return say(run, path, STATUS_REFUSED, "belongs to another user");
    if (status.st_mode & (S_IWGRP | S_IWOTH))
        return say(run, path, STATUS_REFUSED,
                   "may be written by others; 'chmod go-w' makes it yours alone");
    return STATUS_OK;
}

int plan_file_open(Run *run, Text path, bool may_lack, Status *status)
{
    int file = open(arena_copy(run->arena, path).at,
                    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    *status = STATUS_OK;
    if (file < 0 && errno == ENOENT && may_lack)
        return -1;
    if (file < 0 && errno == ELOOP)
        *status =
            say(run, path, STATUS_REFUSED, "is a symbolic link; name the file itself");
    else if (file < 0)
        *status = say(run, path, STATUS_USAGE, strerror(errno));
    else
        *status = check_owner(run, path, file);
    if (*status == STATUS_OK)
        return file;
    if (file >= 0)
        (void)close(file);
    return -1;
}

static Status read_bytes(Run *run, Text *bytes)
{
    Text path = run->options.plan;
    bool standard = text_equal(path, TEXT("-"));
    Status status = STATUS_OK;
    int file = standard ? STDIN_FILENO : plan_file_open(run, path, false, &status);

    if (file < 0)
        return status;
    switch (file_read_stream(run->arena, file, PLAN_BYTES_MAX, bytes)) {
    case FILE_FINE:
        break;
    case FILE_BEYOND_LIMIT:
        status = say(run, path, STATUS_USAGE, "is larger than 1 MiB");
        break;
    case FILE_NOT_REGULAR:
    case FILE_BROKEN:
        status = say(run, path, STATUS_USAGE, "cannot be read");
        break;
    }
    if (!standard)
        (void)close(file);
    if (status == STATUS_OK && run->options.digest.len &&
        !text_equal(sha256_hex(run->arena, *bytes), run->options.digest))
        status =
            say(run, path, STATUS_USAGE, "is another plan than --plan-sha256 says");
    return status;
}

typedef struct Reading {
    Arena *arena;
    Run *run;
    Text bytes;
    Plan *plan;
    bool fine;
} Reading;

static void read_text(void *context)
{
    Reading *reading = context;
    const Text *problems;
    uint32_t count;

    reading->fine = plan_read_bytes(reading->arena, reading->run->options.plan,
                                    reading->bytes, reading->plan, &problems, &count);
    for (uint32_t i = 0; i < count; i++)
        run_complain(reading->run, "%.*s", TEXT_ARG(problems[i]));
}

static void free_arena(void *handle)
{
    arena_free(handle);
}

Status plan_file_read(Run *run, Plan *plan, Text *bytes)
{
    Text path = run->options.plan;
    Reading reading = {.run = run, .plan = plan};
    Status status = read_bytes(run, &reading.bytes);

    *bytes = reading.bytes;
    if (status != STATUS_OK)
        return status;
    reading.arena = arena_new(PLAN_MEMORY);
    if (!reading.arena)
        return say(run, path, STATUS_USAGE, "cannot be read: there is no memory");
    arena_defer(run->arena, free_arena, reading.arena);
    if (!arena_run(reading.arena, read_text, &reading))
        return say(run, path, STATUS_USAGE, "holds more values than a plan needs");
    return reading.fine ? STATUS_OK : STATUS_USAGE;
}
