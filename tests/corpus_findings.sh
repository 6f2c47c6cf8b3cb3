#!/usr/bin/env bash
# What the rules about the configurations' own text find in the public corpus, held against
# corpus-findings.tsv, where each finding has been read and is right: credentials written
# out, fed into builds or mounted, lifecycle commands, permissions, recommendations. A new
# one is a false alarm until somebody reads it; a missing one is a hole.
#
# A line: the configuration's path in the corpus, the rule, where, and why it is right.
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
# Of severities error and warning.
rules='leak/(literal-credential|credential-in-build|credential-mount|password-on-command-line)'
rules+='|access/push-without-credentials|lifecycle/pull-before-login'
rules+='|permission/(legacy-key|invalid|too-broad|other-owner)'
rules+='|prebuild/wildcard-permission|secret/invalid-recommendation'

# shellcheck source=tests/corpus_roots.sh
. "$(dirname "$0")/corpus_roots.sh"

while IFS= read -r path; do
    path=${path#"$corpus"/}
    locate "$path"
    # The text form has the rule on one line, and the place on the next.
    "$BERTH" check --configuration "$configuration" "$root" 2>/dev/null | awk -v path="$path" \
        -v rules="^(error|warning)\\\\[($rules)\\\\]: " '
        $0 ~ rules { rule = $0; sub(/^[a-z]*\[/, "", rule); sub(/\].*/, "", rule); next }
        rule != "" && $1 == "-->" { print path "\t" rule "\t" $2; rule = "" }' || true
done < <(find "$corpus/devcontainer" "$corpus/devcontainer-history" \
    \( -name devcontainer.json -o -name .devcontainer.json \) -type f | LC_ALL=C sort) |
    sed 's/:[0-9]*$//' | LC_ALL=C sort -u >"$work/found"
cut -f1-3 "$here/corpus-findings.tsv" | LC_ALL=C sort -u >"$work/expected"
failed=0
while IFS= read -r line; do
    failed=$((failed + 1))
    echo "$line"
done < <(diff --unchanged-line-format= --old-line-format='no longer found: %L' \
    --new-line-format='found, and not read yet: %L' "$work/expected" "$work/found")
echo "$(comm -12 "$work/expected" "$work/found" | wc -l) passed, $failed failed"
[ "$failed" -eq 0 ]
