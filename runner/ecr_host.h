/*
 * ecr_host.h: what the name of a registry of ECR says: account, region, and where its
 * tokens are to be had.
 *
 *   account ".dkr.ecr" ["-fips"] "." region "." suffix
 *   account ".dkr-ecr" ["-fips"] "." region "." dual-stack suffix
 *   "public.ecr.aws" | "ecr-public.aws.com"
 *
 * All of the name must fit, and the suffix must be that of the region's partition: a
 * request that is signed goes to a host of AWS or nowhere (reference/runner.md, 4).
 */
#ifndef BERTH_RUNNER_ECR_HOST_H
#define BERTH_RUNNER_ECR_HOST_H

#include "base/arena.h"

typedef struct EcrHost {
    bool is_public;
    Text account; /* 12 digits; empty: public */
    Text region;  /* "us-east-1" where it is public */
    Text api;     /* the host that gives tokens */
} EcrHost;

/* False with *problem, the end of a sentence, when it is no such registry. */
bool ecr_host_read(Arena *arena, Text host, EcrHost *ecr, Text *problem);

#endif
