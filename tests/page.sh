#!/usr/bin/env bash
# The HTML pages, opened in headless Chromium (tests/page.mjs): they filter, unfold, print,
# fit and read without script; they fetch nothing, and no text of an input is markup.
# Skips, saying so, where there is no Chromium or no Node.js; with BERTH_REQUIRE_TOOLS=1
# that is a failure. BERTH_SCREENSHOTS=DIR keeps the pictures.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
berth=$(readlink -f "$BERTH")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset -v "${!GITHUB_@}" "${!CODESPACE@}"

for program in chromium node; do
    command -v "$program" >/dev/null && continue
    echo "$program is not installed: the HTML pages are not opened"
    echo "0 passed, 0 failed, 1 skipped"
    [ -z "${BERTH_REQUIRE_TOOLS:-}" ]
    exit
done

page() { # name, directory, argument...
    local name=$1 directory=$2
    shift 2
    (cd "$directory" && exec "$berth" "$@" --today 2026-01-01 --format "html=$work/$name.html") >/dev/null 2>&1
    pages+=("$work/$name.html")
}
page demo fixtures/demo check
page demo-graph fixtures/demo graph
page hostile fixtures/html/hostile check
page hostile-graph fixtures/html/hostile graph
tests/hostile_workspace.sh "$work/workspace"
page hostile-names "$work/workspace" check

timeout 300 node tests/page.mjs "$(command -v chromium)" "$work" "${pages[@]}"
