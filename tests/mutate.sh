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
# truth table. What none notices is a survivor: a case is missing, or nothing can tell it
# from the rule as it is written. Then it stands in mutants-equivalent.tsv: its id, what is
# done, and why no case can tell. Ends with "N caught, M equivalent, K survive".
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

# What a reader finds has a rule without clauses, which only the shipped ones may be: here
# each has a relation that stays empty.
declare_readers() {
    local file name
    for file in $(grep -L '^\.decl' rules/*/*.dl); do
        name=${file#rules/}
        name=${name%.dl}
        name=${name//[\/-]/_}
        # `related`: where a reader's second place is, which a fix may be at.
        printf '.decl %s(at: Site, related: Site%s)\n.output %s\n' "$name" \
            "$(grep -o '{[a-z_]*}' "$file" | sort -u | sed 's/{\(.*\)}/, \1: symbol/' | tr -d '\n')" "$name"
    done
}

list_cases >"$work/cases"
for filter; do
    for ((job = 0; job < jobs; job++)); do
        mkdir -p "$work/$job/schema" "$work/$job/sinks/platform"
        rm -rf "$work/$job/rules" "$work/$job"/sinks/platform/*
        cp -R rules "$work/$job/rules"
        mv "$work/$job/rules/schema.dl" "$work/$job/schema/"
        declare_readers >"$work/$job/sinks/platform/readers.dl"
        "$build/tests/mutate" "$work/$job" "$work/cases" "$job" "$jobs" "$filter" \
            >>"$work/results.$job" &
    done
    wait
done

sort -t $'\t' -k 3,3V -k 2 "$work"/results.* >"$work/results"
awk -F '\t' -v listed=tests/mutants-equivalent.tsv '
BEGIN {
    while ((getline line <listed) > 0) {
        split(line, field, "\t")
        reason[field[1]] = field[3]
    }
}
$1 == "invalid" { next }
{
    file = $2
    sub(":.*", "", file)
    ran[file]
    all[file]++
    verdict = $1
    if (verdict == "survived" && $2 in reason) verdict = "equivalent"
    else if (verdict == "survived") print "survived  " $3 "  " $2 "\n          " $4 " " $5 "\n          of " $6
    else if ($2 in reason) print "is caught, and listed as equivalent: " $2
    met[$2]
    count[file, verdict]++
    sum[verdict]++
}
END {
    for (id in reason) {
        file = id
        sub(":.*", "", file)
        if (file in ran && !(id in met)) print "is listed, and no mutant of a clause as it is now: " id
    }
    for (file in all)
        printf "%5d caught, %3d equivalent, %3d survive  %s\n", count[file, "caught"],
            count[file, "equivalent"], count[file, "survived"], file | "sort -k 7"
    close("sort -k 7")
    printf "%d caught, %d equivalent, %d survive\n", sum["caught"], sum["equivalent"], sum["survived"]
    exit sum["survived"] > 0
}' "$work/results"
