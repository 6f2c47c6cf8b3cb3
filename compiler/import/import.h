/*
 * import.h: a manifest from dumps of GitHub's REST API.
 *
 * A tree of dumps mirrors the paths of the API: "orgs/octo-org/packages.json" is what
 * GET /orgs/octo-org/packages answered (dump_path.c has the table). Dumps are taken one
 * by one, in the order of their paths, so that the result is the same bytes again. What
 * no dump tells is written as `unknown`, never guessed. Names, times and visibilities
 * are copied, and the message of an error: no other text of a dump is, so that a value
 * that stands in one by mistake is in no output.
 */
#ifndef BERTH_IMPORT_IMPORT_H
#define BERTH_IMPORT_IMPORT_H

#include "base/diag.h"
#include "base/files.h"

typedef struct Import Import;

/* What is wrong with a dump is added to `diags`, with its place; nothing is read from a
 * dump that is not JSON to its end. */
Import *import_new(Arena *arena, Sources *sources, Diags *diags);

/* Takes a file: `path` is relative to the tree of dumps, with '/', and must outlive the
 * import. One that is no dump is noted. */
void import_add(Import *import, Text path, uint32_t file);

enum { IMPORT_FILE_BYTES_MAX = 1 << 30 }; /* of one dump */

/* Takes every dump of a directory, in the order of paths; a directory that can hold none
 * is not entered. False when something could not be read, which is then noted. */
bool import_directory(Import *import, Files *files);

/* Dumps that were recognised, also those that nothing was read from. */
uint32_t import_count(const Import *import);

/* The manifest, and behind it what import_add_notes says of it. */
void import_add_manifest(Import *import, Buffer *out);
/* What was ignored, what the API refused, and what a person has to add: lines of text.
 * After import_add_manifest. */
void import_add_notes(const Import *import, Buffer *out);

#endif
