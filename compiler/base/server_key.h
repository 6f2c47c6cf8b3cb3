/*
 * server_key.h: what a registry's SERVER secret means.
 *
 * One canonicaliser for the compiler and the runner: which registry a SERVER value
 * serves, under which key docker's config.json keeps its login, and what is wrong with
 * its form. reference/semantics.md 7.2, reference/runner.md 3.4.
 */
#ifndef BERTH_BASE_SERVER_KEY_H
#define BERTH_BASE_SERVER_KEY_H

#include "base/arena.h"
#include "base/text.h"

typedef struct ServerKey {
    Text host; /* as image references name it, lower case: "docker.io", "host:5000" */
    Text key;  /* in "auths": "https://index.docker.io/v1/" for Docker Hub, else host */
    Text problem; /* empty: a plain host, or Docker Hub's documented form. Else one of
                     scheme, path, default-port, upper-case, hub-alias, user-info,
                     query, whitespace: the host is what is left without it */
} ServerKey;

/* False when the value names no host at all (empty, control bytes, not ASCII, no legal
 * host); *problem then says why, without its bytes. */
bool server_key_read(Arena *arena, Text value, ServerKey *key, Text *problem);

#endif
