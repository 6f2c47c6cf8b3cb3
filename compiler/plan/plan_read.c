#include "plan/plan_read.h"

#include "base/server_key.h"
#include "syntax/syntax.h"

typedef struct Reader {
    Arena *arena;
    const Tree *tree;
    Diags *diags;
    bool failed;
} Reader;

static const Text methods[] = {
#define METHOD(enumerator, name) [enumerator] = TEXT_INIT(name),
    PLAN_METHODS(METHOD)
#undef METHOD
};

Text plan_method_name(PlanMethod method)
{
    return methods[method];
}

bool plan_is_variable(Text name)
{
    for (size_t i = 0; i < name.len; i++) {
        char byte = name.at[i];

        if (!byte_is_upper(byte) && byte != '_' && (i == 0 || !byte_is_digit(byte)))
            return false;
    }
    return name.len != 0 && name.len <= PLAN_NAME_MAX;
}

Text plan_variable(Arena *arena, Text identifier, const char *member)
{
    return arena_format(arena, "%.*s_CONTAINER_REGISTRY_%s", TEXT_ARG(identifier),
                        member);
}

/* At the node; at the start of the file when there is none. */
static void fail(Reader *reader, NodeId at, const char *message)
{
    Span span = tree_member_span(reader->tree, at);

    span.file = reader->tree->file;
    diag_add(reader->diags, "", span, "%s", message);
    reader->failed = true;
}

static void fail_member(Reader *reader, NodeId at, const char *key, const char *says)
{
    fail(reader, at, arena_format(reader->arena, "'%s' %s", key, says).at);
}

static const char *kind_says(NodeKind kind)
{
    return kind == NODE_OBJECT  ? "is not an object"
           : kind == NODE_ARRAY ? "is not an array"
                                : "is not a string";
}

/* A member of this kind, which must be there; NONE when it is not. */
static NodeId need(Reader *reader, NodeId object, const char *key, NodeKind kind)
{
    NodeId member = tree_find(reader->tree, object, text_of(key));

    if (!member.index) {
        fail_member(reader, object, key, "is missing here");
        return member;
    }
    if (tree_kind(reader->tree, member) != kind) {
        fail_member(reader, member, key, kind_says(kind));
        return (NodeId){0};
    }
    return member;
}

/* The same, but it may be absent or null. */
static NodeId may_have(Reader *reader, NodeId object, const char *key, NodeKind kind)
{
    NodeId member = tree_find(reader->tree, object, text_of(key));

    if (!member.index || tree_kind(reader->tree, member) == NODE_NULL)
        return (NodeId){0};
    return need(reader, object, key, kind);
}

static Text need_text(Reader *reader, NodeId object, const char *key)
{
    return tree_string(reader->tree, need(reader, object, key, NODE_STRING));
}

static Text need_one_of(Reader *reader, NodeId object, const char *key,
                        const char *const *names, const char *says)
{
    NodeId member = need(reader, object, key, NODE_STRING);
    Text text = tree_string(reader->tree, member);

    for (; *names; names++) {
        if (text_equal(text, text_of(*names)))
            return text;
    }
    if (member.index)
        fail_member(reader, member, key, says);
    return text;
}

static Text variable(Reader *reader, NodeId name)
{
    Text text = tree_string(reader->tree, name);

    if (name.index && !plan_is_variable(text))
        fail(reader, name,
             "this is no name of a secret's variable: expected upper case letters, "
             "digits and '_', no digit first, at most 256 bytes");
    return text;
}

/* "server" ":" object with "env" ":" name */
static Text need_variable(Reader *reader, NodeId step, const char *key)
{
    NodeId object = need(reader, step, key, NODE_OBJECT);

    if (!object.index)
        return (Text){0};
    return variable(reader, need(reader, object, "env", NODE_STRING));
}

static Text *texts(Reader *reader, NodeId array, uint32_t *count)
{
    Text *list =
        ARENA_ARRAY(reader->arena, tree_node(reader->tree, array)->count, Text);

    *count = 0;
    for (NodeId at = tree_first(reader->tree, array); at.index;
         at = tree_next(reader->tree, at)) {
        if (tree_is_string(reader->tree, at))
            list[(*count)++] = tree_string(reader->tree, at);
        else
            fail(reader, at, "expected a string here");
    }
    return list;
}

/* Where the login goes: a plain host, or Docker Hub's own form; and the registry whose
 * images the plan shows for it, or a reader would approve another than is meant. */
static void read_server(Reader *reader, NodeId step, PlanStep *into)
{
    NodeId server = need(reader, step, "server", NODE_OBJECT);
    NodeId registry = need(reader, step, "registry", NODE_STRING);
    ServerKey key;
    Text problem;

    if (!server.index || !registry.index)
        return;
    into->registry = tree_string(reader->tree, registry);
    into->server_env = variable(reader, may_have(reader, server, "env", NODE_STRING));
    NodeId expect = need(reader, server, "expect", NODE_STRING);
    if (!expect.index)
        return;
    into->server_expect = tree_string(reader->tree, expect);
    if (!server_key_read(reader->arena, into->server_expect, &key, &problem)) {
        fail(reader, expect,
             arena_format(reader->arena, "this is no server: %.*s", TEXT_ARG(problem))
                 .at);
        return;
    }
    if (key.problem.len && !text_equal(into->server_expect, key.host))
        fail(reader, expect,
             "this is not a plain host in lower case, without scheme, path, user or "
             "default port");
    if (!text_equal(into->registry, key.host))
        fail(reader, registry, "this registry is not the one that 'expect' names");
}

/* candidates = array of identifiers; their variables are named after them */
static void read_candidates(Reader *reader, NodeId step, NodeId list, PlanStep *into)
{
    static const char *const others[] = {"username", "password"};

    into->candidates = texts(reader, list, &into->ncandidates);
    for (NodeId at = tree_first(reader->tree, list); at.index;
         at = tree_next(reader->tree, at))
        (void)variable(reader, at);
    if (into->ncandidates == 0)
        fail(reader, list, "expected at least one identifier");
    if (into->ncandidates > PLAN_CANDIDATES_MAX)
        fail(reader, list, "more than 64 candidates for one step");
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        NodeId other = tree_find(reader->tree, step, text_of(others[i]));

        if (other.index)
            fail(reader, other, "a step with candidates has no user and no password");
    }
    if (into->server_env.len)
        fail(reader, list, "a step with candidates has no variable for its server");
}

static void read_source(Reader *reader, NodeId step, PlanStep *into)
{
    NodeId source = may_have(reader, step, "source", NODE_OBJECT);

    if (!source.index)
        return;
    into->identifier = need_text(reader, source, "identifier");
    into->level = need_text(reader, source, "level");
    into->owner = need_text(reader, source, "owner");
}

/* digit+, at most ten, which is 316 years */
static void read_expiry(Reader *reader, NodeId step, PlanStep *into)
{
    NodeId expiry = tree_find(reader->tree, step, TEXT("expires_after"));
    const Node *node = tree_node(reader->tree, expiry);
    bool fits = node->kind == NODE_NUMBER && node->text.len <= 10;

    if (node->kind == NODE_NONE || node->kind == NODE_NULL)
        return;
    for (size_t i = 0; fits && i < node->text.len; i++) {
        fits = byte_is_digit(node->text.at[i]);
        into->expires_after = into->expires_after * 10 + (node->text.at[i] - '0');
    }
    if (!fits)
        fail(reader, expiry, "expected a number of seconds, or null");
}

static void read_method(Reader *reader, NodeId step, PlanStep *into)
{
    const uint32_t count = sizeof(methods) / sizeof(*methods);
    NodeId method = need(reader, step, "method", NODE_STRING);
    uint32_t i = 0;

    if (!method.index)
        return;
    while (i < count && !text_equal(tree_string(reader->tree, method), methods[i]))
        i++;
    if (i == count) {
        fail(reader, method,
             "this method is not known: expected basic, ecr-exchange, ecr-token or "
             "github-token");
        return;
    }
    into->method = (PlanMethod)i;
    if (into->method == METHOD_GITHUB_TOKEN &&
        !text_equal(into->registry, TEXT("ghcr.io")) &&
        !text_starts_with(into->registry, TEXT("containers.")))
        fail(reader, method,
             "GITHUB_TOKEN is for GitHub's container registry alone: ghcr.io, or "
             "containers.HOST");
}

static void read_step(Reader *reader, NodeId step, PlanStep *into)
{
    if (tree_kind(reader->tree, step) != NODE_OBJECT) {
        fail(reader, step, "expected an object here, a step");
        return;
    }
    read_server(reader, step, into);
    read_method(reader, step, into);
    into->credential =
        tree_string(reader->tree, may_have(reader, step, "credential", NODE_STRING));
    NodeId candidates = may_have(reader, step, "candidates", NODE_ARRAY);
    if (candidates.index) {
        read_candidates(reader, step, candidates, into);
    } else {
        into->username_env = need_variable(reader, step, "username");
        into->password_env = need_variable(reader, step, "password");
    }
    NodeId images = need(reader, step, "images", NODE_ARRAY);
    into->images = texts(reader, images, &into->nimages);
    read_source(reader, step, into);
    read_expiry(reader, step, into);
}

static void read_steps(Reader *reader, Plan *plan)
{
    NodeId list = need(reader, reader->tree->root, "steps", NODE_ARRAY);
    uint32_t count = tree_node(reader->tree, list)->count, i = 0;

    if (count > PLAN_STEPS_MAX) {
        fail(reader, list, "more than 256 steps");
        return;
    }
    PlanStep *steps = ARENA_ARRAY(reader->arena, count, PlanStep);
    for (NodeId at = tree_first(reader->tree, list); at.index;
         at = tree_next(reader->tree, at))
        read_step(reader, at, &steps[i++]);
    plan->steps = steps;
    plan->nsteps = count;
}

/* between = array of at least two of "identifier", "level", "owner" */
static void read_rivals(Reader *reader, NodeId conflict, PlanConflict *into)
{
    NodeId list = need(reader, conflict, "between", NODE_ARRAY);
    PlanRival *rivals =
        ARENA_ARRAY(reader->arena, tree_node(reader->tree, list)->count, PlanRival);

    for (NodeId at = tree_first(reader->tree, list); at.index;
         at = tree_next(reader->tree, at))
        rivals[into->nrivals++] =
            (PlanRival){.identifier = need_text(reader, at, "identifier"),
                        .level = need_text(reader, at, "level"),
                        .owner = need_text(reader, at, "owner")};
    into->rivals = rivals;
    if (list.index && into->nrivals < 2)
        fail(reader, list, "a conflict is between two at least");
}

static void read_conflict(Reader *reader, NodeId conflict, PlanConflict *into)
{
    NodeId registry = need(reader, conflict, "registry", NODE_STRING);
    ServerKey key;
    Text ignored;

    into->registry = tree_string(reader->tree, registry);
    into->rule = need_text(reader, conflict, "rule");
    if (registry.index &&
        (!server_key_read(reader->arena, into->registry, &key, &ignored) ||
         !text_equal(into->registry, key.host)))
        fail(reader, registry, "this is no registry, as image references name it");
    read_rivals(reader, conflict, into);
    NodeId images = need(reader, conflict, "images", NODE_ARRAY);
    into->images = texts(reader, images, &into->nimages);
}

/* A plan that was made before there were any has none. */
static void read_conflicts(Reader *reader, Plan *plan)
{
    NodeId list = may_have(reader, reader->tree->root, "conflicts", NODE_ARRAY);
    PlanConflict *conflicts =
        ARENA_ARRAY(reader->arena, tree_node(reader->tree, list)->count, PlanConflict);

    for (NodeId at = tree_first(reader->tree, list); at.index;
         at = tree_next(reader->tree, at))
        read_conflict(reader, at, &conflicts[plan->nconflicts++]);
    plan->conflicts = conflicts;
}

static void read_without_login(Reader *reader, Plan *plan)
{
    NodeId list = need(reader, reader->tree->root, "without_login", NODE_ARRAY);
    PlanImage *images =
        ARENA_ARRAY(reader->arena, tree_node(reader->tree, list)->count, PlanImage);

    for (NodeId at = tree_first(reader->tree, list); at.index;
         at = tree_next(reader->tree, at))
        images[plan->nwithout_login++] = (PlanImage){need_text(reader, at, "image"),
                                                     need_text(reader, at, "because")};
    plan->without_login = images;
}

static void read_blocked(Reader *reader, Plan *plan)
{
    NodeId list = need(reader, reader->tree->root, "blocked", NODE_ARRAY);
    PlanBlock *blocked =
        ARENA_ARRAY(reader->arena, tree_node(reader->tree, list)->count, PlanBlock);

    for (NodeId at = tree_first(reader->tree, list); at.index;
         at = tree_next(reader->tree, at))
        blocked[plan->nblocked++] =
            (PlanBlock){need_text(reader, at, "image"), need_text(reader, at, "rule")};
    plan->blocked = blocked;
}

static bool is_known_version(Reader *reader)
{
    NodeId root = reader->tree->root;
    NodeId version = tree_find(reader->tree, root, TEXT("version"));

    if (tree_kind(reader->tree, root) != NODE_OBJECT) {
        fail(reader, root, "this is no plan: expected an object");
        return false;
    }
    if (!version.index) {
        fail_member(reader, root, "version", "is missing here");
        return false;
    }
    if (tree_kind(reader->tree, version) != NODE_NUMBER ||
        !text_equal(tree_scalar(reader->tree, version), TEXT("1"))) {
        fail(reader, version, "a plan of this version cannot be read: expected 1");
        return false;
    }
    return true;
}

bool plan_read(Arena *arena, Sources *sources, uint32_t file, Diags *diags, Plan *plan)
{
    static const char *const targets[] = {"codespaces", "actions", "local", NULL};
    static const char *const phases[] = {"prebuild", "create", "runtime", NULL};
    Reader reader = {.arena = arena, .diags = diags};

    *plan = (Plan){0};
    if (source_bytes(sources, file).len > PLAN_BYTES_MAX)
        return diag_error(diags, "", (Span){file, 0, 0}, "larger than 1 MiB");
    reader.tree = json_read(arena, sources, file, diags);
    if (diags->count || !is_known_version(&reader))
        return false;
    NodeId root = reader.tree->root;
    plan->repository = need_text(&reader, root, "repository");
    plan->configuration = need_text(&reader, root, "configuration");
    plan->target = need_one_of(&reader, root, "target", targets,
                               "is not one of codespaces, actions and local");
    if (may_have(&reader, root, "phase", NODE_STRING).index)
        plan->phase = need_one_of(&reader, root, "phase", phases,
                                  "is not one of prebuild, create and runtime");
    read_steps(&reader, plan);
    read_conflicts(&reader, plan);
    read_without_login(&reader, plan);
    read_blocked(&reader, plan);
    return !reader.failed;
}

bool plan_read_bytes(Arena *arena, Text name, Text bytes, Plan *plan,
                     const Text **problems, uint32_t *nproblems)
{
    Sources *sources = sources_new(arena);
    Diags *diags = diags_new(arena);
    uint32_t file = sources_add(sources, name, bytes);
    bool fine = plan_read(arena, sources, file, diags, plan);
    Text *lines = ARENA_ARRAY(arena, diags->count + 1, Text);

    *nproblems = diags->count;
    for (uint32_t i = 0; i < diags->count; i++) {
        Place place = source_place(sources, file, diags->items[i].span.start);

        lines[i] = arena_format(arena, "%.*s:%u:%u: %.*s", TEXT_ARG(name), place.line,
                                place.column, TEXT_ARG(diags->items[i].message));
    }
    if (diags->dropped)
        lines[(*nproblems)++] = arena_format(arena, "%.*s: %u more problems",
                                             TEXT_ARG(name), diags->dropped);
    *problems = lines;
    return fine;
}
