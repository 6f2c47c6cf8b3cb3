/*
 * auth_file.h: docker's config.json and containers' auth.json, changed by entries.
 *
 * Only the bytes of the written entries of "auths" change; all others stay as they
 * are, unknown members and white space included. A file that is not JSON to the
 * letter, holds a key twice, nests deeper than 64 or is larger than 1 MiB is refused.
 * T8, T9 of reference/runner.md; its section 3.2 has what clients do to this file.
 */
#ifndef BERTH_RUNNER_AUTH_FILE_H
#define BERTH_RUNNER_AUTH_FILE_H

#include "base/source.h"
#include "syntax/tree.h"

enum { AUTH_FILE_BYTES_MAX = 1 << 20, AUTH_FILE_DEPTH = 64 };

typedef enum Section {
    SECTION_AUTHS,  /* "auths": a server's key to an object with its login */
    SECTION_HELPERS /* "credHelpers": a server's key to a helper's name */
} Section;

typedef struct AuthEntry {
    Text key;
    Text value; /* JSON */
} AuthEntry;

typedef struct AuthFile {
    Arena *arena;
    Text bytes;
    const Tree *tree;
    NodeId root;
    NodeId sections[SECTION_HELPERS + 1]; /* 0 where the file has none */
} AuthFile;

/* Reads a file; an empty one is "{}". False with *problem, which says the place but
 * holds no byte of the file. */
bool auth_file_read(Arena *arena, Text bytes, AuthFile *file, Text *problem);

/* Whether something would be asked for this host in the place of an entry of this
 * section: a helper for "auths"; another helper than `ours`, a name, for "credHelpers". */
bool auth_file_is_shadowed(const AuthFile *file, Section section, Text host, Text ours,
                           Text *problem);

/* The file with these entries, whose keys differ, in memory that is wiped. */
Text auth_file_merge(const AuthFile *file, Section section, const AuthEntry *entries,
                     uint32_t count);
/* The file without the entry of this key, in memory that is wiped. */
Text auth_file_without(const AuthFile *file, Section section, Text key);

/* The value of an entry, as it is written; false when there is none. */
bool auth_file_entry(const AuthFile *file, Section section, Text key, Text *value);
/* The first entry, for tree_next; 0 when there is none. */
NodeId auth_file_first(const AuthFile *file, Section section);

#endif
