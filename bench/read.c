/*
 * read.c: the yardstick: what it costs merely to read the files that `berth check` reads.
 *
 *   bench_read DIRECTORY LIST
 *
 * LIST holds one path a line, relative to DIRECTORY: finding the files is not measured.
 * Each is opened, read to its end and closed, one after the other.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 1 << 16, PATH_BYTES = 4096 };

typedef struct Count {
    unsigned long files, bytes;
} Count;

static int read_file(int directory, const char *path, Count *count)
{
    static char chunk[CHUNK];
    int file = openat(directory, path, O_RDONLY | O_CLOEXEC);
    ssize_t len;

    if (file < 0)
        return -1;
    while ((len = read(file, chunk, sizeof(chunk))) > 0)
        count->bytes += (unsigned long)len;
    (void)close(file);
    count->files++;
    return len < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
    char path[PATH_BYTES];
    Count count = {0, 0};

    if (argc != 3) {
        fputs("usage: bench_read DIRECTORY LIST\n", stderr);
        return 2;
    }
    int directory = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    FILE *list = fopen(argv[2], "re");
    if (directory < 0 || !list) {
        perror(directory < 0 ? argv[1] : argv[2]);
        return 2;
    }
    while (fgets(path, sizeof(path), list)) {
        path[strcspn(path, "\n")] = '\0';
        if (read_file(directory, path, &count) < 0) {
            perror(path);
            return 2;
        }
    }
    (void)fclose(list);
    printf("%lu files, %lu bytes\n", count.files, count.bytes);
    return 0;
}
