/*
 * sha256.h: SHA-256 (FIPS 180-4).
 */
#ifndef BERTH_RUNNER_SHA256_H
#define BERTH_RUNNER_SHA256_H

#include "base/arena.h"

enum { SHA256_BYTES = 32 };

void sha256(Text bytes, unsigned char digest[SHA256_BYTES]);

/* The digest as 64 hexadecimal digits in lower case. */
Text sha256_hex(Arena *arena, Text bytes);

#endif
