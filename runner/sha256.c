/* explicit_bzero is glibc's: hence _DEFAULT_SOURCE. */
#define _DEFAULT_SOURCE
#include "sha256.h"

#include <string.h>

enum { BLOCK = 64, LENGTH = 8 };

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes
 * (FIPS 180-4, 4.2.2). */
static const uint32_t rounds[BLOCK] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2};

static uint32_t rotate(uint32_t word, unsigned bits)
{
    return word >> bits | word << (32 - bits);
}

static void add_block(uint32_t state[8], const unsigned char *bytes)
{
    uint32_t words[BLOCK], a[8];

    for (unsigned i = 0; i < 16; i++, bytes += 4)
        words[i] = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
                   (uint32_t)bytes[2] << 8 | bytes[3];
    for (unsigned i = 16; i < BLOCK; i++) {
        uint32_t two = words[i - 2], fifteen = words[i - 15];

        words[i] = (rotate(two, 17) ^ rotate(two, 19) ^ two >> 10) + words[i - 7] +
                   (rotate(fifteen, 7) ^ rotate(fifteen, 18) ^ fifteen >> 3) +
                   words[i - 16];
    }
    memcpy(a, state, sizeof(a));
    for (unsigned i = 0; i < BLOCK; i++) {
        uint32_t first = a[7] +
                         (rotate(a[4], 6) ^ rotate(a[4], 11) ^ rotate(a[4], 25)) +
                         ((a[4] & a[5]) ^ (~a[4] & a[6])) + rounds[i] + words[i];
        uint32_t second = (rotate(a[0], 2) ^ rotate(a[0], 13) ^ rotate(a[0], 22)) +
                          ((a[0] & a[1]) ^ (a[0] & a[2]) ^ (a[1] & a[2]));

        memmove(a + 1, a, 7 * sizeof(*a));
        a[4] += first;
        a[0] = first + second;
    }
    for (unsigned i = 0; i < 8; i++)
        state[i] += a[i];
    explicit_bzero(words, sizeof(words));
    explicit_bzero(a, sizeof(a));
}

void sha256(Text bytes, unsigned char digest[SHA256_BYTES])
{
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    unsigned char last[2 * BLOCK] = {0};
    size_t whole = bytes.len / BLOCK * BLOCK, rest = bytes.len - whole;
    size_t len = rest + 1 + LENGTH <= BLOCK ? BLOCK : 2 * BLOCK;
    uint64_t bits = (uint64_t)bytes.len * 8;

    for (size_t at = 0; at < whole; at += BLOCK)
        add_block(state, (const unsigned char *)bytes.at + at);
    if (rest)
        memcpy(last, bytes.at + whole, rest);
    last[rest] = 0x80;
    for (unsigned i = 0; i < LENGTH; i++)
        last[len - 1 - i] = (unsigned char)(bits >> 8 * i);
    for (size_t at = 0; at < len; at += BLOCK)
        add_block(state, last + at);
    for (unsigned i = 0; i < SHA256_BYTES; i++)
        digest[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
    explicit_bzero(last, sizeof(last));
}

Text sha256_hex(Arena *arena, Text bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = arena_alloc(arena, 2 * SHA256_BYTES + 1, 1);
    unsigned char digest[SHA256_BYTES];

    sha256(bytes, digest);
    for (unsigned i = 0; i < SHA256_BYTES; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    return (Text){hex, 2 * SHA256_BYTES};
}
