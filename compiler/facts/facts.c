#include "facts/facts.h"

#include <assert.h>

const Relation relations[REL_COUNT] = {
#define RELATION(name, schema, says, absent) {#name, schema, says, absent},
#include "facts/relations.def"
#undef RELATION
};

Facts *facts_new(Arena *arena, Symbols *symbols, Sources *sources, Diags *diags)
{
    Facts *facts = ARENA_NEW(arena, Facts);

    *facts =
        (Facts){.arena = arena, .symbols = symbols, .sources = sources, .diags = diags};
    facts->scratch = arena_scratch(arena);
    return facts;
}

uint32_t relation_arity(RelationId relation)
{
    uint32_t arity = 1;

    for (const char *at = relations[relation].schema; *at; at++)
        arity += *at == ',';
    return arity;
}

void fact_add(Facts *facts, RelationId relation, const uint32_t *cells, uint32_t count)
{
    Rows *rows = &facts->rows[relation];

    if (rows->arity == 0)
        rows->arity = relation_arity(relation);
    assert(count == rows->arity);
    for (uint32_t i = 0; i < count; i++) {
        ARRAY_GROW(facts->arena, rows->cells, rows->count, rows->capacity);
        rows->cells[rows->count++] = cells[i];
    }
}

uint32_t fact_site(Facts *facts, Span span)
{
    return site_intern(facts->sources, span).id;
}

uint32_t fact_symbol(Facts *facts, Text text)
{
    return symbol_intern(facts->symbols, text).id;
}

static uint32_t with_case(Facts *facts, Text text, char (*convert)(char byte))
{
    char few[128];
    char *bytes =
        text.len <= sizeof(few) ? few : arena_alloc(facts->arena, text.len, 1);

    for (size_t i = 0; i < text.len; i++)
        bytes[i] = convert(text.at[i]);
    return fact_symbol(facts, (Text){bytes, text.len});
}

uint32_t fact_lower(Facts *facts, Text text)
{
    return with_case(facts, text, byte_to_lower);
}

uint32_t fact_upper(Facts *facts, Text text)
{
    return with_case(facts, text, byte_to_upper);
}

uint32_t fact_repository(Facts *facts, Text full_name)
{
    uint32_t lower = fact_lower(facts, full_name);
    uint32_t spelt = fact_symbol(facts, full_name);

    while (facts->spellings_count <= lower) {
        ARRAY_GROW(facts->arena, facts->spellings, facts->spellings_count,
                   facts->spellings_capacity);
        facts->spellings[facts->spellings_count++] = 0;
    }
    if (facts->spellings[lower] == 0)
        facts->spellings[lower] = spelt;
    return facts->spellings[lower];
}

uint32_t fact_owner(Facts *facts, Text full_name)
{
    return fact_lower(facts, text_slice(full_name, 0, text_find_byte(full_name, '/')));
}

static void add_declaration(Buffer *out, const Relation *relation)
{
    buffer_format(out, "\n// %s\n.decl %s(%s)\n.input %s\n", relation->says,
                  relation->name, relation->schema, relation->name);
}

void facts_add_schema(Buffer *out)
{
    buffer_add(out, TEXT("// Printed from compiler/facts/relations.def by "
                         "\"berth dump schema\"; not edited by hand.\n"
                         "// What each input relation says, and its columns.\n\n"
                         ".type Site <: number\n"
                         ".type Owner <: symbol\n"
                         ".type Repo <: symbol\n"
                         ".type Package <: symbol\n"
                         ".type Secret <: symbol\n"
                         ".type SecretName <: symbol\n"
                         ".type Host <: symbol\n"
                         ".type Config <: symbol\n"
                         ".type Ref <: symbol\n"));
    for (RelationId i = 0; i < REL_COUNT; i++)
        add_declaration(out, &relations[i]);
}
