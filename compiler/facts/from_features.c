#include "facts/devcontainer.h"

#include "facts/image_name_parts.h"
#include "syntax/syntax.h"

/* How many Features, with all they depend on, are followed in one configuration. */
enum { FEATURES_MAX = 1024 };

typedef struct Wanted {
    Text id;
    Span span;
    const Via *via;
    ReferenceKind kind; /* FEATURE, FEATURE_DEPENDENCY or FEATURE_SOFT */
} Wanted;

typedef struct Reading {
    Configuration *configuration;
    Wanted *wanted; /* those before the one that is looked at are done */
    uint32_t count, capacity;
    Text *followed; /* ids whose dependencies were read, and paths of local Features */
    uint32_t nfollowed, followed_capacity;
    const Tree *lock; /* NULL: there is no lockfile */
    NodeId locked;    /* its "features" */
    bool *is_asked;   /* by node of the lockfile: some Feature's entry */
    bool is_full;
} Reading;

static void want(Reading *reading, Wanted wanted)
{
    Facts *facts = reading->configuration->facts;

    if (reading->count == FEATURES_MAX) {
        if (!reading->is_full)
            diag_add(facts->diags, "input/syntax", wanted.span,
                     "more than 1,024 Features and dependencies; the rest was not "
                     "read");
        reading->is_full = true;
        return;
    }
    ARRAY_GROW(facts->scratch, reading->wanted, reading->count, reading->capacity);
    reading->wanted[reading->count++] = wanted;
}

/* Whether this is the first time that the Feature is followed: dependencies may form
 * a circle. */
static bool follow(Reading *reading, Text name)
{
    for (uint32_t i = 0; i < reading->nfollowed; i++) {
        if (text_equal(reading->followed[i], name))
            return false;
    }
    ARRAY_GROW(reading->configuration->facts->scratch, reading->followed,
               reading->nfollowed, reading->followed_capacity);
    reading->followed[reading->nfollowed++] = name;
    return true;
}

/* --- what is listed --- */

/* An array of ids. */
static void want_items(Reading *reading, const Tree *tree, NodeId list,
                       ReferenceKind kind, const Via *via)
{
    if (tree_kind(tree, list) != NODE_ARRAY)
        return;
    for (NodeId at = tree_first(tree, list); at.index && !reading->is_full;
         at = tree_next(tree, at)) {
        if (tree_is_string(tree, at))
            want(reading,
                 (Wanted){tree_string(tree, at), tree_span(tree, at), via, kind});
    }
}

/* The keys of an object. Of a key that stands twice the last one counts; as many as can
 * be wanted are looked at. */
static void want_keys(Reading *reading, const Tree *tree, NodeId object,
                      ReferenceKind kind, const Via *via)
{
    uint32_t looked_at = 0;

    if (tree_kind(tree, object) != NODE_OBJECT)
        return;
    for (NodeId at = tree_first(tree, object); at.index && !reading->is_full;
         at = tree_next(tree, at)) {
        Text key = tree_node(tree, at)->key;
        bool counts = tree_find(tree, object, key).index == at.index;

        if (counts || ++looked_at > FEATURES_MAX)
            want(reading, (Wanted){key, tree_key_span(tree, at), via, kind});
    }
}

/* --- devcontainer-lock.json --- */

/* Beside the configuration, hidden as it is. An empty file asks the CLI to write one.
 * [inputs K1] */
static void read_lock(Reading *reading)
{
    Configuration *configuration = reading->configuration;
    Facts *facts = configuration->facts;
    bool is_hidden = text_starts_with(path_base(configuration->path), TEXT("."));
    Text name =
        is_hidden ? TEXT(".devcontainer-lock.json") : TEXT("devcontainer-lock.json");
    Text path;
    uint32_t file;

    if (!path_join(facts->scratch, configuration->directory, name, &path) ||
        files_read(configuration->files, configuration->root, path, &file) != FILE_READ)
        return;
    if (text_trim(source_bytes(facts->sources, file)).len == 0)
        return;
    reading->lock = json_read(facts->scratch, facts->sources, file, facts->diags);
    reading->locked = tree_find(reading->lock, reading->lock->root, TEXT("features"));
    reading->is_asked = ARENA_ARRAY(facts->scratch, reading->lock->count, bool);
}

/* The entry of an id, exactly as it is written. [inputs K4] */
static NodeId find_locked(const Reading *reading, Text id)
{
    NodeId entry = {0};

    if (reading->lock)
        entry = tree_find(reading->lock, reading->locked, id);
    if (entry.index)
        reading->is_asked[entry.index] = true;
    return entry;
}

static Text digest_of(const Tree *lock, NodeId entry)
{
    Text digest = tree_string(lock, tree_find(lock, entry, TEXT("integrity")));

    return text_starts_with(digest, TEXT("sha256:")) && image_name_is_digest(digest)
               ? digest
               : (Text){0};
}

/* What is fetched: the manifest that the lockfile pins, whatever the tag says. [K3] */
static Text pinned(const Reading *reading, Text id, const ImageName *name)
{
    NodeId entry = find_locked(reading, id);
    Text digest = entry.index ? digest_of(reading->lock, entry) : (Text){0};

    if (digest.len == 0)
        return id;
    return arena_format(reading->configuration->facts->scratch, "%.*s/%.*s@%.*s",
                        TEXT_ARG(name->host), TEXT_ARG(name->path), TEXT_ARG(digest));
}

static NodeId first_locked(const Reading *reading)
{
    return tree_kind(reading->lock, reading->locked) == NODE_OBJECT
               ? tree_first(reading->lock, reading->locked)
               : (NodeId){0};
}

static bool is_locked_otherwise(const Reading *reading, Text id)
{
    const Tree *lock = reading->lock;

    for (NodeId at = first_locked(reading); at.index; at = tree_next(lock, at)) {
        if (text_equal_ignoring_case(tree_node(lock, at)->key, id))
            return true;
    }
    return false;
}

/* What is odd about a Feature's entry; empty: nothing. The CLI fetches by `integrity`
 * and never looks at `resolved`. [K3, K4, K6] */
static Text note_of_lock(const Reading *reading, Text id, const ImageName *name)
{
    Arena *arena = reading->configuration->facts->scratch;
    const Tree *lock = reading->lock;
    NodeId entry = find_locked(reading, id);

    if (!lock || name->digest.len)
        return (Text){0};
    if (!entry.index)
        return is_locked_otherwise(reading, id)
                   ? TEXT("the lockfile spells it otherwise, and so does not pin it")
                   : TEXT("the lockfile does not pin it");
    Text digest = digest_of(lock, entry);
    Text resolved = tree_string(lock, tree_find(lock, entry, TEXT("resolved")));
    Text expected = arena_format(arena, "%.*s/%.*s@%.*s", TEXT_ARG(name->host),
                                 TEXT_ARG(name->path), TEXT_ARG(digest));
    if (digest.len == 0)
        return TEXT("its entry in the lockfile has no valid integrity, and so does not "
                    "pin it");
    if (resolved.len && !text_equal(resolved, expected))
        return arena_format(arena,
                            "the lockfile resolves it to '%.*s', but its integrity is "
                            "what is fetched",
                            TEXT_ARG(resolved));
    return (Text){0};
}

static void follow_lock(Reading *reading, const Wanted *wanted)
{
    Configuration *configuration = reading->configuration;
    const Tree *lock = reading->lock;
    NodeId entry = find_locked(reading, wanted->id);

    if (!entry.index || !follow(reading, wanted->id))
        return;
    const Via *via = configuration_via(configuration, wanted->span, wanted->via);
    via = configuration_via(configuration, tree_key_span(lock, entry), via);
    want_items(reading, lock, tree_find(lock, entry, TEXT("dependsOn")),
               KIND_FEATURE_DEPENDENCY, via);
}

/* Entries that no Feature asks for: named, and never fetched. [K6] */
static void add_stale(Reading *reading)
{
    const Tree *lock = reading->lock;
    uint32_t count = 0;

    for (NodeId at = first_locked(reading); at.index && count < FEATURES_MAX;
         at = tree_next(lock, at)) {
        if (reading->is_asked[at.index])
            continue;
        count++;
        references_add(
            &reading->configuration->references,
            (Reference){.kind = KIND_FEATURE,
                        .reach = REACH_DECLARED,
                        .text = tree_node(lock, at)->key,
                        .value = tree_node(lock, at)->key,
                        .note = TEXT("no Feature of the configuration leads to this "
                                     "entry of the lockfile"),
                        .span = tree_key_span(lock, at)});
    }
}

/* --- local Features --- */

/* The directory of a local Feature, which must lie in the repository's .devcontainer.
 * [inputs F2, step 4] */
static bool find_local(Reading *reading, const Wanted *wanted, Text *directory)
{
    Configuration *configuration = reading->configuration;
    Arena *arena = configuration->facts->scratch;
    Text folder;

    if (path_join(arena, configuration->folder, TEXT(".devcontainer"), &folder) &&
        path_join(arena, configuration->directory, wanted->id, directory) &&
        path_is_inside(*directory, folder))
        return true;
    return diag_error(configuration->facts->diags, "input/invalid-reference",
                      wanted->span,
                      "this Feature is outside of '.devcontainer', where the dev "
                      "container CLI expects local Features");
}

static void add_opaque(Reading *reading, const Wanted *wanted)
{
    references_add(&reading->configuration->references,
                   (Reference){.kind = wanted->kind,
                               .reach = REACH_OPAQUE,
                               .text = wanted->id,
                               .note = TEXT("what a local Feature that was not read "
                                            "depends on"),
                               .span = wanted->span,
                               .via = wanted->via});
}

static void follow_local(Reading *reading, const Wanted *wanted)
{
    Configuration *configuration = reading->configuration;
    Facts *facts = configuration->facts;
    Text directory, clean;
    uint32_t file;

    if (!find_local(reading, wanted, &directory) || !follow(reading, directory))
        return;
    Text path = arena_format(facts->scratch, "%.*s/devcontainer-feature.json",
                             TEXT_ARG(wanted->id));
    if (!configuration_read(configuration, configuration->directory, path, wanted->span,
                            "Feature", &file, &clean)) {
        add_opaque(reading, wanted);
        return;
    }
    const Tree *tree = jsonc_read(facts->scratch, facts->sources, file, facts->diags);
    const Via *via = configuration_via(configuration, wanted->span, wanted->via);
    want_keys(reading, tree, tree_find(tree, tree->root, TEXT("dependsOn")),
              KIND_FEATURE_DEPENDENCY, via);
    want_items(reading, tree, tree_find(tree, tree->root, TEXT("installsAfter")),
               KIND_FEATURE_SOFT, via);
}

/* --- one Feature --- */

static void add_feature(Reading *reading, const Wanted *wanted, ReferenceKind kind,
                        Text value, Text note)
{
    Configuration *configuration = reading->configuration;
    Reference reference = {.kind = kind,
                           .reach = REACH_PULLED,
                           .text = wanted->id,
                           .value = value,
                           .note = note,
                           .span = wanted->span,
                           .via = wanted->via};

    if (wanted->kind == KIND_FEATURE_SOFT) {
        reference.reach = REACH_CONDITIONAL;
        reference.note = TEXT("only its manifest is read, to order the Features");
    }
    if (configuration->template) { /* elsewhere a key holds no variables */
        reference.hole = reference_hole(value);
        if (reference.hole.len)
            reference.reach = REACH_UNRESOLVED;
    }
    references_add(&configuration->references, reference);
}

/* Short names that became an option of another Feature: they add none of their own
 * where that one is listed, too. [inputs F2, step 1] */
static bool is_folded(const Reading *reading, Text id, const ImageName *name)
{
    const Tree *tree = reading->configuration->tree;
    NodeId features = tree_find(tree, tree->root, TEXT("features"));

    if (!text_equal(id, TEXT("gradle")) && !text_equal(id, TEXT("maven")) &&
        !text_equal(id, TEXT("jupyterlab")))
        return false;
    for (NodeId at = tree_first(tree, features); at.index; at = tree_next(tree, at)) {
        Text key = tree_node(tree, at)->key;
        FeatureId other = feature_id_read(reading->configuration->facts->scratch, key);
        bool is_itself = text_equal(key, id) || text_equal(key, TEXT("gradle")) ||
                         text_equal(key, TEXT("maven"));

        if (!is_itself && text_equal(other.name.host, name->host) &&
            text_equal(other.name.path, name->path))
            return true;
    }
    return false;
}

static void resolve(Reading *reading, const Wanted *wanted)
{
    Arena *arena = reading->configuration->facts->scratch;
    FeatureId feature = feature_id_read(arena, wanted->id);
    bool is_soft = wanted->kind == KIND_FEATURE_SOFT;

    /* An order may name what is not a Feature (any more): nothing is asked for. */
    if (is_soft && (feature.form == FEATURE_LOCAL || feature.form == FEATURE_LEGACY ||
                    feature.form == FEATURE_INVALID))
        return;
    switch (feature.form) {
    case FEATURE_OCI:
        if (wanted->kind == KIND_FEATURE &&
            is_folded(reading, wanted->id, &feature.name))
            return;
        add_feature(reading, wanted, wanted->kind,
                    pinned(reading, wanted->id, &feature.name),
                    note_of_lock(reading, wanted->id, &feature.name));
        break;
    case FEATURE_TARBALL:
        add_feature(reading, wanted, KIND_TARBALL, wanted->id, TEXT(""));
        break;
    case FEATURE_GITHUB_RELEASE:
        add_feature(reading, wanted, KIND_GITHUB_RELEASE, wanted->id, TEXT(""));
        break;
    case FEATURE_LOCAL:
        follow_local(reading, wanted);
        return;
    case FEATURE_LEGACY:
    case FEATURE_INVALID:
        /* and so it is said */
        add_feature(reading, wanted, wanted->kind, wanted->id, TEXT(""));
        return;
    }
    if (!is_soft)
        follow_lock(reading, wanted);
}

void features_extract(Configuration *configuration)
{
    const Tree *tree = configuration->tree;
    NodeId features = tree_find(tree, tree->root, TEXT("features"));
    NodeId order = tree_find(tree, tree->root, TEXT("overrideFeatureInstallOrder"));
    Reading reading = {.configuration = configuration};

    if (features.index && tree_kind(tree, features) != NODE_OBJECT)
        diag_add(configuration->facts->diags, "input/syntax", tree_span(tree, features),
                 "'features' is an object whose keys are ids, expected '{'");
    want_keys(&reading, tree, features, KIND_FEATURE, NULL);
    want_items(&reading, tree, order, KIND_FEATURE_SOFT, NULL);
    if (reading.count)
        read_lock(&reading);
    for (uint32_t i = 0; i < reading.count; i++) {
        Wanted wanted = reading.wanted[i]; /* the array may move */

        resolve(&reading, &wanted);
    }
    if (reading.lock)
        add_stale(&reading);
}
