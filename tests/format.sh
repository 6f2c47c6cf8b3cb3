#!/usr/bin/env bash
# format.sh: C as clang-format 14 writes it, and text without stray blanks.
set -uo pipefail
shopt -s globstar nullglob
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2

passed=0 failed=0

check() { # what must be, the violations
    if [ -z "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n%s\n' "$1" "$2"
    fi
}

clang_format=$(command -v clang-format-14 || command -v clang-format) || {
    echo "format: clang-format is not installed (Debian's package clang-format)" >&2
    exit 2
}
"$clang_format" --version | grep -q 'version 14\.' ||
    echo "format: $("$clang_format" --version) may differ from version 14"

code=({compiler,runner,tests,bench}/**/*.{c,h,def})
check "C is formatted (clang-format -i FILE mends it)" \
    "$("$clang_format" --dry-run "${code[@]}" 2>&1 |
        awk -F: '/ warning: / && !seen[$1]++ { print $1 ":" $2 ": first difference" }')"

text=("${code[@]}" rules/**/*.{dl,md,cmake} tests/*.{sh,txt} schemas/*.json CMake*
    dev .ci/run .clang-format .clang-tidy .gitignore ./*.md)
check "no blank at the end of a line, no CR" \
    "$(grep -nE $'[ \t\r]$' "${text[@]}")"
check "no tab" "$(grep -n $'\t' "${text[@]}")"
check "every file ends with one newline" "$(
    for file in "${text[@]}"; do
        [ -z "$(tail -c 1 "$file")" ] && [ -n "$(tail -c 2 "$file" | tr -d '\n')" ] || echo "$file"
    done
)"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
