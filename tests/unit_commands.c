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

    {"permissions that are no permissions",
     "{\"customizations\": {\"codespaces\": {\"repositories\": {\n"
     " \"octo-org/a\": {\"permissions\": \"read\"},\n"
     " \"octo-org/b\": {\"permissions\": [\"write-all\"]},\n"
     " \"octo-org/c\": {\"permissions\": {\"contents\": true, \"x\": {}}}}}}}",
     "permission_request",
     "permission_request(2:17, " AT "octo-org/a, octo-org, permissions, read)\n"
     "permission_request(3:17, " AT "octo-org/b, octo-org, permissions, )\n"
     "permission_request(4:33, " AT "octo-org/c, octo-org, contents, true)\n"
     "permission_request(4:51, " AT "octo-org/c, octo-org, x, )\n",
     "",
     {{0}}},
    {"the older key",
     "{\"codespaces\": {},\n \"customizations\": {\"codespaces\": {}}}",
     "legacy_key",
     "legacy_key(1:2, " AT "codespaces)\n",
     "",
     {{0}}},
    {"recommended secrets that are not well formed",
     "{\"secrets\": {\n \"A_1\": {\"description\": \"x\", "
     "\"documentationUrl\": \"y\"},\n"
     " \"A-1\": {},\n \"1A\": {},\n \"github_x\": {},\n \"B\": \"x\",\n"
     " \"C\": {\"description\": 1, \"url\": \"z\"}}}",
     "invalid_recommendation",
     "invalid_recommendation(3:2, " AT "A-1, has other characters in its name than "
     "letters, digits and '_')\n"
     "invalid_recommendation(4:2, " AT "1A, has a digit at the start of its name)\n"
     "invalid_recommendation(5:2, " AT "github_x, has a name that begins with "
     "GITHUB_)\n"
     "invalid_recommendation(6:2, " AT "B, is no object)\n"
     "invalid_recommendation(7:8, " AT "C, has a 'description' that is no text)\n"
     "invalid_recommendation(7:26, " AT "C, has the key 'url', which means nothing)\n",
     "",
     {{0}}},

    /* --- commands --- */
    {"pulls, by every tool",
     "{\"postCreateCommand\": {\n"
     " \"a\": \"docker pull -q ghcr.io/o/a:1\",\n"
     " \"b\": \"docker run --rm -it -v /a:/b --name x -e A=b reg.example/b sh\",\n"
     " \"c\": \"podman --log-level x image pull quay.io/o/c\",\n"
     " \"d\": [\"nerdctl\", \"container\", \"create\", \"--cpus=2\", "
     "\"alpine\"],\n"
     " \"e\": \"skopeo inspect docker://ghcr.io/o/e; skopeo copy "
     "docker://ghcr.io/o/f oci:x\",\n"
     " \"g\": \"oras pull --output x ghcr.io/o/g:2\",\n"
     " \"h\": \"docker pull ghcr.io/o/h:$TAG\"}}",
     "command_pull,reference",
     "reference(2:23, " AT "ghcr.io/o/a:1, command, pulled, runtime)\n"
     "reference(3:53, " AT "reg.example/b:latest, command, pulled, runtime)\n"
     "reference(4:40, " AT "quay.io/o/c:latest, command, pulled, runtime)\n"
     "reference(5:55, " AT "docker.io/library/alpine:latest, command, pulled, "
     "runtime)\n"
     "reference(6:23, " AT "ghcr.io/o/e:latest, command, pulled, runtime)\n"
     "reference(6:57, " AT "ghcr.io/o/f:latest, command, pulled, runtime)\n"
     "reference(7:29, " AT "ghcr.io/o/g:2, command, pulled, runtime)\n"
     "reference(8:20, " AT "ghcr.io/o/h:${TAG}, command, pulled, runtime)\n"
     "command_pull(2:23, " AT "postCreateCommand, ghcr.io/o/a:1)\n"
     "command_pull(3:53, " AT "postCreateCommand, reg.example/b:latest)\n"
     "command_pull(4:40, " AT "postCreateCommand, quay.io/o/c:latest)\n"
     "command_pull(5:55, " AT "postCreateCommand, docker.io/library/alpine:latest)\n"
     "command_pull(6:23, " AT "postCreateCommand, ghcr.io/o/e:latest)\n"
     "command_pull(6:57, " AT "postCreateCommand, ghcr.io/o/f:latest)\n"
     "command_pull(7:29, " AT "postCreateCommand, ghcr.io/o/g:2)\n"
     "command_pull(8:20, " AT "postCreateCommand, ghcr.io/o/h:${TAG})\n",
     "",
     {{0}}},
    {"a pull's phase is its event's",
     "{\"initializeCommand\": \"docker pull a/i\",\n"
     " \"onCreateCommand\": \"docker pull a/o\",\n"
     " \"updateContentCommand\": \"docker pull a/u\",\n"
     " \"postStartCommand\": \"docker pull a/s\",\n"
     " \"postAttachCommand\": \"docker pull a/t\"}",
     "reference",
     "reference(1:36, " AT "docker.io/a/i:latest, command, pulled, create)\n"
     "reference(4:35, " AT "docker.io/a/s:latest, command, pulled, runtime)\n"
     "reference(5:36, " AT "docker.io/a/t:latest, command, pulled, runtime)\n",
     "",
     {{0}}},
    {"what is no pull of a known image",
     "{\"postCreateCommand\": {\n"
     " \"a\": \"docker pull $IMAGE; docker pull $REG/x:1; docker run `x`\",\n"
     " \"b\": \"docker build -t mine . && docker run mine\",\n"
     " \"c\": \"docker ps; docker pull; echo docker pull x\",\n"
     " \"d\": \"skopeo copy oci:x dir:y\",\n"
     " \"e\": \"docker pull NOT/valid!\"}}",
     "command_pull,reference",
     "",
     "",
     {{0}}},
    {"pushes",
     "{\"postCreateCommand\": {\n"
     " \"a\": \"docker push GHCR.IO/o/a\",\n"
     " \"b\": \"docker buildx build --push --tag reg.example:5000/b . -f x\",\n"
     " \"c\": \"docker build --output=type=registry -t ghcr.io/o/c .\",\n"
     " \"d\": \"skopeo copy oci:x docker://ghcr.io/o/d:$TAG\",\n"
     " \"e\": \"oras push ghcr.io/o/e x\",\n"
     " \"f\": \"podman push mine docker://quay.io/o/f\",\n"
     " \"g\": \"docker build -t ghcr.io/o/g . ; docker push $X\"}}",
     "command_push",
     "command_push(2:8, " AT "postCreateCommand, ghcr.io)\n"
     "command_push(3:8, " AT "postCreateCommand, reg.example:5000)\n"
     "command_push(4:8, " AT "postCreateCommand, ghcr.io)\n"
     "command_push(5:8, " AT "postCreateCommand, ghcr.io)\n"
     "command_push(6:8, " AT "postCreateCommand, ghcr.io)\n"
     "command_push(7:8, " AT "postCreateCommand, quay.io)\n",
     "",
     {{0}}},
    {"logins, and to which registry",
     "{\"onCreateCommand\": {\n"
     " \"a\": \"docker login\",\n"
     " \"b\": \"docker login -u u --password-stdin https://ghcr.io\",\n"
     " \"c\": \"podman login $REGISTRY\",\n"
     " \"d\": \"aws ecr get-login-password --region x | docker login -u AWS "
     "--password-stdin 1.dkr.example\",\n"
     " \"e\": \"az acr login -n x\",\n"
     " \"f\": \"az login\"}}",
     "command_login",
     "command_login(2:8, " AT "onCreateCommand, docker.io)\n"
     "command_login(3:8, " AT "onCreateCommand, ghcr.io)\n"
     "command_login(4:8, " AT "onCreateCommand, unknown)\n"
     "command_login(5:8, " AT "onCreateCommand, unknown)\n"
     "command_login(5:48, " AT "onCreateCommand, 1.dkr.example)\n"
     "command_login(6:8, " AT "onCreateCommand, unknown)\n",
     "",
     {{0}}},
    {"what needs docker",
     "{\"postStartCommand\": {\n"
     " \"a\": \"docker compose -f x up -d; docker-compose pull\",\n"
     " \"b\": \"docker build .\",\n"
     " \"c\": \"docker compose down; docker ps; podman run x\"}}",
     "command_docker",
     "command_docker(2:8, " AT "postStartCommand, docker compose)\n"
     "command_docker(2:35, " AT "postStartCommand, docker compose)\n"
     "command_docker(3:8, " AT "postStartCommand, docker build)\n",
     "",
     {{0}}},
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
    {"a literal password behind an equals sign",
     "{\"postCreateCommand\": \"docker login --password=pass\"}",
     "{\"postCreateCommand\": \"docker login --password=•••\"}"},
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
