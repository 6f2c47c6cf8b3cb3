/*
 * redact.h: no byte of a secret in what is shown.
 *
 * A Redaction knows what was read from secrets, and the forms in which a client may
 * repeat it: as it is, byte by byte percent-encoded or escaped as in a Go or JSON
 * string, and in base64 of either alphabet, alone or within anything. Whatever is shown
 * passes through it: each occurrence becomes "•••", control bytes become \xNN, and the
 * "##[" of a command of GitHub Actions \u0023#[ (T15, T16 of reference/runner.md).
 */
#ifndef BERTH_RUNNER_REDACT_H
#define BERTH_RUNNER_REDACT_H

#include "base/buffer.h"

typedef struct Needle {
    Text bytes;
    bool is_common; /* hidden in a client's output only: a user name, or so short that
                       it is part of words */
} Needle;

typedef struct Redaction {
    Arena *arena;
    Needle *needles;
    uint32_t count, capacity;
} Redaction;

/* Learns a login's secrets, and their forms. */
void redact_learn(Redaction *redaction, Text user, Text password);
/* Learns one text as it is. */
void redact_learn_text(Redaction *redaction, Text secret);

/* Adds what may be shown of `text`. `client`: a client printed it, so that what is
 * common is hidden too. `cut`: it may end within a secret, whose first bytes are then
 * hidden. */
void redact_add(const Redaction *redaction, Buffer *out, Text text, bool client,
                bool cut);

/* Room for bytes of a secret, overwritten before the arena's memory is given back. */
char *secret_room(Arena *arena, size_t len);
Text secret_copy(Arena *arena, Text secret);
/* base64 (RFC 4648, section 4) of user ":" password, in such room. */
Text secret_basic(Arena *arena, Text user, Text password);

#endif
