/* realpath(3) is of POSIX.1-2008's XSI part. */
#define _XOPEN_SOURCE 700
#include "git.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "git_child.h"

enum { LINKS_MAX = 40 };

typedef enum EntryKind { ENTRY_FILE, ENTRY_LINK, ENTRY_OTHER } EntryKind;

typedef struct TreeEntry {
    Text path; /* relative to the directory */
    Text object;
    EntryKind kind;
} TreeEntry;

struct GitCommit {
    Arena *arena;
    const char *directory;
    Text id;
    TreeEntry *entries; /* by path */
    uint32_t count, capacity;
    FileStore store;
    GitChild reader;  /* git cat-file --batch */
    bool is_reading;  /* it was started */
    bool is_broken;   /* it did not answer as it should: a blob was not to be had */
    char bytes[4096]; /* of its output, not yet used: [at, end) */
    size_t at, end;
};

Text git_commit_id(const GitCommit *commit)
{
    return commit->id;
}

bool git_commit_is_whole(const GitCommit *commit)
{
    return !commit->is_broken;
}

const FileStore *git_commit_files(const GitCommit *commit)
{
    return &commit->store;
}

/* --- its blobs --- */

static void end_reader(void *context)
{
    GitCommit *commit = context;

    if (commit->is_reading)
        (void)git_end(&commit->reader);
}

static bool fill(GitCommit *commit)
{
    ssize_t some = git_take(&commit->reader, commit->bytes, sizeof(commit->bytes));

    commit->at = 0;
    commit->end = some > 0 ? (size_t)some : 0;
    return some > 0;
}

/* The next `len` bytes of the answer; `to` NULL: they are passed over. */
static bool take(GitCommit *commit, char *to, size_t len)
{
    while (len) {
        if (commit->at == commit->end && !fill(commit))
            return false;
        size_t some = commit->end - commit->at;

        some = some < len ? some : len;
        if (to) {
            memcpy(to, commit->bytes + commit->at, some);
            to += some;
        }
        commit->at += some;
        len -= some;
    }
    return true;
}

/* "OBJECT blob SIZE". */
static bool take_header(GitCommit *commit, size_t *size)
{
    char line[160];
    size_t len = 0;

    while (len < sizeof(line) - 1) {
        if (!take(commit, &line[len], 1))
            return false;
        if (line[len] == '\n')
            break;
        len++;
    }
    line[len] = '\0';
    char *last = strrchr(line, ' ');
    if (!last || !strstr(line, " blob "))
        return false;
    *size = strtoull(last + 1, NULL, 10);
    return true;
}

static bool start_reader(GitCommit *commit)
{
    static const char *const words[] = {"cat-file", "--batch", NULL};
    int problem;

    if (!commit->is_reading)
        commit->is_reading = git_start(commit->arena, commit->directory, words, true,
                                       &commit->reader, &problem);
    return commit->is_reading;
}

static FileResult read_blob(GitCommit *commit, Arena *arena, Text object, Text *bytes)
{
    Text question = arena_format(arena, "%.*s\n", TEXT_ARG(object));
    char end;
    size_t size;

    if (commit->is_broken)
        return FILE_UNREADABLE;
    commit->is_broken = true; /* until all of the answer was taken */
    if (!start_reader(commit) || !git_ask(&commit->reader, question) ||
        !take_header(commit, &size))
        return FILE_UNREADABLE;
    bool is_small = size <= FILE_BYTES_MAX;
    char *to = is_small ? arena_alloc(arena, size + 1, 1) : NULL;
    if (!take(commit, to, size) || !take(commit, &end, 1))
        return FILE_UNREADABLE;
    commit->is_broken = false;
    *bytes = (Text){to, is_small ? size : 0};
    return is_small ? FILE_READ : FILE_TOO_LARGE;
}

/* --- its tree --- */

static int by_path(const void *left, const void *right)
{
    return text_compare(((const TreeEntry *)left)->path,
                        ((const TreeEntry *)right)->path);
}

static const TreeEntry *find_entry(const GitCommit *commit, Text path)
{
    TreeEntry wanted = {.path = path};

    return commit->count ? bsearch(&wanted, commit->entries, commit->count,
                                   sizeof(TreeEntry), by_path)
                         : NULL;
}

/* The first entry whose path is not before `path`. */
static uint32_t first_from(const GitCommit *commit, Text path)
{
    uint32_t low = 0, high = commit->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (text_compare(commit->entries[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A symbolic link on the way: what the path is behind it. */
static FileResult follow(GitCommit *commit, Arena *arena, Text root, Text *path)
{
    for (int links = 0; links <= LINKS_MAX; links++) {
        const TreeEntry *link = NULL;
        Text rest = TEXT("");

        for (size_t end = 1; end <= path->len && !link; end++) {
            if (end < path->len && path->at[end] != '/')
                continue;
            link = find_entry(commit, text_slice(*path, 0, end));
            rest = text_from(*path, end + 1);
            if (link && link->kind != ENTRY_LINK) {
                link = NULL;
                break;
            }
        }
        if (!link)
            return path_is_inside(*path, root) ? FILE_READ : FILE_OUTSIDE;
        Text target;
        FileResult result = read_blob(commit, arena, link->object, &target);
        if (result != FILE_READ)
            return result;
        if (!path_join(arena, path_directory(link->path), target, path) ||
            !path_join(arena, *path, rest, path))
            return FILE_OUTSIDE;
    }
    return FILE_LOOP;
}

static FileResult read_file(void *context, Arena *arena, Text root, Text path,
                            Text *bytes)
{
    GitCommit *commit = context;
    FileResult result = follow(commit, arena, root, &path);

    if (result != FILE_READ)
        return result;
    const TreeEntry *entry = find_entry(commit, path);
    if (entry && entry->kind == ENTRY_FILE)
        return read_blob(commit, arena, entry->object, bytes);
    if (entry)
        return FILE_NOT_A_FILE;
    Text directory = arena_format(arena, "%.*s/", TEXT_ARG(path));
    uint32_t first = first_from(commit, directory);
    return first < commit->count &&
                   text_starts_with(commit->entries[first].path, directory)
               ? FILE_NOT_A_FILE
               : FILE_MISSING;
}

/* A link to a directory is one. */
static bool is_directory(GitCommit *commit, Arena *arena, Text root,
                         const TreeEntry *entry)
{
    Text path = entry->path;

    if (entry->kind != ENTRY_LINK || follow(commit, arena, root, &path) != FILE_READ ||
        find_entry(commit, path))
        return false;
    Text directory = arena_format(arena, "%.*s/", TEXT_ARG(path));
    uint32_t first = first_from(commit, directory);
    return first < commit->count &&
           text_starts_with(commit->entries[first].path, directory);
}

static FileResult list_directory(void *context, Arena *arena, Text root, Text path,
                                 FileName **names, uint32_t *count)
{
    GitCommit *commit = context;
    FileResult result = follow(commit, arena, root, &path);
    uint32_t capacity = 0;

    *names = NULL;
    *count = 0;
    if (result != FILE_READ)
        return result;
    Text prefix = path.len ? arena_format(arena, "%.*s/", TEXT_ARG(path)) : TEXT("");
    for (uint32_t i = first_from(commit, prefix);
         i < commit->count && text_starts_with(commit->entries[i].path, prefix);) {
        const TreeEntry *entry = &commit->entries[i];
        Text inner = text_from(entry->path, prefix.len);
        size_t slash = text_find_byte(inner, '/');
        bool has_more = slash < inner.len;
        Text name = text_slice(inner, 0, slash);

        ARRAY_GROW(arena, *names, *count, capacity);
        (*names)[(*count)++] =
            (FileName){name, has_more || is_directory(commit, arena, root, entry)};
        /* '0' follows '/': what is inside is passed over. */
        i = has_more
                ? first_from(commit, arena_format(arena, "%.*s%.*s0", TEXT_ARG(prefix),
                                                  TEXT_ARG(name)))
                : i + 1;
    }
    return *count || path.len == 0 ? FILE_READ : FILE_MISSING;
}

/* --- opening it --- */

/* "MODE TYPE OBJECT<TAB>PATH<NUL>": of --full-tree, so relative to the top. */
static void add_entry(GitCommit *commit, Text line, Text prefix)
{
    size_t tab = text_find_byte(line, '\t');
    Text head = text_slice(line, 0, tab), path = text_from(line, tab + 1);
    Text object = text_from(head, text_find_last_byte(head, ' ') + 1);
    EntryKind kind = ENTRY_FILE;

    if (!text_starts_with(path, prefix))
        return;
    if (text_starts_with(head, TEXT("120000 ")))
        kind = ENTRY_LINK;
    else if (!text_starts_with(head, TEXT("100")))
        kind = ENTRY_OTHER;
    ARRAY_GROW(commit->arena, commit->entries, commit->count, commit->capacity);
    commit->entries[commit->count++] =
        (TreeEntry){text_from(path, prefix.len), object, kind};
}

static bool read_tree(GitCommit *commit, Text prefix)
{
    Text id = arena_copy(commit->arena, commit->id), output, line;
    Text inside = arena_copy(commit->arena, prefix);
    const char *const words[] = {"ls-tree",
                                 "-r",
                                 "-z",
                                 "--full-tree",
                                 id.at,
                                 "--",
                                 prefix.len ? inside.at : NULL,
                                 NULL};
    int problem;

    if (!git_run(commit->arena, commit->directory, words, &output, &problem))
        return false;
    for (bool done = false; text_next_part(&output, '\0', &line, &done);) {
        if (line.len)
            add_entry(commit, line, prefix);
    }
    if (commit->count)
        qsort(commit->entries, commit->count, sizeof(TreeEntry), by_path);
    return true;
}

static Text chomp(Text text)
{
    return text.len && text.at[text.len - 1] == '\n' ? text_slice(text, 0, text.len - 1)
                                                     : text;
}

/* What git prints as one line; false when it refuses. */
static bool ask_line(GitCommit *commit, const char *const *words, Text *line,
                     int *problem)
{
    Text output;

    if (!git_run(commit->arena, commit->directory, words, &output, problem))
        return false;
    *line = chomp(output);
    return true;
}

static bool find_commit(GitCommit *commit, Text revision, Text *problem)
{
    Text name = arena_format(commit->arena, "%.*s^{commit}", TEXT_ARG(revision)), base;
    const char *const verify[] = {"rev-parse",        "--verify", "--quiet",
                                  "--end-of-options", name.at,    NULL};
    int error = 0;

    if (!ask_line(commit, verify, &commit->id, &error)) {
        *problem = error == ENOENT
                       ? TEXT("--diff-base needs git, which is not installed")
                       : arena_format(commit->arena,
                                      "'%.*s' is no commit here; fetch it first (with "
                                      "actions/checkout: fetch-depth: 0)",
                                      TEXT_ARG(revision));
        return false;
    }
    Text id = arena_copy(commit->arena, commit->id);
    const char *const merge_base[] = {"merge-base", "--", "HEAD", id.at, NULL};
    if (ask_line(commit, merge_base, &base, &error) && base.len)
        commit->id = base;
    return true;
}

GitCommit *git_commit_open(Arena *arena, Text directory, Text revision, Text *problem)
{
    static const char *const ask_prefix[] = {"rev-parse", "--show-prefix", NULL};
    GitCommit *commit = ARENA_NEW(arena, GitCommit);
    Text prefix;
    int error = 0;

    commit->arena = arena;
    commit->directory = arena_copy(arena, directory).at;
    commit->store = (FileStore){commit, read_file, list_directory};
    if (!ask_line(commit, ask_prefix, &prefix, &error)) {
        *problem = error == ENOENT
                       ? TEXT("--diff-base needs git, which is not installed")
                       : arena_format(arena,
                                      "%.*s is in no work tree that git reads; "
                                      "--diff-base compares with a commit of it",
                                      TEXT_ARG(directory));
        return NULL;
    }
    if (!find_commit(commit, revision, problem))
        return NULL;
    if (!read_tree(commit, prefix)) {
        *problem = arena_format(arena, "git does not list the files of '%.*s'",
                                TEXT_ARG(revision));
        return NULL;
    }
    arena_defer(arena, end_reader, commit);
    return commit;
}

/* --- one file of it --- */

/* `path` from `top`, both absolute; false when it lies elsewhere. */
static bool is_below(Arena *arena, Text top, Text path, Text *below)
{
    if (!text_starts_with(top, TEXT("/")) || !text_starts_with(path, TEXT("/")) ||
        !path_join(arena, TEXT(""), text_from(path, 1), &path))
        return false;
    top = text_from(top, 1);
    if (!path_is_inside(path, top))
        return false;
    *below = text_from(path, top.len ? top.len + 1 : 0);
    return true;
}

/* As it is written, so that a change cannot lead it away by a link; else as it is. */
static bool find_below(Arena *arena, Text top, Text path, Text *below)
{
    char here[PATH_MAX], real[PATH_MAX];
    Text directory = path_directory(path);

    if (text_starts_with(path, TEXT("/")) && directory.len == 0)
        directory = TEXT("/");
    if (!getcwd(here, sizeof(here)))
        return false;
    if (is_below(arena, top,
                 text_starts_with(path, TEXT("/"))
                     ? path
                     : arena_format(arena, "%s/%.*s", here, TEXT_ARG(path)),
                 below))
        return true;
    return realpath(directory.len ? arena_copy(arena, directory).at : ".", real) &&
           is_below(arena, top,
                    arena_format(arena, "%s/%.*s", real, TEXT_ARG(path_base(path))),
                    below);
}

CommitRead git_commit_read(GitCommit *commit, Arena *arena, Text path, Text *bytes)
{
    static const char *const ask_top[] = {"rev-parse", "--show-toplevel", NULL};
    Text top, below;
    int problem;

    if (!ask_line(commit, ask_top, &top, &problem) ||
        !find_below(arena, top, path, &below))
        return COMMIT_ELSEWHERE;
    Text name = arena_format(arena, "%.*s:%.*s", TEXT_ARG(commit->id), TEXT_ARG(below));
    const char *const words[] = {"cat-file", "blob", name.at, NULL};
    return git_run(arena, commit->directory, words, bytes, &problem) ? COMMIT_READ
                                                                     : COMMIT_LACKS_IT;
}
