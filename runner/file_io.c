#include "file_io.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "redact.h"

FileProblem file_read_stream(Arena *arena, int file, size_t limit, Text *bytes)
{
    char *at = secret_room(arena, limit + 1);
    size_t len = 0;

    while (len <= limit) {
        ssize_t some = read(file, at + len, limit + 1 - len);

        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0)
            return FILE_BROKEN;
        if (some == 0)
            break;
        len += (size_t)some;
    }
    *bytes = (Text){at, len};
    return len > limit ? FILE_BEYOND_LIMIT : FILE_FINE;
}

FileProblem file_read_all(Arena *arena, int file, size_t limit, Text *bytes)
{
    struct stat status;

    if (fstat(file, &status) != 0)
        return FILE_BROKEN;
    if (!S_ISREG(status.st_mode))
        return FILE_NOT_REGULAR;
    if ((uint64_t)status.st_size > limit)
        return FILE_BEYOND_LIMIT;
    return file_read_stream(arena, file, limit, bytes);
}

bool file_write_all(int file, Text bytes)
{
    while (bytes.len) {
        ssize_t some = write(file, bytes.at, bytes.len);

        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            return false;
        bytes = text_from(bytes, (size_t)some);
    }
    return true;
}
