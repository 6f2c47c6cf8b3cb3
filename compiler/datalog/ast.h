/*
 * ast.h: a program as it was written, checked and numbered.
 *
 * Private to the engine. Everything lies in arrays of the program; an id is an
 * index. Argument lists are runs of `arguments`; bodies are runs of `literals`; a
 * clause's variables are numbered from 0, those of its counts included.
 */
#ifndef BERTH_DATALOG_AST_H
#define BERTH_DATALOG_AST_H

#include "base/pattern.h"
#include "datalog/datalog.h"

enum {
    ARITY_MAX = 16,
    VARIABLES_MAX = 64, /* of a clause, and of its plans: a bit each */
    BODY_MAX = 64,
    TERM_DEPTH = 32,
    TYPES_MAX = 256,
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
    TERM_COUNT     /* first, count: a run of literals; value: its plan */
} TermKind;

typedef struct Term {
    TermKind kind;
    DlBase base;
    uint32_t value;
    uint32_t first, count;
    uint32_t depth; /* of calls below it: at most TERM_DEPTH */
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
    DlBase base;       /* of what is compared */
    bool negated;      /* of a match or contains */
    uint32_t relation; /* of an atom */
    uint32_t pattern;  /* of a match */
    Text name;         /* of the atom's relation, as written */
    uint32_t first, count;
    Span span;
} Literal;

typedef struct Clause {
    Literal head;
    uint32_t first, count;          /* body */
    uint32_t variables, nvariables; /* a run of variable_names */
    uint64_t outer;                 /* the variables that stand outside its counts */
    uint64_t once;                  /* those that stand once, as a wildcard does */
    uint32_t plans, natoms; /* one plan for each positive atom, or one if there is none;
                               then the one that starts from the head */
    Span span;
} Clause;

/* What is looked up in a relation by these columns (a bit each): one for each set. */
typedef struct IndexSpec {
    uint32_t relation, columns;
    uint32_t next; /* 1 + the relation's next index; 0: none */
} IndexSpec;

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
    LIST(Pattern *, patterns);
    LIST(IndexSpec, indexes);
    uint32_t *first_index; /* by relation: 1 + its first index; 0: none */
    LIST(struct Plan *, plans);
    uint32_t nstrata;
    uint32_t *by_stratum, *stratum_first; /* clauses, in the order written */
    uint32_t *by_head, *head_first;       /* clauses by relation of the head */
    uint32_t *by_name; /* relation numbers + 1 by symbol of the name */
    uint32_t nby_name;
};

#define LIST_ADD(arena, owner, name, item)                                             \
    (ARRAY_GROW((arena), (owner)->name, (owner)->n##name, (owner)->c##name),           \
     (owner)->name[(owner)->n##name] = (item), (owner)->n##name++)

typedef struct FunctorInfo {
    Text name;
    uint32_t least, most;
    DlBase takes, gives;
} FunctorInfo;
extern const FunctorInfo functor_infos[FUNCTOR_COUNT];

/* The steps of dl_compile; each puts what is wrong into `diags`. Names: parse.c reads
 * a file, check.c turns names into numbers. Then check.c asks for bound variables,
 * check_types.c for types, strata.c for strata; order.c plans. */
void datalog_parse(DlProgram *program, uint32_t file, Diags *diags);
void datalog_resolve(DlProgram *program, Diags *diags);
void datalog_check_variables(DlProgram *program, Diags *diags);
void datalog_check_types(DlProgram *program, Diags *diags);
void datalog_stratify(DlProgram *program, Diags *diags);
void datalog_plan(DlProgram *program);

/* DL_NO_RELATION when there is none. */
uint32_t program_find_relation(const DlProgram *program, Text name);
/* DL_NO_RELATION when there is none. */
uint32_t program_find_type(const DlProgram *program, Text name);
/* Whether `type` is `of`, or one of its subtypes. */
bool type_is_subtype(const DlProgram *program, uint32_t type, uint32_t of);
uint32_t attribute_type(const DlProgram *program, uint32_t relation, uint32_t column);
Text variable_name(const DlProgram *program, const Clause *clause, uint32_t variable);
const Term *argument_term(const DlProgram *program, uint32_t first, uint32_t argument);
/* Whether cells of this attribute are sites: a type named Site, or a subtype of it. */
bool attribute_is_site(const DlProgram *program, uint32_t relation, uint32_t column);

/* The variables of a term (of a literal, of a count's body), as bits. */
uint64_t term_variables(const DlProgram *program, uint32_t term);
uint64_t literal_variables(const DlProgram *program, const Literal *literal);

#endif
