/*
 * configuration.h: devcontainer.json, and all it leads to, as facts.
 *
 * devcontainer_extract reads one configuration's tree and the files that it names
 * (Dockerfiles, compose files, local Features), as reference/inputs.md says the
 * reference tools do, and adds what they pull to the facts, with the way to each.
 * Every problem of those files is a Diag; nothing else is lost for it. All paths are
 * relative to the workspace and clean.
 */
#ifndef BERTH_FACTS_CONFIGURATION_H
#define BERTH_FACTS_CONFIGURATION_H

#include "base/files.h"
#include "facts/facts.h"
#include "facts/image_name.h"
#include "facts/reference.h"
#include "syntax/expand.h"
#include "syntax/tree.h"

typedef struct Configuration {
    Facts *facts;
    Files *files;
    const Tree *tree;
    uint32_t repo;   /* symbol of the repository */
    uint32_t config; /* symbol: "owner/name:path in the repository" */
    Text root;       /* the repository's directory */
    Text folder;     /* the workspace folder: that, or a Template's */
    Text path;       /* of devcontainer.json */
    Text directory;  /* of devcontainer.json */
    Text platform;   /* "linux/amd64" */
    References references;
    struct Template *template; /* of a Template's configuration; else NULL */
} Configuration;

/* The configuration in `file`, which was read from `path`: with the options of its
 * Template, when it is one of those. `repository` is "owner/name", or "" when it is not
 * known. */
void configuration_extract(Facts *facts, Files *files, uint32_t file, Text repository,
                           Text root, Text path, Text platform);

/* The same of a tree that was read, of no Template. */
void devcontainer_extract(Facts *facts, Files *files, const Tree *tree, Text repository,
                          Text root, Text path, Text platform);

/* Reads a clean path; of a Template, with its options replaced. */
FileResult configuration_open(Configuration *configuration, Text path, uint32_t *file);

/* Reads a file that the configuration names, relative to `directory`. A problem is said
 * at `span`: "input/missing-file" for what is not there or leads out of the repository,
 * "input/syntax" for what is there and cannot be read. `what` is "Dockerfile",
 * "compose file", ... *path receives the clean path, also when it cannot be read. */
bool configuration_read(Configuration *configuration, Text directory, Text path,
                        Span span, const char *what, uint32_t *file, Text *clean);

/* The place `span` as a step that leads on from `from` (NULL: the configuration). */
const Via *configuration_via(Configuration *configuration, Span span, const Via *from);

/* --- from_dockerfile.c --- */

typedef struct BuildArgument {
    Text name, value;
    bool has_value; /* else it is the machine's variable of that name: unknown */
    Span span;
} BuildArgument;

typedef struct NamedContext {
    Text name, value; /* value: "docker-image://REF", "service:NAME", a path, ... */
    Span span;
} NamedContext;

/* One image build: what devcontainer.json or a compose service says of it. */
typedef struct Build {
    const BuildArgument *arguments;
    uint32_t narguments;
    const NamedContext *contexts;
    uint32_t ncontexts;
    Text target; /* empty: the last stage */
    Span target_span;
    ReferenceReach reach; /* of the build itself: PULLED, CONDITIONAL or DECLARED */
    const Via *via;       /* what led to it */
} Build;

/* Adds what the build pulls to configuration->references. `file` is a read Dockerfile. */
void dockerfile_extract(Configuration *configuration, uint32_t file,
                        const Build *build);
/* The same for text that stands in another file (compose's dockerfile_inline): every
 * span is then `span`, the scalar that holds it. */
void dockerfile_extract_inline(Configuration *configuration, Text text, Span span,
                               const Build *build);

/* --- from_compose.c --- */

typedef struct ComposeFile {
    Text
        path; /* as written in dockerComposeFile, relative to configuration->directory */
    Span span;
} ComposeFile;

typedef struct ComposeName {
    Text name;
    Span span;
} ComposeName;

typedef struct ComposeProject {
    const ComposeFile *files; /* in order; none: those that compose looks for itself */
    uint32_t nfiles;
    Text service; /* the configuration's */
    Span service_span;
    const ComposeName *run_services;
    uint32_t nrun_services;
    const Via *via;
} ComposeProject;

/* Adds what the project's services pull to configuration->references. */
void compose_extract(Configuration *configuration, const ComposeProject *project);

/* --- from_reference.c --- */

/* One found reference as facts: reference, reference_note, reference_name, via,
 * unresolved_reference, opaque; or "input/invalid-reference". */
void reference_extract(Configuration *configuration, const Reference *reference);

/* The fact reference_name of a reference to a registry; its symbol is the canonical
 * form. The columns are a function of that: a name with neither tag nor digest has the
 * tag "latest". */
uint32_t reference_name_extract(Facts *facts, const ImageName *name);

/* Marks what could be a password in a reference ("user:password@host/name") as secret;
 * true when there is such a part. */
bool reference_mark_secret(Configuration *configuration, Span span, Text text);

/* --- from_commands.c --- */

/* A lifecycle command: a string, an array of arguments or an object of either. */
void commands_extract(Configuration *configuration, Text event, NodeId command);

#endif
