/*
 * Every kind of registry and of credential, in every phase and for every target: what a
 * plan logs in by. Each row is run through the shipped rules, as one repository with one
 * triple and one image, nine times. reference/semantics.md 7.3 and 7.4.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/server_key.h"
#include "catalogue.h"
#include "facts/facts.h"
#include "plan/plan_make.h"

enum { TARGETS = 3, PHASES = 3 };

static const char *const targets[TARGETS] = {"codespaces", "actions", "local"};
static const char *const phases[PHASES] = {"create", "runtime", "prebuild"};

typedef struct Case {
    const char *name;
    const char *server;  /* of the secret, and the host of the image */
    const char *user;    /* as the manifests state it; NULL: they do not */
    const char *plan;    /* method credential expect [lifetime] [ecr]; "": no step */
    const char *level;   /* NULL: the repository's; "": there is no triple */
    const char *access;  /* of the registry, as declared; NULL: it is not */
    const char *package; /* its visibility; granted where there is no triple; NULL:
                            it is none */
    const char *elsewhere, *prebuild; /* other plans outside a codespace, and in a
                                         prebuild; NULL: the same */
    bool names_only;                  /* no SERVER is stated */
    const char *other;                /* a USER of the same name that octocat has */
} Case;

#define KEY "AKIAIOSFODNN7EXAMPLE"
#define ONE "123456789012.dkr"
#define NULL_GUID "00000000-0000-0000-0000-000000000000"

static const Case cases[] = {
    /* Docker Hub */
    {"Docker Hub", "https://index.docker.io/v1/", "octocat",
     .plan = "basic unknown https://index.docker.io/v1/"},
    {"Docker Hub under another name", "index.docker.io", "octocat",
     .plan = "basic unknown https://index.docker.io/v1/"},
    {"Docker Hub, declared public", "https://index.docker.io/v1/", "octocat",
     .plan = "", .access = "public"},
    {"Docker Hub, names only", "docker.io", NULL,
     .plan = "candidate basic unknown https://index.docker.io/v1/", .names_only = true},
    /* GitHub */
    {"ghcr.io with a triple", "ghcr.io", "octocat",
     .plan = "basic github-classic-token ghcr.io", .package = "private"},
    {"ghcr.io by a grant, or by GITHUB_TOKEN", "ghcr.io", NULL, .plan = "", .level = "",
     .package = "private", .elsewhere = "github-token github-token ghcr.io"},
    {"a public package of ghcr.io", "ghcr.io", "octocat", .plan = "",
     .package = "public"},
    {"ghcr.io, names only", "ghcr.io", NULL,
     .plan = "candidate basic github-classic-token ghcr.io", .package = "private",
     .names_only = true},
    {"the older Docker registry of GitHub", "docker.pkg.github.com", "octocat",
     .plan = "basic unknown docker.pkg.github.com"},
    /* Azure */
    {"ACR, its admin", "octo.azurecr.io", "octo",
     .plan = "basic acr-admin octo.azurecr.io"},
    {"ACR, a token of its own", "octo.azurecr.io", "puller",
     .plan = "basic acr-scoped-token octo.azurecr.io"},
    {"ACR, a name that only begins as the registry's", "octo.azurecr.io", "oct",
     .plan = "basic acr-scoped-token octo.azurecr.io"},
    {"ACR, a service principal", "octo.azurecr.cn",
     "0f0e0d0c-0b0a-0908-0706-050403020100",
     .plan = "basic acr-service-principal octo.azurecr.cn"},
    {"ACR, a refresh token", "octo.azurecr.us", NULL_GUID,
     .plan = "basic acr-refresh-token octo.azurecr.us 10800"},
    {"ACR, the user not stated", "octo.azurecr.de", NULL,
     .plan = "basic unknown octo.azurecr.de"},
    {"ACR, SERVER with a scheme", "https://octo.azurecr.io", "octo",
     .plan = "basic acr-admin octo.azurecr.io"},
    {"ACR, an organization's triple", "octo.azurecr.io", "octo",
     .plan = "basic acr-admin octo.azurecr.io", .level = "organization"},
    {"ACR, a user's triple, which no prebuild has", "octo.azurecr.io", "octo",
     .plan = "basic acr-admin octo.azurecr.io", .level = "user", .prebuild = ""},
    {"ACR, names only", "octo.azurecr.io", NULL,
     .plan = "candidate basic unknown octo.azurecr.io", .names_only = true},
    {"ACR without a triple", "octo.azurecr.io", NULL, .plan = "", .level = ""},
    /* AWS */
    {"ECR, an access key", ONE ".ecr.eu-west-1.amazonaws.com", KEY,
     .plan = "ecr-exchange aws-access-key " ONE
             ".ecr.eu-west-1.amazonaws.com 43200 private "
             "123456789012 eu-west-1 aws"},
    {"ECR, a token", ONE ".ecr.ap-southeast-2.amazonaws.com", "AWS",
     .plan =
         "ecr-token aws-token " ONE ".ecr.ap-southeast-2.amazonaws.com 43200 private "
         "123456789012 ap-southeast-2 aws"},
    {"ECR, a temporary key", ONE ".ecr.eu-west-1.amazonaws.com", "ASIAIOSFODNN7EXAMPLE",
     .plan = "ecr-exchange aws-temporary-key " ONE
             ".ecr.eu-west-1.amazonaws.com 43200 private "
             "123456789012 eu-west-1 aws"},
    {"ECR, the user not stated", ONE ".ecr.eu-west-1.amazonaws.com", NULL,
     .plan = "ecr-exchange unknown " ONE ".ecr.eu-west-1.amazonaws.com 43200 private "
             "123456789012 eu-west-1 aws"},
    {"ECR, names only", ONE ".ecr.eu-west-1.amazonaws.com", NULL,
     .plan = "candidate ecr-exchange unknown " ONE
             ".ecr.eu-west-1.amazonaws.com 43200 private 123456789012 eu-west-1 aws",
     .names_only = true},
    {"ECR, two users by one name: neither goes before the other",
     ONE ".ecr.eu-west-1.amazonaws.com", "AWS",
     .plan = "ecr-exchange unknown " ONE ".ecr.eu-west-1.amazonaws.com 43200 private "
             "123456789012 eu-west-1 aws",
     .other = KEY},
    {"ECR, the same user twice", ONE ".ecr.eu-west-1.amazonaws.com", "AWS",
     .plan = "ecr-token aws-token " ONE ".ecr.eu-west-1.amazonaws.com 43200 private "
             "123456789012 eu-west-1 aws",
     .other = "AWS"},
    {"ECR, a user's key", ONE ".ecr.eu-west-1.amazonaws.com", KEY,
     .plan = "ecr-exchange aws-access-key " ONE
             ".ecr.eu-west-1.amazonaws.com 43200 private "
             "123456789012 eu-west-1 aws",
     .level = "user", .prebuild = ""},
    {"ECR, FIPS", ONE ".ecr-fips.us-west-2.amazonaws.com", KEY,
     .plan =
         "ecr-exchange aws-access-key " ONE ".ecr-fips.us-west-2.amazonaws.com 43200 "
         "private 123456789012 us-west-2 aws fips"},
    {"ECR, dual stack", ONE "-ecr.eu-west-1.on.aws", KEY,
     .plan = "ecr-exchange aws-access-key " ONE "-ecr.eu-west-1.on.aws 43200 private "
             "123456789012 eu-west-1 aws dual-stack"},
    {"ECR, both", ONE "-ecr-fips.us-gov-west-1.on.aws", KEY,
     .plan = "ecr-exchange aws-access-key " ONE
             "-ecr-fips.us-gov-west-1.on.aws 43200 private "
             "123456789012 us-gov-west-1 aws-us-gov fips dual-stack"},
    {"ECR in China", ONE ".ecr.cn-north-1.amazonaws.com.cn", KEY,
     .plan = "ecr-exchange aws-access-key " ONE
             ".ecr.cn-north-1.amazonaws.com.cn 43200 private "
             "123456789012 cn-north-1 aws-cn"},
    {"ECR in China, dual stack", ONE "-ecr.cn-northwest-1.on.amazonwebservices.com.cn",
     KEY,
     .plan =
         "ecr-exchange aws-access-key " ONE
         "-ecr.cn-northwest-1.on.amazonwebservices.com.cn 43200 private 123456789012 "
         "cn-northwest-1 aws-cn dual-stack"},
    {"ECR of the US government", ONE ".ecr.us-gov-east-1.amazonaws.com", KEY,
     .plan = "ecr-exchange aws-access-key " ONE
             ".ecr.us-gov-east-1.amazonaws.com 43200 private "
             "123456789012 us-gov-east-1 aws-us-gov"},
    {"ECR of the sovereign cloud", ONE ".ecr.eusc-de-east-1.amazonaws.eu", KEY,
     .plan = "ecr-exchange aws-access-key " ONE
             ".ecr.eusc-de-east-1.amazonaws.eu 43200 private "
             "123456789012 eusc-de-east-1 aws-eusc"},
    {"ECR, iso", ONE ".ecr.us-iso-east-1.c2s.ic.gov", KEY,
     .plan = "ecr-exchange aws-access-key " ONE
             ".ecr.us-iso-east-1.c2s.ic.gov 43200 private "
             "123456789012 us-iso-east-1 aws-iso"},
    {"ECR, iso-b", ONE ".ecr.us-isob-east-1.sc2s.sgov.gov", KEY,
     .plan =
         "ecr-exchange aws-access-key " ONE ".ecr.us-isob-east-1.sc2s.sgov.gov 43200 "
         "private 123456789012 us-isob-east-1 aws-iso-b"},
    {"ECR, iso-e", ONE ".ecr.eu-isoe-west-1.cloud.adc-e.uk", KEY,
     .plan =
         "ecr-exchange aws-access-key " ONE ".ecr.eu-isoe-west-1.cloud.adc-e.uk 43200 "
         "private 123456789012 eu-isoe-west-1 aws-iso-e"},
    {"ECR, iso-f", ONE ".ecr.us-isof-south-1.csp.hci.ic.gov", KEY,
     .plan =
         "ecr-exchange aws-access-key " ONE ".ecr.us-isof-south-1.csp.hci.ic.gov 43200 "
         "private 123456789012 us-isof-south-1 aws-iso-f"},
    {"a region of one partition with the suffix of another is no address",
     ONE ".ecr.cn-north-1.amazonaws.com", KEY,
     .plan = "ecr-exchange aws-access-key " ONE ".ecr.cn-north-1.amazonaws.com 43200"},
    {"nor is dual stack under the other name", ONE ".ecr.eu-west-1.on.aws", KEY,
     .plan = "ecr-exchange aws-access-key " ONE ".ecr.eu-west-1.on.aws 43200"},
    {"what goes on after the suffix is another host",
     ONE ".ecr.eu-west-1.amazonaws.com.evil.example", KEY,
     .plan = "basic unknown " ONE ".ecr.eu-west-1.amazonaws.com.evil.example"},
    {"what goes before the account too", "evil." ONE ".ecr.eu-west-1.amazonaws.com",
     KEY, .plan = "basic unknown evil." ONE ".ecr.eu-west-1.amazonaws.com"},
    {"an account has 12 digits", "1234567890123.dkr.ecr.eu-west-1.amazonaws.com", KEY,
     .plan = "basic unknown 1234567890123.dkr.ecr.eu-west-1.amazonaws.com"},
    {"and its address no port", ONE ".ecr.eu-west-1.amazonaws.com:8443", KEY,
     .plan = "basic unknown " ONE ".ecr.eu-west-1.amazonaws.com:8443"},
    {"ECR Public serves anonymously", "public.ecr.aws", KEY, .plan = ""},
    {"ECR Public, where it is declared private", "public.ecr.aws", KEY,
     .plan = "ecr-exchange aws-access-key public.ecr.aws 43200 public us-east-1 aws",
     .access = "private"},
    {"ECR Public, dual stack, a token", "ecr-public.aws.com", "AWS",
     .plan =
         "ecr-token aws-token ecr-public.aws.com 43200 public us-east-1 aws dual-stack",
     .access = "private"},
    /* Google */
    {"Container Registry, an access token", "gcr.io", "oauth2accesstoken",
     .plan = "basic google-access-token gcr.io 3600"},
    {"Artifact Registry, a key", "europe-west1-docker.pkg.dev", "_json_key_base64",
     .plan = "basic google-service-account-key europe-west1-docker.pkg.dev"},
    {"Artifact Registry, a key as it is", "eu.gcr.io", "_json_key",
     .plan = "basic google-service-account-key eu.gcr.io"},
    {"Artifact Registry, a helper's token", "docker.europe-west1.rep.pkg.dev",
     "_dcgcr_2_1_5_token",
     .plan = "basic google-access-token docker.europe-west1.rep.pkg.dev 3600"},
    {"Google, another user", "gcr.io", "octocat", .plan = "basic unknown gcr.io"},
    /* others */
    {"Quay, a robot", "quay.io", "octo+puller", .plan = "basic quay-robot quay.io"},
    {"Quay, an OAuth token", "quay.io", "$oauthtoken",
     .plan = "basic quay-oauth-token quay.io"},
    {"Quay, a person", "quay.io", "octocat", .plan = "basic unknown quay.io"},
    {"GitLab, a deploy token", "registry.gitlab.com", "gitlab+deploy-token-7",
     .plan = "basic gitlab-deploy-token registry.gitlab.com"},
    {"GitLab, a job's token", "registry.gitlab.com", "gitlab-ci-token",
     .plan = "basic gitlab-job-token registry.gitlab.com"},
    {"GitLab of one's own", "gitlab.example:5050", "gitlab+deploy-token-7",
     .plan = "basic gitlab-deploy-token gitlab.example:5050"},
    {"Harbor, a robot of the system", "harbor.example", "robot$puller",
     .plan = "basic harbor-robot harbor.example"},
    {"Harbor, a robot of a project", "harbor.example", "robot$library+puller",
     .plan = "basic harbor-robot harbor.example"},
    {"a robot's name where there is no Harbor", "quay.io", "robot$puller",
     .plan = "basic unknown quay.io"},
    {"JFrog", "octo.jfrog.io", "octocat", .plan = "basic unknown octo.jfrog.io"},
    {"DigitalOcean", "registry.digitalocean.com", "octocat@example.com",
     .plan = "basic unknown registry.digitalocean.com"},
    {"Oracle", "fra.ocir.io", "tenancy/octocat", .plan = "basic unknown fra.ocir.io"},
    {"Microsoft's own, which is public", "mcr.microsoft.com", "octocat", .plan = ""},
    {"any other", "registry.example:5000", "octocat",
     .plan = "basic unknown registry.example:5000"},
};

enum { CASES = sizeof(cases) / sizeof(*cases) };

typedef struct Table {
    Arena *arena;
    Symbols *symbols;
    Facts *facts;
    DlProgram *program;
    DlDatabase *databases[TARGETS];
} Table;

static uint32_t symbol(Table *table, const char *text)
{
    return fact_symbol(table->facts, text_of(text));
}

/* The number of a row makes its names its own. */
static uint32_t numbered(Table *table, const char *before, uint32_t number,
                         const char *after)
{
    return fact_symbol(table->facts,
                       arena_format(table->arena, "%s%u%s", before, number, after));
}

static uint32_t host_of(Table *table, const char *server)
{
    ServerKey key;
    Text problem;

    assert_true(server_key_read(table->arena, text_of(server), &key, &problem));
    return fact_symbol(table->facts, key.host);
}

static void add_secret(Table *table, const Case *c, uint32_t number, const char *member,
                       const char *value)
{
    Facts *facts = table->facts;
    const char *level = c->level ? c->level : "repository";
    bool is_user = level[0] == 'u', is_organization = level[0] == 'o';
    uint32_t repo = numbered(table, "octo-org/", number, "");
    uint32_t name =
        numbered(table, "ID", number,
                 arena_format(table->arena, "_CONTAINER_REGISTRY_%s", member).at);
    uint32_t secret = numbered(table, member, number, "");

    FACT(facts, REL_secret, 0, secret, name, symbol(table, level),
         is_user           ? symbol(table, "octocat")
         : is_organization ? symbol(table, "octo-org")
                           : repo);
    if (is_organization)
        FACT(facts, REL_secret_visibility, 0, secret, symbol(table, "selected"));
    if (is_organization || is_user)
        FACT(facts, REL_secret_repository, 0, secret, repo);
    if (value)
        FACT(facts, REL_secret_value, 0, secret, symbol(table, value));
    if (value && member[0] == 'S')
        FACT(facts, REL_secret_server, 0, secret, host_of(table, value));
}

static void add_other_user(Table *table, const Case *c, uint32_t number, uint32_t repo)
{
    uint32_t secret = numbered(table, "OTHER", number, "");

    FACT(table->facts, REL_secret, 0, secret,
         numbered(table, "ID", number, "_CONTAINER_REGISTRY_USER"),
         symbol(table, "user"), symbol(table, "octocat"));
    FACT(table->facts, REL_secret_repository, 0, secret, repo);
    FACT(table->facts, REL_secret_value, 0, secret, symbol(table, c->other));
}

static void add_case(Table *table, const Case *c, uint32_t number)
{
    Facts *facts = table->facts;
    uint32_t repo = numbered(table, "octo-org/", number, "");
    uint32_t config = numbered(table, "config", number, "");
    uint32_t ref = numbered(table, "ref", number, "");
    uint32_t package = numbered(table, "octo-org/p", number, "");
    bool has_triple = !c->level || *c->level;

    FACT(facts, REL_repository, 0, repo, symbol(table, "octo-org"));
    FACT(facts, REL_repository_visibility, 0, repo, symbol(table, "private"));
    FACT(facts, REL_repository_prebuilds, 0, repo, symbol(table, "true"));
    FACT(facts, REL_configuration, 0, config, repo, symbol(table, "x"));
    for (int i = 0; i < 2; i++)
        FACT(facts, REL_reference, 0, config, ref, symbol(table, "image"),
             symbol(table, "pulled"), symbol(table, phases[i]));
    FACT(facts, REL_reference_name, ref, host_of(table, c->server), package,
         symbol(table, "octo-org"), symbol(table, "1"), 0);
    if (c->access)
        FACT(facts, REL_registry_access, 0, host_of(table, c->server),
             symbol(table, c->access));
    if (c->package) {
        FACT(facts, REL_package, 0, package, symbol(table, "octo-org"));
        FACT(facts, REL_package_visibility, 0, package, symbol(table, c->package));
        if (!has_triple)
            FACT(facts, REL_codespaces_access, 0, package, repo);
    }
    if (!has_triple)
        return;
    add_secret(table, c, number, "SERVER", c->names_only ? NULL : c->server);
    add_secret(table, c, number, "USER", c->user);
    add_secret(table, c, number, "PASSWORD", NULL);
    if (c->other)
        add_other_user(table, c, number, repo);
}

/* A declaration goes for a host, and so for every row of it: the rows that have one are a
 * table of their own. */
static Table *table_make(bool declared)
{
    Arena *arena = arena_new((size_t)1 << 30);
    Table *table = ARENA_NEW(arena, Table);
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    Catalogue catalogue = {0};

    table->arena = arena;
    table->symbols = symbols_new(arena);
    table->facts = facts_new(arena, table->symbols, sources, diags);
    table->program =
        catalogue_read(arena, table->symbols, sources, NULL, 0, diags, &catalogue);
    assert_non_null(table->program);
    FACT(table->facts, REL_secrets_stated, 0);
    FACT(table->facts, REL_container_registry, symbol(table, "ghcr.io"));
    FACT(table->facts, REL_chosen_user, symbol(table, "octocat"));
    for (uint32_t i = 0; i < CASES; i++) {
        if ((cases[i].access != NULL) == declared)
            add_case(table, &cases[i], i);
    }
    for (int target = 0; target < TARGETS; target++) {
        DlDatabase *database = dl_database(arena, table->program);
        const uint32_t row[] = {symbol(table, targets[target])};

        dl_add(database, dl_relation_find(table->program, TEXT("plan_target")), row);
        for (RelationId i = 0; i < REL_COUNT; i++) {
            const Rows *rows = &table->facts->rows[i];

            for (uint32_t j = 0; j < rows->count; j += rows->arity)
                dl_add(database,
                       dl_relation_find(table->program, text_of(relations[i].name)),
                       &rows->cells[j]);
        }
        assert_true(dl_run(database, dl_default_limits, diags));
        table->databases[target] = database;
    }
    return table;
}

static void add_step(Buffer *out, const PlanStep *step)
{
    static const char *const methods[] = {
#define METHOD(enumerator, name) name,
        PLAN_METHODS(METHOD)
#undef METHOD
    };
    const PlanEcr *ecr = &step->ecr;

    buffer_format(out, "%s%s %.*s %.*s", step->ncandidates ? "candidate " : "",
                  methods[step->method], TEXT_ARG(step->credential),
                  TEXT_ARG(step->server_expect));
    if (step->expires_after)
        buffer_format(out, " %d", (int)step->expires_after);
    if (ecr->access.len)
        buffer_format(out, " %.*s%s%.*s %.*s %.*s%s%s", TEXT_ARG(ecr->access),
                      ecr->account.len ? " " : "", TEXT_ARG(ecr->account),
                      TEXT_ARG(ecr->region), TEXT_ARG(ecr->partition),
                      ecr->has_fips ? " fips" : "",
                      ecr->has_dual_stack ? " dual-stack" : "");
}

static void compare(Table *table, uint32_t number, int target, int phase)
{
    const Case *c = &cases[number];
    Buffer out = {.arena = table->arena};
    PlanQuestion question = {.program = table->program,
                             .database = table->databases[target],
                             .symbols = table->symbols,
                             .config = {numbered(table, "config", number, "")},
                             .phase = text_of(phases[phase])};
    const Plan *plan = plan_make(table->arena, &question);
    const char *expected = phase == 2 && c->prebuild    ? c->prebuild
                           : target > 0 && c->elsewhere ? c->elsewhere
                                                        : c->plan;

    for (uint32_t i = 0; i < plan->nsteps; i++)
        add_step(&out, &plan->steps[i]);
    buffer_add_byte(&out, '\0');
    if (!text_equal(text_of(out.at), text_of(expected)))
        fail_msg("%s, %s, %s: the plan is '%s', expected '%s'", c->name,
                 targets[target], phases[phase], out.at, expected);
    assert_int_equal(plan->nconflicts, 0);
    if (plan->nsteps)
        assert_int_equal(plan->steps[0].nimages, 1);
}

static void every_step_is_as_expected(void **state)
{
    for (int declared = 0; declared < 2; declared++) {
        Table *table = table_make(declared == 1);

        for (uint32_t i = 0; i < CASES; i++) {
            if ((cases[i].access != NULL) != (declared == 1))
                continue;
            for (int target = 0; target < TARGETS; target++)
                for (int phase = 0; phase < PHASES; phase++)
                    compare(table, i, target, phase);
        }
        arena_free(table->arena);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_step_is_as_expected)};

    return cmocka_run_group_tests_name("every registry and credential", tests, NULL,
                                       NULL);
}
