#include "repair_model.h"

#include <assert.h>
#include <string.h>
#include <sys/stat.h>

/* splitmix64 */
static uint32_t draw(uint64_t *state, uint32_t bound)
{
    uint64_t mixed = *state += UINT64_C(0x9E3779B97F4A7C15);

    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((mixed ^ mixed >> 31) % bound);
}

#define PICK(state, list) ((list)[draw((state), sizeof(list) / sizeof(*(list)))])

/* --- one at random --- */

static void draw_repositories(Model *model, uint64_t *state)
{
    static const char *const visibilities[] = {"public",  "public",   "private",
                                               "private", "internal", NULL};
    static const Text names[] = {TEXT_INIT("octo-org/site"),
                                 TEXT_INIT("octo-org/images"), TEXT_INIT("octo-org/x")};

    for (uint32_t i = 0; i < MODEL_REPOSITORIES; i++) {
        ModelRepository *repository = &model->repositories[i];

        repository->name = names[i];
        repository->visibility = PICK(state, visibilities);
        repository->is_listed = i != 0 || draw(state, 12) != 0;
        repository->has_prebuilds = draw(state, 4) == 0;
    }
    model->lists_organization = draw(state, 3) != 0;
}

static void draw_package(Model *model, uint64_t *state)
{
    static const char *const visibilities[] = {"public",   "private",  "private",
                                               "internal", "internal", NULL};
    static const char *const links[] = {
        "octo-org/site", "octo-org/images", "octo-org/images", "none", "none", NULL};
    static const char *const publishers[] = {"actions", "pat", NULL};
    static const char *const inherits[] = {"true",  "false",   "false",
                                           "false", "unknown", NULL};

    model->has_package = draw(state, 8) != 0;
    model->visibility = PICK(state, visibilities);
    model->link = PICK(state, links);
    model->published_by = PICK(state, publishers);
    model->inherits = PICK(state, inherits);
    model->grants_site = draw(state, 8) == 0;
    model->grants_unknown = draw(state, 8) == 0;
}

static void draw_secret(Model *model, Arena *arena, uint64_t *state,
                        const char *identifier, const char *member)
{
    static const char *const policies[] = {
        "all", "private", "private", "selected", "selected", "selected", NULL};
    static const Text servers[] = {TEXT_INIT("octo.azurecr.io"),
                                   TEXT_INIT("octo.azurecr.io"),
                                   TEXT_INIT(""),
                                   TEXT_INIT("octoo.azurecr.io"),
                                   TEXT_INIT("docker.io"),
                                   TEXT_INIT("ghcr.io")};
    ModelSecret secret = {
        .name = arena_format(arena, "%s_CONTAINER_REGISTRY_%s", identifier, member)};

    secret.holder = draw(state, 4) ? TEXT("octo-org") : TEXT("octo-org/site");
    secret.visibility = PICK(state, policies);
    secret.assigned = draw(state, 3) == 0;
    secret.assigned_unknown = draw(state, 10) == 0;
    if (strcmp(member, "SERVER") == 0)
        secret.value = PICK(state, servers);
    model->secrets[model->nsecrets++] = secret;
}

static void draw_secrets(Model *model, Arena *arena, uint64_t *state)
{
    static const char *const identifiers[] = {"ACR", "BOX"};
    static const char *const members[] = {"SERVER", "USER", "PASSWORD"};

    model->lists_secrets = draw(state, 8) != 0;
    for (uint32_t i = 0; i < 2; i++) {
        bool is_there = draw(state, 2) != 0;

        for (uint32_t j = 0; j < 3; j++) {
            if (is_there && draw(state, 5) != 0)
                draw_secret(model, arena, state, identifiers[i], members[j]);
        }
    }
}

Model model_random(Arena *arena, uint64_t seed)
{
    typedef struct Asked {
        Text image, server;
    } Asked;
    static const Asked asked[] = {
        {TEXT_INIT("ghcr.io/octo-org/base:1"), TEXT_INIT("ghcr.io")},
        {TEXT_INIT("ghcr.io/octo-org/base:1"), TEXT_INIT("ghcr.io")},
        {TEXT_INIT("ghcr.io/octo-org/base:1"), TEXT_INIT("ghcr.io")},
        {TEXT_INIT("ghcr.io/other/base:1"), TEXT_INIT("ghcr.io")},
        {TEXT_INIT("octo.azurecr.io/team/base:1"), TEXT_INIT("octo.azurecr.io")},
        {TEXT_INIT("octo.azurecr.io/team/base:1"), TEXT_INIT("octo.azurecr.io")},
        {TEXT_INIT("docker.io/team/base:1"), TEXT_INIT("https://index.docker.io/v1/")},
        {TEXT_INIT("quay.io/team/base:1"), TEXT_INIT("quay.io")}};
    uint64_t state = seed;
    Model model = {.phase = TEXT("create")};

    const Asked *chosen = &PICK(&state, asked);
    model.image = chosen->image;
    model.server = chosen->server;
    model.package = text_starts_with(model.image, TEXT("ghcr.io/other"))
                        ? TEXT("other/base")
                        : TEXT("octo-org/base");
    draw_repositories(&model, &state);
    draw_package(&model, &state);
    draw_secrets(&model, arena, &state);
    model.is_referenced = draw(&state, 4) != 0;
    if (model.is_referenced && model.repositories[0].has_prebuilds &&
        model.repositories[0].is_listed && draw(&state, 2))
        model.phase = TEXT("prebuild");
    return model;
}

/* --- as files --- */

static void add_line(FILE *file, const char *key, const char *value)
{
    if (value)
        fprintf(file, "    %s: %s\n", key, value);
}

static void write_repositories(const Model *model, FILE *file)
{
    fputs("repositories:\n", file);
    for (uint32_t i = 0; i < MODEL_REPOSITORIES; i++) {
        const ModelRepository *repository = &model->repositories[i];

        if (!repository->is_listed)
            continue;
        fprintf(file, "  - name: %.*s\n", TEXT_ARG(repository->name));
        add_line(file, "visibility", repository->visibility);
        add_line(file, "prebuilds", repository->has_prebuilds ? "true" : NULL);
    }
}

static void write_package(const Model *model, FILE *file)
{
    static const char *const lists[] = {NULL, "[octo-org/site]", "unknown",
                                        "[unknown, octo-org/site]"};

    if (!model->has_package)
        return;
    fprintf(file, "packages:\n  - name: %.*s\n", TEXT_ARG(model->package));
    add_line(file, "visibility", model->visibility);
    if (model->linked.len)
        fprintf(file, "    repository: %.*s\n", TEXT_ARG(model->linked));
    else
        add_line(file, "repository", model->link);
    add_line(file, "published_by", model->published_by);
    add_line(file, "inherit_access", model->inherits);
    add_line(file, "codespaces_access",
             lists[model->grants_unknown * 2 + model->grants_site]);
}

static bool is_repository(Text holder)
{
    return text_find_byte(holder, '/') != holder.len;
}

static void write_secret(const ModelSecret *secret, FILE *file)
{
    static const char *const lists[] = {NULL, "[octo-org/site]", "unknown",
                                        "[unknown, octo-org/site]"};

    fprintf(file, "  - name: %.*s\n    %s: %.*s\n", TEXT_ARG(secret->name),
            is_repository(secret->holder) ? "repository" : "organization",
            TEXT_ARG(secret->holder));
    if (secret->value.len)
        fprintf(file, "    value: %.*s\n", TEXT_ARG(secret->value));
    if (is_repository(secret->holder))
        return;
    add_line(file, "visibility", secret->visibility);
    add_line(file, "repositories",
             lists[secret->assigned_unknown * 2 + secret->assigned]);
}

static void write_manifest(const Model *model, FILE *file)
{
    if (model->lists_organization)
        fputs("organizations:\n  - name: octo-org\n", file);
    write_repositories(model, file);
    write_package(model, file);
    if (model->lists_secrets)
        fputs(model->nsecrets ? "secrets:\n" : "secrets: []\n", file);
    for (uint32_t i = 0; model->lists_secrets && i < model->nsecrets; i++)
        write_secret(&model->secrets[i], file);
}

static FILE *open_file(Arena *arena, const char *directory, const char *name)
{
    FILE *file = fopen(arena_format(arena, "%s/%s", directory, name).at, "w");

    assert(file);
    return file;
}

void model_write(const Model *model, Arena *arena, const char *directory)
{
    static const char *const folders[] = {"berth", "repos", "repos/octo-org",
                                          "repos/octo-org/site"};

    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
        (void)mkdir(arena_format(arena, "%s/%s", directory, folders[i]).at, 0700);
    FILE *file = open_file(arena, directory, "berth.yaml");
    fputs("checkouts: repos\n", file);
    fclose(file);
    file = open_file(arena, directory, "berth/access.yaml");
    write_manifest(model, file);
    fclose(file);
    file = open_file(arena, directory, "repos/octo-org/site/.devcontainer.json");
    fprintf(file, "{\"image\": \"%.*s\"}\n",
            TEXT_ARG(model->is_referenced ? model->image : TEXT("node:20")));
    fclose(file);
}

void model_print(const Model *model, FILE *out)
{
    fprintf(out, "# %.*s in the phase %.*s, %s\n", TEXT_ARG(model->image),
            TEXT_ARG(model->phase),
            model->is_referenced ? "referenced" : "not referenced");
    write_manifest(model, out);
}

/* --- changes, by their words --- */

/* What stands in `says` between two texts, which it begins with and holds. */
static bool between(Text says, const char *before, const char *after, Text *found,
                    Text *rest)
{
    Text start = text_of(before), end = text_of(after);

    if (!text_starts_with(says, start))
        return false;
    says = text_from(says, start.len);
    size_t at = end.len ? text_find(says, end) : says.len;
    if (at + end.len > says.len)
        return false;
    *found = text_slice(says, 0, at);
    *rest = text_from(says, at + end.len);
    return true;
}

static ModelSecret *find_secret(Model *model, Text name, Text holder)
{
    for (uint32_t i = 0; model->lists_secrets && i < model->nsecrets; i++) {
        ModelSecret *secret = &model->secrets[i];

        if (text_equal(secret->name, name) && text_equal(secret->holder, holder))
            return secret;
    }
    return NULL;
}

static void add_secret(Model *model, Text name, Text where)
{
    size_t comma = text_find(where, TEXT(", assigned to "));
    ModelSecret secret = {.name = name, .holder = text_slice(where, 0, comma)};

    if (!is_repository(secret.holder)) {
        secret.visibility = "selected";
        secret.assigned = true;
    }
    if (text_ends_with(name, TEXT("_SERVER")))
        secret.value = model->server;
    if (!model->lists_secrets)
        model->nsecrets = 0;
    model->lists_secrets = true;
    assert(model->nsecrets < MODEL_SECRETS_MAX);
    model->secrets[model->nsecrets++] = secret;
}

static void add_triple(Model *model, Arena *arena, Text identifier, Text where)
{
    static const char *const members[] = {"SERVER", "USER", "PASSWORD"};

    for (uint32_t i = 0; i < 3; i++)
        add_secret(model,
                   arena_format(arena, "%.*s_CONTAINER_REGISTRY_%s",
                                TEXT_ARG(identifier), members[i]),
                   where);
}

static bool change_secret(Model *model, Arena *arena, Text says)
{
    Text name, holder, rest;
    ModelSecret *secret;

    if (between(says, "add the triple ", " for ", &name, &rest) &&
        between(rest, "", " to ", &holder, &rest)) {
        add_triple(model, arena, name, rest);
        return true;
    }
    if (between(says, "add ", " to ", &name, &rest)) {
        add_secret(model, name, rest);
        return true;
    }
    if (between(says, "assign ", " of ", &name, &rest) &&
        between(rest, "", " to ", &holder, &rest) &&
        (secret = find_secret(model, name, holder)) != NULL) {
        secret->assigned = true;
        secret->visibility = "selected";
        return true;
    }
    if (between(says, "let ", " of ", &name, &rest) &&
        between(rest, "", " reach all repositories", &holder, &rest) &&
        (secret = find_secret(model, name, holder)) != NULL) {
        secret->visibility = "all";
        return true;
    }
    if (between(says, "set ", " of ", &name, &rest) &&
        between(rest, "", " to ", &holder, &rest) &&
        (secret = find_secret(model, name, holder)) != NULL) {
        secret->value = rest;
        return true;
    }
    return false;
}

/* An entry for what had none leaves the rest open. */
static void mention_package(Model *model)
{
    if (model->has_package)
        return;
    model->has_package = true;
    model->visibility = model->link = model->published_by = model->inherits = NULL;
    model->grants_site = model->grants_unknown = false;
}

static bool change_visibility(Model *model, Text subject, const char *visibility)
{
    if (text_equal(subject, model->package)) {
        mention_package(model);
        model->visibility = visibility;
        return true;
    }
    if (text_equal(subject, model->repositories[0].name)) {
        model->repositories[0].is_listed = true;
        model->repositories[0].visibility = visibility;
        return true;
    }
    return false;
}

bool model_change(Model *model, Arena *arena, Text says)
{
    Text name, rest;

    if (between(says, "grant octo-org/site under the Codespaces access of ", "", &name,
                &rest)) {
        mention_package(model);
        model->grants_site = true;
        return text_equal(name, model->package);
    }
    if (between(says, "let ", " inherit access from the repository", &name, &rest)) {
        model->inherits = "true";
        return text_equal(name, model->package);
    }
    if (between(says, "link ", " to ", &name, &rest)) {
        model->linked = text_slice(rest, 0, text_find(rest, TEXT(" in place of ")));
        return text_equal(name, model->package);
    }
    if (between(says, "make ", " public, which cannot be undone", &name, &rest))
        return change_visibility(model, name, "public");
    if (between(says, "make ", " internal", &name, &rest))
        return change_visibility(model, name, "internal");
    if (between(says, "make ", " private", &name, &rest))
        return change_visibility(model, name, "private");
    return change_secret(model, arena, says);
}
