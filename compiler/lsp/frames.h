/*
 * frames.h: the base protocol of LSP: bytes to messages, and back.
 *
 * A message is "Content-Length: N" CRLF, further fields, an empty line and N bytes of
 * UTF-8. Bytes come in any portions; a message that is whole has an arena of its own,
 * which whoever takes it frees. A header that does not read as one ends the
 * conversation: nobody knows where the next one begins.
 */
#ifndef BERTH_LSP_FRAMES_H
#define BERTH_LSP_FRAMES_H

#include "base/buffer.h"

enum {
    FRAME_BYTES_MAX = 64 << 20,    /* of a message; a longer one is passed over */
    FRAME_HEADER_MAX = 4096,       /* bytes of its header */
    MESSAGE_MEMORY_MAX = 512 << 20 /* of a message, its tree and its answer */
};

typedef enum FrameResult {
    FRAME_NEEDS_MORE, /* the input is used up */
    FRAME_WHOLE,
    FRAME_PASSED_OVER, /* one that is not read; `problem` says why */
    FRAME_BROKEN       /* nothing that follows can be read; `problem` says why */
} FrameResult;

typedef struct Frame {
    Arena *arena; /* of a whole one */
    Text body;
    const char *problem;
} Frame;

/* Start with {0}. */
typedef struct Frames {
    char header[FRAME_HEADER_MAX];
    size_t nheader; /* bytes of the header, so far */
    size_t line;    /* where its last line begins */
    bool has_length, in_body;
    uint64_t length;     /* of the body */
    uint64_t nbody;      /* bytes of it, so far */
    const char *problem; /* why the body is passed over; NULL: it is kept */
    Arena *arena;
    char *body;
} Frames;

/* Takes bytes off the front of *input, up to the end of one message. */
FrameResult frames_take(Frames *frames, Text *input, Frame *frame);
/* Frees the message that did not become whole. */
void frames_end(Frames *frames);

/* A message as it is sent. */
void frame_add(Text body, Buffer *out);

#endif
