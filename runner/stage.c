/* mkdtemp, nftw and flock are beyond POSIX's base: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include "stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth_file.h"
#include "file_io.h"

#define PREFIX "berth-run."
#define LASTING_PREFIX "berth-env."

static int remove_one(const char *path, const struct stat *status, int kind,
                      struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    (void)remove(path);
    return 0;
}

static void remove_all(const char *directory)
{
    enum { OPEN_DIRECTORIES = 8 };

    (void)nftw(directory, remove_one, OPEN_DIRECTORIES, FTW_DEPTH | FTW_PHYS);
}

static void stage_close(void *handle)
{
    const Stage *stage = handle;

    remove_all(stage->directory.at);
    (void)close(stage->lock);
}

/* Ours or root's, and nobody else can replace what is in it. */
static bool is_safe_place(const char *directory)
{
    struct stat status;

    if (directory[0] != '/' || stat(directory, &status) != 0 ||
        !S_ISDIR(status.st_mode))
        return false;
    if (status.st_uid != geteuid() && status.st_uid != 0)
        return false;
    return (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 ||
           (status.st_mode & S_ISVTX) != 0;
}

/* A directory of ours whose lock nobody holds is one whose run was killed. */
static void remove_stale(const char *place)
{
    DIR *list = opendir(place);

    if (!list)
        return;
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        struct stat status;
        char path[PATH_MAX];

        if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0)
            continue;
        int len = snprintf(path, sizeof(path), "%s/%s", place, entry->d_name);
        if (len < 0 || (size_t)len >= sizeof(path))
            continue;
        int lock = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (lock < 0)
            continue;
        if (fstat(lock, &status) == 0 && status.st_uid == geteuid() &&
            flock(lock, LOCK_EX | LOCK_NB) == 0)
            remove_all(path);
        (void)close(lock);
    }
    (void)closedir(list);
}

/* Locks a new directory, and makes sure that it is still there: another run may have
 * taken it for a stale one before it was locked. -1 when it cannot be had. */
static int lock_new(const char *path)
{
    struct stat locked, there;
    int lock = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (lock < 0)
        return -1;
    if (flock(lock, LOCK_EX | LOCK_NB) == 0 && fstat(lock, &locked) == 0 &&
        lstat(path, &there) == 0 && locked.st_dev == there.st_dev &&
        locked.st_ino == there.st_ino)
        return lock;
    (void)close(lock);
    (void)rmdir(path);
    return -1;
}

static Stage *open_in(Arena *arena, const char *place, const char *prefix)
{
    enum { TRIES = 16 };
    Stage *stage = ARENA_NEW(arena, Stage);
    Text name = arena_format(arena, "%s/%sXXXXXX", place, prefix);
    char *path = arena_alloc(arena, name.len + 1, 1);

    stage->lock = -1;
    for (int i = 0; i < TRIES && stage->lock < 0; i++) {
        memcpy(path, name.at, name.len);
        if (!mkdtemp(path))
            return NULL;
        stage->lock = lock_new(path);
    }
    if (stage->lock < 0)
        return NULL;
    stage->directory = (Text){path, name.len};
    stage->config = arena_format(arena, "%s/config.json", path);
    return stage;
}

/* Where a stage may be, the best place first; NULL behind the last. */
static const char *next_place(size_t *at)
{
    const char *const places[] = {getenv("XDG_RUNTIME_DIR"), "/dev/shm",
                                  getenv("TMPDIR"), P_tmpdir};

    for (; *at < sizeof(places) / sizeof(*places); ++*at) {
        if (places[*at] && is_safe_place(places[*at]))
            return places[(*at)++];
    }
    return NULL;
}

void stage_remove_stale(void)
{
    const char *place;

    for (size_t at = 0; (place = next_place(&at)) != NULL;)
        remove_stale(place);
}

static Stage *open_somewhere(Arena *arena, const char *prefix, Text *problem)
{
    const char *place;

    for (size_t at = 0; (place = next_place(&at)) != NULL;) {
        Stage *stage = open_in(arena, place, prefix);

        if (stage)
            return stage;
    }
    *problem = TEXT("there is no safe place for a directory of this run: neither "
                    "XDG_RUNTIME_DIR nor /dev/shm nor TMPDIR can be used");
    return NULL;
}

Stage *stage_open(Arena *arena, Text *problem)
{
    Stage *stage = open_somewhere(arena, PREFIX, problem);

    if (stage)
        arena_defer(arena, stage_close, stage);
    return stage;
}

Stage *stage_part(Arena *arena, const Stage *stage, uint32_t number)
{
    Stage *part = ARENA_NEW(arena, Stage);

    part->directory =
        arena_format(arena, "%.*s/%u", TEXT_ARG(stage->directory), number);
    part->config = arena_format(arena, "%.*s/config.json", TEXT_ARG(part->directory));
    part->lock = -1;
    return mkdir(part->directory.at, 0700) == 0 ? part : NULL;
}

Stage *stage_open_lasting(Arena *arena, Text *problem)
{
    Stage *stage = open_somewhere(arena, LASTING_PREFIX, problem);

    if (stage)
        (void)close(stage->lock); /* no run is looked for behind one of this name */
    return stage;
}

bool stage_is_lasting(Arena *arena, Text directory)
{
    Text path = arena_copy(arena, directory);
    Text name = text_from(directory, text_find_last_byte(directory, '/'));
    struct stat status;

    return text_starts_with(name, TEXT("/" LASTING_PREFIX)) &&
           lstat(path.at, &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_uid == geteuid() && (status.st_mode & 0777) == 0700;
}

void stage_remove(Arena *arena, Text directory)
{
    remove_all(arena_copy(arena, directory).at);
}

bool stage_seed(const Stage *stage)
{
    (void)unlink(stage->config.at);
    int file = open(stage->config.at,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    bool written =
        file_write_all(file, TEXT("{\"auths\":{\"" STAGE_SEED_KEY "\":{}}}\n"));
    return close(file) == 0 && written;
}

bool stage_read(Arena *arena, const Stage *stage, Text *bytes)
{
    int file = open(stage->config.at, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);

    if (file < 0)
        return false;
    FileProblem problem = file_read_all(arena, file, AUTH_FILE_BYTES_MAX, bytes);
    (void)close(file);
    return problem == FILE_FINE;
}
