#include "random_organization.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const visibilities[] = {"public", "internal", "private", "unknown"};
static const char *const truths[] = {"false", "true", "unknown"};
static const char *const policies[] = {"all", "private", "selected"};
static const char *const members[] = {"SERVER", "USER", "PASSWORD"};

static uint64_t state = 7;

int organization_pick(int count)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (int)((state >> 33) % (uint64_t)count);
}

void organization_randomize(Organization *it)
{
    for (int i = 0; i < REPOSITORIES; i++) {
        it->visibility[i] = organization_pick(4);
        it->is_fork[i] = organization_pick(5) == 0;
        it->has_prebuilds[i] = organization_pick(3) == 0;
    }
    for (int i = 0; i < OWNERS; i++)
        it->enterprise[i] = organization_pick(3);
    for (int i = 0; i < PACKAGES; i++) {
        it->package_visibility[i] = organization_pick(4);
        it->link[i] = organization_pick(REPOSITORIES + 1) - 1;
        it->inherits[i] = organization_pick(3);
        for (int j = 0; j < REPOSITORIES; j++)
            it->grants[i][j] = organization_pick(4) == 0;
    }
    it->has_secrets = organization_pick(4) != 0;
    for (int i = 0; i < HOSTS; i++) {
        for (int j = 0; j < MEMBERS; j++) {
            it->policy[i][j] = organization_pick(8) == 0 ? -1 : organization_pick(3);
            for (int k = 0; k < REPOSITORIES; k++)
                it->assigned[i][j][k] = organization_pick(2) == 0;
        }
    }
}

void organization_change(Organization *it)
{
    int package = organization_pick(PACKAGES),
        repository = organization_pick(REPOSITORIES), host = organization_pick(HOSTS);

    switch (organization_pick(9)) {
    case 0:
        it->visibility[repository] = organization_pick(4);
        break;
    case 1:
        it->package_visibility[package] = organization_pick(4);
        break;
    case 2:
        it->link[package] = organization_pick(REPOSITORIES + 1) - 1;
        break;
    case 3:
        it->inherits[package] = organization_pick(3);
        break;
    case 4:
        it->grants[package][repository] ^= true;
        break;
    case 5:
        it->enterprise[organization_pick(OWNERS)] = organization_pick(3);
        break;
    case 6:
        it->has_secrets ^= true;
        break;
    case 7:
        it->policy[host][organization_pick(MEMBERS)] = organization_pick(4) - 1;
        break;
    default:
        it->assigned[host][organization_pick(MEMBERS)][repository] ^= true;
        break;
    }
}

static const char *owner_of(int repository)
{
    return repository % 4 == 3 ? "other" : "octo";
}

static void print_repositories(const Organization *it, FILE *out, bool other)
{
    fputs(other ? "# the same\nrepositories:   # all\n" : "repositories:\n", out);
    for (int n = 0; n < REPOSITORIES; n++) {
        int i = other ? REPOSITORIES - 1 - n : n;

        fprintf(out,
                other ? "- {visibility: '%s', name: \"%s/r%d\"%s%s}\n\n"
                      : "  - visibility: %s\n    name: %s/r%d\n%s%s",
                visibilities[it->visibility[i]], owner_of(i), i,
                !it->has_prebuilds[i] ? ""
                : other               ? ", prebuilds: true"
                                      : "    prebuilds: true\n",
                !it->is_fork[i] ? ""
                : other         ? ", fork_of: up/stream"
                                : "    fork_of: up/stream\n");
    }
    fputs("organizations:\n", out);
    for (int i = 0; i < OWNERS; i++) {
        fprintf(out, "  - name: %s\n", i ? "other" : "octo");
        if (it->enterprise[i])
            fprintf(out, "    enterprise: e%d\n", it->enterprise[i]);
    }
}

static void print_packages(const Organization *it, FILE *out, bool other)
{
    fputs("packages:\n", out);
    for (int i = 0; i < PACKAGES; i++) {
        fprintf(out, "  - name: octo/p%d\n", i);
        if (it->link[i] >= 0)
            fprintf(out, "    repository: %s/r%d\n", owner_of(it->link[i]),
                    it->link[i]);
        fprintf(out, "    inherit_access: %s\n    visibility: %s\n",
                truths[it->inherits[i]], visibilities[it->package_visibility[i]]);
        fputs(other ? "    codespaces_access:\n" : "    codespaces_access: [", out);
        bool any = false;
        for (int j = 0; j < REPOSITORIES; j++) {
            if (it->grants[i][j])
                fprintf(out, other ? "      - %s/r%d # granted\n" : "%s/r%d, ",
                        owner_of(j), j);
            any |= it->grants[i][j];
        }
        fputs(!other ? "]\n" : any ? "" : "      []\n", out);
    }
}

static void print_secret(const Organization *it, FILE *out, int host, int member)
{
    fprintf(out,
            "  - name: H%d_CONTAINER_REGISTRY_%s\n    organization: octo\n"
            "    visibility: %s\n",
            host, members[member], policies[it->policy[host][member]]);
    if (member == 0)
        fprintf(out, "    value: h%d.example.org\n", host);
    if (it->policy[host][member] != 2)
        return;
    fputs("    repositories: [", out);
    for (int i = 0; i < REPOSITORIES; i++) {
        if (it->assigned[host][member][i])
            fprintf(out, "%s/r%d, ", owner_of(i), i);
    }
    fputs("]\n", out);
}

void organization_write(const Organization *it, const char *directory, bool other)
{
    char path[64];

    snprintf(path, sizeof(path), "%s/berth/a.yaml", directory);
    FILE *out = fopen(path, "we");
    if (!out)
        abort();
    if (!other)
        print_repositories(it, out, false);
    print_packages(it, out, other);
    if (other)
        print_repositories(it, out, true);
    if (it->has_secrets) {
        fputs("secrets:\n  - {name: X, organization: octo, visibility: all}\n", out);
        for (int i = 0; i < HOSTS; i++) {
            for (int j = 0; j < MEMBERS; j++) {
                if (it->policy[i][j] >= 0)
                    print_secret(it, out, i, j);
            }
        }
    }
    if (fclose(out) != 0)
        abort();
}

/* Those with an even number pull a package, the others from a registry. */
static void write_configuration(const char *directory, int repository)
{
    char path[96];

    snprintf(path, sizeof(path), "%s/repos/%s/r%d", directory, owner_of(repository),
             repository);
    if (mkdir(path, 0700) != 0)
        abort();
    snprintf(path, sizeof(path), "%s/repos/%s/r%d/.devcontainer.json", directory,
             owner_of(repository), repository);
    FILE *out = fopen(path, "we");
    if (!out)
        abort();
    if (repository % 2)
        fprintf(out, "{\"image\": \"h%d.example.org/team/image:1\"}\n",
                repository / 2 % HOSTS);
    else
        fprintf(out, "{\"image\": \"ghcr.io/octo/p%d:1\"}\n",
                repository / 2 % PACKAGES);
    if (fclose(out) != 0)
        abort();
}

static const char *const directories[] = {"", "/berth", "/repos", "/repos/octo",
                                          "/repos/other"};
enum { DIRECTORIES = sizeof(directories) / sizeof(*directories) };

void organization_make(char directory[DIRECTORY_ROOM])
{
    char path[96];

    snprintf(directory, DIRECTORY_ROOM, "/tmp/berth-XXXXXX");
    if (!mkdtemp(directory))
        abort();
    for (int i = 1; i < DIRECTORIES; i++) {
        snprintf(path, sizeof(path), "%s%s", directory, directories[i]);
        if (mkdir(path, 0700) != 0)
            abort();
    }
    snprintf(path, sizeof(path), "%s/berth.yaml", directory);
    FILE *out = fopen(path, "we");
    if (!out || fputs("checkouts: repos\n", out) < 0 || fclose(out) != 0)
        abort();
    for (int i = 0; i < REPOSITORIES; i++)
        write_configuration(directory, i);
}

void organization_remove(const char *directory)
{
    char path[96];

    for (int i = 0; i < REPOSITORIES; i++) {
        snprintf(path, sizeof(path), "%s/repos/%s/r%d/.devcontainer.json", directory,
                 owner_of(i), i);
        (void)unlink(path);
        snprintf(path, sizeof(path), "%s/repos/%s/r%d", directory, owner_of(i), i);
        (void)rmdir(path);
    }
    snprintf(path, sizeof(path), "%s/berth/a.yaml", directory);
    (void)unlink(path);
    snprintf(path, sizeof(path), "%s/berth.yaml", directory);
    (void)unlink(path);
    for (int i = DIRECTORIES; i-- > 0;) {
        snprintf(path, sizeof(path), "%s%s", directory, directories[i]);
        (void)rmdir(path);
    }
}
