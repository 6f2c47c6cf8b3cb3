/*
 * line_hash.h: the hash by which GitHub code scanning knows a line again.
 *
 * As github/codeql-action computes it for partialFingerprints.primaryLocationLineHash:
 * a polynomial of base 37 modulo 2^64 over the 100 UTF-16 units from the start of the line
 * on, blanks left out, every line ending a LF, a unit 65535 at the end of the file and
 * zeros after it. Equal hashes are told apart by their number in the file. CR, LF and
 * CRLF end a line there; elsewhere in berth a CR alone does not. Private to the reports.
 */
#ifndef BERTH_REPORT_LINE_HASH_H
#define BERTH_REPORT_LINE_HASH_H

#include "base/buffer.h"

typedef struct LineHash {
    uint64_t hash;
    uint32_t ordinal; /* from 1; 0: the file has no such line */
} LineHash;

/* The hashes of some lines (1-based, ascending) of a file. */
void line_hashes(Arena *arena, Text bytes, const uint32_t *lines, uint32_t count,
                 LineHash *hashes);

void line_hash_add(Buffer *out, LineHash hash); /* "c129715d7a2bc9a3:1" */

#endif
