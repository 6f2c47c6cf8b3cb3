#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/files.h"
#include "facts/image_name.h"
#include "vectors.h"

/* --- image references --- */

/* The reference tool takes a first part that is no host for the start of a path with
 * no registry at all; nothing could be pulled by it. [inputs R6] */
static bool is_refused_on_purpose(Text in)
{
    return text_equal(in, TEXT("a_b.c/d"));
}

static void text_is(Text text, Text expected)
{
    if (!text_equal(text, expected))
        fail_msg("'%.*s' is not '%.*s'", TEXT_ARG(text), TEXT_ARG(expected));
}

static void references_are_read_as_the_reference_tool_does(void **state)
{
    (void)state;
    Vectors *vectors = vectors_read("reference");
    uint32_t refused = 0;

    for (uint32_t i = 0; i < vectors->count; i++) {
        const Tree *line = vectors->lines[i];
        Text in = vector_text(line, "in"), problem = {0};
        bool valid = vector_text(line, "error").len == 0;
        ImageName name;
        bool reads = image_name_read(vectors->arena, in, &name, &problem);

        if (is_refused_on_purpose(in)) {
            assert_false(reads);
            refused++;
            continue;
        }
        if (reads != valid)
            fail_msg("'%.*s' is %s", TEXT_ARG(in), reads ? "read" : "refused");
        assert_int_equal(problem.len == 0, reads);
        if (!reads)
            continue;
        text_is(name.host, vector_text(line, "domain"));
        text_is(name.path, vector_text(line, "path"));
        text_is(name.tag, vector_text(line, "tag"));
        text_is(name.digest, vector_text(line, "digest"));
        text_is(image_name_canonical(vectors->arena, &name),
                vector_text(line, "canonical"));
    }
    assert_int_equal(refused, 1);
    assert_int_equal(vectors->count, 83);
    vectors_free(vectors);
}

static void a_canonical_reference_reads_as_itself(void **state)
{
    (void)state;
    Vectors *vectors = vectors_read("reference");

    for (uint32_t i = 0; i < vectors->count; i++) {
        ImageName name, again;
        Text problem;

        if (!image_name_read(vectors->arena, vector_text(vectors->lines[i], "in"),
                             &name, &problem))
            continue;
        Text canonical = image_name_canonical(vectors->arena, &name);
        assert_true(image_name_read(vectors->arena, canonical, &again, &problem));
        text_is(image_name_canonical(vectors->arena, &again), canonical);
    }
    vectors_free(vectors);
}

/* --- tables of the corpus --- */

static Text shared_file(Arena *arena, const char *name)
{
    const char *shared = getenv("BERTH_SHARED");
    Buffer bytes = {.arena = arena};
    Text path =
        arena_format(arena, "%s/corpus/%s", shared ? shared : "../shared", name);
    FILE *file = fopen(path.at, "rb");

    if (!file) {
        print_message("skipped: %s is not there\n", path.at);
        return (Text){0};
    }
    char some[4096];
    for (size_t len; (len = fread(some, 1, sizeof(some), file)) > 0;)
        buffer_add(&bytes, (Text){some, len});
    (void)fclose(file);
    return buffer_text(&bytes);
}

static uint32_t hex_value(Text digits)
{
    char number[9] = {0};

    for (size_t i = 0; i < digits.len && i < 8; i++)
        number[i] = digits.at[i];
    return (uint32_t)strtoul(number, NULL, 16);
}

/* A Go string literal, quotes included. */
static Text unquoted(Arena *arena, Text literal)
{
    Buffer out = {.arena = arena};

    for (size_t i = 1; i + 1 < literal.len; i++) {
        char kind = literal.at[i];

        if (kind != '\\') {
            buffer_add_byte(&out, kind);
            continue;
        }
        kind = literal.at[++i];
        size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
        uint32_t value = hex_value(text_slice(literal, i + 1, i + 1 + digits));
        if (kind == 'x')
            buffer_add_byte(&out, (char)value);
        else if (digits)
            buffer_add_utf8(&out, value);
        else
            buffer_add_byte(&out, kind == 'n' ? '\n' : kind == 't' ? '\t' : kind);
        i += digits;
    }
    return buffer_text(&out);
}

typedef struct Columns {
    uint32_t in, valid, host; /* path, tag and digest follow the host */
    bool is_quoted;
} Columns;

/* Each line of a table of the reference tool's answers; gives how many there are. */
static uint32_t table_agrees(const char *file, Columns columns)
{
    enum { FIELDS_MAX = 24 };
    Arena *arena = arena_new((size_t)1 << 28);
    Text rest = shared_file(arena, file), line;
    uint32_t lines = 0, different = 0;

    for (bool done = rest.len == 0; text_next_part(&rest, '\n', &line, &done);) {
        Text fields[FIELDS_MAX] = {0}, problem;
        ImageName name;
        uint32_t count = 0;

        for (bool end = false;
             count < FIELDS_MAX && text_next_part(&line, '\t', &fields[count], &end);)
            count++;
        if (count <= columns.host + 3 || lines++ == 0)
            continue;
        Text in = fields[columns.in];
        if (columns.is_quoted)
            in = unquoted(arena, in);
        bool valid = text_equal(fields[columns.valid], TEXT("yes"));
        bool reads = image_name_read(arena, in, &name, &problem);
        /* No registry at all: refused on purpose, as above. */
        if (valid && fields[columns.host].len == 0)
            valid = false;
        if (reads == valid &&
            (!reads || (text_equal(name.host, fields[columns.host]) &&
                        text_equal(name.path, fields[columns.host + 1]) &&
                        text_equal(name.tag, fields[columns.host + 2]) &&
                        text_equal(name.digest, fields[columns.host + 3]))))
            continue;
        print_message("%s: '%.*s' is %s\n", file, TEXT_ARG(in),
                      reads ? "read, or read differently" : "refused");
        different++;
    }
    arena_free(arena);
    assert_int_equal(different, 0);
    return lines ? lines - 1 : 0;
}

static void the_tables_of_the_corpus_agree(void **state)
{
    (void)state;
    uint32_t vectors =
        table_agrees("refs/reference-vectors.public.tsv", (Columns){1, 8, 10, true});
    uint32_t found = table_agrees("oracle/imagerefs.tsv", (Columns){3, 4, 6, false});

    print_message("%u vectors and %u references of the corpus agree\n", vectors, found);
}

/* --- Feature ids --- */

/* What the reference tool asks for first to resolve a Feature; "" for nothing. */
static Text first_request(Arena *arena, const FeatureId *feature)
{
    const ImageName *name = &feature->name;
    Text owner = path_directory(name->path), version = name->tag;

    switch (feature->form) {
    case FEATURE_OCI:
        if (name->digest.len)
            version = name->digest;
        return arena_format(arena, "%s://%.*s/v2/%.*s/manifests/%.*s",
                            text_starts_with(name->host, TEXT("localhost")) ? "http"
                                                                            : "https",
                            TEXT_ARG(name->host), TEXT_ARG(name->path),
                            TEXT_ARG(version.len ? version : TEXT("latest")));
    case FEATURE_TARBALL:
        return feature->url;
    case FEATURE_GITHUB_RELEASE:
        return arena_format(
            arena,
            "https://github.com/%.*s/releases/%s%.*s%s/devcontainer-features.tgz",
            TEXT_ARG(owner), version.len ? "download/" : "latest", TEXT_ARG(version),
            version.len ? "" : "/download");
    case FEATURE_LOCAL:
    case FEATURE_LEGACY:
    case FEATURE_INVALID:
        break;
    }
    return (Text){0};
}

static void features_are_asked_for_as_the_reference_tool_does(void **state)
{
    (void)state;
    Vectors *vectors = vectors_read("features");

    for (uint32_t i = 0; i < vectors->count; i++) {
        const Tree *line = vectors->lines[i];
        NodeId requests = tree_find(line, line->root, TEXT("requests"));
        NodeId legacy = tree_find(line, line->root, TEXT("legacy_error"));
        Text expected = tree_string(line, tree_first(line, requests));
        FeatureId feature = feature_id_read(vectors->arena, vector_text(line, "id"));
        bool is_legacy = false;

        assert_true(tree_boolean(line, legacy, &is_legacy));
        assert_int_equal(feature.form == FEATURE_LEGACY, is_legacy);
        if (feature.form == FEATURE_LOCAL)
            continue; /* what it leads to is in the directory */
        text_is(first_request(vectors->arena, &feature), expected);
        assert_int_equal(expected.len == 0, feature.problem.len != 0);
    }
    assert_int_equal(vectors->count, 20);
    vectors_free(vectors);
}

typedef struct Case {
    const char *name;
    const char *id;
    FeatureForm form;
    const char *canonical; /* of OCI; else the url or path; NULL: nothing to compare */
} Case;

static Case cases[] = {
    {"a short name is mapped", "node", FEATURE_OCI,
     "ghcr.io/devcontainers/features/node:1"},
    {"a short name may have been renamed", "golang", FEATURE_OCI,
     "ghcr.io/devcontainers/features/go:1"},
    {"maven became an option of java", "maven", FEATURE_OCI,
     "ghcr.io/devcontainers/features/java:1"},
    {"a short name with a version is not mapped", "node:1", FEATURE_LEGACY, NULL},
    {"a short name in capitals is not mapped", "Node", FEATURE_LEGACY, NULL},
    {"an id is read in lower case", "GHCR.io/Acme/Feats/Node:V1", FEATURE_OCI,
     "ghcr.io/acme/feats/node:v1"},
    {"no version is latest", "ghcr.io/acme/feats/node", FEATURE_OCI,
     "ghcr.io/acme/feats/node:latest"},
    {"a digest",
     "ghcr.io/acme/f/n@sha256:"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     FEATURE_OCI,
     "ghcr.io/acme/f/n@sha256:"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"a digest that is too short", "ghcr.io/acme/f/n@sha256:aaaa", FEATURE_INVALID,
     NULL},
    {"three parts are a registry, a namespace and an id", "ghcr.io/acme/node:1",
     FEATURE_OCI, "ghcr.io/acme/node:1"},
    {"a registry with a port", "registry.acme.example:8443/acme/node", FEATURE_OCI,
     "registry.acme.example:8443/acme/node:latest"},
    {"a slash at the end", "ghcr.io/acme/feats/node/", FEATURE_INVALID, NULL},
    {"two dashes in a path", "ghcr.io/acme/feats/a--b", FEATURE_INVALID, NULL},
    {"a registry without a dot", "myreg/acme/feats/node:1", FEATURE_INVALID, NULL},
    {"a variable is not expanded", "${localEnv:R:ghcr.io}/a/f/n:1", FEATURE_INVALID,
     NULL},
    {"a GitHub release", "acme/feats/node@v1", FEATURE_GITHUB_RELEASE, NULL},
    {"no account has a dot in its name", "ghcr.io/acme/node@v1", FEATURE_INVALID, NULL},
    {"a tarball with a query", "https://e.example/devcontainer-feature-x.tgz?a=b",
     FEATURE_TARBALL, "https://e.example/devcontainer-feature-x.tgz?a=b"},
    {"a tarball of another name", "https://e.example/x.tgz", FEATURE_INVALID, NULL},
    {"http", "http://e.example/devcontainer-feature-x.tgz", FEATURE_INVALID, NULL},
    {"a local path", "./x", FEATURE_LOCAL, "./x"},
    {"an absolute path", "/x", FEATURE_INVALID, NULL},
    {"nothing", "", FEATURE_INVALID, NULL},
    {"a hidden name", ".x/y/z", FEATURE_INVALID, NULL},
    {"a backslash", "a\\b", FEATURE_INVALID, NULL},
};

static void an_id_has_a_form(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 20);
    FeatureId feature = feature_id_read(arena, text_of(c->id));
    bool refused = feature.form == FEATURE_INVALID || feature.form == FEATURE_LEGACY;
    Text says = feature.form == FEATURE_OCI ? image_name_canonical(arena, &feature.name)
                : feature.form == FEATURE_TARBALL ? feature.url
                                                  : feature.path;

    assert_int_equal(feature.form, c->form);
    assert_int_equal(feature.problem.len != 0, refused);
    if (c->canonical)
        text_is(says, text_of(c->canonical));
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 4] = {
        cmocka_unit_test(references_are_read_as_the_reference_tool_does),
        cmocka_unit_test(a_canonical_reference_reads_as_itself),
        cmocka_unit_test(the_tables_of_the_corpus_agree),
        cmocka_unit_test(features_are_asked_for_as_the_reference_tool_does),
    };

    for (size_t i = 0; i < COUNT; i++)
        tests[4 + i] =
            (struct CMUnitTest){cases[i].name, an_id_has_a_form, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
