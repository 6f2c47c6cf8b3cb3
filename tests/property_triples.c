/*
 * Every way in which the three secrets of a private registry may stand: with whom each
 * member is, whom it reaches, and what the configuration asks its users for. Each pull
 * has one verdict; each denied one, a rule that blocks it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "catalogue.h"
#include "facts/facts.h"
#include "unblocked.h"

typedef enum Standing {
    NOWHERE,
    ORGANIZATION,
    ORGANIZATION_UNASSIGNED,
    ORGANIZATION_UNSTATED,
    REPOSITORY,
    USER,
    USER_ELSEWHERE,
    STANDINGS
} Standing;

enum { MEMBERS = 3, ASKED_SETS = 1 << MEMBERS };

static const char *const members[MEMBERS] = {"SERVER", "USER", "PASSWORD"};

typedef struct Combination {
    Standing standings[MEMBERS];
    uint32_t asked; /* bit i: members[i] is recommended */
    uint32_t number, repo, owner, config;
} Combination;

typedef struct Table {
    Arena *arena;
    Facts *facts;
    DlProgram *program;
    DlDatabase *database;
    uint32_t combinations;
} Table;

static uint32_t symbol(Table *table, const char *text)
{
    return fact_symbol(table->facts, text_of(text));
}

static uint32_t numbered(Table *table, const char *format, uint32_t number)
{
    return fact_symbol(table->facts,
                       arena_format(table->arena, "%s%u", format, number));
}

/* An identifier of its own: what a user has elsewhere counts for every repository. */
static uint32_t name_of(Table *table, const Combination *c, int member)
{
    return fact_symbol(table->facts,
                       arena_format(table->arena, "ID%u_CONTAINER_REGISTRY_%s",
                                    c->number, members[member]));
}

static void add_policy(Table *table, const Combination *c, Standing standing,
                       uint32_t secret)
{
    bool is_unstated = standing == ORGANIZATION_UNSTATED;

    FACT(table->facts, REL_secret_visibility, 0, secret,
         symbol(table, is_unstated ? "unknown" : "selected"));
    if (standing == ORGANIZATION)
        FACT(table->facts, REL_secret_repository, 0, secret, c->repo);
}

static void add_member(Table *table, const Combination *c, int member)
{
    Facts *facts = table->facts;
    Standing standing = c->standings[member];
    bool is_user = standing == USER || standing == USER_ELSEWHERE;
    uint32_t secret = fact_symbol(
        facts, arena_format(table->arena, "%u %s", c->number, members[member]));

    if (standing == NOWHERE)
        return;
    if (standing == REPOSITORY) {
        FACT(facts, REL_secret, 0, secret, name_of(table, c, member),
             symbol(table, "repository"), c->repo);
    } else {
        FACT(facts, REL_secret, 0, secret, name_of(table, c, member),
             symbol(table, is_user ? "user" : "organization"),
             is_user ? numbered(table, "user", c->number) : c->owner);
    }
    if (is_user)
        FACT(facts, REL_secret_repository, 0, secret,
             standing == USER ? c->repo : symbol(table, "elsewhere/site"));
    else if (standing != REPOSITORY)
        add_policy(table, c, standing, secret);
    if (member == 0) {
        FACT(facts, REL_secret_value, 0, secret, symbol(table, "example.azurecr.io"));
        FACT(facts, REL_secret_server, 0, secret, symbol(table, "example.azurecr.io"));
    }
}

static void add(Table *table, Combination c)
{
    Facts *facts = table->facts;
    uint32_t ref = symbol(table, "example.azurecr.io/team/base:1");

    c.number = table->combinations++;
    c.owner = numbered(table, "owner", c.number);
    c.repo = numbered(table, "repository", c.number);
    c.config = numbered(table, "configuration", c.number);
    FACT(facts, REL_repository, 0, c.repo, c.owner);
    FACT(facts, REL_repository_visibility, 0, c.repo, symbol(table, "private"));
    FACT(facts, REL_repository_prebuilds, 0, c.repo, symbol(table, "true"));
    FACT(facts, REL_configuration, 0, c.config, c.repo, symbol(table, "x"));
    FACT(facts, REL_reference, 0, c.config, ref, symbol(table, "image"),
         symbol(table, "pulled"), symbol(table, "create"));
    for (int i = 0; i < MEMBERS; i++) {
        add_member(table, &c, i);
        if (c.asked & 1u << i)
            FACT(facts, REL_recommended_secret, 0, c.config, name_of(table, &c, i));
    }
}

static void add_all(Table *table)
{
    Combination c = {0};
    Standing *of = c.standings;

    for (c.asked = 0; c.asked < ASKED_SETS; c.asked++)
        for (of[0] = 0; of[0] < STANDINGS; of[0]++)
            for (of[1] = 0; of[1] < STANDINGS; of[1]++)
                for (of[2] = 0; of[2] < STANDINGS; of[2]++)
                    add(table, c);
}

static int make(void **state)
{
    Arena *arena = arena_new((size_t)1 << 30);
    Table *table = ARENA_NEW(arena, Table);
    Symbols *symbols = symbols_new(arena);
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    Catalogue catalogue = {0};

    *table =
        (Table){.arena = arena, .facts = facts_new(arena, symbols, sources, diags)};
    table->program =
        catalogue_read(arena, symbols, sources, NULL, 0, diags, &catalogue);
    assert_non_null(table->program);
    FACT(table->facts, REL_secrets_stated, 0);
    FACT(table->facts, REL_reference_name,
         symbol(table, "example.azurecr.io/team/base:1"),
         symbol(table, "example.azurecr.io"), symbol(table, "team/base"),
         symbol(table, "team"), symbol(table, "1"), 0);
    add_all(table);
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

static uint32_t count_rows(const Table *table, const char *relation)
{
    return dl_row_count(table->database,
                        dl_relation_find(table->program, text_of(relation)));
}

/* One when the codespace is created, one when it is prebuilt. */
static void every_pull_has_one_verdict(void **state)
{
    const Table *table = *state;

    assert_int_equal(count_rows(table, "judged"), 2 * table->combinations);
    assert_int_equal(count_rows(table, "verdict"), 2 * table->combinations);
}

static void every_denied_pull_is_blocked_by_a_rule(void **state)
{
    const Table *table = *state;
    const uint32_t *pull = find_unblocked(table->program, table->database);

    if (pull)
        fail_msg("%.*s of %u (phase: %.*s) is denied, and no rule blocks it",
                 TEXT_ARG(symbol_text(table->facts->symbols, (Symbol){pull[1]})),
                 (unsigned)table->combinations,
                 TEXT_ARG(symbol_text(table->facts->symbols, (Symbol){pull[4]})));
    printf("%u denied pulls of %u combinations\n",
           (unsigned)count_rows(table, "denied"), (unsigned)table->combinations);
    assert_true(count_rows(table, "denied") > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pull_has_one_verdict),
        cmocka_unit_test(every_denied_pull_is_blocked_by_a_rule)};

    return cmocka_run_group_tests_name("triples", tests, make, unmake);
}
