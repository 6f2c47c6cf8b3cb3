#!/usr/bin/env bash
# What the rules of severity error and warning find in the public corpus, whose repositories
# have no manifests, held against corpus-findings.tsv, where each finding has been read and
# is right. A new one is a false alarm until somebody reads it; a missing one is a hole.
#
# A line: the configuration's path in the corpus, the rule, where, and why it is right: no
# rule is left out, and no line without a reason.
# Skips, saying so, where the corpus is not there.
set -euo pipefail
corpus=$BERTH_SHARED/corpus
if [ ! -d "$corpus/devcontainer" ]; then
    echo "no corpus at $corpus: its findings are not compared"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/corpus_roots.sh
. "$(dirname "$0")/corpus_roots.sh"

while IFS= read -r path; do
    path=${path#"$corpus"/}
    locate "$path"
    # The text form has the rule on one line, and the place on the next.
    "$BERTH" check --configuration "$configuration" "$root" 2>/dev/null | awk -v path="$path" '
        /^(error|warning)\[[a-z]+\/[a-z0-9-]+\]: / { rule = $0; sub(/^[a-z]*\[/, "", rule); sub(/\].*/, "", rule); next }
        rule != "" && $1 == "-->" { print path "\t" rule "\t" $2; rule = "" }' || true
done < <(find "$corpus/devcontainer" "$corpus/devcontainer-history" \
    \( -name devcontainer.json -o -name .devcontainer.json \) -type f | LC_ALL=C sort) |
    sed 's/:[0-9]*$//' | LC_ALL=C sort -u >"$work/found"
cut -f1-3 "$here/corpus-findings.tsv" | LC_ALL=C sort -u >"$work/expected"
failed=0
while IFS= read -r line; do
    failed=$((failed + 1))
    echo "has no reason: $line"
done < <(awk -F '\t' 'NF != 4 || $4 !~ / .* /' "$here/corpus-findings.tsv")
while IFS= read -r line; do
    failed=$((failed + 1))
    echo "$line"
done < <(diff --unchanged-line-format= --old-line-format='no longer found: %L' \
    --new-line-format='found, and not read yet: %L' "$work/expected" "$work/found")
echo "$(comm -12 "$work/expected" "$work/found" | wc -l) passed, $failed failed"
[ "$failed" -eq 0 ]
