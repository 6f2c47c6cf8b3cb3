#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "configuration_fixture.h"

static Case cases[] = {
    /* --- images --- */
    {"an image",
     "{\n \"image\": \"ubuntu:22.04\"\n}",
     "configuration,reference,reference_name,reference_auth,via",
     "configuration(1:1, " AT "octo-org/site, " CONFIGURATION ")\n"
     "reference(2:11, " AT "docker.io/library/ubuntu:22.04, image, pulled, create)\n"
     "reference_name(docker.io/library/ubuntu:22.04, docker.io, library/ubuntu, "
     "library, 22.04, )\n"
     "reference_auth(image, both)\n",
     "",
     {{0}}},
    {"a host in capitals is lower in its own column alone",
     "{\"image\": \"GHCR.IO/Octo-Org/x\"}",
     "reference",
     "",
     "input/invalid-reference 1:11 this is no valid image reference: its repository is "
     "not in lower case\n",
     {{0}}},
    {"a host is compared in lower case",
     "{\"image\": \"GHCR.IO/octo-org/x\"}",
     "reference,reference_name",
     "reference(1:11, " AT "GHCR.IO/octo-org/x:latest, image, pulled, create)\n"
     "reference_name(GHCR.IO/octo-org/x:latest, ghcr.io, octo-org/x, octo-org, latest, "
     ")\n",
     "",
     {{0}}},
    {"a default is assumed",
     "{\"image\": \"${localEnv:IMAGE:ghcr.io/octo-org/x}\"}",
     "reference,unresolved_reference",
     "reference(1:11, " AT "ghcr.io/octo-org/x:latest, image, pulled, create)\n",
     "",
     {{0}}},
    {"without a default it is not resolved",
     "{\"image\": \"${localEnv:HOST}/octo-org/x:1\"}",
     "reference,unresolved_reference",
     "unresolved_reference(1:11, " AT "image, ${localEnv:HOST}/octo-org/x:1, "
     "localEnv:HOST)\n",
     "input/unresolved-reference 1:11 this reference depends on 'localEnv:HOST', which "
     "only the machine knows\n",
     {{0}}},
    {"a tag that is not resolved leaves the repository exact",
     "{\"image\": \"ghcr.io/octo-org/x:${localEnv:TAG}\"}",
     "reference,unresolved_reference",
     "reference(1:11, " AT
     "ghcr.io/octo-org/x:${localEnv:TAG}, image, pulled, create)\n",
     "",
     {{0}}},
    {"what is replaced in the container alone is no image",
     "{\"image\": \"x:${containerEnv:T:1}\"}",
     "reference,unresolved_reference",
     "",
     "input/invalid-reference 1:11 this is no valid image reference: its tag is not "
     "well formed\n",
     {{0}}},
    {"a variable without a name is refused",
     "{\"image\": \"x:${localEnv}\"}",
     "reference",
     "",
     "input/syntax 1:11 this variable is refused: it names no variable, expected "
     "'${localEnv:NAME}'\n",
     {{0}}},
    {"an empty image",
     "{\"image\": \"\"}",
     "reference",
     "",
     "input/invalid-reference 1:11 this is no valid image reference: it is empty\n",
     {{0}}},
    {"an image that is no string",
     "{\"image\": null}",
     "reference",
     "",
     "input/invalid-reference 1:11 'image' is no string, expected an image reference\n",
     {{0}}},
    {"no image at all is the host's default",
     "{}",
     "configuration,reference,opaque",
     "configuration(1:1, " AT "octo-org/site, " CONFIGURATION ")\n"
     "opaque(1:1, " AT
     "host-default, the default image of the host, since the configuration "
     "names none)\n",
     "",
     {{0}}},
    {"what a proposal names was not read",
     "{\"extends\": \"./base.json\", \"image\": \"a:1\"}",
     "reference,opaque",
     "reference(1:37, " AT "docker.io/library/a:1, image, pulled, create)\n"
     "opaque(1:13, " AT "implicit, 'extends' is a proposal; the file it names was not "
     "read)\n",
     "",
     {{0}}},
    {"a password in a reference becomes no fact",
     "{\"image\": \"bob:hunter2@reg.example/${localEnv:X}\"}",
     "unresolved_reference",
     "unresolved_reference(1:11, " AT "image, bob:•••@reg.example/${localEnv:X}, "
     "localEnv:X)\n",
     "input/unresolved-reference 1:11 this reference depends on 'localEnv:X', which "
     "only the machine knows\n",
     {{0}}},
    {"a configuration that is no object",
     "[]",
     "configuration,reference",
     "configuration(1:1, " AT "octo-org/site, " CONFIGURATION ")\n",
     "input/syntax 1:1 a configuration is an object, expected '{'\n",
     {{0}}},

    /* --- branches --- */
    {"with a Dockerfile the image is the result's name",
     "{\"image\": \"ghcr.io/octo-org/x\", \"build\": {\"dockerfile\": \"Dockerfile\"}}",
     "reference,via",
     "reference(1:6, " AT "ghcr.io/octo-org/base:1, stage, pulled, create)\n"
     "via(" AT "1:6, 1:57)\n",
     "",
     {{".devcontainer/Dockerfile", "FROM ghcr.io/octo-org/base:1\n"}}},
    {"the older key wins",
     "{\"dockerFile\": \"A\", \"build\": {\"dockerfile\": \"B\"}}",
     "reference",
     "reference(1:6, " AT "docker.io/library/a:1, stage, pulled, create)\n",
     "",
     {{".devcontainer/A", "FROM a:1\n"}, {".devcontainer/B", "FROM b:1\n"}}},
    {"an image and a compose file are both pulled",
     "{\"image\": \"a:1\", \"dockerComposeFile\": \"c.yml\", \"service\": \"app\"}",
     "reference",
     "reference(1:11, " AT "docker.io/library/a:1, image, pulled, create)\n"
     "reference(3:12, " AT "docker.io/library/b:1, compose-image, pulled, create)\n",
     "",
     {{".devcontainer/c.yml", "services:\n  app:\n    image: b:1\n"}}},
    {"an empty list of compose files is the machine's choice",
     "{\"dockerComposeFile\": [], \"service\": \"app\"}",
     "reference,opaque",
     "opaque(1:23, " AT "compose-image, which compose files are read depends on the "
     "machine)\n",
     "",
     {{0}}},
    {"an empty list of compose files is the classic two in the workspace's folder",
     "{\"dockerComposeFile\": [], \"service\": \"app\"}",
     "reference,opaque",
     "reference(1:25, " AT "docker.io/library/a:2, compose-image, pulled, create)\n",
     "",
     {{"docker-compose.yml", "services: {app: {image: a:1}}\n"},
      {"docker-compose.override.yml", "services: {app: {image: a:2}}\n"}}},
    {"an empty list of compose files, and COMPOSE_FILE in the folder's .env",
     "{\"dockerComposeFile\": [], \"service\": \"app\"}",
     "reference,opaque",
     "reference(1:25, " AT "docker.io/library/a:3, compose-image, pulled, create)\n",
     "",
     {{".env", "COMPOSE_FILE=c.yml\n"}, {"c.yml", "services: {app: {image: a:3}}\n"}}},
    {"a compose file that is no path",
     "{\"dockerComposeFile\": [5], \"service\": \"app\"}",
     "reference,opaque",
     "",
     "input/missing-file 1:24 this is no path of a compose file, expected a string\n",
     {{0}}},
    {"a Dockerfile that is not there loses nothing else",
     "{\"build\": {\"dockerfile\": \"none\", \"cacheFrom\": \"a:1\"},\n"
     " \"features\": {\"ghcr.io/octo-org/f/x:1\": {}}}",
     "reference",
     "reference(1:47, " AT "docker.io/library/a:1, cache, pulled, create)\n"
     "reference(2:15, " AT "ghcr.io/octo-org/f/x:1, feature, pulled, create)\n",
     "input/missing-file 1:26 the Dockerfile 'none' does not exist\n",
     {{0}}},
    {"a Dockerfile outside of the repository",
     "{\"build\": {\"dockerfile\": \"../../x\"}}",
     "reference,opaque",
     "opaque(1:26, " AT "stage, its Dockerfile was not read)\n",
     "input/missing-file 1:26 the Dockerfile '../../x' leads out of the repository and "
     "was not opened\n",
     {{0}}},
    {"a Dockerfile by the workspace's folder",
     "{\"build\": {\"dockerfile\": \"${localWorkspaceFolder}/docker/D\"}}",
     "reference",
     "reference(1:6, " AT "docker.io/library/a:1, stage, pulled, create)\n",
     "",
     {{"docker/D", "FROM a:1\n"}}},
    {"a Dockerfile whose path only the machine knows",
     "{\"build\": {\"dockerfile\": \"${localEnv:D}\"}}",
     "reference",
     "",
     "input/unresolved-reference 1:26 the path of this Dockerfile depends on "
     "'localEnv:D', which only the machine knows\n",
     {{0}}},
    {"a build without a Dockerfile",
     "{\"build\": {\"args\": {}}}",
     "reference",
     "",
     "input/missing-file 1:2 'build' names no Dockerfile, expected 'dockerfile' in "
     "it\n",
     {{0}}},

    /* --- the build --- */
    {"arguments and a target",
     "{\"build\": {\"dockerfile\": \"D\", \"args\": {\"R\": \"ghcr.io\", \"V\": 2},\n"
     " \"target\": \"dev\"}}",
     "reference",
     "reference(3:6, " AT "ghcr.io/a/x:2, stage, pulled, create)\n"
     "reference(4:6, " AT "docker.io/library/b:latest, stage, declared, create)\n",
     "",
     {{".devcontainer/D", "ARG R\nARG V=1\nFROM $R/a/x:$V AS dev\nFROM b\n"}}},
    {"options come last",
     "{\"build\": {\"dockerfile\": \"D\", \"args\": {\"R\": \"a\"},\n"
     " \"options\": [\"--build-arg\", \"R=b\", \"--network\", \"host\"]}}",
     "reference",
     "reference(2:6, " AT "docker.io/library/b:latest, stage, pulled, create)\n",
     "",
     {{".devcontainer/D", "ARG R\nFROM $R\n"}}},
    {"another file by an option; the CLI looks at its own, too",
     "{\"build\": {\"dockerfile\": \"D\", \"options\": [\"-f\", \"docker/E\"]}}",
     "reference",
     "reference(1:6, " AT "docker.io/library/a:latest, stage, conditional, create)\n"
     "reference(1:6, " AT "docker.io/library/b:latest, stage, pulled, create)\n",
     "",
     {{".devcontainer/D", "FROM a\n"}, {"docker/E", "FROM b\n"}}},
    {"a named context by an option",
     "{\"build\": {\"dockerfile\": \"D\",\n"
     " \"options\": [\"--build-context=base=docker-image://ghcr.io/a/x:1\"]}}",
     "reference",
     "reference(2:14, " AT "ghcr.io/a/x:1, named-context, pulled, create)\n"
     "reference(1:6, " AT "docker.io/library/base:latest, stage, declared, create)\n",
     "",
     {{".devcontainer/D", "FROM base\n"}}},
    {"caches",
     "{\"dockerFile\": \"D\", \"build\": {\"cacheFrom\": [\"ghcr.io/a/c\",\n"
     " \"type=registry,ref=ghcr.io/a/d:1\",\n \"type=gha,scope=x\"],\n"
     " \"options\": [\"--cache-from=type=registry,ref=ghcr.io/a/e\"]}}",
     "reference",
     "reference(1:45, " AT "ghcr.io/a/c:latest, cache, pulled, create)\n"
     "reference(2:2, " AT "ghcr.io/a/d:1, cache, pulled, create)\n"
     "reference(4:14, " AT "ghcr.io/a/e:latest, cache, pulled, create)\n",
     "",
     {{".devcontainer/D", "FROM scratch\n"}}},
    {"a frontend and generators by arguments and options",
     "{\"build\": {\"dockerfile\": \"D\",\n"
     " \"args\": {\"BUILDKIT_SYNTAX\": \"docker/dockerfile:2\"},\n"
     " \"options\": [\"--sbom=generator=ghcr.io/a/g:1\",\n"
     " \"--attest\", \"type=sbom\",\n \"--sbom=false\", "
     "\"--attest=type=provenance\"]}}",
     "reference",
     "reference(3:14, " AT "ghcr.io/a/g:1, sbom-generator, pulled, create)\n"
     "reference(4:14, " AT "docker.io/docker/buildkit-syft-scanner:stable-1, "
     "sbom-generator, pulled, create)\n"
     "reference(2:30, " AT "docker.io/docker/dockerfile:2, frontend, pulled, create)\n",
     "",
     {{".devcontainer/D", "FROM scratch\n"}}},
    {"what is never built needs not be valid",
     "{\"dockerFile\": \"D\"}",
     "reference,unresolved_reference",
     "reference(3:6, " AT "docker.io/library/a:latest, stage, pulled, create)\n",
     "",
     {{".devcontainer/D", "FROM UPPER AS x\nFROM scratch AS y\nFROM a\n"}}},
    {"images that are mounted",
     "{\"image\": \"a\", \"mounts\": [\n"
     " \"type=image,source=ghcr.io/a/m:1,target=/m\",\n"
     " {\"type\": \"image\", \"source\": \"ghcr.io/a/n:1\"},\n"
     " \"type=bind,source=/x,target=/y\"],\n"
     " \"runArgs\": [\"--mount\",\n \"type=image,src=ghcr.io/a/o:1\", \"--init\"]}",
     "reference",
     "reference(1:11, " AT "docker.io/library/a:latest, image, pulled, create)\n"
     "reference(2:2, " AT "ghcr.io/a/m:1, volume-image, conditional, create)\n"
     "reference(3:30, " AT "ghcr.io/a/n:1, volume-image, conditional, create)\n"
     "reference(6:2, " AT "ghcr.io/a/o:1, volume-image, conditional, create)\n",
     "",
     {{0}}},

    /* --- Features --- */
    {"Features in all their forms",
     "{\"features\": {\n"
     " \"ghcr.io/Octo-Org/f/x:1\": {},\n"
     " \"node\": \"20\",\n"
     " \"https://e.example/devcontainer-feature-x.tgz?token=abc\": {},\n"
     " \"acme/feats/tool@v2\": true,\n"
     " \"fish\": {},\n"
     " \"ghcr.io/a/f/n:^1\": {}}}",
     "reference,reference_auth",
     "reference(2:2, " AT "ghcr.io/octo-org/f/x:1, feature, pulled, create)\n"
     "reference(3:2, " AT "ghcr.io/devcontainers/features/node:1, feature, pulled, "
     "create)\n"
     "reference(4:2, " AT "https://e.example/devcontainer-feature-x.tgz?token=•••, "
     "tarball, pulled, create)\n"
     "reference(5:2, " AT
     "https://github.com/acme/feats/releases/download/v2/tool.tgz, "
     "github-release, pulled, create)\n"
     "reference_auth(host-default, none)\n"
     "reference_auth(feature, devcontainers-http)\n"
     "reference_auth(tarball, none)\n"
     "reference_auth(github-release, github-token)\n",
     "input/invalid-reference 6:2 this is no valid Feature: it is a short name that is "
     "no longer served\n"
     "input/invalid-reference 7:2 this is no valid Feature: its version is no tag "
     "(ranges do not exist)\n",
     {{0}}},
    {"a short name is folded into the Feature that took it over",
     "{\"features\": {\n \"java\": {},\n \"maven\": {},\n \"jupyterlab\": {}}}",
     "reference",
     "reference(2:2, " AT "ghcr.io/devcontainers/features/java:1, feature, pulled, "
     "create)\n"
     "reference(4:2, " AT "ghcr.io/devcontainers/features/python:1, feature, pulled, "
     "create)\n",
     "",
     {{0}}},
    {"an order asks for manifests alone",
     "{\"features\": {},\n"
     " \"overrideFeatureInstallOrder\": [\"ghcr.io/a/f/x\", \"common-utils\"]}",
     "reference",
     "reference(2:34, " AT "ghcr.io/a/f/x:latest, feature-soft, conditional, create)\n",
     "",
     {{0}}},
    {"local Features, what they depend on, and a circle",
     "{\"features\": {\"./x\": {}}}",
     "reference,via",
     "reference(2:16, " AT "ghcr.io/a/f/dep:2, feature-dep, pulled, create)\n"
     "reference(3:20, " AT "ghcr.io/a/f/soft:latest, feature-soft, conditional, "
     "create)\n"
     "reference(1:27, " AT "ghcr.io/a/f/far:1, feature-dep, pulled, create)\n"
     "via(" AT "2:16, 1:15)\n"
     "via(" AT "3:20, 1:15)\n"
     "via(" AT "1:27, 2:41)\n"
     "via(" AT "2:41, 1:15)\n",
     "",
     {{".devcontainer/x/devcontainer-feature.json",
       "{ // the id is x\n"
       " \"dependsOn\": {\"ghcr.io/a/f/dep:2\": {}, \"./y\": {}},\n"
       " \"installsAfter\": [\"ghcr.io/a/f/soft\", \"./z\"]}"},
      {".devcontainer/y/devcontainer-feature.json",
       "{\"dependsOn\": {\"./x\": {}, \"ghcr.io/a/f/far:1\": {}}}"}}},
    {"a local Feature outside of .devcontainer",
     "{\"features\": {\"../x\": {}}}",
     "reference",
     "",
     "input/invalid-reference 1:15 this Feature is outside of '.devcontainer', where "
     "the dev container CLI expects local Features\n",
     {{0}}},
    {"a local Feature that is not there",
     "{\"features\": {\"./x\": {}}}",
     "reference,opaque",
     "opaque(1:1, " AT
     "host-default, the default image of the host, since the configuration "
     "names none)\n"
     "opaque(1:15, " AT "feature, what a local Feature that was not read depends on)\n",
     "input/missing-file 1:15 the Feature './x/devcontainer-feature.json' does not "
     "exist\n",
     {{0}}},
    {"a lockfile pins, and tells what a Feature depends on",
     "{\"features\": {\n \"ghcr.io/a/f/x:1\": {},\n \"ghcr.io/A/f/y:1\": {}}}",
     "reference,via,reference_note",
     "reference(2:2, " AT "ghcr.io/a/f/x@sha256:"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, feature, "
     "pulled, create)\n"
     "reference(3:2, " AT "ghcr.io/a/f/y:1, feature, pulled, create)\n"
     "reference(4:17, " AT "ghcr.io/a/f/dep:1, feature-dep, pulled, create)\n"
     "reference(6:17, " AT "ghcr.io/a/f/x@sha256:"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, feature-dep, "
     "pulled, create)\n"
     "reference(6:36, " AT "ghcr.io/a/f/far:1, feature-dep, pulled, create)\n"
     "reference(7:2, " AT "ghcr.io/a/f/y:1, feature, declared, create)\n"
     "reference_note(2:2, " AT "ghcr.io/a/f/x@sha256:"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, feature, "
     "pulled, the "
     "lockfile resolves it to 'ghcr.io/a/f/x@sha256:b', but its integrity is what is "
     "fetched)\n"
     "reference_note(3:2, " AT
     "ghcr.io/a/f/y:1, feature, pulled, the lockfile spells it "
     "otherwise, and so does not pin it)\n"
     "reference_note(4:17, " AT
     "ghcr.io/a/f/dep:1, feature-dep, pulled, its entry in the "
     "lockfile has no valid integrity, and so does not pin it)\n"
     "reference_note(6:17, " AT "ghcr.io/a/f/x@sha256:"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, feature-dep, "
     "pulled, the lockfile resolves it to 'ghcr.io/a/f/x@sha256:b', but its integrity "
     "is what "
     "is fetched)\n"
     "reference_note(6:36, " AT
     "ghcr.io/a/f/far:1, feature-dep, pulled, the lockfile does not "
     "pin it)\n"
     "reference_note(7:2, " AT "ghcr.io/a/f/y:1, feature, declared, no Feature of the "
     "configuration leads to this entry of the lockfile)\n"
     "via(" AT "4:17, 2:2)\n"
     "via(" AT "2:2, 2:2)\n"
     "via(" AT "6:17, 5:2)\n"
     "via(" AT "5:2, 4:17)\n"
     "via(" AT "4:17, 2:2)\n"
     "via(" AT "2:2, 2:2)\n"
     "via(" AT "6:36, 5:2)\n"
     "via(" AT "5:2, 4:17)\n"
     "via(" AT "4:17, 2:2)\n"
     "via(" AT "2:2, 2:2)\n",
     "",
     {{".devcontainer/devcontainer-lock.json",
       "{\"features\": {\n"
       " \"ghcr.io/a/f/x:1\": {\"integrity\": \"sha256:"
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\n"
       "  \"resolved\": \"ghcr.io/a/f/x@sha256:b\",\n"
       "  \"dependsOn\": [\"ghcr.io/a/f/dep:1\"]},\n"
       " \"ghcr.io/a/f/dep:1\": {\n"
       "  \"dependsOn\": [\"ghcr.io/a/f/x:1\", \"ghcr.io/a/f/far:1\"]},\n"
       " \"ghcr.io/a/f/y:1\": {\"dependsOn\": [\"ghcr.io/a/f/no:1\"]}}}"}}},
    {"an empty lockfile",
     "{\"features\": {\"ghcr.io/a/f/x:1\": {}}}",
     "reference",
     "reference(1:15, " AT "ghcr.io/a/f/x:1, feature, pulled, create)\n",
     "",
     {{".devcontainer/devcontainer-lock.json", "\n"}}},
    {"a lockfile is strict JSON",
     "{\"features\": {\"ghcr.io/a/f/x:1\": {}}}",
     "reference",
     "reference(1:15, " AT "ghcr.io/a/f/x:1, feature, pulled, create)\n",
     "input/syntax 1:1 JSON has no comments\n",
     {{".devcontainer/devcontainer-lock.json", "//\n{}"}}},
    {"Features that are no object",
     "{\"features\": [\"x\"]}",
     "reference",
     "",
     "input/syntax 1:14 'features' is an object whose keys are ids, expected '{'\n",
     {{0}}},

};

static void a_configuration_without_a_repository_has_a_path(void **state)
{
    (void)state;
    Arena *arena = arena_new(1 << 24);

    write_file(arena, CONFIGURATION, "{}");
    Facts *facts = extract(arena, TEXT(""));
    remove_file(arena, CONFIGURATION);
    assert_string_equal(shown_rows(facts, "configuration"),
                        "configuration(1:1, :" CONFIGURATION ", , " CONFIGURATION
                        ")\n");
    arena_free(arena);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 1] = {
        cmocka_unit_test(a_configuration_without_a_repository_has_a_path)};

    for (size_t i = 0; i < COUNT; i++)
        tests[1 + i] =
            (struct CMUnitTest){cases[i].name, it_extracts, NULL, NULL, &cases[i]};
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
