/*
 * generate.c: an organization of N repositories, for measurements.
 *
 *   bench_generate N DIRECTORY
 *
 * Makes a workspace as berth reads it: berth.yaml, manifests in access/, and the trees
 * of the repositories in repos/, in realistic proportions: 15 % of the repositories are
 * public, 25 % internal; 45 % start from a public image, 22 % from a package of the
 * organization, 18 % have a Dockerfile, 10 % compose, 5 % a private registry; 70 % of
 * the references go to 5 % of the packages; about 1 % of the repositories leak. The same
 * N gives the same bytes.
 */
#include "organization.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    REPOSITORIES_MAX = 5000000,
    IN_ONE_MANIFEST =
        20000, /* repositories: a manifest stays below berth's file limit */
};

typedef struct Out {
    Arena *arena;
    int directory;
    Buffer text; /* of the file that is being rendered */
} Out;

static _Noreturn void give_up(const char *path)
{
    fprintf(stderr, "bench_generate: %s: %s\n", path, strerror(errno));
    exit(2);
}

static void make_directories(int directory, char *path)
{
    for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdirat(directory, path, 0777) < 0 && errno != EEXIST)
            give_up(path);
        *slash = '/';
    }
}

/* Writes what was rendered, and begins the next file. */
static void write_out(Out *out, Text path)
{
    char *name = arena_alloc(out->arena, path.len + 1, 1);
    size_t done = 0;

    memcpy(name, path.at, path.len);
    make_directories(out->directory, name);
    int file = openat(out->directory, name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (file < 0)
        give_up(name);
    while (done < out->text.len) {
        ssize_t len = write(file, out->text.at + done, out->text.len - done);

        if (len < 0)
            give_up(name);
        done += (size_t)len;
    }
    if (close(file) < 0)
        give_up(name);
    out->text.len = 0;
}

static void write_manifests(Out *out, const Organization *organization)
{
    uint32_t count = organization->nrepositories;

    buffer_add(&out->text, TEXT("manifests: [access/*.yaml]\ncheckouts: repos\n"));
    write_out(out, TEXT("berth.yaml"));
    buffer_add(&out->text, TEXT("organizations:\n  - name: " OWNER "\n"));
    write_out(out, TEXT("access/organizations.yaml"));
    for (uint32_t first = 0; first < count; first += IN_ONE_MANIFEST) {
        uint32_t end =
            count - first > IN_ONE_MANIFEST ? first + IN_ONE_MANIFEST : count;

        render_repositories(&out->text, organization, first, end);
        write_out(out, arena_format(out->arena, "access/repositories-%03u.yaml",
                                    first / IN_ONE_MANIFEST));
    }
    render_packages(&out->text, organization);
    write_out(out, TEXT("access/packages.yaml"));
    render_secrets(&out->text, organization);
    write_out(out, TEXT("access/secrets.yaml"));
}

static void write_repository(Out *out, const Repository *repository)
{
    Text directory = arena_format(out->arena, "repos/%.*s/.devcontainer",
                                  TEXT_ARG(repository->name));

    render_devcontainer(&out->text, repository);
    write_out(out,
              arena_format(out->arena, "%.*s/devcontainer.json", TEXT_ARG(directory)));
    if (repository->kind == DOCKERFILE) {
        render_dockerfile(&out->text, repository);
        write_out(out,
                  arena_format(out->arena, "%.*s/Dockerfile", TEXT_ARG(directory)));
    } else if (repository->kind == COMPOSE) {
        render_compose(&out->text, repository);
        write_out(out, arena_format(out->arena, "%.*s/docker-compose.yml",
                                    TEXT_ARG(directory)));
    }
}

int main(int argc, char **argv)
{
    unsigned long count = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;

    if (count < 1 || count > REPOSITORIES_MAX) {
        fputs("usage: bench_generate N DIRECTORY\n", stderr);
        return 2;
    }
    if (mkdir(argv[2], 0777) < 0 && errno != EEXIST)
        give_up(argv[2]);
    Arena *arena = arena_new((size_t)8 << 30);
    Out out = {.arena = arena, .text = {.arena = arena}};
    out.directory = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (out.directory < 0)
        give_up(argv[2]);
    Organization *organization = organization_draw(arena, (uint32_t)count);
    write_manifests(&out, organization);
    for (uint32_t i = 0; i < organization->nrepositories; i++)
        write_repository(&out, &organization->repositories[i]);
    arena_free(arena);
    return 0;
}
