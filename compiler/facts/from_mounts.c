#include "facts/secret_facts.h"

#include "facts/devcontainer.h"

/* What holds credentials, below a home directory. `only`: the files of it that do, a
 * blank between them; `but`: those that do not. Both NULL: everything in it. */
static const struct Store {
    Text path;
    const char *only, *but;
} stores[] = {
    {TEXT_INIT(".aws"), NULL, "config"},
    {TEXT_INIT(".azure"), NULL, "config"},
    {TEXT_INIT(".config/containers"), "auth.json", NULL},
    {TEXT_INIT(".config/gcloud"), NULL, NULL},
    {TEXT_INIT(".config/gh"), "hosts.yml", NULL},
    {TEXT_INIT(".config"), "", NULL}, /* all of it, and so the three above */
    {TEXT_INIT(".docker"), "config.json", NULL},
    {TEXT_INIT(".git-credentials"), NULL, NULL},
    {TEXT_INIT(".gnupg"), NULL, NULL},
    {TEXT_INIT(".kube"), "config", NULL},
    {TEXT_INIT(".netrc"), NULL, NULL},
    {TEXT_INIT(".npmrc"), NULL, NULL},
    {TEXT_INIT(".pypirc"), NULL, NULL},
    {TEXT_INIT(".ssh"), NULL, "authorized_keys config known_hosts"},
};

/* A container engine's sockets, by the names they have on the host. */
static const Text sockets[] = {TEXT_INIT("docker.sock"), TEXT_INIT("docker.raw.sock"),
                               TEXT_INIT("podman.sock")};

static bool is_listed(const char *list, Text name)
{
    Text rest = text_of(list), item;

    for (bool done = false; text_next_part(&rest, ' ', &item, &done);) {
        if (item.len && text_equal(item, name))
            return true;
    }
    return false;
}

/* variable = "${" [ "localEnv:" | "env:" ] name [ ":" default ] "}" | "$" name ; takes it
 * off the path */
static Text take_variable(Text *path)
{
    static const Text scopes[] = {TEXT_INIT("localEnv:"), TEXT_INIT("env:")};
    bool is_braced = text_starts_with(*path, TEXT("${"));
    Text name = text_from(*path, is_braced ? 2 : 1);
    size_t end = 0;

    for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]) && is_braced; i++) {
        if (text_starts_with(name, scopes[i]))
            name = text_from(name, scopes[i].len);
    }
    while (end < name.len && (byte_is_letter(name.at[end]) ||
                              byte_is_digit(name.at[end]) || name.at[end] == '_'))
        end++;
    *path = text_from(name, end);
    if (is_braced)
        *path = text_from(*path, text_find_byte(*path, '}') + 1);
    return text_slice(name, 0, end);
}

/* Whether a path begins with somebody's home directory; *below is what is below it.
 * "${localEnv:HOME}${localEnv:USERPROFILE}" is the usual way to write it for all
 * systems: one of the two is empty. */
static bool is_in_home(Text path, Text *below)
{
    static const Text users[] = {TEXT_INIT("/home/"), TEXT_INIT("/Users/")};
    static const Text homes[] = {TEXT_INIT("HOME"), TEXT_INIT("USERPROFILE")};
    bool has_home = false;

    while (text_starts_with(path, TEXT("$"))) {
        Text name = take_variable(&path);

        has_home |= text_equal(name, homes[0]) || text_equal(name, homes[1]);
    }
    if (text_starts_with(path, TEXT("~"))) {
        has_home = true;
        path = text_from(path, text_find_byte(path, '/'));
    } else if (text_starts_with(path, TEXT("/root"))) {
        has_home = true;
        path = text_from(path, 5);
    }
    for (size_t i = 0; i < sizeof(users) / sizeof(users[0]) && !has_home; i++) {
        if (!text_starts_with(path, users[i]))
            continue;
        has_home = true;
        path = text_from(path, users[i].len);
        path = text_from(path, text_find_byte(path, '/'));
    }
    *below = path;
    return has_home && (path.len == 0 || path.at[0] == '/');
}

/* The rest of `below` behind the store's path, which may stand anywhere below a home:
 * "/backup/.ssh" of "/home/me" is one, too. */
static bool find_store(Text below, Text store, Text *rest)
{
    for (size_t at = 0; at < below.len;
         at += 1 + text_find_byte(text_from(below, at + 1), '/')) {
        *rest = text_from(below, at + 1);
        if (!text_starts_with(*rest, store))
            continue;
        *rest = text_from(*rest, store.len);
        if (rest->len == 0 || rest->at[0] == '/')
            return true;
    }
    return false;
}

static bool holds_credentials(const struct Store *store, Text rest)
{
    while (text_starts_with(rest, TEXT("/")))
        rest = text_from(rest, 1);
    if (rest.len == 0)
        return true;
    if (store->only)
        return is_listed(store->only, rest);
    return !(store->but && is_listed(store->but, rest)) &&
           !text_ends_with(rest, TEXT(".pub"));
}

static void add(Configuration *configuration, Span span, Text what, Text how)
{
    Facts *facts = configuration->facts;

    FACT(facts, REL_credential_mount, fact_site(facts, span), configuration->config,
         fact_symbol(facts, what), fact_symbol(facts, how));
}

void mount_facts_add(Configuration *configuration, Text source, Span span, Text how)
{
    Arena *arena = configuration->facts->scratch;
    Text below, rest;

    if (text_find_byte(source, '/') < source.len) {
        for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++) {
            if (text_equal(path_base(source), sockets[i]))
                add(configuration, span, TEXT("the socket of the container engine"),
                    how);
        }
    }
    if (!is_in_home(source, &below))
        return;
    while (text_ends_with(below, TEXT("/")))
        below = text_slice(below, 0, below.len - 1);
    if (below.len == 0) {
        add(configuration, span, TEXT("~"), how);
        return;
    }
    for (size_t i = 0; i < sizeof(stores) / sizeof(stores[0]); i++) {
        if (!find_store(below, stores[i].path, &rest))
            continue;
        if (holds_credentials(&stores[i], rest))
            add(configuration, span,
                arena_format(arena, "~/%.*s", TEXT_ARG(stores[i].path)), how);
        return;
    }
}

void mount_facts_fields(Configuration *configuration, Text fields, Span span, Text how)
{
    Text name, value, source = {0};
    bool is_bind = false; /* docker's default is a volume */

    for (bool done = false; value_next_field(&fields, &done, &name, &value);) {
        if (text_equal(name, TEXT("type")))
            is_bind = text_equal(value, TEXT("bind"));
        if (text_equal(name, TEXT("source")) || text_equal(name, TEXT("src")))
            source = value;
    }
    if (is_bind && source.len)
        mount_facts_add(configuration, source, span, how);
}

/* A colon within "${...}" does not end the source. */
void mount_facts_volume(Configuration *configuration, Text volume, Span span, Text how)
{
    uint32_t depth = 0;
    size_t end = 0;

    while (end < volume.len && (depth || volume.at[end] != ':')) {
        depth += volume.at[end] == '{';
        depth -= depth && volume.at[end] == '}';
        end++;
    }
    if (end < volume.len)
        mount_facts_add(configuration, text_slice(volume, 0, end), span, how);
}
