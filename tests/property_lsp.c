/*
 * property_lsp.c: after any changes, `berth lsp` shows what one shows that starts then.
 *
 * A server lives through random edits of a small workspace: manifests, berth.yaml, own
 * rules, configurations and Dockerfiles, changed in the editor or on disk, broken and
 * mended, deleted, moved and made. After each edit a new server looks at the same files
 * with the same documents open, and both have published the same.
 *
 *   BERTH_SEED=3 BERTH_COUNT=400    which edits, and how many
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lsp/server.h"
#include "lsp/uri.h"
#include "lsp_look.h"
#include "syntax/syntax.h"

enum { TEXTS_MAX = 6 };

/* A file, and what it may hold; NULL: it is not there. The first is the start. */
typedef struct FileCase {
    const char *path;
    const char *texts[TEXTS_MAX];
    uint32_t count;
} FileCase;

#define RULE(says, clause)                                                             \
    "/*---\ntitle: An image from Docker Hub\nseverity: warning\nbasis: inferred\n"     \
    "message: \"" says "\"\nhelp: Use the mirror.\n"                                   \
    "documentation: https://wiki.corp.example/images\nscope: repository\n---*/\n"      \
    ".decl images_no_hub(at: Site, repo: Repo, ref: Ref)\n.output images_no_hub\n"     \
    "images_no_hub(at, repo, ref) :- pulls(at, _, repo, ref, _), " clause "\n"
#define HUB "reference_name(ref, \"docker.io\", _, _, _, _)."

#define MANIFEST(repository, package, access)                                          \
    "repositories:\n  - name: octo-org/site\n    visibility: " repository              \
    "\npackages:\n"                                                                    \
    "  - name: octo-org/base\n    visibility: " package "\n"                           \
    "    repository: octo-org/app\n    inherit_access: false\n"                        \
    "    codespaces_access: " access "\n"

static const FileCase files[] = {
    {"berth.yaml",
     {"checkouts: repos\nrules: [policy]\n",
      "checkouts: repos\nrules: [policy]\nseverity: "
      "{leak/public-repo-nonpublic-image: off}\n",
      "checkouts: repos\n", "checkouts: repos\nrules: [policy, other]\n",
      "checkouts: [\n", NULL},
     6},
    {"berth/access.yaml",
     {MANIFEST("public", "internal", "[]"), MANIFEST("private", "internal", "[]"),
      MANIFEST("public", "private", "[octo-org/site, octo-org/app]"),
      "repositories: {\n", NULL},
     5},
    {"policy/images/no-hub.dl",
     {RULE("{repo} pulls {ref} from Docker Hub", HUB),
      RULE("{ref} is of Docker Hub, says {repo}", HUB),
      RULE("{repo} pulls {ref}", "reference_name(ref, \"ghcr.io\", _, _, _, _)."),
      RULE("{repo} pulls {nothing}", HUB), NULL},
     5},
    {"other/words.dl",
     {NULL, "// words\n",
      "/*---\nsays: {own_word: \"{x} is said\"}\n---*/\n.decl "
      "own_word(x: symbol)\nown_word(\"a\").\n",
      ".decl\n"},
     4},
    {"repos/octo-org/site/.devcontainer.json",
     {"{\"image\": \"ghcr.io/octo-org/base:1\"}\n", "{\"image\": \"ubuntu:22.04\"}\n",
      "{\"image\": \"\n",
      "{\"image\": \"ghcr.io/octo-org/base:2\",\n\"features\": "
      "{\"ghcr.io/octo-org/tool:1\": {}}}\n",
      NULL},
     5},
    {"repos/octo-org/app/.devcontainer/devcontainer.json",
     {"{\"build\": {\"dockerfile\": \"Dockerfile\"}}\n",
      "{\n\n  \"build\": {\"dockerfile\": \"Other\"}}\n", NULL},
     3},
    {"repos/octo-org/app/.devcontainer/Dockerfile",
     {"FROM ghcr.io/octo-org/base:1\nRUN true\n", "# nothing\nFROM ubuntu\n", "FRO x\n",
      NULL},
     4},
    {"repos/octo-org/app/.devcontainer/Other", {NULL, "FROM debian:12\n"}, 2},
    {"repos/octo-org/late/.devcontainer.json",
     {NULL, "{\"image\": \"ghcr.io/octo-org/none:1\"}\n",
      "{\"image\": \"ghcr.io/OCTO-ORG/base:1\"}\n"},
     3},
};
enum { NFILES = sizeof(files) / sizeof(*files) };

/* --- a client in the same process --- */

/* What was published last of a file, if it is anything. */
typedef struct Shown {
    Text uri, diagnostics;
} Shown;

typedef struct Client {
    Arena *arena, *shown_arena;
    Server *server;
    Options options;
    Host host;
    Look *look;
    Frames frames;
    Shown shown[4 * NFILES];
    uint32_t nshown;
    uint32_t looks; /* analyses */
} Client;

static void show(Client *client, Text uri, Text diagnostics)
{
    uint32_t at = 0;

    while (at < client->nshown && !text_equal(client->shown[at].uri, uri))
        at++;
    if (text_equal(diagnostics, TEXT("[]"))) {
        if (at < client->nshown)
            client->shown[at] = client->shown[--client->nshown];
        return;
    }
    assert_true(at < sizeof(client->shown) / sizeof(*client->shown));
    if (at == client->nshown)
        client->nshown++;
    client->shown[at] = (Shown){arena_copy(client->shown_arena, uri),
                                arena_copy(client->shown_arena, diagnostics)};
}

static bool take(void *context, Text bytes)
{
    Client *client = context;
    Frame frame;

    while (frames_take(&client->frames, &bytes, &frame) == FRAME_WHOLE) {
        Sources *sources = sources_new(frame.arena);
        uint32_t file = sources_add(sources, TEXT("message"), frame.body);
        const Tree *tree =
            json_read(frame.arena, sources, file, diags_new(frame.arena));
        NodeId params = tree_find(tree, tree->root, TEXT("params"));
        NodeId diagnostics = tree_find(tree, params, TEXT("diagnostics"));

        if (diagnostics.index)
            show(client, tree_string(tree, tree_find(tree, params, TEXT("uri"))),
                 text_slice(frame.body, tree_node(tree, diagnostics)->start,
                            tree_node(tree, diagnostics)->end));
        arena_free(frame.arena);
    }
    return true;
}

static const Analysis *look(void *context, Text root, const Documents *documents)
{
    Client *client = context;

    client->looks++;
    return look_at(client->look, root, documents);
}

static void send(Client *client, Arena *arena, Text body)
{
    Buffer out = {.arena = arena};

    frame_add(body, &out);
    Text bytes = buffer_text(&out);
    server_feed(client->server, &bytes);
    assert_int_equal(bytes.len, 0);
    server_work(client->server);
}

static void client_start(Client *client, const char *root)
{
    *client = (Client){.arena = arena_new((size_t)64 << 20),
                       .shown_arena = arena_new((size_t)1 << 30)};
    client->options = (Options){.has_today = true, .today = 20454};
    client->look = look_new(client->arena, &client->options, NULL);
    client->host = (Host){client, look, take, TEXT("0")};
    client->server = server_new(client->arena, &client->host, text_of(root));
    send(client, client->arena,
         TEXT("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
              "\"capabilities\":{\"textDocument\":{\"publishDiagnostics\":{"
              "\"relatedInformation\":true}}}}}"));
}

static void client_end(Client *client)
{
    server_end(client->server);
    look_end(client->look);
    frames_end(&client->frames);
    arena_free(client->shown_arena);
    arena_free(client->arena);
}

/* --- a workspace that changes --- */

typedef struct World {
    char root[64];
    uint64_t random;
    const char *disk[NFILES], *open[NFILES]; /* open: NULL: it is not */
} World;

static uint32_t below(World *world, uint32_t limit)
{
    world->random = world->random * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(world->random >> 33) % limit;
}

static void write_disk(World *world, uint32_t file, const char *text)
{
    char path[256];
    int len = snprintf(path, sizeof(path), "%s/%s", world->root, files[file].path);

    assert_true(len > 0 && (size_t)len < sizeof(path));
    world->disk[file] = text;
    if (!text) {
        (void)unlink(path);
        return;
    }
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0777);
        *slash = '/';
    }
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0 && fclose(out) == 0);
}

static void tell(Client *client, const World *world, uint32_t file, const char *method,
                 const char *text, bool is_change)
{
    Arena *arena = arena_new((size_t)1 << 24);
    Text path = arena_format(arena, "%s/%s", world->root, files[file].path);
    Buffer out = {.arena = arena};
    JsonOut json = message_notification(&out, method);

    json_open_object(&json);
    json_key(&json, "textDocument");
    json_open_object(&json);
    json_member_text(&json, "uri", uri_of(arena, path));
    if (text && !is_change)
        json_member_text(&json, "text", text_of(text));
    json_close_object(&json);
    if (is_change) {
        json_key(&json, "contentChanges");
        json_open_array(&json);
        json_open_object(&json);
        json_member_text(&json, "text", text_of(text));
        json_close_object(&json);
        json_close_array(&json);
    }
    json_close_object(&json);
    message_close(&json);
    send(client, arena, buffer_text(&out));
    arena_free(arena);
}

/* One edit, as an editor tells of it. */
static void edit(World *world, Client *client)
{
    uint32_t file = below(world, NFILES);
    uint32_t some = below(world, files[file].count);
    uint32_t other = below(world, files[file].count);
    /* What is broken or gone is so less often: little is found then. */
    const char *text = files[file].texts[some < other ? some : other];
    bool is_open = world->open[file] != NULL;

    if (is_open && (!text || below(world, 4) == 0)) {
        world->open[file] = NULL;
        tell(client, world, file, "textDocument/didClose", NULL, false);
    } else if (is_open) {
        world->open[file] = text;
        tell(client, world, file, "textDocument/didChange", text, true);
    } else if (text && below(world, 3) == 0) {
        world->open[file] = text;
        tell(client, world, file, "textDocument/didOpen", text, false);
    } else {
        write_disk(world, file, text);
        tell(client, world, file, "textDocument/didSave", NULL, false);
    }
    server_settle(client->server);
}

static int by_uri(const void *left, const void *right)
{
    return text_compare(((const Shown *)left)->uri, ((const Shown *)right)->uri);
}

static void compare(const World *world, Client *client, uint64_t edits)
{
    Client fresh;

    client_start(&fresh, world->root);
    for (uint32_t i = 0; i < NFILES; i++) {
        if (world->open[i])
            tell(&fresh, world, i, "textDocument/didOpen", world->open[i], false);
    }
    server_settle(fresh.server);
    qsort(client->shown, client->nshown, sizeof(Shown), by_uri);
    qsort(fresh.shown, fresh.nshown, sizeof(Shown), by_uri);
    for (uint32_t i = 0; i < client->nshown && i < fresh.nshown; i++) {
        const Shown *old = &client->shown[i], *new = &fresh.shown[i];

        if (!text_equal(old->uri, new->uri) ||
            !text_equal(old->diagnostics, new->diagnostics))
            fail_msg("after %u edits of %s: %.*s %.*s, but a new server: %.*s %.*s",
                     (unsigned)edits, world->root, TEXT_ARG(old->uri),
                     TEXT_ARG(old->diagnostics), TEXT_ARG(new->uri),
                     TEXT_ARG(new->diagnostics));
    }
    assert_int_equal(client->nshown, fresh.nshown);
    client_end(&fresh);
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);

    return value ? strtoull(value, NULL, 10) : otherwise;
}

static void world_start(World *world, uint64_t seed)
{
    *world = (World){.random = seed, .root = "/tmp/berth-lsp-XXXXXX"};
    assert_non_null(mkdtemp(world->root));
    for (uint32_t i = 0; i < NFILES; i++)
        write_disk(world, i, files[i].texts[0]);
}

static void world_end(World *world)
{
    char path[256];

    for (uint32_t i = 0; i < NFILES; i++) {
        write_disk(world, i, NULL);
        (void)snprintf(path, sizeof(path), "%s/%s", world->root, files[i].path);
        for (char *slash; (slash = strrchr(path, '/')) > path + 4;) {
            *slash = '\0';
            (void)rmdir(path);
        }
    }
}

static void edits_give_what_a_new_server_gives(void **state)
{
    const uint64_t count = setting("BERTH_COUNT", 400);
    uint64_t shown = 0;
    World world;
    Client client;

    (void)state;
    world_start(&world, setting("BERTH_SEED", 3));
    client_start(&client, world.root);
    for (uint64_t i = 0; i < count; i++) {
        edit(&world, &client);
        compare(&world, &client, i + 1);
        shown += client.nshown;
    }
    print_message("%u edits, %u published files\n", (unsigned)count, (unsigned)shown);
    assert_true(shown > count); /* there was something to compare */
    client_end(&client);
    world_end(&world);
}

/* In KiB. */
static long resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long whole, pages = 0;

    if (file) {
        if (fscanf(file, "%ld %ld", &whole, &pages) != 2)
            pages = 0;
        (void)fclose(file);
    }
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Between the first tenth of the changes and the last. */
static void a_long_session_needs_no_more_memory(void **state)
{
    enum { SITE = 4, GROWTH_MAX_KIB = 4096 };
#if defined(BERTH_PAGE_BYTES) && BERTH_PAGE_BYTES == 1 /* under sanitizers */
    const uint64_t count =
        50; /* what is freed stays for a while: leaks alone are seen */
#else
    const uint64_t count = setting("BERTH_CHANGES", 3000);
#endif
    long early = 0;
    World world;
    Client client;

    (void)state;
    world_start(&world, 1);
    client_start(&client, world.root);
    tell(&client, &world, SITE, "textDocument/didOpen", files[SITE].texts[0], false);
    for (uint64_t i = 0; i < count; i++) {
        tell(&client, &world, SITE, "textDocument/didChange", files[SITE].texts[i % 4],
             true);
        server_settle(client.server);
        arena_reset(client.shown_arena);
        client.nshown = 0;
        if (i == count / 10)
            early = resident();
    }
    print_message("%u changes: %ld KiB, later %ld KiB\n", (unsigned)count, early,
                  resident());
    assert_true(count < 100 || (early > 0 && resident() - early < GROWTH_MAX_KIB));
    client_end(&client);
    world_end(&world);
}

/* The host settles when nothing more has come. */
static void changes_that_follow_each_other_cost_one_analysis(void **state)
{
    enum { SITE = 4, CHANGES = 20 };
    World world;
    Client client;

    (void)state;
    world_start(&world, 1);
    client_start(&client, world.root);
    tell(&client, &world, SITE, "textDocument/didOpen", files[SITE].texts[0], false);
    server_settle(client.server);
    client.looks = 0;
    for (uint32_t i = 0; i < CHANGES; i++)
        tell(&client, &world, SITE, "textDocument/didChange", files[SITE].texts[i % 4],
             true);
    server_settle(client.server);
    server_settle(client.server);
    assert_int_equal(client.looks, 1);
    client_end(&client);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_give_what_a_new_server_gives),
        cmocka_unit_test(changes_that_follow_each_other_cost_one_analysis),
        cmocka_unit_test(a_long_session_needs_no_more_memory),
    };

    return cmocka_run_group_tests_name("property_lsp", tests, NULL, NULL);
}
