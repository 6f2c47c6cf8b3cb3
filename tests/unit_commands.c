#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "configuration_fixture.h"

static Case cases[] = {
    /* --- permissions and secrets --- */
    {"permissions on other repositories",
     "{\"customizations\": {\"codespaces\": {\"repositories\": {\n"
     " \"Octo-Org/lib\": {\"permissions\": {\n  \"contents\": \"read\",\n"
     "  \"packages\": \"write\"}},\n"
     " \"octo-org/*\": {\"permissions\": \"write-all\"},\n"
     " \"octo-org/docs\": {\"contents\": \"read\"}}}}}",
     "permission_request",
     "permission_request(3:3, " AT "Octo-Org/lib, octo-org, contents, read)\n"
     "permission_request(4:3, " AT "Octo-Org/lib, octo-org, packages, write)\n"
     "permission_request(5:17, " AT "octo-org/*, octo-org, *, write)\n",
     "",
     {{0}}},
    {"the older key for permissions",
     "{\"codespaces\": {\"repositories\": {\"other/x\": {\n"
     " \"permissions\": \"read-all\"}}}}",
     "permission_request",
     "permission_request(2:2, " AT "other/x, other, *, read)\n",
     "",
     {{0}}},
    {"recommended secrets",
     "{\"secrets\": {\n \"Acr_Container_Registry_Server\": {},\n"
     " \"X\": {\"description\": \"y\"}}}",
     "recommended_secret",
     "recommended_secret(2:2, " AT "ACR_CONTAINER_REGISTRY_SERVER)\n"
     "recommended_secret(3:2, " AT "X)\n",
     "",
     {{0}}},

    /* --- commands --- */
    {"a login with the password as an argument",
     "{\"postCreateCommand\":\n \"cd x && docker login -u $U -p $P reg.example; ls\"}",
     "login_with_password",
     "login_with_password(2:11, " AT "postCreateCommand, docker)\n",
     "",
     {{0}}},
    {"logins of every tool",
     "{\"onCreateCommand\": {\n"
     " \"a\": [\"podman\", \"login\", \"--password=x\", \"r\"],\n"
     " \"b\": \"sudo -E skopeo --debug login --password x r\",\n"
     " \"c\": \"A=b /usr/bin/buildah login -px r\",\n"
     " \"d\": \"oras login r -u u -p x\",\n"
     " \"e\": \"helm --kube-context k registry login r -p x\",\n"
     " \"f\": \"crane auth login r -p x\",\n"
     " \"g\": [\"bash\", \"-lc\", \"docker --config /c login -p x r\"]}}",
     "login_with_password",
     "login_with_password(2:7, " AT "onCreateCommand, podman)\n"
     "login_with_password(3:8, " AT "onCreateCommand, skopeo)\n"
     "login_with_password(4:8, " AT "onCreateCommand, buildah)\n"
     "login_with_password(5:8, " AT "onCreateCommand, oras)\n"
     "login_with_password(6:8, " AT "onCreateCommand, helm)\n"
     "login_with_password(7:8, " AT "onCreateCommand, crane)\n"
     "login_with_password(8:24, " AT "onCreateCommand, docker)\n",
     "",
     {{0}}},
    {"logins that are fine",
     "{\"postStartCommand\": {\n"
     " \"a\": \"echo $P | docker login -u u --password-stdin r\",\n"
     " \"b\": \"docker login -u u -p - r < f\",\n"
     " \"c\": \"docker run -p 80:80 x login -p x\",\n"
     " \"d\": \"docker compose -p x login\",\n"
     " \"e\": \"echo docker login -p x\",\n"
     " \"f\": \"docker login -p\",\n"
     " \"g\": \"# docker login -p x\"}}",
     "login_with_password",
     "",
     "",
     {{0}}},
    {"an escape in the string hides where the command stands",
     "{\"initializeCommand\":\n \"ls; docker login -p \\\"$P\\\" r\"}",
     "login_with_password",
     "login_with_password(2:2, " AT "initializeCommand, docker)\n",
     "",
     {{0}}},
    {"passwords that are printed",
     "{\"postAttachCommand\": {\n"
     " \"a\": \"echo $ACR_CONTAINER_REGISTRY_PASSWORD\",\n"
     " \"b\": \"ls; printf '%s' \\\"${X_CONTAINER_REGISTRY_PASSWORD}\\\"\",\n"
     " \"c\": \"cat <<< $Y_CONTAINER_REGISTRY_PASSWORD\",\n"
     " \"d\": \"echo $Z_CONTAINER_REGISTRY_PASSWORD >&2\",\n"
     " \"e\": \"sh -c 'echo $W_CONTAINER_REGISTRY_PASSWORD'\"}}",
     "prints_password",
     "prints_password(2:8, " AT "postAttachCommand, ACR_CONTAINER_REGISTRY_PASSWORD)\n"
     "prints_password(3:7, " AT "postAttachCommand, X_CONTAINER_REGISTRY_PASSWORD)\n"
     "prints_password(4:8, " AT "postAttachCommand, Y_CONTAINER_REGISTRY_PASSWORD)\n"
     "prints_password(5:8, " AT "postAttachCommand, Z_CONTAINER_REGISTRY_PASSWORD)\n"
     "prints_password(6:15, " AT "postAttachCommand, W_CONTAINER_REGISTRY_PASSWORD)\n",
     "",
     {{0}}},
    {"passwords that are not printed",
     "{\"updateContentCommand\": {\n"
     " \"a\": \"echo $A_CONTAINER_REGISTRY_PASSWORD | docker login "
     "--password-stdin\",\n"
     " \"b\": \"echo $A_CONTAINER_REGISTRY_PASSWORD > f\",\n"
     " \"c\": \"(ls; echo $A_CONTAINER_REGISTRY_PASSWORD) | wc\",\n"
     " \"d\": \"echo '$A_CONTAINER_REGISTRY_PASSWORD'\",\n"
     " \"e\": \"echo ${#A_CONTAINER_REGISTRY_PASSWORD} "
     "${A_CONTAINER_REGISTRY_PASSWORD:+set}\",\n"
     " \"f\": \"X=$(echo $A_CONTAINER_REGISTRY_PASSWORD)\",\n"
     " \"g\": \"printf -v x %s $A_CONTAINER_REGISTRY_PASSWORD\",\n"
     " \"h\": [\"echo\", \"$A_CONTAINER_REGISTRY_PASSWORD\"],\n"
     " \"i\": \"cat $A_CONTAINER_REGISTRY_PASSWORD\"}}",
     "prints_password",
     "",
     "",
     {{0}}},
};

/* --- secrets --- */

typedef struct Secret {
    const char *name;
    const char *configuration;
    const char *shown; /* what a report may show of it */
} Secret;

static Secret secrets[] = {
    {"a password in an image", "{\"image\": \"bob:hunter2@reg.example/x\"}",
     "{\"image\": \"bob:•••@reg.example/x\"}"},
    {"a token in an image", "{\"image\": \"https://s3cr3t@reg.example/x\"}",
     "{\"image\": \"https://•••@reg.example/x\"}"},
    {"a password that is escaped", "{\"image\": \"bob:hun\\u0074er2@reg.example/x\"}",
     "{\"image\": •••}"},
    {"a variable is no secret", "{\"image\": \"bob:${localEnv:P}@reg.example/x\"}",
     "{\"image\": \"bob:${localEnv:P}@reg.example/x\"}"},
    {"a tag and a digest are none",
     "{\"image\": \"x:1@sha256:"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
     "{\"image\": \"x:1@sha256:"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}"},
    {"a token in a Feature's address",
     "{\"features\": {\"https://e.example/devcontainer-feature-x.tgz?sig=a&b=c\": {}}}",
     "{\"features\": {\"https://e.example/devcontainer-feature-x.tgz?sig=•••&b=c\": "
     "{}}}"},
    {"a token that says what it is",
     "{\"build\": {\"dockerfile\": \"D\", \"args\": "
     "{\"X\": \"ghp_0123456789abcdefghijABCDEFGHIJ012345\"}}}",
     "{\"build\": {\"dockerfile\": \"D\", \"args\": {\"X\": \"•••\"}}}"},
    {"a literal password of a login",
     "{\"postCreateCommand\": \"docker login -p 'a b'\"}",
     "{\"postCreateCommand\": \"docker login -p '•••'\"}"},
    {"a literal password in an array",
     "{\"postCreateCommand\": [\"docker\", \"login\", \"-p\", \"ab\"]}",
     "{\"postCreateCommand\": [\"docker\", \"login\", \"-p\", \"•••\"]}"},
    {"a variable as the password of a login",
     "{\"postCreateCommand\": \"docker login -p $P\"}",
     "{\"postCreateCommand\": \"docker login -p $P\"}"},
    {"a recommended secret with a value", "{\"secrets\": {\"X\": {\"value\": \"ab\"}}}",
     "{\"secrets\": {\"X\": {\"value\": •••}}}"},
};

static void it_is_not_shown(void **state)
{
    const Secret *c = *state;
    Arena *arena = arena_new(1 << 24);

    write_file(arena, CONFIGURATION, c->configuration);
    Facts *facts = extract(arena, TEXT(""));
    remove_file(arena, CONFIGURATION);
    Buffer shown = {.arena = arena};
    Span whole = {1, 0, (uint32_t)source_bytes(facts->sources, 1).len};
    source_add_shown(facts->sources, &shown, whole);
    buffer_add_byte(&shown, '\0');
    assert_string_equal(shown.at, c->shown);
    arena_free(arena);
}

int main(void)
{
    enum {
        CASES = sizeof(cases) / sizeof(*cases),
        SECRETS = sizeof(secrets) / sizeof(*secrets)
    };
    struct CMUnitTest tests[CASES + SECRETS];

    for (size_t i = 0; i < CASES; i++)
        tests[i] =
            (struct CMUnitTest){cases[i].name, it_extracts, NULL, NULL, &cases[i]};
    for (size_t i = 0; i < SECRETS; i++)
        tests[CASES + i] = (struct CMUnitTest){secrets[i].name, it_is_not_shown, NULL,
                                               NULL, &secrets[i]};
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
