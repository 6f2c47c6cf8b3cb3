#include "datalog/ast.h"

#include <assert.h>

const FunctorInfo functor_infos[FUNCTOR_COUNT] = {
#define FUNCTOR(enumerator, name, least, most, takes, gives)                           \
    {TEXT_INIT(name), least, most, takes, gives},
#include "datalog/functors.def"
#undef FUNCTOR
};

uint32_t program_find_relation(const DlProgram *program, Text name)
{
    Symbol symbol;

    if (!symbol_find(program->symbols, name, &symbol) ||
        symbol.id >= program->nby_name || program->by_name[symbol.id] == 0)
        return DL_NO_RELATION;
    return program->by_name[symbol.id] - 1;
}

uint32_t program_find_type(const DlProgram *program, Text name)
{
    for (uint32_t i = 0; i < program->ntypes; i++) {
        if (text_equal(program->types[i].name, name))
            return i;
    }
    return DL_NO_RELATION;
}

bool type_is_subtype(const DlProgram *program, uint32_t type, uint32_t of)
{
    while (type != of && program->types[type].parent != type)
        type = program->types[type].parent;
    return type == of;
}

uint32_t attribute_type(const DlProgram *program, uint32_t relation, uint32_t column)
{
    return program->attribute_types[program->first_type[relation] + column];
}

bool attribute_is_site(const DlProgram *program, uint32_t relation, uint32_t column)
{
    uint32_t type = attribute_type(program, relation, column);

    while (!text_equal(program->types[type].name, TEXT("Site"))) {
        if (program->types[type].parent == type)
            return false;
        type = program->types[type].parent;
    }
    return program->types[type].base == DL_NUMBER;
}

Text variable_name(const DlProgram *program, const Clause *clause, uint32_t variable)
{
    return program->variable_names[clause->variables + variable];
}

const Term *argument_term(const DlProgram *program, uint32_t first, uint32_t argument)
{
    return &program->terms[program->arguments[first + argument]];
}

/* Recursion: at most TERM_DEPTH terms, with a count's body among them once. */
uint64_t term_variables(const DlProgram *program, uint32_t number)
{
    const Term *term = &program->terms[number];
    uint64_t variables = 0;

    switch (term->kind) {
    case TERM_VARIABLE:
        return (uint64_t)1 << term->value;
    case TERM_WILDCARD:
    case TERM_CONSTANT:
        return 0;
    case TERM_CALL:
    case TERM_AS:
        for (uint32_t i = 0; i < term->count; i++)
            variables |= term_variables(program, program->arguments[term->first + i]);
        return variables;
    case TERM_COUNT:
        for (uint32_t i = 0; i < term->count; i++)
            variables |=
                literal_variables(program, &program->literals[term->first + i]);
        return variables;
    }
    return variables;
}

uint64_t literal_variables(const DlProgram *program, const Literal *literal)
{
    uint64_t variables = 0;

    for (uint32_t i = 0; i < literal->count; i++)
        variables |= term_variables(program, program->arguments[literal->first + i]);
    return variables;
}

static uint32_t said(const Diags *diags)
{
    return diags->count + diags->dropped;
}

static DlProgram *program_new(Arena *arena, Symbols *symbols, Sources *sources)
{
    DlProgram *program = ARENA_NEW(arena, DlProgram);
    Type symbol = {.name = TEXT("symbol"), .parent = TYPE_SYMBOL, .base = DL_SYMBOL};
    Type number = {.name = TEXT("number"), .parent = TYPE_NUMBER, .base = DL_NUMBER};

    program->arena = arena;
    program->symbols = symbols;
    program->sources = sources;
    LIST_ADD(arena, program, types, symbol);
    LIST_ADD(arena, program, types, number);
    return program;
}

DlProgram *dl_compile(Arena *arena, Symbols *symbols, Sources *sources,
                      const uint32_t *files, uint32_t count, Diags *diags)
{
    DlProgram *program = program_new(arena, symbols, sources);
    uint32_t before = said(diags);

    for (uint32_t i = 0; i < count; i++)
        datalog_parse(program, files[i], diags);
    if (said(diags) == before)
        datalog_resolve(program, diags);
    if (said(diags) != before)
        return NULL; /* a name that is missing would be missed again and again */
    datalog_check_variables(program, diags);
    datalog_check_types(program, diags);
    datalog_stratify(program, diags);
    if (said(diags) != before)
        return NULL;
    datalog_plan(program);
    return program;
}

DlProgram *dl_program_on(Arena *arena, const DlProgram *program, Symbols *symbols,
                         Sources *sources)
{
    DlProgram *same = ARENA_NEW(arena, DlProgram);

    *same = *program;
    same->arena = arena;
    same->symbols = symbols;
    same->sources = sources;
    return same;
}

uint32_t dl_clause_count(const DlProgram *program)
{
    return program->nclauses;
}

Span dl_clause_span(const DlProgram *program, uint32_t clause)
{
    assert(clause < program->nclauses);
    return program->clauses[clause].span;
}

bool dl_clause_is_fact(const DlProgram *program, uint32_t clause)
{
    assert(clause < program->nclauses);
    return program->clauses[clause].count == 0;
}

uint32_t dl_relation_count(const DlProgram *program)
{
    return program->nrelations;
}

DlRelationId dl_relation_find(const DlProgram *program, Text name)
{
    return (DlRelationId){program_find_relation(program, name)};
}

const DlRelation *dl_relation(const DlProgram *program, DlRelationId id)
{
    assert(id.index < program->nrelations);
    return &program->relations[id.index];
}
