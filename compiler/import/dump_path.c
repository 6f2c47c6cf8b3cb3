#include "import/dump_path.h"

#include "base/buffer.h"

enum { PARTS_MAX = 6 };

typedef struct Endpoint {
    const char *path; /* "*" is any part; the names it stands for come in order */
    DumpKind kind;
    HolderKind holder;
    const char *list;
} Endpoint;

/* GET /PATH of the REST API [semantics 4], in a file named PATH.json. A new one is a row
 * here, and a function in take.c if it is of a new kind. */
static const Endpoint endpoints[] = {
    {"orgs/*", DUMP_ACCOUNT, HOLDER_ORGANIZATION, NULL},
    {"users/*", DUMP_ACCOUNT, HOLDER_USER, NULL},
    {"user", DUMP_ACCOUNT, HOLDER_ME, NULL},
    {"orgs/*/repos", DUMP_REPOSITORIES, HOLDER_ORGANIZATION, NULL},
    {"users/*/repos", DUMP_REPOSITORIES, HOLDER_USER, NULL},
    {"user/repos", DUMP_REPOSITORIES, HOLDER_ME, NULL},
    {"repos/*/*", DUMP_REPOSITORY, HOLDER_REPOSITORY, NULL},
    {"orgs/*/packages", DUMP_PACKAGES, HOLDER_ORGANIZATION, NULL},
    {"orgs/*/packages/container/*", DUMP_PACKAGES, HOLDER_ORGANIZATION, NULL},
    {"users/*/packages", DUMP_PACKAGES, HOLDER_USER, NULL},
    {"users/*/packages/container/*", DUMP_PACKAGES, HOLDER_USER, NULL},
    {"user/packages", DUMP_PACKAGES, HOLDER_ME, NULL},
    {"user/packages/container/*", DUMP_PACKAGES, HOLDER_ME, NULL},
    {"orgs/*/codespaces/secrets", DUMP_SECRETS, HOLDER_ORGANIZATION, "secrets"},
    {"orgs/*/codespaces/secrets/*", DUMP_SECRET, HOLDER_ORGANIZATION, NULL},
    {"orgs/*/codespaces/secrets/*/repositories", DUMP_SECRET_REPOSITORIES,
     HOLDER_ORGANIZATION, "repositories"},
    {"repos/*/*/codespaces/secrets", DUMP_SECRETS, HOLDER_REPOSITORY, "secrets"},
    {"repos/*/*/codespaces/secrets/*", DUMP_SECRET, HOLDER_REPOSITORY, NULL},
    {"user/codespaces/secrets", DUMP_SECRETS, HOLDER_ME, "secrets"},
    {"user/codespaces/secrets/*", DUMP_SECRET, HOLDER_ME, NULL},
    {"user/codespaces/secrets/*/repositories", DUMP_SECRET_REPOSITORIES, HOLDER_ME,
     "repositories"},
};
enum { ENDPOINTS = sizeof(endpoints) / sizeof(*endpoints) };

/* Where the secrets of other products lie. */
static const char *const other_secrets[] = {"orgs/*/actions", "orgs/*/dependabot",
                                            "repos/*/*/actions", "repos/*/*/dependabot",
                                            "repos/*/*/environments"};

/* The names that the stars stand for; false when the path does not begin as the pattern.
 * *left is how many parts of the pattern come behind the path. */
static bool begins(const char *pattern, Text path, Text *names, uint32_t *nnames,
                   uint32_t *left)
{
    Text rest = text_of(pattern), part, expected;
    bool ended = false, done = path.len == 0;

    *nnames = 0;
    while (text_next_part(&path, '/', &part, &done)) {
        if (!text_next_part(&rest, '/', &expected, &ended))
            return false;
        if (text_equal(expected, TEXT("*")))
            names[(*nnames)++] = part;
        else if (!text_equal(expected, part))
            return false;
    }
    for (*left = 0; text_next_part(&rest, '/', &expected, &ended); ++*left)
        continue;
    return true;
}

static int hex_digit(char byte)
{
    char lower = byte_to_lower(byte);

    if (byte_is_digit(byte))
        return byte - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* "hello%2Fworld" is "hello/world"; a percent sign that begins no escape stays. */
static Text decode(Arena *arena, Text part)
{
    Buffer out = {.arena = arena};

    if (text_find_byte(part, '%') == part.len)
        return part;
    for (size_t i = 0; i < part.len; i++) {
        bool is_escape = part.at[i] == '%' && i + 2 < part.len;
        int high = is_escape ? hex_digit(part.at[i + 1]) : -1;
        int low = is_escape ? hex_digit(part.at[i + 2]) : -1;

        if (high < 0 || low < 0) {
            buffer_add_byte(&out, part.at[i]);
            continue;
        }
        buffer_add_byte(&out, (char)(high * 16 + low));
        i += 2;
    }
    return buffer_text(&out);
}

static void set_names(Arena *arena, DumpPath *dump, Text *names, uint32_t nnames)
{
    uint32_t used = 0;

    for (uint32_t i = 0; i < nnames; i++)
        names[i] = decode(arena, names[i]);
    if (dump->holder != HOLDER_ME)
        dump->owner = names[used++];
    if (dump->holder == HOLDER_REPOSITORY) {
        dump->repository = arena_format(arena, "%.*s/%.*s", TEXT_ARG(dump->owner),
                                        TEXT_ARG(names[used]));
        used++;
    }
    if (used < nnames)
        dump->name = names[used];
}

/* A secret of this name cannot be: what the API has there is the key that values are
 * encrypted with. */
static bool is_public_key(const DumpPath *dump)
{
    return dump->kind == DUMP_SECRET && text_equal(dump->name, TEXT("public-key"));
}

bool dump_path_read(Arena *arena, Text path, DumpPath *dump)
{
    const Text suffix = TEXT(".json");
    Text names[PARTS_MAX];
    uint32_t nnames, left;

    if (!text_ends_with(path, suffix))
        return false;
    path = text_slice(path, 0, path.len - suffix.len);
    for (size_t i = 0; i < ENDPOINTS; i++) {
        const Endpoint *endpoint = &endpoints[i];

        if (!begins(endpoint->path, path, names, &nnames, &left) || left)
            continue;
        *dump = (DumpPath){
            .kind = endpoint->kind, .holder = endpoint->holder, .list = endpoint->list};
        set_names(arena, dump, names, nnames);
        return !is_public_key(dump);
    }
    return false;
}

bool dump_path_may_hold(Text directory)
{
    Text names[PARTS_MAX];
    uint32_t nnames, left;

    for (size_t i = 0; i < ENDPOINTS; i++) {
        if (begins(endpoints[i].path, directory, names, &nnames, &left) && left)
            return true;
    }
    return false;
}

bool dump_path_is_of_other_secrets(Text directory)
{
    Text names[PARTS_MAX];
    uint32_t nnames, left;

    for (size_t i = 0; i < sizeof(other_secrets) / sizeof(*other_secrets); i++) {
        if (begins(other_secrets[i], directory, names, &nnames, &left) && !left)
            return true;
    }
    return false;
}
