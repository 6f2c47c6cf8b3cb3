#!/usr/bin/env bash
# golden.sh: runs the cases under fixtures/ and compares what berth prints with what it
# printed before.
#
#   tests/golden.sh [GROUP...]    GROUP: a folder of fixtures/, or one case of it;
#                                 none: all
#   BERTH=build/dev/berth         the program
#   GOLDEN_UPDATE=1               writes the goldens instead: read the diff
#
# A case is a directory with a file expect.KIND or expect.KIND-VARIANT. KIND says what is
# run in that directory:
#   text                         berth check
#   json, sarif, ...             berth check --format KIND
#   tree, facts, rows            berth dump KIND
#   refs, plan, why, ...         berth KIND
#   command                      berth with the words of the file `command[-VARIANT]`
# Beside it may stand
#   arguments[.KIND[-VARIANT]]   words that are added to the command line
#   environment                  NAME=value lines for the environment
#   canaries                     texts, one a line, that no run may print
# The golden is what went to standard output, byte for byte; then what went to standard
# error, each line after "! "; then "# exit N" where the status is not 0.
#
# Every case runs twice, under another TMPDIR, TZ and LC_ALL, and must print the same.
# Cases of fixtures/rules/<category>/<name>/ are named bad*, good* or unknown*: a bad one
# must have a finding of that rule, the others must have none.
set -uo pipefail
shopt -s globstar nullglob

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
readonly root=$PWD
berth=${BERTH:-build/dev/berth}
readonly groups=("${@%/}")
[ -x "$berth" ] || {
    echo "golden: $berth is not there: build it first (./dev build, or cmake --build)" >&2
    exit 2
}
[[ $berth == /* ]] || berth=$root/$berth

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/one" "$work/two"
unset -v "${!GITHUB_@}" "${!CODESPACE@}" "${!BERTH_@}" NO_COLOR COLUMNS
export LC_ALL=C

passed=0 failed=0 written=0

fail() { # what, why
    failed=$((failed + 1))
    printf 'FAILED  %s: %s\n' "$1" "$2"
}

pass() {
    passed=$((passed + 1))
}

# All of a file, without a process; true when a NUL byte cut it short.
slurp() { # variable, file
    IFS= read -r -d '' "$1" <"$2"
}

words() { # array, file: its words; none when it is not there
    local -n into=$1
    into=()
    # shellcheck disable=SC2034 # it is the caller's array
    [ ! -f "$2" ] || IFS=$' \t\n' read -r -d '' -a into <"$2" || true
}

# The command line of a golden's KIND, in `command`.
command_of() { # directory, suffix
    local directory=$1 suffix=$2 kind=${2%%-*} more
    case $kind in
    text) command=(check) ;;
    json | ndjson | sarif | github | gitlab | junit | markdown | html)
        command=(check --format "$kind")
        ;;
    tree | facts | rows | strata) command=(dump "$kind") ;;
    command) words command "$directory/command${suffix#command}" ;;
    *) command=("$kind") ;;
    esac
    words more "$directory/arguments.$suffix"
    [ ${#more[@]} -gt 0 ] || words more "$directory/arguments"
    command+=("${more[@]}")
}

# Runs `command` in a directory; what it did, as a golden, in `actual`.
run() { # directory, TMPDIR, TZ, LC_ALL
    local directory=$1 line error status
    (
        cd "$directory" || exit 99
        export TMPDIR=$2 TZ=$3 LC_ALL=$4
        if [ -f environment ]; then
            while IFS= read -r line; do
                [ -z "$line" ] || export "${line?}"
            done <environment
        fi
        exec "$berth" "${command[@]}"
    ) >"$work/out" 2>"$work/error" </dev/null
    status=$?
    slurp actual "$work/out" && actual+=$'\n# a NUL byte\n'
    [ -z "$actual" ] || [ "${actual: -1}" = $'\n' ] || actual+=$'\n# no newline at the end\n'
    slurp error "$work/error"
    if [ -n "$error" ]; then
        error="! ${error%$'\n'}"
        actual+=${error//$'\n'/$'\n! '}$'\n'
    fi
    [ "$status" -eq 0 ] || actual+="# exit $status"$'\n'
}

check_canaries() { # golden, directory
    local canary
    [ -f "$2/canaries" ] || return 0
    while IFS= read -r canary; do
        if [ -n "$canary" ] && [[ $actual == *"$canary"* ]]; then
            fail "$1" "prints a canary of $2/canaries"
            return
        fi
    done <"$2/canaries"
}

has_finding() { # rule
    local severity
    for severity in error warning info; do
        [[ $'\n'$actual == *$'\n'"${severity}[$1]: "* ]] && return 0
    done
    return 1
}

# A rule's case, from its text: fires where it should, and nowhere else.
check_rule() { # directory
    local name=${1##*/} rule=${1%/*}
    rule=${rule#fixtures/rules/}
    case $name in
    bad | bad-*)
        if has_finding "$rule"; then pass; else fail "$1" "no finding of $rule"; fi
        ;;
    good | good-* | unknown | unknown-*)
        if has_finding "$rule"; then fail "$1" "a finding of $rule"; else pass; fi
        ;;
    *) fail "$1" "is neither bad*, good* nor unknown*" ;;
    esac
}

check_golden() { # golden
    local golden=$1 directory=${1%/*} suffix=${1##*/expect.} expected first
    local -a command
    command_of "$directory" "$suffix"
    run "$directory" "$work/one" UTC C
    first=$actual
    run "$directory" "$work/two" Pacific/Kiritimati C.UTF-8
    check_canaries "$golden" "$directory"
    if [ "$first" != "$actual" ]; then
        fail "$golden" "two runs differ"
        diff <(printf %s "$first") <(printf %s "$actual") | head -n 20
        return
    fi
    [[ $golden == fixtures/rules/*/expect.text ]] && check_rule "$directory"
    slurp expected "$golden"
    if [ "$expected" = "$actual" ]; then
        pass
    elif [ -n "${GOLDEN_UPDATE:-}" ]; then
        printf %s "$actual" >"$golden"
        written=$((written + 1))
        pass
    else
        fail "$golden" "differs (berth ${command[*]})"
        diff -u --label expected --label actual "$golden" <(printf %s "$actual") |
            head -n 60
    fi
}

is_wanted() { # a path under fixtures/
    local group
    [ ${#groups[@]} -gt 0 ] || return 0
    for group in "${groups[@]}"; do
        [[ $1/ == fixtures/"${group#fixtures/}"/* ]] && return 0
    done
    return 1
}

# Each rule has a bad and a good case, each rule's folder a rule, each case its text.
check_catalogue() {
    local file rule directory found
    for file in rules/*/*.dl; do
        [[ $file == rules/platform/* ]] && continue
        rule=${file#rules/}
        rule=${rule%.dl}
        for found in bad good; do
            local cases=(fixtures/rules/"$rule/$found"/ fixtures/rules/"$rule/$found"-*/)
            [ -d "${cases[0]}" ] || cases=("${cases[@]:1}")
            if [ ${#cases[@]} -gt 0 ]; then pass; else fail "$file" "has no case $found"; fi
        done
    done
    for directory in fixtures/rules/*/*/; do
        rule=${directory#fixtures/rules/}
        rule=${rule%/}
        [ -f "rules/$rule.dl" ] || fail "$directory" "there is no rule $rule"
    done
    for directory in fixtures/rules/*/*/*/; do
        [ -f "${directory}expect.text" ] && continue
        if [ -n "${GOLDEN_UPDATE:-}" ]; then
            : >"${directory}expect.text"
        else
            fail "$directory" "has no expect.text (./dev test --update writes it)"
        fi
    done
}

is_wanted fixtures/rules && check_catalogue
for golden in fixtures/**/expect.*; do
    is_wanted "$golden" && check_golden "$golden"
done
[ "$written" -eq 0 ] || echo "$written written: read the diff"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
