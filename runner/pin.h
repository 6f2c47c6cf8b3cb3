/*
 * pin.h: whether a SERVER secret still is the server that the plan was made for.
 *
 * A secret that was changed, or a plan that came with a pull request, must not send a
 * password elsewhere: T2, T3, T6 and T22 of reference/runner.md, section 9.
 */
#ifndef BERTH_RUNNER_PIN_H
#define BERTH_RUNNER_PIN_H

#include "base/arena.h"
#include "base/text.h"

typedef enum PinResult {
    PIN_EQUAL,
    PIN_DIFFERENT, /* another server, or plain HTTP to one that is not this machine */
    PIN_INVALID    /* no server at all, or more than one */
} PinResult;

/* Compares a value with what the plan expects, a legal server. *host: the host that the
 * value names, never a user or a password in it; *problem: why it is not usable. */
PinResult pin_compare(Arena *arena, Text value, Text expect, Text *host, Text *problem);

/* Whether a host (with its port, if any) is this machine by its very name. */
bool pin_is_loopback(Text host);

#endif
