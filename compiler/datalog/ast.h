/*
 * ast.h: a program as it was written, checked and numbered.
 *
 * Private to the engine. Everything lies in arrays of the program; an id is an
 * index. Argument lists are runs of `arguments`; bodies are runs of `literals`; a
 * clause's variables are numbered from 0, those of its counts included.
 */
#ifndef BERTH_DATALOG_AST_H
#define BERTH_DATALOG_AST_H

#include "datalog/datalog.h"

enum {
    ARITY_MAX = 16,
    VARIABLES_MAX = 64, /* of a clause: a bit each */
    BODY_MAX = 64,
    TERM_DEPTH = 32,
    RELATIONS_MAX = 4096
};

typedef enum Functor {
#define FUNCTOR(enumerator, name, least, most, takes, gives) enumerator,
#include "datalog/functors.def"
#undef FUNCTOR
    FUNCTOR_COUNT
} Functor;

typedef enum TermKind {
    TERM_VARIABLE, /* value: its number */
    TERM_WILDCARD,
    TERM_CONSTANT, /* value: the cell */
    TERM_CALL,     /* value: the Functor; arguments */
    TERM_AS,       /* value: the type; one argument */
    TERM_COUNT     /* first, count: a run of literals */
} TermKind;

typedef struct Term {
    TermKind kind;
    DlBase base;
    uint32_t value;
    uint32_t first, count;
    Span span;
} Term;

typedef enum LiteralKind {
    LITERAL_ATOM,
    LITERAL_ABSENT,  /* "!" atom */
    LITERAL_COMPARE, /* two arguments */
    LITERAL_MATCH,   /* pattern, subject */
    LITERAL_CONTAINS /* part, whole */
} LiteralKind;

typedef enum Comparison {
    COMPARE_EQUAL,
    COMPARE_UNEQUAL,
    COMPARE_LESS,
    COMPARE_LESS_EQUAL,
    COMPARE_GREATER,
    COMPARE_GREATER_EQUAL
} Comparison;

typedef struct Literal {
    LiteralKind kind;
    Comparison comparison;
    uint32_t relation; /* of an atom */
    Text name;         /* of the atom's relation, as written */
    uint32_t first, count;
    Span span;
} Literal;

typedef struct Clause {
    Literal head;
    uint32_t first, count;          /* body */
    uint32_t variables, nvariables; /* a run of variable_names */
    Span span;
} Clause;

typedef struct Type {
    Text name;
    uint32_t parent; /* an earlier type; its own number for symbol and number */
    DlBase base;
    Span span;
} Type;

enum { TYPE_SYMBOL, TYPE_NUMBER };

#define LIST(type, name)                                                               \
    type *name;                                                                        \
    uint32_t n##name, c##name

struct DlProgram {
    Arena *arena;
    Symbols *symbols;
    Sources *sources;
    LIST(Type, types);
    LIST(DlRelation, relations);
    LIST(uint32_t, attribute_types); /* types by relation: at first_type[relation] */
    LIST(uint32_t, first_type);
    LIST(Term, terms);
    LIST(uint32_t, arguments);
    LIST(Literal, literals);
    LIST(Clause, clauses);
    LIST(Text, variable_names);
    uint32_t nstrata;
    uint32_t *by_name; /* relation numbers + 1 by symbol of the name */
    uint32_t nby_name;
};

#define LIST_ADD(arena, owner, name, item)                                             \
    (ARRAY_GROW((arena), (owner)->name, (owner)->n##name, (owner)->c##name),           \
     (owner)->name[(owner)->n##name] = (item), (owner)->n##name++)

typedef struct FunctorInfo {
    const char *name;
    uint32_t least, most;
    DlBase takes, gives;
} FunctorInfo;
extern const FunctorInfo functor_infos[FUNCTOR_COUNT];

/* parse.c: adds a file to the program. What is wrong is in `diags`. */
void datalog_parse(DlProgram *program, uint32_t file, Diags *diags);
/* check.c: names to numbers, types, bound variables; strata.c: the strata. */
void datalog_check(DlProgram *program, Diags *diags);
void datalog_stratify(DlProgram *program, Diags *diags);

/* DL_NO_RELATION when there is none. */
uint32_t program_find_relation(const DlProgram *program, Text name);
bool type_is_subtype(const DlProgram *program, uint32_t type, uint32_t of);
uint32_t attribute_type(const DlProgram *program, uint32_t relation, uint32_t column);

/* The variables of a term (of a literal, of a count's body), as bits. */
uint64_t term_variables(const DlProgram *program, uint32_t term);
uint64_t literal_variables(const DlProgram *program, const Literal *literal);

#endif
