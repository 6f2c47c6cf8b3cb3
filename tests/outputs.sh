#!/usr/bin/env bash
# outputs.sh: several outputs of one run, the step summary, and places told from where
# berth runs. BERTH names the program. Ends with "N passed, N failed".
set -uo pipefail
berth=$(readlink -f "$BERTH")
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
demo=$PWD/fixtures/demo
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset -v "${!GITHUB_@}" NO_COLOR
passed=0 failed=0

check() { # what, status
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED  $1"
    fi
}

run() { # wanted status, what, word...
    local wanted=$1 what=$2 is=0
    shift 2
    "$@" >"$work/out" 2>"$work/err" </dev/null || is=$?
    [ "$is" -eq "$wanted" ]
    check "$what: the status is $is, not $wanted" $?
}

formats=(text json ndjson sarif gitlab junit github markdown)

# --- one run, every format: each as a run of its own writes it ---
cd "$demo" || exit 2
all=()
for format in "${formats[@]}"; do
    all+=(--format "$format=$work/$format")
done
run 1 "all formats at once" "$berth" check "${all[@]}"
[ ! -s "$work/out" ]
check "nothing goes to standard output when every format has a file" $?
for format in "${formats[@]}"; do
    run 1 "$format alone" "$berth" check --format "$format"
    cmp -s "$work/out" "$work/$format"
    check "$format is the same beside others" $?
    run 0 "$format with --fail-on never" "$berth" check --format "$format" --fail-on never
    run 2 "$format of a workspace that is not there" "$berth" check --format "$format" nowhere
done
run 2 "an unknown format among others" "$berth" check --format "sarif=$work/none" --format pdf
[ ! -e "$work/none" ]
check "then nothing is written" $?
run 3 "a file that cannot be written" "$berth" check --format sarif="$work/no/where"

# --- the step summary ---
summary=$work/summary
github() { # wanted status, what, word...
    local wanted=$1 what=$2
    shift 2
    run "$wanted" "$what" env "GITHUB_STEP_SUMMARY=$summary" "$berth" check "$@"
}
github 1 "a summary is written" --format github
grep -q '^### berth: 2 errors, 1 warning, 3 infos$' "$summary"
check "it begins with the counts" $?
grep -q '^flowchart LR$' "$summary"
check "it has the picture" $?
cp "$summary" "$work/first"
github 1 "and again" --format github="$work/commands"
cmp -s <(cat "$work/first" <(printf '\n\n') "$work/first") "$summary"
check "it is appended to what is there" $?
github 1 "another format writes none" --format sarif
[ "$(stat -c %s "$summary")" -eq $((2 * $(stat -c %s "$work/first") + 2)) ]
check "then it stays as it was" $?
head -c $(((1 << 20) - 1500)) /dev/zero | tr '\0' x >"$summary"
github 1 "where there is little room" --format github
[ "$(stat -c %s "$summary")" -le $((1 << 20)) ] && grep -q '### berth' "$summary"
check "the summary is cut to 1 MiB" $?
head -c $((1 << 20)) /dev/zero >"$summary"
github 1 "where there is no room" --format github
[ "$(stat -c %s "$summary")" -eq $((1 << 20)) ]
check "nothing is added" $?
summary=$work/no/where
github 3 "a summary that cannot be written" --format github

# --- places are told from where berth runs, in what others read ---
cd "$demo/.." || exit 2
run 1 "a path below" "$berth" check demo --format github
grep -q '^::error file=demo/repos/octo-org/api/' "$work/out"
check "annotations begin with it" $?
run 1 "written otherwise" "$berth" check ./demo/ --format gitlab
grep -q '"path": "demo/repos/octo-org/api/' "$work/out"
check "so does GitLab's report" $?
run 1 "json" "$berth" check demo --format json
grep -q '"path": "repos/octo-org/api/' "$work/out"
check "json is relative to the path" $?
run 1 "an absolute path" "$berth" check "$demo" --format sarif
grep -q '"uri": "repos/octo-org/api/' "$work/out"
check "an absolute path is no prefix" $?
cd "$demo" || exit 2
run 1 "one repository" "$berth" check --repository octo-org/site --format sarif
grep -q '"id": "berth/octo-org/site/"' "$work/out"
check "a part of a workspace is a category of its own" $?

# --- hostile names, which the validators look at too ---
../../tests/hostile_workspace.sh "$work/hostile"
cd "$work/hostile" || exit 2
for format in "${formats[@]}"; do
    run 1 "$format of hostile names" "$berth" check --format "$format"
    ! LC_ALL=C grep -qP '\x1B' "$work/out" && iconv -f UTF-8 -t UTF-8 "$work/out" >/dev/null 2>&1
    check "$format of hostile names is UTF-8 without escapes" $?
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
