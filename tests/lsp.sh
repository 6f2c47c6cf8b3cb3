#!/usr/bin/env bash
# lsp.sh: conversations with `berth lsp`.
#
#   tests/lsp.sh [NAME...]     scripts of fixtures/lsp (tests/lsp_session.c says what
#                              stands in one); none: all, and then a real editor
#   BERTH=build/dev/berth      the program
#   LSP_SESSION=FILE           the client, tests/lsp_session
#   GOLDEN_UPDATE=1            writes the .answers instead: read the diff
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
berth=${BERTH:-build/dev/berth}
[[ $berth == /* ]] || berth=$PWD/$berth
client=${LSP_SESSION:-$(dirname "$berth")/tests/lsp_session}
[ -x "$client" ] || {
    echo "lsp: $client is not there: build it first" >&2
    exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset -v "${!GITHUB_@}" "${!CODESPACE@}" NO_COLOR COLUMNS
export LC_ALL=C

passed=0 failed=0
check() { # what must be, command...
    local what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$what"
    fi
}

copy_workspace() { # script; the copy is $work/workspace
    local from
    from=$(sed -n '1s/^# workspace //p' "$1")
    rm -rf "$work/workspace"
    cp -r "$from" "$work/workspace"
    rm -f "$work"/workspace/{expect.*,command*,arguments*}
}

converse() { # script
    local golden=${1%.session}.answers
    copy_workspace "$1"
    "$client" "$berth" "$work/workspace" "$1" --today 2026-01-01 >"$work/answers" || return
    if [ -n "${GOLDEN_UPDATE:-}" ]; then
        cp "$work/answers" "$golden"
        return
    fi
    diff -u "$golden" "$work/answers"
}

if [ $# -gt 0 ]; then
    scripts=("${@/#/fixtures/lsp/}")
    scripts=("${scripts[@]/%/.session}")
else
    scripts=(fixtures/lsp/*.session)
fi
for script in "${scripts[@]}"; do
    check "$script" converse "$script"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
