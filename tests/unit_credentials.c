#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "facts/credential.h"

/* Tokens are put together here, so that no scanner takes this file for a leak. */
#define LETTERS "Zk3lq9VxW2bT7nRfY5mJ"    /* 20 */
#define DIGITS22 "1a2B3c4D5e6F7g8H9i0J1k" /* 22 */
#define TOKEN36 LETTERS "c8Hd4Gs6Pz1Qe0Xu"
#define TOKEN59 TOKEN36 DIGITS22 "L"
#define AWS40 "wJal7XUt" LETTERS "/K7MDENG+bPx"
#define KEY_ID                                                                         \
    "AKIA"                                                                             \
    "Q3EGRIO2Z7T5WXYM"
#define BASE64_64 TOKEN36 LETTERS "c8Hd4Gs6"

typedef struct Case {
    const char *name;
    const char *text;
    const char *shown; /* each credential as "[what]"; NULL: nothing is found */
} Case;

static Case cases[] = {
    /* --- GitHub --- */
    {"a classic token", "x ghp_" TOKEN36 " y", "x [a GitHub token] y"},
    {"an OAuth token", "gho_" TOKEN36, "[a GitHub token]"},
    {"a user's token of an app", "ghu_" TOKEN36, "[a GitHub token]"},
    {"an app's token", "ghs_" TOKEN36, "[a GitHub token]"},
    {"a refresh token, which is longer", "ghr_" TOKEN36 TOKEN36, "[a GitHub token]"},
    {"a fine-grained token", "github_pat_" DIGITS22 "_" TOKEN59, "[a GitHub token]"},
    {"a token behind an escape", "a\\nghp_" TOKEN36, "a\\n[a GitHub token]"},
    {"a token behind an equals sign", "T=ghp_" TOKEN36 "\n", "T=[a GitHub token]\n"},
    {"two tokens", "ghp_" TOKEN36 ",gho_" TOKEN36, "[a GitHub token],[a GitHub token]"},
    {"a token that is too short", "ghp_" LETTERS, NULL},
    {"a token that is too long", "github_pat_" DIGITS22 "_" TOKEN59 "x", NULL},
    {"another prefix", "ghx_" TOKEN36, NULL},
    {"a word that ends like a prefix", "highp_" TOKEN36, NULL},
    {"a placeholder of one letter", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", NULL},
    {"a prefix alone", "export GITHUB_TOKEN=ghp_...", NULL},

    /* --- GitLab, Docker, npm, PyPI, Slack --- */
    {"a GitLab token", "glpat-" LETTERS, "[a GitLab token]"},
    {"a routable GitLab token", "glpat-" LETTERS DIGITS22 ".01.0w1abcdef",
     "[a GitLab token]"},
    {"a deploy token of GitLab", "gldt-" LETTERS, "[a GitLab token]"},
    {"a GitLab token that is too short", "glpat-abc123", NULL},
    {"a Docker token", "dckr_pat_" LETTERS "abcd_f-", "[a Docker token]"},
    {"an organization's Docker token", "dckr_oat_" TOKEN36, "[a Docker token]"},
    {"a Docker token that is too short", "dckr_pat_abc", NULL},
    {"an npm token", "//r/:_authToken=npm_" TOKEN36, "//r/:_authToken=[an npm token]"},
    {"a script's name is no npm token", "npm_config_registry_and_some_more_words_x1",
     NULL},
    {"a PyPI token", "pypi-AgEIcHlwaS5vcmc" BASE64_64, "[a PyPI token]"},
    {"a package's name is no PyPI token", "pypi-AgEnt", NULL},
    {"a bot's token of Slack", "xoxb-123456789012-1234567890123-" LETTERS "abcd",
     "[a Slack token]"},
    {"an app's token of Slack",
     "xapp-1-A0B1C2D3E4F-1234567890123-"
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
     "[a Slack token]"},
    {"a Slack token that is cut", "xoxb-123456789012-abc", NULL},

    /* --- AWS --- */
    {"an access key with its secret", "ID=" KEY_ID "\nX=" AWS40 "\n",
     "ID=" KEY_ID "\nX=[an AWS secret access key]\n"},
    {"the secret first", "\"" AWS40 "\", \"ASIAQ3EGRIO2Z7T5WXYM\"",
     "\"[an AWS secret access key]\", \"ASIAQ3EGRIO2Z7T5WXYM\""},
    {"an access key alone", "ID=" KEY_ID, NULL},
    {"a secret alone", "X=" AWS40, NULL},
    {"the documentation's example",
     "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL},
    {"a commit near an access key", KEY_ID " 0123456789abcdef0123456789abcdef01234567",
     NULL},
    {"a longer text near an access key", KEY_ID " " AWS40 "A", NULL},

    /* --- Google, Azure --- */
    {"a Google key in base64",
     "ewogICJ0eXBlIjogInNlcnZpY2VfYWNjb3VudC" BASE64_64 BASE64_64 BASE64_64 "==",
     "[a Google service account key]"},
    {"the beginning of one", "ewogICJ0eXBlIjogInNlcnZpY2VfYWNjb3VudC...", NULL},
    {"a password of an Azure registry", "p: " TOKEN36 "abCd3F+ACRAbcD3f",
     "p: [an Azure Container Registry password]"},
    {"a text with its signature", "set the +ACRA value", NULL},
    {"a client secret of Entra",
     "Ab1"
     "8Q~" LETTERS "x-Y_z.a~bC9dE",
     "[a Microsoft Entra client secret]"},
    {"a text with its mark", "FAQ8Q~x", NULL},

    /* --- private keys --- */
    {"a private key",
     "-----BEGIN RSA PRIVATE KEY-----\n" BASE64_64 "\n-----END RSA PRIVATE KEY-----",
     "-----BEGIN RSA PRIVATE KEY-----\n[a private key]\n-----END RSA PRIVATE KEY-----"},
    {"a private key in a string",
     "\"-----BEGIN PRIVATE KEY-----\\n" BASE64_64 "==\\n-----END PRIVATE KEY-----\\n\"",
     "\"-----BEGIN PRIVATE KEY-----\\n[a private key]\\n-----END PRIVATE "
     "KEY-----\\n\""},
    {"a header alone", "grep -q -- '-----BEGIN PRIVATE KEY-----' f", NULL},
    {"a key that was cut out",
     "-----BEGIN PRIVATE KEY-----\nMII...\n-----END PRIVATE KEY-----", NULL},
    {"a public key",
     "-----BEGIN PUBLIC KEY-----\n" BASE64_64 "\n-----END PUBLIC KEY-----", NULL},

    /* --- URLs --- */
    {"a password in a URL", "https://me:" LETTERS "@git.example.com/x",
     "https://me:[the password of a URL]@git.example.com/x"},
    {"a token in a URL is a token", "https://x:ghp_" TOKEN36 "@github.com/o/r",
     "https://x:[a GitHub token]@github.com/o/r"},
    {"a generated password of a container beside",
     "postgres://app:" LETTERS "@db:5432/app",
     "postgres://app:[the password of a URL]@db:5432/app"},
    {"a usual password of a container beside", "postgres://app:h8nter@db:5432/app",
     NULL},
    {"a usual password", "postgres://postgres:postgres@db.example.com/x", NULL},
    {"a variable", "https://me:${PASSWORD}@git.example.com/x", NULL},
    {"another variable", "https://me:$PASS1word@git.example.com/x", NULL},
    {"a placeholder", "https://user:<token>@git.example.com/x", NULL},
    {"a port is no password", "http://localhost:8080/a@b", NULL},
    {"a user alone", "https://octocat@github.com/o/r", NULL},
    {"nothing", "", NULL},
};

static void it_is_found(void **state)
{
    const Case *c = *state;
    Arena *arena = arena_new(1 << 22);
    Credentials *credentials = credentials_new(arena);
    Text text = text_of(c->text);
    Buffer shown = {.arena = arena};
    Credential credential;
    size_t from = 0;

    for (size_t at = 0; credential_next(credentials, text, &at, &credential);) {
        assert_true(credential.start >= from && credential.start < credential.end);
        assert_true(credential.end <= text.len);
        buffer_add(&shown, text_slice(text, from, credential.start));
        buffer_format(&shown, "[%s]", credential.what);
        from = credential.end;
    }
    buffer_add(&shown, text_from(text, from));
    buffer_add_byte(&shown, '\0');
    assert_string_equal(shown.at, c->shown ? c->shown : c->text);
    arena_free(arena);
}

/* --- names and values --- */

typedef struct Value {
    const char *name, *value;
    CredentialUse use;
    bool is_secret;
} Value;

static const Value values[] = {
    {"NPM_TOKEN", "hunter2", USE_OUTSIDE, true},
    {"npmToken", "hunter2", USE_OUTSIDE, true},
    {"npm-token", "hunter2", USE_OUTSIDE, true},
    {"DB_PASSWORD", "Zk3lq9Vx", USE_OUTSIDE, true},
    {"ACR_CONTAINER_REGISTRY_PASSWORD", "correct7horse", USE_OUTSIDE, true},
    {"TOKEN_2", "b7!k-w", USE_OUTSIDE, true},
    {"MYSQL_ROOT_PASSWORD", LETTERS, USE_OWN, true},
    {"API_KEY", LETTERS, USE_OUTSIDE, true},
    {"AWS_SECRET_ACCESS_KEY", AWS40, USE_OUTSIDE, true},
    {"SERVICE_AUTH", LETTERS, USE_OUTSIDE, true},
    /* what names no secret */
    {"TOKEN_TYPE", LETTERS, USE_OUTSIDE, false},
    {"TOKENIZER", LETTERS, USE_OUTSIDE, false},
    {"PUBLIC_KEY", LETTERS, USE_OUTSIDE, false},
    {"PASSWORD_FILE", LETTERS, USE_OUTSIDE, false},
    {"TOKEN_VERSION", LETTERS, USE_OUTSIDE, false},
    {"CACHE_KEY", LETTERS, USE_OUTSIDE, false},
    {"GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D", USE_OUTSIDE, false},
    {"USER", LETTERS, USE_OUTSIDE, false},
    {"", LETTERS, USE_OUTSIDE, false},
    /* what stands for a value */
    {"NPM_TOKEN", "", USE_OUTSIDE, false},
    {"NPM_TOKEN", "${localEnv:NPM_TOKEN}", USE_OUTSIDE, false},
    {"NPM_TOKEN", "$NPM_TOKEN2", USE_OUTSIDE, false},
    {"NPM_TOKEN", "{{ npm_token2 }}", USE_OUTSIDE, false},
    {"NPM_TOKEN", "<token1>", USE_OUTSIDE, false},
    {"NPM_TOKEN", "%NPM_T0KEN%", USE_OUTSIDE, false},
    {"NPM_TOKEN", "changeme1", USE_OUTSIDE, false},
    {"NPM_TOKEN", "Your-T0ken-1", USE_OUTSIDE, false},
    {"NPM_TOKEN", "xxx123yz", USE_OUTSIDE, false},
    {"NPM_TOKEN", "example-1a", USE_OUTSIDE, false},
    {"NPM_TOKEN", "my-test-t0k", USE_OUTSIDE, false},
    {"NPM_TOKEN", "npm_token", USE_OUTSIDE, false},
    {"NPM_TOKEN", "12345678", USE_OUTSIDE, false},
    {"NPM_TOKEN", "abcdef123456", USE_OUTSIDE, false},
    {"NPM_TOKEN", "a1a1a1a1", USE_OUTSIDE, false},
    {"NPM_TOKEN", "/run/secrets/npm1", USE_OUTSIDE, false},
    {"NPM_TOKEN", "file://n/p1m", USE_OUTSIDE, false},
    {"NPM_TOKEN", "dir/npm1.txt", USE_OUTSIDE, false},
    {"NPM_TOKEN", "two wor1ds", USE_OUTSIDE, false},
    {"NPM_TOKEN", "some-words", USE_OUTSIDE, false},
    {"NPM_TOKEN", "x1", USE_OUTSIDE, false},
    {"SA_PASSWORD", "P@ssw0rd", USE_OUTSIDE, false},
    {"MYSQL_ROOT_PASSWORD", "h8nter", USE_OWN, false},
    {"POSTGRES_PASSWORD", "postgres", USE_OWN, false},
    {"API_KEY", "abc1234", USE_OUTSIDE, false},
    {"MYSQL_AUTH", "caching_sha2", USE_OUTSIDE, false},
};

static void a_value_is_known_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
        const Value *row = &values[i];

        if (value_is_secret(text_of(row->name), text_of(row->value), row->use) !=
            row->is_secret)
            fail_msg("%s=%s", row->name, row->value);
    }
}

static void registry_names_have_an_identifier_and_a_member(void **state)
{
    (void)state;
    assert_true(name_is_registry(TEXT("ACR_CONTAINER_REGISTRY_SERVER")));
    assert_true(name_is_registry(TEXT("A_B_CONTAINER_REGISTRY_PASSWORD")));
    assert_false(name_is_registry(TEXT("ACR_CONTAINER_REGISTRY_TOKEN")));
    assert_false(name_is_registry(TEXT("CONTAINER_REGISTRY_USER")));
    assert_false(name_is_registry(TEXT("")));
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_value_is_known_by_its_name),
        cmocka_unit_test(registry_names_have_an_identifier_and_a_member),
    };

    for (size_t i = 0; i < COUNT; i++)
        tests[i] =
            (struct CMUnitTest){cases[i].name, it_is_found, NULL, NULL, &cases[i]};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}
