/*
 * uri.h: files as LSP names them: "file:///a/b%20c" (RFC 8089), and paths.
 */
#ifndef BERTH_LSP_URI_H
#define BERTH_LSP_URI_H

#include "base/buffer.h"

/* The absolute path of a file's URI, without "." and ".."; false when it is none of this
 * machine's files. */
bool uri_path(Arena *arena, Text uri, Text *path);
/* The URI of an absolute path. */
Text uri_of(Arena *arena, Text path);

#endif
