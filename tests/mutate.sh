#!/usr/bin/env bash
# mutate.sh: how much of the rules the goldens and the truth table hold in place.
#
#   tests/mutate.sh [FILTER...]   FILTER: a part of a rule file's path; none: all
#   BUILD=build/release           a build directory, configured
#   JOBS=2                        processes
#
# Each place of a clause is broken in turn: an atom dropped, a negation or a comparison
# turned, a constant changed, the clause removed. A broken rule is run through its own
# cases, the plans and the demo, what is broken in platform/ through all cases and the
# truth table. What none notices is a survivor: it is equivalent, or a case is missing.
# Not a part of ./dev test: it takes a while, and is run by hand after writing rules.
set -euo pipefail
shopt -s globstar nullglob
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=${BUILD:-build/release}
jobs=${JOBS:-2}
[ $# -gt 0 ] || set -- ""
cmake --build "$build" --target mutate >/dev/null

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The goldens whose command the program knows: "KIND DIRECTORY [OPTION...]". Those that
# look at a part of the rules, or at none, are left out.
list_cases() {
    local golden kind directory file words
    for golden in fixtures/{plans,demo,rules,hostile}/**/expect.{text,json,rows,plan,plan-*}; do
        kind=${golden##*/expect.}
        directory=${golden%/*}
        words=()
        for file in "$directory/arguments.$kind" "$directory/arguments"; do
            [ -f "$file" ] || continue
            IFS=$' \t\n' read -r -d '' -a words <"$file" || true
            break
        done
        [[ " ${words[*]} " == *" --select "* ]] || echo "${kind%%-*} $directory ${words[*]}"
    done
}

list_cases >"$work/cases"
for filter; do
    for ((job = 0; job < jobs; job++)); do
        mkdir -p "$work/$job/schema" "$work/$job/sinks/platform"
        rm -rf "$work/$job/rules" "$work/$job"/sinks/platform/*
        cp -R rules "$work/$job/rules"
        mv "$work/$job/rules/schema.dl" "$work/$job/schema/"
        "$build/tests/mutate" "$work/$job" "$work/cases" "$job" "$jobs" "$filter" \
            >>"$work/results.$job" &
    done
    wait
done

cat "$work"/results.* | sort -t $'\t' -k 2,2V -k 3 >"$work/results"
grep '^survived' "$work/results" | cut -f 2- || true
awk -F '\t' '
$1 == "invalid" { next }
{
    file = $2
    sub(":.*", "", file)
    all[file]++
    killed[file] += $1 == "killed"
}
END {
    for (file in all) {
        printf "%5d of %5d killed  %s\n", killed[file], all[file], file | "sort -k 5"
        mutants += all[file]
        kills += killed[file]
    }
    close("sort -k 5")
    if (mutants)
        printf "%d of %d mutants killed: %.1f %%\n", kills, mutants, 100 * kills / mutants
}' "$work/results"
