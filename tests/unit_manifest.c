#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts/policy_file.h"
#include "facts/workspace.h"
#include "rows.h"

typedef struct Case {
    const char *name;
    const char *yaml;
    const char *rows;
    const char *diags;
    const char *shown; /* NULL: all of it, as it is */
} Case;

static Case cases[] = {
    {"DESIGN's example, every fact at its place",
     "organizations:\n"
     "  - name: octo-org\n"
     "    enterprise: octo\n"
     "    base_images: [ghcr.io/octo-org/base:1]\n"
     "repositories:\n"
     "  - name: octo-org/site\n"
     "    visibility: public\n"
     "    path: site\n"
     "    fork_of: upstream/site\n"
     "    archived: true\n"
     "    prebuilds: false\n"
     "packages:\n"
     "  - name: octo-org/base\n"
     "    visibility: internal\n"
     "    repository: octo-org/images\n"
     "    published_by: actions\n"
     "    inherit_access: true\n"
     "    codespaces_access: [octo-org/app]\n"
     "    actions_access: [octo-org/ci]\n"
     "    built_from: images/base/Dockerfile\n"
     "secrets:\n"
     "  - name: ACR_CONTAINER_REGISTRY_SERVER\n"
     "    organization: octo-org\n"
     "    visibility: selected\n"
     "    repositories: [octo-org/site]\n"
     "    updated_at: 2026-01-02T03:04:05Z\n"
     "    value: mycompany.azurecr.io\n"
     "registries:\n"
     "  - host: registry.corp.example\n"
     "    access: private\n",
     "organization(2:5, octo-org)\n"
     "organization_enterprise(3:5, octo-org, octo)\n"
     "base_image_policy(4:19, octo-org, ghcr.io/octo-org/base:1)\n"
     "repository(6:5, octo-org/site, octo-org)\n"
     "repository_visibility(7:5, octo-org/site, public)\n"
     "repository_fork(9:5, octo-org/site, upstream/site)\n"
     "repository_archived(10:5, octo-org/site)\n"
     "repository_prebuilds(11:5, octo-org/site, false)\n"
     "package(13:5, octo-org/base, octo-org)\n"
     "package_visibility(14:5, octo-org/base, internal)\n"
     "package_repository(15:5, octo-org/base, octo-org/images)\n"
     "package_published_by(16:5, octo-org/base, actions)\n"
     "package_inherit_access(17:5, octo-org/base, true)\n"
     "codespaces_access(18:25, octo-org/base, octo-org/app)\n"
     "actions_access(19:22, octo-org/base, octo-org/ci)\n"
     "package_built_from(20:5, octo-org/base, images/base/Dockerfile)\n"
     "secret(22:5, organization octo-org ACR_CONTAINER_REGISTRY_SERVER, "
     "ACR_CONTAINER_REGISTRY_SERVER, organization, octo-org)\n"
     "secret_visibility(24:5, organization octo-org ACR_CONTAINER_REGISTRY_SERVER, "
     "selected)\n"
     "secret_repository(25:20, organization octo-org ACR_CONTAINER_REGISTRY_SERVER, "
     "octo-org/site)\n"
     "secret_updated(26:5, organization octo-org ACR_CONTAINER_REGISTRY_SERVER, "
     "20455)\n"
     "secret_value(27:5, organization octo-org ACR_CONTAINER_REGISTRY_SERVER, "
     "mycompany.azurecr.io)\n"
     "secret_server(27:5, organization octo-org ACR_CONTAINER_REGISTRY_SERVER, "
     "mycompany.azurecr.io)\n"
     "secrets_stated(21:1)\n"
     "registry_access(30:5, registry.corp.example, private)\n",
     "", NULL},
    {"a scalar that is absent is unknown, a list that is absent is empty",
     "repositories: [{name: o/r}]\n"
     "packages: [{name: o/p}]\n"
     "secrets: [{name: X, organization: o}]\n"
     "registries: [{host: a.example}]\n",
     "repository(1:17, o/r, o)\n"
     "repository_visibility(1:17, o/r, unknown)\n"
     "package(2:13, o/p, o)\n"
     "package_visibility(2:13, o/p, unknown)\n"
     "package_repository_unknown(2:13, o/p)\n"
     "package_inherit_access(2:13, o/p, unknown)\n"
     "secret(3:12, organization o X, X, organization, o)\n"
     "secret_visibility(3:12, organization o X, unknown)\n"
     "secrets_stated(3:1)\n"
     "registry_access(4:15, a.example, unknown)\n",
     "", NULL},
    {"unknown stands for any value and any list",
     "organizations: [{name: o, enterprise: unknown, base_images: unknown, secrets: "
     "unknown}]\n"
     "repositories: [{name: o/r, visibility: unknown, path: unknown, fork_of: unknown, "
     "archived: unknown, prebuilds: unknown, secrets: unknown}]\n"
     "packages: [{name: o/p, visibility: unknown, repository: unknown, published_by: "
     "unknown, inherit_access: unknown, codespaces_access: unknown, actions_access: "
     "unknown, built_from: unknown}]\n"
     "secrets: [{name: X_USER, user: u, repositories: unknown, updated_at: unknown, "
     "value: unknown}]\n"
     "registries: unknown\n",
     "organization(1:18, o)\n"
     "repository(2:17, o/r, o)\n"
     "repository_visibility(2:28, o/r, unknown)\n"
     "repository_prebuilds(2:101, o/r, unknown)\n"
     "package(3:13, o/p, o)\n"
     "package_visibility(3:24, o/p, unknown)\n"
     "package_repository_unknown(3:45, o/p)\n"
     "package_inherit_access(3:89, o/p, unknown)\n"
     "codespaces_access_unknown(3:114, o/p)\n"
     "secret(4:12, user u X_USER, X_USER, user, u)\n"
     "secret_repositories_unknown(4:35, user u X_USER)\n"
     "secrets_stated(4:1)\n"
     "secrets_unknown(1:70, organization, o)\n"
     "secrets_unknown(2:121, repository, o/r)\n",
     "", NULL},
    {"inheritance follows from how a package is published",
     "packages:\n"
     "  - {name: o/a, repository: o/r, published_by: actions}\n"
     "  - {name: o/b, repository: o/r, published_by: pat}\n"
     "  - {name: o/c, repository: o/r, published_by: pat, inherit_access: true}\n"
     "  - {name: o/d, repository: none, published_by: actions, inherit_access: "
     "unknown}\n"
     "  - {name: o/e, repository: ~}\n"
     "  - {name: o/f, repository: }\n",
     "package(2:6, o/a, o)\npackage(3:6, o/b, o)\npackage(4:6, o/c, o)\n"
     "package(5:6, o/d, o)\npackage(6:6, o/e, o)\npackage(7:6, o/f, o)\n"
     "package_visibility(2:6, o/a, unknown)\npackage_visibility(3:6, o/b, unknown)\n"
     "package_visibility(4:6, o/c, unknown)\npackage_visibility(5:6, o/d, unknown)\n"
     "package_visibility(6:6, o/e, unknown)\npackage_visibility(7:6, o/f, unknown)\n"
     "package_repository(2:17, o/a, o/r)\n"
     "package_repository(3:17, o/b, o/r)\n"
     "package_repository(4:17, o/c, o/r)\n"
     "package_repository_unknown(7:6, o/f)\n"
     "package_published_by(2:34, o/a, actions)\n"
     "package_published_by(3:34, o/b, pat)\n"
     "package_published_by(4:34, o/c, pat)\n"
     "package_published_by(5:35, o/d, actions)\n"
     "package_inherit_access(2:34, o/a, true)\n"
     "package_inherit_access(3:34, o/b, false)\n"
     "package_inherit_access(4:53, o/c, true)\n"
     "package_inherit_access(5:58, o/d, unknown)\n"
     "package_inherit_access(6:6, o/e, unknown)\n"
     "package_inherit_access(7:6, o/f, unknown)\n",
     "", NULL},
    {"names ignore case: packages are in lower case, repositories as the entry spells "
     "them",
     "packages: [{name: Octo-Org/Base, visibility: private, repository: none, "
     "codespaces_access: [Octo-Org/Site]}]\n"
     "repositories: [{name: octo-org/site, visibility: private}]\n",
     "repository(2:17, octo-org/site, octo-org)\n"
     "repository_visibility(2:38, octo-org/site, private)\n"
     "package(1:13, octo-org/base, octo-org)\n"
     "package_visibility(1:34, octo-org/base, private)\n"
     "package_inherit_access(1:13, octo-org/base, unknown)\n"
     "codespaces_access(1:93, octo-org/base, octo-org/site)\n",
     "", NULL},
    {"a list that is known in part",
     "packages: [{name: o/p, visibility: private, repository: none, codespaces_access: "
     "[o/a, unknown]}]\n",
     "package(1:13, o/p, o)\n"
     "package_visibility(1:24, o/p, private)\n"
     "package_inherit_access(1:13, o/p, unknown)\n"
     "codespaces_access(1:83, o/p, o/a)\n"
     "codespaces_access_unknown(1:88, o/p)\n",
     "", NULL},
    {"secrets that are unknown as a whole are not complete",
     "secrets: unknown\n---\nsecrets:\n- {name: X_USER, repository: o/r, value: me}\n",
     "secret(4:4, repository o/r X_USER, X_USER, repository, o/r)\n"
     "secret_value(4:35, repository o/r X_USER, me)\n",
     "", NULL},
    {"a `secrets` key with nothing below says that there are none", "secrets:\n",
     "secrets_stated(1:1)\n", "", NULL},
    {"a secret's name is in upper case, and its spelling is kept",
     "secrets: [{name: acr_Container_Registry_User, user: Mona, visibility: selected, "
     "repositories: [o/r], value: 00000000-0000-0000-0000-000000000000}]\n",
     "secret(1:12, user mona ACR_CONTAINER_REGISTRY_USER, ACR_CONTAINER_REGISTRY_USER, "
     "user, mona)\n"
     "secret_written(1:12, user mona ACR_CONTAINER_REGISTRY_USER, "
     "acr_Container_Registry_User)\n"
     "secret_repository(1:96, user mona ACR_CONTAINER_REGISTRY_USER, o/r)\n"
     "secret_value(1:102, user mona ACR_CONTAINER_REGISTRY_USER, "
     "00000000-0000-0000-0000-000000000000)\n"
     "secrets_stated(1:1)\n",
     "", NULL},
    {"the value of a password is nowhere",
     "secrets:\n"
     "- name: A_CONTAINER_REGISTRY_PASSWORD\n"
     "  organization: o\n"
     "  visibility: all\n"
     "  value: first\n"
     "  value: hunter2\n",
     "secret(2:3, organization o A_CONTAINER_REGISTRY_PASSWORD, "
     "A_CONTAINER_REGISTRY_PASSWORD, organization, o)\n"
     "secret_visibility(4:3, organization o A_CONTAINER_REGISTRY_PASSWORD, all)\n"
     "secrets_stated(1:1)\n"
     "manifest_secret_value(6:3, A_CONTAINER_REGISTRY_PASSWORD)\n",
     "input/duplicate-key 6:3 the key 'value' stands twice; the last one counts\n",
     "secrets:\n"
     "- name: A_CONTAINER_REGISTRY_PASSWORD\n"
     "  organization: o\n"
     "  visibility: all\n"
     "  value: •••\n"
     "  value: •••\n"},
    {"nor is it where it comes by an alias, a merge, a list or another key",
     "secrets:\n"
     "- &a {name: A, user: u, value: &v hunter2}\n"
     "- {name: B, user: u, value: *v}\n"
     "- {<<: *a, name: C}\n"
     "- {name: D, user: u, value: [hunter3]}\n"
     "- {name: E, user: u, password: hunter4}\n"
     "- F=hunter5\n"
     "- {name: G=hunter6, user: u}\n",
     "secret(2:7, user u A, A, user, u)\n"
     "secret(3:4, user u B, B, user, u)\n"
     "secret(4:12, user u C, C, user, u)\n"
     "secret(5:4, user u D, D, user, u)\n"
     "secret(6:4, user u E, E, user, u)\n"
     "secrets_stated(1:1)\n"
     "manifest_secret_value(2:25, A)\n"
     "manifest_secret_value(2:25, B)\n"
     "manifest_secret_value(2:25, C)\n",
     "unusable 5:29 'value' is a list; expected a text or unknown\n"
     "input/unknown-key 6:22 'password' is no key of a secret's entry; its keys are "
     "name, organization, repository, user, visibility, repositories, updated_at, "
     "value\n"
     "unusable 7:3 an item of 'secrets' is a text; expected a mapping or unknown\n"
     "unusable 8:4 this is more than a secret's name; expected the name alone\n",
     "secrets:\n"
     "- •••\n"
     "- {name: B, user: u, value: *v}\n"
     "- {<<: *a, name: C}\n"
     "- {name: D, user: u, value: •••}\n"
     "- {name: E, user: u, password: •••}\n"
     "- •••\n"
     "- {name: •••, user: u}\n"},
    {"nor in a manifest that does not parse",
     "secrets:\n"
     "- name: A_PASSWORD\n"
     "  value: |\n"
     "    hunter2\n"
     "\n"
     "    hunter3\n"
     "  user: u\n"
     "- {name: B_PASSWORD, \"value\" : hunter4}\n"
     "packages: [\n",
     "",
     "unusable 10:1 this manifest cannot be used: did not find expected node content; "
     "what follows was not read\n",
     "secrets:\n"
     "- name: A_PASSWORD\n"
     "  value:•••\n"
     "    •••\n"
     "\n"
     "    •••\n"
     "  user: u\n"
     "- {name: B_PASSWORD, \"value\" :•••\n"
     "packages: [\n"},
    {"nor in a SERVER that is no host, or that names a user",
     "secrets:\n"
     "- {name: A_SERVER, repository: o/r, value: 'https://me:hunter2@ghcr.io'}\n"
     "- {name: B_SERVER, repository: o/r, value: hunter3}\n"
     "- {name: C_SERVER, repository: o/r, value: https://ghcr.io/o}\n"
     "- {name: D_SERVER, repository: o/r, value: https://index.docker.io/v1/}\n",
     "secret(2:4, repository o/r A_SERVER, A_SERVER, repository, o/r)\n"
     "secret(3:4, repository o/r B_SERVER, B_SERVER, repository, o/r)\n"
     "secret(4:4, repository o/r C_SERVER, C_SERVER, repository, o/r)\n"
     "secret(5:4, repository o/r D_SERVER, D_SERVER, repository, o/r)\n"
     "secret_value(2:37, repository o/r A_SERVER, •••)\n"
     "secret_value(3:37, repository o/r B_SERVER, •••)\n"
     "secret_value(4:37, repository o/r C_SERVER, https://ghcr.io/o)\n"
     "secret_value(5:37, repository o/r D_SERVER, https://index.docker.io/v1/)\n"
     "secret_server(2:37, repository o/r A_SERVER, ghcr.io)\n"
     "secret_server(4:37, repository o/r C_SERVER, ghcr.io)\n"
     "secret_server(5:37, repository o/r D_SERVER, docker.io)\n"
     "secret_server_problem(2:37, repository o/r A_SERVER, user-info)\n"
     "secret_server_problem(3:37, repository o/r B_SERVER, not a host)\n"
     "secret_server_problem(4:37, repository o/r C_SERVER, scheme)\n"
     "secrets_stated(1:1)\n",
     "",
     "secrets:\n"
     "- {name: A_SERVER, repository: o/r, value: •••}\n"
     "- {name: B_SERVER, repository: o/r, value: •••}\n"
     "- {name: C_SERVER, repository: o/r, value: https://ghcr.io/o}\n"
     "- {name: D_SERVER, repository: o/r, value: https://index.docker.io/v1/}\n"},
    {"an unknown key is said with the nearest one and the level",
     "package: [{name: o/p}]\n"
     "repositories: [{name: o/r, visability: public, published_by: pat, grants: x}]\n",
     "repository(2:17, o/r, o)\n"
     "repository_visibility(2:17, o/r, unknown)\n",
     "input/unknown-key 1:1 'package' is no key of a manifest; the nearest is "
     "'packages'\n"
     "input/unknown-key 2:28 'visability' is no key of a repository's entry; the "
     "nearest is 'visibility'\n"
     "input/unknown-key 2:48 'published_by' is no key of a repository's entry, but of "
     "a "
     "package's entry\n"
     "input/unknown-key 2:67 'grants' is no key of a repository's entry; its keys are "
     "name, visibility, path, fork_of, archived, prebuilds, secrets\n",
     "package: •••\n"
     "repositories: [{name: o/r, visability: public, published_by: pat, grants: x}]\n"},
    {"a wrong value is said, and counts as unknown",
     "repositories:\n"
     "- {name: o/r, visibility: pubic, path: ../x, archived: yes, fork_of: x}\n"
     "packages:\n"
     "- {name: o/p, inherit_access: 1, repository: [o/r], codespaces_access: o/r}\n"
     "secrets:\n"
     "- {name: X, organization: o, visibility: everyone, updated_at: yesterday}\n"
     "registries:\n"
     "- {host: 'https://a.example', access: public}\n"
     "- {host: a.example, access: closed}\n",
     "repository(2:4, o/r, o)\n"
     "repository_visibility(2:15, o/r, unknown)\n"
     "package(4:4, o/p, o)\n"
     "package_visibility(4:4, o/p, unknown)\n"
     "package_repository_unknown(4:34, o/p)\n"
     "package_inherit_access(4:15, o/p, unknown)\n"
     "codespaces_access_unknown(4:53, o/p)\n"
     "secret(6:4, organization o X, X, organization, o)\n"
     "secret_visibility(6:30, organization o X, unknown)\n"
     "secrets_stated(5:1)\n"
     "registry_access(9:21, a.example, unknown)\n",
     "unusable 2:27 the value of 'visibility' is not valid; expected public, internal, "
     "private or unknown; the nearest is public\n"
     "unusable 2:70 the value of 'fork_of' is not valid; expected a repository as "
     "owner/name, none or unknown\n"
     "unusable 2:56 the value of 'archived' is not valid; expected true, false or "
     "unknown\n"
     "unusable 2:40 the value of 'path' is not valid; expected a relative path that "
     "stays "
     "inside or unknown\n"
     "unusable 4:46 'repository' is a list; expected a repository as owner/name, none "
     "or unknown\n"
     "unusable 4:31 the value of 'inherit_access' is not valid; expected true, false "
     "or "
     "unknown\n"
     "unusable 4:72 'codespaces_access' is a text; expected a list of repositories as "
     "owner/name or unknown\n"
     "unusable 6:42 the value of 'visibility' is not valid; expected all, private, "
     "selected or unknown\n"
     "unusable 6:64 the value of 'updated_at' is not valid; expected a time as "
     "2026-01-02T03:04:05Z or unknown\n"
     "unusable 8:10 the value of 'host' is not valid; expected a host as image "
     "references name it\n"
     "unusable 9:29 the value of 'access' is not valid; expected private, public or "
     "unknown\n",
     NULL},
    {"what an entry is about must be there, and be legal",
     "organizations: [{enterprise: e}, {name: a b}, {name: -a}]\n"
     "repositories: [{name: r}, {name: o/..}, {name: o/a/b}, {}]\n"
     "packages: [{name: ghcr.io/o/p}, {name: p}, {name: o/p//q}, [x], ]\n",
     "",
     "unusable 1:18 an organization's entry has no 'name'; expected an account's name\n"
     "unusable 1:41 the value of 'name' is not valid; expected an account's name\n"
     "unusable 1:54 the value of 'name' is not valid; expected an account's name\n"
     "unusable 2:23 the value of 'name' is not valid; expected a repository as "
     "owner/name\n"
     "unusable 2:34 the value of 'name' is not valid; expected a repository as "
     "owner/name\n"
     "unusable 2:48 the value of 'name' is not valid; expected a repository as "
     "owner/name\n"
     "unusable 2:56 a repository's entry has no 'name'; expected a repository as "
     "owner/name\n"
     "unusable 3:19 the value of 'name' is not valid; expected a package as "
     "owner/name, "
     "without its host\n"
     "unusable 3:40 the value of 'name' is not valid; expected a package as "
     "owner/name, "
     "without its host\n"
     "unusable 3:51 the value of 'name' is not valid; expected a package as "
     "owner/name, "
     "without its host\n"
     "unusable 3:60 an item of 'packages' is a list; expected a mapping or unknown\n",
     "organizations: [{enterprise: e}, {name: a b}, {name: -a}]\n"
     "repositories: [{name: r}, {name: o/..}, {name: o/a/b}, {}]\n"
     "packages: [{name: ghcr.io/o/p}, {name: p}, {name: o/p//q}, •••, ]\n"},
    {"a secret has one holder",
     "secrets:\n"
     "- {name: A_USER}\n"
     "- {name: B_USER, organization: o, user: u}\n"
     "- {name: C_USER, organization: unknown}\n"
     "- {name: D_USER, repository: o}\n"
     "- {name: E_USER, repository: o/r, visibility: all}\n",
     "secret(6:4, repository o/r E_USER, E_USER, repository, o/r)\n"
     "secrets_stated(1:1)\n",
     "unusable 2:4 a secret's entry has no holder; expected one of 'organization', "
     "'repository' and 'user'\n"
     "unusable 3:35 a secret's entry has more than one holder; expected one of "
     "'organization', 'repository' and 'user'\n"
     "unusable 4:18 a secret's holder cannot be unknown; expected its name\n"
     "unusable 5:30 the value of 'repository' is not valid; expected a repository as "
     "owner/name or unknown\n"
     "input/unknown-key 6:35 'visibility' is no key of a repository's secret, which "
     "reaches that repository alone\n",
     NULL},
    {"of two entries for one name the first counts",
     "organizations: [{name: o}, {name: O}]\n"
     "repositories: [{name: o/r, visibility: public}, {name: O/R, visibility: "
     "private}]\n"
     "packages: [{name: o/p, visibility: public, repository: none}, {name: o/P}]\n"
     "secrets: [{name: A_USER, user: u}, {name: A_USER, user: U}, {name: a_user, user: "
     "u}]\n"
     "registries: [{host: a.example, access: public}, {host: A.example}]\n",
     "organization(1:18, o)\n"
     "repository(2:17, o/r, o)\n"
     "repository_visibility(2:28, o/r, public)\n"
     "package(3:13, o/p, o)\n"
     "package_visibility(3:24, o/p, public)\n"
     "package_inherit_access(3:13, o/p, unknown)\n"
     "secret(4:12, user u A_USER, A_USER, user, u)\n"
     "secret(4:62, user u A_USER, A_USER, user, u)\n"
     "secret_written(4:62, user u A_USER, a_user)\n"
     "secrets_stated(4:1)\n"
     "registry_access(5:32, a.example, public)\n",
     "unusable 1:29 'O' has an entry already; expected one for each\n"
     "unusable 2:50 'O/R' has an entry already; expected one for each\n"
     "unusable 3:64 'o/P' has an entry already; expected one for each\n"
     "unusable 4:37 'A_USER' has an entry already; expected one for each\n"
     "unusable 5:50 'A.example' has an entry already; expected one for each\n",
     NULL},
    {"an empty manifest says nothing", "# nothing\n", "", "", NULL},
    {"a manifest that is a list", "- a\n", "",
     "unusable 1:1 this manifest is a list; expected a mapping\n", "•••\n"},
    {"entries that are no list", "packages: {o/p: public}\n", "",
     "unusable 1:11 'packages' is a mapping; expected a list of entries or unknown\n",
     "packages: •••\n"},
};

typedef struct Work {
    Arena *arena;
    Sources *sources;
    Facts *facts;
    uint32_t file;
} Work;

static Work work_new(void)
{
    Work work = {.arena = arena_new((size_t)1 << 28)};

    work.sources = sources_new(work.arena);
    work.facts = facts_new(work.arena, symbols_new(work.arena), work.sources,
                           diags_new(work.arena));
    return work;
}

static void extract(Work *work, Text yaml)
{
    work->file = sources_add(work->sources, TEXT("manifest.yaml"), yaml);
    const Tree *tree = policy_file_read(work->facts, work->file, "manifest");

    if (tree)
        manifest_extract(work->facts, tree, NULL);
}

static void text_is(Arena *arena, Text text, const char *expected)
{
    assert_string_equal(arena_copy(arena, text).at, expected);
}

static void manifest_says(void **state)
{
    const Case *c = *state;
    Work work = work_new();
    Buffer shown = {.arena = work.arena};
    uint32_t len = (uint32_t)text_of(c->yaml).len;

    extract(&work, text_of(c->yaml));
    manifests_complete(work.facts);
    text_is(work.arena, rows_text(work.facts), c->rows);
    text_is(work.arena, diags_text(work.facts), c->diags);
    source_add_shown(work.sources, &shown, (Span){work.file, 0, len});
    text_is(work.arena, buffer_text(&shown), c->shown ? c->shown : c->yaml);
    arena_free(work.arena);
}

static void several_manifests_merge(void **state)
{
    Work work = work_new();

    (void)state;
    extract(&work,
            TEXT("packages: [{name: o/p, visibility: public, repository: o/r}]"));
    extract(&work, TEXT("repositories: [{name: O/R}]\npackages: [{name: O/P}]"));
    manifests_complete(work.facts);
    text_is(work.arena, rows_text(work.facts),
            "repository(1:17, o/r, o)\n"
            "repository_visibility(1:17, o/r, unknown)\n"
            "package(1:13, o/p, o)\n"
            "package_visibility(1:24, o/p, public)\n"
            "package_repository(1:44, o/p, o/r)\n"
            "package_inherit_access(1:13, o/p, unknown)\n");
    assert_int_equal(work.facts->diags->count, 1);
    const Diag *diag = &work.facts->diags->items[0];
    text_is(work.arena, diag->message,
            "'O/P' has an entry already; expected one for each");
    assert_int_equal(diag->span.file, 2);
    assert_int_equal(diag->related.file, 1);
    assert_int_equal(diag->related.start, 12);
    arena_free(work.arena);
}

/* A file says DIAGS_PER_FILE things at most; that it is unusable must be among them. */
static void warnings_do_not_crowd_out_errors(void **state)
{
    Work work = work_new();
    Buffer yaml = {.arena = work.arena};
    bool is_unusable = false;

    (void)state;
    for (int i = 0; i < 200; i++)
        buffer_format(&yaml, "key%d: 1\nsame: 2\n", i);
    buffer_add(&yaml, TEXT("packages: [{name: p}]\n"));
    extract(&work, buffer_text(&yaml));
    for (uint32_t i = 0; i < work.facts->diags->count; i++)
        is_unusable |= work.facts->diags->items[i].rule[0] == '\0';
    assert_true(is_unusable);
    arena_free(work.arena);
}

/* One list, aliased by many entries: rows are bounded, and the file is unusable. */
static void an_alias_bomb_ends(void **state)
{
    enum { ITEMS = 5000, ENTRIES = 2000 };
    Work work = {.arena = arena_new((size_t)1 << 30)};

    (void)state;
    work.sources = sources_new(work.arena);
    work.facts = facts_new(work.arena, symbols_new(work.arena), work.sources,
                           diags_new(work.arena));
    Buffer yaml = {.arena = work.arena};
    buffer_add(&yaml, TEXT("packages:\n- {name: o/p, codespaces_access: &a ["));
    for (int i = 0; i < ITEMS; i++)
        buffer_add(&yaml, TEXT("o/r,"));
    buffer_add(&yaml, TEXT("]}\n"));
    for (int i = 0; i < ENTRIES; i++)
        buffer_format(&yaml, "- {name: o/p%d, codespaces_access: *a}\n", i);
    extract(&work, buffer_text(&yaml));
    assert_int_equal(work.facts->diags->count, 1);
    text_is(work.arena, work.facts->diags->items[0].message,
            "more than 4,194,304 items; the rest was not read");
    arena_free(work.arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 3] = {
        [COUNT] = cmocka_unit_test(several_manifests_merge),
        [COUNT + 1] = cmocka_unit_test(warnings_do_not_crowd_out_errors),
        [COUNT + 2] = cmocka_unit_test(an_alias_bomb_ends),
    };

    for (size_t i = 0; i < COUNT; i++)
        tests[i] =
            (struct CMUnitTest){cases[i].name, manifest_says, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
