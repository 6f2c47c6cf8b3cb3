#!/usr/bin/env bash
# rules.sh: the catalogue is whole. Every rule of `berth rules` has its metadata, its
# page of `berth explain` and its cases; every case is one of a rule that there is; and
# where the list of ids, RULES.md, lies in BERTH_SHARED, each of them is a rule of that
# severity. That a case fires, or does not, is golden.sh's matter.
set -uo pipefail
shopt -s nullglob lastpipe # a check at the end of a pipe counts here
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
berth=${BERTH:-build/dev/berth}
catalogue=${BERTH_SHARED:-../shared}/RULES.md

# Rules that have no case in which they cannot know, and why.
never_unknown="
input/duplicate-key          the file says it, or does not
input/invalid-reference      the grammar refuses it, or does not
input/missing-file           a path that cannot be resolved is input/unresolved-reference
input/syntax                 the reader had to mend it, or not
input/unknown-key            the schema has it, or not
input/unresolved-reference   it is itself the answer that nobody knows
input/unused-suppression     it silences something in what was read, or not
prebuild/token-level         a secret's entry always states its level
"

passed=0 failed=0

check() { # what must be; the violations are read from standard input
    local violations
    violations=$(cat)
    if [ -z "$violations" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n%s\n' "$1" "$violations"
    fi
}

json=$("$berth" rules --format json) || {
    echo "rules: $berth rules --format json failed" >&2
    exit 1
}
# One "id severity documentation" a line.
rules=$(awk -F '"' '
$2 == "id" { id = $4 }
$2 == "severity" { severity = $4 }
$2 == "documentation" { print id, severity, $4 }' <<<"$json")
mapfile -t ids < <(cut -d ' ' -f 1 <<<"$rules")
[ ${#ids[@]} -gt 1 ] || {
    echo "rules: $berth rules lists no rule" >&2
    exit 1
}

{
    printf '%s\n' rules/*/*.dl | grep -v '^rules/platform/' | sed 's,^rules/,,; s,\.dl$,,' | sort |
        comm -3 - <(printf '%s\n' "${ids[@]}" | sort)
} | check "the rules are the files of rules/"

while read -r id severity documentation; do
    [[ $documentation =~ ^https://[a-zA-Z0-9.-]+\.[a-z]+(/|$) ]] ||
        echo "$id: its documentation is no https address: $documentation"
    [[ $severity =~ ^(error|warning|info)$ ]] || echo "$id: its severity is $severity"
done <<<"$rules" | check "a rule has a severity and a page"

has_case() { # rule, name
    local cases=(fixtures/rules/"$1/$2"/expect.text fixtures/rules/"$1/$2"-*/expect.text)
    local case
    for case in "${cases[@]}"; do
        [ -f "$case" ] && return 0
    done
    return 1
}

for id in "${ids[@]}"; do
    has_case "$id" bad || echo "$id"
done | check "a rule has a case in which it fires"
for id in "${ids[@]}"; do
    has_case "$id" good || echo "$id"
done | check "a rule has a case in which it does not fire"
for id in "${ids[@]}"; do
    has_case "$id" unknown || grep -q "^$id " <<<"$never_unknown" || echo "$id"
done | check "a rule has a case in which it cannot know, or a reason above why not"
while read -r id _; do
    [ -z "$id" ] && continue
    [ -f "rules/$id.dl" ] || echo "$id is no rule"
    has_case "$id" unknown && echo "$id has a case in which it cannot know"
done <<<"$never_unknown" | check "what has no unknown case is listed rightly"

for id in "${ids[@]}"; do
    grep -qE "^(error|warning|info)\[$id\]: " fixtures/rules/"$id"/bad*/expect.text || echo "$id"
done | check "a rule's own bad case has its finding"
for case in fixtures/rules/*/*/*/; do
    rule=${case#fixtures/rules/}
    [ -f "rules/$(cut -d / -f 1,2 <<<"$rule").dl" ] || echo "$case"
done | check "a case is of a rule that there is"

# Clause by clause: the page shows the rule's own text.
for id in "${ids[@]}"; do
    page=$("$berth" explain "$id") || echo "$id: berth explain fails"
    [[ $page == *"$id"* && $page == *https://* ]] || echo "$id: its page has no id or no address"
done | check "a rule has a page of berth explain"

if [ -f "$catalogue" ]; then
    sed -nE 's/^\| ([a-z]+\/[a-z0-9-]+) \| ([EWI]) \|.*/\1 \2/p' "$catalogue" |
        sed 's/ E$/ error/; s/ W$/ warning/; s/ I$/ info/' | sort |
        comm -23 - <(cut -d ' ' -f 1,2 <<<"$rules" | sort) |
        check "every rule of the catalogue is there, with its severity"
else
    echo "no catalogue at $catalogue: its comparison is skipped"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
