#!/usr/bin/env bash
# What berth makes of devcontainer.json, against the dev container CLI 0.89.0: the
# properties that decide what is pulled, their variables expanded. The CLI's answers
# (`devcontainer read-configuration`, offline, HOME=/home/dev, USER=dev) are in the public
# corpus; the CLI itself, which ./dev test puts into build/validators, is asked about 20 of
# the files again. Skips, saying so, where the corpus or node is not there.
set -euo pipefail
corpus=$BERTH_SHARED/corpus
oracle=$corpus/oracle/devcontainer-cli
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cli=${BERTH_VALIDATORS:-$here/../build/validators}/node_modules/@devcontainers/cli/devcontainer.js
skip() {
    echo "$1: the comparison with the dev container CLI is skipped"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}
[ -d "$oracle" ] || skip "no corpus at $corpus"
corpus=$(cd "$corpus" && pwd) # without the '..' that no answer of the CLI has
oracle=$corpus/oracle/devcontainer-cli
command -v node >/dev/null || skip "node is not installed"
unset -v "${!GITHUB_@}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Every file is a configuration of one workspace. Where the CLI ran, HOME and USER were
# set, so that a default for them means nothing; berth assumes defaults: they are left out.
number=0
while IFS= read -r answer; do
    file=${answer#"$oracle"/}
    file=${file%.canon}
    number=$((number + 1))
    mkdir -p "$work/tree/.devcontainer/$number"
    sed -E 's/\$\{((local)?[eE]nv:(HOME|USER)):[^}]*\}/${\1}/g' "$corpus/$file" \
        >"$work/tree/.devcontainer/$number/devcontainer.json"
    printf '%s\t%s\n' "$number" "$file" >>"$work/list"
done < <(find "$oracle" -name '*.canon' | LC_ALL=C sort)
"$BERTH" dump configurations "$work/tree" >"$work/ours"

# The CLI itself, with a docker that says nothing.
ask_again() {
    local number file folder
    printf '#!/bin/sh\nexit 0\n' >"$work/docker"
    chmod +x "$work/docker"
    while IFS=$'\t' read -r number file; do
        [ $((number % 19)) -eq 1 ] || continue
        folder=$corpus/$(dirname "$file")
        [[ $folder/ != */.devcontainer/* ]] || folder=${folder%/.devcontainer*}
        mkdir -p "$work/answers/$(dirname "$file")"
        env -i HOME=/home/dev USER=dev PATH="$PATH" node "$cli" read-configuration \
            --docker-path "$work/docker" --workspace-folder "$folder" \
            --config "$corpus/$file" 2>"$work/log" |
            FOLDER=$folder node -e '
                const text = require("fs").readFileSync(0, "utf8");
                process.stdout.write(text.split(process.env.FOLDER).join("${WS}"));
            ' >"$work/answers/$file.canon"
        printf '%s\t%s\n' "$number" "$file" >>"$work/again"
    done <"$work/list"
    echo "the CLI itself, $(wc -l <"$work/again") files:"
    node "$here/oracle_cli.js" "$work/answers" "$work/again" "$work/ours"
}

status=0
if [ -f "$cli" ]; then
    ask_again || status=1
else
    echo "@devcontainers/cli is not there: asking it again is skipped"
fi
node "$here/oracle_cli.js" "$oracle" "$work/list" "$work/ours" || status=1
exit "$status"
