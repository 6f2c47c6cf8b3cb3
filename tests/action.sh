#!/usr/bin/env bash
# action.sh: the step of action.yml, as GitHub would run it on pull requests: red on a
# change that leaks, green on one that only reformats.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
root=$PWD
berth=${BERTH:-build/dev/berth}
[[ $berth == /* ]] || berth=$root/$berth
command -v git >/dev/null || {
    echo "action: skipped: git is not here"
    exit 0
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset -v "${!GITHUB_@}" "${!CODESPACE@}" "${!GIT_@}" "${!BERTH_@}" NO_COLOR COLUMNS
export LC_ALL=C GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org

passed=0 failed=0
check() { # what must be, command...
    local what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$what"
        head -n 40 "$work/out" "$work/err"
    fi
}

# Each input of action.yml reaches the script under one name, and the script knows no other.
inputs=$(sed -n 's/^        BERTH_\([A-Z_]*\): .*/\1/p' action.yml | sort)
used=$(grep -o '\${BERTH_[A-Z_]*' packaging/action.sh | sed 's/.*BERTH_//' | sort -u)
check "the step's variables are those that the script reads" [ "$inputs" = "$used" ]
check "no expression stands in a script" bash -c '! sed -n "/run:/p" action.yml | grep -q "\${{"'

step() { # variable=value... : as the step of a pull request against main
    : >"$work/output" && : >"$work/summary"
    env GITHUB_ACTION_PATH="$root" GITHUB_OUTPUT="$work/output" GITHUB_STEP_SUMMARY="$work/summary" \
        GITHUB_ACTIONS=true BERTH_PROGRAM="$berth" BERTH_BASE="$(git rev-parse main)" "$@" \
        bash "$root/packaging/action.sh" >"$work/out" 2>"$work/err"
    status=$?
}

mkdir "$work/repo" && cd "$work/repo" && git init -q -b main || exit 2
cp -r "$root"/fixtures/demo/{berth,berth.yaml,repos} . && git add -A && git commit -q -m base
git checkout -q -b reformat
sed -i 's/^  - name: \(.*\)/  - name: "\1" # the same/' berth/*.yaml
git commit -q -am reformat
step
check "a change that only reformats is green" [ "$status" -eq 0 ]
check "and has no annotation" bash -c '! grep -q "^::\(error\|warning\)" "$1"' - "$work/out"
check "the status is an output" grep -qx status=0 "$work/output"

git checkout -q -b leak main
sed -i 's/\(    codespaces_access: \[octo-org\/docs\)\]/\1, octo-org\/site]/' berth/packages.yaml
git commit -q -am leak
step BERTH_SARIF=berth.sarif BERTH_FAIL_ON=warning
check "a change that leaks is red" [ "$status" -eq 1 ]
check "with an annotation on the line that was changed" grep -q '^::warning file=berth/packages.yaml,line=7,' "$work/out"
check "what was there before has none" bash -c '! grep -q "^::error" "$1"' - "$work/out"
check "the summary tells of it" grep -q 'leak/nonpublic-image-exposed' "$work/summary"
check "SARIF is written" grep -q '"2.1.0"' berth.sarif
check "and named as an output" grep -qx sarif=berth.sarif "$work/output"
step
check "below the least severity the step is green" [ "$status" -eq 0 ]
step BERTH_ARGUMENTS='--select leak/latent-grant --no-ignores'
check "further arguments are split at blanks" [ "$status" -eq 0 ]
step BERTH_PATH='nowhere; touch injected'
check "a path is one argument, whatever it holds" [ "$status" -eq 2 ]
check "and runs nothing" [ ! -e injected ]
step BERTH_BASE=0123456789012345678901234567890123456789
check "a base that was not fetched is wrong usage" [ "$status" -eq 2 ]
check "with what to do" grep -q 'fetch-depth: 0' "$work/err"

step BERTH_SARIF=$'a.sarif\nstatus=0' BERTH_FAIL_ON=warning
check "no input writes an output of its own" [ "$status" -eq 2 ]
check "nor any" [ ! -s "$work/output" ]
step BERTH_SARIF='a b $(c).sarif' BERTH_ARGUMENTS=$'--ignore leak/*\n--ignore access/*\n' BERTH_FAIL_ON=warning
check "arguments stand in lines, too" [ "$status" -eq 0 ]
check "and no path is a script" test -s 'a b $(c).sarif'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
