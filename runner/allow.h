/*
 * allow.h: which servers may get which secrets, by a file outside of the repository.
 *
 * A plan comes from a repository, and whoever changes its configuration changes the
 * plan. This file does not: where it is there, a step whose secret may not go to its
 * server is refused before any secret is read (T2 of reference/runner.md).
 *
 *     # secrets whose names begin so   may go to
 *     ACR_                             mycompany.azurecr.io
 *     GITHUB_TOKEN                     ghcr.io *.pkg.example
 */
#ifndef BERTH_RUNNER_ALLOW_H
#define BERTH_RUNNER_ALLOW_H

#include "logins.h"
#include "runner.h"

/* The file's bytes, from the options' place or the usual one; *there is false when there
 * is no such file. Not STATUS_OK: what is wrong with it has been said. */
Status allow_read(Run *run, Text *path, Text *bytes, bool *there);

/* Whether each login may be tried. Of several prefixes the longest counts; "*" stands
 * for any part of a host; a name that no line covers may go nowhere. What is refused
 * has been said, with what would have been allowed. */
Status allow_check(Run *run, Text path, Text bytes, Logins logins);

#endif
