/*
 * catalogue.h: the rule files: their metadata, and the program they make.
 *
 * A rule file begins with a YAML block in a comment, "/" "*---" to "---*" "/". The files
 * of rules/platform hold the vocabulary: `says` and `absent`, sentences by relation. The
 * rest are rules; rules/README.md has their keys. The shipped files are embedded; an
 * organization's own are read from directories. What is wrong with a file is a Diag of
 * the rule "".
 */
#ifndef BERTH_CATALOGUE_H
#define BERTH_CATALOGUE_H

#include "base/files.h"
#include "report/rule.h"

typedef struct RuleFile {
    const char *path; /* "rules/leak/latent-grant.dl" */
    const unsigned char *bytes;
    size_t len;
} RuleFile;

/* Printed by rules/embed.cmake, in the order of the program. */
extern const RuleFile rule_files[];
extern const uint32_t nrule_files;

/* For the pages: "words.md", then by path the cases that they show, as in
 * "leak/latent-grant/bad/berth.yaml". Bytes that a case's `canaries` name are "•••". */
extern const RuleFile example_files[];
extern const uint32_t nexample_files;

typedef struct RuleDirectory {
    Files *files;
    Text path; /* relative to `files` */
    Text at;   /* where `files` was opened, as the user gave it */
} RuleDirectory;

/* Opens a directory of rules, whose files are printed as below it. False when it cannot
 * be; then that is a Diag. */
bool rule_directory_open(Arena *arena, Symbols *symbols, Sources *sources, Text path,
                         Diags *diags, RuleDirectory *directory);

/* Whether a directory, one of `names`, holds a rule's cases: "no-hub" beside
 * "no-hub.dl". */
bool rule_directory_is_of_cases(Arena *arena, const FileName *names, uint32_t count,
                                const FileName *directory);

/* What stands below one: an id has two parts, vocabulary may lie deeper. */
enum { RULE_DIRECTORY_DEPTH = 4 };

/* What stands in directories of rules, in the order of the program. */
typedef struct RulePath {
    const RuleDirectory *directory;
    Text path;         /* of a rule file; of a directory that cannot be listed */
    FileResult listed; /* FILE_READ: it is a rule file */
    uint32_t file;     /* of a rule file that was read; else 0 */
} RulePath;

typedef struct RulePaths {
    RulePath *items;
    uint32_t count, capacity;
} RulePaths;

RulePaths rule_paths_find(Arena *arena, const RuleDirectory *directories,
                          uint32_t ndirectories);

/* Reads the shipped rules and those of `directories`, and compiles them as one program.
 * A directory beside a rule of its name holds that rule's cases, and is not read. NULL
 * when anything is wrong; the catalogue then holds what could be read. */
DlProgram *catalogue_read(Arena *arena, Symbols *symbols, Sources *sources,
                          const RuleDirectory *directories, uint32_t ndirectories,
                          Diags *diags, Catalogue *catalogue);

#endif
