#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static bool failed(Arena *arena, Text path, Text *problem)
{
    *problem = arena_format(arena, "%.*s: %s", TEXT_ARG(path), strerror(errno));
    return false;
}

static bool write_beside(Arena *arena, Text path, mode_t mode, Text bytes,
                         Text *problem)
{
    Text beside = arena_format(arena, "%.*s.%ld.part", TEXT_ARG(path), (long)getpid());
    int file =
        open(beside.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

    if (file < 0)
        return failed(arena, path, problem);
    bool written = write_all(file, bytes);
    int error = errno;
    if (close(file) != 0 && written) {
        written = false;
        error = errno;
    }
    if (written && rename(beside.at, path.at) == 0)
        return true;
    error = written ? errno : error;
    (void)unlink(beside.at);
    errno = error;
    return failed(arena, path, problem);
}

bool output_write(Arena *arena, Text path, Text bytes, Text *problem)
{
    struct stat status;

    if (path.len == 0 || text_equal(path, TEXT("-"))) {
        return write_all(STDOUT_FILENO, bytes) ||
               failed(arena, TEXT("standard output"), problem);
    }
    Text name = arena_copy(arena, path);
    bool exists = stat(name.at, &status) == 0;
    if (!exists || S_ISREG(status.st_mode))
        return write_beside(arena, name, exists ? status.st_mode & 0777 : 0644, bytes,
                            problem);
    int file = open(name.at, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return failed(arena, name, problem);
    bool written = write_all(file, bytes);
    if (!written)
        (void)failed(arena, name, problem);
    (void)close(file);
    return written;
}

bool output_directory(Arena *arena, Text path, Text *problem)
{
    Text name = arena_copy(arena, path);

    if (mkdir(name.at, 0777) == 0 || errno == EEXIST)
        return true;
    return failed(arena, name, problem);
}

bool output_create(Arena *arena, Text path, Text bytes, Text *problem)
{
    Text name = arena_copy(arena, path);
    int file = open(name.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

    if (file < 0)
        return failed(arena, name, problem);
    bool written = write_all(file, bytes) && close(file) == 0;
    if (!written) {
        (void)failed(arena, name, problem);
        (void)unlink(name.at);
    }
    return written;
}

bool output_append(Arena *arena, Text path, Text bytes, Text *problem)
{
    Text name = arena_copy(arena, path);
    int file = open(name.at, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);

    if (file < 0)
        return failed(arena, name, problem);
    bool written = write_all(file, bytes);
    int error = errno;

    if (close(file) != 0 && written) {
        written = false;
        error = errno;
    }
    errno = error;
    return written || failed(arena, name, problem);
}
