/*
 * documents.h: the files that an editor has open, as it has them.
 *
 * By path, since one file has many URIs. Each text lies in an arena of its own, which
 * ends with the next change. A document whose text is no longer known (a change that is
 * none, more than DOCUMENT_WORK_MAX bytes to move for one message, a text of more than
 * FILE_BYTES_MAX, or all of them more than DOCUMENTS_BYTES_MAX) is lost: the file counts as the disk has it, until its whole
 * text comes again.
 */
#ifndef BERTH_LSP_DOCUMENTS_H
#define BERTH_LSP_DOCUMENTS_H

#include "base/files.h"
#include "lsp/position.h"

enum { DOCUMENTS_MAX = 1024, DOCUMENTS_BYTES_MAX = 256 << 20 };
#define DOCUMENT_WORK_MAX ((uint64_t)4 << 30)

typedef struct Document {
    Arena *arena, *names; /* of the text; of the rest */
    Text uri;             /* as the editor writes it */
    Text path;            /* clean, relative to the workspace */
    Text text;
    Text version; /* JSON; empty: it states none */
    bool is_lost;
    uint32_t changes; /* what Documents counted when it had its last text */
} Document;

typedef struct Documents {
    Document items[DOCUMENTS_MAX]; /* by path */
    uint32_t count;
    uint32_t changes; /* texts that came, of any */
} Documents;

/* NULL: it is not open. */
Document *documents_find(Documents *documents, Text path);

/* Opens it, or opens it again. False when too many are open. */
bool documents_open(Documents *documents, Text uri, Text path, Text version, Text text);
void documents_close(Documents *documents, Document *document);

/* Applies `changes`, an array of TextDocumentContentChangeEvents. NULL, or why the
 * document is lost. */
const char *documents_change(Documents *documents, Document *document,
                             const Message *message, NodeId changes, Text version,
                             Encoding encoding);

/* The open ones that are not lost, by path, as Files takes them. Copies, in the arena. */
OpenFile *documents_as_files(const Documents *documents, Arena *arena, uint32_t *count);

void documents_end(Documents *documents);

#endif
