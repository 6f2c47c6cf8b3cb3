/*
 * sigv4.h: AWS Signature Version 4, in the form of an Authorization header.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * A request's method, path, query, headers and body are written in one canonical form,
 * whose digest is signed with a key that is derived from the secret key, the day, the
 * region and the service. No clock, no network and no environment: the same request at
 * the same time gives the same bytes. Keys lie in memory that is wiped.
 */
#ifndef BERTH_RUNNER_SIGV4_H
#define BERTH_RUNNER_SIGV4_H

#include "base/arena.h"

typedef struct SignedHeader {
    Text name, value; /* as sent; a value may be folded over lines */
} SignedHeader;

typedef struct SignedRequest {
    Text method;
    Text path;       /* as sent, from "/" on */
    Text query;      /* as sent, without "?" */
    bool keeps_path; /* dot segments and empty ones stay: what S3 alone wants */
    const SignedHeader *headers;
    uint32_t nheaders; /* "Host" and "X-Amz-Date" among them */
    Text body;
} SignedRequest;

typedef struct SigningKey {
    Text access_key, secret_key;
    Text region, service;
    Text time; /* UTC, "20150830T123600Z", as in X-Amz-Date */
} SigningKey;

typedef struct Signature {
    Text canonical; /* the request in its canonical form */
    Text to_sign;
    Text hex;           /* 64 digits */
    Text authorization; /* the header's value */
} Signature;

void sigv4_sign(Arena *arena, const SignedRequest *request, const SigningKey *key,
                Signature *signature);

#endif
