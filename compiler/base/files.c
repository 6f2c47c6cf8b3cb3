/* openat2(2), O_PATH and getdents' d_type are Linux's: hence _GNU_SOURCE. */
#define _GNU_SOURCE
#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The names of a directory that was listed: what is not among them is not opened. */
typedef struct Listing {
    FileName *names;
    uint32_t count;
    bool is_known; /* it was read, or is not there */
} Listing;

struct Files {
    Arena *arena;
    Symbols *symbols;
    Sources *sources;
    int directory; /* -1: the files are in `store` */
    const FileStore *store;
    off_t bytes_max;      /* of one file */
    Text shown_below;     /* empty: printed as they are named here */
    const OpenFile *open; /* by path */
    uint32_t nopen;
    uint32_t *numbers; /* by the path's symbol: the file's number, 0: not read */
    uint32_t count, capacity;
    Listing *listings; /* by the directory's symbol */
    uint32_t nlistings, listings_capacity;
    Symbols *refused; /* the paths of the refusals */
    Refusal *refusals;
    uint32_t nrefusals, refusals_capacity;
};

const char *file_result_says(FileResult result)
{
    switch (result) {
    case FILE_READ:
        break;
    case FILE_MISSING:
        return "does not exist";
    case FILE_OUTSIDE:
        return "leads out of the repository and was not opened";
    case FILE_NOT_A_FILE:
        return "is not a regular file";
    case FILE_TOO_LARGE:
        return "is larger than 16 MiB and was not read";
    case FILE_LOOP:
        return "is a symbolic link that leads nowhere";
    case FILE_UNREADABLE:
        return "cannot be read";
    }
    return "was read";
}

bool file_result_is_incomplete(FileResult result)
{
    return result == FILE_UNREADABLE || result == FILE_TOO_LARGE;
}

static void close_directory(void *handle)
{
    (void)close(((Files *)handle)->directory);
}

static Files *files_new(Arena *arena, Symbols *symbols, Sources *sources)
{
    Files *files = ARENA_NEW(arena, Files);

    *files = (Files){.arena = arena,
                     .symbols = symbols,
                     .sources = sources,
                     .bytes_max = FILE_BYTES_MAX,
                     .directory = -1,
                     .refused = symbols_new(arena)};
    return files;
}

Files *files_of_store(Arena *arena, Symbols *symbols, Sources *sources,
                      const FileStore *store)
{
    Files *files = files_new(arena, symbols, sources);

    files->store = store;
    return files;
}

Files *files_open(Arena *arena, Symbols *symbols, Sources *sources, Text directory,
                  const char **problem)
{
    Files *files = files_new(arena, symbols, sources);
    Text path = arena_copy(arena, directory);

    files->directory = open(path.at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (files->directory < 0) {
        *problem = errno == ENOENT    ? "does not exist"
                   : errno == ENOTDIR ? "is not a directory"
                                      : "cannot be opened";
        return NULL;
    }
    arena_defer(arena, close_directory, files);
    return files;
}

void files_allow(Files *files, uint32_t bytes)
{
    files->bytes_max = bytes;
}

void files_show_below(Files *files, Text directory)
{
    while (directory.len > 1 && text_ends_with(directory, TEXT("/")))
        directory.len--;
    files->shown_below = text_equal(directory, TEXT(".")) ? (Text){0} : directory;
}

static Text shown_path(const Files *files, Text path)
{
    if (files->shown_below.len == 0)
        return path;
    return arena_format(files->arena, "%.*s/%.*s", TEXT_ARG(files->shown_below),
                        TEXT_ARG(path));
}

static FileResult result_of_errno(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
        return FILE_MISSING;
    case EXDEV:
        return FILE_OUTSIDE;
    case ELOOP:
        return FILE_LOOP;
    case EISDIR:
    case ENXIO:
        return FILE_NOT_A_FILE;
    default:
        return FILE_UNREADABLE;
    }
}

static int open_how(int directory, const char *path, int flags, uint64_t resolve)
{
    struct open_how how = {.flags = (uint64_t)(unsigned)flags, .resolve = resolve};

    return (int)syscall(SYS_openat2, directory, path, &how, sizeof(how));
}

/* Where the kernel has no openat2 (before 5.6, or a filter forbids it): every step
 * by itself, and no symbolic link at all. */
static int open_by_steps(int directory, char *path, int flags)
{
    int at = directory;

    for (char *part = path;;) {
        char *slash = strchr(part, '/');

        if (slash)
            *slash = '\0';
        int next = openat(at, part,
                          slash ? O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
                                : flags | O_NOFOLLOW);
        int error = errno;
        if (at != directory)
            (void)close(at);
        if (next < 0 || !slash) {
            errno = error;
            return next;
        }
        at = next;
        part = slash + 1;
    }
}

/* The path with a NUL behind it; false when it is longer than any the kernel takes. */
static bool path_terminate(Text path, char terminated[PATH_MAX])
{
    if (path.len >= PATH_MAX)
        return false;
    if (path.len == 0)
        path = TEXT(".");
    memcpy(terminated, path.at, path.len);
    terminated[path.len] = '\0';
    return true;
}

/* The repository is opened, and links are followed within it. */
static int open_beneath(Files *files, Text root, Text path, int flags)
{
    char name[PATH_MAX];

    if (!path_terminate(root, name))
        return -1;
    int base = open_how(files->directory, name, O_PATH | O_DIRECTORY | O_CLOEXEC,
                        RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);

    if (base < 0 ||
        !path_terminate(root.len ? text_from(path, root.len + 1) : path, name))
        return -1;
    int opened = open_how(base, name, flags, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
    int error = errno;
    (void)close(base);
    errno = error;
    return opened;
}

/* Most trees have no links on the way: one call, which refuses any. */
static int open_inside(Files *files, Text root, Text path, int flags)
{
    char name[PATH_MAX];

    if (!path_terminate(path, name)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int opened = open_how(files->directory, name, flags, RESOLVE_NO_SYMLINKS);
    if (opened >= 0)
        return opened;
    if (errno == ELOOP)
        return open_beneath(files, root, path, flags);
    if (errno == ENOSYS || errno == EPERM)
        return open_by_steps(files->directory, name, flags);
    return -1;
}

/* What is larger than one read: by its size. */
static FileResult read_rest(Files *files, int file, Text start, Text *bytes)
{
    struct stat status;
    size_t len = start.len;

    if (fstat(file, &status) != 0)
        return FILE_UNREADABLE;
    if (!S_ISREG(status.st_mode))
        return FILE_NOT_A_FILE;
    if (status.st_size > files->bytes_max)
        return FILE_TOO_LARGE;
    size_t size = (size_t)status.st_size > len ? (size_t)status.st_size : len;
    char *at = arena_alloc(files->arena, size + 1, 1);
    if (len)
        memcpy(at, start.at, len);
    while (len < size) {
        ssize_t some = read(file, at + len, size - len);

        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0)
            return FILE_UNREADABLE;
        if (some == 0)
            break; /* it became shorter while it was read */
        len += (size_t)some;
    }
    *bytes = (Text){at, len};
    return FILE_READ;
}

/* Nearly every file is small, and one read that is not filled has all of it: only a
 * regular file gives fewer bytes than it was asked for and more than none. */
static FileResult read_all(Files *files, int file, Text *bytes)
{
    char start[8192];
    ssize_t len;

    do
        len = read(file, start, sizeof(start));
    while (len < 0 && errno == EINTR);
    if (len < 0)
        return errno == EISDIR || errno == EAGAIN ? FILE_NOT_A_FILE : FILE_UNREADABLE;
    if (len == 0 || len == sizeof(start))
        return read_rest(files, file, (Text){start, (size_t)len}, bytes);
    *bytes = arena_copy(files->arena, (Text){start, (size_t)len});
    return FILE_READ;
}

/* The slot where the number of the file with this path is kept. */
static uint32_t *number_of(Files *files, Text path)
{
    uint32_t id = symbol_intern(files->symbols, path).id;

    while (files->count <= id) {
        ARRAY_GROW(files->arena, files->numbers, files->count, files->capacity);
        files->numbers[files->count++] = 0;
    }
    return &files->numbers[id];
}

/* A file that is named twice is refused once. */
static FileResult refuse(Files *files, Text path, FileResult result)
{
    uint32_t known = symbols_count(files->refused);

    if (result == FILE_MISSING)
        return result;
    Symbol name = symbol_intern(files->refused, path);
    if (symbols_count(files->refused) == known)
        return result;
    ARRAY_GROW(files->arena, files->refusals, files->nrefusals,
               files->refusals_capacity);
    files->refusals[files->nrefusals++] =
        (Refusal){symbol_text(files->refused, name), result};
    return result;
}

const Refusal *files_refusals(const Files *files, uint32_t *count)
{
    *count = files->nrefusals;
    return files->refusals;
}

static Listing *listing_of(Files *files, uint32_t directory)
{
    while (files->nlistings <= directory) {
        ARRAY_GROW(files->arena, files->listings, files->nlistings,
                   files->listings_capacity);
        files->listings[files->nlistings++] = (Listing){0};
    }
    return &files->listings[directory];
}

static int by_name(const void *left, const void *right)
{
    return text_compare(((const FileName *)left)->name,
                        ((const FileName *)right)->name);
}

/* The directory was listed, and the file is not in it. */
static bool is_known_missing(const Files *files, Text path)
{
    FileName file = {.name = path_base(path)};
    Symbol directory;

    if (!symbol_find(files->symbols, path_directory(path), &directory) ||
        directory.id >= files->nlistings)
        return false;
    const Listing *listing = &files->listings[directory.id];
    return listing->is_known &&
           (listing->count == 0 ||
            !bsearch(&file, listing->names, listing->count, sizeof(FileName), by_name));
}

void files_cover(Files *files, const OpenFile *open, uint32_t count)
{
    files->open = open;
    files->nopen = count;
}

/* The first open file whose path is not before `path`. */
static uint32_t open_from(const Files *files, Text path)
{
    uint32_t low = 0, high = files->nopen;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (text_compare(files->open[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static FileResult read_bytes(Files *files, Text root, Text path, Text *bytes)
{
    uint32_t at = open_from(files, path);

    if (at < files->nopen && text_equal(files->open[at].path, path)) {
        *bytes = files->open[at].bytes;
        return FILE_READ;
    }
    if (files->store)
        return files->store->read(files->store->context, files->arena, root, path,
                                  bytes);
    int file =
        open_inside(files, root, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file < 0)
        return result_of_errno(errno);
    FileResult result = read_all(files, file, bytes);
    (void)close(file);
    return result;
}

FileResult files_read(Files *files, Text root, Text path, uint32_t *number)
{
    Text bytes;

    if (!path_is_inside(path, root))
        return refuse(files, path, FILE_OUTSIDE);
    if (is_known_missing(files, path))
        return FILE_MISSING;
    uint32_t *known = number_of(files, path);
    if (*known) {
        *number = *known;
        return FILE_READ;
    }
    FileResult result = read_bytes(files, root, path, &bytes);
    if (result != FILE_READ)
        return refuse(files, path, result);
    Symbol name = {(uint32_t)(known - files->numbers)};

    *number = *known = sources_add(
        files->sources, shown_path(files, symbol_text(files->symbols, name)), bytes);
    return FILE_READ;
}

/* As getdents64(2) gives it; glibc's readdir would allocate and ask more. */
typedef struct Entry {
    uint64_t inode;
    int64_t offset;
    unsigned short len;
    unsigned char type;
    char name[];
} Entry;

static bool leads_to_directory(int directory, const Entry *entry)
{
    struct stat status;

    if (entry->type == DT_DIR || entry->type == DT_REG)
        return entry->type == DT_DIR;
    return fstatat(directory, entry->name, &status, 0) == 0 && S_ISDIR(status.st_mode);
}

/* Names as they are read: 'd' or 'f', the name, NUL, one after the other. In malloc's
 * memory, since an arena that overflows would leave the directory open. */
typedef struct Batch {
    char few[4096];
    char *bytes; /* `few`, until it is full */
    size_t used, room;
    uint32_t count;
} Batch;

static bool batch_add(Batch *batch, char kind, const char *name)
{
    size_t len = strlen(name);

    if (batch->room - batch->used < len + 2) {
        size_t larger = (batch->room + len + 2) * 2;
        char *grown = malloc(larger);

        if (!grown)
            return false;
        memcpy(grown, batch->bytes, batch->used);
        if (batch->bytes != batch->few)
            free(batch->bytes);
        batch->bytes = grown;
        batch->room = larger;
    }
    batch->bytes[batch->used] = kind;
    memcpy(batch->bytes + batch->used + 1, name, len + 1);
    batch->used += len + 2;
    batch->count++;
    return true;
}

static bool read_names(int directory, Batch *batch)
{
    _Alignas(Entry) char bytes[16384];
    long len;

    while ((len = syscall(SYS_getdents64, directory, bytes, sizeof(bytes))) > 0) {
        for (long at = 0; at < len;) {
            const Entry *entry = (const Entry *)(const void *)(bytes + at);
            bool is_dot =
                strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0;

            if (!is_dot &&
                !batch_add(batch, leads_to_directory(directory, entry) ? 'd' : 'f',
                           entry->name))
                return false;
            at += entry->len;
        }
    }
    return len == 0;
}

static FileName *names_copy(Arena *arena, const Batch *batch, uint32_t *count)
{
    FileName *list = ARENA_ARRAY(arena, batch->count, FileName);
    Text bytes = arena_copy(arena, (Text){batch->bytes, batch->used});

    for (size_t at = 0; at < bytes.len; at += list[(*count)++].name.len + 2)
        list[*count] = (FileName){text_of(bytes.at + at + 1), bytes.at[at] == 'd'};
    qsort(list, batch->count, sizeof(*list), by_name);
    return list;
}

static FileResult list_store(Files *files, Text root, Text path, FileName **names,
                             uint32_t *count, Listing *listing)
{
    FileResult result = files->store->list(files->store->context, files->arena, root,
                                           path, names, count);

    if (*count)
        qsort(*names, *count, sizeof(**names), by_name);
    *listing = (Listing){*names, *count, result == FILE_READ || result == FILE_MISSING};
    return result;
}

static FileResult list_directory(Files *files, Text root, Text path, FileName **names,
                                 uint32_t *count, Listing *listing)
{
    Batch batch = {.room = sizeof(batch.few)};

    int directory = open_inside(files, root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        FileResult result = result_of_errno(errno);

        listing->is_known = result == FILE_MISSING;
        return result;
    }
    batch.bytes = batch.few;
    bool is_read = read_names(directory, &batch);
    (void)close(directory);
    if (batch.bytes != batch.few)
        arena_defer(files->arena, free, batch.bytes);
    if (!is_read)
        return FILE_UNREADABLE;
    *names = names_copy(files->arena, &batch, count);
    *listing = (Listing){*names, *count, true};
    return FILE_READ;
}

/* Adds what only an editor has yet. The open files are by path, so that those below one
 * directory follow each other. */
static void list_open(const Files *files, Text path, FileName **names, uint32_t *count,
                      Listing *listing)
{
    uint32_t known = *count, nadded = 0;
    FileName *all = ARENA_ARRAY(files->arena, known + files->nopen, FileName);

    for (uint32_t i = 0; i < files->nopen; i++) {
        Text inside = files->open[i].path;

        if (!path_is_inside(inside, path))
            continue;
        inside = text_from(inside, path.len ? path.len + 1 : 0);
        FileName name = {text_slice(inside, 0, text_find_byte(inside, '/')),
                         text_find_byte(inside, '/') < inside.len};
        bool is_known =
            known && bsearch(&name, *names, known, sizeof(FileName), by_name);
        bool is_added = nadded && by_name(&all[known + nadded - 1], &name) == 0;
        if (!is_known && !is_added)
            all[known + nadded++] = name;
    }
    if (nadded == 0)
        return;
    if (known)
        memcpy(all, *names, known * sizeof(FileName));
    qsort(all, known + nadded, sizeof(FileName), by_name);
    *names = all;
    *count = known + nadded;
    *listing = (Listing){all, *count, listing->is_known};
}

FileResult files_list(Files *files, Text root, Text path, FileName **names,
                      uint32_t *count)
{
    *names = NULL;
    *count = 0;
    if (!path_is_inside(path, root))
        return FILE_OUTSIDE;
    Listing *listing = listing_of(files, symbol_intern(files->symbols, path).id);
    FileResult result = files->store
                            ? list_store(files, root, path, names, count, listing)
                            : list_directory(files, root, path, names, count, listing);

    if (files->nopen == 0 || (result != FILE_READ && result != FILE_MISSING))
        return result;
    list_open(files, path, names, count, listing);
    return *count ? FILE_READ : result;
}
