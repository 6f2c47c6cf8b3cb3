#!/usr/bin/env bash
# package.sh: an installed copy works from a clean prefix, and the packages hold what they
# should.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
build=${BERTH_BUILD:-build/dev}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset -v "${!GITHUB_@}" "${!CODESPACE@}" "${!BERTH_@}" NO_COLOR COLUMNS
export LC_ALL=C.UTF-8

passed=0 failed=0
check() { # what must be, command...
    local what=$1
    shift
    if "$@" >"$work/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$what"
        tail -n 20 "$work/out"
    fi
}
skip() {
    echo "package: skipped: $1"
}
has() { # text, in what pre-commit printed
    grep -qF -- "$1" "$work/said"
}

check "it installs" cmake --install "$build" --prefix "$work/usr"
berth=$work/usr/bin/berth
installed=(bin/berth bin/berth-run bin/berth-https-post bin/docker-credential-berth
    share/man/man1/berth.1 share/man/man1/berth-run.1 share/man/man5/berth.yaml.5
    share/bash-completion/completions/berth
    share/zsh/vendor-completions/_berth share/fish/vendor_completions.d/berth.fish
    share/berth/schemas/manifest.schema.json share/berth/schemas/berth-yaml.schema.json
    share/berth/schemas/check.schema.json share/doc/berth/LICENSE)
for file in "${installed[@]}"; do
    check "$file is installed" test -s "$work/usr/$file"
done
check "the installed copy tells its version" "$berth" --version
cp -r fixtures/demo "$work/demo"
(cd "$work/demo" && env -i "$berth" check) >"$work/found" 2>&1
check "it does its main job from there" test $? -eq 1
check "and finds what is to be found" grep -q 'leak/public-repo-nonpublic-image' "$work/found"
check "nothing of the sources is needed" bash -c '! grep -aqF "$0/rules/" "$1"' "$PWD" "$berth"

# --- the manual ---
for command in $("$berth" help | sed -n 's/^  berth \([a-z]*\) .*/\1/p'); do
    check "the manual has the command $command" grep -q "^\.B $command\( \|\$\)" "$work/usr/share/man/man1/berth.1"
    for option in $("$berth" help "$command" | sed -n 's/^ .*--\([a-z-]*\).*/\1/p'); do
        check "and its option --$option" grep -qF "\\-\\-${option//-/\\-}" "$work/usr/share/man/man1/berth.1"
    done
done
if command -v groff >/dev/null; then
    for page in "$work"/usr/share/man/man?/*; do
        check "${page##*/} has no warning of groff's" bash -c '[ -z "$(groff -man -Tutf8 -ww -z "$1" 2>&1 | tee /dev/stderr)" ]' - "$page"
    done
else
    skip "groff is not here: manual pages are not rendered"
fi

# --- completions ---
check "bash completes commands, options and values" bash -c '
source "$1"
ask() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _berth; echo "${COMPREPLY[*]}"; }
[ "$(ask berth comp)" = "completion" ] && [ "$(ask berth check --fail)" = --fail-on ] &&
[ "$(ask berth check --fail-on w)" = warning ] && [ "$(ask berth check --fail-on = w)" = warning ] &&
[ "$(ask berth check --fail-on =)" = "error warning info never" ] && [ "$(ask berth plan --target "")" = "codespaces actions local" ] &&
[ -z "$(ask berth rules --fail)" ] && [ "$(ask berth help chec)" = check ]' - "$work/usr/share/bash-completion/completions/berth"
if command -v zsh >/dev/null; then
    check "zsh reads its completion" zsh -n "$work/usr/share/zsh/vendor-completions/_berth"
else
    skip "zsh is not here"
fi
if command -v fish >/dev/null; then
    check "fish completes an option's values" env HOME="$work" fish --no-config -c "source $work/usr/share/fish/vendor_completions.d/berth.fish; complete -C 'berth check --fail-on w' | grep -q warning"
    check "fish completes commands" env HOME="$work" fish --no-config -c "source $work/usr/share/fish/vendor_completions.d/berth.fish; complete -C 'berth expl' | grep -q explain"
else
    skip "fish is not here"
fi
"$berth" completion tcsh >"$work/out" 2>&1
check "another shell is wrong usage" test $? -eq 2

# --- packages ---
if command -v dpkg-shlibdeps >/dev/null; then
    check "the packages are made" cpack --config "$build/CPackConfig.cmake" -B "$work/packages"
    package=$(echo "$work"/packages/berth_*.deb)
    check "the .deb holds the programs" bash -c 'dpkg-deb -c "$1" | grep -q "usr/bin/berth$"' - "$package"
    check "and says what they need" bash -c 'dpkg-deb -f "$1" Depends | grep -q libyaml' - "$package"
    check "and nothing lies outside of usr/" bash -c '! dpkg-deb -c "$1" | grep -v " \./usr/" | grep -v " \./$" | grep -q .' - "$package"
    check "it is taken out to a clean place" dpkg-deb -x "$package" "$work/clean"
    check "and works there" env -i "$work/clean/usr/bin/berth" rules
    mkdir "$work/tar" && tar -xf "$work"/packages/berth-*.tar.gz -C "$work/tar" --strip-components 1
    check "the tarball works where it is unpacked" env -i "$work/tar/bin/berth" rules
else
    skip "dpkg-dev is not here: no packages are made"
fi

# --- plugs ---
if command -v pre-commit >/dev/null; then
    repository=$work/hooked
    mkdir -p "$repository/.devcontainer"
    printf 'one\n' >"$repository/readme"
    (cd "$repository" && git init -q -b main && git add -A) || exit 2
    cat >"$repository/.pre-commit-config.yaml" <<YAML
repos:
  - repo: local
    hooks:
$(sed 's/^/      /' .pre-commit-hooks.yaml)
YAML
    (cd "$repository" && HOME=$work PATH=$work/usr/bin:$PATH pre-commit run --all-files) >"$work/said" 2>&1
    check "the hook is skipped where no file matters" has "no files to check"
    printf '{"image": "ghcr.io/octo-org/base:1", "image": 2}\n' >"$repository/.devcontainer/devcontainer.json"
    (cd "$repository" && git add -A && HOME=$work PATH=$work/usr/bin:$PATH pre-commit run --all-files) >"$work/said" 2>&1
    check "and runs where one does" has "input/duplicate-key"
else
    skip "pre-commit is not here"
fi
hook() { # path
    grep -qP "$(sed -n '/files: |/,$p' .pre-commit-hooks.yaml | tail -n +2 | tr -d ' \n')" <<<"$1"
}
for path in .devcontainer/devcontainer.json .devcontainer.json .devcontainer/a/devcontainer.json \
    Dockerfile dev.Dockerfile x/Dockerfile.dev compose.yaml docker-compose.dev.yml berth.yaml berth/access.yaml .berth/a.yml; do
    check "the hook is for $path" hook "$path"
done
for path in src/main.c README.md other/berth.yaml package.json composer.json; do
    check "the hook is not for $path" bash -c '! grep -qP "$1" <<<"$2"' - "$(sed -n '/files: |/,$p' .pre-commit-hooks.yaml | tail -n +2 | tr -d ' \n')" "$path"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
