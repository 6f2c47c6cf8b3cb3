/*
 * source.h: the input files, and byte offset -> line and column.
 *
 * A file is a number, from 1; 0 is "no file". A Span is the bytes [start, end) of
 * one. A Site is a Span as a number, so that a fact can carry it; site 0 is
 * nowhere, and equal spans are one site.
 *
 * Lines and columns are 1-based; a column counts Unicode code points, or UTF-16 units
 * for what wants them (SARIF, LSP). Spans that hold a credential are marked secret;
 * whoever prints bytes of a file asks first.
 */
#ifndef BERTH_BASE_SOURCE_H
#define BERTH_BASE_SOURCE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"

typedef struct Span {
    uint32_t file, start, end; /* bytes */
} Span;

typedef struct Site {
    uint32_t id;
} Site;

typedef struct Place {
    uint32_t line, column;
} Place;

typedef struct Sources Sources;

Sources *sources_new(Arena *arena);
/* Others that have the same files and sites, and go on from there, without views, secrets
 * and what comments silence; `sources` must outlive them, and are not changed by them. */
Sources *sources_fork(Arena *arena, const Sources *sources);

/* Adds a file. `path` is what is printed, relative and with '/'; it and `bytes`
 * (the whole file, byte order mark included, < 4 GiB) must outlive the Sources. */
uint32_t sources_add(Sources *sources, Text path, Text bytes);
uint32_t sources_count(const Sources *sources); /* files, and so the last number */
Text source_path(const Sources *sources, uint32_t file);
Text source_bytes(const Sources *sources, uint32_t file);
Text span_bytes(const Sources *sources, Span span);

/* An offset beyond the end counts as the end. Builds the file's line table at
 * first use. */
Place source_place(Sources *sources, uint32_t file, uint32_t offset);
/* The same with the column in UTF-16 code units. */
Place source_place_utf16(Sources *sources, uint32_t file, uint32_t offset);
/* The bytes of a 1-based line, without its LF or CRLF; *start is its offset. */
Text source_line(Sources *sources, uint32_t file, uint32_t line, uint32_t *start);
uint32_t source_line_count(Sources *sources, uint32_t file);

Site site_intern(Sources *sources, Span span);
Span site_span(const Sources *sources, Site site);
uint32_t sites_count(const Sources *sources);

/* --- views --- */

/* The bytes [start, end) of a file, and what stands there instead. */
typedef struct Replacement {
    uint32_t start, end;
    Text value;
} Replacement;

/* The file with parts of it replaced (in their order, and apart), under a number of its
 * own: for who reads files. Sites and secrets of its spans are the file's own, where a
 * replaced part is all of what it replaces. It lies in `arena`, is none of
 * sources_count, and ends with sources_drop_views. Its bytes must be < 4 GiB. */
uint32_t sources_add_view(Sources *sources, Arena *arena, uint32_t file,
                          const Replacement *replacements, uint32_t count);
void sources_drop_views(Sources *sources);
/* Where a view's span stands in the file itself; any other span is itself. */
Span span_origin(const Sources *sources, Span span);

/* From here on no report shows these bytes. */
void source_mark_secret(Sources *sources, Span span);
/* Adds the bytes of `span` with every secret part replaced by "•••". */
void source_add_shown(const Sources *sources, Buffer *buffer, Span span);
bool span_has_secret(const Sources *sources, Span span);

/* What the comments of the files silence; never NULL. See base/ignore.h. */
struct Ignores *sources_ignores(const Sources *sources);

#endif
