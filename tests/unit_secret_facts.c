#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "configuration_fixture.h"

/* Put together here, so that no scanner takes this file for a leak. */
#define RANDOM20 "Zk3lq9VxW2bT7nRfY5mJ"
#define TOKEN "ghp_" RANDOM20 "c8Hd4Gs6Pz1Qe0Xu"

#define COMPOSE ".devcontainer/compose.yaml"
#define DOCKERFILE ".devcontainer/Dockerfile"
#define USES_COMPOSE "{\"dockerComposeFile\": \"compose.yaml\", \"service\": \"app\"}"
#define USES_DOCKERFILE "{\"build\": {\"dockerfile\": \"Dockerfile\"}}"

static Case cases[] = {
    /* --- credentials --- */
    {"a token, wherever it stands",
     "{\"name\": \"" TOKEN "\", // " TOKEN "\n"
     " \"containerEnv\": {\"A\": \"x " TOKEN "\"},\n"
     " \"postStartCommand\": [\"x\", \"" TOKEN "\"],\n"
     " \"features\": {\"https://e.example/f.tgz?t=" TOKEN "\": {}}}",
     "literal_credential",
     "literal_credential(1:11, " AT "a GitHub token, name)\n"
     "literal_credential(1:57, " AT "a GitHub token, a comment)\n"
     "literal_credential(2:27, " AT "a GitHub token, containerEnv)\n"
     "literal_credential(3:29, " AT "a GitHub token, postStartCommand)\n"
     "literal_credential(4:42, " AT "a GitHub token, features)\n",
     "input/invalid-reference 4:15 this is no valid Feature: its file is not named "
     "'devcontainer-feature-ID.tgz'\n",
     {{0}}},
    {"the value of a secret's name",
     "{\"containerEnv\": {\"NPM_TOKEN\": \"hunter2\", \"PATH\": \"hunter2\"},\n"
     " \"remoteEnv\": {\"API_KEY\": \"" RANDOM20 "\", \"X_SECRET\": null},\n"
     " \"runArgs\": [\"-e\", \"A_TOKEN=hunter2\", \"--env=B_TOKEN=hunter2\", "
     "\"-eC_TOKEN=hunter2\"],\n"
     " \"features\": {\"ghcr.io/a/b/c\": {\"authToken\": \"hunter2\", \"x\": true}},\n"
     " \"postCreateCommand\": \"D_TOKEN=hunter2 npm i --auth-token=hunter2\"}",
     "literal_credential",
     "literal_credential(1:33, " AT "the value of NPM_TOKEN, containerEnv)\n"
     "literal_credential(2:28, " AT "the value of API_KEY, remoteEnv)\n"
     "literal_credential(4:47, " AT "the value of authToken, features)\n"
     "literal_credential(3:29, " AT "the value of A_TOKEN, runArgs)\n"
     "literal_credential(3:54, " AT "the value of B_TOKEN, runArgs)\n"
     "literal_credential(3:75, " AT "the value of C_TOKEN, runArgs)\n"
     "literal_credential(5:32, " AT "the value of D_TOKEN, postCreateCommand)\n"
     "literal_credential(5:59, " AT "the value of auth-token, postCreateCommand)\n",
     "",
     {{0}}},
    {"what stands for a value",
     "{\"containerEnv\": {\"NPM_TOKEN\": \"${localEnv:NPM_TOKEN}\", \"X_TOKEN\": "
     "\"changeme1\"},\n"
     " \"remoteEnv\": {\"A_TOKEN\": \"\", \"B_TOKEN\": \"<your token>\"}}",
     "literal_credential",
     "",
     "",
     {{0}}},
    {"a password in a reference",
     "{\"image\": \"bob:hunter2@reg.example/x\"}",
     "literal_credential",
     "literal_credential(1:16, " AT "the password of a URL, image)\n",
     "input/invalid-reference 1:11 this is no valid image reference: its registry is "
     "no "
     "host name\n",
     {{0}}},
    {"a login's password",
     "{\"postCreateCommand\": \"docker login -p hunter2 r.io\"}",
     "literal_credential",
     "literal_credential(1:40, " AT "a registry password, postCreateCommand)\n",
     "",
     {{0}}},
    {"a Dockerfile's values",
     USES_DOCKERFILE,
     "literal_credential,build_secret",
     "literal_credential(5:5, " AT "a GitHub token, Dockerfile)\n"
     "literal_credential(2:17, " AT "the value of A_TOKEN, Dockerfile)\n"
     "literal_credential(3:13, " AT "the value of B_TOKEN, Dockerfile)\n"
     "literal_credential(4:13, " AT "the value of C_TOKEN, Dockerfile)\n"
     "build_secret(6:5, " AT "NPM_TOKEN, ARG)\n",
     "",
     {{DOCKERFILE, "FROM scratch\nARG X=1 A_TOKEN=hunter2\nENV B_TOKEN=hunter2 Y=z\n"
                   "ENV C_TOKEN hunter2\nRUN " TOKEN "\nARG NPM_TOKEN\n"
                   "ENV D_TOKEN=$NPM_TOKEN E_TOKEN=\"\"\nARG F_TOKEN=${NPM_TOKEN}\n"}}},
    {"a compose file's values",
     USES_COMPOSE,
     "literal_credential,build_secret",
     "literal_credential(14:7, " AT "a GitHub token, compose.yaml)\n"
     "literal_credential(5:17, " AT "the value of A_TOKEN, compose.yaml)\n"
     "literal_credential(6:21, " AT "the value of DB_PASSWORD, compose.yaml)\n"
     "literal_credential(11:19, " AT "the value of B_TOKEN, compose.yaml)\n"
     "build_secret(12:9, " AT "C_TOKEN, build.args)\n"
     "build_secret(13:12, " AT "NPM_TOKEN, build.args)\n",
     "",
     {{COMPOSE, "services:\n  app:\n    image: x\n    environment:\n"
                "      - A_TOKEN=hunter2\n      - DB_PASSWORD=" RANDOM20 "\n"
                "      - POSTGRES_PASSWORD=hunter2\n    build:\n"
                "      dockerfile_inline: FROM scratch\n      args:\n"
                "        B_TOKEN: \"hunter2\"\n        C_TOKEN:\n"
                "        X: ${NPM_TOKEN}\nx-y: \"" TOKEN "\"\n"}}},
    {"an .env beside a compose file",
     USES_COMPOSE,
     "literal_credential",
     "literal_credential(2:9, " AT "a GitHub token, .env)\n"
     "literal_credential(1:9, " AT "the value of A_TOKEN, .env)\n",
     "",
     {{COMPOSE, "services:\n  app:\n    image: x\n"},
      {".devcontainer/.env", "A_TOKEN=hunter2\nB_TOKEN=" TOKEN "\nDB_PASSWORD=db\n"}}},
    {"an .env that git leaves out",
     USES_COMPOSE,
     "literal_credential",
     "",
     "",
     {{COMPOSE, "services:\n  app:\n    image: x\n"},
      {".devcontainer/.env", "A_TOKEN=hunter2\nB_TOKEN=" TOKEN "\n"},
      {".gitignore", "# none\n*.log\n.env*\n"}}},
    {"an .env that git takes in after all",
     USES_COMPOSE,
     "literal_credential",
     "literal_credential(1:9, " AT "the value of A_TOKEN, .env)\n",
     "",
     {{COMPOSE, "services:\n  app:\n    image: x\n"},
      {".devcontainer/.env", "A_TOKEN=hunter2\n"},
      {".gitignore", "/.devcontainer/.env\n"},
      {".devcontainer/.gitignore", "!.env\n"}}},

    /* --- builds --- */
    {"secrets of the machine in builds",
     "{\"build\": {\"dockerfile\": \"Dockerfile\", \"args\": {\n"
     " \"A\": \"${localEnv:NPM_TOKEN}\",\n"
     " \"B\": \"x${env:ACR_CONTAINER_REGISTRY_SERVER:y}\",\n"
     " \"C_TOKEN\": \"${localEnv:OTHER}\",\n"
     " \"D\": \"${localEnv:USER}\", \"E_TOKEN\": \"\"},\n"
     " \"options\": [\"--build-arg\", \"F=${localEnv:F_TOKEN}\", "
     "\"--build-arg=G_TOKEN\", \"--secret\", \"id=H_TOKEN\"]},\n"
     " \"features\": {\"ghcr.io/a/b/c\": {\"token\": \"${localEnv:X}\"}}}",
     "build_secret",
     "build_secret(2:7, " AT "NPM_TOKEN, build.args)\n"
     "build_secret(3:7, " AT "ACR_CONTAINER_REGISTRY_SERVER, build.args)\n"
     "build_secret(4:13, " AT "C_TOKEN, build.args)\n"
     "build_secret(6:29, " AT "F_TOKEN, build.options)\n"
     "build_secret(6:54, " AT "G_TOKEN, build.options)\n"
     "build_secret(7:42, " AT "TOKEN, an option of a Feature)\n",
     "",
     {{DOCKERFILE, "FROM scratch\n"}}},
    {"arguments of no build",
     "{\"image\": \"x\", \"build\": {\"args\": {\"A\": \"${localEnv:NPM_TOKEN}\"}}}",
     "build_secret",
     "",
     "",
     {{0}}},

    /* --- mounts --- */
    {"mounts of what holds credentials",
     "{\"mounts\": [\n"
     " \"source=${localEnv:HOME}${localEnv:USERPROFILE}/.aws,target=/a,type=bind\",\n"
     " {\"type\": \"bind\", \"source\": \"~/.config/gh\", \"target\": \"/g\"},\n"
     " \"type=bind,src=/home/me/backup/.ssh/id_rsa,dst=/s\",\n"
     " \"type=bind,source=/var/run/docker.sock,target=/d\",\n"
     " \"type=bind,source=${localEnv:HOME},target=/h\",\n"
     " \"type=bind,source=/root/.docker/config.json,target=/c\"],\n"
     " \"runArgs\": [\"-v\", \"${env:HOME}/.kube:/k:ro\", "
     "\"--volume=/Users/me/.gnupg:/g\", \"--mount\", "
     "\"type=bind,source=${localEnv:HOME:/root}/.netrc,target=/n\"]}",
     "credential_mount",
     "credential_mount(8:20, " AT "~/.kube, runArgs)\n"
     "credential_mount(8:47, " AT "~/.gnupg, runArgs)\n"
     "credential_mount(8:90, " AT "~/.netrc, runArgs)\n"
     "credential_mount(2:2, " AT "~/.aws, mounts)\n"
     "credential_mount(3:2, " AT "~/.config/gh, mounts)\n"
     "credential_mount(4:2, " AT "~/.ssh, mounts)\n"
     "credential_mount(5:2, " AT "the socket of the container engine, mounts)\n"
     "credential_mount(6:2, " AT "~, mounts)\n"
     "credential_mount(7:2, " AT "~/.docker, mounts)\n",
     "",
     {{0}}},
    {"mounts of something else",
     "{\"mounts\": [\n"
     " \"source=${localWorkspaceFolder}/.aws,target=/a,type=bind\",\n"
     " \"source=.ssh,target=/b,type=volume\",\n"
     " \"source=${localEnv:HOME}/.ssh,target=/b,type=volume\",\n"
     " \"source=${localEnv:HOME}/.ssh/known_hosts,target=/c,type=bind\",\n"
     " \"source=${localEnv:HOME}/.ssh/id_rsa.pub,target=/d,type=bind\",\n"
     " \"source=${localEnv:HOME}/.docker/cli-plugins,target=/e,type=bind\",\n"
     " \"source=${localEnv:HOME}/.config/nvim,target=/f,type=bind\",\n"
     " \"source=${localEnv:HF_HOME},target=/g,type=bind\",\n"
     " \"source=${localEnv:HOME}/.awsome,target=/h,type=bind\",\n"
     " {\"type\": \"volume\", \"source\": \"docker.sock\", \"target\": \"/i\"}],\n"
     " \"runArgs\": [\"-v\", \"cache:/root/.aws\", \"-v\", \"/root/.aws\"]}",
     "credential_mount",
     "",
     "",
     {{0}}},
    {"mounts of a compose file",
     USES_COMPOSE,
     "credential_mount",
     "credential_mount(5:9, " AT "~/.aws, volumes)\n"
     "credential_mount(6:9, " AT "the socket of the container engine, volumes)\n"
     "credential_mount(8:17, " AT "~/.ssh, volumes)\n"
     "credential_mount(10:21, " AT "the socket of the container engine, "
     "use_api_socket)\n",
     "",
     {{COMPOSE, "services:\n  app:\n    image: x\n    volumes:\n"
                "      - ~/.aws:/a:ro\n      - /var/run/docker.sock:/d\n"
                "      - type: bind\n        source: ${HOME}/.ssh\n        target: /s\n"
                "    use_api_socket: true\n"
                "  off:\n    image: y\n    profiles: [z]\n    volumes:\n"
                "      - ~/.kube:/k\n"}}},
};

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] =
            (struct CMUnitTest){cases[i].name, it_extracts, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
