#!/usr/bin/env bash
# What `berth graph` draws, read by those it is drawn for: Graphviz renders the DOT, and
# the picture holds as many nodes and no link; xmllint reads the GraphML. Skips, saying
# so, what is not there; with BERTH_REQUIRE_TOOLS=1 that is a failure.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
berth=$(readlink -f "$BERTH")
passed=0 failed=0 skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset -v "${!GITHUB_@}" "${!CODESPACE@}"

check() { # what, status
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED  $1"
    fi
}

need() { # program
    command -v "$1" >/dev/null && return
    echo "$1 is not installed: skipped"
    skipped=$((skipped + 1))
    [ -z "${BERTH_REQUIRE_TOOLS:-}" ] || check "$1 is installed" 1
    return 1
}

graph() { # directory, format
    (cd "$1" && exec "$berth" graph --format "$2" --today 2026-01-01) >"$work/graph.$2"
}

number() { # pattern, file
    grep -c -- "$1" "$2"
}

for directory in fixtures/demo fixtures/graph/hostile; do
    if need dot; then
        graph "$directory" dot && dot -Tsvg "$work/graph.dot" >"$work/graph.svg" 2>"$work/error"
        check "$directory: Graphviz renders the graph: $(cat "$work/error")" $?
        [ ! -s "$work/error" ]
        check "$directory: without a warning" $?
        [ "$(number 'class="node"' "$work/graph.svg")" -eq "$(number '^  n[0-9]* \[' "$work/graph.dot")" ]
        check "$directory: every node is drawn, and no other" $?
        [ "$(number 'class="edge"' "$work/graph.svg")" -eq "$(number '^  n[0-9]* -> ' "$work/graph.dot")" ]
        check "$directory: every edge is drawn, and no other" $?
        [ "$(number 'href="[^"]*:' "$work/graph.svg")" -eq 0 ]
        check "$directory: no text has become a link" $?
    fi
    if need xmllint; then
        graph "$directory" graphml && xmllint --noout "$work/graph.graphml"
        check "$directory: xmllint reads the GraphML" $?
        graph "$directory" json
        nodes=$(xmllint --xpath 'count(//*[local-name()="node"])' "$work/graph.graphml")
        [ "$nodes" -eq "$(number '^      "label": ' "$work/graph.json")" ]
        check "$directory: GraphML and JSON have the same nodes" $?
    fi
done

# A report that draws the graph derives more; it finds what one without it finds.
differing=()
for directory in fixtures/demo fixtures/policy fixtures/rules/{access,leak}/*/bad*/; do
    for format in json=/dev/stdout html=/dev/null; do
        (cd "$directory" && exec "$berth" check --today 2026-01-01 --format json="$work/${format%%=*}" \
            --format "$format") >/dev/null 2>&1
    done
    cmp -s "$work/json" "$work/html" || differing+=("$directory")
done
[ "${#differing[@]}" -eq 0 ]
check "the same findings with a graph as without: ${differing[*]:0:5}" $?

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
