/*
 * random_program.h: random stratified programs on random facts, for the engine's
 * property tests. The same for the same number.
 */
#ifndef BERTH_TESTS_RANDOM_PROGRAM_H
#define BERTH_TESTS_RANDOM_PROGRAM_H

#include "datalog_support.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAMES = 5, RELATIONS_OF_LAYER = 2, LAYERS = 3, INPUTS = 3, COLUMNS = 3 };

typedef struct Random {
    uint64_t state;
} Random;

/* splitmix64 */
static inline uint32_t random_below(Random *random, uint32_t bound)
{
    uint64_t mixed = random->state += UINT64_C(0x9E3779B97F4A7C15);

    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((mixed ^ mixed >> 31) % bound);
}

typedef struct Made {
    char name[8];
    uint32_t arity, layer; /* 0: an input */
    bool is_number[COLUMNS];
} Made;

/* A clause in the making: variables s0.. are symbols, n0.. numbers. */
typedef struct Making {
    Random *random;
    Arena *arena;
    const Made *relations;
    uint32_t nrelations;
    uint32_t bound[2]; /* as bits: symbols, numbers that an atom binds */
    uint32_t layer, fresh;
    Text literals[12];
    uint32_t nliterals;
} Making;

static const char *const texts[] = {"a", "b", "ab", "ba", "bb", "abc", ""};

static inline void add_constant(Random *random, Buffer *out, bool number)
{
    if (number)
        buffer_format(out, "%u", random_below(random, 5));
    else
        buffer_format(out, "\"%s\"", texts[random_below(random, 7)]);
}

/* A variable that is bound, or a constant where there is none. */
static inline void add_bound(Making *making, Buffer *out, bool number)
{
    uint32_t bits = making->bound[number];

    if (bits == 0 || random_below(making->random, 8) == 0) {
        add_constant(making->random, out, number);
        return;
    }
    uint32_t i = random_below(making->random, NAMES);
    while ((bits >> i & 1) == 0)
        i = (i + 1) % NAMES;
    buffer_format(out, "%c%u", number ? 'n' : 's', i);
}

/* A term over bound variables. Sums are cut to a small range, texts to two bytes, so
 * that recursion ends. */
static inline void add_term(Making *making, Buffer *out, bool number)
{
    static const char *const forms[2][5] = {
        {"#", "substr(cat(#, #), 0, 2)", "substr(#, 1, 2)",
         "cat(\"\", substr(#, 0, 1))", "to_string(@ % 3)"},
        {"@", "(@ + @) % 5", "strlen(#)", "to_number(to_string(@))",
         "(@ * 3 - @) % 4"}};
    const char *form = forms[number][random_below(making->random, 5)];

    for (; *form; form++) {
        if (*form == '#' || *form == '@')
            add_bound(making, out, *form == '@');
        else
            buffer_add_byte(out, *form);
    }
}

static inline const Made *some_relation(Making *making, uint32_t below)
{
    const Made *relation;

    do
        relation = &making->relations[random_below(making->random, making->nrelations)];
    while (relation->layer >= below);
    return relation;
}

static inline void add_literal(Making *making, const Buffer *literal)
{
    making->literals[making->nliterals++] = buffer_text(literal);
}

static inline Buffer buffer_new(Making *making)
{
    return (Buffer){.arena = making->arena};
}

static inline void make_atom(Making *making, uint32_t below)
{
    const Made *relation = some_relation(making, below);
    Buffer out = buffer_new(making);

    buffer_format(&out, "%s(", relation->name);
    for (uint32_t i = 0; i < relation->arity; i++) {
        bool number = relation->is_number[i];
        uint32_t kind = random_below(making->random, 10);

        buffer_add(&out, i ? TEXT(", ") : TEXT(""));
        if (kind == 0) {
            buffer_add_byte(&out, '_');
        } else if (kind == 1) {
            add_constant(making->random, &out, number);
        } else if (kind == 2 && making->bound[number]) {
            add_term(making, &out, number);
        } else {
            uint32_t variable = random_below(making->random, NAMES);

            making->bound[number] |= 1U << variable;
            buffer_format(&out, "%c%u", number ? 'n' : 's', variable);
        }
    }
    buffer_add_byte(&out, ')');
    add_literal(making, &out);
}

static inline void make_absence(Making *making)
{
    const Made *relation = some_relation(making, making->layer);
    Buffer out = buffer_new(making);

    buffer_format(&out, "!%s(", relation->name);
    for (uint32_t i = 0; i < relation->arity; i++) {
        buffer_add(&out, i ? TEXT(", ") : TEXT(""));
        if (random_below(making->random, 3) == 0)
            buffer_add_byte(&out, '_');
        else
            add_term(making, &out, relation->is_number[i]);
    }
    buffer_add_byte(&out, ')');
    add_literal(making, &out);
}

static inline void make_test(Making *making)
{
    static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
    static const char *const patterns[] = {"a.*", "b+", "(a|b)*", "..?"};
    Buffer out = buffer_new(making);
    bool number = random_below(making->random, 2);

    switch (random_below(making->random, 4)) {
    case 0:
        buffer_add(&out, random_below(making->random, 2) ? TEXT("!match(\"")
                                                         : TEXT("match(\""));
        buffer_add(&out, text_of(patterns[random_below(making->random, 4)]));
        buffer_add(&out, TEXT("\", "));
        add_term(making, &out, false);
        buffer_add_byte(&out, ')');
        break;
    case 1:
        buffer_add(&out, random_below(making->random, 2) ? TEXT("!contains(")
                                                         : TEXT("contains("));
        add_term(making, &out, false);
        buffer_add(&out, TEXT(", "));
        add_term(making, &out, false);
        buffer_add_byte(&out, ')');
        break;
    default:
        add_term(making, &out, number);
        buffer_format(&out, " %s ", signs[random_below(making->random, 6)]);
        add_term(making, &out, number);
    }
    add_literal(making, &out);
}

/* "variable = term", the variable being new: it is bound from here on. */
static inline void make_equation(Making *making)
{
    bool number = random_below(making->random, 2),
         swap = random_below(making->random, 2);
    uint32_t variable = random_below(making->random, NAMES);
    Buffer out = buffer_new(making);

    if (making->bound[number] >> variable & 1)
        return;
    if (!swap)
        buffer_format(&out, "%c%u = ", number ? 'n' : 's', variable);
    add_term(making, &out, number);
    if (swap)
        buffer_format(&out, " = %c%u", number ? 'n' : 's', variable);
    making->bound[number] |= 1U << variable;
    add_literal(making, &out);
}

static inline void make_count(Making *making)
{
    const Made *relation = some_relation(making, making->layer);
    Buffer out = buffer_new(making);
    uint32_t local = making->fresh++;

    add_term(making, &out, true);
    buffer_format(&out, " %s count : { %s(",
                  random_below(making->random, 2) ? "<=" : "=", relation->name);
    for (uint32_t i = 0; i < relation->arity; i++) {
        bool number = relation->is_number[i];

        buffer_add(&out, i ? TEXT(", ") : TEXT(""));
        if (random_below(making->random, 3) == 0)
            buffer_add_byte(&out, '_');
        else if (random_below(making->random, 2))
            buffer_format(&out, "_%s%u", number ? "m" : "t", local);
        else
            add_term(making, &out, number);
    }
    buffer_add_byte(&out, ')');
    if (random_below(making->random, 2)) {
        buffer_add(&out, TEXT(", "));
        add_term(making, &out, true);
        buffer_add(&out, TEXT(" != "));
        add_term(making, &out, true);
    }
    buffer_add(&out, TEXT(" }"));
    add_literal(making, &out);
}

static inline void shuffle(Making *making)
{
    for (uint32_t i = making->nliterals; i > 1; i--) {
        uint32_t j = random_below(making->random, i);
        Text swapped = making->literals[i - 1];

        making->literals[i - 1] = making->literals[j];
        making->literals[j] = swapped;
    }
}

/* A relation's first clause has one atom, of a layer below, so that there is something
 * to go on from. */
static inline void make_body(Making *making, bool first)
{
    if (first) {
        make_atom(making, making->layer);
        return;
    }
    for (uint32_t i = random_below(making->random, 3) + 1; i > 0; i--)
        make_atom(making, making->layer + 1);
    for (uint32_t i = random_below(making->random, 5) / 3; i > 0; i--)
        make_equation(making);
    for (uint32_t i = random_below(making->random, 5) / 2; i > 0; i--) {
        uint32_t kind = random_below(making->random, 4);

        if (kind == 0)
            make_count(making);
        else if (kind == 1)
            make_absence(making);
        else
            make_test(making);
    }
}

static inline void make_clause(Making *making, const Made *head, bool first,
                               Buffer *program)
{
    making->bound[0] = making->bound[1] = making->nliterals = making->fresh = 0;
    making->layer = head->layer;
    make_body(making, first);
    shuffle(making);
    buffer_format(program, "%s(", head->name);
    for (uint32_t i = 0; i < head->arity; i++) {
        buffer_add(program, i ? TEXT(", ") : TEXT(""));
        add_term(making, program, head->is_number[i]);
    }
    buffer_add_byte(program, ')');
    for (uint32_t i = 0; i < making->nliterals; i++)
        buffer_format(program, "%s%.*s", i ? ",\n    " : " :-\n    ",
                      TEXT_ARG(making->literals[i]));
    buffer_add(program, TEXT(".\n"));
}

static inline uint32_t make_relations(Random *random, Made *relations)
{
    uint32_t count = 0;

    for (uint32_t layer = 0; layer <= LAYERS; layer++) {
        uint32_t n = layer ? RELATIONS_OF_LAYER : INPUTS;

        for (uint32_t i = 0; i < n; i++) {
            Made *made = &relations[count];

            *made = (Made){.layer = layer, .arity = random_below(random, COLUMNS) + 1};
            snprintf(made->name, sizeof(made->name), "r%u", count++);
            for (uint32_t j = 0; j < COLUMNS; j++)
                made->is_number[j] = random_below(random, 2);
        }
    }
    return count;
}

static inline Text make_program(Random *random, Arena *arena, Made *relations,
                                uint32_t count)
{
    Buffer out = {.arena = arena};
    Making making = {
        .random = random, .arena = arena, .relations = relations, .nrelations = count};

    for (uint32_t i = 0; i < count; i++) {
        buffer_format(&out, ".decl %s(", relations[i].name);
        for (uint32_t j = 0; j < relations[i].arity; j++)
            buffer_format(&out, "%sc%u: %s", j ? ", " : "", j,
                          relations[i].is_number[j] ? "number" : "symbol");
        buffer_format(&out, ")\n.%s %s\n", relations[i].layer ? "output" : "input",
                      relations[i].name);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t clauses = relations[i].layer ? random_below(random, 4) + 2 : 0;

        for (uint32_t j = 0; j < clauses; j++)
            make_clause(&making, &relations[i], j == 0, &out);
    }
    buffer_add_byte(&out, '\0');
    return buffer_text(&out);
}

/* A variable that stands once is an error; where it does, "_" is put before it. */
static inline Text mark_single_variables(Arena *arena, Text program)
{
    Buffer out = {.arena = arena};
    Text rest = program;

    for (bool done = false; !done && rest.len;) {
        size_t end = text_find(rest, TEXT(".\n"));
        Text clause = text_slice(rest, 0, end);

        for (size_t i = 0; i < clause.len; i++) {
            bool starts = (clause.at[i] == 's' || clause.at[i] == 'n') &&
                          i + 1 < clause.len && byte_is_digit(clause.at[i + 1]) && i &&
                          !byte_is_letter(clause.at[i - 1]) && clause.at[i - 1] != '"';
            uint32_t times = 0;

            for (size_t j = 0; starts && j + 1 < clause.len; j++)
                times += clause.at[j] == clause.at[i] &&
                         clause.at[j + 1] == clause.at[i + 1] && j &&
                         !byte_is_letter(clause.at[j - 1]);
            if (times == 1)
                buffer_add_byte(&out, '_');
            buffer_add_byte(&out, clause.at[i]);
        }
        if (end < rest.len)
            buffer_add(&out, TEXT(".\n"));
        done = end >= rest.len;
        rest = text_from(rest, end + 2);
    }
    buffer_add_byte(&out, '\0');
    return buffer_text(&out);
}

static inline void add_rows_of(Random *random, Bench *bench, const Made *made)
{
    for (uint32_t n = random_below(random, 14); n > 0; n--) {
        uint32_t row[COLUMNS];

        for (uint32_t j = 0; j < made->arity; j++) {
            Text text = text_of(texts[random_below(random, 7)]);

            row[j] = made->is_number[j] ? random_below(random, 5)
                                        : symbol_intern(bench->symbols, text).id;
        }
        dl_add(bench->database, dl_relation_find(bench->program, text_of(made->name)),
               row);
    }
}

static inline void add_rows(Random *random, Bench *bench, const Made *relations)
{
    for (uint32_t i = 0; i < INPUTS; i++)
        add_rows_of(random, bench, &relations[i]);
}

static inline uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);

    return value ? strtoull(value, NULL, 10) : otherwise;
}

#endif
