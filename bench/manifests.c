#include "organization.h"

void render_repositories(Buffer *out, const Organization *organization, uint32_t first,
                         uint32_t end)
{
    buffer_add(out, TEXT("# exported by the platform team\nrepositories:\n"));
    for (uint32_t i = first; i < end; i++) {
        const Repository *repository = &organization->repositories[i];

        buffer_format(out, "  - name: %.*s\n    visibility: %s\n    archived: false\n",
                      TEXT_ARG(repository->name), visibilities[repository->visibility]);
    }
}

static void render_grants(Buffer *out, const Organization *organization,
                          const List *grants)
{
    if (grants->count == 0)
        return;
    buffer_add(out, TEXT("    codespaces_access:\n"));
    for (uint32_t i = 0; i < grants->count; i++)
        buffer_format(out, "      - %.*s\n",
                      TEXT_ARG(organization->repositories[grants->items[i]].name));
}

void render_packages(Buffer *out, const Organization *organization)
{
    buffer_add(out, TEXT("packages:\n"));
    for (uint32_t i = 0; i < organization->npackages; i++) {
        const Package *package = &organization->packages[i];
        const Repository *source = &organization->repositories[package->repository];

        buffer_format(out,
                      "  - name: %.*s\n    visibility: %s\n    repository: %.*s\n"
                      "    published_by: %s\n    inherit_access: %s\n",
                      TEXT_ARG(package->name), visibilities[package->visibility],
                      TEXT_ARG(source->name), package->by_pat ? "pat" : "actions",
                      package->inherits ? "true" : "false");
        render_grants(out, organization, &package->grants);
        if (source->kind == DOCKERFILE)
            buffer_add(out, TEXT("    built_from: .devcontainer/Dockerfile\n"));
    }
}

typedef enum Member { SERVER, USER, PASSWORD, MEMBERS } Member;

static const char *const members[MEMBERS] = {"SERVER", "USER", "PASSWORD"};

/* One secret, up to who may use it: `level` is organization or repository. */
static void render_secret(Buffer *out, const Host *host, Member member,
                          const char *level, Text holder)
{
    buffer_format(out, "  - name: %s_CONTAINER_REGISTRY_%s\n    %s: %.*s\n",
                  host->identifier, members[member], level, TEXT_ARG(holder));
    if (member != PASSWORD)
        buffer_format(out, "    value: %s\n",
                      member == SERVER ? host->name : host->user);
}

/* The first one, and those that need the host but for one in eight: the list was made
 * by hand. */
static void render_selected(Buffer *out, const Organization *organization,
                            uint32_t host)
{
    uint32_t needy = 0;

    buffer_format(out, "    repositories:\n      - %.*s\n",
                  TEXT_ARG(organization->repositories[0].name));
    for (uint32_t i = 1; i < organization->nrepositories; i++) {
        const Repository *repository = &organization->repositories[i];

        if ((repository->hosts >> host & 1) && ++needy % 8 != 0)
            buffer_format(out, "      - %.*s\n", TEXT_ARG(repository->name));
    }
}

static void render_organization_secrets(Buffer *out, const Organization *organization)
{
    for (uint32_t host = 0; host < HOSTS; host++) {
        for (Member member = SERVER; hosts[host].visibility && member < MEMBERS;
             member++) {
            render_secret(out, &hosts[host], member, "organization", TEXT(OWNER));
            buffer_format(out, "    visibility: %s\n", hosts[host].visibility);
            if (hosts[host].visibility[0] == 's')
                render_selected(out, organization, host);
        }
    }
}

/* One in twenty lacks its USER. */
static void render_repository_secrets(Buffer *out, const Organization *organization)
{
    uint32_t triples = 0;

    for (uint32_t i = 0; i < organization->nrepositories; i++) {
        const Repository *repository = &organization->repositories[i];

        for (uint32_t host = 0; host < HOSTS; host++) {
            if (hosts[host].visibility || !(repository->hosts >> host & 1))
                continue;
            triples++;
            for (Member member = SERVER; member < MEMBERS; member++) {
                if (member != USER || triples % 20 != 0)
                    render_secret(out, &hosts[host], member, "repository",
                                  repository->name);
            }
        }
    }
}

void render_secrets(Buffer *out, const Organization *organization)
{
    buffer_add(out, TEXT("secrets:\n"));
    render_organization_secrets(out, organization);
    render_repository_secrets(out, organization);
}
