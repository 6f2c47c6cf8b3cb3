#!/usr/bin/env bash
# coverage.sh: every clause of the shipped rules is exercised by a case of fixtures/rules:
# its whole body holds in one of them. `berth test` runs them, with the rows that a plan
# asks for, once for each target, since there are clauses for the one and for the other.
# What no case can exercise stands in unexercised.tsv: the rule file, the clause as a JSON
# string, or "*" for all of a file of which check asks for nothing, and why. BERTH names
# the program. Ends with "N passed, N failed".
set -uo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
berth=${BERTH:-build/dev/berth}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

check() { # what must be, the violations
    if [ -z "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n%s\n' "$1" "$2"
    fi
}

targets=(codespaces actions local)
for target in "${targets[@]}"; do
    "$berth" test --shipped --cases fixtures/rules --target "$target" --format json \
        >"$work/$target.json" 2>"$work/error"
    status=$?
    [ "$status" -eq 0 ] ||
        "$berth" test -q --shipped --cases fixtures/rules | grep -v ': no case exercises ' >>"$work/error"
    check "the cases pass (--target $target)" "$([ "$status" -eq 0 ] || tail -n 5 "$work/error")"
    # "path TAB clause", as they stand in the JSON.
    awk '/^  "unexercised": \[/ { inside = 1 }
    /^  "summary"/ { inside = 0 }
    inside && sub(/^ *"path": "/, "") { sub(/",$/, ""); path = $0 }
    inside && sub(/^ *"clause": /, "") { print path "\t" $0 }' "$work/$target.json" |
        sort >"$work/$target"
done
comm -12 "$work/codespaces" "$work/actions" | comm -12 - "$work/local" |
    awk -F '\t' -v OFS='\t' '
    FILENAME != "-" { if ($2 == "*") whole[$1]; next }
    $1 in whole { $2 = "*" }
    { print $1, $2 }' tests/unexercised.tsv - | sort -u >"$work/unexercised"
cut -f 1,2 tests/unexercised.tsv | sort >"$work/listed"
check "every clause is exercised, or unexercised.tsv says why it cannot be" \
    "$(comm -23 "$work/unexercised" "$work/listed")"
check "what unexercised.tsv lists is a clause that no case exercises" \
    "$(comm -13 "$work/unexercised" "$work/listed")"
check "unexercised.tsv gives a reason for each" \
    "$(awk -F '\t' 'NF != 3 || length($3) < 10 { print FILENAME ":" FNR ": " $0 }' tests/unexercised.tsv)"
clauses=$(sed -n 's/^    "clauses": //p' "$work/codespaces.json")
exercised=$((clauses - $(comm -12 "$work/codespaces" "$work/actions" | comm -12 - "$work/local" | wc -l)))
echo "$exercised of $clauses clauses exercised"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
