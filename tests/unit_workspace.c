#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "facts/git_config.h"
#include "facts/manifest_glob.h"
#include "facts/workspace.h"
#include "rows.h"

enum { FILES_MAX = 12 };

typedef struct TestFile {
    const char *path;
    const char *content; /* "-> x": a symbolic link to x */
} TestFile;

typedef struct Case {
    const char *name;
    TestFile files[FILES_MAX]; /* up to one without a path */
    const char *repository, *visibility, *environment;
    const char *says; /* see add_workspace */
} Case;

#define GIT_CONFIG                                                                     \
    "[core]\n\tbare = false\n[remote \"origin\"]\n"                                    \
    "\turl = https://user:hunter2@github.com/octo-org/site.git # fetched from\n"

static Case cases[] = {
    {"an empty directory is a repository without a name",
     {{0}},
     NULL,
     NULL,
     NULL,
     "checkout '' at '' is there\n"
     "repository(-, , )\nrepository_visibility(-, , unknown)\n"
     "repository_tree(, read)\ncontainer_registry(ghcr.io)\n"},
    {"the remote says who this directory is",
     {{".git/config", GIT_CONFIG}},
     NULL,
     NULL,
     NULL,
     "checkout 'octo-org/site' at '' is there\n"
     "repository(-, octo-org/site, octo-org)\n"
     "repository_visibility(-, octo-org/site, unknown)\n"
     "repository_tree(octo-org/site, read)\ncontainer_registry(ghcr.io)\n"},
    {"the environment goes before the remote, and --visibility says what it is",
     {{".git/config", GIT_CONFIG}},
     NULL,
     "internal",
     "octo-org/app",
     "checkout 'octo-org/app' at '' is there\n"
     "repository(-, octo-org/app, octo-org)\n"
     "repository_visibility(-, octo-org/app, internal)\n"
     "repository_tree(octo-org/app, read)\ncontainer_registry(ghcr.io)\n"},
    {"berth.yaml goes before the environment",
     {{"berth.yaml", "repository: octo-org/site\n"}},
     NULL,
     NULL,
     "octo-org/app",
     "checkout 'octo-org/site' at '' is there\n"
     "repository(-, octo-org/site, octo-org)\n"
     "repository_visibility(-, octo-org/site, unknown)\n"
     "repository_tree(octo-org/site, read)\ncontainer_registry(ghcr.io)\n"},
    {"the option goes before berth.yaml, and manifests are read in order",
     {{"berth.yaml", "repository: octo-org/site\n"},
      {"berth/b.yaml", "repositories: [{name: octo-org/app, visibility: private}]\n"},
      {"berth/a.yml", "repositories: [{name: Octo-Org/lib}]\n"},
      {".berth/c.yaml", "secrets:\n"},
      {"berth/.hidden.yaml", "packages: [{name: o/p}]\n"},
      {"berth/notes.txt", "packages: [{name: o/q}]\n"},
      {"berth/deep/d.yaml", "packages: [{name: o/r}]\n"}},
     "octo-org/APP",
     "public",
     NULL,
     "manifest .berth/c.yaml\nmanifest berth/a.yml\nmanifest berth/b.yaml\n"
     "checkout 'octo-org/app' at '' is there\n"
     "repository(1:17, Octo-Org/lib, octo-org)\n"
     "repository(1:17, octo-org/app, octo-org)\n"
     "repository_visibility(1:17, Octo-Org/lib, unknown)\n"
     "repository_visibility(-, octo-org/app, public)\n"
     "repository_tree(octo-org/app, read)\n"
     "repository_tree(Octo-Org/lib, absent)\n"
     "secrets_stated(1:1)\ncontainer_registry(ghcr.io)\n"},
    {"a worktree's .git is a file that leads on inside",
     {{".git", "gitdir: .bare/worktrees/w\n"},
      {".bare/worktrees/w/commondir", "../..\n"},
      {".bare/config", "[Remote \"origin\"] URL = \"git@github.com:octo-org/site\"\n"}},
     NULL,
     NULL,
     NULL,
     "checkout 'octo-org/site' at '' is there\n"
     "repository(-, octo-org/site, octo-org)\n"
     "repository_visibility(-, octo-org/site, unknown)\n"
     "repository_tree(octo-org/site, read)\ncontainer_registry(ghcr.io)\n"},
    {"a .git that leads out is not followed",
     {{".git", "gitdir: ../outside\n"}},
     NULL,
     NULL,
     NULL,
     "checkout '' at '' is there\n"
     "repository(-, , )\nrepository_visibility(-, , unknown)\n"
     "repository_tree(, read)\ncontainer_registry(ghcr.io)\n"},
    {"another remote is not the origin, and another host is not GitHub",
     {{".git/config",
       "[remote \"upstream\"]\nurl = https://github.com/a/b\n[branch \"origin\"]\n"
       "url = https://github.com/c/d\n[remote \"origin\"]\n; url = "
       "https://github.com/e/f\nurl = https://gitlab.com/g/h\n"}},
     NULL,
     NULL,
     NULL,
     "checkout '' at '' is there\n"
     "repository(-, , )\nrepository_visibility(-, , unknown)\n"
     "repository_tree(, read)\ncontainer_registry(ghcr.io)\n"},
    {"another GitHub has a container registry of its own",
     {{"berth.yaml", "github: Octo.GHE.com\n"},
      {".git/config", "[remote \"origin\"]\nurl = ssh://git@octo.ghe.com/o/r.git\n"}},
     NULL,
     NULL,
     NULL,
     "checkout 'o/r' at '' is there\n"
     "repository(-, o/r, o)\nrepository_visibility(-, o/r, unknown)\n"
     "repository_tree(o/r, read)\ncontainer_registry(containers.octo.ghe.com)\n"},
    {"configurations stand in three places, one level deep",
     {{".devcontainer.json", "{}"},
      {".devcontainer/devcontainer.json", "{}"},
      {".devcontainer/b/devcontainer.json", "{}"},
      {".devcontainer/z/devcontainer.json", "{}"},
      {".devcontainer/z/deeper/devcontainer.json", "{}"},
      {".devcontainer/empty/Dockerfile", ""},
      {"devcontainer.json", "{}"},
      {"sub/.devcontainer/devcontainer.json", "{}"}},
     "o/r",
     NULL,
     NULL,
     "checkout 'o/r' at '' is there\n"
     "  .devcontainer.json\n"
     "  .devcontainer/b/devcontainer.json\n"
     "  .devcontainer/devcontainer.json\n"
     "  .devcontainer/z/devcontainer.json\n"
     "repository(-, o/r, o)\nrepository_visibility(-, o/r, unknown)\n"
     "repository_tree(o/r, read)\ncontainer_registry(ghcr.io)\n"},
    {"those of Templates stand in the same places of src/<id>",
     {{"src/_shared/x", ""},
      {"src/a/devcontainer-template.json", "{}"},
      {"src/a/.devcontainer.json", "{}"},
      {"src/a/.devcontainer/b/devcontainer.json", "{}"},
      {"src/b/.devcontainer.json", "{}"},
      {"src/c/devcontainer-template.json", "{}"},
      {"src/c/.devcontainer/devcontainer.json", "{}"},
      {"src/c/src/d/devcontainer-template.json", "{}"},
      {"src/c/src/d/.devcontainer.json", "{}"}},
     "o/r",
     NULL,
     NULL,
     "checkout 'o/r' at '' is there\n"
     "  src/a/.devcontainer.json\n"
     "  src/a/.devcontainer/b/devcontainer.json\n"
     "  src/c/.devcontainer/devcontainer.json\n"
     "repository(-, o/r, o)\nrepository_visibility(-, o/r, unknown)\n"
     "repository_tree(o/r, read)\ncontainer_registry(ghcr.io)\n"},
    {"a link that stays inside is followed, one that leads out is named, not read",
     {{".devcontainer/in", "-> ../shared"},
      {"shared/devcontainer.json", "{}"},
      {".devcontainer/devcontainer.json", "-> ../../outside.json"}},
     "o/r",
     NULL,
     NULL,
     "checkout 'o/r' at '' is there\n"
     "  .devcontainer/devcontainer.json\n"
     "  .devcontainer/in/devcontainer.json\n"
     "repository(-, o/r, o)\nrepository_visibility(-, o/r, unknown)\n"
     "repository_tree(o/r, read)\ncontainer_registry(ghcr.io)\n"},
    {"checkouts: stated paths, full names, absent trees and trees of nobody",
     {{"berth.yaml", "manifests: [access/*.yaml]\ncheckouts: ./repos/\n"},
      {"access/a.yaml", "repositories:\n- {name: octo-org/site, path: site}\n"
                        "- {name: octo-org/app, visibility: public}\n"
                        "- {name: octo-org/gone}\n- {name: octo-org/lib}\n"
                        "- {name: octo-org/far, path: nowhere}\n"},
      {"repos/site/.devcontainer.json", "{}"},
      {"repos/site/src/.devcontainer.json", "{}"},
      {"repos/Octo-Org/App/.devcontainer/devcontainer.json", "{}"},
      {"repos/octo-org/lib/README", ""},
      {"repos/octo-org/new/.devcontainer/x/devcontainer.json", "{}"},
      {"repos/octo-org/.git/config", ""},
      {"repos/octo-org/file", ""}},
     NULL,
     NULL,
     "octo-org/elsewhere",
     "manifest access/a.yaml\n"
     "checkout 'octo-org/app' at 'repos/Octo-Org/App' is there\n"
     "  repos/Octo-Org/App/.devcontainer/devcontainer.json\n"
     "checkout 'octo-org/far' at 'repos/nowhere' is absent\n"
     "checkout 'octo-org/gone' at 'repos/octo-org/gone' is absent\n"
     "checkout 'octo-org/lib' at 'repos/octo-org/lib' is there\n"
     "checkout 'octo-org/new' at 'repos/octo-org/new' is there\n"
     "  repos/octo-org/new/.devcontainer/x/devcontainer.json\n"
     "checkout 'octo-org/site' at 'repos/site' is there\n"
     "  repos/site/.devcontainer.json\n"
     "repository(2:4, octo-org/site, octo-org)\n"
     "repository(3:4, octo-org/app, octo-org)\n"
     "repository(4:4, octo-org/gone, octo-org)\n"
     "repository(5:4, octo-org/lib, octo-org)\n"
     "repository(6:4, octo-org/far, octo-org)\n"
     "repository(-, octo-org/new, octo-org)\n"
     "repository_visibility(2:4, octo-org/site, unknown)\n"
     "repository_visibility(3:24, octo-org/app, public)\n"
     "repository_visibility(4:4, octo-org/gone, unknown)\n"
     "repository_visibility(5:4, octo-org/lib, unknown)\n"
     "repository_visibility(6:4, octo-org/far, unknown)\n"
     "repository_visibility(-, octo-org/new, unknown)\n"
     "repository_tree(octo-org/site, read)\n"
     "repository_tree(octo-org/app, read)\n"
     "repository_tree(octo-org/gone, absent)\n"
     "repository_tree(octo-org/lib, read)\n"
     "repository_tree(octo-org/far, absent)\n"
     "repository_tree(octo-org/new, read)\n"
     "container_registry(ghcr.io)\n"},
    {"with --repository only that one's tree is looked at",
     {{"berth.yaml", "checkouts: repos\n"},
      {"berth/a.yaml", "repositories: [{name: o/a}, {name: o/b}]\n"},
      {"repos/o/a/.devcontainer.json", "{}"},
      {"repos/o/b/.devcontainer.json", "{}"},
      {"repos/o/c/.devcontainer.json", "{}"}},
     "O/B",
     "private",
     NULL,
     "manifest berth/a.yaml\n"
     "checkout 'o/b' at 'repos/o/b' is there\n"
     "  repos/o/b/.devcontainer.json\n"
     "repository(1:17, o/a, o)\nrepository(1:30, o/b, o)\n"
     "repository_visibility(1:17, o/a, unknown)\n"
     "repository_visibility(-, o/b, private)\n"
     "repository_tree(o/b, read)\ncontainer_registry(ghcr.io)\n"},
    {"--repository names one that is there",
     {{"berth.yaml", "checkouts: repos\n"}},
     "o/x",
     NULL,
     NULL,
     "container_registry(ghcr.io)\n"
     "unusable - there is no repository 'o/x' here: no manifest mentions it, and it "
     "has no tree under 'repos'\n"},
    {"all that berth.yaml may say",
     {{"berth.yaml", "mirrors: {registry.corp.example/hub: docker.io}\n"
                     "rules: [a, ./more/../other]\n"
                     "severity: { hygiene/unpinned-image: off, leak/x: warning }\n"
                     "acknowledge:\n"
                     "  - rule: leak/nonpublic-image-exposed\n"
                     "    repository: octo-org/site\n    image: ghcr.io/octo-org/base\n"
                     "    reason: reviewed\n    until: 2027-01-31\n"
                     "  - {rule: leak/x, reason: known}\n"},
      {"a/x", ""},
      {"other/x", ""}},
     "o/r",
     NULL,
     NULL,
     "checkout 'o/r' at '' is there\n"
     "mirror registry.corp.example/hub of docker.io\n"
     "rules a\nrules other\n"
     "severity hygiene/unpinned-image off\nseverity leak/x warning\n"
     "acknowledged leak/nonpublic-image-exposed 'octo-org/site' "
     "'ghcr.io/octo-org/base' until 20849: reviewed\n"
     "acknowledged leak/x '' '': known\n"
     "repository(-, o/r, o)\nrepository_visibility(-, o/r, unknown)\n"
     "repository_tree(o/r, read)\ncontainer_registry(ghcr.io)\n"},
    {"what berth.yaml may not say",
     {{"berth.yaml", "manifest: [x]\n"
                     "manifests: [none/*.yaml, missing.yaml, ../out.yaml]\n"
                     "checkouts: /repos\n"
                     "repository: site\n"
                     "github: https://github.com\n"
                     "mirrors: {'https://x': docker.io, a.example: [b]}\n"
                     "rules: policy\n"
                     "severity: {x: off, leak/x: fatal}\n"
                     "acknowledge: [{rule: leak/x}, {reason: r, rule: X}, {rule: a/b, "
                     "reason: r, until: soon}]\n"}},
     "o/r/x",
     "secret",
     NULL,
     "checkout '' at '' is there\n"
     "repository(-, , )\nrepository_visibility(-, , unknown)\n"
     "repository_tree(, read)\ncontainer_registry(ghcr.io)\n"
     "input/unknown-key 1:1 'manifest' is no key of berth.yaml; the nearest is "
     "'manifests'\n"
     "unusable 3:12 the value of 'checkouts' is not valid; expected a relative path "
     "that stays inside\n"
     "unusable 4:13 the value of 'repository' is not valid; expected a repository as "
     "owner/name\n"
     "unusable 5:9 the value of 'github' is not valid; expected a host as image "
     "references name it\n"
     "unusable 7:8 'rules' is a text; expected a list of relative paths\n"
     "unusable 6:11 a key of 'mirrors' is not valid; expected a host as image "
     "references name it, with a path if need be\n"
     "unusable 6:46 a value of 'mirrors' is not valid; expected a host as image "
     "references name it, with a path if need be\n"
     "unusable 8:12 a key of 'severity' is not valid; expected a rule's id as "
     "category/name\n"
     "unusable 8:28 a value of 'severity' is not valid; expected error, warning, info "
     "or off\n"
     "unusable 9:16 an acknowledgement has no 'reason'; expected a text\n"
     "unusable 9:49 the value of 'rule' is not valid; expected a rule's id as "
     "category/name\n"
     "unusable 9:83 the value of 'until' is not valid; expected a date as 2027-01-31\n"
     "unusable 2:13 this pattern of manifests matches no file; expected at least one\n"
     "unusable 2:40 this pattern of manifests leads out; expected one inside the "
     "workspace\n"
     "unusable 2:26 the manifest 'missing.yaml' does not exist\n"
     "unusable - the repository 'o/r/x' is not valid; expected owner/name\n"
     "unusable - the visibility 'secret' is not valid; expected public, internal or "
     "private\n"},
    {"berth.yaml that does not parse leaves the defaults",
     {{"berth.yaml", "repository: [\n"}, {"berth/a.yaml", "secrets:\n"}},
     NULL,
     NULL,
     NULL,
     "manifest berth/a.yaml\n"
     "checkout '' at '' is there\n"
     "repository(-, , )\nrepository_visibility(-, , unknown)\n"
     "repository_tree(, read)\nsecrets_stated(1:1)\ncontainer_registry(ghcr.io)\n"
     "unusable 2:1 this berth.yaml cannot be used: did not find expected node content; "
     "what follows was not read\n"},
    {"a manifest that is a directory or leads out cannot be used",
     {{"berth.yaml", "manifests: [access/a.yaml, access/b.yaml, access/*]\n"},
      {"access/a.yaml/x", ""},
      {"access/b.yaml", "-> /etc/passwd"}},
     "o/r",
     NULL,
     NULL,
     "checkout 'o/r' at '' is there\n"
     "repository(-, o/r, o)\nrepository_visibility(-, o/r, unknown)\n"
     "repository_tree(o/r, read)\ncontainer_registry(ghcr.io)\n"
     "unusable 1:13 the manifest 'access/a.yaml' is not a regular file\n"
     "unusable 1:28 the manifest 'access/b.yaml' leads out of the repository and was "
     "not opened\n"},
    {"checkouts that lead out are not looked at",
     {{"berth.yaml", "checkouts: repos\n"}, {"repos", "-> /usr"}},
     NULL,
     NULL,
     NULL,
     "container_registry(ghcr.io)\n"
     "unusable 1:1 the directory of checkouts leads out of the repository and was not "
     "opened; expected one inside the workspace\n"},
};

typedef struct Work {
    Arena *arena;
    Files *files;
    Facts *facts;
    Text directory;
} Work;

static const char *in_directory(Work *work, Text path)
{
    return arena_format(work->arena, "%.*s/%.*s", TEXT_ARG(work->directory),
                        TEXT_ARG(path))
        .at;
}

static void make_directories(Work *work, Text path)
{
    Text part, rest = path_directory(path);
    Buffer made = {.arena = work->arena};

    for (bool done = rest.len == 0; text_next_part(&rest, '/', &part, &done);) {
        buffer_format(&made, "%s%.*s", made.len ? "/" : "", TEXT_ARG(part));
        if (mkdir(in_directory(work, buffer_text(&made)), 0700) != 0)
            assert_int_equal(errno, EEXIST);
    }
}

static void make_file(Work *work, const TestFile *made)
{
    const char *path = in_directory(work, text_of(made->path));
    Text content = text_of(made->content), arrow = TEXT("-> ");

    make_directories(work, text_of(made->path));
    if (text_starts_with(content, arrow)) {
        assert_int_equal(symlink(made->content + arrow.len, path), 0);
        return;
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.at, 1, content.len, file), content.len);
    assert_int_equal(fclose(file), 0);
}

/* An empty directory of its own, below $TMPDIR. */
static Text new_directory(Arena *arena)
{
    const char *above = getenv("TMPDIR");
    char template[256];
    int len = snprintf(template, sizeof(template), "%s/berth-workspace-XXXXXX",
                       above ? above : "/tmp");

    assert_in_range(len, 1, sizeof(template) - 1);
    assert_non_null(mkdtemp(template));
    return arena_copy(arena, text_of(template));
}

static void make_workspace(Work *work, const TestFile *files)
{
    const char *problem;

    work->directory = new_directory(work->arena);
    for (size_t i = 0; i < FILES_MAX && files[i].path; i++)
        make_file(work, &files[i]);
    Symbols *symbols = symbols_new(work->arena);
    Sources *sources = sources_new(work->arena);
    work->facts = facts_new(work->arena, symbols, sources, diags_new(work->arena));
    work->files = files_open(work->arena, symbols, sources, work->directory, &problem);
    assert_non_null(work->files);
}

/* Directories that still hold something stay until their last file is gone. */
static void remove_workspace(Work *work, const TestFile *files)
{
    for (size_t i = 0; i < FILES_MAX && files[i].path; i++) {
        Text path = text_of(files[i].path);

        (void)unlink(in_directory(work, path));
        while (path_directory(path).len) {
            path = path_directory(path);
            (void)rmdir(in_directory(work, path));
        }
    }
    assert_int_equal(rmdir(work->directory.at), 0);
}

static void add_checkout(Buffer *out, const Checkout *checkout)
{
    buffer_format(out, "checkout '%.*s' at '%.*s' is %s\n",
                  TEXT_ARG(checkout->repository), TEXT_ARG(checkout->root),
                  checkout->is_there ? "there" : "absent");
    for (uint32_t i = 0; i < checkout->nconfigurations; i++)
        buffer_format(out, "  %.*s\n", TEXT_ARG(checkout->configurations[i]));
}

static void add_acknowledgement(Buffer *out, const Acknowledgement *acknowledged)
{
    buffer_format(out, "acknowledged %.*s '%.*s' '%.*s'", TEXT_ARG(acknowledged->rule),
                  TEXT_ARG(acknowledged->repository), TEXT_ARG(acknowledged->image));
    if (acknowledged->until_text.len)
        buffer_format(out, " until %u", acknowledged->until);
    buffer_format(out, ": %.*s\n", TEXT_ARG(acknowledged->reason));
}

/* Manifests, checkouts, the rest of the workspace, rows, diagnostics. */
static void add_workspace(Buffer *out, Facts *facts, const Workspace *workspace)
{
    for (uint32_t i = 0; i < workspace->nmanifests; i++)
        buffer_format(out, "manifest %.*s\n",
                      TEXT_ARG(source_path(facts->sources, workspace->manifests[i])));
    for (uint32_t i = 0; i < workspace->ncheckouts; i++)
        add_checkout(out, &workspace->checkouts[i]);
    for (uint32_t i = 0; i < workspace->nmirrors; i++)
        buffer_format(out, "mirror %.*s of %.*s\n",
                      TEXT_ARG(workspace->mirrors[i].prefix),
                      TEXT_ARG(workspace->mirrors[i].upstream));
    for (uint32_t i = 0; i < workspace->nrules; i++)
        buffer_format(out, "rules %.*s\n", TEXT_ARG(workspace->rules[i]));
    for (uint32_t i = 0; i < workspace->nseverities; i++)
        buffer_format(out, "severity %.*s %.*s\n",
                      TEXT_ARG(workspace->severities[i].rule),
                      TEXT_ARG(workspace->severities[i].severity));
    for (uint32_t i = 0; i < workspace->nacknowledgements; i++)
        add_acknowledgement(out, &workspace->acknowledgements[i]);
    buffer_add(out, rows_text(facts));
    buffer_add(out, diags_text(facts));
}

static void workspace_is_read(void **state)
{
    const Case *c = *state;
    Work work = {.arena = arena_new((size_t)1 << 26)};
    WorkspaceOptions options = {text_of(c->repository), text_of(c->visibility),
                                text_of(c->environment)};
    Buffer out = {.arena = work.arena};

    make_workspace(&work, c->files);
    add_workspace(&out, work.facts,
                  workspace_read(work.facts, work.files, work.files, &options));
    remove_workspace(&work, c->files);
    assert_string_equal(arena_copy(work.arena, buffer_text(&out)).at, c->says);
    arena_free(work.arena);
}

static void no_byte_of_the_git_configuration_is_shown(void **state)
{
    static const TestFile files[FILES_MAX] = {{".git/config", GIT_CONFIG}};
    Work work = {.arena = arena_new((size_t)1 << 26)};
    WorkspaceOptions options = {0};
    Buffer out = {.arena = work.arena};

    (void)state;
    make_workspace(&work, files);
    (void)workspace_read(work.facts, work.files, work.files, &options);
    remove_workspace(&work, files);
    Sources *sources = work.facts->sources;
    for (uint32_t i = 1; i <= sources_count(sources); i++) {
        uint32_t len = (uint32_t)source_bytes(sources, i).len;

        source_add_shown(sources, &out, (Span){i, 0, len});
    }
    assert_string_equal(arena_copy(work.arena, buffer_text(&out)).at, "•••");
    arena_free(work.arena);
}

typedef struct UrlCase {
    const char *url, *github, *repository;
} UrlCase;

static void remotes_name_repositories(void **state)
{
    static const UrlCase urls[] = {
        {"https://github.com/o/n", "github.com", "o/n"},
        {"https://github.com/o/n.git", "github.com", "o/n"},
        {"https://github.com/o/n/", "github.com", "o/n"},
        {"https://token@GitHub.com:443/o/n.git", "github.com", "o/n"},
        {"git@github.com:o/n.git", "github.com", "o/n"},
        {"github.com:o/n", "github.com", "o/n"},
        {"org-1@github.com:/o/n.git", "github.com", "o/n"},
        {"ssh://git@github.com/o/n.git", "github.com", "o/n"},
        {"ssh://git@ssh.github.com:443/o/n.git", "github.com", "o/n"},
        {"git://github.com/o/n", "github.com", "o/n"},
        {"git@octo.ghe.com:o/n", "octo.ghe.com", "o/n"},
        {"git@github.com:o/n", "octo.ghe.com", ""},
        {"https://github.com.evil.example/o/n", "github.com", ""},
        {"https://github.com@evil.example/o/n", "github.com", ""},
        {"https://gitlab.com/o/n", "github.com", ""},
        {"https://github.com/o/n/tree", "github.com", ""},
        {"https://github.com/o", "github.com", ""},
        {"https://github.com", "github.com", ""},
        {"file:///github.com/o/n", "github.com", ""},
        {"../n.git", "github.com", ""},
        {"/srv/github.com:o/n", "github.com", ""},
        {"", "github.com", ""},
    };
    Arena *arena = arena_new(1 << 20);

    (void)state;
    for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
        Text found =
            git_url_repository(arena, text_of(urls[i].url), text_of(urls[i].github));

        assert_string_equal(arena_copy(arena, found).at, urls[i].repository);
    }
    arena_free(arena);
}

typedef struct GlobCase {
    const char *pattern, *name;
    bool matches;
} GlobCase;

static void a_star_stays_in_its_part(void **state)
{
    static const GlobCase globs[] = {
        {"*.yaml", "a.yaml", true},
        {"*.yaml", ".yaml", false},
        {"*.yaml", "a.yml", false},
        {"*", "a", true},
        {"*", ".a", false},
        {".*", ".a", true},
        {"a*b*c", "axxbyyc", true},
        {"a*b*c", "axxbyy", false},
        {"**", "a", true},
        {"a", "a", true},
        {"a", "ab", false},
        {"*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaa", false},
        {"[ab].yaml", "a.yaml", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(globs) / sizeof(*globs); i++)
        assert_int_equal(
            manifest_glob_matches(text_of(globs[i].pattern), text_of(globs[i].name)),
            globs[i].matches);
}

int main(void)
{
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    struct CMUnitTest tests[COUNT + 3] = {
        [COUNT] = cmocka_unit_test(no_byte_of_the_git_configuration_is_shown),
        [COUNT + 1] = cmocka_unit_test(remotes_name_repositories),
        [COUNT + 2] = cmocka_unit_test(a_star_stays_in_its_part),
    };

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, workspace_is_read, NULL, NULL,
                                       &cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
