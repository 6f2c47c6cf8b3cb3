#include "organization.h"

enum { SEED = 1 };

const char *const visibilities[VISIBILITIES] = {"public", "internal", "private"};

static const char *const adjectives[] = {
    "amber", "bold", "calm",  "dusty", "eager", "fast",  "grand", "happy", "ionic",
    "jolly", "keen", "lunar", "misty", "neat",  "oak",   "proud", "quiet", "rapid",
    "solar", "tidy", "urban", "vivid", "warm",  "young", "zesty",
};

static const char *const nouns[] = {
    "api",    "auth",  "billing", "cache",  "cart",    "catalog", "chat",   "console",
    "data",   "docs",  "edge",    "feed",   "gateway", "graph",   "hub",    "index",
    "ingest", "jobs",  "kernel",  "lake",   "ledger",  "mail",    "maps",   "media",
    "mesh",   "notes", "orders",  "parser", "pay",     "portal",  "proxy",  "queue",
    "router", "rules", "search",  "shop",   "site",    "store",   "stream", "sync",
    "tasks",  "tools", "ui",      "vault",  "web",     "worker",
};

static const char *const purposes[] = {"base", "dev", "ci", "runtime", "tools"};

/* The more popular ones come first: see `skewed`. */
static const char *const public_images[] = {
    "mcr.microsoft.com/devcontainers/base:ubuntu-22.04",
    "mcr.microsoft.com/devcontainers/javascript-node:1-20-bookworm",
    "mcr.microsoft.com/devcontainers/python:1-3.11-bullseye",
    "mcr.microsoft.com/devcontainers/go:1.22",
    "mcr.microsoft.com/devcontainers/typescript-node:20",
    "mcr.microsoft.com/devcontainers/java:17",
    "mcr.microsoft.com/devcontainers/universal:2",
    "mcr.microsoft.com/devcontainers/rust:1",
    "node:20",
    "python:3.12",
    "golang:1.22",
};

static const char *const services[] = {"postgres:15", "redis:7", "mysql:8", "mongo:7"};

static const char *const features[] = {
    "docker-in-docker:2", "git:1",     "github-cli:1", "node:1", "python:1", "go:1",
    "common-utils:2",     "aws-cli:1", "azure-cli:1",  "rust:1", "java:1",   "sshd:1",
};

const Host hosts[HOSTS] = {
    {"acme.azurecr.io", "ACR", "acme-pull", "private"},
    {"acmeeu.azurecr.io", "ACR_EU", "acme-pull-eu", "selected"},
    {"123456789012.dkr.ecr.us-east-1.amazonaws.com", "ECR", "AKIAIOSFODNN7EXAMPLE",
     "private"},
    {"acmeus.azurecr.io", "ACR_US", "acme-pull-us", "selected"},
    {"registry.acme.example:5000", "TEAM", "reader", NULL},
    {"acmeml.azurecr.io", "ACR_ML", "acme-pull-ml", NULL},
};

/* SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators). */
static uint64_t draw(uint64_t *state)
{
    uint64_t bits = *state += 0x9E3779B97F4A7C15u;

    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
    return bits ^ (bits >> 31);
}

uint32_t below(uint64_t *state, size_t count)
{
    return (uint32_t)(((draw(state) >> 32) * count) >> 32);
}

bool chance(uint64_t *state, uint32_t percent)
{
    return below(state, 100) < percent;
}

uint32_t skewed(uint64_t *state, size_t count)
{
    return below(state, (size_t)below(state, count) + 1);
}

static void list_add(Arena *arena, List *list, uint32_t item)
{
    ARRAY_GROW(arena, list->items, list->count, list->capacity);
    list->items[list->count++] = item;
}

static Visibility draw_visibility(uint64_t *random, uint32_t public, uint32_t internal)
{
    uint32_t percent = below(random, 100);

    return percent < public ? PUBLIC : percent < public + internal ? INTERNAL : PRIVATE;
}

/* Draws are statements of their own: arguments are evaluated in any order. */
static Text draw_name(Organization *organization, const char *const *words,
                      size_t count, uint32_t number)
{
    const char *word = words[below(&organization->random, count)];
    const char *noun = PICK(&organization->random, nouns);

    return arena_format(organization->arena, OWNER "/%s-%s-%06u", word, noun, number);
}

static void draw_names(Organization *organization)
{
    uint64_t *random = &organization->random;

    for (uint32_t i = 0; i < organization->nrepositories; i++) {
        Repository *repository = &organization->repositories[i];

        repository->name = draw_name(organization, adjectives, COUNT(adjectives), i);
        repository->visibility = draw_visibility(random, 15, 25);
    }
    for (uint32_t i = 0; i < organization->npackages; i++) {
        Package *package = &organization->packages[i];

        package->name = draw_name(organization, purposes, COUNT(purposes), i);
        /* Each visibility has a package, however small the organization is. */
        package->visibility =
            i < VISIBILITIES ? (Visibility)i : draw_visibility(random, 30, 40);
        package->repository = below(random, organization->nrepositories);
        package->inherits = chance(random, 75);
        package->by_pat = chance(random, 20);
        list_add(organization->arena, &organization->by_visibility[package->visibility],
                 i);
    }
}

/* A reference to a package of that visibility, granted in so many of 100 cases. */
static Text refer(Organization *organization, uint32_t repository,
                  Visibility visibility, uint32_t granted)
{
    uint64_t *random = &organization->random;
    List *list = &organization->by_visibility[visibility];
    uint32_t popular = list->count / 20 + 1;
    uint32_t number =
        list->items[below(random, chance(random, 70) ? popular : list->count)];
    Package *package = &organization->packages[number];

    if (chance(random, granted))
        list_add(organization->arena, &package->grants, repository);
    return arena_format(organization->arena, "ghcr.io/%.*s:%u.%u",
                        TEXT_ARG(package->name), 1 + number % 7, number % 13);
}

/* An image of the organization. What leaks: a public repository's without a grant. */
static Text draw_package(Organization *organization, uint32_t number)
{
    uint64_t *random = &organization->random;
    uint32_t percent = below(random, 100);

    if (organization->repositories[number].visibility == PUBLIC)
        return percent < 60
                   ? refer(organization, number, PUBLIC, 0)
                   : refer(organization, number, percent < 90 ? INTERNAL : PRIVATE, 50);
    if (percent < 75)
        return refer(organization, number, percent < 15 ? PUBLIC : INTERNAL, 0);
    return refer(organization, number, PRIVATE, 93);
}

static Text draw_private_image(Organization *organization, Repository *repository)
{
    uint64_t *random = &organization->random;
    uint32_t host = skewed(random, COUNT(hosts));
    const char *team = PICK(random, nouns);
    uint32_t number = below(random, 100);

    repository->hosts |= 1u << host;
    return arena_format(organization->arena, "%s/%s/base:%u.%u", hosts[host].name, team,
                        number / 10, number % 10);
}

/* An image in so many of 100 cases the organization's, a private registry's, or else
 * a public one. */
static Text draw_image(Organization *organization, uint32_t number, uint32_t own,
                       uint32_t private)
{
    uint64_t *random = &organization->random;
    uint32_t percent = below(random, 100);

    if (percent < own)
        return draw_package(organization, number);
    if (percent < own + private)
        return draw_private_image(organization, &organization->repositories[number]);
    return text_of(public_images[skewed(random, COUNT(public_images))]);
}

static void draw_features(Organization *organization, uint32_t number)
{
    uint64_t *random = &organization->random;
    Repository *repository = &organization->repositories[number];
    uint32_t first = below(random, COUNT(features));

    repository->nfeatures = chance(random, 30) ? 0 : 1 + skewed(random, FEATURES_MAX);
    for (uint32_t i = 0; i < repository->nfeatures; i++)
        repository->features[i] =
            chance(random, 3)
                ? draw_package(organization, number)
                : arena_format(organization->arena, "ghcr.io/devcontainers/features/%s",
                               features[(first + i) % COUNT(features)]);
}

static void draw_configuration(Organization *organization, uint32_t number)
{
    uint64_t *random = &organization->random;
    Repository *repository = &organization->repositories[number];
    uint32_t percent = below(random, 100);

    repository->kind = percent < 72 ? IMAGE : percent < 90 ? DOCKERFILE : COMPOSE;
    repository->nimages = 1;
    switch (repository->kind) {
    case IMAGE: /* 45 public, 22 of the organization, 5 of a private registry */
        repository->images[0] = draw_image(organization, number, 31, 7);
        break;
    case DOCKERFILE:
        repository->nimages += chance(random, 25);
        for (uint32_t i = 0; i < repository->nimages; i++)
            repository->images[i] = draw_image(organization, number, 25, 8);
        break;
    case COMPOSE:
        repository->images[0] = draw_image(organization, number, 20, 8);
        repository->nimages += 1 + chance(random, 33);
        for (uint32_t i = 1; i < repository->nimages; i++)
            repository->images[i] = text_of(PICK(random, services));
        break;
    }
    draw_features(organization, number);
    repository->seed = draw(random);
}

Organization *organization_draw(Arena *arena, uint32_t repositories)
{
    Organization *organization = ARENA_NEW(arena, Organization);

    organization->arena = arena;
    organization->random = SEED;
    organization->nrepositories = repositories;
    organization->npackages = repositories < 200 ? 20 : repositories / 10;
    organization->repositories = ARENA_ARRAY(arena, repositories, Repository);
    organization->packages = ARENA_ARRAY(arena, organization->npackages, Package);
    draw_names(organization);
    for (uint32_t i = 0; i < organization->nrepositories; i++)
        draw_configuration(organization, i);
    /* Grants that somebody once gave. */
    for (uint32_t i = 0; i < organization->npackages; i++) {
        uint32_t grants = skewed(&organization->random, 4);

        while (grants-- > 0)
            list_add(organization->arena, &organization->packages[i].grants,
                     below(&organization->random, organization->nrepositories));
    }
    return organization;
}
