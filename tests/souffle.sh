#!/usr/bin/env bash
# The shipped rules through Souffle, where it is installed: every relation the same.
# SOUFFLE names the program; without one the test skips, saying so.
set -euo pipefail
souffle=${SOUFFLE:-$(command -v souffle || true)}
if [ -z "$souffle" ]; then
    echo "souffle is not installed: its comparison is skipped"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
for directory in fixtures/demo fixtures/rules/*/*/*; do
    rm -rf "$work/x"
    "$BERTH" export souffle "$work/x" "$directory" || { echo "$directory: not exported"; continue; }
    # Every relation is an output, not only the rules'.
    outputs=$(sed -n 's/^\.decl \([a-z_]*\)(.*/.output \1/p' "$work/x/program.dl")
    printf '%s\n' "$outputs" >>"$work/x/program.dl"
    mkdir "$work/x/out"
    if ! "$souffle" -w -F "$work/x/facts" -D "$work/x/out" "$work/x/program.dl" >"$work/log" 2>&1; then
        cat "$work/log"
        echo "$directory: Souffle refuses the program"
        failed=$((failed + 1))
        continue
    fi
    same=yes
    for rows in "$work"/x/rows/*.csv; do
        name=$(basename "$rows" .csv)
        if ! diff <(LC_ALL=C sort "$rows") <(LC_ALL=C sort "$work/x/out/$name.csv") >"$work/difference"; then
            echo "$directory: $name differs (< berth, > Souffle)"
            head -5 "$work/difference"
            same=no
        fi
    done
    if [ $same = yes ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
