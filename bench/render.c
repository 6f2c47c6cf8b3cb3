#include "organization.h"

#include "base/json_out.h"

enum { DEPTH_MAX = 8 };

static const char *const extensions[] = {
    "ms-python.python",
    "dbaeumer.vscode-eslint",
    "esbenp.prettier-vscode",
    "golang.go",
    "rust-lang.rust-analyzer",
    "ms-azuretools.vscode-docker",
    "github.copilot",
    "eamodio.gitlens",
    "redhat.vscode-yaml",
    "ms-vscode.cpptools",
    "hashicorp.terraform",
    "editorconfig.editorconfig",
    "timonwong.shellcheck",
    "prisma.prisma",
    "graphql.vscode-graphql",
    "svelte.svelte-vscode",
    "mikestead.dotenv",
    "davidanson.vscode-markdownlint",
    "bradlc.vscode-tailwindcss",
};

static const char *const settings[][2] = {
    {"editor.formatOnSave", "true"},
    {"editor.tabSize", "2"},
    {"files.eol", "\"\\n\""},
    {"terminal.integrated.defaultProfile.linux", "\"bash\""},
    {"python.defaultInterpreterPath", "\"/usr/local/bin/python\""},
    {"search.exclude", "{ \"**/node_modules\": true, \"**/dist\": true, }"},
    {"telemetry.telemetryLevel", "\"off\""},
};

static const char *const remarks[] = {
    "Use 'forwardPorts' to make ports of the container available locally.",
    "Tool-specific properties.",
    "Uncomment to connect as root. See https://aka.ms/dev-containers-non-root.",
    "More of them: https://containers.dev/features",
    "Runs once the container is there.",
    "bump this when the base image is rebuilt, see \"DEVX-1412\"",
    "needed by the integration tests; do not remove",
};

static const char *const commands[] = {
    "npm ci", "pip3 install --user -r requirements.txt", "go mod download",
    "bash .devcontainer/setup.sh && echo \"ready // ok\""};

/* JSON as people write it: with comments and trailing commas. */
typedef struct Json {
    Buffer *out;
    uint64_t random;
    uint32_t depth;
    bool has_items[DEPTH_MAX];
} Json;

static void json_line(Json *json)
{
    buffer_add_byte(json->out, '\n');
    buffer_add_times(json->out, '\t', json->depth);
}

static void json_item(Json *json)
{
    bool *has_items = &json->has_items[json->depth];

    if (*has_items)
        buffer_add_byte(json->out, ',');
    if (*has_items && chance(&json->random, 4))
        buffer_format(json->out, " // %.20s", PICK(&json->random, remarks));
    *has_items = true;
    json_line(json);
    if (json->depth == 1 && chance(&json->random, 30)) {
        buffer_format(json->out, "// %s", PICK(&json->random, remarks));
        json_line(json);
    } else if (chance(&json->random, 3)) {
        buffer_format(json->out, "/* %s */", PICK(&json->random, remarks));
        json_line(json);
    }
}

static void json_open(Json *json, char bracket)
{
    buffer_add_byte(json->out, bracket);
    json->has_items[++json->depth] = false;
}

static void json_close(Json *json, char bracket)
{
    if (json->has_items[json->depth] && chance(&json->random, 50))
        buffer_add_byte(json->out, ',');
    json->depth--;
    json_line(json);
    buffer_add_byte(json->out, bracket);
}

static void json_name(Json *json, const char *key)
{
    json_item(json);
    json_add_quoted(json->out, text_of(key));
    buffer_add(json->out, TEXT(": "));
}

static void json_string(Json *json, const char *key, Text value)
{
    json_name(json, key);
    json_add_quoted(json->out, value);
}

/* A value as it stands. */
static void json_raw(Json *json, const char *key, const char *value)
{
    json_name(json, key);
    buffer_add(json->out, text_of(value));
}

static void json_customizations(Json *json)
{
    uint32_t first = below(&json->random, COUNT(extensions));
    uint32_t count = 2 + below(&json->random, COUNT(extensions) - 2);

    json_name(json, "customizations");
    json_open(json, '{');
    json_name(json, "vscode");
    json_open(json, '{');
    json_name(json, "extensions");
    json_open(json, '[');
    for (uint32_t i = 0; i < count; i++) {
        json_item(json);
        json_add_quoted(json->out,
                        text_of(extensions[(first + i) % COUNT(extensions)]));
    }
    json_close(json, ']');
    if (chance(&json->random, 60)) {
        json_name(json, "settings");
        json_open(json, '{');
        for (size_t i = below(&json->random, COUNT(settings)); i < COUNT(settings); i++)
            json_raw(json, settings[i][0], settings[i][1]);
        json_close(json, '}');
    }
    json_close(json, '}');
    json_close(json, '}');
}

static void json_features(Json *json, const Repository *repository)
{
    json_name(json, "features");
    json_open(json, '{');
    for (uint32_t i = 0; i < repository->nfeatures; i++) {
        json_item(json);
        json_add_quoted(json->out, repository->features[i]);
        buffer_add(json->out,
                   chance(&json->random, 50)
                       ? TEXT(": {}")
                       : TEXT(": { \"version\": \"latest\", \"installTools\": true }"));
    }
    json_close(json, '}');
}

/* The part of an image before its tag, and the tag: a port is no tag. */
static void split_tag(Text image, Text *name, Text *tag)
{
    size_t colon = text_find_last_byte(image, ':');

    *name = text_slice(image, 0, colon);
    *tag = text_from(image, colon + 1);
}

static void json_source(Json *json, const Repository *repository)
{
    Text name, tag;

    switch (repository->kind) {
    case IMAGE:
        json_string(json, "image", repository->images[0]);
        break;
    case DOCKERFILE:
        split_tag(repository->images[0], &name, &tag);
        json_name(json, "build");
        json_open(json, '{');
        json_raw(json, "dockerfile", "\"Dockerfile\"");
        json_raw(json, "context", "\"..\"");
        json_name(json, "args");
        json_open(json, '{');
        json_string(json, "VARIANT", tag);
        json_close(json, '}');
        json_close(json, '}');
        break;
    case COMPOSE:
        json_raw(json, "dockerComposeFile",
                 chance(&json->random, 80) ? "\"docker-compose.yml\""
                                           : "[\"docker-compose.yml\"]");
        json_raw(json, "service", "\"app\"");
        json_raw(json, "workspaceFolder",
                 "\"/workspaces/${localWorkspaceFolderBasename}\"");
        break;
    }
}

void render_devcontainer(Buffer *out, const Repository *repository)
{
    Json json = {.out = out, .random = repository->seed};
    uint64_t *random = &json.random;

    if (chance(random, 60))
        buffer_add(
            out, TEXT("// For format details, see https://containers.dev. For how it\n"
                      "// is used here, see the README of the platform team.\n"));
    json_open(&json, '{');
    json_string(&json, "name", text_from(repository->name, sizeof(OWNER)));
    json_source(&json, repository);
    if (repository->nfeatures)
        json_features(&json, repository);
    if (chance(random, 88))
        json_customizations(&json);
    if (chance(random, 50))
        json_raw(&json, "forwardPorts", "[3000, 8080, \"db:5432\"]");
    if (chance(random, 25))
        json_raw(&json, "portsAttributes", "{ \"3000\": { \"label\": \"web\" } }");
    if (chance(random, 55))
        json_string(&json, "postCreateCommand", text_of(PICK(random, commands)));
    if (chance(random, 20))
        json_raw(
            &json, "postStartCommand",
            "{ \"server\": \"npm start\", \"db\": [\"mysql\", \"-u\", \"root\"] }");
    if (chance(random, 30))
        json_raw(&json, "containerEnv",
                 "{ \"API_URL\": \"http://localhost:8080/*v1*/\" }");
    if (chance(random, 20))
        json_raw(&json, "mounts", "[\"source=cache,target=/cache,type=volume\"]");
    if (chance(random, 15))
        json_raw(&json, "hostRequirements", "{ \"cpus\": 4, \"memory\": \"8gb\" }");
    if (chance(random, 60))
        json_raw(&json, "remoteUser", "\"vscode\"");
    json_close(&json, '}');
    buffer_add_byte(out, '\n');
}

void render_dockerfile(Buffer *out, const Repository *repository)
{
    Text name, tag;

    split_tag(repository->images[0], &name, &tag);
    buffer_add(out, TEXT("# syntax=docker/dockerfile:1\n"));
    buffer_format(out, "ARG VARIANT=%.*s\n", TEXT_ARG(tag));
    buffer_format(out, "FROM %.*s:${VARIANT}%s\n", TEXT_ARG(name),
                  repository->nimages > 1 ? " AS tools" : "");
    buffer_add(out, TEXT("RUN apt-get update && export DEBIAN_FRONTEND=noninteractive "
                         "\\\n    && apt-get -y install --no-install-recommends jq\n"));
    if (repository->nimages > 1)
        buffer_format(out, "FROM %.*s\nCOPY --from=tools /opt /opt\n",
                      TEXT_ARG(repository->images[1]));
}

void render_compose(Buffer *out, const Repository *repository)
{
    Text name, tag;

    buffer_format(out,
                  "services:\n  app:\n    image: %.*s\n    restart: unless-stopped\n"
                  "    volumes:\n      - ../..:/workspaces:cached\n"
                  "    command: sleep infinity\n",
                  TEXT_ARG(repository->images[0]));
    for (uint32_t i = 1; i < repository->nimages; i++) {
        split_tag(repository->images[i], &name, &tag);
        buffer_format(out,
                      "  service%u:\n    image: %.*s:${SERVICE_TAG:-%.*s}\n"
                      "    environment:\n      LANG: C.UTF-8\n",
                      i, TEXT_ARG(name), TEXT_ARG(tag));
    }
}
