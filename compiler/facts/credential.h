/*
 * credential.h: what a credential looks like.
 *
 * Two ways to know one: a token's own format (a table of them, each with the vendor's
 * description), and the name it stands under ("NPM_TOKEN") together with a value that
 * is written out. Both leave out what stands for a value: variables, placeholders, and
 * what people write where nothing is secret ("changeme", "postgres").
 *
 * Offsets are bytes of the text that was asked. Nothing here keeps a value.
 */
#ifndef BERTH_FACTS_CREDENTIAL_H
#define BERTH_FACTS_CREDENTIAL_H

#include "base/arena.h"
#include "base/text.h"

typedef struct Credentials Credentials; /* the formats, ready to be searched for */

typedef struct Credential {
    const char *what; /* "a GitHub token" */
    size_t start, end;
} Credential;

Credentials *credentials_new(Arena *arena);

/* The next credential that says itself what it is, searched from *at on; *at is then
 * behind what was looked at. Its start may lie before *at: an AWS secret is found by
 * the access key that stands near it. */
bool credential_next(Credentials *credentials, Text text, size_t *at,
                     Credential *credential);

/* --- names --- */

/* "<*>_CONTAINER_REGISTRY_SERVER", "_USER" or "_PASSWORD". */
bool name_is_registry(Text name);
/* A name for a secret: BuildKit's words for one, the last word being such a word. */
bool name_is_secret(Text name);

/* --- values --- */

typedef enum CredentialUse {
    USE_OUTSIDE, /* it may open something elsewhere */
    USE_OWN      /* a password that the project gives a container of its own */
} CredentialUse;

/* Whether `value`, which stands under `name`, is a secret that is written out. A
 * password of USE_OWN, and a key, count only when they look generated. */
bool value_is_secret(Text name, Text value, CredentialUse use);

#endif
