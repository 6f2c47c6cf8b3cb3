#!/usr/bin/env bash
# lsp.sh: conversations with `berth lsp`.
#
#   tests/lsp.sh [NAME...]     scripts of fixtures/lsp (tests/lsp_session.c says what
#                              stands in one); none: all, and then a real editor
#   BERTH=build/dev/berth      the program
#   LSP_SESSION=FILE           the client, tests/lsp_session
#   GOLDEN_UPDATE=1            writes the .answers instead: read the diff
#
# Where Neovim is not installed its part is left out, with a line that says so, unless
# BERTH_REQUIRE_TOOLS=1.
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

large_workspace() { # 2,001 configurations
    local at
    mkdir -p "$work"/workspace/repos/octo/r{1..2001}
    printf 'checkouts: repos\n' >"$work/workspace/berth.yaml"
    for ((at = 1; at <= 2001; at++)); do
        printf '{"image": "mcr.microsoft.com/devcontainers/base:bookworm"}\n' \
            >"$work/workspace/repos/octo/r$at/.devcontainer.json"
    done
}

copy_workspace() { # script; the copy is $work/workspace
    local from
    from=$(sed -n '1s/^# workspace //p' "$1")
    rm -rf "$work/workspace"
    if [ "$from" = large ]; then
        large_workspace
        return
    fi
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

edit_in_neovim() { # tests/lsp_neovim.lua says what
    copy_workspace fixtures/lsp/open-and-change.session
    BERTH=$berth WORKSPACE=$work/workspace HOME=$work XDG_CONFIG_HOME=$work/xdg \
        XDG_DATA_HOME=$work/xdg XDG_STATE_HOME=$work/xdg XDG_CACHE_HOME=$work/xdg \
        timeout 120 nvim --headless --clean -n -S tests/lsp_neovim.lua >"$work/nvim" 2>&1 &&
        grep -q '^all held' "$work/nvim" && return
    cat "$work/nvim"
    return 1
}

if [ $# -gt 0 ]; then
    :
elif command -v nvim >/dev/null; then
    check "tests/lsp_neovim.lua" edit_in_neovim
elif [ "${BERTH_REQUIRE_TOOLS:-0}" = 1 ]; then
    check "nvim is installed" false
else
    echo "lsp: skipped Neovim, nvim is not installed"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
