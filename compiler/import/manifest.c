#include "import/records.h"

#include <stdlib.h>

#include "import/yaml_text.h"

enum {
    COMMENTS_MAX = 20, /* of one kind */
    FLOW_ITEMS_MAX = 3 /* of a list on one line */
};

typedef struct MissingInfo {
    const char *key, *where;
} MissingInfo;

static const MissingInfo infos[MISSING_COUNT] = {
#define MISSING(id, key, one, several, where) {key, where},
#include "import/missing.def"
#undef MISSING
};

/* --- in order --- */

static int by_key(const void *left, const void *right)
{
    return text_compare((*(const Name *const *)left)->key,
                        (*(const Name *const *)right)->key);
}

static const Name **sorted(Import *import, const void *items, uint32_t count,
                           size_t size, int (*compare)(const void *, const void *))
{
    const Name **names = ARENA_ARRAY(import->arena, count, const Name *);

    for (uint32_t i = 0; i < count; i++)
        names[i] = (const void *)((const char *)items + i * size);
    if (count)
        qsort(names, count, sizeof(*names), compare);
    return names;
}

/* A record of a table, from its first member. */
#define SORTED(import, table, compare)                                                 \
    sorted((import), (table).items, (table).count, sizeof(*(table).items), (compare))
#define RECORD(Type, name) ((const Type *)(const void *)(name))

/* --- a member of an entry --- */

static void add_member(Buffer *out, const char *key, Text value)
{
    buffer_format(out, "    %s: ", key);
    yaml_text_add(out, value);
    buffer_add_byte(out, '\n');
}

/* `key: unknown`, and where it is found while there are not too many such comments. */
static void add_missing(Import *import, Buffer *out, Missing what, Text of)
{
    buffer_format(out, "    %s: unknown", infos[what].key);
    if (import->missing[what].count < COMMENTS_MAX)
        buffer_format(out, "  # %s", infos[what].where);
    buffer_add_byte(out, '\n');
    group_add(&import->missing[what], of);
}

static void add_told(Import *import, Buffer *out, Missing what, const Told *told,
                     Text of)
{
    if (told->known == TOLD)
        add_member(out, infos[what].key, told->text);
    else if (told->known == TOLD_NONE)
        add_member(out, infos[what].key, TEXT("none"));
    else
        add_missing(import, out, what, of);
}

static void add_name(Buffer *out, const Name *name)
{
    buffer_add(out, TEXT("  - name: "));
    yaml_text_add(out, name->text);
    buffer_add_byte(out, '\n');
}

/* --- organizations --- */

/* All repositories of the account are in the dumps: whose secrets are unknown is then
 * said in their entries. */
static bool is_covered(const Import *import, const Account *account)
{
    return account->has_repositories ||
           (import->has_me_list &&
            text_equal_ignoring_case(import->login, account->name.text));
}

/* Once a manifest lists secrets, those of an owner that it mentions are taken to be all
 * there are. Of a repository that no dump names it can say otherwise only in an entry of
 * its owner, also where that is a user. */
static bool has_entry(const Import *import, const Account *account)
{
    if (account->kind == ACCOUNT_USER)
        return account->is_mentioned && !is_covered(import, account);
    return true;
}

/* Whether its own secrets are all here, and those of its repositories. */
static void add_organization_secrets(Import *import, Buffer *out,
                                     const Account *account)
{
    Text name = account->name.text;
    bool is_covered_all = is_covered(import, account);

    if (!account->has_secrets) {
        add_missing(import, out, MISSING_ORGANIZATION_SECRETS, name);
        if (!is_covered_all)
            group_add(&import->missing[MISSING_UNNAMED_REPOSITORIES], name);
    } else if (!is_covered_all) {
        buffer_add(out,
                   TEXT("    # Its own are all below; those of repositories that no "
                        "dump names are not.\n"));
        add_missing(import, out, MISSING_UNNAMED_REPOSITORIES, name);
    }
}

static void add_organization(Import *import, Buffer *out, const Account *account)
{
    const Name *name = &account->name;

    if (!has_entry(import, account))
        return;
    add_name(out, name);
    if (account->kind == ACCOUNT_USER) {
        buffer_add(out, TEXT("    # A user: here since there may be repositories that "
                             "no dump names.\n"));
        add_missing(import, out, MISSING_USERS_REPOSITORIES, name->text);
        return;
    }
    if (account->kind == ACCOUNT_UNKNOWN)
        buffer_add(out, TEXT("    # An organization or a user: no dump tells.\n"));
    add_missing(import, out, MISSING_ENTERPRISE, name->text);
    add_missing(import, out, MISSING_BASE_IMAGES, name->text);
    add_organization_secrets(import, out, account);
}

/* --- repositories and packages --- */

static void add_repository(Import *import, Buffer *out, const Repository *repository)
{
    const Name *name = &repository->name;

    add_name(out, name);
    add_told(import, out, MISSING_REPOSITORY_VISIBILITY, &repository->visibility,
             name->text);
    if (repository->is_fork)
        add_told(import, out, MISSING_FORK, &repository->fork_of, name->text);
    if (repository->is_archived)
        buffer_add(out, TEXT("    archived: true\n"));
    add_missing(import, out, MISSING_PREBUILDS, name->text);
    if (!repository->has_secrets)
        add_missing(import, out, MISSING_REPOSITORY_SECRETS, name->text);
}

static void add_package(Import *import, Buffer *out, const Package *package)
{
    const Name *name = &package->name;

    add_name(out, name);
    add_told(import, out, MISSING_PACKAGE_VISIBILITY, &package->visibility, name->text);
    add_told(import, out, MISSING_LINK, &package->repository, name->text);
    add_missing(import, out, MISSING_PUBLISHED_BY, name->text);
    add_missing(import, out, MISSING_INHERIT_ACCESS, name->text);
    add_missing(import, out, MISSING_CODESPACES_ACCESS, name->text);
    add_missing(import, out, MISSING_ACTIONS_ACCESS, name->text);
}

/* --- secrets --- */

static int by_holder(const void *left, const void *right)
{
    const Secret *one = *(const Secret *const *)left;
    const Secret *other = *(const Secret *const *)right;
    int order = text_compare(one->holder.key, other->holder.key);

    if (one->level != other->level)
        return one->level < other->level ? -1 : 1;
    return order ? order : text_compare(one->name.key, other->name.key);
}

/* A list of all secrets goes before a list of what one of them is selected for: that one
 * is gone. */
static bool is_gone(Import *import, const Secret *secret)
{
    if (secret->is_listed)
        return false;
    if (secret->level == HOLDER_ORGANIZATION)
        return record_account(import, secret->holder.text, false)->has_secrets;
    return secret->level == HOLDER_REPOSITORY &&
           record_repository(import, secret->holder.text, false)->has_secrets;
}

/* The names of the repositories that it is selected for, sorted, each once. */
static const Name **selection(Import *import, const Secret *secret, uint32_t *count)
{
    const Name **names =
        ARENA_ARRAY(import->arena, secret->nrepositories, const Name *);

    *count = 0;
    for (uint32_t i = 0; i < secret->nrepositories; i++)
        names[i] = &import->repositories.items[secret->repositories[i]].name;
    if (secret->nrepositories)
        qsort(names, secret->nrepositories, sizeof(*names), by_key);
    for (uint32_t i = 0; i < secret->nrepositories; i++) {
        if (*count == 0 || names[i] != names[*count - 1])
            names[(*count)++] = names[i];
    }
    return names;
}

/* `is_open`: what is listed is sure, and there may be more. */
static void add_list(Buffer *out, const Name **items, uint32_t count, bool is_open)
{
    bool is_flow = count <= FLOW_ITEMS_MAX && !is_open;

    buffer_add(out,
               is_flow ? TEXT("    repositories: [") : TEXT("    repositories:\n"));
    for (uint32_t i = 0; i < count; i++) {
        buffer_add(out, !is_flow ? TEXT("      - ") : i ? TEXT(", ") : TEXT(""));
        yaml_text_add(out, items[i]->text);
        if (!is_flow)
            buffer_add_byte(out, '\n');
    }
    if (is_flow)
        buffer_add(out, TEXT("]\n"));
    if (is_open)
        buffer_add(out, TEXT("      - unknown  # its dump is a part of the list\n"));
}

/* Of a policy that is `all` or `private` there is no list. */
static void add_selection(Import *import, Buffer *out, const Secret *secret)
{
    const Told *policy = &secret->visibility;
    bool is_wide = secret->level == HOLDER_ORGANIZATION && policy->known == TOLD &&
                   !text_equal(policy->text, TEXT("selected"));
    uint32_t count;
    Missing what = secret->level == HOLDER_ORGANIZATION
                       ? MISSING_SECRET_REPOSITORIES
                       : MISSING_USER_SECRET_REPOSITORIES;

    if (is_wide)
        return;
    if (!secret->has_repositories) {
        add_missing(import, out, what, secret->name.text);
        return;
    }
    const Name **names = selection(import, secret, &count);
    add_list(out, names, count, secret->may_have_more);
    if (secret->may_have_more)
        group_add(&import->missing[what], secret->name.text);
}

static bool is_server(Text key)
{
    return text_ends_with(key, TEXT("_container_registry_server"));
}

/* As its entry spells it. A manifest cannot say that a holder is called "unknown", but
 * "Unknown" is the same. */
static Text holder_text(Import *import, const Secret *secret)
{
    Text holder = secret->holder.text;

    switch (secret->level) {
    case HOLDER_ORGANIZATION:
        holder = record_account(import, holder, false)->name.text;
        break;
    case HOLDER_REPOSITORY:
        return record_repository(import, holder, false)->name.text;
    case HOLDER_ME:
        holder = import->login;
        break;
    case HOLDER_USER:
        break; /* the API tells of no other user's secrets */
    }
    return text_equal(holder, TEXT("unknown")) ? TEXT("Unknown") : holder;
}

static void add_secret(Import *import, Buffer *out, const Secret *secret)
{
    static const char *const levels[] = {"organization", "repository", "user", "user"};

    add_name(out, &secret->name);
    add_member(out, levels[secret->level], holder_text(import, secret));
    if (secret->level == HOLDER_ORGANIZATION)
        add_told(import, out, MISSING_SECRET_VISIBILITY, &secret->visibility,
                 secret->name.text);
    if (secret->level != HOLDER_REPOSITORY)
        add_selection(import, out, secret);
    if (secret->updated_at.known == TOLD)
        buffer_format(out, "    updated_at: %.*s\n", TEXT_ARG(secret->updated_at.text));
    else if (secret->updated_at.known == TOLD_DIFFERENTLY)
        add_missing(import, out, MISSING_UPDATED_AT, secret->name.text);
    if (is_server(secret->name.key))
        add_missing(import, out, MISSING_SERVER, secret->name.text);
}

/* Secrets of a user whose name no dump tells cannot be written. */
static void add_secrets(Import *import, Buffer *out)
{
    const Text nobody =
        TEXT("left out, since no dump tells whose secrets these are (gh "
             "api user)");
    const Name **names = SORTED(import, import->secrets, by_holder);
    bool has_entries = false;

    for (uint32_t i = 0; i < import->secrets.count; i++) {
        const Secret *secret = RECORD(Secret, names[i]);

        if (secret->level == HOLDER_ME && import->login.len == 0) {
            group_add(groups_get(&import->notes, import->arena, nobody),
                      secret->name.text);
        } else if (!is_gone(import, secret)) {
            if (!has_entries)
                buffer_add(out, TEXT("\nsecrets:\n"));
            has_entries = true;
            add_secret(import, out, secret);
        }
    }
    if (!has_entries)
        buffer_add(out, import->has_secrets
                            ? TEXT("\nsecrets: []\n")
                            : TEXT("\n# secrets: no dump lists any, so nothing is said "
                                   "of them.\n"));
}

/* --- the manifest --- */

static void add_head(const Import *import, Buffer *out)
{
    uint32_t shown =
        import->dumps.count < GROUP_NAMES ? import->dumps.count : GROUP_NAMES;

    buffer_format(out,
                  "# Written by berth import from %u dump%s of GitHub's REST API:\n",
                  import->dumps.count, import->dumps.count == 1 ? "" : "s");
    for (uint32_t i = 0; i < shown; i++) {
        buffer_add(out, TEXT("#   "));
        yaml_text_add_line(out, import->dumps.first[i]);
        buffer_add_byte(out, '\n');
    }
    if (import->dumps.count > shown)
        buffer_format(out, "#   and %u more\n", import->dumps.count - shown);
    buffer_add(out,
               TEXT("# What they do not tell is 'unknown', which is never reported "
                    "as a leak: replace what\n# you know. fork_of and archived "
                    "stand where they hold.\n"));
}

static bool has_organizations(const Import *import)
{
    for (uint32_t i = 0; i < import->accounts.count; i++) {
        if (has_entry(import, &import->accounts.items[i]))
            return true;
    }
    return false;
}

void import_add_manifest(Import *import, Buffer *out)
{
    const Name **accounts = SORTED(import, import->accounts, by_key);
    const Name **repositories = SORTED(import, import->repositories, by_key);
    const Name **packages = SORTED(import, import->packages, by_key);

    add_head(import, out);
    if (has_organizations(import))
        buffer_add(out, TEXT("\norganizations:\n"));
    for (uint32_t i = 0; i < import->accounts.count; i++)
        add_organization(import, out, RECORD(Account, accounts[i]));
    if (import->repositories.count)
        buffer_add(out, TEXT("\nrepositories:\n"));
    for (uint32_t i = 0; i < import->repositories.count; i++)
        add_repository(import, out, RECORD(Repository, repositories[i]));
    if (import->packages.count)
        buffer_add(out, TEXT("\npackages:\n"));
    for (uint32_t i = 0; i < import->packages.count; i++)
        add_package(import, out, RECORD(Package, packages[i]));
    add_secrets(import, out);
}
