#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/plan_make.h"

#define SCHEMA                                                                         \
    ".type Site <: number\n.type Config <: symbol\n.type Host <: symbol\n.type Ref "   \
    "<: symbol\n"                                                                      \
    ".decl plan_step(c: Config, p: symbol, h: Host, i: symbol, m: symbol, k: symbol, " \
    "s: symbol, l: symbol, o: symbol)\n.output plan_step\n"                            \
    ".decl plan_conflict(c: Config, p: symbol, h: Host, i: symbol, l: symbol, "        \
    "o: symbol, a: Site, r: symbol)\n.output plan_conflict\n"                          \
    ".decl plan_ecr(h: Host, v: symbol, a: symbol, r: symbol, p: symbol, f: symbol, "  \
    "d: symbol)\n.output plan_ecr\n"                                                   \
    ".decl plan_image(c: Config, p: symbol, h: Host, r: Ref)\n.output plan_image\n"    \
    ".decl plan_without_login(c: Config, p: symbol, r: Ref, b: symbol)\n"              \
    ".output plan_without_login\n"                                                     \
    ".decl plan_blocked(c: Config, r: Ref, p: symbol, u: symbol)\n.output "            \
    "plan_blocked\n"                                                                   \
    ".decl plan_variable(i: symbol, m: symbol, n: symbol)\n.output plan_variable\n"    \
    ".decl plan_lifetime(m: symbol, s: number)\n.output plan_lifetime\n"               \
    "plan_lifetime(\"ecr-token\", 43200).\n"                                           \
    "plan_lifetime(\"short\", 60).\n"                                                  \
    "plan_variable(\"A\", \"SERVER\", \"A_SERVER\").\n"                                \
    "plan_variable(\"A\", \"USER\", \"A_USER\").\n"                                    \
    "plan_variable(\"A\", \"PASSWORD\", \"A_PASSWORD\").\n"                            \
    "plan_variable(\"GITHUB_TOKEN\", \"USER\", \"GITHUB_ACTOR\").\n"                   \
    "plan_variable(\"GITHUB_TOKEN\", \"PASSWORD\", \"GITHUB_TOKEN\").\n"

typedef struct Case {
    const char *name;
    Text facts;
    const char *plan; /* registry method expect [candidates] variables source: images */
} Case;

#define STEP(host, identifier, method, sure, level)                                    \
    "plan_step(\"site\", \"create\", \"" host "\", \"" identifier "\", \"" method      \
    "\", \"unknown\", \"" sure "\", \"" level "\", \"o\").\n"
#define RIVAL(host, identifier, level, at)                                             \
    "plan_conflict(\"site\", \"create\", \"" host "\", \"" identifier "\", \"" level   \
    "\", \"o\", " at ", \"r/r\").\n"
#define CREDENTIAL_STEP(credential, sure)                                              \
    "plan_step(\"site\", \"create\", \"a.example\", \"A\", \"basic\", \"" credential   \
    "\", \"" sure "\", \"organization\", \"o\").\n"

static Case cases[] = {
    {"nothing is asked, nothing is planned", TEXT_INIT(""), ""},
    {"by registry, then identifier, images sorted",
     TEXT_INIT(STEP("b.example", "B", "basic", "yes", "organization")
                   STEP("a.example", "C", "basic", "yes", "organization")
                       STEP("a.example", "A", "basic", "yes",
                            "organization") "plan_image(\"site\", \"create\", "
                                            "\"a.example\", \"a.example/y\").\n"
                                            "plan_image(\"site\", \"create\", "
                                            "\"a.example\", \"a.example/x\").\n"
                                            "plan_image(\"site\", \"create\", "
                                            "\"b.example\", \"b.example/z\").\n"),
     "a.example basic a.example (A_SERVER A_USER A_PASSWORD) A organization o: "
     "a.example/x a.example/y\n"
     "a.example basic a.example (  ) C organization o: a.example/x a.example/y\n"
     "b.example basic b.example (  ) B organization o: b.example/z\n"},
    {"another configuration and another phase are other plans",
     TEXT_INIT("plan_step(\"other\", \"create\", \"a.example\", \"A\", \"basic\", "
               "\"unknown\", \"yes\", \"organization\", \"o\").\n"
               "plan_step(\"site\", \"runtime\", \"a.example\", \"A\", \"basic\", "
               "\"unknown\", \"yes\", \"organization\", \"o\").\n"),
     ""},
    {"candidates are one step",
     TEXT_INIT(STEP("a.example", "B", "basic", "candidate", "organization")
                   STEP("a.example", "A", "basic", "candidate", "organization")
                       STEP("a.example", "A", "basic", "candidate", "repository")),
     "a.example basic a.example [A B] (  )   : \n"},
    {"what is sure makes candidates needless",
     TEXT_INIT(STEP("a.example", "A", "basic", "candidate", "organization")
                   STEP("a.example", "Z", "basic", "yes", "organization")),
     "a.example basic a.example (  ) Z organization o: \n"},
    {"the narrowest level counts",
     TEXT_INIT(STEP("a.example", "A", "basic", "yes", "repository")
                   STEP("a.example", "A", "basic", "yes", "organization")),
     "a.example basic a.example (A_SERVER A_USER A_PASSWORD) A repository o: \n"},
    {"Docker Hub's server is expected in its documented form",
     TEXT_INIT(STEP("docker.io", "A", "basic", "yes", "user")),
     "docker.io basic https://index.docker.io/v1/ (A_SERVER A_USER A_PASSWORD) A user "
     "o: \n"},
    {"a candidate that may need an exchange makes the step one",
     TEXT_INIT(STEP("e.example", "A", "ecr-token", "candidate", "organization")
                   STEP("e.example", "B", "ecr-exchange", "candidate", "organization")),
     "e.example ecr-exchange e.example [A B] (  )   : \n"},
    {"a lifetime that is known",
     TEXT_INIT(STEP("e.example", "A", "ecr-token", "yes", "organization")),
     "e.example ecr-token e.example (A_SERVER A_USER A_PASSWORD) A organization o "
     "43200: "
     "\n"},
    {"the credential's lifetime counts where the method has none",
     TEXT_INIT(CREDENTIAL_STEP("short", "yes")),
     "a.example basic short a.example (A_SERVER A_USER A_PASSWORD) A organization o "
     "60: \n"},
    {"candidates of two kinds are of none that is known",
     TEXT_INIT(CREDENTIAL_STEP("short", "candidate")
                   CREDENTIAL_STEP("other", "candidate")),
     "a.example basic a.example [A] (  )   : \n"},
    {"of ECR what its name says goes along",
     TEXT_INIT(STEP("e.example", "A", "ecr-token", "yes",
                    "organization") "plan_ecr(\"e.example\", \"private\", \"1\", "
                                    "\"r-1\", \"p\", \"yes\", "
                                    "\"no\").\n"
                                    "plan_ecr(\"f.example\", \"public\", \"\", "
                                    "\"r-2\", \"q\", \"no\", "
                                    "\"yes\").\n"),
     "e.example ecr-token private 1 r-1 p fips e.example (A_SERVER A_USER A_PASSWORD) "
     "A "
     "organization o 43200: \n"},
    {"a conflict is one of a registry, each identifier once, at its narrowest level",
     TEXT_INIT(RIVAL("b.example", "Z", "organization", "1") RIVAL(
         "a.example", "B", "user", "4") RIVAL("a.example", "B", "organization", "3")
                   RIVAL("a.example", "A", "organization", "2")
                       RIVAL("b.example", "Y", "organization",
                             "5") "plan_image(\"site\", \"create\", \"b.example\", "
                                  "\"b.example/z\").\n"),
     "a.example in conflict by r/r: A organization o 2, B user o 4, of\n"
     "b.example in conflict by r/r: Y organization o 5, Z organization o 1, of "
     "b.example/z\n"},
    {"GITHUB_TOKEN has no server",
     TEXT_INIT(STEP("ghcr.io", "GITHUB_TOKEN", "github-token", "yes", "token")),
     "ghcr.io github-token ghcr.io ( GITHUB_ACTOR GITHUB_TOKEN) GITHUB_TOKEN token o: "
     "\n"},
    {"an image needs no login for one reason, and is blocked for every rule",
     TEXT_INIT("plan_without_login(\"site\", \"create\", \"y\", \"is public\").\n"
               "plan_without_login(\"site\", \"create\", \"x\", \"serves all\").\n"
               "plan_without_login(\"site\", \"create\", \"x\", \"is public\").\n"
               "plan_blocked(\"site\", \"z\", \"create\", \"b/b\").\n"
               "plan_blocked(\"site\", \"z\", \"create\", \"a/a\").\n"
               "plan_blocked(\"site\", \"z\", \"runtime\", \"c/c\").\n"),
     "x is public\ny is public\nz blocked by a/a\nz blocked by b/b\n"},
};

static void add_step(Buffer *out, const PlanStep *step)
{
    static const char *const methods[] = {
#define METHOD(enumerator, name) name,
        PLAN_METHODS(METHOD)
#undef METHOD
    };

    buffer_format(out, "%.*s %s ", TEXT_ARG(step->registry), methods[step->method]);
    if (!text_equal(step->credential, TEXT("unknown")))
        buffer_format(out, "%.*s ", TEXT_ARG(step->credential));
    if (step->ecr.access.len)
        buffer_format(out, "%.*s %.*s %.*s %.*s %s%s", TEXT_ARG(step->ecr.access),
                      TEXT_ARG(step->ecr.account), TEXT_ARG(step->ecr.region),
                      TEXT_ARG(step->ecr.partition), step->ecr.has_fips ? "fips " : "",
                      step->ecr.has_dual_stack ? "dual-stack " : "");
    buffer_format(out, "%.*s ", TEXT_ARG(step->server_expect));
    for (uint32_t i = 0; i < step->ncandidates; i++)
        buffer_format(out, "%s%.*s%s", i ? " " : "[", TEXT_ARG(step->candidates[i]),
                      i + 1 < step->ncandidates ? "" : "] ");
    buffer_format(out, "(%.*s %.*s %.*s) ", TEXT_ARG(step->server_env),
                  TEXT_ARG(step->username_env), TEXT_ARG(step->password_env));
    buffer_format(out, "%.*s %.*s %.*s", TEXT_ARG(step->identifier),
                  TEXT_ARG(step->level), TEXT_ARG(step->owner));
    if (step->expires_after)
        buffer_format(out, " %d", (int)step->expires_after);
    buffer_add(out, TEXT(": "));
    for (uint32_t i = 0; i < step->nimages; i++)
        buffer_format(out, "%s%.*s", i ? " " : "", TEXT_ARG(step->images[i]));
    buffer_add_byte(out, '\n');
}

static void add_conflict(Buffer *out, const PlanConflict *conflict)
{
    buffer_format(out, "%.*s in conflict by %.*s:", TEXT_ARG(conflict->registry),
                  TEXT_ARG(conflict->rule));
    for (uint32_t i = 0; i < conflict->nrivals; i++) {
        const PlanRival *rival = &conflict->rivals[i];

        buffer_format(out, " %.*s %.*s %.*s %u,", TEXT_ARG(rival->identifier),
                      TEXT_ARG(rival->level), TEXT_ARG(rival->owner), rival->at.id);
    }
    buffer_add(out, TEXT(" of"));
    for (uint32_t i = 0; i < conflict->nimages; i++)
        buffer_format(out, " %.*s", TEXT_ARG(conflict->images[i]));
    buffer_add_byte(out, '\n');
}

static void add_plan(Buffer *out, const Plan *plan)
{
    for (uint32_t i = 0; i < plan->nsteps; i++)
        add_step(out, &plan->steps[i]);
    for (uint32_t i = 0; i < plan->nconflicts; i++)
        add_conflict(out, &plan->conflicts[i]);
    for (uint32_t i = 0; i < plan->nwithout_login; i++)
        buffer_format(out, "%.*s %.*s\n", TEXT_ARG(plan->without_login[i].image),
                      TEXT_ARG(plan->without_login[i].because));
    for (uint32_t i = 0; i < plan->nblocked; i++)
        buffer_format(out, "%.*s blocked by %.*s\n", TEXT_ARG(plan->blocked[i].image),
                      TEXT_ARG(plan->blocked[i].rule));
    buffer_add_byte(out, '\0');
}

static void check(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(64 << 20);
    Symbols *symbols = symbols_new(arena);
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    Buffer program = {.arena = arena}, out = {.arena = arena};

    buffer_add(&program, TEXT(SCHEMA));
    buffer_add(&program, c->facts);
    uint32_t file = sources_add(sources, TEXT("plan.dl"), buffer_text(&program));
    const DlProgram *compiled = dl_compile(arena, symbols, sources, &file, 1, diags);
    if (!compiled)
        fail_msg("%.*s", TEXT_ARG(diags->items[0].message));
    DlDatabase *database = dl_database(arena, compiled);
    assert_true(dl_run(database, dl_default_limits, diags));
    PlanQuestion question = {.program = compiled,
                             .database = database,
                             .symbols = symbols,
                             .config = symbol_intern(symbols, TEXT("site")),
                             .phase = TEXT("create")};
    add_plan(&out, plan_make(arena, &question));
    assert_string_equal(out.at, c->plan);
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, check, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
