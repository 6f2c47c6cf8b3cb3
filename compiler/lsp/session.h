/*
 * session.h: one conversation with an editor: what it can, what it has open, what was
 * found last.
 *
 * The workspace is one directory. Every part of lsp/ answers from a Session; only the
 * server changes it.
 */
#ifndef BERTH_LSP_SESSION_H
#define BERTH_LSP_SESSION_H

#include "lsp/documents.h"
#include "lsp/frames.h"
#include "report/report.h"

enum { NAME_BYTES_MAX = 8192 /* of a URI and of a path */ };

/* What one look at the workspace gave. */
typedef struct Analysis {
    const Report *report;     /* with its findings; NULL: nothing could be read */
    const Diags *diags;       /* those of the rule "" are no findings */
    Text problems;            /* what has no place in a file, a line each; or empty */
    bool is_judged;           /* access was, to the end: it is known what would mend */
    uint32_t elsewhere_after; /* the sources (elsewhere_after, elsewhere_until] are */
    uint32_t elsewhere_until; /* no files of the workspace */
} Analysis;

/* Who looks, and who is told. */
typedef struct Host {
    void *context;
    /* The workspace as it is now. What the last call gave ends. Never NULL. */
    const Analysis *(*analyse)(void *context, Text root, const Documents *documents);
    bool (*write)(void *context, Text bytes); /* false: nobody reads any more */
    Text version;                             /* of berth */
} Host;

typedef struct Session {
    const Host *host;
    Text root; /* absolute; empty: no directory was named */
    Encoding encoding;
    bool has_related, has_versions; /* of publishDiagnostics */
    bool has_markdown;              /* of hover */
    bool has_actions;               /* code actions, and not commands alone */
    bool has_document_changes;      /* edits may name the version they are meant for */
    bool can_watch;                 /* files that it tells of, when asked to */
    Documents documents;
    const Analysis *analysis; /* NULL: not yet */
    bool is_cut_off;          /* nobody reads what is written */
} Session;

/* Frames a message, and writes it. */
void session_send(Session *session, Arena *arena, Text body);
/* window/logMessage; `type` 1: error, 2: warning, 3: information. */
void session_log(Session *session, Arena *arena, uint32_t type, Text says);

/* The path of a URI in the workspace, clean; false when it lies elsewhere. */
bool session_path(const Session *session, Arena *arena, Text uri, Text *path);
/* As the editor writes it where it has the file open. */
Text session_uri(Session *session, Arena *arena, Text path);

#endif
