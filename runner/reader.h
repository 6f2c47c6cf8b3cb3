/*
 * reader.h: a client, called to read an image of a registry: does it let one in?
 */
#ifndef BERTH_RUNNER_READER_H
#define BERTH_RUNNER_READER_H

#include "client.h"

/* A client that can read an image: this one, or another that is there. */
bool reader_find(Arena *arena, const Client *client, Client *reader);

/* The call that reads an image's manifest with the stage's logins, of which `login` is
 * one; `deadline` is of clock_now. */
Child reader_call(Run *run, const Client *reader, const Stage *stage,
                  const Login *login, Text image, int64_t deadline);

/* Whether a client does not tell if it was asked for a login, as docker does not: then
 * this call, for an image that is not there and with no login, finds out. */
bool reader_probes(const Client *client);
Child reader_probe(Run *run, const Client *client, const Stage *stage,
                   const Login *login, int64_t deadline);

#endif
