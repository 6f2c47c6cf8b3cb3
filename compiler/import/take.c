#include "import/take.h"

#include "facts/field_kind.h"

static NodeId find(const Dump *dump, NodeId object, const char *key)
{
    return tree_find(dump->tree, object, text_of(key));
}

static Text string_of(const Dump *dump, NodeId object, const char *key)
{
    return tree_string(dump->tree, find(dump, object, key));
}

/* Whether a member is there and `true`; *is_told: it is a boolean at all. */
static bool boolean_of(const Dump *dump, NodeId object, const char *key, bool *is_told)
{
    bool value = false;

    *is_told = tree_boolean(dump->tree, find(dump, object, key), &value);
    return *is_told && value;
}

static bool fits(const Dump *dump, FieldKind kind, Text text)
{
    return field_kind_fits(dump->import->scratch, kind, text);
}

/* What is told of a thing; another dump may have told something else before. */
static void tell(Dump *dump, Told *told, NodeId at, Known known, Text text)
{
    if (!record_tell(dump->import, told, known, text))
        dump_wrong(dump, at,
                   "this differs from what was told before, so it is unknown");
}

/* A word, if it is one of `words`, with commas between them. Another one is a word that
 * the API did not have when this was written: what it means is not guessed. */
static void tell_word(Dump *dump, Told *told, NodeId object, const char *key,
                      const char *words)
{
    NodeId at = find(dump, object, key);
    Text text = tree_string(dump->tree, at), rest = text_of(words), word;
    bool is_known = false;

    if (at.index == 0 || tree_kind(dump->tree, at) == NODE_NULL)
        return;
    if (tree_is_string(dump->tree, at) && text.len == 0)
        return; /* gh secret list, of what has no such field */
    for (bool done = false; text_next_part(&rest, ',', &word, &done);)
        is_known |= text_equal(text_trim(word), text);
    if (is_known)
        tell(dump, told, at, TOLD, text);
    else
        dump_wrong(dump, at,
                   "'%s' is another word, so it is unknown; expected one of %s", key,
                   words);
}

/* --- accounts --- */

static void tell_kind(Account *account, Text type)
{
    if (text_equal(type, TEXT("Organization")))
        account->kind = ACCOUNT_ORGANIZATION;
    else if (text_equal(type, TEXT("User")))
        account->kind = ACCOUNT_USER;
}

/* The "owner" of something. */
static void take_owner(Dump *dump, NodeId item)
{
    NodeId owner = find(dump, item, "owner");
    Text login = string_of(dump, owner, "login");

    if (fits(dump, FIELD_OWNER, login))
        tell_kind(record_account(dump->import, login, true),
                  string_of(dump, owner, "type"));
}

static void take_account(Dump *dump, NodeId item)
{
    Text login = string_of(dump, item, "login"), type = string_of(dump, item, "type");

    if (!fits(dump, FIELD_OWNER, login)) {
        dump_wrong(dump, item, "this account has no 'login' that can be one");
        return;
    }
    Account *account = record_account(dump->import, login, true);
    tell_kind(account, type);
    if (dump->at.holder == HOLDER_ORGANIZATION)
        account->kind = ACCOUNT_ORGANIZATION;
    if (dump->at.holder == HOLDER_ME) {
        account->kind = ACCOUNT_USER;
        dump->import->login = account->name.text;
    }
}

/* --- repositories --- */

/* `private` is true of an internal one as well, which a user has none of. [semantics
 * 4.3] */
static void tell_private(Dump *dump, Repository *repository, NodeId item)
{
    bool told, is_private = boolean_of(dump, item, "private", &told);
    Text type = string_of(dump, find(dump, item, "owner"), "type");
    NodeId at = find(dump, item, "private");

    if (!told)
        return;
    if (!is_private)
        tell(dump, &repository->visibility, at, TOLD, TEXT("public"));
    else if (text_equal(type, TEXT("User")))
        tell(dump, &repository->visibility, at, TOLD, TEXT("private"));
    else if (text_equal(repository->visibility.text, TEXT("public")))
        tell(dump, &repository->visibility, at, TOLD, TEXT("private"));
}

static void tell_fork(Dump *dump, Repository *repository, NodeId item)
{
    NodeId parent = find(dump, item, "parent");
    Text upstream = string_of(dump, parent, "full_name");
    bool told, is_fork = boolean_of(dump, item, "fork", &told);

    repository->is_fork |= is_fork;
    if (!fits(dump, FIELD_REPOSITORY, upstream))
        return;
    repository->is_fork = true;
    tell(dump, &repository->fork_of, parent, TOLD, upstream);
}

/* The name of a repository's object; empty, and it was said, when it has none. */
static Text repository_name(Dump *dump, NodeId item)
{
    Text name = string_of(dump, item, "full_name");

    if (fits(dump, FIELD_REPOSITORY, name))
        return name;
    dump_wrong(dump, item, "this repository has no 'full_name' that can be one");
    return (Text){0};
}

static void take_repository(Dump *dump, NodeId item)
{
    Text name = repository_name(dump, item);
    bool told;

    if (name.len == 0)
        return;
    take_owner(dump, item);
    Repository *repository = record_repository(dump->import, name, true);
    tell_word(dump, &repository->visibility, item, "visibility",
              "public, internal, private");
    tell_private(dump, repository, item);
    tell_fork(dump, repository, item);
    repository->is_archived |= boolean_of(dump, item, "archived", &told);
}

static void take_repositories(Dump *dump)
{
    pages_each(dump, take_repository);
    if (!dump->is_whole)
        return;
    if (dump->at.holder == HOLDER_ME)
        dump->import->has_me_list = true;
    else if (dump->at.holder == HOLDER_ORGANIZATION)
        record_account(dump->import, dump->at.owner, false)->has_repositories = true;
}

/* --- packages --- */

/* An absent link is one that the API does not tell; null is none. */
static void tell_link(Dump *dump, NodeId item, Text package)
{
    NodeId link = find(dump, item, "repository");
    Text name = string_of(dump, link, "full_name");
    Known known = TOLD_NONE;

    if (tree_kind(dump->tree, link) == NODE_OBJECT) {
        take_repository(dump, link);
        known = TOLD;
        if (!fits(dump, FIELD_REPOSITORY, name))
            return;
    } else if (tree_kind(dump->tree, link) != NODE_NULL || link.index == 0) {
        return;
    }
    tell(dump, &record_package(dump->import, package, true)->repository, link, known,
         name);
}

/* Webhooks write the type in upper case; of other registries a codespace pulls nothing.
 * [semantics 4.2] */
static void take_package(Dump *dump, NodeId item)
{
    Text owner = string_of(dump, find(dump, item, "owner"), "login");
    Text name = string_of(dump, item, "name");

    Text type = string_of(dump, item, "package_type");

    if (type.len == 0)
        dump_wrong(dump, item,
                   "this package has no 'package_type'; it was passed over");
    if (!text_equal_ignoring_case(type, TEXT("container")))
        return;
    if (owner.len == 0)
        owner = dump->at.owner.len ? dump->at.owner : dump->import->login;
    Text package = arena_format(dump->import->scratch, "%.*s/%.*s", TEXT_ARG(owner),
                                TEXT_ARG(name));
    if (name.len == 0 || !fits(dump, FIELD_PACKAGE, package)) {
        dump_wrong(dump, item,
                   "this package has no 'name' and 'owner' that can be some");
        return;
    }
    take_owner(dump, item);
    tell_word(dump, &record_package(dump->import, package, true)->visibility, item,
              "visibility", "public, internal, private");
    tell_link(dump, item, package);
}

/* --- secrets --- */

/* "Names can only contain alphanumeric characters or underscores." [SNAM] */
static bool is_secret_name(Text name)
{
    enum { NAME_BYTES = 255 };

    for (size_t i = 0; i < name.len; i++) {
        if (!byte_is_letter(name.at[i]) && !byte_is_digit(name.at[i]) &&
            name.at[i] != '_')
            return false;
    }
    return name.len > 0 && name.len <= NAME_BYTES;
}

static Text holder_of(const Dump *dump)
{
    return dump->at.repository.len ? dump->at.repository : dump->at.owner;
}

/* gh writes the year 1 for a time that it does not have. */
static void tell_updated(Dump *dump, Secret *secret, NodeId item)
{
    NodeId api = find(dump, item, "updated_at"), gh = find(dump, item, "updatedAt");
    NodeId at = api.index ? api : gh;
    Text time = tree_string(dump->tree, at);

    if (time.len == 0 || text_starts_with(time, TEXT("0001-01-01")))
        return;
    if (fits(dump, FIELD_TIME, time))
        tell(dump, &secret->updated_at, at, TOLD, time);
    else
        dump_wrong(dump, at, "this is no time as 2026-01-02T03:04:05Z");
}

static void take_secret(Dump *dump, NodeId item)
{
    Text name = string_of(dump, item, "name");

    if (!is_secret_name(name)) {
        dump_wrong(dump, item, "this secret has no 'name' that can be one");
        return;
    }
    Secret *secret =
        record_secret(dump->import, dump->at.holder, holder_of(dump), name, true);
    secret->is_listed = true;
    if (dump->at.holder != HOLDER_REPOSITORY)
        tell_word(dump, &secret->visibility, item, "visibility",
                  "all, private, selected");
    tell_updated(dump, secret, item);
}

static void take_secrets(Dump *dump)
{
    Import *import = dump->import;

    pages_each(dump, take_secret);
    if (!dump->is_whole)
        return;
    if (dump->at.holder == HOLDER_ME)
        return; /* a user's are never known to be complete */
    import->has_secrets = true;
    if (dump->at.holder == HOLDER_REPOSITORY)
        record_repository(import, dump->at.repository, false)->has_secrets = true;
    else
        record_account(import, dump->at.owner, false)->has_secrets = true;
}

static void take_secret_repository(Dump *dump, NodeId item)
{
    Import *import = dump->import;
    Text name = repository_name(dump, item);

    if (name.len == 0)
        return;
    take_repository(dump, item);
    Repository *repository = record_repository(import, name, true);
    uint32_t number = (uint32_t)(repository - import->repositories.items);
    Secret *secret =
        record_secret(import, dump->at.holder, holder_of(dump), dump->at.name, false);
    ARRAY_GROW(import->arena, secret->repositories, secret->nrepositories,
               secret->repositories_capacity);
    secret->repositories[secret->nrepositories++] = number;
}

static void take_secret_repositories(Dump *dump)
{
    Import *import = dump->import;

    pages_each(dump, take_secret_repository);
    Secret *secret =
        record_secret(import, dump->at.holder, holder_of(dump), dump->at.name, false);
    secret->has_repositories |= dump->is_whole || secret->nrepositories > 0;
    secret->may_have_more |= !dump->is_whole;
}

/* --- the dump --- */

/* What a path alone tells: there is such an account. */
static void take_path(Dump *dump)
{
    Account *account;

    if (dump->at.repository.len)
        (void)record_repository(dump->import, dump->at.repository, false);
    else if (dump->at.owner.len) {
        account = record_account(dump->import, dump->at.owner, false);
        if (dump->at.holder == HOLDER_ORGANIZATION && dump->is_whole)
            account->kind = ACCOUNT_ORGANIZATION;
    }
}

bool take_accepts(Dump *dump)
{
    const DumpPath *at = &dump->at;

    if (at->owner.len && !fits(dump, FIELD_OWNER, at->owner))
        return false;
    if (at->repository.len && !fits(dump, FIELD_REPOSITORY, at->repository))
        return false;
    return at->kind != DUMP_SECRET_REPOSITORIES || is_secret_name(at->name);
}

void take_dump(Dump *dump)
{
    switch (dump->at.kind) {
    case DUMP_ACCOUNT:
        pages_each(dump, take_account);
        break;
    case DUMP_REPOSITORIES:
        take_repositories(dump);
        break;
    case DUMP_REPOSITORY:
        pages_each(dump, take_repository);
        break;
    case DUMP_PACKAGES:
        pages_each(dump, take_package);
        break;
    case DUMP_SECRETS:
        take_secrets(dump);
        break;
    case DUMP_SECRET:
        pages_each(dump, take_secret);
        break;
    case DUMP_SECRET_REPOSITORIES:
        take_secret_repositories(dump);
        break;
    }
    take_path(dump);
}
