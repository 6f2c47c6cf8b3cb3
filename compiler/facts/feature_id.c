#include "facts/image_name.h"

#include "base/buffer.h"
#include "facts/image_name_parts.h"

/* Short names that the CLI still maps to a published Feature; `to` is empty where the
 * Feature kept its name. [inputs F2, step 1] */
static const struct ShortName {
    Text from, to;
} short_names[] = {
    {TEXT_INIT("aws-cli"), {0}},
    {TEXT_INIT("azure-cli"), {0}},
    {TEXT_INIT("common"), TEXT_INIT("common-utils")},
    {TEXT_INIT("desktop-lite"), {0}},
    {TEXT_INIT("docker-from-docker"), {0}},
    {TEXT_INIT("docker-in-docker"), {0}},
    {TEXT_INIT("dotnet"), {0}},
    {TEXT_INIT("git"), {0}},
    {TEXT_INIT("git-lfs"), {0}},
    {TEXT_INIT("github-cli"), {0}},
    {TEXT_INIT("golang"), TEXT_INIT("go")},
    {TEXT_INIT("gradle"), TEXT_INIT("java")},
    {TEXT_INIT("java"), {0}},
    {TEXT_INIT("jupyterlab"), TEXT_INIT("python")},
    {TEXT_INIT("kubectl-helm-minikube"), {0}},
    {TEXT_INIT("maven"), TEXT_INIT("java")},
    {TEXT_INIT("node"), {0}},
    {TEXT_INIT("powershell"), {0}},
    {TEXT_INIT("python"), {0}},
    {TEXT_INIT("ruby"), {0}},
    {TEXT_INIT("rust"), {0}},
    {TEXT_INIT("sshd"), {0}},
    {TEXT_INIT("terraform"), {0}},
};

static FeatureId invalid(Text problem)
{
    return (FeatureId){.form = FEATURE_INVALID, .problem = problem};
}

static Text lower(Arena *arena, Text text)
{
    Buffer out = {.arena = arena};

    for (size_t i = 0; i < text.len; i++)
        buffer_add_byte(&out, byte_to_lower(text.at[i]));
    return buffer_text(&out);
}

/* A name without "/": one that is mapped, or one that nobody serves any more. */
static FeatureId read_short_name(Arena *arena, Text id)
{
    for (size_t i = 0; i < sizeof(short_names) / sizeof(short_names[0]); i++) {
        Text to = short_names[i].to.len ? short_names[i].to : short_names[i].from;

        if (!text_equal(id, short_names[i].from))
            continue;
        return (FeatureId){
            .form = FEATURE_OCI,
            .name = {.host = TEXT("ghcr.io"),
                     .path = arena_format(arena, "devcontainers/features/%.*s",
                                          TEXT_ARG(to)),
                     .tag = TEXT("1")}};
    }
    return (FeatureId){.form = FEATURE_LEGACY,
                       .problem = TEXT("it is a short name that is no longer served")};
}

/* "https://" ... "devcontainer-feature-" id ".tgz" ["?" query] */
static FeatureId read_tarball(Text id)
{
    size_t end = text_find_byte(id, '?');
    Text path = text_slice(id, 0, text_find_byte(text_slice(id, 0, end), '#'));
    Text base = text_from(path, text_find_last_byte(path, '/') + 1);
    const Text prefix = TEXT("devcontainer-feature-"), suffix = TEXT(".tgz");

    if (!text_starts_with(base, prefix) || !text_ends_with(base, suffix) ||
        base.len < prefix.len + suffix.len)
        return invalid(TEXT("its file is not named 'devcontainer-feature-ID.tgz'"));
    return (FeatureId){.form = FEATURE_TARBALL, .url = id};
}

/* path-component of Features, without "__" and "--": [a-z0-9]+ ([._-] [a-z0-9]+)* */
static bool is_path_component(Text text)
{
    bool after_separator = true;

    for (size_t i = 0; i < text.len; i++) {
        bool separator = text.at[i] == '.' || text.at[i] == '_' || text.at[i] == '-';

        if (!separator && !byte_is_lower(text.at[i]) && !byte_is_digit(text.at[i]))
            return false;
        if (separator && after_separator)
            return false;
        after_separator = separator;
    }
    return !after_separator;
}

static bool is_path(Text text)
{
    Text part;

    for (bool done = false; text_next_part(&text, '/', &part, &done);) {
        if (!is_path_component(part))
            return false;
    }
    return true;
}

/* "@" digest or ":" tag, cut off *name; false when it is refused. */
static bool split_version(Text *name, FeatureId *feature)
{
    size_t at = text_find_last_byte(*name, '@');
    size_t colon = text_find_last_byte(*name, ':');
    size_t slash = text_find_last_byte(*name, '/');

    if (at < name->len) {
        feature->name.digest = text_from(*name, at + 1);
        *name = text_slice(*name, 0, at);
        if (text_starts_with(feature->name.digest, TEXT("sha256:")) &&
            image_name_is_digest(feature->name.digest))
            return true;
        feature->problem = TEXT("what stands behind '@' is no sha256 digest");
        return false;
    }
    if (colon < name->len && colon > slash) {
        feature->name.tag = text_from(*name, colon + 1);
        *name = text_slice(*name, 0, colon);
        if (image_name_is_tag(feature->name.tag))
            return true;
        feature->problem = TEXT("its version is no tag (ranges do not exist)");
        return false;
    }
    return true;
}

/* A namespace that moved; the CLI asks for the new one. [inputs I3] */
static Text moved(Arena *arena, Text path)
{
    const Text old = TEXT("devcontainers-contrib/");

    if (!text_starts_with(path, old))
        return path;
    Text rest = text_from(path, old.len);
    return arena_format(arena, "devcontainers-extra/%.*s", TEXT_ARG(rest));
}

/* oci = registry "/" namespace "/" id [":" tag | "@sha256:" hex] ; a tag before a
 * digest is refused, unlike in an image reference. [inputs F3] */
static bool read_oci(Arena *arena, Text id, FeatureId *feature)
{
    Text rest = lower(arena, id);

    *feature = (FeatureId){.form = FEATURE_OCI};
    if (!split_version(&rest, feature))
        return false;
    size_t slash = text_find_byte(rest, '/');
    Text path = text_from(rest, slash + 1);
    feature->name.host = text_slice(rest, 0, slash);
    feature->name.path = moved(arena, path);
    if (text_find_byte(feature->name.host, '.') == slash &&
        !text_starts_with(feature->name.host, TEXT("localhost")))
        feature->problem = TEXT("it starts with no registry");
    else if (!image_name_is_host(feature->name.host))
        feature->problem = TEXT("its registry is no host name");
    else if (text_find_byte(path, '/') == path.len)
        feature->problem = TEXT("expected a registry, a namespace and an id");
    else if (feature->name.digest.len && text_find_byte(path, ':') < path.len)
        feature->problem = TEXT("a Feature has either a tag or a digest");
    else if (!is_path(path))
        feature->problem = TEXT("its path is not well formed");
    return feature->problem.len == 0;
}

/* The bytes of an account's name on GitHub. */
static bool is_login(Text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!byte_is_letter(text.at[i]) && !byte_is_digit(text.at[i]) &&
            text.at[i] != '-')
            return false;
    }
    return text.len > 0;
}

static bool is_word(Text text, bool with_dot)
{
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        bool mark = byte == '-' || byte == '_' || (with_dot && byte == '.');

        if (!byte_is_letter(byte) && !byte_is_digit(byte) && !mark)
            return false;
    }
    return text.len > 0;
}

/* release = owner "/" repository "/" id ["@" tag] ; what the CLI falls back to. */
static bool read_release(Text id, FeatureId *feature)
{
    size_t at = text_find_byte(id, '@');
    Text tag = text_from(id, at + 1), rest = text_slice(id, 0, at), parts[3], part;
    uint32_t count = 0;

    for (bool done = false; text_next_part(&rest, '/', &part, &done); count++) {
        if (count == 3)
            return false;
        parts[count] = part;
    }
    if (count != 3 || !is_login(parts[0]) || !is_word(parts[1], true) ||
        !is_word(parts[2], false))
        return false;
    if (at < id.len && (tag.len == 0 || text_find_byte(tag, '@') < tag.len))
        return false;
    *feature = (FeatureId){.form = FEATURE_GITHUB_RELEASE,
                           .name = {.path = text_slice(id, 0, at), .tag = tag}};
    return true;
}

FeatureId feature_id_read(Arena *arena, Text id)
{
    FeatureId oci, release;

    if (id.len == 0)
        return invalid(TEXT("it is empty"));
    if (text_find_byte(id, '/') == id.len && text_find_byte(id, '\\') == id.len)
        return read_short_name(arena, id);
    if (text_starts_with(id, TEXT("https://")))
        return read_tarball(id);
    if (text_starts_with(id, TEXT("http://")))
        return invalid(TEXT("it is fetched over http; expected https"));
    if (text_starts_with(id, TEXT("/")))
        return invalid(TEXT("it is an absolute path"));
    if (text_starts_with(id, TEXT("./")) || text_starts_with(id, TEXT("../")))
        return (FeatureId){.form = FEATURE_LOCAL, .path = id};
    if (read_oci(arena, id, &oci))
        return oci;
    if (read_release(id, &release))
        return release;
    return invalid(oci.problem);
}
