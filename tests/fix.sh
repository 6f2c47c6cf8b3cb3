#!/usr/bin/env bash
# fix.sh: what `berth check --fix` and `--diff` do to files.
#
# Every bad case of a rule that has a fix: what can be mended is gone afterwards, nothing
# as severe has come, a second run changes nothing, no comment line is lost, and the patch
# of --diff, applied with git and with patch(1), gives the same bytes as --fix. Then what
# must not be written: links, submodules, what changed meanwhile, secrets in a patch.
set -uo pipefail
shopt -s nullglob
berth=$(readlink -f "${BERTH:-build/dev/berth}")
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
unset -v "${!GITHUB_@}" NO_COLOR
export LC_ALL=C GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
passed=0 failed=0

# Cases of a rule with a fix in which no finding has one, and why.
without_fix="
access/package-not-granted/bad-repository-unknown  a repository that may be public gets no grant
access/redundant-grant/bad-beside-inherited        the grant does give access
access/secret-not-assigned/bad-policy-and-list     one of three has a policy, which a list does not mend
access/secret-not-assigned/bad-private-policy      its policy keeps it away, not a list
registry/server-not-a-host/bad-user-info           what stands before the host may be a credential
secret/misspelled-suffix/bad-name-taken            the name that is meant is there
secret/misspelled-suffix/bad-two-meant-alike       two would get one name
secret/misspelled-suffix/bad-two-spellings         two entries are one secret already
"

# New findings that a fix brings to light: case, rule, why.
brings="
secret/misspelled-suffix/bad-name-of-another  secret/shadowed  the name that was meant stands at another level too
"

pass() { passed=$((passed + 1)); }
fail() {
    failed=$((failed + 1))
    printf 'FAILED  %s: %s\n' "$1" "$2"
}
expect() { # what, why it failed, command...: the command succeeds
    local what=$1 why=$2
    shift 2
    if "$@" >/dev/null 2>&1; then pass; else fail "$what" "$why"; fi
}
holds() { # what, file, text
    if grep -qF -- "$3" "$2"; then pass; else
        fail "$1" "no '$3' in:"
        head -5 "$2"
    fi
}

# "rule severity fingerprint fix", a finding a line; fix: none, safe or all.
findings() { # json
    awk -F '"' '
    function print_finding() {
        if (rule != "") print rule, severity, fingerprint, fix
    }
    /^    \{$/ { print_finding(); rule = ""; fix = "none" }
    /^      "rule": / { rule = $4 }
    /^      "severity": / { severity = $4 }
    /^      "fingerprint": / { fingerprint = $4 }
    /^        "safe": true/ { fix = "safe" }
    /^        "safe": false/ { fix = "all" }
    /^  "coverage": / { print_finding(); rule = "" }' "$1" | sort -u
}

arguments=()
run() { # directory, output, option...: berth check there
    local directory=$1 output=$2
    shift 2
    (cd "$directory" && exec "$berth" check "${arguments[@]}" "$@") \
        >"$output" 2>"$work/err" </dev/null
}

comment_lines() { # directory
    find "$1" -type f \( -name '*.yaml' -o -name '*.json' \) -exec cat {} + |
        grep -E '^[[:space:]]*(#|//)' | sort
}

rank() { case $1 in error) echo 3 ;; warning) echo 2 ;; *) echo 1 ;; esac; }

# Which findings there are after the fix and were not before.
check_new() { # case, severity of what was mended
    local rule severity fingerprint fix
    while read -r rule severity fingerprint fix; do
        [ "$(rank "$severity")" -ge "$(rank "$2")" ] || continue
        [[ $brings == *$'\n'"$1 "*"$rule"* ]] && continue
        grep -q "^$rule $severity $fingerprint " "$work/before" ||
            fail "$1" "$rule ($severity) is new after the fix"
    done <"$work/after"
    pass
}

check_case() { # directory of fixtures/rules
    local directory=$1 name=${1#fixtures/rules/} rule line severity=info
    rule=${name%/*}
    rm -rf "$work/case" "$work/git" "$work/patch" "$work/kept"
    cp -r "$directory" "$work/case"
    rm -f "$work"/case/expect.* "$work"/case/arguments*
    arguments=()
    [ ! -f "$directory/arguments" ] || IFS=$' \t\n' read -r -d '' -a arguments <"$directory/arguments"
    [ ! -f "$directory/arguments.text" ] || IFS=$' \t\n' read -r -d '' -a arguments <"$directory/arguments.text"
    cp -r "$work/case" "$work/git"
    cp -r "$work/case" "$work/patch"
    cp -r "$work/case" "$work/kept"
    run "$work/case" "$work/json" --format json
    findings "$work/json" >"$work/before"
    if ! grep -q "^$rule .* \(safe\|all\)$" "$work/before"; then
        if [[ $without_fix == *$'\n'"$name "* ]]; then pass; else fail "$name" "has no fix"; fi
        return
    fi
    [[ $without_fix == *$'\n'"$name "* ]] && fail "$name" "has a fix after all"

    run "$work/case" "$work/diff" --diff --fix=all
    expect "$name" "--diff changed a file" diff -r "$work/case" "$work/kept"
    run "$work/case" "$work/out" --fix=all
    expect "$name" "git apply refuses the patch" \
        git -C "$work/git" apply --verbose "$work/diff"
    expect "$name" "git apply gives other bytes" diff -r "$work/case" "$work/git"
    expect "$name" "patch refuses the patch" \
        patch -s -p1 -d "$work/patch" -i "$work/diff"
    expect "$name" "patch gives other bytes" diff -r "$work/case" "$work/patch"

    run "$work/case" "$work/json" --format json
    findings "$work/json" >"$work/after"
    while read -r line; do
        grep -q "^${line% *} " "$work/after" && fail "$name" "${line%% *} is still there"
    done < <(grep ' \(safe\|all\)$' "$work/before")
    severity=$(grep "^$rule " "$work/before" | head -1 | cut -d ' ' -f 2)
    check_new "$name" "$severity"
    diff <(comment_lines "$work/kept") <(comment_lines "$work/case") >"$work/lost"
    [ -s "$work/lost" ] && fail "$name" "a comment is lost: $(head -2 "$work/lost")"
    rm -rf "$work/kept"
    cp -r "$work/case" "$work/kept"
    run "$work/case" "$work/out" --fix=all
    expect "$name" "a second run changes something" diff -r "$work/case" "$work/kept"
}

for file in rules/*/*.dl; do
    grep -q '^fix:$' "$file" || continue
    rule=${file#rules/}
    for directory in fixtures/rules/"${rule%.dl}"/bad*/; do
        check_case "${directory%/}"
    done
done
arguments=()

# --- what must not be written ---
status() { # wanted, what, option...: in $work/case
    local wanted=$1 what=$2 is=0
    shift 2
    run "$work/case" "$work/out" "$@" || is=$?
    if [ "$is" = "$wanted" ]; then pass; else
        fail "$what" "exit status $is, not $wanted"
        head -3 "$work/err"
    fi
}
# A workspace with a fix in its manifest: a server that is no plain host.
workspace() {
    rm -rf "$work/case"
    mkdir -p "$work/case/berth"
    cat >"$work/case/berth/access.yaml" <<'END'
repositories:
  - name: octo-org/site
    visibility: private
secrets:
  # the mirror
  - name: HUB_CONTAINER_REGISTRY_SERVER
    repository: octo-org/site
    value: docker.io # as people write it
  - {name: HUB_CONTAINER_REGISTRY_USER, repository: octo-org/site}
  - {name: HUB_CONTAINER_REGISTRY_PASSWORD, repository: octo-org/site}
END
    cp "$work/case/berth/access.yaml" "$work/manifest"
    sed 's,value: docker.io,value: https://index.docker.io/v1/,' "$work/manifest" >"$work/mended"
}
select=(--select registry/docker-hub-server)
mended() { expect "$1" "it is not mended as it should" cmp "$work/case/berth/access.yaml" "$work/mended"; }
untouched() { expect "$1" "it was changed" cmp "$work/case/berth/access.yaml" "$work/manifest"; }

workspace
status 1 "without --fix it is a finding" "${select[@]}"
status 1 "--diff exits like check" "${select[@]}" --diff
untouched "--diff changes nothing"
holds "--diff says how much it would mend" "$work/err" "would fix 1 finding in 1 file"
holds "the patch names the file" "$work/out" "+++ b/berth/access.yaml"
status 1 "--fix --diff changes nothing" "${select[@]}" --fix --diff
untouched "--fix --diff changes nothing"
chmod 640 "$work/case/berth/access.yaml"
status 0 "--fix exits by what is left" "${select[@]}" --fix
mended "the finding is mended"
holds "it is said" "$work/err" "fixed 1 finding in 1 file"
expect "its mode stays" "it is another" test "$(stat -c %a "$work/case/berth/access.yaml")" = 640
expect "nothing lies beside it" "something does" test "$(ls "$work/case/berth")" = access.yaml
status 0 "nothing is left to mend" "${select[@]}" --fix
holds "it is said" "$work/err" "fixed 0 findings in 0 files"

workspace
status 2 "a value that is none" --fix=some
status 2 "a format that is none" --fix --format xml
untouched "nothing is mended when the command line is wrong"
status 2 "two things on standard output" --diff --format json
status 2 "a baseline would keep what is mended" --fix --baseline "$work/known.json" --update-baseline
status 1 "a report beside the patch" "${select[@]}" --diff --format "json=$work/json"
holds "the report has the fix" "$work/json" '"text": "https://index.docker.io/v1/"'
status 1 "the fix is named where proofs are unfolded" "${select[@]}" -v
holds "in a few words" "$work/out" "= fix: --fix writes 'https://index.docker.io/v1/' instead"
status 0 "a rule that is not looked at is not mended" --select input/syntax --fix
untouched "a rule that is not looked at is not mended"

workspace
echo 'packages: [{name: octo-org/base, visibility: secret}]' >"$work/case/berth/other.yaml"
status 2 "a policy that cannot be used" "${select[@]}" --fix
untouched "nothing is mended by a broken policy"
holds "it is said" "$work/err" "nothing was fixed"

workspace
mv "$work/case/berth/access.yaml" "$work/case/access.yaml"
ln -s ../access.yaml "$work/case/berth/access.yaml"
status 3 "a manifest that is a link" "${select[@]}" --fix
untouched "a link is not followed to write"
holds "it is said" "$work/err" "berth/access.yaml is a symbolic link"
expect "the link is still one" "it is not" test -L "$work/case/berth/access.yaml"

workspace
mv "$work/case/berth" "$work/case/policy"
ln -s policy "$work/case/berth"
status 3 "a directory that is a link" "${select[@]}" --fix
untouched "a link is not followed to write"
holds "it is said" "$work/err" "is reached by a symbolic link"

workspace
printf 'gitdir: ../.git/modules/policy\n' >"$work/case/berth/.git"
status 3 "a file in a submodule" "${select[@]}" --fix
untouched "a submodule is another repository"
holds "it is said" "$work/err" "lies in a submodule"
status 3 "nor does a patch reach into it" "${select[@]}" --diff
expect "nor does a patch reach into it" "it does" test ! -s "$work/out"
printf 'gitdir: /elsewhere/.git/worktrees/policy\n' >"$work/case/berth/.git"
status 0 "a worktree can be mended" "${select[@]}" --fix
mended "a worktree can be mended"

if [ "$(id -u)" != 0 ]; then
    workspace
    chmod a-w "$work/case/berth"
    status 3 "a directory that may not be written" "${select[@]}" --fix
    untouched "a directory that may not be written"
    chmod u+w "$work/case/berth"
    chmod a-w "$work/case/berth/access.yaml"
    status 3 "a file that may not be written" "${select[@]}" --fix
    untouched "a file that may not be written"
    holds "it is said" "$work/err" "may not be written"
else
    echo "as root everything can be written: what may not is skipped"
fi

# A secret in the lines around a change.
workspace
sed -i 's/HUB_CONTAINER_REGISTRY_PASSWORD, /&value: canary-of-a-password, /' "$work/case/berth/access.yaml"
cp "$work/case/berth/access.yaml" "$work/manifest"
sed -i 's,value: docker.io,value: https://index.docker.io/v1/,' "$work/mended"
status 3 "a patch that would show a secret" "${select[@]}" --diff
expect "a patch that would show a secret" "it is printed" test ! -s "$work/out"
holds "it is said" "$work/err" "would show a secret"
expect "nor does a message" "it does" bash -c "! grep -q canary '$work/err' '$work/out'"
status 0 "it is mended all the same" "${select[@]}" --fix
expect "the secret's bytes stay" "they do not" \
    cmp "$work/case/berth/access.yaml" <(sed 's,value: docker.io,value: https://index.docker.io/v1/,' "$work/manifest")

# Anchors: what an alias repeats is left to people.
workspace
cat >"$work/case/berth/access.yaml" <<'END'
repositories:
  - {name: octo-org/site, visibility: private}
secrets:
  - {name: HUB_CONTAINER_REGISTRY_SERVER, repository: octo-org/site, value: &hub docker.io}
  - {name: TWO_CONTAINER_REGISTRY_SERVER, repository: octo-org/site, value: *hub}
END
cp "$work/case/berth/access.yaml" "$work/manifest"
status 1 "what an alias repeats" "${select[@]}" --fix
untouched "what an alias repeats is left"
holds "it is said" "$work/err" "not fixed: berth/access.yaml:4: registry/docker-hub-server: "

# --- an organization's own rule ---
own_rule() { # the lines of its fix
    mkdir -p "$work/own/team"
    cat >"$work/own/team/no-hub.dl" <<END
/*---
title: t
severity: warning
basis: inferred
message: "{repo} is {visibility}"
help: h
documentation: https://wiki.corp.example/
scope: repository
fix:
$1
---*/
.decl team_no_hub(at: Site, repo: Repo, visibility: symbol)
.output team_no_hub
team_no_hub(at, repo, "private") :- repository_visibility(at, repo, "private").
END
}
wrong_fix() { # what, message, lines
    workspace
    own_rule "$3"
    status 2 "$1" --rules "$work/own"
    holds "$1" "$work/err" "$2"
    holds "$1: its place" "$work/err" "team/no-hub.dl:"
}
workspace
own_rule $'  safe: true\n  at: at\n  do: replace\n  with: internal'
select=(--rules "$work/own" --select team/no-hub)
status 0 "a rule of one's own mends too" "${select[@]}" --fail-on warning --fix
holds "a rule of one's own mends too" "$work/case/berth/access.yaml" "visibility: internal"
wrong_fix "a fix with a key that means nothing" "'where' is no key" $'  safe: true\n  at: at\n  do: remove\n  where: x'
wrong_fix "a fix that is neither safe nor not" "has no 'safe'" $'  at: at\n  do: remove'
wrong_fix "a fix without a place" "has no 'at'" $'  safe: true\n  do: remove'
wrong_fix "a fix at no place" "is at 'repo', which is no attribute of type Site" $'  safe: true\n  at: [at, repo]\n  do: remove'
wrong_fix "a fix that does nothing" "'mend' is nothing for a fix to do" $'  safe: true\n  at: at\n  do: mend'
wrong_fix "a fix that needs a value" "a fix that is to replace needs 'with'" $'  safe: true\n  at: at\n  do: replace'
wrong_fix "a fix that needs a key" "a fix that is to set needs 'key'" $'  safe: true\n  at: at\n  do: set\n  with: x'
wrong_fix "a fix that takes no value" "a fix that is to remove takes no 'with'" $'  safe: true\n  at: at\n  do: remove\n  with: x'
wrong_fix "a value of an attribute that is none" "no-hub.dl:13:10: {nothing} is no attribute" $'  safe: true\n  at: at\n  do: replace\n  with: "{nothing}"'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
