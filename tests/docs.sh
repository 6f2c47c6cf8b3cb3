#!/usr/bin/env bash
# docs.sh: the pages of docs/rules are what berth prints of its rules now.
#
#   tests/docs.sh             compares them; a difference is a failure, with its diff
#   DOCS_UPDATE=1             writes them instead: read the diff
#   BERTH=build/dev/berth     the program
#
# Beyond that: every page shows what a fixture's golden holds, every link between pages
# leads to one, and no page holds a text that a fixture says no run may print.
set -uo pipefail
shopt -s nullglob lastpipe # a check at the end of a pipe counts here
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
readonly docs=docs/rules
berth=${BERTH:-build/dev/berth}
[[ $berth == /* ]] || berth=$PWD/$berth
[ -x "$berth" ] || {
    echo "docs: $berth is not there: build it first (./dev build, or cmake --build)" >&2
    exit 2
}
export LC_ALL=C
unset -v "${!GITHUB_@}" COLUMNS

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/workspace" "$work/pages"

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

# --- what berth prints now, of a workspace that says nothing ---

print_pages() {
    local id
    cd "$work/workspace" && "$berth" rules --format markdown >../pages/README.md || return
    "$berth" rules >../rules || return
    while read -r id _; do
        mkdir -p "../pages/${id%/*}"
        "$berth" explain "$id" --format markdown >"../pages/$id.md" || return
    done <../rules
}

(print_pages) || {
    echo "docs: $berth prints no pages" >&2
    exit 1
}
mapfile -t ids < <(cut -d ' ' -f 1 "$work/rules")
[ ${#ids[@]} -gt 1 ] || {
    echo "docs: $berth rules lists no rule" >&2
    exit 1
}

if [ -n "${DOCS_UPDATE:-}" ]; then
    rm -rf "$docs"
    mkdir -p "$docs"
    cp -R "$work/pages/." "$docs"
    echo "${#ids[@]} pages written: read the diff"
fi
diff -ruN "$docs" "$work/pages" | head -n 200 |
    check "the pages are current (./dev test --update writes them)"

# --- what they show ---

# The blocks of a page that follow "`berth check` prints this".
output_of() { # page
    awk '
        /^`berth check.*` prints this, and exits with / { wanted = 1; next }
        wanted && /^```/ { if (++fences == 2) exit; next }
        wanted && fences == 1' "$1"
}

# What a golden says of standard output.
golden_of() { # case
    sed '/^# exit [0-9]*$/d' "$1/expect.text"
}

# The case that a page shows: what the rule's metadata names, else the first by name.
case_of() { # rule, key, kind
    local chosen
    chosen=$(sed -nE "s/^$2: *//p" "rules/$1.dl" | head -n 1)
    [ -n "$chosen" ] || chosen=$(ls fixtures/rules/"$1" | grep -xE "$3(-.*)?" | head -n 1)
    printf 'fixtures/rules/%s/%s\n' "$1" "$chosen"
}

for id in "${ids[@]}"; do
    bad=$(case_of "$id" failing bad)
    cmp -s <(output_of "$docs/$id.md") <(golden_of "$bad") ||
        echo "$docs/$id.md: what it shows is not $bad/expect.text"
done | check "what a page shows is the golden of a fixture"

for id in "${ids[@]}"; do
    for heading in "What is wrong" "An example that fails" "An example that passes" "How to fix it"; do
        grep -qx "## $heading" "$docs/$id.md" || echo "$docs/$id.md: has no '$heading'"
    done
done | check "a page has all its parts"

has_anchor() { # page, anchor: a heading's words with - between them, in lower case
    sed -n 's/^##* //p' "$1" | tr 'A-Z ' 'a-z-' | grep -qxF -e "$2"
}

for page in "$docs"/README.md "$docs"/*/*.md; do
    grep -oE '\]\([^)]*\)' "$page" | sed 's/^](//; s/)$//' | while read -r link; do
        [[ $link == https://* ]] && continue
        target=${link%%#*}
        target=${target:+${page%/*}/$target}
        [ -f "${target:=$page}" ] || echo "$page: $link leads nowhere"
        [[ $link != *#* ]] || has_anchor "$target" "${link#*#}" || echo "$page: $link leads nowhere"
    done
done | check "links between pages lead to one"

for id in "${ids[@]}"; do
    grep -qF "]($id.md)" "$docs/README.md" || echo "$id"
done | check "the index has every page"

# Of the two cases that a page shows: another's text may stand there as an example of what
# is no credential.
for id in "${ids[@]}"; do
    for case in "$(case_of "$id" failing bad)" "$(case_of "$id" passing good)"; do
        [ -f "$case/canaries" ] || continue
        ! grep -qFf "$case/canaries" "$docs/$id.md" ||
            echo "$docs/$id.md: shows a text of $case/canaries"
    done
done | check "no page holds a credential of its fixtures"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
