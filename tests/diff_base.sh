#!/usr/bin/env bash
# diff_base.sh: `berth check --diff-base` on real repositories of git: only what a change
# brings is found, on the line that it touched, and judged by the state before.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
berth=${BERTH:-build/dev/berth}
[[ $berth == /* ]] || berth=$PWD/$berth
command -v git >/dev/null || {
    echo "diff_base: skipped: git is not here"
    exit 0
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset -v "${!GITHUB_@}" "${!CODESPACE@}" "${!GIT_@}" NO_COLOR COLUMNS
export LC_ALL=C GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_AUTHOR_DATE='2026-01-01T00:00:00Z'
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org GIT_COMMITTER_DATE='2026-01-01T00:00:00Z'

passed=0 failed=0
check() { # what must be, command...
    local what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$what"
        cat "$work/out" "$work/err" 2>/dev/null
    fi
}
is() { [ "$1" = "$2" ]; }
prints() { grep -qF -- "$1" "$work/out"; }
says() { grep -qF -- "$1" "$work/err"; }
silent() { ! prints "$1"; }

# A small organization with one finding of its own, which no change below touches.
begin() {
    rm -rf "$work/repo"
    mkdir -p "$work/repo" && cd "$work/repo" || exit 2
    git init -q -b main
    mkdir -p repos/octo-org/{site,app,old}/.devcontainer berth
    printf 'checkouts: repos\n' >berth.yaml
    printf '{\n  "image": "ghcr.io/octo-org/base:1"\n}\n' >repos/octo-org/site/.devcontainer/devcontainer.json
    printf '{\n  "image": "ghcr.io/octo-org/tools:1"\n}\n' >repos/octo-org/app/.devcontainer/devcontainer.json
    printf '{\n  "image": "ghcr.io/octo-org/base:1"\n}\n' >repos/octo-org/old/.devcontainer/devcontainer.json
    cat >berth/access.yaml <<'YAML'
repositories:
  - name: octo-org/site
    visibility: public
  - name: octo-org/app
    visibility: private
  - name: octo-org/old
    visibility: public
packages:
  - name: octo-org/base
    visibility: public
    inherit_access: false
  - name: octo-org/tools
    visibility: private
    inherit_access: false
    codespaces_access:
      - octo-org/app
YAML
    git add -A && git commit -q -m base
}
run() { # argument...
    "$berth" check --ignore 'hygiene/*' --today 2026-11-25 "$@" >"$work/out" 2>"$work/err"
    status=$?
}

begin
run --diff-base main
check "an unchanged tree has no new finding" prints "no new findings"
check "and is clean" is "$status" 0

sed -i '9,10s/visibility: public/visibility: internal/' berth/access.yaml
run --diff-base main
check "a visibility that makes two repositories leak is found" is "$status" 1
check "on the line that was changed" prints "berth/access.yaml:10:5"
check "with what pulls it beside it" prints "::: repos/octo-org/site/.devcontainer/devcontainer.json:2"
check "for the one repository" prints "octo-org/site is public"
check "and for the other" prints "octo-org/old is public"
git commit -qam leak
run --diff-base HEAD
check "what is committed is not new" is "$status" 0
check "and is counted" prints "the change fixed 0 and left 2"
run --diff-base main~1
check "a commit is compared with the one before" is "$status" 1
git checkout -q -b mend && sed -i '10s/internal/public/' berth/access.yaml
run --diff-base main
check "what a change mends is counted" prints "the change fixed 2 and left 0"
check "and passes" is "$status" 0

begin
sed -i '/codespaces_access/,$d' berth/access.yaml
printf '    actions_access: []\n' >>berth/access.yaml
run --diff-base main
check "a grant that was taken away breaks a pull" is "$status" 1
check "which stands where the grant stood" prints "--> berth/access.yaml:15:"
check "and tells what was there" prints "what stood here before: octo-org/tools grants Codespaces access to octo-org/app"

begin
sed -i -e '1i # a comment' -e 's/^  - name: \(.*\)/  -   name: "\1"/; s/^    visibility/      visibility/; s/^    \([ic]\)/      \1/; s/^      - /        - /' berth/access.yaml
sed -i 's/  "image"/\n\t\/\/ the same\n\t"image"/' repos/*/*/.devcontainer/devcontainer.json
run --diff-base main
check "a change that only reformats has no new finding" prints "no new findings"
check "and is clean" is "$status" 0

begin
sed -i '10s/public/internal/' berth/access.yaml
cat >>berth.yaml <<'YAML'
severity: {leak/public-repo-nonpublic-image: off}
acknowledge:
  - rule: leak/public-repo-nonpublic-image
    reason: none
YAML
run --diff-base main
check "a change does not silence what it brings" is "$status" 1
printf 'severities: {}\nrules: [nowhere\n' >berth.yaml
run --diff-base main
check "a berth.yaml that the change breaks cannot be used" is "$status" 2
rm berth.yaml && printf 'manifests: [other/*.yaml]\n' >.keep
run --diff-base main
check "nor does a change take the policy away" is "$status" 1

# Suppressions of the change are listed and silence nothing yet; those of the state
# before count, moved or written anew.
begin
sed -i 's,"image",// berth: ignore[leak/public-repo-nonpublic-image] it is meant\n  "image",' repos/octo-org/site/.devcontainer/devcontainer.json
sed -i '10s/public/internal/' berth/access.yaml
printf 'acknowledge:\n  - {rule: leak/public-repo-nonpublic-image, reason: none}\n' >>berth.yaml
run --diff-base main
check "a comment of the change silences nothing" is "$status" 1
check "what it would silence is found" prints "error[leak/public-repo-nonpublic-image]: octo-org/site"
check "it is listed" prints "adds a suppression, which silences nothing yet: repos/octo-org/site/.devcontainer/devcontainer.json:2:3: leak/public-repo-nonpublic-image: it is meant"
check "and so is an acknowledgement" prints "which silences nothing yet: berth.yaml:3:6: leak/public-repo-nonpublic-image: none"
run --diff-base main --format json
check "in JSON, too" is "$(grep -c '"kind": "\(inSource\|acknowledged\)"' "$work/out")" 2
git add -A && git commit -qm suppressed
run
check "once it is there, it counts" is "$status" 0
sed -i '2s/.*/  \/\/   berth: ignore[leak\/public-repo-nonpublic-image] it is meant, still/' repos/octo-org/site/.devcontainer/devcontainer.json
printf 'checkouts: repos\n' >berth.yaml
run --diff-base main
check "a comment that is written anew silences what it did" prints "no new findings"
check "and is not listed" silent "silences nothing yet"
check "nor is an acknowledgement that goes unused" silent "unused-suppression"
check "and it is clean" is "$status" 0
sed -i '2d' repos/octo-org/site/.devcontainer/devcontainer.json
git checkout -q berth.yaml
sed -i '/acknowledge/,$d' berth.yaml && git add -A && git commit -qm bare
git checkout -q HEAD~1 -- repos
git commit -qm comment
sed -i '2d' repos/octo-org/site/.devcontainer/devcontainer.json
run --diff-base main
check "a comment that goes uncovers" prints "error[leak/public-repo-nonpublic-image]: octo-org/site"
git checkout -q repos
sed -i 's|^  "image"|  "features": {"ghcr.io/octo-org/base/x:1": {}},\n  "image"|' repos/octo-org/site/.devcontainer/devcontainer.json
run --diff-base main
check "what is put behind a comment is not silenced by it" prints "silences nothing yet"
check "and what it covered before is found" prints "devcontainer.json:4:12"

begin
mkdir -p policy/images
cat >policy/images/no-base.dl <<'DL'
/*---
title: The old base image
severity: error
basis: inferred
message: "{repo} pulls {ref}"
help: Use another.
documentation: https://wiki.example.org/images
scope: repository
---*/
.decl images_no_base(at: Site, repo: Repo, ref: Ref)
.output images_no_base
images_no_base(at, repo, ref) :- pulls(at, _, repo, ref, _), match(".*/tools:2", ref).
DL
printf 'checkouts: repos\nrules: [policy]\n' >berth.yaml
git add -A && git commit -qm rules
rm policy/images/no-base.dl
printf 'checkouts: repos\n' >berth.yaml
sed -i 's/tools:1/tools:2/' repos/octo-org/app/.devcontainer/devcontainer.json
run --diff-base main
check "the rules of the state before judge the change that removes them" prints "error[images/no-base]"
check "at the place that was changed" prints "repos/octo-org/app/.devcontainer/devcontainer.json:2:12"

begin
sed -i '10s/public/internal/' berth/access.yaml
printf 'packages: [\n' >berth/broken.yaml
git add -A && git commit -qm broken
run --diff-base main
check "a policy that cannot be used is an error on both sides" is "$status" 2
rm berth/broken.yaml
run --diff-base main
check "a change can mend it" is "$status" 1
check "and what is found then counts as new, which is said" says "counts as new"

begin
git checkout -q -b topic
sed -i '10s/public/internal/' berth/access.yaml
git commit -qam topic
git checkout -q main
sed -i '$a\      - octo-org/old' berth/access.yaml
git commit -qam elsewhere
git checkout -q topic
run --diff-base main
check "a branch is compared with where it began" prints "berth/access.yaml:10:5"
check "what main did since is not the branch's" silent "unused-grant"

begin
cd repos/octo-org/app || exit 2
mv .devcontainer/devcontainer.json .devcontainer/real.json
ln -s real.json .devcontainer/devcontainer.json
mkdir berth && printf 'repositories: [{name: octo-org/app, visibility: public}]\npackages: [{name: octo-org/tools, visibility: private, inherit_access: false}]\n' >berth/a.yaml
git add -A && git commit -qm link
run --repository octo-org/app --diff-base main .
check "in a directory of the repository, links are followed in the commit too" prints "no new findings"
check "and what was there is known" prints "left 1"
mkdir .devcontainer/second && printf '{"image": "ghcr.io/octo-org/tools:2"}' >.devcontainer/second/devcontainer.json
run --repository octo-org/app --diff-base main
check "a file that is new is touched in every line" prints ".devcontainer/second/devcontainer.json:1:11"
mkdir -p "$work/deep ünder" && cd "$work/deep ünder" && git init -q . && printf '{"image": "ghcr.io/a/b"}' >.devcontainer.json &&
    git add -A && git commit -qm one && printf 'FROM x\n' >.Dockerfile
run --diff-base HEAD
check "a path with blanks and letters of any kind is read" is "$status" 0

begin
run --diff-base no-such-branch
check "a revision that is none is wrong usage" is "$status" 2
check "with what to do" says "'no-such-branch' is no commit here; fetch it first"
run --diff-base '--output=x'
check "a revision is never an option of git's" is "$status" 2
run --diff-base ''
check "an empty revision is wrong usage" is "$status" 2
rm -rf "$work/bare" && mkdir "$work/bare" && cd "$work/bare" || exit 2
run --diff-base main
check "outside of a repository it is wrong usage" is "$status" 2
check "with the reason" says "in no work tree that git reads"
PATH=/nonexistent run --diff-base main
check "without git it is wrong usage" is "$status" 2
check "with the reason" says "needs git"

begin
git config core.fsmonitor "touch $work/ran"
git config diff.external "touch $work/ran"
git config core.pager "touch $work/ran"
printf '* filter=evil diff=evil\n' >.gitattributes
git config filter.evil.smudge "touch $work/ran"
git config diff.evil.textconv "touch $work/ran"
rm -f "$work/ran"
run --diff-base main
check "nothing that the repository configures is run" test ! -e "$work/ran"
check "and it is answered" is "$status" 0


begin
sed -i '10s/public/internal/' berth/access.yaml
mkdir other && git mv berth/access.yaml other/
printf 'checkouts: repos\nmanifests: [other/*.yaml]\n' >berth.yaml
run --diff-base main
check "a manifest that the change moves away is told" says "the manifest 'berth/access.yaml' of main is gone"
git checkout -q HEAD -- berth && rm -r other
run --diff-base main
check "and one that is there is not" bash -c '! grep -q "is gone" "$1"' - "$work/err"

# The baseline is the state before's, too, wherever in the repository it is.
begin
sed -i '10s/public/internal/' berth/access.yaml
"$berth" check --baseline base.json --update-baseline --allow-growth . >/dev/null 2>&1
run --baseline base.json --diff-base main
check "a baseline that the change adds silences nothing" is "$status" 1
check "which is said" says "main has no baseline 'base.json', which silences nothing yet"
(cd repos && run --baseline "$work/repo/base.json" --diff-base main ..; exit "$status")
check "nor by its whole path" is "$?" 1
ln -s "$work/repo" "$work/link" && run --baseline "$work/link/base.json" --diff-base main
check "nor by a link to it" is "$status" 1
cp base.json "$work/outside.json" && run --baseline "$work/outside.json" --diff-base main
check "one that is kept elsewhere is used" is "$status" 0
git add base.json && git commit -q -m baseline -- base.json && git rm -q base.json
run --baseline base.json --diff-base main
check "the state before's silences, even where the change removes it" is "$status" 0
ln -s "$work/outside.json" base.json && git add base.json && git commit -qm link
run --baseline base.json --diff-base main
check "a link is no baseline of a commit's" is "$status" 2
rm -f "$work/link"

# What a hook of git's is started with, and other odd environments.
begin
sed -i '10s/public/internal/' berth/access.yaml && git commit -qam leak
export GIT_DIR=$PWD/.git GIT_INDEX_FILE=$PWD/.git/index GIT_PREFIX=
(cd repos/octo-org/site && mkdir berth && cp ../../../berth/access.yaml berth/ && env -u GIT_DIR -u GIT_INDEX_FILE git add -A && env -u GIT_DIR -u GIT_INDEX_FILE git commit -qm inner)
(cd repos/octo-org/site && run --repository octo-org/site --diff-base HEAD; exit "$status")
check "what git gives a hook does not move a directory of the repository" is "$?" 0
check "and its findings are known" prints "left 1"
export GIT_DIR=.git
run --repository octo-org/site --diff-base HEAD repos/octo-org/site
check "nor does it elsewhere" prints "left 1"
unset -v GIT_DIR GIT_INDEX_FILE GIT_PREFIX
GIT_ICASE_PATHSPECS=1 run --repository octo-org/site --diff-base HEAD repos/octo-org/site
check "nor do ways to read paths" prints "left 1"
mkdir ':(top)a' && cp -r repos/octo-org/site/. ':(top)a' && git add -A . && git commit -qm magic
run --repository octo-org/site --diff-base HEAD './:(top)a'
check "a directory's name is no pattern of git's" prints "left 1"
if command -v perl >/dev/null; then
    perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV' "$berth" check --diff-base HEAD . >"$work/out" 2>"$work/err"
    check "whoever ignores children may start it" prints "no new findings"
fi

# A partial clone: nothing is fetched, and no half of a state judges.
begin
git checkout -q -b topic
sed -i '10s/public/internal/' berth/access.yaml
printf 'acknowledge:\n  - {rule: leak/public-repo-nonpublic-image, reason: none}\n' >>berth.yaml
git commit -qam topic
git config uploadpack.allowFilter true
git config uploadpack.allowAnySHA1InWant true
if git clone -q --filter=blob:none -b topic "file://$work/repo" "$work/partial" 2>/dev/null; then
    cd "$work/partial" || exit 2
    run --diff-base origin/main
    check "a policy that is not there does not let the change judge itself" is "$status" 2
    check "with what to do" says "git does not give a file of 'origin/main', as in a partial clone"
    check "and nothing is printed" test ! -s "$work/out"
    git config remote.origin.url "ext::sh -c touch% $work/ran"
    git config protocol.ext.allow always
    run --diff-base origin/main
    check "nothing that the repository names as its remote is run" test ! -e "$work/ran"
    git config remote.origin.url "file://$work/repo"
    git checkout -q origin/main && git checkout -q topic
    run --diff-base origin/main
    check "once it is fetched, it judges" is "$status" 1
fi
rm -rf "$work/partial"

# A tree of trees of itself is short to write and has no end.
mkdir "$work/bin"
printf '#!/bin/sh\ncase "$*" in *ls-tree*) exec yes "100644 blob 1\tx" ;; *--show-prefix*) ;; *) echo 1 ;; esac\n' >"$work/bin/git"
chmod +x "$work/bin/git"
begin
PATH=$work/bin:$PATH run --diff-base main
check "a tree without end is refused" is "$status" 2
check "which is said" says "git does not list the files of 'main'"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
