#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "facts/similar_hosts.h"

typedef struct Case {
    const char *name;
    const char *servers, *references; /* hosts, a blank between them */
    const char *similar;              /* "server=host" */
} Case;

static Case cases[] = {
    {"two letters that are swapped", "exmaple.azurecr.io", "example.azurecr.io",
     "exmaple.azurecr.io=example.azurecr.io "},
    {"a letter that is missing", "gcr.io", "ghcr.io", "gcr.io=ghcr.io "},
    {"two edits", "ghrc.ioo", "ghcr.io", "ghrc.ioo=ghcr.io "},
    {"three edits are too many", "abcr.ioo", "ghcr.io", ""},
    {"a server that is referenced needs no hint", "ghcr.io gcr.io", "ghcr.io gcr.io",
     ""},
    {"every host that is near", "a.example", "b.example c.example long.example",
     "a.example=b.example a.example=c.example "},
    {"each server once", "b.example b.example", "a.example a.example",
     "b.example=a.example "},
    {"no reference at all", "ghcr.io", "", ""},
    {"no server at all", "", "ghcr.io", ""},
};

static void add_hosts(Facts *facts, const char *hosts, RelationId relation)
{
    Text rest = text_of(hosts), host;

    for (bool done = rest.len == 0; text_next_part(&rest, ' ', &host, &done);) {
        uint32_t symbol = fact_symbol(facts, host);

        if (relation == REL_secret_server)
            FACT(facts, REL_secret_server, 0, 0, symbol);
        else
            FACT(facts, REL_reference_name, 0, symbol, 0, 0, 0, 0);
    }
}

static Facts *new_facts(Arena *arena)
{
    return facts_new(arena, symbols_new(arena), sources_new(arena), diags_new(arena));
}

static void it_finds(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 22);
    Facts *facts = new_facts(arena);
    const Rows *rows = &facts->rows[REL_similar];
    Buffer found = {.arena = arena};

    add_hosts(facts, c->servers, REL_secret_server);
    add_hosts(facts, c->references, REL_reference_name);
    similar_hosts_find(facts);
    for (uint32_t i = 0; i < rows->count; i += rows->arity) {
        buffer_add(&found, symbol_text(facts->symbols, (Symbol){rows->cells[i]}));
        buffer_add_byte(&found, '=');
        buffer_add(&found, symbol_text(facts->symbols, (Symbol){rows->cells[i + 1]}));
        buffer_add_byte(&found, ' ');
    }
    assert_string_equal(arena_copy(arena, buffer_text(&found)).at, c->similar);
    arena_free(arena);
}

static void too_many_pairs_are_not_compared(void **state)
{
    Arena *arena = arena_new(1 << 26);
    Facts *facts = new_facts(arena);

    (void)state;
    for (uint32_t i = 0; i < 1025; i++) {
        FACT(facts, REL_secret_server, 0, 0,
             fact_symbol(facts, arena_format(arena, "a%u.example", (unsigned)i)));
        FACT(facts, REL_reference_name, 0,
             fact_symbol(facts, arena_format(arena, "b%u.example", (unsigned)i)), 0, 0,
             0, 0);
    }
    similar_hosts_find(facts);
    assert_int_equal(facts->rows[REL_similar].count, 0);
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 1];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, it_finds, NULL, NULL, &cases[i]};
    tests[COUNT] = (struct CMUnitTest)cmocka_unit_test(too_many_pairs_are_not_compared);
    return cmocka_run_group_tests_name("similar hosts", tests, NULL, NULL);
}
