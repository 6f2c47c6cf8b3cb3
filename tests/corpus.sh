#!/usr/bin/env bash
# berth check over every configuration of the public corpus: it never crashes, every
# exit status is one of the contract's, and it accepts and refuses what the reference
# reader (jsonc-parser 3.3.1, as observed in the corpus's oracle) accepts and refuses.
# Skips, saying so, where the corpus is not there.
set -euo pipefail
corpus=$BERTH_SHARED/corpus
if [ ! -d "$corpus/devcontainer" ]; then
    echo "no corpus at $corpus: its comparison is skipped"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Where we differ from the reference reader on purpose: path, then why.
differences=$(dirname "$0")/corpus-differences.tsv

# shellcheck source=tests/corpus_roots.sh
. "$(dirname "$0")/corpus_roots.sh"

passed=0 failed=0
declare -A errors
while IFS=$'\t' read -r path kind _ lenient _; do
    case $kind in devcontainer | devcontainer-history) errors[$path]=$lenient ;; esac
done <"$corpus/oracle/jsonc.tsv"

fail() {
    failed=$((failed + 1))
    printf '%s: %s\n' "$1" "$2"
}

while IFS= read -r path; do
    relative=${path#"$corpus"/}
    locate "$relative"
    status=0
    "$BERTH" check --configuration "$configuration" "$root" >"$work/out" 2>"$work/err" || status=$?
    case $status in
        0 | 1) ;;
        *)
            fail "$relative" "exit status $status"
            head -5 "$work/err"
            continue
            ;;
    esac
    ours=accepts
    if grep -A1 -F 'error[input/syntax]' "$work/out" | grep -qF -- "--> $configuration:"; then
        ours=refuses
    fi
    theirs=accepts
    [ "${errors[$relative]:-0}" = 0 ] || theirs=refuses
    if [ $ours = $theirs ]; then
        passed=$((passed + 1))
    elif grep -qF -- "$relative"$'\t' "$differences" 2>/dev/null; then
        passed=$((passed + 1))
    else
        fail "$relative" "berth $ours it, the reference reader $theirs it"
    fi
done < <(find "$corpus/devcontainer" "$corpus/devcontainer-history" \
    \( -name devcontainer.json -o -name .devcontainer.json \) -type f | LC_ALL=C sort)
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
