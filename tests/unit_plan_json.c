#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/plan_json.h"
#include "plan/plan_shell.h"

static const Text images[] = {TEXT_INIT("a.example/x:1")};
static const Text identifiers[] = {TEXT_INIT("A"), TEXT_INIT("B")};

static const PlanStep basic = {.registry = TEXT_INIT("a.example"),
                               .method = METHOD_BASIC,
                               .credential = TEXT_INIT("acr-admin"),
                               .server_env = TEXT_INIT("A_CONTAINER_REGISTRY_SERVER"),
                               .server_expect = TEXT_INIT("a.example"),
                               .username_env = TEXT_INIT("A_CONTAINER_REGISTRY_USER"),
                               .password_env =
                                   TEXT_INIT("A_CONTAINER_REGISTRY_PASSWORD"),
                               .images = images,
                               .nimages = 1,
                               .identifier = TEXT_INIT("A"),
                               .level = TEXT_INIT("organization"),
                               .owner = TEXT_INIT("octo-org")};

static const PlanStep candidates = {.registry = TEXT_INIT("b.example"),
                                    .credential = TEXT_INIT("unknown"),
                                    .server_expect = TEXT_INIT("b.example"),
                                    .candidates = identifiers,
                                    .ncandidates = 2,
                                    .images = images,
                                    .nimages = 1};

static const PlanStep github = {.registry = TEXT_INIT("ghcr.io"),
                                .method = METHOD_GITHUB_TOKEN,
                                .server_expect = TEXT_INIT("ghcr.io"),
                                .username_env = TEXT_INIT("GITHUB_ACTOR"),
                                .password_env = TEXT_INIT("GITHUB_TOKEN"),
                                .identifier = TEXT_INIT("GITHUB_TOKEN"),
                                .level = TEXT_INIT("token"),
                                .owner = TEXT_INIT("octo-org/site")};

static const PlanStep token = {
    .registry = TEXT_INIT("123456789012.dkr.ecr.us-east-1.amazonaws.com"),
    .method = METHOD_ECR_TOKEN,
    .server_env = TEXT_INIT("E_SERVER"),
    .server_expect = TEXT_INIT("123456789012.dkr.ecr.us-east-1.amazonaws.com"),
    .username_env = TEXT_INIT("E_USER"),
    .password_env = TEXT_INIT("E_PASSWORD"),
    .expires_after = 43200};

static const PlanStep exchange = {.registry = TEXT_INIT("e.example"),
                                  .method = METHOD_ECR_EXCHANGE,
                                  .credential = TEXT_INIT("unknown"),
                                  .ecr = {.access = TEXT_INIT("private"),
                                          .account = TEXT_INIT("123456789012"),
                                          .region = TEXT_INIT("eu-west-1"),
                                          .partition = TEXT_INIT("aws"),
                                          .has_fips = true,
                                          .has_dual_stack = true},
                                  .server_expect = TEXT_INIT("e.example"),
                                  .username_env = TEXT_INIT("E_USER"),
                                  .password_env = TEXT_INIT("E_PASSWORD")};

static const PlanStep public_exchange = {.registry = TEXT_INIT("public.ecr.aws"),
                                         .method = METHOD_ECR_EXCHANGE,
                                         .credential = TEXT_INIT("aws-access-key"),
                                         .ecr = {.access = TEXT_INIT("public"),
                                                 .region = TEXT_INIT("us-east-1"),
                                                 .partition = TEXT_INIT("aws")},
                                         .server_expect = TEXT_INIT("public.ecr.aws"),
                                         .username_env = TEXT_INIT("P_USER"),
                                         .password_env = TEXT_INIT("P_PASSWORD")};

static const PlanStep no_address = {.registry = TEXT_INIT("n.example"),
                                    .method = METHOD_ECR_EXCHANGE,
                                    .username_env = TEXT_INIT("E_USER"),
                                    .password_env = TEXT_INIT("E_PASSWORD")};

static const PlanStep odd_expect = {.registry = TEXT_INIT("x.example"),
                                    .server_expect = TEXT_INIT("x'$(id)"),
                                    .username_env = TEXT_INIT("A"),
                                    .password_env = TEXT_INIT("B")};

static const PlanStep odd_server = {.registry = TEXT_INIT("s.example"),
                                    .server_env = TEXT_INIT("A;id"),
                                    .server_expect = TEXT_INIT("s.example"),
                                    .username_env = TEXT_INIT("A"),
                                    .password_env = TEXT_INIT("B")};

static const PlanStep odd_name = {.registry = TEXT_INIT("o.example"),
                                  .server_expect = TEXT_INIT("o.example"),
                                  .username_env = TEXT_INIT("A$(id)"),
                                  .password_env = TEXT_INIT("B")};

static const PlanStep odd_host = {.registry = TEXT_INIT("o'$(id)\nx"),
                                  .username_env = TEXT_INIT("A"),
                                  .password_env = TEXT_INIT("B")};

#define STEP_BASIC                                                                     \
    "    {\n"                                                                          \
    "      \"registry\": \"a.example\",\n"                                             \
    "      \"method\": \"basic\",\n"                                                   \
    "      \"credential\": \"acr-admin\",\n"                                           \
    "      \"server\": {\n"                                                            \
    "        \"env\": \"A_CONTAINER_REGISTRY_SERVER\",\n"                              \
    "        \"expect\": \"a.example\"\n"                                              \
    "      },\n"                                                                       \
    "      \"username\": {\n"                                                          \
    "        \"env\": \"A_CONTAINER_REGISTRY_USER\"\n"                                 \
    "      },\n"                                                                       \
    "      \"password\": {\n"                                                          \
    "        \"env\": \"A_CONTAINER_REGISTRY_PASSWORD\"\n"                             \
    "      },\n"                                                                       \
    "      \"images\": [\n"                                                            \
    "        \"a.example/x:1\"\n"                                                      \
    "      ],\n"                                                                       \
    "      \"source\": {\n"                                                            \
    "        \"identifier\": \"A\",\n"                                                 \
    "        \"level\": \"organization\",\n"                                           \
    "        \"owner\": \"octo-org\"\n"                                                \
    "      },\n"                                                                       \
    "      \"expires_after\": null\n"                                                  \
    "    }"

#define STEP_CANDIDATES                                                                \
    "    {\n"                                                                          \
    "      \"registry\": \"b.example\",\n"                                             \
    "      \"method\": \"basic\",\n"                                                   \
    "      \"credential\": \"unknown\",\n"                                             \
    "      \"server\": {\n"                                                            \
    "        \"expect\": \"b.example\"\n"                                              \
    "      },\n"                                                                       \
    "      \"candidates\": [\n"                                                        \
    "        \"A\",\n"                                                                 \
    "        \"B\"\n"                                                                  \
    "      ],\n"                                                                       \
    "      \"images\": [\n"                                                            \
    "        \"a.example/x:1\"\n"                                                      \
    "      ],\n"                                                                       \
    "      \"expires_after\": null\n"                                                  \
    "    }"

#define NOTE                                                                           \
    "# A user or a password that holds ',' or '|' cannot be carried in this "          \
    "variable.\n"

#define PRINTF                                                                         \
    "# Where printf is a program, others see its words.\n"                             \
    "test \"$(command -v printf)\" = printf || exit\n"

typedef struct Case {
    const char *name;
    void (*write)(const Plan *plan, Buffer *out); /* NULL: as JSON, unproved */
    const PlanStep *steps[3];
    Text expected;
} Case;

static Case cases[] = {
    {"a step that is sure, and one of candidates",
     NULL,
     {&basic, &candidates},
     TEXT_INIT("{\n"
               "  \"version\": 1,\n"
               "  \"repository\": \"octo-org/site\",\n"
               "  \"configuration\": \".devcontainer/devcontainer.json\",\n"
               "  \"target\": \"codespaces\",\n"
               "  \"phase\": \"create\",\n"
               "  \"steps\": [\n" STEP_BASIC ",\n" STEP_CANDIDATES "\n"
               "  ],\n"
               "  \"conflicts\": [],\n"
               "  \"without_login\": [\n"
               "    {\n"
               "      \"image\": \"ghcr.io/octo-org/tools:2\",\n"
               "      \"because\": \"is public\"\n"
               "    }\n"
               "  ],\n"
               "  \"blocked\": [\n"
               "    {\n"
               "      \"image\": \"c.example/x:1\",\n"
               "      \"rule\": \"access/secret-not-assigned\"\n"
               "    }\n"
               "  ]\n"
               "}\n")},
    {"the variables are expanded by the shell, the rest is quoted",
     plan_env,
     {&basic, &github},
     TEXT_INIT(NOTE "DEVCONTAINERS_OCI_AUTH='a.example|'\"$A_CONTAINER_REGISTRY_USER\""
                    "'|'\"$A_CONTAINER_REGISTRY_PASSWORD\"',ghcr.io|'\"$GITHUB_ACTOR\""
                    "'|'\"$GITHUB_TOKEN\"\n")},
    {"a token of ECR is carried",
     plan_env,
     {&token},
     TEXT_INIT(NOTE "DEVCONTAINERS_OCI_AUTH='123456789012.dkr.ecr.us-east-1.amazonaws."
                    "com|'\"$E_USER\"'|'\"$E_PASSWORD\"\n")},
    {"what cannot be carried is said and left out",
     plan_env,
     {&candidates, &exchange, &basic},
     TEXT_INIT(NOTE "# b.example was left out: which secrets serve it is known only "
                    "where they are; use berth-run.\n"
                    "# e.example was left out: its access key must be exchanged for a "
                    "token; use berth-run.\n"
                    "DEVCONTAINERS_OCI_AUTH='a.example|'\"$A_CONTAINER_REGISTRY_USER\""
                    "'|'\"$A_CONTAINER_REGISTRY_PASSWORD\"\n")},
    {"nothing that a shell would run comes out",
     plan_env,
     {&odd_name, &odd_host},
     TEXT_INIT(NOTE "# o.example was left out: the name of a secret is not the name of "
                    "a shell variable.\n"
                    "# A step was left out: its registry is no host.\n"
                    "DEVCONTAINERS_OCI_AUTH=''\n")},
    {"the password is what printf writes, and the user a variable",
     plan_commands,
     {&basic, &github},
     TEXT_INIT(PRINTF
               "if test \"${A_CONTAINER_REGISTRY_SERVER:?}\" = 'a.example'; then\n"
               "    printf %s \"${A_CONTAINER_REGISTRY_PASSWORD:?}\" |\n"
               "        docker login --password-stdin --username "
               "\"${A_CONTAINER_REGISTRY_USER:?}\" 'a.example'\n"
               "else\n"
               "    echo 'A_CONTAINER_REGISTRY_SERVER is not a.example' >&2\n"
               "    false\n"
               "fi\n"
               "printf %s \"${GITHUB_TOKEN:?}\" |\n"
               "    docker login --password-stdin --username "
               "\"${GITHUB_ACTOR:?}\" 'ghcr.io'\n")},
    {"a key of AWS is exchanged where the name of the registry says",
     plan_commands,
     {&exchange, &public_exchange},
     TEXT_INIT("# No manifest says that E_USER is an access key's ID: it is assumed.\n"
               "AWS_ACCESS_KEY_ID=\"${E_USER:?}\" \\\n"
               "    AWS_SECRET_ACCESS_KEY=\"${E_PASSWORD:?}\" \\\n"
               "    AWS_SESSION_TOKEN='' AWS_SECURITY_TOKEN='' "
               "AWS_USE_FIPS_ENDPOINT=true AWS_USE_DUALSTACK_ENDPOINT=true \\\n"
               "    aws ecr get-login-password --region 'eu-west-1' |\n"
               "    docker login --password-stdin --username AWS 'e.example'\n"
               "AWS_ACCESS_KEY_ID=\"${P_USER:?}\" \\\n"
               "    AWS_SECRET_ACCESS_KEY=\"${P_PASSWORD:?}\" \\\n"
               "    AWS_SESSION_TOKEN='' AWS_SECURITY_TOKEN='' \\\n"
               "    aws ecr-public get-login-password --region 'us-east-1' |\n"
               "    docker login --password-stdin --username AWS 'public.ecr.aws'\n")},
    {"what no command can do is said and left out",
     plan_commands,
     {&candidates, &no_address},
     TEXT_INIT(
         "# b.example was left out: which secrets serve it is known only where "
         "they are; use berth-run.\n"
         "# n.example was left out: its name is no address of ECR, so no token can "
         "be had for it.\n")},
    {"no command comes of a name that is none",
     plan_commands,
     {&odd_name, &odd_host, &odd_server},
     TEXT_INIT("# o.example was left out: the name of a secret is not the name of a "
               "shell variable.\n"
               "# A step was left out: its registry is no host.\n"
               "# s.example was left out: the name of a secret is not the name of a "
               "shell variable.\n")},
    {"nor of what is no server",
     plan_commands,
     {&odd_expect},
     TEXT_INIT(
         "# x.example was left out: what its login is stored under is no host.\n")},
    {"no step, no command", plan_commands, {NULL}, TEXT_INIT("")},
    {"no step, no login",
     plan_env,
     {NULL},
     TEXT_INIT(NOTE "DEVCONTAINERS_OCI_AUTH=''\n")},
};

static void check(void **state)
{
    static const PlanImage public[] = {
        {TEXT_INIT("ghcr.io/octo-org/tools:2"), TEXT_INIT("is public")}};
    static const PlanBlock blocked[] = {
        {TEXT_INIT("c.example/x:1"), TEXT_INIT("access/secret-not-assigned")}};
    const Case *c = *state;
    PlanStep steps[3] = {0};
    Plan plan = {.repository = TEXT("octo-org/site"),
                 .configuration = TEXT(".devcontainer/devcontainer.json"),
                 .target = TEXT("codespaces"),
                 .phase = TEXT("create"),
                 .steps = steps,
                 .without_login = public,
                 .nwithout_login = 1,
                 .blocked = blocked,
                 .nblocked = 1};
    Arena *arena = arena_new(1 << 20);
    Buffer out = {.arena = arena};

    while (plan.nsteps < 3 && c->steps[plan.nsteps]) {
        steps[plan.nsteps] = *c->steps[plan.nsteps];
        plan.nsteps++;
    }
    if (c->write)
        c->write(&plan, &out);
    else
        plan_json(&plan, NULL, &out);
    buffer_add_byte(&out, '\0');
    assert_string_equal(out.at, c->expected.at);
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
