#include "datalog_support.h"

#include <stdio.h>

typedef struct Case {
    const char *name, *program;
    const char *says; /* "line:column: message", a line each */
} Case;

/* Declarations that most rows begin with, on the first line. */
#define EDGE                                                                           \
    ".type Repo <: symbol .type Owner <: symbol .decl e(a: symbol, b: symbol) .input " \
    "e "
#define TYPED                                                                          \
    ".decl r(a: Repo) .input r .decl o(a: Owner) .input o .decl n(a: number) .input "  \
    "n "
#define OUT ".decl p(a: symbol) .output p\n"

static Case cases[] = {
    {"an unknown relation, with the nearest name", EDGE OUT "p(x) :- ee(x, _).",
     "2:9: no relation 'ee'; the nearest name is 'e'"},
    {"an unknown relation like no other", EDGE OUT "p(x) :- something(x).",
     "2:9: no relation 'something'; declare it with .decl"},
    {"too few arguments", EDGE OUT "p(x) :- e(x).", "2:9: 'e' has 2 attributes, not 1"},
    {"too many arguments in a head", EDGE OUT "p(x, y) :- e(x, y).",
     "2:1: 'p' has 1 attribute, not 2"},
    {"a variable of a head that nothing binds", EDGE OUT "p(y) :- e(_, _).",
     "2:3: 'y' is not bound; let it stand in an atom without \"!\""},
    {"a variable of a negation that nothing binds",
     EDGE OUT "p(x) :- e(x, _), !e(x, y).",
     "2:24: 'y' is not bound; let it stand in an atom without \"!\""},
    {"a variable of a comparison that nothing binds",
     EDGE OUT "p(x) :- e(x, _), x < y.",
     "2:22: 'y' is not bound; let it stand in an atom without \"!\""},
    {"a variable of a function that nothing binds", EDGE OUT "p(cat(x, y)) :- e(x, _).",
     "2:10: 'y' is not bound; let it stand in an atom without \"!\""},
    {"a variable of an atom's function that nothing binds",
     EDGE OUT "p(x) :- e(x, cat(x, y)).",
     "2:21: 'y' is not bound; let it stand in an atom without \"!\""},
    {"two equations that wait for each other",
     EDGE OUT "p(x) :- e(_, _), x = y, y = x.",
     "2:3: 'x' is not bound; let it stand in an atom without \"!\"\n"
     "2:22: 'y' is not bound; let it stand in an atom without \"!\""},
    {"an equation binds its variable", EDGE OUT "p(y) :- e(x, _), y = cat(x, \"!\").",
     ""},
    {"a chain of equations, written backwards",
     EDGE OUT "p(z) :- z = cat(y, y), y = cat(x, x), e(x, _).", ""},
    {"a variable outside a count that only it mentions",
     EDGE
     ".decl q(a: symbol, n: number) .output q\nq(x, n) :- n = count : { e(x, _) }.",
     "2:3: 'x' is not bound; let it stand in an atom without \"!\"\n"
     "2:6: 'n' is not bound; let it stand in an atom without \"!\""},
    {"a variable inside a count that nothing binds",
     EDGE OUT "p(x) :- e(x, _), 1 < count : { e(x, y), y < z, z != y }.",
     "2:45: 'z' is not bound; let it stand in an atom without \"!\""},
    {"a count inside a count",
     EDGE OUT "p(x) :- e(x, _), 1 = count : { e(x, _), 1 = count : { e(_, _) } }.",
     "2:45: a count inside a count; give the inner one a relation of its own"},
    {"a count in a head",
     EDGE ".decl q(n: number) .output q\nq(count : { e(_, _) }) :- e(_, _).",
     "2:3: a count in a head; give it a variable in the body"},
    {"one local name in two counts",
     EDGE OUT "p(x) :- e(x, _), 1 = count : { e(x, y), e(y, _) }, 2 = count : { e(y, "
              "x), e(y, _) }.",
     "2:56: 'y' stands in two counts and not outside them; name one of them "
     "differently"},
    {"a wildcard in a head", EDGE OUT "p(_) :- e(_, _).",
     "2:3: a wildcard in a head; it has no value there"},
    {"a wildcard in a comparison", EDGE OUT "p(x) :- e(x, _), x != _.",
     "2:23: a wildcard in a comparison; it has no value there"},
    {"a wildcard in a function", EDGE OUT "p(x) :- e(x, _), x = cat(x, _).",
     "2:29: a wildcard in a function's argument; it has no value there"},
    {"a variable that stands once", EDGE OUT "p(x) :- e(x, y).",
     "2:14: 'y' stands only here; write \"_\", or begin its name with it"},
    {"unless its name begins with the wildcard", EDGE OUT "p(x) :- e(x, _y).", ""},
    {"a clause for an input", EDGE OUT "p(x) :- e(x, _).\ne(\"a\", \"b\").",
     "3:1: 'e' is an .input relation, which no clause may add to; derive another "
     "relation"},
    {"a relation that nothing reads",
     EDGE OUT "p(x) :- e(x, _).\n.decl q(a: symbol)\nq(x) :- p(x).",
     "3:7: nothing reads 'q'; read it, mark it with .output or remove it"},
    {"a relation that only its own clauses read",
     EDGE OUT "p(x) :- e(x, _).\n.decl q(a: symbol)\nq(x) :- p(x).\nq(x) :- q(x).",
     "3:7: only its own clauses read 'q'; read it elsewhere, mark it with .output or "
     "remove it"},
    {"an input that nothing reads is fine", EDGE, ""},
    {"a negation through a cycle",
     EDGE ".decl p(a: symbol) .output p .decl q(a: symbol)\np(x) :- e(x, _), "
          "!q(x).\nq(x) :- e(x, _), p(x).",
     "2:18: 'p' is derived from what is not, or how much is, in a relation that is "
     "derived from it: "
     "'q' from 'p'; cut this cycle"},
    {"a count through a cycle", EDGE OUT "p(x) :- e(x, _), 0 = count : { p(x) }.",
     "2:32: 'p' is derived from what is not, or how much is, in a relation that is "
     "derived from it: "
     "'p'; cut this cycle"},
    {"a negation of its own", EDGE OUT "p(x) :- e(x, _), !p(x).",
     "2:18: 'p' is derived from what is not, or how much is, in a relation that is "
     "derived from it: "
     "'p'; cut this cycle"},
    {"a pattern that does not compile", EDGE OUT "p(x) :- e(x, _), match(\"a(b\", x).",
     "2:24: this pattern does not compile: missing closing parenthesis, after 'a(b'"},
    {"a pattern that is no constant", EDGE OUT "p(x) :- e(x, y), match(y, x).",
     "2:24: the pattern of a match has to be written as a string"},
    {"a string where a number belongs",
     EDGE TYPED ".decl q(a: number) .output q\nq(\"a\").",
     "2:3: 'a' of 'q' is number, and this is a string"},
    {"a number where a symbol belongs", EDGE TYPED OUT "p(x) :- e(x, 1).",
     "2:14: 'b' of 'e' is symbol, and this is a number"},
    {"a constant fits every subtype",
     EDGE TYPED ".decl q(a: Repo) .output q\nq(\"a\").", ""},
    {"a variable of two types that do not meet",
     EDGE TYPED ".decl q(a: Repo) .output q\nq(x) :- r(x), o(x).",
     "2:17: 'x' is Repo elsewhere and cannot be Owner here; write as(x, ...) where "
     "they are to be compared"},
    {"a variable of a type and one above it is of the narrower",
     EDGE TYPED ".decl q(a: Repo) .output q\nq(x) :- r(x), e(x, _).", ""},
    {"a wider type where a narrower belongs",
     EDGE TYPED ".decl q(a: Repo) .output q\nq(x) :- e(x, _).",
     "2:3: 'a' of 'q' is Repo, and this is symbol; write as(..., T) if it is meant"},
    {"as says that it is meant",
     EDGE TYPED ".decl q(a: Repo) .output q\nq(as(x, Repo)) :- e(x, _).", ""},
    {"a function's result where a subtype belongs",
     EDGE TYPED ".decl q(a: Repo) .output q\nq(cat(x, x)) :- r(x).",
     "2:3: 'a' of 'q' is Repo, and this is symbol; write as(..., T) if it is meant"},
    {"a negation of another type",
     EDGE TYPED ".decl q(a: Repo) .output q\nq(x) :- r(x), !o(x).",
     "2:18: 'a' of 'o' is Owner, and this is Repo; write as(..., T) if it is meant"},
    {"an equation of two types that do not meet",
     EDGE TYPED ".decl q(a: Repo) .output q\nq(x) :- r(x), o(y), x = y.",
     "2:21: Repo and Owner cannot be compared"},
    {"a symbol compared with a number",
     EDGE TYPED ".decl q(a: Repo) .output q\nq(x) :- r(x), n(y), x != y.",
     "2:21: Repo and number cannot be compared"},
    {"an equation narrows",
     EDGE TYPED ".decl q(a: Repo) .output q\nq(y) :- r(x), e(y, _), x = y.", ""},
    {"as to another base",
     EDGE TYPED ".decl q(a: Repo) .output q\nq(as(x, Repo)) :- n(x).",
     "2:6: this 'as' takes a symbol, not number"},
    {"a function of the wrong base",
     EDGE TYPED ".decl q(a: number) .output q\nq(strlen(x)) :- n(x).",
     "2:10: 'strlen' takes a symbol, not number"},
    {"a sum of a symbol", EDGE TYPED ".decl q(a: number) .output q\nq(1 + x) :- r(x).",
     "2:7: '+' takes a number, not Repo"},
    {"a function with too few arguments", EDGE OUT "p(substr(x, 1)) :- e(x, _).",
     "2:3: 'substr' takes 3 arguments, not 2"},
    {"a match of a number",
     EDGE TYPED ".decl q(a: number) .output q\nq(x) :- n(x), match(\"1\", x).",
     "2:26: 'match' takes a symbol, not number"},
    {"an unknown type", ".decl q(a: Thing)",
     "1:12: no type 'Thing'; declare it above with .type"},
    {"a type declared twice", ".type A <: symbol .type A <: number",
     "1:25: the type 'A' is declared twice"},
    {"a relation declared twice", EDGE "\n.decl e(a: symbol)",
     "2:7: the relation 'e' is declared twice"},
    {"a mark of what is not declared", ".output q",
     "1:9: no relation 'q'; declare it above with .decl"},
    {"an unknown function", EDGE OUT "p(x) :- e(x, y), x = upper(y).",
     "2:22: 'upper' is no function; there are cat, substr, strlen, to_number, "
     "to_string and as"},
    {"a word that Souffle reserves", ".decl max(a: symbol)",
     "1:7: 'max' is a word of the language; choose another name"},
    {"a directive of Souffle that is not here", ".include \"x.dl\"\n",
     "1:1: '.include' is not of this language; there are .type, .decl, .input and "
     ".output"},
    {"a clause without its full stop", EDGE OUT "p(x) :- e(x, _)\np(\"a\").",
     "3:1: expected '.', not 'p'"},
    {"a clause that the file ends", EDGE OUT "p(x) :- e(x",
     "2:12: expected ')', and the file ends"},
    {"one error a statement, and on to the next",
     EDGE OUT "p(x :- e(x, _).\np(x) e(x, _).\np(x) :- e(x, _).",
     "2:5: expected ')', not ':-'\n3:6: expected '.', not 'e'"},
    {"a comparison that is none", EDGE OUT "p(x) :- e(x, _), x.",
     "2:19: expected a comparison (=, !=, <, <=, > or >=), not '.'"},
    {"a match with one argument", EDGE OUT "p(x) :- e(x, _), match(x).",
     "2:18: match takes a pattern and a text"},
    {"a number that is too large",
     EDGE TYPED ".decl q(a: number) .output q\nq(2147483648).",
     "2:3: expected a number of 32 bits, not '2147483648'"},
    {"the least number", EDGE TYPED ".decl q(a: number) .output q\nq(-2147483648).",
     ""},
    {"a string that is never closed", EDGE OUT "p(\"a).\n",
     "2:3: this string is never closed\n3:1: expected ')', and the file ends"},
    {"a comment that is never closed", EDGE "/* so",
     "1:83: this comment is never closed"},
    {"an escape that is none", EDGE OUT "p(\"\\d\").",
     "2:4: no such escape in a string; a backslash is written \\\\"},
    {"a character that means nothing", EDGE OUT "p(\"a\"). \xC3\xA9",
     "2:9: this character means nothing here"},
    {"a byte order mark and Windows' line ends",
     "\xEF\xBB\xBF.decl q(a: symbol)\r\n.output q\r\n", ""},
    {"two clauses without a blank between", EDGE OUT "p(\"a\").p(\"b\").", ""},
    {"a relation without attributes", EDGE ".decl q() .output q\nq() :- e(_, _).", ""},
    {"parentheses too deep",
     EDGE
     ".decl q(a: number) .output "
     "q\nq((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))).",
     "2:35: expected a term that is nested less deeply, not '('"},
    {"a sum too long",
     EDGE
     ".decl q(a: number) .output "
     "q\nq(1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1).",
     "2:70: expected a term that is nested less deeply, not '+'"},
};

static void says(void **state)
{
    const Case *c = *state;
    Bench bench = bench_new();
    bool compiles = bench_compile(&bench, c->program);
    Text text = bench_diags(&bench);

    if (!text_equal(text, text_of(c->says)))
        fprintf(stderr, "%.*s\n  instead of\n%s\n", TEXT_ARG(text), c->says);
    assert_true(text_equal(text, text_of(c->says)));
    assert_int_equal(compiles, text.len == 0);
    bench_free(&bench);
}

/* What no row can hold: more variables than a clause may have. */
static void a_clause_with_65_variables(void **state)
{
    Bench bench = bench_new();
    Buffer program = {.arena = bench.arena};

    (void)state;
    buffer_add(&program,
               TEXT(".decl n(a: number) .input n .decl q(a: number) .output q\n"
                    "q(v0) :- n(v0)"));
    for (int i = 1; i < 65; i++)
        buffer_format(&program, ", n(v%d), v%d > 0", i, i);
    buffer_add(&program, TEXT(".\0"));
    assert_false(bench_compile(&bench, buffer_text(&program).at));
    assert_int_equal(bench.diags->count, 1);
    bench_free(&bench);
}

int main(void)
{
    struct CMUnitTest tests[sizeof(cases) / sizeof(*cases) + 1] = {0};
    size_t count = 0;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        tests[count++] = (struct CMUnitTest){
            .name = cases[i].name, .test_func = says, .initial_state = &cases[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_clause_with_65_variables);
    return cmocka_run_group_tests_name("datalog check", tests, NULL, NULL);
}
