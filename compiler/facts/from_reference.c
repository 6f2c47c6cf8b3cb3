#include "facts/configuration.h"

#include "base/buffer.h"
#include "facts/secret_facts.h"

/* --- credentials in a reference --- */

typedef struct Part {
    size_t start, end;
    const char *what; /* NULL: it may be none, and is hidden only */
} Part;

enum { PARTS_MAX = 8 };

typedef struct Parts {
    Part items[PARTS_MAX];
    uint32_t count;
} Parts;

static void parts_add(Parts *parts, size_t start, size_t end, const char *what)
{
    if (start >= end)
        return;
    if (parts->count == PARTS_MAX) /* too many to tell apart: everything between */
        parts->items[PARTS_MAX - 1].end = end;
    else
        parts->items[parts->count++] = (Part){start, end, what};
}

/* A value that is looked up elsewhere is no literal. */
static bool is_variable(Text text)
{
    return text_starts_with(text, TEXT("${")) && text_ends_with(text, TEXT("}"));
}

static bool is_digest_at(Text text, size_t at)
{
    Text rest = text_from(text, at + 1);

    return text_starts_with(rest, TEXT("sha256:")) ||
           text_starts_with(rest, TEXT("sha384:")) ||
           text_starts_with(rest, TEXT("sha512:"));
}

/* [scheme "://"] user [":" password] "@" host "/" ... : the password, or the user where
 * there is none. An image's "name:tag@sha256:..." is neither. */
static void find_user_info(Text text, Parts *parts)
{
    size_t scheme = text_find(text, TEXT("://"));
    size_t start = scheme == text.len ? 0 : scheme + 3;
    size_t at = text_find_last_byte(text, '@');

    if (at < text.len && is_digest_at(text, at))
        at = text_find_last_byte(text_slice(text, 0, at), '@');
    if (at >= text.len || at < start)
        return;
    Text rest = text_from(text, at + 1), user = text_slice(text, start, at);
    size_t colon = text_find_byte(user, ':'), slash = text_find_byte(user, '/');
    if (text_find_byte(rest, '/') == rest.len || slash < colon)
        return;
    if (colon < user.len)
        start += colon + 1;
    Text password = text_slice(text, start, at);
    bool is_sure =
        colon < user.len && value_is_secret(TEXT("password"), password, USE_OUTSIDE);
    if (!is_variable(password))
        parts_add(parts, start, at, is_sure ? "the password of a URL" : NULL);
}

static bool contains_ignoring_case(Text text, Text part)
{
    for (size_t i = 0; i + part.len <= text.len; i++) {
        if (text_equal_ignoring_case(text_slice(text, i, i + part.len), part))
            return true;
    }
    return false;
}

static bool names_a_secret(Text name)
{
    static const Text words[] = {
        TEXT_INIT("auth"),  TEXT_INIT("credential"), TEXT_INIT("key"),
        TEXT_INIT("pass"),  TEXT_INIT("secret"),     TEXT_INIT("sig"),
        TEXT_INIT("token"),
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (contains_ignoring_case(name, words[i]))
            return true;
    }
    return false;
}

/* "?" name "=" value ("&" name "=" value)* : the values of names like "token". */
static void find_query(Text text, Parts *parts)
{
    size_t at = text_find_byte(text, '?');
    Text rest = text_from(text, at + 1), pair;

    for (bool done = at == text.len; text_next_part(&rest, '&', &pair, &done);) {
        size_t equals = text_find_byte(pair, '=');
        Text value = text_from(pair, equals + 1);

        if (value.len && names_a_secret(text_slice(pair, 0, equals)) &&
            !is_variable(value)) {
            size_t start = (size_t)(value.at - text.at);
            bool is_sure = value_is_secret(TEXT("token"), value, USE_OUTSIDE);

            parts_add(parts, start, start + value.len,
                      is_sure ? "a token in a URL" : NULL);
        }
    }
}

/* Tokens that say themselves what they are: facts of their file, wherever they stand. */
static void find_tokens(Credentials *credentials, Text text, Parts *parts)
{
    Credential credential;

    for (size_t at = 0; credential_next(credentials, text, &at, &credential);)
        parts_add(parts, credential.start, credential.end, NULL);
}

static Parts find_secrets(Configuration *configuration, Text text)
{
    Parts parts = {0};

    find_user_info(text, &parts);
    find_query(text, &parts);
    find_tokens(secret_facts_formats(configuration), text, &parts);
    return parts;
}

/* The text with every secret part replaced, as it may become a symbol. */
static Text shown(Configuration *configuration, Text text)
{
    Parts parts = find_secrets(configuration, text);
    Buffer out = {.arena = configuration->facts->scratch};

    if (parts.count == 0)
        return text;
    for (size_t at = 0; at < text.len;) {
        size_t end = at;

        for (uint32_t i = 0; i < parts.count; i++) {
            if (parts.items[i].start <= at && at < parts.items[i].end &&
                parts.items[i].end > end)
                end = parts.items[i].end;
        }
        if (end > at) {
            buffer_add(&out, TEXT("•••"));
            at = end;
        } else {
            buffer_add_byte(&out, text.at[at++]);
        }
    }
    return buffer_text(&out);
}

static void add_part(Configuration *configuration, Span span, const Part *part)
{
    if (part->what)
        secret_facts_add(configuration, span, (Text){0}, text_of(part->what));
    else
        source_mark_secret(configuration->facts->sources, span);
}

static void add_parts(Configuration *configuration, Span span, size_t offset,
                      const Parts *parts)
{
    for (uint32_t i = 0; i < parts->count; i++) {
        const Part *part = &parts->items[i];

        add_part(configuration,
                 (Span){span.file, span.start + (uint32_t)(offset + part->start),
                        span.start + (uint32_t)(offset + part->end)},
                 part);
    }
}

bool reference_mark_secret(Configuration *configuration, Span span, Text text)
{
    enum { SEARCHED_MAX = 1 << 16 }; /* a larger scalar is a file in a file */
    Parts parts = find_secrets(configuration, text);
    Text bytes = span_bytes(configuration->facts->sources, span);
    bool found = false;

    if (parts.count == 0)
        return false;
    for (size_t at = 0; at < bytes.len && bytes.len <= SEARCHED_MAX; at += text.len) {
        at += text_find(text_from(bytes, at), text);
        if (at == bytes.len)
            break;
        add_parts(configuration, span, at, &parts);
        found = true;
    }
    for (uint32_t i = 0; i < parts.count && !found; i++)
        add_part(configuration, span, &parts.items[i]); /* it is escaped there: all */
    return true;
}

/* --- facts --- */

/* With which credentials the tools pull a reference of this kind. [inputs A8] The CLI
 * looks at the base image itself before docker pulls it: both. */
static Text auth_of(ReferenceKind kind)
{
    switch (kind) {
    case KIND_IMAGE:
    case KIND_STAGE:
        return TEXT("both");
    case KIND_COPY_FROM:
    case KIND_MOUNT_FROM:
    case KIND_ONBUILD:
    case KIND_FRONTEND:
    case KIND_CACHE:
    case KIND_NAMED_CONTEXT:
    case KIND_SBOM_GENERATOR:
    case KIND_COMPOSE_IMAGE:
    case KIND_VOLUME_IMAGE:
    case KIND_HOOK_IMAGE:
    case KIND_MODEL:
    case KIND_COMPOSE_ARTIFACT:
    case KIND_IMPLICIT:
    case KIND_COMMAND:
        return TEXT("docker-client");
    case KIND_FEATURE:
    case KIND_FEATURE_DEPENDENCY:
    case KIND_FEATURE_SOFT:
    case KIND_TEMPLATE:
        return TEXT("devcontainers-http");
    case KIND_GITHUB_RELEASE:
        return TEXT("github-token");
    case KIND_TARBALL:
    case KIND_HOST_DEFAULT:
        break;
    }
    return TEXT("none");
}

static void add_auth(Facts *facts, ReferenceKind kind)
{
    uint32_t name = fact_symbol(facts, reference_kind_name(kind));
    const Rows *rows = &facts->rows[REL_reference_auth];

    for (uint32_t i = 0; i < rows->count; i += rows->arity) {
        if (rows->cells[i] == name)
            return;
    }
    FACT(facts, REL_reference_auth, name, fact_symbol(facts, auth_of(kind)));
}

static void add_way(Configuration *configuration, const Reference *reference)
{
    Facts *facts = configuration->facts;
    uint32_t at = fact_site(facts, reference->span);

    for (const Via *via = reference->via; via; via = via->from) {
        uint32_t from = fact_site(facts, via->span);

        if (from != at) /* what stands in one scalar is one step */
            FACT(facts, REL_via, configuration->config, at, from);
        at = from;
    }
}

static void add_reference(Configuration *configuration, const Reference *reference,
                          uint32_t ref)
{
    Facts *facts = configuration->facts;

    FACT(facts, REL_reference, fact_site(facts, reference->span), configuration->config,
         ref, fact_symbol(facts, reference_kind_name(reference->kind)),
         fact_symbol(facts, reference_reach_name(reference->reach)),
         fact_symbol(facts, reference->phase.len ? reference->phase : TEXT("create")));
    if (reference->note.len)
        FACT(facts, REL_reference_note, fact_site(facts, reference->span),
             configuration->config, ref,
             fact_symbol(facts, reference_kind_name(reference->kind)),
             fact_symbol(facts, reference_reach_name(reference->reach)),
             fact_symbol(facts, shown(configuration, reference->note)));
}

uint32_t reference_name_extract(Facts *facts, const ImageName *name)
{
    uint32_t ref = fact_symbol(facts, image_name_canonical(facts->scratch, name));
    bool is_latest = name->tag.len == 0 && name->digest.len == 0;

    FACT(facts, REL_reference_name, ref, fact_lower(facts, name->host),
         fact_symbol(facts, name->path), fact_owner(facts, name->path),
         fact_symbol(facts, is_latest ? TEXT("latest") : name->tag),
         fact_symbol(facts, name->digest));
    return ref;
}

static void add_name(Configuration *configuration, const Reference *reference,
                     const ImageName *name)
{
    add_reference(configuration, reference,
                  reference_name_extract(configuration->facts, name));
}

static void add_address(Configuration *configuration, const Reference *reference,
                        Text url)
{
    Facts *facts = configuration->facts;

    add_reference(configuration, reference,
                  fact_symbol(facts, shown(configuration, url)));
}

/* Of the two files that the CLI tries, the one that is named after the Feature. */
static Text release_url(Arena *arena, const ImageName *name)
{
    Text id = path_base(name->path), repository = path_directory(name->path);

    if (name->tag.len == 0)
        return arena_format(arena,
                            "https://github.com/%.*s/releases/latest/download/%.*s.tgz",
                            TEXT_ARG(repository), TEXT_ARG(id));
    return arena_format(arena,
                        "https://github.com/%.*s/releases/download/%.*s/%.*s.tgz",
                        TEXT_ARG(repository), TEXT_ARG(name->tag), TEXT_ARG(id));
}

/* By the grammar of Features; false with *problem where it is refused. */
static bool extract_feature(Configuration *configuration, const Reference *reference,
                            Text *problem)
{
    Arena *arena = configuration->facts->scratch;
    FeatureId feature = feature_id_read(arena, reference->value);

    switch (feature.form) {
    case FEATURE_OCI:
        add_name(configuration, reference, &feature.name);
        return true;
    case FEATURE_TARBALL:
        add_address(configuration, reference, feature.url);
        return true;
    case FEATURE_GITHUB_RELEASE:
        add_address(configuration, reference, release_url(arena, &feature.name));
        return true;
    case FEATURE_LOCAL:
        *problem = TEXT("a local Feature is in no registry");
        return false;
    case FEATURE_LEGACY:
    case FEATURE_INVALID:
        break;
    }
    *problem = feature.problem;
    return false;
}

static bool is_feature_kind(ReferenceKind kind)
{
    return kind == KIND_FEATURE || kind == KIND_FEATURE_DEPENDENCY ||
           kind == KIND_FEATURE_SOFT || kind == KIND_TEMPLATE || kind == KIND_TARBALL ||
           kind == KIND_GITHUB_RELEASE;
}

static bool extract_value(Configuration *configuration, const Reference *reference)
{
    Facts *facts = configuration->facts;
    ImageName name;
    Text problem = {0};
    bool is_feature = is_feature_kind(reference->kind);

    if (is_feature) {
        if (extract_feature(configuration, reference, &problem))
            return true;
    } else if (image_name_read(facts->scratch, reference->value, &name, &problem)) {
        add_name(configuration, reference, &name);
        return true;
    }
    if (reference->reach == REACH_DECLARED) /* nobody ever reads it */
        return false;
    return diag_error(facts->diags, "input/invalid-reference", reference->span,
                      "this is no valid %s: %.*s",
                      is_feature ? "Feature" : "image reference", TEXT_ARG(problem));
}

/* A hole in the tag or the digest alone leaves the registry and the repository exact,
 * and access is decided by those. [inputs V6] */
static bool extract_untagged(Configuration *configuration, const Reference *reference)
{
    Facts *facts = configuration->facts;
    Text value = reference->value,
         before = text_slice(value, 0, text_find(value, TEXT("${")));
    size_t slash = text_find_last_byte(before, '/');
    size_t start = slash == before.len ? 0 : slash;
    Text last = text_from(before, start);
    size_t colon = text_find_byte(last, ':'), at = text_find_byte(last, '@');
    size_t end = start + (colon < at ? colon : at);
    Text rest = text_from(value, end), problem;
    Reference known = *reference;
    ImageName name;

    if (end == before.len || text_find_byte(rest, '/') < rest.len ||
        is_feature_kind(reference->kind) ||
        !image_name_read(facts->scratch, text_slice(value, 0, end), &name, &problem))
        return false;
    name.tag = text_from(rest, 1);
    if (known.reach == REACH_UNRESOLVED)
        known.reach = REACH_PULLED;
    add_name(configuration, &known, &name);
    return true;
}

static void add_image_property(Configuration *configuration, const Reference *reference)
{
    Facts *facts = configuration->facts;

    FACT(facts, REL_image_property, fact_site(facts, reference->span),
         configuration->config,
         fact_symbol(facts, shown(configuration, reference->text)));
}

static void add_unresolved(Configuration *configuration, const Reference *reference)
{
    Facts *facts = configuration->facts;

    FACT(facts, REL_unresolved_reference, fact_site(facts, reference->span),
         configuration->config,
         fact_symbol(facts, reference_kind_name(reference->kind)),
         fact_symbol(facts, shown(configuration, reference->text)),
         fact_symbol(facts, reference->hole));
    if (reference->reach == REACH_DECLARED)
        return;
    diag_add(facts->diags, "input/unresolved-reference", reference->span,
             "this reference depends on '%.*s', which only the machine knows",
             TEXT_ARG(reference->hole));
}

void reference_extract(Configuration *configuration, const Reference *reference)
{
    Facts *facts = configuration->facts;

    reference_mark_secret(configuration, reference->span, reference->text);
    if (reference->kind == KIND_IMAGE && reference->reach == REACH_PULLED)
        add_image_property(configuration, reference); /* not of a Template's options */
    if (reference->reach == REACH_OPAQUE)
        FACT(facts, REL_opaque, fact_site(facts, reference->span),
             configuration->config,
             fact_symbol(facts, reference_kind_name(reference->kind)),
             fact_symbol(facts, shown(configuration, reference->note)));
    else if (reference->hole.len) {
        if (!extract_untagged(configuration, reference))
            add_unresolved(configuration, reference);
    } else if (!extract_value(configuration, reference))
        return;
    add_auth(facts, reference->kind);
    add_way(configuration, reference);
}
