#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts/policy_file.h"
#include "facts/workspace.h"
#include "import/import.h"
#include "import/yaml_text.h"
#include "rows.h"
#include "syntax/syntax.h"

enum { DUMPS_MAX = 3 };

typedef struct Case {
    const char *name;
    struct {
        const char *path, *json;
    } dumps[DUMPS_MAX];
    const char *manifest; /* see plain_lines */
    const char *diags;
    const char *notes; /* a part of them; NULL: anything */
} Case;

#define ORG "  - name: o\n    secrets: unknown\n"
#define REPO(name, visibility)                                                         \
    "  - name: " name "\n    visibility: " visibility "\n    secrets: unknown\n"
#define PACKAGE "{\"name\": \"p\", \"package_type\": \"container\", "
#define SELECTED                                                                       \
    "orgs/o/codespaces/secrets/S/repositories.json",                                   \
        "{\"total_count\": 1, \"repositories\": [{\"full_name\": \"o/r\"}]}"

static Case cases[] = {
    {"an organization, whatever it calls itself",
     {{"orgs/o.json", "{\"login\": \"O\", \"name\": \"Big O\"}"}},
     "organizations:\n  - name: O\n    secrets: unknown\n",
     "",
     NULL},
    {"a user is no organization",
     {{"users/u.json", "{\"login\": \"u\", \"type\": \"User\"}"}},
     "",
     "",
     NULL},
    {"an organization may stand under users",
     {{"users/o.json", "{\"login\": \"o\", \"type\": \"Organization\"}"}},
     "organizations:\n" ORG,
     "",
     NULL},
    {"an organization's repositories",
     {{"orgs/o/repos.json", "[{\"full_name\": \"o/b\", \"visibility\": \"internal\", "
                            "\"private\": true, \"archived\": true},"
                            " {\"full_name\": \"o/a\", \"visibility\": \"public\"}]"}},
     "organizations:\n" ORG "repositories:\n" REPO(
         "o/a", "public") "  - name: o/b\n    visibility: internal\n    archived: "
                          "true\n    secrets: "
                          "unknown\n",
     "",
     NULL},
    {"private alone may be internal, of an organization",
     {{"repos/o/r.json", "{\"full_name\": \"o/r\", \"private\": true}"}},
     "organizations:\n" ORG "repositories:\n" REPO("o/r", "unknown"),
     "",
     "visibility of 1 repository: gh api repos/OWNER/REPO"},
    {"private alone is private, of a user",
     {{"repos/u/r.json", "{\"full_name\": \"u/r\", \"private\": true, \"owner\": "
                         "{\"login\": \"u\", \"type\": \"User\"}}"}},
     "organizations:\n  - name: u\n    secrets: unknown\nrepositories:\n" REPO(
         "u/r", "private"),
     "",
     NULL},
    {"not private is public",
     {{"repos/o/r.json", "{\"full_name\": \"o/r\", \"private\": false}"}},
     "organizations:\n" ORG "repositories:\n" REPO("o/r", "public"),
     "",
     NULL},
    {"a fork in a list, whose parent is not told",
     {{"orgs/o/repos.json", "[{\"full_name\": \"o/r\", \"fork\": true}]"}},
     "organizations:\n" ORG
     "repositories:\n  - name: o/r\n    visibility: unknown\n    fork_of: unknown\n"
     "    secrets: unknown\n",
     "",
     "fork_of of 1 repository: gh api repos/OWNER/REPO\n    o/r"},
    {"a fork by itself, with its parent",
     {{"orgs/o/repos.json", "[{\"full_name\": \"o/r\", \"fork\": true}]"},
      {"repos/o/r.json", "{\"full_name\": \"o/r\", \"fork\": true, \"parent\": "
                         "{\"full_name\": \"up/r\", \"private\": false}}"}},
     "organizations:\n" ORG
     "repositories:\n  - name: o/r\n    visibility: unknown\n    fork_of: up/r\n"
     "    secrets: unknown\n",
     "",
     NULL},
    {"packages of the container registry alone",
     {{"orgs/o/packages.json",
       "[" PACKAGE "\"visibility\": \"internal\", \"repository\": {\"full_name\": "
       "\"o/r\", \"private\": true}}, {\"name\": \"q\", \"package_type\": \"npm\"},"
       "{\"name\": \"a/b\", \"package_type\": \"CONTAINER\", \"visibility\": "
       "\"public\", \"repository\": null}]"}},
     "organizations:\n" ORG "repositories:\n" REPO(
         "o/r",
         "unknown") "packages:\n  - name: o/a/b\n    visibility: public\n    "
                    "repository: none\n"
                    "  - name: o/p\n    visibility: internal\n    repository: o/r\n",
     "",
     NULL},
    {"a package by itself, its name encoded in the path",
     {{"orgs/o/packages/container/a%2Fb.json",
       "{\"name\": \"a/b\", \"package_type\": \"container\", \"visibility\": "
       "\"private\"}"}},
     "organizations:\n" ORG "packages:\n  - name: o/a/b\n    visibility: private\n    "
     "repository: unknown\n",
     "",
     "repository of 1 package"},
    {"a user's packages; the body's owner goes before the path's",
     {{"user/packages.json", "[" PACKAGE "\"visibility\": \"private\", \"owner\": "
                             "{\"login\": \"U\", \"type\": \"User\"}}]"},
      {"users/u/packages.json", "[" PACKAGE "\"visibility\": \"private\"}]"}},
     "organizations:\n  - name: U\n    secrets: unknown\n"
     "packages:\n  - name: U/p\n    visibility: private\n    repository: unknown\n",
     "",
     NULL},
    {"one's own package without an owner is that of user.json",
     {{"user.json", "{\"login\": \"u\"}"},
      {"user/packages.json", "[" PACKAGE "\"visibility\": \"private\"}]"}},
     "organizations:\n  - name: u\n    secrets: unknown\n"
     "packages:\n  - name: u/p\n    visibility: private\n    repository: unknown\n",
     "",
     NULL},
    {"an organization's secrets and whom one is selected for",
     {{"orgs/o/codespaces/secrets.json",
       "{\"total_count\": 2, \"secrets\": [{\"name\": \"S\", \"visibility\": "
       "\"selected\", \"updated_at\": \"2026-01-02T03:04:05Z\"}, {\"name\": \"A\", "
       "\"visibility\": \"all\"}]}"},
      {SELECTED},
      {"orgs/o/repos.json", "[]"}},
     "organizations:\n  - name: o\nrepositories:\n" REPO(
         "o/r",
         "unknown") "secrets:\n  - name: A\n    organization: o\n    visibility: all\n"
                    "  - name: S\n    organization: o\n    visibility: selected\n    "
                    "repositories: "
                    "[o/r]\n    updated_at: 2026-01-02T03:04:05Z\n",
     "",
     NULL},
    {"an organization's secrets are complete, and its repositories may not be",
     {{"orgs/o/codespaces/secrets.json", "{\"total_count\": 0, \"secrets\": []}"}},
     "organizations:\n" ORG "secrets: []\n",
     "",
     "secrets of 1 organization's repositories that no dump names"},
    {"a secret by itself says nothing of others",
     {{"orgs/o/codespaces/secrets/S.json",
       "{\"name\": \"S\", \"visibility\": \"private\"}"},
      {"orgs/o/repos.json", "[]"}},
     "organizations:\n" ORG
     "secrets:\n  - name: S\n    organization: o\n    visibility: private\n",
     "",
     NULL},
    {"a selection of a secret that is gone",
     {{"orgs/o/codespaces/secrets.json", "{\"total_count\": 0, \"secrets\": []}"},
      {SELECTED}},
     "organizations:\n" ORG "repositories:\n" REPO("o/r", "unknown") "secrets: []\n",
     "",
     NULL},
    {"a repository's secrets have no policy, nor does gh print one",
     {{"repos/o/r/codespaces/secrets.json",
       "[{\"name\": \"S\", \"updatedAt\": \"2026-01-02T03:04:05Z\", \"visibility\": "
       "\"\", \"numSelectedRepos\": 0}]"}},
     "organizations:\n" ORG "repositories:\n  - name: o/r\n    visibility: unknown\n"
     "secrets:\n  - name: S\n    repository: o/r\n    updated_at: "
     "2026-01-02T03:04:05Z\n",
     "",
     NULL},
    {"one's own secrets, by user.json",
     {{"user.json", "{\"login\": \"u\"}"},
      {"user/codespaces/secrets.json",
       "{\"total_count\": 1, \"secrets\": [{\"name\": \"S\", \"visibility\": "
       "\"selected\"}]}"},
      {"user/codespaces/secrets/S/repositories.json",
       "{\"total_count\": 2, \"repositories\": [{\"full_name\": \"o/r\"}]}"}},
     "organizations:\n" ORG
     "repositories:\n" REPO("o/r", "unknown") "secrets:\n  - name: S\n    user: u\n    "
                                              "repositories:\n      - o/r\n      - "
                                              "unknown\n",
     "",
     "fewer entries than the API counts (--paginate gives all): "
     "user/codespaces/secrets/S/repositories.json"},
    {"pages one after another, and joined by --slurp",
     {{"orgs/o/repos.json", "[{\"full_name\": \"o/a\"}]\n[{\"full_name\": \"o/b\"}]"},
      {"orgs/o/codespaces/secrets.json",
       "[{\"total_count\": 2, \"secrets\": [{\"name\": \"A\", \"visibility\": "
       "\"all\"}]}, {\"total_count\": 2, \"secrets\": [{\"name\": \"B\", "
       "\"visibility\": \"all\"}]}]"}},
     "organizations:\n  - name: o\nrepositories:\n" REPO("o/a", "unknown")
         REPO("o/b", "unknown") "secrets:\n  - name: A\n    organization: o\n    "
                                "visibility: all\n"
                                "  - name: B\n    organization: o\n    visibility: "
                                "all\n",
     "",
     NULL},
    {"names are compared without regard to case, and spelled as a body does",
     {{"orgs/O/codespaces/secrets.json",
       "[{\"name\": \"s\", \"visibility\": \"all\"}, {\"name\": \"S\", \"visibility\": "
       "\"all\"}]"},
      {"orgs/o/repos.json", "[{\"full_name\": \"o/R\"}, {\"full_name\": \"O/r\"}]"}},
     "organizations:\n  - name: o\nrepositories:\n" REPO(
         "o/R",
         "unknown") "secrets:\n  - name: s\n    organization: o\n    visibility: all\n",
     "",
     NULL},
    {"two dumps that tell different things tell nothing",
     {{"orgs/o/repos.json", "[{\"full_name\": \"o/r\", \"visibility\": \"public\"}]"},
      {"repos/o/r.json", "{\"full_name\": \"o/r\", \"visibility\": \"internal\"}"}},
     "organizations:\n" ORG "repositories:\n" REPO("o/r", "unknown"),
     "input/syntax 1:36 this differs from what was told before, so it is unknown\n",
     NULL},
    {"an error is no answer",
     {{"orgs/o/codespaces/secrets.json",
       "{\"message\": \"Not Found\", \"documentation_url\": \"https://docs\", "
       "\"status\": \"404\"}"}},
     "organizations:\n" ORG,
     "",
     "the API answered with an error (404: Not Found), and what it would have told is "
     "unknown: orgs/o/codespaces/secrets.json"},
    {"nothing of a damaged dump is taken",
     {{"orgs/o/repos.json", "[{\"full_name\": \"o/a\"}, {\"full_na"},
      {"repos/o/r/codespaces/secrets.json", "[],"}},
     "organizations:\n" ORG "repositories:\n" REPO("o/r", "unknown"),
     "input/syntax 1:25 nothing of this dump was taken: this string is never closed\n"
     "input/syntax 1:3 nothing of this dump was taken: expected a value\n",
     NULL},
    {"the key of an encryption is no secret, and Actions secrets are none of these",
     {{"orgs/o/codespaces/secrets/public-key.json", "{\"key\": \"x\"}"},
      {"orgs/o/actions/secrets.json", "[]"},
      {"orgs/o p/repos.json", "[]"}},
     "",
     "",
     "ignored, since nothing of use is there: "
     "orgs/o/codespaces/secrets/public-key.json, orgs/o/actions/secrets.json and "
     "orgs/o "
     "p/repos.json"},
    {"a word that this program does not know is unknown",
     {{"orgs/o/packages.json", "[" PACKAGE "\"visibility\": \"secret\"}]"}},
     "organizations:\n" ORG "packages:\n  - name: o/p\n    visibility: unknown\n    "
     "repository: unknown\n",
     "input/syntax 1:59 'visibility' is another word, so it is unknown; expected one "
     "of "
     "public, internal, private\n",
     NULL},
    {"names that are no names",
     {{"orgs/o/codespaces/secrets.json", "[{\"name\": \"A=b\"}, {\"name\": 3}, {}]"},
      {"orgs/o/repos.json", "[{\"full_name\": \"r\"}, {\"name\": \"r\"}, []]"},
      {"orgs/o/packages.json", "[{\"package_type\": \"container\"}]"}},
     "organizations:\n" ORG,
     "input/syntax 1:2 this secret has no 'name' that can be one\n"
     "input/syntax 1:19 this secret has no 'name' that can be one\n"
     "input/syntax 1:32 this object has no 'secrets'; it was passed over\n"
     "input/syntax 1:2 this repository has no 'full_name' that can be one\n"
     "input/syntax 1:22 this repository has no 'full_name' that can be one\n"
     "input/syntax 1:2 this package has no 'name' and 'owner' that can be some\n",
     NULL},
    {"an account called unknown holds secrets all the same",
     {{"orgs/unknown/codespaces/secrets.json",
       "[{\"name\": \"S\", \"visibility\": \"all\"}]"},
      {"orgs/unknown/repos.json", "[]"}},
     "organizations:\n  - name: unknown\nsecrets:\n  - name: S\n    organization: "
     "Unknown\n    visibility: all\n",
     "",
     NULL},
};

typedef struct Work {
    Arena *arena;
    Sources *sources;
    Facts *facts; /* of the manifest; its Diags are the dumps' as well */
    Import *import;
} Work;

static Work work_new(void)
{
    Work work = {.arena = arena_new((size_t)1 << 28)};

    work.sources = sources_new(work.arena);
    work.facts = facts_new(work.arena, symbols_new(work.arena), work.sources,
                           diags_new(work.arena));
    work.import = import_new(work.arena, work.sources, work.facts->diags);
    return work;
}

static void add(Work *work, const char *path, Text json)
{
    import_add(work->import, text_of(path),
               sources_add(work->sources, text_of(path), json));
}

/* Lines that stand in every manifest, since the API tells none of them. */
static bool is_always_there(Text line)
{
    static const char *const keys[] = {
        "    enterprise: unknown",     "    base_images: unknown",
        "    prebuilds: unknown",      "    published_by: unknown",
        "    inherit_access: unknown", "    codespaces_access: unknown",
        "    actions_access: unknown"};

    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        if (text_equal(line, text_of(keys[i])))
            return true;
    }
    return false;
}

/* The manifest without comments, empty lines and what is always there. */
static Text plain_lines(Arena *arena, Text manifest)
{
    Buffer out = {.arena = arena};
    Text line;

    for (bool done = false; text_next_part(&manifest, '\n', &line, &done);) {
        line = text_slice(line, 0, text_find(line, TEXT("#")));
        while (line.len && line.at[line.len - 1] == ' ')
            line.len--;
        if (line.len == 0 || is_always_there(line))
            continue;
        buffer_add(&out, line);
        buffer_add_byte(&out, '\n');
    }
    return buffer_text(&out);
}

static void text_is(Arena *arena, Text text, const char *expected)
{
    assert_string_equal(arena_copy(arena, text).at, expected);
}

/* What is written is a manifest without a word that berth does not know. */
static void manifest_is_valid(Work *work, Text manifest)
{
    uint32_t before = work->facts->diags->count;
    uint32_t file = sources_add(work->sources, TEXT("access.yaml"), manifest);
    const Tree *tree = policy_file_read(work->facts, file, "manifest");

    assert_non_null(tree);
    manifest_extract(work->facts, tree, NULL);
    assert_int_equal(work->facts->diags->count, before);
}

static void import_says(void **state)
{
    const Case *c = *state;
    Work work = work_new();
    Buffer manifest = {.arena = work.arena}, notes = {.arena = work.arena};

    for (int i = 0; i < DUMPS_MAX && c->dumps[i].path; i++)
        add(&work, c->dumps[i].path, text_of(c->dumps[i].json));
    import_add_manifest(work.import, &manifest);
    import_add_notes(work.import, &notes);
    text_is(work.arena, plain_lines(work.arena, buffer_text(&manifest)), c->manifest);
    text_is(work.arena, diags_text(work.facts), c->diags);
    if (c->notes && text_find(buffer_text(&notes), text_of(c->notes)) == notes.len)
        text_is(work.arena, buffer_text(&notes), c->notes);
    manifest_is_valid(&work, buffer_text(&manifest));
    arena_free(work.arena);
}

/* --- scalars --- */

static void scalars_are_read_as_they_were(void **state)
{
    static const struct {
        const char *text, *yaml;
    } scalars[] = {
        {"octo-org/site", "octo-org/site"},
        {"3scale/a", "3scale/a"},
        {"_A", "_A"},
        {"123", "\"123\""},
        {"0x1F", "\"0x1F\""},
        {"1e3", "\"1e3\""},
        {"2026-01-02", "\"2026-01-02\""},
        {"null", "\"null\""},
        {"True", "\"True\""},
        {"NO", "\"NO\""},
        {"y", "\"y\""},
        {"-a", "\"-a\""},
        {"a: b", "\"a: b\""},
        {"a #b", "\"a #b\""},
        {"", "\"\""},
        {"*a", "\"*a\""},
        {"a\nb", "\"a\\nb\""},
        {"\xC3\xA9", "\"\xC3\xA9\""},
    };
    Work work = work_new();

    (void)state;
    for (size_t i = 0; i < sizeof(scalars) / sizeof(*scalars); i++) {
        Buffer out = {.arena = work.arena};

        yaml_text_add(&out, text_of(scalars[i].text));
        text_is(work.arena, buffer_text(&out), scalars[i].yaml);
        uint32_t file = sources_add(work.sources, TEXT("x"), buffer_text(&out));
        const Tree *tree = yaml_read(work.arena, work.sources, file, work.facts->diags);
        assert_true(tree_is_string(tree, tree->root));
        text_is(work.arena, tree_string(tree, tree->root), scalars[i].text);
    }
    assert_int_equal(work.facts->diags->count, 0);
    arena_free(work.arena);
}

/* --- bounds --- */

/* More values than a file may have, of which nearly none is kept. */
static void what_is_not_kept_does_not_count(void **state)
{
    enum { REPOSITORIES = 20000, KEYS = 120 };
    Work work = work_new();
    Buffer json = {.arena = work.arena}, out = {.arena = work.arena};

    (void)state;
    for (int i = 0; i < REPOSITORIES; i++) {
        buffer_format(&json, "%s{\"full_name\": \"o/r%d\"", i ? "," : "[", i);
        for (int j = 0; j < KEYS; j++)
            buffer_format(&json, ",\"u%d\":[%d]", j, j);
        buffer_add_byte(&json, '}');
    }
    buffer_add_byte(&json, ']');
    add(&work, "orgs/o/repos.json", buffer_text(&json));
    assert_int_equal(work.facts->diags->count, 0);
    import_add_manifest(work.import, &out);
    assert_true(text_find(buffer_text(&out), TEXT("  - name: o/r19999\n")) < out.len);
    arena_free(work.arena);
}

/* However many things are wrong, what is said has an end. */
static void what_is_wrong_has_an_end(void **state)
{
    Work work = work_new();
    Buffer json = {.arena = work.arena}, notes = {.arena = work.arena};

    (void)state;
    for (int i = 0; i < 5000; i++)
        buffer_format(&json, "{\"message\": \"m%d\", \"status\": \"500\"} 1 ", i);
    add(&work, "orgs/o/repos.json", buffer_text(&json));
    import_add_notes(work.import, &notes);
    assert_int_equal(work.facts->diags->count, DIAGS_PER_FILE);
    assert_int_equal(work.facts->diags->dropped, 5000 - DIAGS_PER_FILE);
    assert_true(notes.len < 10000);
    arena_free(work.arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 3] = {
        [COUNT] = cmocka_unit_test(scalars_are_read_as_they_were),
        [COUNT + 1] = cmocka_unit_test(what_is_not_kept_does_not_count),
        [COUNT + 2] = cmocka_unit_test(what_is_wrong_has_an_end),
    };

    for (size_t i = 0; i < COUNT; i++)
        tests[i] =
            (struct CMUnitTest){cases[i].name, import_says, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
