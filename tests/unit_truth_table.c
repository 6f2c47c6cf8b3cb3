/*
 * The truth table of GitHub's container registry: who may pull a package when a
 * codespace is created. Every combination is run through the shipped rules, held
 * against reference/semantics.md 2.5 as straight code below, and printed; the print is
 * a golden, fixtures/policy/truth-table.txt (GOLDEN_UPDATE=1 rewrites it). What is
 * denied, when the codespace or its prebuild is created, must be blocked by a rule.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalogue.h"
#include "facts/facts.h"
#include "unblocked.h"

typedef enum Visibility {
    PUBLIC,
    INTERNAL,
    PRIVATE,
    UNSTATED,
    VISIBILITIES
} Visibility;
typedef enum Kind {
    KIND_OWN_PUBLIC,
    KIND_OWN_INTERNAL,
    KIND_OWN_PRIVATE,
    KIND_OWN_UNSTATED,
    KIND_OWN_FORK,
    KIND_SAME_ENTERPRISE,
    KIND_SAME_ENTERPRISE_PUBLIC,
    KIND_NO_ENTERPRISE,
    KIND_OTHER_ENTERPRISE,
    KINDS
} Kind;
typedef enum Link { LINK_THIS, LINK_OTHER, LINK_NONE, LINK_UNSTATED, LINKS } Link;
typedef enum Answer { YES, NO, NOT_STATED, ANSWERS } Answer;
typedef enum Credential {
    TRIPLE,
    NAMES_ONLY,
    NONE,
    NOT_LISTED,
    CREDENTIALS
} Credential;

static const char *const visibility_names[] = {"public", "internal", "private",
                                               "unknown"};
static const char *const kind_names[] = {
    "public",
    "internal",
    "private",
    "unknown visibility",
    "private fork",
    "private, other organization of the enterprise",
    "public, other organization of the enterprise",
    "private, other owner without an enterprise",
    "private, other owner of another enterprise"};
static const char *const kind_visibilities[] = {"public",  "internal", "private",
                                                "unknown", "private",  "private",
                                                "public",  "private",  "private"};
static const char *const kind_owners[] = {"octo-org",   "octo-org", "octo-org",
                                          "octo-org",   "octo-org", "sister-org",
                                          "sister-org", "nobody",   "rival-org"};
static const char *const link_names[] = {"this", "other", "none", "unknown"};
static const char *const answer_names[] = {"true", "false", "unknown"};
static const char *const credential_names[] = {"triple", "names", "none", "unlisted"};

typedef struct Combination {
    Visibility visibility;
    Kind kind;
    Link link;
    Answer inherits, grant;
    Credential credential;
} Combination;

typedef struct Table {
    Arena *arena;
    Facts *facts;
    DlProgram *program;
    DlDatabase *database;
} Table;

/* reference/semantics.md 2.5, line by line; A, U or D. */
static char expected(const Combination *c)
{
    bool own = c->kind <= KIND_OWN_FORK;
    bool is_public =
        c->kind == KIND_OWN_PUBLIC || c->kind == KIND_SAME_ENTERPRISE_PUBLIC;
    bool visibility_known = c->kind != KIND_OWN_UNSTATED;

    /* "any registry: a triple" (3.1), and the table's allowing rows */
    if (c->credential == TRIPLE)
        return 'A';
    if (c->visibility == PUBLIC) /* public | any | allow */
        return 'A';
    if (c->link == LINK_THIS &&
        c->inherits == YES) /* linked and inherit=true | allow */
        return 'A';
    if (own && c->grant == YES) /* in codespaces_access | allow */
        return 'A';
    if (c->visibility == INTERNAL && own && !is_public && visibility_known)
        return 'A'; /* internal | private or internal, same organization | allow */

    /* what is not stated, and what the documentation leaves open */
    if (c->credential == NAMES_ONLY || c->visibility == UNSTATED)
        return 'U';
    if (c->grant == NOT_STATED || c->grant == YES) /* YES: across owners */
        return 'U';
    if (c->link == LINK_THIS && c->inherits == NOT_STATED)
        return 'U';
    if (c->link == LINK_UNSTATED && c->inherits != NO)
        return 'U';
    if (c->visibility == INTERNAL && own && !visibility_known)
        return 'U';
    if (c->visibility == INTERNAL &&
        (c->kind == KIND_SAME_ENTERPRISE || c->kind == KIND_NO_ENTERPRISE))
        return 'U'; /* internal | other organization, same enterprise | unknown */
    if (c->kind == KIND_OWN_FORK) /* L is a fork, not itself granted | unknown */
        return 'U';
    if (!own &&
        c->credential == NOT_LISTED) /* any | L owner differs | unless a triple */
        return 'U';
    return 'D';
}

static uint32_t number(const Combination *c)
{
    return ((((c->visibility * KINDS + c->kind) * LINKS + c->link) * ANSWERS +
             c->inherits) *
                ANSWERS +
            c->grant) *
               CREDENTIALS +
           c->credential;
}

static uint32_t symbol(Table *table, const char *text)
{
    return fact_symbol(table->facts, text_of(text));
}

static uint32_t named(Table *table, const char *owner, uint32_t number_of_it)
{
    return fact_symbol(table->facts,
                       arena_format(table->arena, "%s/n%u", owner, number_of_it));
}

static void add_triple(Table *table, uint32_t repo, uint32_t id, bool with_server)
{
    static const char *const members[] = {"SERVER", "USER", "PASSWORD"};

    for (int i = 0; i < 3; i++) {
        uint32_t name = fact_symbol(
            table->facts,
            arena_format(table->arena, "GHCR_CONTAINER_REGISTRY_%s", members[i]));
        uint32_t secret = fact_symbol(
            table->facts, arena_format(table->arena, "secret %u %s", id, members[i]));

        FACT(table->facts, REL_secret, 0, secret, name, symbol(table, "repository"),
             repo);
        if (i == 0 && with_server) {
            FACT(table->facts, REL_secret_value, 0, secret, symbol(table, "ghcr.io"));
            FACT(table->facts, REL_secret_server, 0, secret, symbol(table, "ghcr.io"));
        }
    }
}

static void add_repository(Table *table, const Combination *c, uint32_t id,
                           uint32_t repo)
{
    Facts *facts = table->facts;
    uint32_t owner = symbol(table, kind_owners[c->kind]);

    FACT(facts, REL_repository, 0, repo, owner);
    FACT(facts, REL_repository_visibility, 0, repo,
         symbol(table, kind_visibilities[c->kind]));
    if (c->kind == KIND_OWN_FORK)
        FACT(facts, REL_repository_fork, 0, repo, symbol(table, "upstream/site"));
    if (c->credential == TRIPLE || c->credential == NAMES_ONLY)
        add_triple(table, repo, id, c->credential == TRIPLE);
    if (c->credential == NOT_LISTED)
        FACT(facts, REL_secrets_unknown, 0, symbol(table, "repository"), repo);
}

static void add_package(Table *table, const Combination *c, uint32_t repo,
                        uint32_t package)
{
    Facts *facts = table->facts;

    FACT(facts, REL_package, 0, package, symbol(table, "octo-org"));
    FACT(facts, REL_package_visibility, 0, package,
         symbol(table, visibility_names[c->visibility]));
    if (c->link == LINK_THIS)
        FACT(facts, REL_package_repository, 0, package, repo);
    if (c->link == LINK_OTHER)
        FACT(facts, REL_package_repository, 0, package,
             symbol(table, "octo-org/images"));
    if (c->link == LINK_UNSTATED)
        FACT(facts, REL_package_repository_unknown, 0, package);
    FACT(facts, REL_package_inherit_access, 0, package,
         symbol(table, answer_names[c->inherits]));
    if (c->grant == YES)
        FACT(facts, REL_codespaces_access, 0, package, repo);
    if (c->grant == NOT_STATED)
        FACT(facts, REL_codespaces_access_unknown, 0, package);
}

static void add_combination(Table *table, const Combination *c)
{
    Facts *facts = table->facts;
    uint32_t id = number(c);
    uint32_t repo = named(table, kind_owners[c->kind], id);
    uint32_t package = named(table, "octo-org", id);
    uint32_t ref = fact_symbol(facts, arena_format(table->arena, "ref %u", id));

    add_repository(table, c, id, repo);
    /* A package and a repository of one owner share a name here, which is legal. */
    add_package(table, c, repo, package);
    FACT(facts, REL_configuration, 0, ref, repo, symbol(table, ".devcontainer.json"));
    FACT(facts, REL_reference, 0, ref, ref, symbol(table, "image"),
         symbol(table, "pulled"), symbol(table, "create"));
    FACT(facts, REL_repository_prebuilds, 0, repo, symbol(table, "true"));
    FACT(facts, REL_reference_name, ref, symbol(table, "ghcr.io"), package,
         symbol(table, "octo-org"), symbol(table, "1"), 0);
}

static void each(Table *table, void (*visit)(Table *table, const Combination *c))
{
    Combination c;

    for (c.visibility = 0; c.visibility < VISIBILITIES; c.visibility++)
        for (c.kind = 0; c.kind < KINDS; c.kind++)
            for (c.link = 0; c.link < LINKS; c.link++)
                for (c.inherits = 0; c.inherits < ANSWERS; c.inherits++)
                    for (c.grant = 0; c.grant < ANSWERS; c.grant++)
                        for (c.credential = 0; c.credential < CREDENTIALS;
                             c.credential++)
                            visit(table, &c);
}

static void add_enterprise(Table *table, const char *organization, const char *name)
{
    uint32_t owner = symbol(table, organization);

    FACT(table->facts, REL_organization, 0, owner);
    if (name)
        FACT(table->facts, REL_organization_enterprise, 0, owner, symbol(table, name));
}

static int make(void **state)
{
    Arena *arena = arena_new((size_t)1 << 30);
    Table *table = ARENA_NEW(arena, Table);
    Symbols *symbols = symbols_new(arena);
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    Catalogue catalogue = {0};

    table->arena = arena;
    table->facts = facts_new(arena, symbols, sources, diags);
    table->program =
        catalogue_read(arena, symbols, sources, NULL, 0, diags, &catalogue);
    for (uint32_t i = 0; i < diags->count; i++)
        fprintf(stderr, "%.*s: %.*s\n",
                TEXT_ARG(source_path(sources, diags->items[i].span.file)),
                TEXT_ARG(diags->items[i].message));
    assert_non_null(table->program);
    FACT(table->facts, REL_secrets_stated, 0);
    FACT(table->facts, REL_container_registry, symbol(table, "ghcr.io"));
    add_enterprise(table, "octo-org", "octo");
    add_enterprise(table, "sister-org", "octo");
    add_enterprise(table, "rival-org", "rival");
    each(table, add_combination);
    table->database = dl_database(arena, table->program);
    for (RelationId i = 0; i < REL_COUNT; i++) {
        const Rows *rows = &table->facts->rows[i];

        for (uint32_t j = 0; j < rows->count; j += rows->arity)
            dl_add(table->database,
                   dl_relation_find(table->program, text_of(relations[i].name)),
                   &rows->cells[j]);
    }
    assert_true(dl_run(table->database, dl_default_limits, diags));
    *state = table;
    return 0;
}

static int unmake(void **state)
{
    arena_free(((Table *)*state)->arena);
    return 0;
}

/* The one verdict on a combination: A, U or D; '?' for none, '!' for several. */
static char verdict(Table *table, const Combination *c)
{
    static const struct {
        const char *name;
        char letter;
    } verdicts[] = {{"allowed", 'A'}, {"unknown", 'U'}, {"denied", 'D'}};
    uint32_t id = number(c), row;
    uint32_t ref = fact_symbol(table->facts, arena_format(table->arena, "ref %u", id));
    uint32_t repo = named(table, kind_owners[c->kind], id);
    char found = '?';

    for (int i = 0; i < 3; i++) {
        const uint32_t cells[] = {ref, repo, ref, symbol(table, "create"),
                                  symbol(table, verdicts[i].name)};

        if (dl_find(table->database, dl_relation_find(table->program, TEXT("verdict")),
                    cells, &row))
            found = found == '?' ? verdicts[i].letter : '!';
    }
    return found;
}

static void compare(Table *table, const Combination *c)
{
    char is = verdict(table, c), should = expected(c);

    if (is != should)
        fail_msg("package %s, repository %s, link %s, inherit %s, grant %s, credential "
                 "%s: the rules say %c, the page says %c",
                 visibility_names[c->visibility], kind_names[c->kind],
                 link_names[c->link], answer_names[c->inherits], answer_names[c->grant],
                 credential_names[c->credential], is, should);
}

static void every_combination_is_as_the_page_says(void **state)
{
    each(*state, compare);
}

static void every_denied_pull_is_blocked_by_a_rule(void **state)
{
    const Table *table = *state;
    const uint32_t *pull = find_unblocked(table->program, table->database);

    if (pull)
        fail_msg("%.*s (phase: %.*s) is denied, and no rule blocks it",
                 TEXT_ARG(symbol_text(table->facts->symbols, (Symbol){pull[3]})),
                 TEXT_ARG(symbol_text(table->facts->symbols, (Symbol){pull[4]})));
}

static void add_block(Table *table, Combination c, Buffer *out)
{
    buffer_format(out, "\npackage: %s; repository: %s\n",
                  visibility_names[c.visibility], kind_names[c.kind]);
    for (c.link = 0; c.link < LINKS; c.link++) {
        for (c.inherits = 0; c.inherits < ANSWERS; c.inherits++) {
            buffer_format(out, "  link %-8s inherit %-8s", link_names[c.link],
                          answer_names[c.inherits]);
            for (c.credential = 0; c.credential < CREDENTIALS; c.credential++) {
                buffer_add(out, TEXT("  "));
                for (c.grant = 0; c.grant < ANSWERS; c.grant++)
                    buffer_add_byte(out, verdict(table, &c));
            }
            buffer_add_byte(out, '\n');
        }
    }
}

static Text printed(Table *table)
{
    Buffer out = {.arena = table->arena};
    Combination c = {0};

    buffer_format(
        &out,
        "May a codespace of the repository pull the package when it is created?\n"
        "A allowed, U unknown, D denied. %u combinations: each group of three letters\n"
        "is the grant (yes, no, not stated) under one credential for ghcr.io:\n"
        "a triple; a triple whose SERVER is not stated; none; secrets not listed.\n",
        VISIBILITIES * KINDS * LINKS * ANSWERS * ANSWERS * CREDENTIALS);
    for (c.visibility = 0; c.visibility < VISIBILITIES; c.visibility++) {
        for (c.kind = 0; c.kind < KINDS; c.kind++)
            add_block(table, c, &out);
    }
    return buffer_text(&out);
}

static void the_table_is_as_printed(void **state)
{
    static const char path[] = "fixtures/policy/truth-table.txt";
    Table *table = *state;
    Text now = printed(table);
    const char *update = getenv("GOLDEN_UPDATE");
    FILE *file = fopen(path, update && *update == '1' ? "w+b" : "rb");

    assert_non_null(file);
    if (update && *update == '1') {
        assert_int_equal(fwrite(now.at, 1, now.len, file), now.len);
        rewind(file);
    }
    char *golden = ARENA_ARRAY(table->arena, now.len + 2, char);
    Text read = {golden, fread(golden, 1, now.len + 1, file)};
    (void)fclose(file);
    assert_true(text_equal(read, now));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_is_as_the_page_says),
        cmocka_unit_test(every_denied_pull_is_blocked_by_a_rule),
        cmocka_unit_test(the_table_is_as_printed)};

    return cmocka_run_group_tests_name("the truth table", tests, make, unmake);
}
