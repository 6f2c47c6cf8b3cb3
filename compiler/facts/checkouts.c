#include "facts/checkouts.h"

#include <stdlib.h>

#include "facts/field_kind.h"
#include "facts/git_config.h"
#include "facts/manifest.h"

/* The names of a directory that is asked for often. */
typedef struct Listing {
    FileName *names;
    uint32_t count;
    bool is_read;
} Listing;

/* What the manifests' `path` fields take of the directory of checkouts. */
typedef enum Claim {
    CLAIM_NONE,
    CLAIM_ABOVE, /* a tree lies deeper */
    CLAIM_TREE   /* it is a repository's tree */
} Claim;

typedef struct Finder {
    Facts *facts;
    Files *files;
    Workspace *workspace;
    const BerthYaml *yaml;
    const RepositoryPaths *paths;
    uint32_t wanted;   /* symbol of the only repository to look at; 0: all */
    Listing *listings; /* by the directory's symbol */
    uint32_t nlistings, listings_capacity;
    unsigned char *claims; /* by the path's symbol: a Claim */
    uint32_t nclaims, claims_capacity;
    Text *trees; /* by the repository's symbol: its <owner>/<name> directory */
    uint32_t ntrees, trees_capacity;
    uint32_t *found; /* repositories of `trees`, in order */
    uint32_t nfound, found_capacity;
} Finder;

static const Listing *list(Finder *finder, Text directory)
{
    uint32_t id = fact_symbol(finder->facts, directory);

    while (finder->nlistings <= id) {
        ARRAY_GROW(finder->facts->arena, finder->listings, finder->nlistings,
                   finder->listings_capacity);
        finder->listings[finder->nlistings++] = (Listing){0};
    }
    Listing *listing = &finder->listings[id];
    if (!listing->is_read) {
        (void)files_list(finder->files, TEXT(""), directory, &listing->names,
                         &listing->count);
        listing->is_read = true;
    }
    return listing;
}

/* Asks the directory above, since a repository's own root may hold much. */
static bool is_directory(Finder *finder, Text path)
{
    if (path.len == 0)
        return true;
    const Listing *listing = list(finder, path_directory(path));
    Text name = path_base(path);
    uint32_t low = 0, high = listing->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = text_compare(listing->names[middle].name, name);

        if (order == 0)
            return listing->names[middle].is_directory;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static unsigned char *claim(Finder *finder, Text path)
{
    uint32_t id = fact_symbol(finder->facts, path);

    while (finder->nclaims <= id) {
        ARRAY_GROW(finder->facts->arena, finder->claims, finder->nclaims,
                   finder->claims_capacity);
        finder->claims[finder->nclaims++] = CLAIM_NONE;
    }
    return &finder->claims[id];
}

static bool root_of(Finder *finder, Text path, Text *root)
{
    return path_join(finder->facts->arena, finder->yaml->checkouts, path, root);
}

static void claim_paths(Finder *finder)
{
    for (uint32_t i = 0; i < finder->paths->count; i++) {
        Text path = finder->paths->items[i].path, root;

        if (path.len == 0 || !root_of(finder, path, &root))
            continue;
        *claim(finder, root) = CLAIM_TREE;
        while (root.len > 0) {
            root = path_directory(root);
            if (*claim(finder, root) == CLAIM_NONE)
                *claim(finder, root) = CLAIM_ABOVE;
        }
    }
}

static bool is_wanted(const Finder *finder, uint32_t repo)
{
    return finder->wanted == 0 || finder->wanted == repo;
}

/* Of two directories whose names differ by case only, the first one. */
static void add_tree(Finder *finder, Text full_name, Text root)
{
    uint32_t repo = fact_repository(finder->facts, full_name);
    Arena *arena = finder->facts->arena;

    while (finder->ntrees <= repo) {
        ARRAY_GROW(arena, finder->trees, finder->ntrees, finder->trees_capacity);
        finder->trees[finder->ntrees++] = (Text){0};
    }
    if (finder->trees[repo].len || !is_wanted(finder, repo))
        return;
    finder->trees[repo] = root;
    ARRAY_GROW(arena, finder->found, finder->nfound, finder->found_capacity);
    finder->found[finder->nfound++] = repo;
}

static void scan_owner(Finder *finder, Text owner, Text directory)
{
    FileName *names;
    uint32_t count;
    Text root;

    (void)files_list(finder->files, TEXT(""), directory, &names, &count);
    for (uint32_t i = 0; i < count; i++) {
        Text full_name = arena_format(finder->facts->arena, "%.*s/%.*s",
                                      TEXT_ARG(owner), TEXT_ARG(names[i].name));

        if (names[i].is_directory && names[i].name.at[0] != '.' &&
            field_kind_fits(finder->facts->arena, FIELD_REPOSITORY, full_name) &&
            path_join(finder->facts->arena, directory, names[i].name, &root) &&
            *claim(finder, root) == CLAIM_NONE)
            add_tree(finder, full_name, root);
    }
}

/* <checkouts>/<owner>/<name> */
static void scan(Finder *finder)
{
    Arena *arena = finder->facts->arena;
    Text wanted = symbol_text(finder->facts->symbols, (Symbol){finder->wanted});
    Text owner = text_slice(wanted, 0, text_find_byte(wanted, '/')), directory;
    Listing top = {0};
    FileResult result = files_list(finder->files, TEXT(""), finder->yaml->checkouts,
                                   &top.names, &top.count);

    if (result != FILE_READ && result != FILE_MISSING)
        diag_add(finder->facts->diags, "", finder->yaml->checkouts_span,
                 "the directory of checkouts %s; expected one inside the workspace",
                 file_result_says(result));
    for (uint32_t i = 0; i < top.count; i++) {
        Text name = top.names[i].name;

        if (top.names[i].is_directory &&
            (finder->wanted == 0 || text_equal_ignoring_case(name, owner)) &&
            field_kind_fits(arena, FIELD_OWNER, name) &&
            path_join(arena, finder->yaml->checkouts, name, &directory) &&
            *claim(finder, directory) != CLAIM_TREE)
            scan_owner(finder, name, directory);
    }
}

static void add_configuration(Finder *finder, Checkout *checkout, uint32_t *capacity,
                              Text path)
{
    uint32_t file;

    /* What is there and cannot be read is said by who reads it. */
    if (files_read(finder->files, checkout->root, path, &file) == FILE_MISSING)
        return;
    ARRAY_GROW(finder->facts->arena, checkout->configurations,
               checkout->nconfigurations, *capacity);
    checkout->configurations[checkout->nconfigurations++] = path;
}

static int by_text(const void *left, const void *right)
{
    return text_compare(*(const Text *)left, *(const Text *)right);
}

/* The three places of a workspace folder. [inputs L1] */
static void find_in_folder(Finder *finder, Checkout *checkout, Text folder,
                           uint32_t *capacity)
{
    static const char *const direct[] = {".devcontainer/devcontainer.json",
                                         ".devcontainer.json"};
    Arena *arena = finder->facts->arena;
    uint32_t count;
    FileName *names;
    Text path, directory;

    if (!path_join(arena, folder, TEXT(".devcontainer"), &directory))
        return;
    (void)files_list(finder->files, checkout->root, directory, &names, &count);
    for (size_t i = 0; i < sizeof(direct) / sizeof(*direct); i++) {
        if (path_join(arena, folder, text_of(direct[i]), &path))
            add_configuration(finder, checkout, capacity, path);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (names[i].is_directory)
            add_configuration(finder, checkout, capacity,
                              arena_format(arena, "%.*s/%.*s/devcontainer.json",
                                           TEXT_ARG(directory),
                                           TEXT_ARG(names[i].name)));
    }
}

/* src/<id>/ of a repository of Templates, each a workspace folder to be. [inputs 2.6]
 * The first directory decides whether it is one: others cost one open that fails. */
static void find_templates(Finder *finder, Checkout *checkout, uint32_t *capacity)
{
    Arena *arena = finder->facts->arena;
    bool is_first = true;
    uint32_t count, file;
    FileName *names;
    Text source, folder, path;

    if (!path_join(arena, checkout->root, TEXT("src"), &source))
        return;
    (void)files_list(finder->files, checkout->root, source, &names, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (!names[i].is_directory || names[i].name.at[0] == '.' ||
            names[i].name.at[0] == '_')
            continue;
        folder =
            arena_format(arena, "%.*s/%.*s", TEXT_ARG(source), TEXT_ARG(names[i].name));
        path = arena_format(arena, "%.*s/devcontainer-template.json", TEXT_ARG(folder));
        if (files_read(finder->files, checkout->root, path, &file) != FILE_MISSING)
            find_in_folder(finder, checkout, folder, capacity);
        else if (is_first)
            return;
        is_first = false;
    }
}

static void find_configurations(Finder *finder, Checkout *checkout)
{
    uint32_t capacity = 0;

    find_in_folder(finder, checkout, checkout->root, &capacity);
    find_templates(finder, checkout, &capacity);
    if (checkout->nconfigurations)
        qsort(checkout->configurations, checkout->nconfigurations, sizeof(Text),
              by_text);
}

static void add_checkout(Finder *finder, uint32_t repo, Text root, bool is_there)
{
    Workspace *workspace = finder->workspace;
    Facts *facts = finder->facts;
    Checkout checkout = {.root = root, .is_there = is_there};

    checkout.repository = symbol_text(facts->symbols, (Symbol){repo});
    FACT(facts, REL_repository_tree, repo,
         fact_symbol(facts, is_there ? TEXT("read") : TEXT("absent")));
    if (is_there)
        find_configurations(finder, &checkout);
    ARRAY_GROW(facts->arena, workspace->checkouts, workspace->ncheckouts,
               workspace->checkouts_capacity);
    workspace->checkouts[workspace->ncheckouts++] = checkout;
}

/* A repository that no manifest mentions. */
static void add_unmentioned(Finder *finder, uint32_t repo)
{
    Facts *facts = finder->facts;
    Text full_name = symbol_text(facts->symbols, (Symbol){repo});

    FACT(facts, REL_repository, 0, repo, fact_owner(facts, full_name));
    FACT(facts, REL_repository_visibility, 0, repo,
         fact_symbol(facts, TEXT("unknown")));
}

static void find_mentioned(Finder *finder, const RepositoryPath *entry)
{
    uint32_t repo = fact_repository(finder->facts, entry->repository);
    Text root;

    if (!is_wanted(finder, repo))
        return;
    if (entry->path.len == 0 && repo < finder->ntrees && finder->trees[repo].len)
        add_checkout(finder, repo, finder->trees[repo], true);
    else if (root_of(finder, entry->path.len ? entry->path : entry->repository, &root))
        add_checkout(finder, repo, root, entry->path.len && is_directory(finder, root));
}

static int by_repository(const void *left, const void *right)
{
    return text_compare(((const Checkout *)left)->repository,
                        ((const Checkout *)right)->repository);
}

static void find_several(Finder *finder)
{
    Workspace *workspace = finder->workspace;

    claim_paths(finder);
    scan(finder);
    for (uint32_t i = 0; i < finder->paths->count; i++)
        find_mentioned(finder, &finder->paths->items[i]);
    for (uint32_t i = 0; i < finder->nfound; i++) {
        uint32_t repo = finder->found[i];

        if (manifest_has_repository(finder->facts, repo))
            continue;
        add_unmentioned(finder, repo);
        add_checkout(finder, repo, finder->trees[repo], true);
    }
    if (finder->wanted && workspace->ncheckouts == 0)
        diag_add(
            finder->facts->diags, "", (Span){0},
            "there is no repository '%.*s' here: no manifest mentions it, and it "
            "has no tree under '%.*s'",
            TEXT_ARG(symbol_text(finder->facts->symbols, (Symbol){finder->wanted})),
            TEXT_ARG(finder->yaml->checkouts));
    if (workspace->ncheckouts)
        qsort(workspace->checkouts, workspace->ncheckouts, sizeof(Checkout),
              by_repository);
}

/* --repository, else berth.yaml's, else $GITHUB_REPOSITORY, else the remote's. */
static Text own_repository(Finder *finder, const WorkspaceOptions *options)
{
    Arena *arena = finder->facts->arena;

    if (options->repository.len)
        return options->repository;
    if (finder->yaml->repository.len)
        return finder->yaml->repository;
    if (field_kind_fits(arena, FIELD_REPOSITORY, options->environment_repository))
        return options->environment_repository;
    return git_config_repository(arena, finder->files, finder->facts->sources,
                                 finder->yaml->github);
}

static void find_own(Finder *finder, const WorkspaceOptions *options)
{
    Facts *facts = finder->facts;
    Text name = own_repository(finder, options);
    uint32_t own = name.len ? fact_repository(facts, name) : 0;

    if (!manifest_has_repository(facts, own))
        add_unmentioned(finder, own);
    add_checkout(finder, own, TEXT(""), true);
    for (uint32_t i = 0; i < finder->paths->count; i++) {
        uint32_t repo = fact_repository(facts, finder->paths->items[i].repository);

        if (repo != own)
            FACT(facts, REL_repository_tree, repo, fact_symbol(facts, TEXT("absent")));
    }
    finder->wanted = own;
}

/* What the command line says of a repository goes before what a manifest says. */
static void state_visibility(Finder *finder, Text visibility)
{
    Rows *rows = &finder->facts->rows[REL_repository_visibility];

    for (uint32_t i = 0; i < rows->count; i += rows->arity) {
        if (rows->cells[i + 1] != finder->wanted)
            continue;
        rows->cells[i] = 0;
        rows->cells[i + 2] = fact_symbol(finder->facts, visibility);
    }
}

static WorkspaceOptions checked(Facts *facts, const WorkspaceOptions *options)
{
    WorkspaceOptions good = *options;
    Text visibility = options->visibility;

    if (options->repository.len &&
        !field_kind_fits(facts->arena, FIELD_REPOSITORY, options->repository)) {
        diag_add(facts->diags, "", (Span){0},
                 "the repository '%.*s' is not valid; expected owner/name",
                 TEXT_ARG(options->repository));
        good.repository = (Text){0};
    }
    if (visibility.len && !text_equal(visibility, TEXT("public")) &&
        !text_equal(visibility, TEXT("internal")) &&
        !text_equal(visibility, TEXT("private"))) {
        diag_add(facts->diags, "", (Span){0},
                 "the visibility '%.*s' is not valid; expected public, internal or "
                 "private",
                 TEXT_ARG(visibility));
        good.visibility = (Text){0};
    }
    return good;
}

void checkouts_find(Facts *facts, Files *files, Workspace *workspace,
                    const BerthYaml *yaml, const RepositoryPaths *paths,
                    const WorkspaceOptions *options)
{
    WorkspaceOptions good = checked(facts, options);
    Finder finder = {.facts = facts,
                     .files = files,
                     .workspace = workspace,
                     .yaml = yaml,
                     .paths = paths};

    if (!yaml->has_checkouts) {
        find_own(&finder, &good);
    } else {
        if (good.repository.len)
            finder.wanted = fact_repository(facts, good.repository);
        workspace->is_narrowed = finder.wanted != 0;
        find_several(&finder);
    }
    if (good.visibility.len && (finder.wanted || !yaml->has_checkouts))
        state_visibility(&finder, good.visibility);
}
