#!/usr/bin/env bash
# terminal.sh: what a person sees: lines that fit a terminal of 80 and of 40 columns, wide
# characters with carets under them, colours only where they are wanted.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
berth=${BERTH:-build/dev/berth}
[[ $berth == /* ]] || berth=$PWD/$berth
command -v script >/dev/null || {
    echo "terminal: skipped: script(1) is not here"
    exit 0
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset -v "${!GITHUB_@}" "${!CODESPACE@}" NO_COLOR COLUMNS FORCE_HYPERLINK
export LC_ALL=C.UTF-8 TERM=xterm

passed=0 failed=0
check() { # what must be, command...
    local what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$what"
        head -n 30 "$work/seen"
    fi
}

# What a command prints on a terminal of so many columns, without colours.
see() { # columns, command line
    script -qec "stty cols $1; $2" /dev/null </dev/null | tr -d '\r' >"$work/raw"
    sed 's/\x1b\[[0-9;]*m//g; s/\x1b]8;[^\x1b]*\x1b\\//g' "$work/raw" >"$work/seen"
}
fits() { # columns: but for paths, which are never broken
    [ "$(grep -vE '^ *(-->|:::) ' "$work/seen" | wc -L)" -le "$1" ]
}
sees() {
    grep -qF -- "$1" "$work/seen"
}

cp -r fixtures/demo "$work/demo"
cd "$work/demo" || exit 2
for columns in 80 40; do
    see $columns "'$berth' check --ignore 'hygiene/*'"
    check "findings fit $columns columns" fits $columns
    check "and carets stand under what they mean" sees '^^^^^^'
    see $columns "'$berth' why octo-org/site ghcr.io/octo-org/base:1"
    check "a verdict fits $columns columns" bash -c '[ "$(tail -n +3 "$1" | wc -L)" -le "$2" ]' - "$work/seen" $columns
    see $columns "'$berth' explain leak/nonpublic-image-exposed"
    check "a rule's description fits $columns columns" bash -c '[ "$(sed -n "/^What is/,/^An example/p" "$1" | wc -L)" -le "$2" ]' - "$work/seen" $columns
done
see 80 "'$berth' check -v"
check "proofs fit 80 columns" fits 80
see 200 "'$berth' check"
check "a wide terminal breaks no sentence" sees 'which is public: any user who can open a codespace there can read the image'
see 80 "'$berth' check | cat"
check "what goes into a pipe is not broken" sees 'which is public: any user who can open a codespace there can read the image'
check "and has no colour" bash -c '! grep -q "\[1;3" "$1"' - "$work/raw"
see 80 "'$berth' check"
check "a terminal sees colours" grep -q $'\x1b\\[1;31merror' "$work/raw"
see 80 "FORCE_HYPERLINK=1 '$berth' check -v"
check "a terminal that has links gets them" grep -qF ']8;;file://'"$(uname -n)$work"'/demo/berth/packages.yaml' "$work/raw"
check "and shows the same" fits 80
check "every link that begins ends" [ "$(grep -oF ']8;;file' "$work/raw" | wc -l)" -eq "$(grep -oF $']8;;\x1b' "$work/raw" | wc -l)" ]
see 80 "'$berth' check"
check "another terminal gets none" bash -c '! grep -qF "]8;;" "$1"' - "$work/raw"
see 80 "NO_COLOR=1 '$berth' check"
check "but not with NO_COLOR" bash -c '! grep -q "\[1;3" "$1"' - "$work/raw"
see 80 "NO_COLOR=1 '$berth' check --color always"
check "unless it is told to" grep -q $'\x1b\\[1;31merror' "$work/raw"

mkdir "$work/wide" && cd "$work/wide" || exit 2
printf '{"name": "開発環境のための名前", "image": "ghcr.io/octo-org/基礎:1"}\n' >.devcontainer.json
for columns in 80 40; do
    see $columns "'$berth' check"
    check "wide characters fit $columns columns" fits $columns
    line=$(grep -m 1 -n '基礎:1"' "$work/seen" | cut -d : -f 1)
    under=$(sed -n "$((line + 1))p" "$work/seen") over=$(sed -n "${line}p" "$work/seen")
    check "and the carets begin under the reference" bash -c '[ "$(wc -L <<<"${1%%\"ghcr*}")" -eq "$(wc -L <<<"${2%%^*}x" | xargs -I{} expr {} - 1)" ]' - "$over" "$under"
done
see 80 "'$berth' check --diff-base nothing"
check "an error is one line" sees "in no work tree"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
