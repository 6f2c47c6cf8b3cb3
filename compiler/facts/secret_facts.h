/*
 * secret_facts.h: credentials in a configuration and its files, and what lets one out.
 *
 * Private to the extractors. A credential that is found is marked secret at once, so
 * that no report shows it, and its value is in no fact: literal_credential says what it
 * is and which part of the configuration it stands in. Secrets that are fed into an
 * image build are build_secret; mounts of what holds credentials, credential_mount.
 */
#ifndef BERTH_FACTS_SECRET_FACTS_H
#define BERTH_FACTS_SECRET_FACTS_H

#include "facts/configuration.h"
#include "facts/credential.h"
#include "syntax/dockerfile.h"
#include "syntax/dotenv.h"

struct ComposeModel;

/* --- secret_facts.c --- */

/* The formats of credentials, made at first use. */
Credentials *secret_facts_formats(Configuration *configuration);

/* The text with such credentials replaced, as it may become a symbol. */
Text secret_facts_shown(Configuration *configuration, Text text);

/* The credentials that say themselves what they are, in all of a file. */
void secret_facts_scan(Configuration *configuration, uint32_t file);

/* The bytes `text` of what stands at `span` (empty: all of it), which is `what` ("a
 * GitHub token"). */
void secret_facts_add(Configuration *configuration, Span span, Text text, Text what);

/* The value that stands at `span` under `name`, if it is a secret written out. */
void secret_facts_value(Configuration *configuration, Text name, Text value, Span span,
                        CredentialUse use);

/* What is fed into an image build under `name`, as written: a variable of the machine
 * that holds a secret, by its name or by that of the build's argument. `place`:
 * "build.args", ... */
void secret_facts_build(Configuration *configuration, Text name, Text value, Span span,
                        Text place);
/* The same of an argument without a value, which is the machine's variable. */
void secret_facts_build_name(Configuration *configuration, Text name, Span span,
                             Text place);

/* --- from_secrets.c: devcontainer.json itself --- */

void secrets_extract(Configuration *configuration);

/* --- from_mounts.c --- */

/* A volume or mount that takes `source` of the host's files. `how`: "mounts", ... */
void mount_facts_add(Configuration *configuration, Text source, Span span, Text how);
/* "source=...,target=...,type=bind" */
void mount_facts_fields(Configuration *configuration, Text fields, Span span, Text how);
/* "SOURCE:TARGET[:OPTIONS]" */
void mount_facts_volume(Configuration *configuration, Text volume, Span span, Text how);

/* --- dockerfile_secrets.c --- */

/* Of a Dockerfile that was read; its tokens are found by secret_facts_scan. */
void dockerfile_secrets_extract(Configuration *configuration,
                                const Dockerfile *dockerfile);

/* --- compose_secrets.c --- */

/* Of all services, and what the started ones mount. */
void compose_secrets_extract(Configuration *configuration,
                             const struct ComposeModel *model, const bool *started);
/* The variables of an ".env" file; not those of one that git ignores, which is not
 * committed: its values are hidden all the same. */
void dotenv_secrets_extract(Configuration *configuration, const Dotenv *dotenv,
                            uint32_t file, Text path);

#endif
