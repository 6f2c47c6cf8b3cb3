/*
 * organization.h: the organization that bench_generate makes up.
 *
 * All that rules can see is drawn from one seeded generator before any text is
 * rendered; the text of a configuration has a seed of its own. The same number of
 * repositories gives the same organization.
 */
#ifndef BERTH_BENCH_ORGANIZATION_H
#define BERTH_BENCH_ORGANIZATION_H

#include "base/arena.h"
#include "base/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define OWNER "acme"

enum { IMAGES_MAX = 3, FEATURES_MAX = 4, HOSTS = 6 };

/* A private registry, and who holds its three secrets. */
typedef struct Host {
    const char *name, *identifier, *user;
    const char
        *visibility; /* of the organization's; NULL: each repository has its own */
} Host;

extern const Host hosts[HOSTS];

typedef enum Visibility { PUBLIC, INTERNAL, PRIVATE, VISIBILITIES } Visibility;

extern const char *const visibilities[VISIBILITIES];

typedef enum Kind { IMAGE, DOCKERFILE, COMPOSE } Kind;

typedef struct List {
    uint32_t *items;
    uint32_t count, capacity;
} List;

typedef struct Repository {
    Text name;
    Visibility visibility;
    Kind kind;
    Text images[IMAGES_MAX]; /* the image; the stages' bases; the services' images */
    Text features[FEATURES_MAX];
    uint32_t nimages, nfeatures;
    uint32_t hosts; /* a bit for each of `hosts` that it needs */
    uint64_t seed;  /* of its text */
} Repository;

typedef struct Package {
    Text name;
    Visibility visibility;
    uint32_t repository; /* it is linked to */
    bool inherits, by_pat;
    List grants; /* repositories */
} Package;

typedef struct Organization {
    Arena *arena;
    uint64_t random;
    Repository *repositories;
    Package *packages;
    uint32_t nrepositories, npackages;
    List by_visibility[VISIBILITIES]; /* packages */
} Organization;

/* One of 0 ... count - 1. */
uint32_t below(uint64_t *state, size_t count);
bool chance(uint64_t *state, uint32_t percent);
/* As `below`, small numbers more often. */
uint32_t skewed(uint64_t *state, size_t count);
#define PICK(state, array) ((array)[below((state), COUNT(array))])

Organization *organization_draw(Arena *arena, uint32_t repositories);

/* render.c: the files of a repository's configuration. */
void render_devcontainer(Buffer *out, const Repository *repository);
void render_dockerfile(Buffer *out, const Repository *repository);
void render_compose(Buffer *out, const Repository *repository);

/* manifests.c: the manifests; of the repositories those in [first, end). */
void render_repositories(Buffer *out, const Organization *organization, uint32_t first,
                         uint32_t end);
void render_packages(Buffer *out, const Organization *organization);
void render_secrets(Buffer *out, const Organization *organization);

#endif
