/*
 * files.h: the files of a workspace, read safely.
 *
 * Paths are relative to the workspace's directory, with '/', lexically clean. A
 * repository's file is opened only when it lies inside that repository, symbolic
 * links followed or not: a path that leads out is never opened. Only regular files
 * are read; the size has a limit. Each file is read once; its bytes are a Source.
 */
#ifndef BERTH_BASE_FILES_H
#define BERTH_BASE_FILES_H

#include "base/intern.h"
#include "base/path.h"
#include "base/source.h"

enum { FILE_BYTES_MAX = 16 << 20 }; /* of one file */

typedef enum FileResult {
    FILE_READ,
    FILE_MISSING,
    FILE_OUTSIDE,    /* leads out of the repository */
    FILE_NOT_A_FILE, /* a directory, a device, a pipe */
    FILE_TOO_LARGE,
    FILE_LOOP,      /* too many symbolic links */
    FILE_UNREADABLE /* no permission, an error of the device */
} FileResult;

/* What to say of a result: "is a directory, not a file". Never of FILE_READ. */
const char *file_result_says(FileResult result);
/* Whether the analysis is incomplete for it (exit status 3). */
bool file_result_is_incomplete(FileResult result);

typedef struct Files Files;

/* Files that lie elsewhere than in a directory: those of a commit. Its functions answer as
 * files_read and files_list do, for clean paths inside `root`; `path` may be a symbolic
 * link, which they follow inside `root`. Texts are the arena's. */
typedef struct FileName FileName;
typedef struct FileStore {
    void *context;
    FileResult (*read)(void *context, Arena *arena, Text root, Text path, Text *bytes);
    FileResult (*list)(void *context, Arena *arena, Text root, Text path,
                       FileName **names, uint32_t *count); /* in any order */
} FileStore;

/* Opens a directory; NULL with *problem set when it cannot be. */
Files *files_open(Arena *arena, Symbols *symbols, Sources *sources, Text directory,
                  const char **problem);
/* `store` and its context must outlive the files. Never NULL. */
Files *files_of_store(Arena *arena, Symbols *symbols, Sources *sources,
                      const FileStore *store);

/* Files of up to so many bytes are read, instead of FILE_BYTES_MAX. */
void files_allow(Files *files, uint32_t bytes);
/* From here on the files that are read are printed as below this directory, which is as
 * the user gave it. */
void files_show_below(Files *files, Text directory);

/* A file as an editor has it, which goes before what the directory has. */
typedef struct OpenFile {
    Text path; /* clean, relative to the workspace */
    Text bytes;
} OpenFile;
/* From here on these files are what they are in an editor, on disk or not; at most
 * FILE_BYTES_MAX of each. `open`, by path, and its texts must outlive the files. */
void files_cover(Files *files, const OpenFile *open, uint32_t count);

/* Reads `path`, which must lie inside `root` (a clean directory of the workspace, ""
 * for the workspace itself). *file is its number; a second read gives the same one. */
FileResult files_read(Files *files, Text root, Text path, uint32_t *file);

struct FileName {
    Text name;
    bool is_directory;
};

/* What was there and could not be read, in the order it was met: the rest of a
 * report's coverage. */
typedef struct Refusal {
    Text path;
    FileResult result; /* never FILE_READ or FILE_MISSING */
} Refusal;
const Refusal *files_refusals(const Files *files, uint32_t *count);

/* The names in a directory inside `root`, sorted by byte; without "." and "..". A
 * symbolic link counts as what it leads to, if that is inside. *count is 0 when the
 * directory is not there. */
FileResult files_list(Files *files, Text root, Text directory, FileName **names,
                      uint32_t *count);

#endif
